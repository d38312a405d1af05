//! Range coding: arithmetic coding of symbols with frequencies, fixed or learnt on the way.
//!
//! It differs from [`crate::rans`] in that it codes first in, first out, so that the frequencies may follow the data
//! ([`Adaptive`]); for that a decoder needs a division for each symbol. [`crate::binary`] is the same with two symbols.
//!
//! The interval `[low, low + range)` becomes `[low + r F(a), low + r (F(a) + f(a)))` with `r = floor(range / 2^bits)`; the
//! symbol costs `bits - log2 f(a)` bits. Without rounding, a message of `n` symbols is the interval of the width
//! `product of f(a) / 2^(n bits)` ([`interval_by_definition`]).
//!
//! Source: G. N. N. Martin, *Range encoding: an algorithm for removing redundancy from a digitised message*, Video & Data
//! Recording Conference, 1979; J. Rissanen, *Generalized Kraft inequality and arithmetic coding*, IBM Journal of Research
//! and Development 20, 1976.
//!
//! ```
//! use stack_entropy::frequencies::Frequencies;
//! use stack_entropy::range::{Decoder, Encoder, interval_by_definition};
//!
//! let frequencies = Frequencies::new(&[5, 2, 1], 3)?;
//! // The second of 8 parts on, 10/64 wide: 5/8 + 0/64 to 5/8 + 10/64.
//! assert_eq!(interval_by_definition(&[1, 0], &frequencies), (40, 10));
//!
//! let mut encoder = Encoder::new();
//! for symbol in [1, 0, 0, 2] {
//!     encoder.encode(symbol, &frequencies)?;
//! }
//! let bytes = encoder.finish();
//! let mut decoder = Decoder::new(&bytes)?;
//! assert_eq!([(); 4].map(|()| decoder.decode(&frequencies).unwrap()), [1, 0, 0, 2]);
//! decoder.finish()?;
//! # Ok::<(), stack_entropy::Error>(())
//! ```
//!
//! **Worst case**: 16 bits for a symbol of frequency 1, and 8 bytes at the end. One division for each symbol in the
//! decoder, and none in the encoder.
//!
//! **Exercise**: why does the frequency table have to be the same in the encoder and the decoder *before* each symbol?

mod adaptive;

pub use adaptive::{Adaptive, compress, decompress};

use crate::Error;
use crate::carry::{Following, Narrowing};
use crate::frequencies::Frequencies;

/// Writes symbols.
#[derive(Debug, Clone)]
pub struct Encoder {
    interval: Narrowing,
    symbols: usize,
}

impl Default for Encoder {
    fn default() -> Self {
        Self::new()
    }
}

impl Encoder {
    /// An encoder of nothing yet.
    pub fn new() -> Self {
        Self::after(Vec::new())
    }

    /// An encoder whose bytes follow others.
    pub(crate) fn after(bytes: Vec<u8>) -> Self {
        Self { interval: Narrowing::new(bytes), symbols: 0 }
    }

    /// Codes a symbol.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownSymbol`] for one of frequency 0.
    #[inline]
    pub fn encode(&mut self, symbol: u16, frequencies: &Frequencies) -> Result<(), Error> {
        let frequency = u64::from(frequencies.of(symbol));
        if frequency == 0 {
            return Err(Error::UnknownSymbol { symbol: symbol.into(), position: self.symbols });
        }
        let r = self.interval.range() >> frequencies.bits();
        self.interval.narrow(r * u64::from(frequencies.start(symbol)), r * frequency);
        self.symbols += 1;
        Ok(())
    }

    /// The code.
    pub fn finish(self) -> Vec<u8> {
        self.interval.finish()
    }
}

/// Reads the symbols that an [`Encoder`] wrote, with the same frequencies.
#[derive(Debug, Clone)]
pub struct Decoder<'a>(Following<'a>);

impl<'a> Decoder<'a> {
    /// A decoder of a code.
    ///
    /// # Errors
    ///
    /// [`Error::TruncatedBytes`] for fewer than eight bytes, [`Error::WrongEnd`] for a first bit that is set.
    pub fn new(bytes: &'a [u8]) -> Result<Self, Error> {
        Following::new(bytes).map(Self)
    }

    /// The next symbol.
    ///
    /// # Errors
    ///
    /// [`Error::TruncatedBytes`] where the code ends, [`Error::WrongEnd`] where it lies outside all symbols, as no
    /// encoder writes it.
    #[inline]
    pub fn decode(&mut self, frequencies: &Frequencies) -> Result<u16, Error> {
        let r = self.0.range() >> frequencies.bits();
        let slot = self.0.offset() / r;
        if slot >> frequencies.bits() != 0 {
            return Err(Error::WrongEnd { byte: self.0.position() });
        }
        let symbol = frequencies.symbol_at(slot as u32);
        self.0.narrow(r * u64::from(frequencies.start(symbol)), r * u64::from(frequencies.of(symbol)))?;
        Ok(symbol)
    }

    /// Checks that this was all.
    ///
    /// # Errors
    ///
    /// [`Error::Trailing`] where the code goes on, [`Error::WrongEnd`] where it was changed.
    pub fn finish(self) -> Result<(), Error> {
        self.0.finish()
    }
}

/// The interval of a message by the definition: its lower end and its width in units of `2^-(n bits)`.
///
/// # Panics
///
/// If `n bits` is above 127, or a symbol is not there.
pub fn interval_by_definition(symbols: &[u16], frequencies: &Frequencies) -> (u128, u128) {
    assert!(
        symbols.len() as u32 * frequencies.bits() < 128,
        "the interval of a long message needs a longer number"
    );
    symbols.iter().fold((0, 1), |(low, width), &symbol| {
        let start = width * u128::from(frequencies.start(symbol));
        ((low << frequencies.bits()) + start, width * u128::from(frequencies.of(symbol)))
    })
}
