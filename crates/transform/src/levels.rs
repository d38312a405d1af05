//! Fewer grey levels: to n bits, or to any number of levels.
//!
//! ```text
//! level:   l = floor(v n / 2^d)                        for samples of d bits and n levels; l is 0 to n - 1
//! centre:  v' = ceil((first + last) / 2)                the middle of the samples of the level: the least worst error
//! spread:  v' = round(l (2^d - 1) / (n - 1))           black and white stay what they are
//! saved:   1 - ceil(log2 n) / d
//! ```
//!
//! To n bits is to 2^n levels: the lower bits are cut off. Of 256 levels, 64 save a quarter, 32 save 37.5 % and 16 save
//! half of the bits. Compared with [`crate::quantise`] the range is known and nothing is signed. A few levels show as
//! false contours in smooth areas. Source: Gonzalez, Woods, *Digital Image Processing*, section 2.4.
//!
//! ```
//! use stack_transform::Levels;
//!
//! let table: Vec<_> = [64, 32, 16]
//!     .map(|n| Levels::new(8, n).map(|levels| (levels.maximum(), levels.bits(), levels.saved())))
//!     .into_iter()
//!     .collect::<Result<_, _>>()?;
//! assert_eq!(table, [(63, 6, 0.25), (31, 5, 0.375), (15, 4, 0.5)]);
//!
//! let five = Levels::of_bits(8, 5)?;
//! assert_eq!(five.reduce(&[0_u8, 7, 8, 255])?, [0, 0, 1, 31]);
//! assert_eq!(five.centre(&[0_u8, 1, 31])?, [4, 12, 252]);
//! assert_eq!(five.spread(&[0_u8, 1, 31])?, [0, 8, 255]);
//! # Ok::<(), stack_transform::Error>(())
//! ```
//!
//! Cost: one multiplication and one division a sample.
//!
//! Exercise: three levels need two bits by the formula above. How many bits a sample are enough if five samples are
//! written together?

use crate::error::{Error, Result};
use crate::grey::Grey;

/// A number of levels for samples of a number of bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Levels {
    depth: u32,
    count: u32,
}

impl Levels {
    /// `count` levels for samples of `depth` bits.
    ///
    /// # Errors
    /// [`Error::Parameter`] if the depth is not 1 to 16, or there are not 2 to 2^depth levels.
    pub fn new(depth: u32, count: u32) -> Result<Self> {
        if !(1..=16).contains(&depth) {
            return Err(Error::parameter("the bits of a sample", f64::from(depth), "they may be 1 to 16"));
        }
        if !(2..=1 << depth).contains(&count) {
            return Err(Error::parameter(
                "the number of levels",
                f64::from(count),
                "it may be 2 to two to the power of the sample's bits",
            ));
        }
        Ok(Self { depth, count })
    }

    /// Levels of `bits` bits.
    ///
    /// # Errors
    /// [`Error::Parameter`] if `bits` is not 1 to `depth`, or the depth not 1 to 16.
    pub fn of_bits(depth: u32, bits: u32) -> Result<Self> {
        if !(1..=depth.min(16)).contains(&bits) {
            return Err(Error::parameter(
                "the bits of a level",
                f64::from(bits),
                "they may be 1 to those of a sample, at most 16",
            ));
        }
        Self::new(depth, 1 << bits)
    }

    /// The highest level.
    #[must_use]
    pub fn maximum(&self) -> u32 {
        self.count - 1
    }

    /// Bits that a level needs.
    #[must_use]
    pub fn bits(&self) -> u32 {
        self.maximum().ilog2() + 1
    }

    /// Share of the bits that is saved, 0 to 1.
    #[must_use]
    pub fn saved(&self) -> f64 {
        1.0 - f64::from(self.bits()) / f64::from(self.depth)
    }

    /// The levels of samples.
    ///
    /// # Errors
    /// [`Error::Parameter`] if a sample has more bits than said.
    pub fn reduce<T: Grey>(&self, samples: &[T]) -> Result<Vec<T>> {
        let name = "a sample";
        Self::map(samples, (1 << self.depth) - 1, name, |v| (v * u64::from(self.count)) >> self.depth)
    }

    /// The middle of each level.
    ///
    /// # Errors
    /// [`Error::Parameter`] if a level is above the maximum, or `T` has fewer bits than the samples.
    pub fn centre<T: Grey>(&self, levels: &[T]) -> Result<Vec<T>> {
        self.check_type::<T>()?;
        let first = |l: u64| (l << self.depth).div_ceil(u64::from(self.count));
        let middle = |l: u64| (first(l) + first(l + 1)) / 2;
        Self::map(levels, self.maximum(), "a level", middle)
    }

    /// The levels spread so that the lowest is 0 and the highest the largest sample.
    ///
    /// # Errors
    /// As [`Levels::centre`].
    pub fn spread<T: Grey>(&self, levels: &[T]) -> Result<Vec<T>> {
        self.check_type::<T>()?;
        let (white, steps) = ((1_u64 << self.depth) - 1, u64::from(self.maximum()));
        Self::map(levels, self.maximum(), "a level", |l| (2 * l * white + steps) / (2 * steps))
    }

    fn check_type<T: Grey>(&self) -> Result<()> {
        if T::LARGEST >> (self.depth - 1) == 0 {
            return Err(Error::parameter(
                "the bits of a sample",
                f64::from(self.depth),
                "take wider integers",
            ));
        }
        Ok(())
    }

    fn map<T: Grey>(from: &[T], largest: u32, name: &'static str, f: impl Fn(u64) -> u64) -> Result<Vec<T>> {
        let one = |sample: &T| {
            let value: u32 = (*sample).into();
            if value > largest {
                return Err(Error::parameter(
                    name,
                    f64::from(value),
                    "it is above what the number of bits or levels allows",
                ));
            }
            Ok(T::limited(f(u64::from(value)) as u32))
        };
        from.iter().map(one).collect()
    }
}
