//! Floats that are integers in disguise: the grid they lie on, and exact codes of few bits.
//!
//! ```text
//! table     v = t[k]                                  few distinct values, at most 65,536
//! decimal   v = k / 10^d  or  k * 10^-d               digits that somebody typed or rounded to; d is 0 to 9
//! binary    v = k 2^e                                 fixed point, and whatever is coarser than its type
//! packed    v = (R + k 2^e) / 10^d                    GRIB simple packing: reference R, scales e and d
//! code      k - k_first                               ceil(log2(k_last - k_first + 1)) bits
//! ```
//!
//! Analyses and instruments often deliver 8 to 16 bits of information in 32-bit floats: a GRIB field was packed, a
//! thermometer shows tenths, a converter has 12 bits. As integers such samples are what lossless image and video coders
//! expect, and exact coding may take less room than a lossy one. Nothing is assumed: a grid is found only if every
//! sample comes back with its bits, and [`Lattice::codes`] checks that again. Decimal and packed numbers are rounded when
//! they are stored as floats, so the [`Arithmetic`] that made them, in double or single precision, dividing or
//! multiplying, is part of the grid. Of several grids the one that costs fewest bits is taken, a table with its entries.
//!
//! NaN, infinities and minus zero are left out and get code 0; [`crate::Specials::find_exact`] lists them. Fill values
//! are numbers like others here: replace them first ([`crate::Specials::smooth`]). Compared with [`crate::palette`],
//! neighbouring codes are neighbouring numbers at even distances, but in a table. Other steps than powers of two and ten
//! (a NetCDF `scale_factor`) are found as tables, up to 16 bits.
//!
//! [`Lattice::find`] looks at one frame, and for GRIB that is right: each message has a reference of its own.
//! [`LatticeFinder`] takes frame after frame and keeps at most 65,536 values; it does not look for packed numbers, whose
//! reference is known only when all have been seen.
//!
//! Source: WMO Manual on Codes, volume I.2, FM 92 GRIB edition 2, regulation 92.9.4 and template 5.0.
//!
//! ```
//! use stack_transform::Lattice;
//! use stack_transform::lattice::{Arithmetic, Grid};
//!
//! let tenths = [188.9_f32, 201.3, 250.0, 310.5];
//! let lattice = Lattice::find(&tenths).expect("all are tenths");
//! assert_eq!(*lattice.grid(), Grid::Decimal { digits: 1, arithmetic: Arithmetic::Quotient });
//! assert_eq!((lattice.codes(&tenths)?, lattice.bits()), (vec![0, 124, 611, 1216], 11));
//! assert_eq!(lattice.restore(&[0, 124, 611, 1216])?, tenths);
//!
//! // Packed in steps of 2^-10 on a reference, then rounded to f32: above 256 not on any fixed grid.
//! let packed: Vec<f32> = (0..60_000).step_by(7).map(|k| (225.922 + f64::from(k) / 1024.0) as f32).collect();
//! assert_eq!(Lattice::find(&packed).map(|lattice| lattice.bits()), Some(16));
//! # Ok::<(), stack_transform::Error>(())
//! ```
//!
//! Cost: sorting the samples, then a few comparisons for each distinct value and grid that is still possible.
//!
//! Exercise: all samples of a file are multiples of 1/3 rounded to f32. Which of the grids finds them, and at what cost?

pub mod finder;
pub mod grid;
mod packed;

pub use finder::LatticeFinder;
pub use grid::{Arithmetic, Grid};

use crate::error::{Error, Result, filled};
use crate::float::Float;

/// A grid and the part of it that samples take up.
#[derive(Debug, Clone, PartialEq)]
pub struct Lattice<T> {
    grid: Grid<T>,
    first: i64,
    last: i64,
}

impl<T: Float> Lattice<T> {
    /// The cheapest grid on which all ordinary samples lie; `None` if there is none that saves bits, or no ordinary
    /// sample.
    #[must_use]
    pub fn find(samples: &[T]) -> Option<Self> {
        let mut finder = LatticeFinder::new();
        let distinct = finder.push(samples);
        let mut found: Vec<Self> = finder.candidates();
        let formulas = found.iter().filter(|lattice| !matches!(lattice.grid, Grid::Table(_)));
        let below = formulas.map(Self::bits).min().unwrap_or(finder::most_bits::<T>() + 1);
        found.extend(packed::find(&distinct, below));
        finder.cheapest(found)
    }

    /// A grid that was written to a file, and the indices of its first and last point in use.
    ///
    /// # Errors
    /// [`Error::Parameter`] if the grid's parameters are not possible, the indices are not in order, or more than 2^32
    /// of them.
    pub fn from_parts(grid: Grid<T>, first: i64, last: i64) -> Result<Self> {
        grid.check()?;
        if !(first <= last && grid.has(first) && grid.has(last)) || last - first > i64::from(u32::MAX) {
            return Err(Error::parameter(
                "the first index of a lattice",
                first as f64,
                "it and the last must be points of the grid, in order, and at most 2^32",
            ));
        }
        Ok(Self { grid, first, last })
    }

    /// The grid.
    #[must_use]
    pub fn grid(&self) -> &Grid<T> {
        &self.grid
    }

    /// The index whose code is 0.
    #[must_use]
    pub fn first(&self) -> i64 {
        self.first
    }

    /// The index of the largest code.
    #[must_use]
    pub fn last(&self) -> i64 {
        self.last
    }

    /// The largest code.
    #[must_use]
    pub fn largest_code(&self) -> u32 {
        // Both ways to make a lattice keep this within 32 bits.
        (self.last - self.first) as u32
    }

    /// Bits that a code needs; none if there is one code only.
    #[must_use]
    pub fn bits(&self) -> u32 {
        self.largest_code().checked_ilog2().map_or(0, |log| log + 1)
    }

    /// The distance of two neighbouring points before they are rounded; `None` for a table. Frames that were packed with
    /// one step and references of their own line up, to half a step, if the codes of each are counted from where its
    /// first point lies in steps.
    #[must_use]
    pub fn step(&self) -> Option<f64> {
        self.grid.step()
    }

    /// Bits that so many samples cost, with the entries of a table.
    #[must_use]
    pub fn cost(&self, samples: usize) -> u128 {
        let table =
            if let Grid::Table(values) = &self.grid { values.len() as u128 * u128::from(T::BITS) } else { 0 };
        samples as u128 * u128::from(self.bits()) + table
    }

    /// The codes of samples; special samples get code 0.
    ///
    /// # Errors
    /// [`Error::Parameter`] if an ordinary sample would not come back with its bits; [`Error::Memory`].
    pub fn codes(&self, samples: &[T]) -> Result<Vec<u32>> {
        let mut codes = filled(samples.len(), 0)?;
        for (sample, code) in samples.iter().zip(&mut codes) {
            if !sample.is_special() {
                let index = self.grid.index(*sample).filter(|index| (self.first..=self.last).contains(index));
                let index = index.ok_or_else(|| {
                    Error::parameter("a sample", (*sample).into(), "it is not a point of the lattice")
                })?;
                *code = (index - self.first) as u32;
            }
        }
        Ok(codes)
    }

    /// The samples of codes.
    ///
    /// # Errors
    /// [`Error::Parameter`] if a code is above the largest; [`Error::Memory`].
    pub fn restore(&self, codes: &[u32]) -> Result<Vec<T>> {
        let mut samples = filled(codes.len(), T::default())?;
        for (code, sample) in codes.iter().zip(&mut samples) {
            if *code > self.largest_code() {
                return Err(Error::parameter("a code", f64::from(*code), "the lattice has no such point"));
            }
            *sample = self.grid.value(self.first + i64::from(*code));
        }
        Ok(samples)
    }
}
