//! The Huffman tree, to look at: drawn as text, as a table of code words, and as data for a picture.
//!
//! It differs from [`super::Code`] in keeping the tree that the algorithm made, and in speed: it walks from node to node
//! and bit to bit, on `bit_vec`, with the crate `huffman-compress`. The lengths of its code words are stored nowhere.
//!
//! The two lightest nodes become one whose weight is their sum, until one is left; of the two, the lighter one is reached
//! by a 1. The cost in bits is the sum of the weights of all nodes made, as each adds one bit to what lies below it.
//!
//! **The rule for ties** is that of `huffman-compress`: a node bears the smallest symbol below it, and of equal weights
//! the node with the greatest such symbol is taken first.
//!
//! Source: D. A. Huffman, *A Method for the Construction of Minimum-Redundancy Codes*, Proceedings of the IRE 40, 1952.
//!
//! ```
//! use stack_entropy::huffman::tree::Tree;
//!
//! let tree = Tree::from_counts(&[5, 2, 1, 1])?;
//! assert_eq!(tree.table(), "\
//! symbol  count  bits  code word
//!      0      5     1  0
//!      1      2     2  10
//!      2      1     3  110
//!      3      1     3  111
//! 15 bits for 9 symbols
//! ");
//! assert_eq!(tree.drawing(), "\
//! 9
//! ├─1─ 4
//! │    ├─1─ 2
//! │    │    ├─1─ symbol 3 (1)
//! │    │    └─0─ symbol 2 (1)
//! │    └─0─ symbol 1 (2)
//! └─0─ symbol 0 (5)
//! ");
//! let bits = tree.encode(&[0, 3, 0])?;
//! assert_eq!((bits.to_string(), tree.decode(&bits, 3)?), ("01110".into(), vec![0, 3, 0]));
//! # Ok::<(), stack_entropy::Error>(())
//! ```
//!
//! **Worst case**: counts that grow like Fibonacci numbers make a tree of 90 levels; coding takes a step for each bit.
//!
//! **Exercise**: give four symbols the counts 3, 3, 2 and 2. Which two trees cost the same, and whose longest word is
//! shorter with 2, 1, 1, 1?

use std::fmt::Write;

pub use bit_vec::BitVec;
use huffman_compress::{Book, CodeBuilder};

use crate::Error;
use crate::error::in_range;

/// A node for a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// The node above, as a place in [`Tree::nodes`], and the bit that leads from it here; nothing at the root.
    pub parent: Option<(usize, bool)>,
    /// The symbol of a leaf.
    pub symbol: Option<u16>,
    /// How often the symbols below occur together.
    pub count: u64,
    /// Steps from the root.
    pub depth: usize,
}

/// A Huffman tree with its code words.
#[derive(Debug, Clone)]
pub struct Tree {
    counts: Vec<u64>,
    book: Book<u16>,
    tree: huffman_compress::Tree<u16>,
}

impl Tree {
    /// The tree of symbols that occur so often; the others are left out. A symbol alone has the code word 0.
    ///
    /// # Errors
    ///
    /// [`Error::OutOfRange`] for more than 65,536 symbols, and for counts that sum to `2^63` or more.
    pub fn from_counts(counts: &[u64]) -> Result<Self, Error> {
        in_range("the number of symbols", counts.len() as u64, 0, 1 << 16)?;
        let total = counts.iter().try_fold(0_u64, |sum, &count| sum.checked_add(count)).unwrap_or(u64::MAX);
        in_range("the sum of counts", total, 0, (1 << 63) - 1)?;
        let present = (0..=u16::MAX).zip(counts.iter().copied()).filter(|&(_, count)| count > 0);
        let (book, tree) = present.collect::<CodeBuilder<u16, u64>>().finish();
        Ok(Self { counts: counts.to_vec(), book, tree })
    }

    /// The code word of a symbol.
    pub fn word(&self, symbol: u16) -> Option<BitVec> {
        let word = self.book.get(&symbol)?;
        Some(if self.book.len() == 1 { BitVec::from_elem(1, false) } else { word.clone() })
    }

    /// The lengths of all code words, 0 where a symbol has none.
    pub fn lengths(&self) -> Vec<usize> {
        (0..=u16::MAX)
            .zip(&self.counts)
            .map(|(symbol, _)| self.word(symbol).map_or(0, |word| word.len()))
            .collect()
    }

    /// Bits of all symbols together.
    pub fn message_bits(&self) -> u64 {
        self.counts.iter().zip(self.lengths()).map(|(&count, length)| count * length as u64).sum()
    }

    /// The bits of a message.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownSymbol`] for a symbol that does not occur.
    pub fn encode(&self, symbols: &[u16]) -> Result<BitVec, Error> {
        let mut bits = BitVec::new();
        for (position, &symbol) in symbols.iter().enumerate() {
            let word = self.word(symbol).ok_or(Error::UnknownSymbol { symbol: symbol.into(), position })?;
            bits.extend(word);
        }
        Ok(bits)
    }

    /// The message of `count` symbols that bits begin with.
    ///
    /// # Errors
    ///
    /// [`Error::TruncatedBits`] where the bits end before, [`Error::NoSuchCode`] for a tree of no symbol, and for a 1 where
    /// a symbol is alone.
    pub fn decode(&self, bits: &BitVec, count: usize) -> Result<Vec<u16>, Error> {
        let left = bits.len() as u64;
        let truncated = Error::TruncatedBits { bit: left, needed: 1, left: 0 };
        if count as u64 > left {
            return Err(truncated);
        }
        if self.book.len() < 2 {
            let symbol = self.book.symbols().next().filter(|_| bits.iter().take(count).all(|bit| !bit));
            return match (count, symbol) {
                (0, _) => Ok(Vec::new()),
                (_, Some(&symbol)) => Ok(vec![symbol; count]),
                (_, None) => {
                    Err(Error::NoSuchCode { bit: bits.iter().position(|bit| bit).unwrap_or(0) as u64 })
                }
            };
        }
        let symbols: Vec<u16> = self.tree.decoder(bits, count).collect();
        if symbols.len() < count { Err(truncated) } else { Ok(symbols) }
    }

    /// All nodes, each after the one above it, the side of the ones first; empty without symbols.
    pub fn nodes(&self) -> Vec<Node> {
        let mut words: Vec<(Vec<bool>, u16)> = self
            .book
            .symbols()
            .map(|&symbol| (self.word(symbol).expect("in the book").iter().collect(), symbol))
            .collect();
        words.sort_by(|a, b| b.0.cmp(&a.0));
        let mut nodes: Vec<Node> = Vec::new();
        // The path to the leaf before: its bits, and its nodes from the root on.
        let mut path: Vec<usize> = Vec::new();
        let mut before: Vec<bool> = Vec::new();
        for (word, symbol) in words {
            let common = word.iter().zip(&before).take_while(|(a, b)| a == b).count();
            path.truncate(common + 1);
            while path.len() <= word.len() {
                let parent = path.last().map(|&parent| (parent, word[path.len() - 1]));
                nodes.push(Node { parent, symbol: None, count: 0, depth: path.len() });
                path.push(nodes.len() - 1);
            }
            for &node in &path {
                nodes[node].count += self.counts[usize::from(symbol)];
            }
            if let Some(leaf) = nodes.last_mut() {
                leaf.symbol = Some(symbol);
            }
            before = word;
        }
        nodes
    }

    /// Symbols, counts and code words as text, the frequent ones first.
    pub fn table(&self) -> String {
        let mut symbols: Vec<u16> = self.book.symbols().copied().collect();
        symbols.sort_by_key(|&symbol| (std::cmp::Reverse(self.counts[usize::from(symbol)]), symbol));
        let mut text = "symbol  count  bits  code word\n".to_owned();
        for symbol in symbols {
            let (count, word) = (self.counts[usize::from(symbol)], self.word(symbol).unwrap_or_default());
            writeln!(text, "{symbol:6} {count:6} {:5}  {word}", word.len()).expect("text grows");
        }
        let symbols: u64 = self.counts.iter().sum();
        writeln!(text, "{} bits for {symbols} symbols", self.message_bits()).expect("text grows");
        text
    }

    /// The tree as text, one node a line.
    pub fn drawing(&self) -> String {
        let nodes = self.nodes();
        let mut last_below = vec![0; nodes.len()];
        for (place, node) in nodes.iter().enumerate() {
            if let Some((above, _)) = node.parent {
                last_below[above] = place;
            }
        }
        let mut text = String::new();
        // The lines that run down from each level to the nodes still to come.
        let mut lines: Vec<&str> = Vec::new();
        for (place, node) in nodes.iter().enumerate() {
            lines.truncate(node.depth.saturating_sub(1));
            text.extend(lines.iter().copied());
            if let Some((above, bit)) = node.parent {
                let last = last_below[above] == place;
                write!(text, "{}─{}─ ", if last { '└' } else { '├' }, u8::from(bit)).expect("text grows");
                lines.push(if last { "     " } else { "│    " });
            }
            match node.symbol {
                Some(symbol) => writeln!(text, "symbol {symbol} ({})", node.count),
                None => writeln!(text, "{}", node.count),
            }
            .expect("text grows");
        }
        text
    }
}
