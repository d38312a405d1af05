//! Huffman codes: each symbol a code word of whole bits, the frequent ones short, and no code word the beginning of
//! another.
//!
//! | here | what for | code words |
//! |---|---|---|
//! | [`tree`] | to learn: the tree itself, drawn, with its code table | left and right of each node |
//! | [`Code`], [`Decoder`] | to use: canonical, so that lengths say everything; table-driven | counted upwards |
//! | [`code_lengths`] | the lengths, none longer than a limit (package-merge) | |
//!
//! All three agree in the length of what they write, as long as the limit does not bind; their code words differ, for
//! there are many trees of the same cost. [`kraft`] says which lengths and which words make a code at all. What
//! Huffman codes cannot do is spend less than one bit on a symbol: see [`crate::rans`] and [`crate::range`].
//!
//! `sum 2^-l(a) <= 1` (Kraft) and `H <= sum p(a) l(a) < H + 1`, smallest among all codes of whole bits.
//!
//! Source: D. A. Huffman, *A Method for the Construction of Minimum-Redundancy Codes*, Proceedings of the IRE 40, 1952;
//! canonical words: E. S. Schwartz, B. Kallick, Communications of the ACM 7, 1964, used as in RFC 1951, section 3.2.2.
//!
//! **The rule for ties**: of two symbols as frequent as each other the smaller one counts as rarer, and a symbol counts
//! as rarer than a node of the same weight. So equal counts give equal bytes, on every machine.
//!
//! ```
//! use stack_entropy::huffman;
//!
//! let text = b"she sells sea shells by the sea shore";
//! let packed = huffman::compress(text);
//! assert_eq!(huffman::decompress(&packed, 1000)?, text);
//!
//! // 37 letters: 3.06 bits each by entropy, 114 bits as code words, and a table that a short text does not earn back.
//! let counts = stack_entropy::histogram::byte_counts(text);
//! let code = huffman::Code::from_counts(&counts, 14)?;
//! assert_eq!((code.message_bits(&counts), code.table_bits(), packed.len()), (114, 119, 31));
//! # Ok::<(), stack_entropy::Error>(())
//! ```
//!
//! **Worst case**: a skewed source of two symbols costs one bit each though its entropy may be next to nothing. A code
//! for 65,536 symbols is built in `n log n + n L` steps with `2 n L` bytes, for `L` bits at most.
//!
//! **Exercise**: for which probabilities does a Huffman code reach the entropy exactly?

mod code;
mod decoder;
pub mod kraft;
mod lengths;
mod many;
mod stored;
pub mod tree;

pub use code::{Code, MAX_CODE_LENGTH};
pub use decoder::Decoder;
pub use lengths::{code_lengths, code_lengths_by_definition};
pub use stored::{BYTE_CODE_LENGTH, compress, decompress};
