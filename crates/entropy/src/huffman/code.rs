use super::{code_lengths, kraft};
use crate::Error;
use crate::bits::BitWriter;

/// The longest code word, in bits.
pub const MAX_CODE_LENGTH: u32 = 32;

/// The longest code word with which four of them fit beside each other into a word.
const FOUR_AT_ONCE: u32 = 14;

/// A canonical Huffman code: code words in the order of length, then of symbol, each the one before it plus one.
///
/// Symbols are places in the slice of counts or lengths, at most 65,536.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    lengths: Vec<u8>,
    /// `code word << 8 | length`, 0 for symbols without a code word.
    entries: Vec<u64>,
    longest: u32,
}

impl Code {
    /// The best code for counts, with no code word longer than `limit` bits.
    ///
    /// # Errors
    ///
    /// As [`code_lengths`].
    pub fn from_counts(counts: &[u64], limit: u32) -> Result<Self, Error> {
        Self::from_lengths(&code_lengths(counts, limit)?)
    }

    /// The code with these lengths, 0 for symbols without a code word.
    ///
    /// # Errors
    ///
    /// [`Error::OverSubscribed`] and [`Error::Incomplete`] where the Kraft sum is not 1 (one symbol alone must have one
    /// bit), [`Error::OutOfRange`] for a length above [`MAX_CODE_LENGTH`] and for more than 65,536 symbols.
    pub fn from_lengths(lengths: &[u8]) -> Result<Self, Error> {
        kraft::check_complete(lengths)?;
        let longest = u32::from(lengths.iter().copied().max().unwrap_or(0));
        let mut next = first_words(lengths);
        let entry = |&length: &u8| {
            let word = &mut next[usize::from(length)];
            *word += 1;
            if length == 0 { 0 } else { (*word - 1) << 8 | u64::from(length) }
        };
        Ok(Self { lengths: lengths.to_vec(), entries: lengths.iter().map(entry).collect(), longest })
    }

    /// The lengths of all code words, 0 where a symbol has none.
    pub fn lengths(&self) -> &[u8] {
        &self.lengths
    }

    /// The length of the longest code word; 0 without symbols.
    pub fn longest(&self) -> u32 {
        self.longest
    }

    /// The code word of a symbol in the lower bits, and its length.
    pub fn word(&self, symbol: u16) -> Option<(u32, u32)> {
        let entry = self.entries.get(usize::from(symbol)).copied().filter(|&entry| entry != 0)?;
        Some(((entry >> 8) as u32, (entry & 255) as u32))
    }

    /// Bits that symbols with these counts take, without the table.
    pub fn message_bits(&self, counts: &[u64]) -> u64 {
        counts.iter().zip(&self.lengths).map(|(&count, &length)| count * u64::from(length)).sum()
    }

    /// Appends the code words of bytes.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownSymbol`] where a byte has no code word; the writer then holds part of the message.
    pub fn encode_bytes(&self, bytes: &[u8], writer: &mut BitWriter) -> Result<(), Error> {
        let mut table = [0; 256];
        for (place, entry) in table.iter_mut().zip(&self.entries) {
            *place = *entry;
        }
        let entry_of = |byte: u8| table[usize::from(byte)];
        if self.longest > FOUR_AT_ONCE {
            return put_one_by_one(bytes, 0, entry_of, writer);
        }
        let (fours, rest) = bytes.as_chunks::<4>();
        for (place, four) in fours.iter().enumerate() {
            let entries = four.map(entry_of);
            if entries.contains(&0) {
                return put_one_by_one(four, 4 * place, entry_of, writer);
            }
            let (mut word, mut length) = (0, 0);
            for entry in entries {
                word = word << (entry & 63) | entry >> 8;
                length += (entry & 255) as u32;
            }
            writer.put(word, length);
        }
        put_one_by_one(rest, 4 * fours.len(), entry_of, writer)
    }

    /// Appends the code words of symbols.
    ///
    /// # Errors
    ///
    /// As [`Code::encode_bytes`].
    pub fn encode(&self, symbols: &[u16], writer: &mut BitWriter) -> Result<(), Error> {
        let entry_of = |symbol: u16| self.entries.get(usize::from(symbol)).copied().unwrap_or(0);
        put_one_by_one(symbols, 0, entry_of, writer)
    }
}

fn put_one_by_one<T: Copy + Into<u32>>(
    symbols: &[T],
    first: usize,
    entry_of: impl Fn(T) -> u64,
    writer: &mut BitWriter,
) -> Result<(), Error> {
    for (place, &symbol) in symbols.iter().enumerate() {
        let entry = entry_of(symbol);
        if entry == 0 {
            return Err(Error::UnknownSymbol { symbol: symbol.into(), position: first + place });
        }
        writer.put(entry >> 8, (entry & 255) as u32);
    }
    Ok(())
}

/// The first code word of each length.
pub(super) fn first_words(lengths: &[u8]) -> [u64; MAX_CODE_LENGTH as usize + 1] {
    let mut words = [0; MAX_CODE_LENGTH as usize + 1];
    let counts = counts_of_lengths(lengths);
    for length in 1..words.len() {
        // In a code with a Kraft sum of at most 1 this stays below 2^length.
        words[length] = (words[length - 1] + counts[length - 1]) << 1;
    }
    words
}

/// How many symbols have a code word of each length; none is counted for 0.
pub(super) fn counts_of_lengths(lengths: &[u8]) -> [u64; MAX_CODE_LENGTH as usize + 1] {
    let mut counts = [0; MAX_CODE_LENGTH as usize + 1];
    for &length in lengths.iter().filter(|&&length| length > 0) {
        counts[usize::from(length)] += 1;
    }
    counts
}
