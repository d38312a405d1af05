//! Zero runs of JPEG: the 63 coefficients after the first, as symbols for a Huffman code.
//!
//! A coefficient that is not zero becomes (zeros before it, its size) and `size` bits; 16 zeros within become (15, 0),
//! and zeros up to the end (0, 0). The size `s` is the number of binary digits of the magnitude, and the bits are the
//! value `v` itself, or `v + 2^s - 1` where it is negative.
//!
//! Source: ITU-T T.81, sections F.1.2.1 and F.1.2.2.
//!
//! ```
//! use stack_entropy::run_length::zero_runs::{Expander, ZeroRun, encode};
//!
//! let mut block = [0_i16; 63];
//! (block[0], block[2], block[20]) = (5, -3, 1);
//! let runs = encode(&block)?;
//! let symbols: Vec<u8> = runs.iter().map(ZeroRun::symbol).collect();
//! assert_eq!(symbols, [0x03, 0x12, 0xf0, 0x11, 0x00]);
//! assert_eq!((runs[0].bits, runs[1].bits), (0b101, 0b00));
//!
//! let mut decoded = [9_i16; 63];
//! let mut expander = Expander::new(&mut decoded);
//! for run in runs {
//!     expander.push(run)?;
//! }
//! expander.finish()?;
//! assert_eq!(decoded, block);
//! # Ok::<(), stack_entropy::Error>(())
//! ```

use crate::Error;
use crate::error::in_range;

/// Zeros, and the value that ends them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ZeroRun {
    /// Zeros before the value, 0 to 15.
    pub run: u8,
    /// Binary digits of the value's magnitude, 0 to 15; 0 for the two symbols without a value.
    pub size: u8,
    /// The value's bits, `size` of them.
    pub bits: u16,
}

impl ZeroRun {
    /// Zeros up to the end.
    pub const END: Self = Self { run: 0, size: 0, bits: 0 };
    /// Sixteen zeros.
    pub const SIXTEEN: Self = Self { run: 15, size: 0, bits: 0 };

    /// The symbol for the Huffman code: `run 16 + size`.
    pub fn symbol(&self) -> u8 {
        self.run << 4 | self.size
    }

    /// The run of a symbol, and the bits that followed it.
    pub fn new(symbol: u8, bits: u16) -> Self {
        Self { run: symbol >> 4, size: symbol & 15, bits }
    }

    /// The value that ends the run.
    fn value(&self) -> i16 {
        let bits = i32::from(self.bits) & ((1 << self.size) - 1);
        let positive = self.size > 0 && bits >> (self.size - 1) == 1;
        (if positive { bits } else { bits - (1 << self.size) + 1 }) as i16
    }
}

/// Coefficients as runs.
///
/// # Errors
///
/// [`Error::OutOfRange`] for -32768, whose 16 digits no size of four bits tells.
pub fn encode(coefficients: &[i16]) -> Result<Vec<ZeroRun>, Error> {
    let mut runs = Vec::new();
    let mut zeros = 0_usize;
    for &value in coefficients {
        if value == 0 {
            zeros += 1;
            continue;
        }
        let magnitude = in_range("the magnitude of a coefficient", value.unsigned_abs().into(), 1, 32_767)?;
        runs.extend(std::iter::repeat_n(ZeroRun::SIXTEEN, zeros / 16));
        let size = magnitude.ilog2() as u8 + 1;
        let bits = if value > 0 { value as u16 } else { ((1 << size) - 1) - magnitude as u16 };
        runs.push(ZeroRun { run: (zeros % 16) as u8, size, bits });
        zeros = 0;
    }
    if zeros > 0 {
        runs.push(ZeroRun::END);
    }
    Ok(runs)
}

/// Fills a block from runs, one after the other, as a decoder meets them.
#[derive(Debug)]
pub struct Expander<'a> {
    coefficients: &'a mut [i16],
    filled: usize,
}

impl<'a> Expander<'a> {
    /// An expander into these coefficients.
    pub fn new(coefficients: &'a mut [i16]) -> Self {
        Self { coefficients, filled: 0 }
    }

    /// Adds a run; whether the block is full then.
    ///
    /// # Errors
    ///
    /// [`Error::RunPastEnd`] where it does not fit, [`Error::OutOfRange`] for a run or a size above 15 and for a run
    /// without a value that is neither of the two.
    pub fn push(&mut self, run: ZeroRun) -> Result<bool, Error> {
        in_range("a run of zeros", run.run.into(), 0, 15)?;
        in_range("the size of a coefficient", run.size.into(), 0, 15)?;
        let room = self.coefficients.len() - self.filled;
        if run.size == 0 && run.run == 0 {
            self.coefficients[self.filled..].fill(0);
            self.filled += room;
            return Ok(true);
        }
        if run.size == 0 {
            in_range("a run of zeros without a value", run.run.into(), 15, 15)?;
        }
        let length = usize::from(run.run) + 1;
        if length > room {
            let (at, run, room) = (self.filled as u64, length as u64, room as u64);
            return Err(Error::RunPastEnd { unit: "coefficient", at, run, room });
        }
        let (zeros, last) = (self.filled..self.filled + length - 1, self.filled + length - 1);
        self.coefficients[zeros].fill(0);
        self.coefficients[last] = if run.size == 0 { 0 } else { run.value() };
        self.filled += length;
        Ok(self.filled == self.coefficients.len())
    }

    /// Whether nothing is left to fill.
    pub fn is_full(&self) -> bool {
        self.filled == self.coefficients.len()
    }

    /// Checks that the block is full.
    ///
    /// # Errors
    ///
    /// [`Error::Lengths`] where coefficients are missing.
    pub fn finish(self) -> Result<(), Error> {
        if self.is_full() {
            return Ok(());
        }
        let what = "the coefficients of a block and those that its runs fill";
        Err(Error::Lengths { what, first: self.coefficients.len(), second: self.filled })
    }
}
