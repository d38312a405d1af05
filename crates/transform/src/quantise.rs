//! Scalar quantisation: numbers to integers and back, with a step and a dead zone.
//!
//! ```text
//! index:  q = 0                                      if |x| < z step
//!         q = sign(x) (1 + floor(|x| / step - z))    else
//! value:  x' = sign(q) (|q| - 1/2 + z) step
//! ```
//!
//! `z` is half the width of the zone that becomes zero, in steps. `z = 1/2` is plain rounding (halves away from zero),
//! as in JPEG, and the error is half a step at most. `z = 1` is the dead zone of JPEG 2000: twice as wide as the other
//! cells, so that noise around zero is cheap; errors are below a step there. This module has one step for all
//! numbers; [`crate::tables`] has one for each coefficient of a block. Quantising is the one lossy step of
//! transform coding.
//!
//! Sources: ITU-T T.800 (2002), annex E; Sullivan, "Efficient scalar quantization of exponential and Laplacian random
//! variables", IEEE Trans. Information Theory 42 (1996).
//!
//! ```
//! use stack_transform::Quantiser;
//!
//! let rounding = Quantiser::new(10.0)?;
//! assert_eq!(rounding.quantise(&[-26.0, -4.9, 4.9, 5.0, 14.0])?, [-3, 0, 0, 1, 1]);
//! assert_eq!(rounding.restore(&[-3, 0, 1]), [-30.0, 0.0, 10.0]);
//!
//! let dead_zone = Quantiser::with_dead_zone(10.0, 1.0)?;
//! assert_eq!(dead_zone.quantise(&[-26.0, -4.9, 4.9, 5.0, 14.0])?, [-2, 0, 0, 0, 1]);
//! assert_eq!(dead_zone.restore(&[-2, 0, 1]), [-25.0, 0.0, 15.0]);
//! # Ok::<(), stack_transform::Error>(())
//! ```
//!
//! Cost: one division a number.
//!
//! Exercise: for noise of a Laplacian distribution, which value of a cell has the least mean square error? It is not
//! the middle; try it with numbers of [`Quantiser::restore`] moved towards zero.

use crate::error::{Error, Result};

/// A uniform quantiser with a dead zone.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quantiser {
    step: f64,
    zone: f64,
}

impl Quantiser {
    /// Rounding to multiples of `step`.
    ///
    /// # Errors
    /// [`Error::Parameter`] if the step is not a positive, finite number.
    pub fn new(step: f64) -> Result<Self> {
        Self::with_dead_zone(step, 0.5)
    }

    /// A quantiser that makes everything below `zone * step` zero.
    ///
    /// # Errors
    /// [`Error::Parameter`] if the step is not positive and finite, or the zone not from 1/2 to 16.
    pub fn with_dead_zone(step: f64, zone: f64) -> Result<Self> {
        if !(step.is_normal() && step > 0.0) {
            return Err(Error::parameter("the step", step, "it must be positive and finite"));
        }
        if !(0.5..=16.0).contains(&zone) {
            return Err(Error::parameter("half the dead zone", zone, "it may be 0.5 to 16 steps"));
        }
        Ok(Self { step, zone })
    }

    /// The index of one number.
    ///
    /// # Errors
    /// [`Error::Parameter`] if the number is not finite, or its index is beyond 32 bits.
    pub fn index(&self, number: f64) -> Result<i32> {
        let steps = number.abs() / self.step;
        let index = if steps < self.zone { 0.0 } else { 1.0 + (steps - self.zone).floor() };
        // Written so that NaN fails too.
        if index <= f64::from(i32::MAX) {
            Ok(if number < 0.0 { -(index as i32) } else { index as i32 })
        } else {
            Err(Error::parameter(
                "a number to quantise",
                number,
                "its index must fit 32 bits; take a larger step",
            ))
        }
    }

    /// The number that an index stands for.
    #[must_use]
    pub fn value(&self, index: i32) -> f64 {
        let distance = (f64::from(index.unsigned_abs()) - 0.5 + self.zone) * self.step;
        match index.signum() {
            0 => 0.0,
            sign => f64::from(sign) * distance,
        }
    }

    /// The indices of numbers.
    ///
    /// # Errors
    /// As [`Quantiser::index`].
    pub fn quantise(&self, numbers: &[f64]) -> Result<Vec<i32>> {
        numbers.iter().map(|number| self.index(*number)).collect()
    }

    /// The numbers that indices stand for.
    #[must_use]
    pub fn restore(&self, indices: &[i32]) -> Vec<f64> {
        indices.iter().map(|index| self.value(*index)).collect()
    }
}
