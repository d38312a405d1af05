//! Quantisation tables of JPEG: one step for each of 64 coefficients.
//!
//! ```text
//! q(u, v) = round(T(u, v) / Q(u, v))            T'(u, v) = q(u, v) Q(u, v)
//! Q for quality k:  s = 5000 / k below 50, else 200 - 2 k;   Q = (s Q50 + 50) / 100 in integers, within 1 to 255
//! ```
//!
//! [`LUMINANCE`] and [`CHROMINANCE`] come from experiments with viewers: detail that the eye hardly sees gets wide
//! steps, colour more so than grey. The rule for qualities is that of the Independent JPEG Group's library, which the
//! standard does not have. Compared with the one step of [`crate::quantise`], the mean square error is larger at the
//! same size, and it shows less.
//!
//! Source: ITU-T T.81 (1992), tables K.1 and K.2.
//!
//! ```
//! use stack_transform::tables::{CHROMINANCE, LUMINANCE};
//!
//! assert_eq!(LUMINANCE.steps()[..8], [16, 11, 10, 16, 24, 40, 51, 61]);
//! assert_eq!(LUMINANCE.with_quality(90)?.steps()[..8], [3, 2, 2, 3, 5, 8, 10, 12]);
//! assert_eq!(CHROMINANCE.with_quality(100)?.steps(), &[1; 64]);
//!
//! let mut coefficients = [0.0; 64];
//! (coefficients[0], coefficients[1]) = (-415.38, -30.19);
//! let indices = LUMINANCE.quantise(&coefficients)?;
//! assert_eq!(indices[..3], [-26, -3, 0]);
//! assert_eq!(LUMINANCE.restore(&indices)[..3], [-416.0, -33.0, 0.0]);
//! # Ok::<(), stack_transform::Error>(())
//! ```
//!
//! Cost: 64 divisions a block; [`crate::dct8`] multiplies instead.
//!
//! Exercise: at which quality does every step of the luminance table become 1, and what is then still lost?

use crate::error::{Error, Result};

/// The table for brightness, T.81 table K.1.
pub const LUMINANCE: Table = Table([
    16, 11, 10, 16, 24, 40, 51, 61, //
    12, 12, 14, 19, 26, 58, 60, 55, //
    14, 13, 16, 24, 40, 57, 69, 56, //
    14, 17, 22, 29, 51, 87, 80, 62, //
    18, 22, 37, 56, 68, 109, 103, 77, //
    24, 35, 55, 64, 81, 104, 113, 92, //
    49, 64, 78, 87, 103, 121, 120, 101, //
    72, 92, 95, 98, 112, 100, 103, 99,
]);

/// The table for colour, T.81 table K.2.
pub const CHROMINANCE: Table = Table([
    17, 18, 24, 47, 99, 99, 99, 99, //
    18, 21, 26, 66, 99, 99, 99, 99, //
    24, 26, 56, 99, 99, 99, 99, 99, //
    47, 66, 99, 99, 99, 99, 99, 99, //
    99, 99, 99, 99, 99, 99, 99, 99, //
    99, 99, 99, 99, 99, 99, 99, 99, //
    99, 99, 99, 99, 99, 99, 99, 99, //
    99, 99, 99, 99, 99, 99, 99, 99,
]);

/// Steps of an 8 x 8 block, row by row (not in zigzag order); none is zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Table([u16; 64]);

impl Table {
    /// A table of given steps, row by row.
    ///
    /// # Errors
    /// [`Error::Parameter`] if a step is zero.
    pub fn new(steps: [u16; 64]) -> Result<Self> {
        if steps.contains(&0) {
            return Err(Error::parameter("a step of a quantisation table", 0.0, "it may be 1 to 65535"));
        }
        Ok(Self(steps))
    }

    /// The steps, row by row.
    #[must_use]
    pub fn steps(&self) -> &[u16; 64] {
        &self.0
    }

    /// This table, seen as that of quality 50, for another quality: 1 is the worst, 100 has all steps 1.
    ///
    /// # Errors
    /// [`Error::Parameter`] if the quality is not from 1 to 100.
    pub fn with_quality(&self, quality: u8) -> Result<Self> {
        if !(1..=100).contains(&quality) {
            return Err(Error::parameter("the quality", f64::from(quality), "it may be 1 to 100"));
        }
        let quality = u32::from(quality);
        let percent = if quality < 50 { 5000 / quality } else { 200 - 2 * quality };
        Ok(Self(self.0.map(|step| ((percent * u32::from(step) + 50) / 100).clamp(1, 255) as u16)))
    }

    /// Each coefficient divided by its step and rounded, halves away from zero.
    ///
    /// # Errors
    /// [`Error::Parameter`] if a coefficient is not finite, or its index is beyond 32 bits.
    pub fn quantise(&self, coefficients: &[f64; 64]) -> Result<[i32; 64]> {
        let mut indices = [0; 64];
        for ((index, coefficient), step) in indices.iter_mut().zip(coefficients).zip(self.0) {
            let rounded = (coefficient / f64::from(step)).round();
            if rounded.is_nan() || rounded.abs() > f64::from(i32::MAX) {
                return Err(Error::parameter("a coefficient", *coefficient, "its index must fit 32 bits"));
            }
            *index = rounded as i32;
        }
        Ok(indices)
    }

    /// Each index times its step.
    #[must_use]
    pub fn restore(&self, indices: &[i32; 64]) -> [f64; 64] {
        std::array::from_fn(|i| f64::from(indices[i]) * f64::from(self.0[i]))
    }
}
