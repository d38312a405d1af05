//! rANS: asymmetric numeral systems, a whole message as one number, at the speed of a table look-up.
//!
//! Like the range coder it spends fractions of bits; unlike it, a decoder needs no division and no search, and several
//! states can be interleaved in one stream of words. The price: symbols are decoded in the reverse order of encoding, so
//! that the encoder must hold the message, and frequencies are fixed for a block.
//!
//! With frequencies `f`, starts `F` and `M = 2^bits` ([`crate::frequencies`]):
//!
//! - push `a`: `x' = floor(x / f(a)) M + F(a) + x mod f(a)`, so `x'` is about `x M / f(a)`: the message grows by just
//!   the bits that `a` should cost;
//! - pop: `s = x' mod M`, `a` the symbol of slot `s`, `x = f(a) floor(x' / M) + s - F(a)`.
//!
//! Without end this makes one huge number ([`push`], [`pop`]: the definition). The coder keeps `x` from `2^16` to
//! `2^32` by moving 16 bits at a time to the stream, and takes symbols in turn with 8 such states.
//!
//! Source: J. Duda, *Asymmetric numeral systems*, arXiv:1311.2540, 2013; interleaving: F. Giesen, *Interleaved entropy
//! coders*, arXiv:1402.3392, 2014.
//!
//! ```
//! use stack_entropy::frequencies::Frequencies;
//! use stack_entropy::rans;
//!
//! // Twelve times the likely symbol and four times the rare one fit into 14 bits: 12 * 0.415 + 4 * 2 = 13 bits.
//! let frequencies = Frequencies::new(&[3, 1], 2)?;
//! let message = [0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 1, 0, 0];
//! let number = message.iter().rev().fold(1, |number, &symbol| rans::push(number, symbol, &frequencies));
//! assert_eq!(number, 8268);
//! assert_eq!(rans::pop(number, &frequencies).0, message[0]);
//!
//! let bytes: Vec<u8> = (0..10_000_u32).map(|n| (n * n % 251 % 7) as u8).collect();
//! let packed = rans::compress(&bytes);
//! assert_eq!(packed.len(), 3541);
//! assert!(rans::decompress(&packed, 10_000)? == bytes);
//! # Ok::<(), stack_entropy::Error>(())
//! ```
//!
//! **Worst case**: 32 bytes for the states and the table, whatever the message; a byte of frequency 1 costs 12 bits.
//! Linear time; one symbol costs nothing but the states.
//!
//! **Exercise**: why must the state at the end of decoding be `2^16` exactly, and how many flipped bits go unnoticed?

mod decode;
mod encode;

pub use decode::{decode, decode_by_definition, decompress};
pub use encode::{compress, encode, encode_by_definition};

use crate::frequencies::Frequencies;

/// States that take symbols in turn.
pub const STATES: usize = 8;

/// Bits of the sum of frequencies.
pub const FREQUENCY_BITS: u32 = 12;

/// Where every state begins in the encoder and ends in the decoder; the least that a state may be.
const LEAST: u32 = 1 << 16;

/// Adds a symbol to a number, by the definition.
///
/// # Panics
///
/// If the symbol has no frequency, or the number outgrows 128 bits.
pub fn push(number: u128, symbol: u16, frequencies: &Frequencies) -> u128 {
    let frequency = u128::from(frequencies.of(symbol));
    ((number / frequency) << frequencies.bits()) + u128::from(frequencies.start(symbol)) + number % frequency
}

/// Takes the symbol that was added last from a number, by the definition; the number before.
pub fn pop(number: u128, frequencies: &Frequencies) -> (u16, u128) {
    let slot = (number & ((1 << frequencies.bits()) - 1)) as u32;
    let symbol = frequencies.symbol_at_by_definition(slot);
    let place = u128::from(slot - frequencies.start(symbol));
    (symbol, u128::from(frequencies.of(symbol)) * (number >> frequencies.bits()) + place)
}
