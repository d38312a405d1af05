//! Bits: single bits and small numbers packed into bytes, the most significant bit first.
//!
//! Every coder in this crate but those of the range family writes here. The writer gathers bits in a 64-bit word and
//! stores eight bytes at a time; the reader loads eight bytes wherever its bit lies, so that one load serves several
//! short code words. [`view`] shows the same bits as a slice of booleans of the `bitvec` crate, which reads best where
//! speed is no matter.
//!
//! The value of `n` bits that begin at bit `p` is `sum over i < n of b(p + i) 2^(n - 1 - i)`, and `b(p)` is bit
//! `7 - p mod 8` of byte `p / 8`: the order of JPEG (ITU-T T.81, section F.1.2.3).
//!
//! ```
//! use stack_entropy::bits::{BitReader, BitWriter, view};
//!
//! let mut writer = BitWriter::new();
//! writer.put(0b101, 3);
//! writer.put(1000, 10);
//! let bytes = writer.finish();
//! assert_eq!(bytes, [0b1011_1111, 0b0100_0000]);
//!
//! let mut reader = BitReader::new(&bytes);
//! assert_eq!((reader.get(3)?, reader.get(10)?), (0b101, 1000));
//! assert_eq!(view(&bytes)[..5].iter().map(|bit| u8::from(*bit)).collect::<Vec<_>>(), [1, 0, 1, 1, 1]);
//! # Ok::<(), stack_entropy::Error>(())
//! ```
//!
//! **Worst case**: constant time for each number; at most 7 bits of padding at the end.
//!
//! **Exercise**: GIF and DEFLATE put the *least* significant bit first. Which shifts change, and why does a code word
//! of Huffman then have to be stored in reverse?

mod reader;
mod writer;

pub use bitvec::prelude::{BitSlice, Msb0};
pub use reader::BitReader;
pub use writer::BitWriter;

/// Bytes as a slice of bits, the most significant first.
pub fn view(bytes: &[u8]) -> &BitSlice<u8, Msb0> {
    BitSlice::from_slice(bytes)
}

/// The number in `count` bits from bit `position` on, by the definition, one bit after the other.
///
/// `None` where the bytes end before.
pub fn read_by_definition(bytes: &[u8], position: usize, count: usize) -> Option<u64> {
    let bits = view(bytes).get(position..position.checked_add(count)?)?;
    Some(bits.iter().fold(0, |value, bit| value << 1 | u64::from(*bit)))
}
