//! Linear quantisation of floats: numbers of a range to codes of 1 to 16 bits and back, with a worst error that holds.
//!
//! ```text
//! code:   k = round((x - low) / step)              halves to even; 0 to 2^n - 1; NaN and infinities get 0
//! value:  x' = low + k step                        in f64, kept within the range, then rounded once to the type
//! step:   (high - low) / (2^n - 1)                 for a range and n bits, or given
//! error:  |x - x'| <= step / 2 + 8 u (high - low) + 2 u M + r(M)
//!         M = max(|low|, |high|), u = 2^-53; r(M) = 2^-24 M + 2^-150 for f32 and 0 for f64
//! ```
//!
//! The terms after `step / 2` are what arithmetic rounds: the difference, the quotient and the product by `u` of the
//! span each, the sum by `u M`, and storing as f32 by half a unit in its last place. They matter where the step is near
//! the spacing of the floats themselves. Where the span is beyond the range of f64, or so small that the step would be
//! subnormal, numbers are first multiplied by a power of two, which changes nothing else. NaN and infinities have no
//! code of their own; which samples they were is for [`crate::mask`]. Compared with [`crate::quantise`] the range is
//! known and codes are unsigned: what a picture or video of 8 to 16 bits holds.
//!
//! Sources: WMO Manual on Codes, volume I.2, GRIB 2 simple packing (data representation template 5.0), the same with a
//! step that is a power of two; Gersho, Gray, *Vector Quantization and Signal Compression*, chapter 5.
//!
//! ```
//! use stack_transform::LinearScale;
//!
//! let scale = LinearScale::of_range(-2.0, 3.0, 8)?;
//! let mut codes = [0; 5];
//! scale.quantise(&[-2.0_f32, -1.9, 0.0, f32::NAN, 3.0], &mut codes)?;
//! assert_eq!(codes, [0, 5, 102, 0, 255]);
//! let mut values = [0.0_f32; 5];
//! scale.restore(&codes, &mut values)?;
//! assert_eq!(values, [-2.0, -1.9019607, 0.0, -2.0, 3.0]);
//! assert!((1.9019607 - 1.9) <= scale.worst_error::<f32>() && scale.worst_error::<f32>() < 0.009805);
//!
//! // Within 0.01 of every value: 251 codes are enough.
//! let scale = LinearScale::within::<f32>(-2.0, 3.0, 0.01)?;
//! assert_eq!((scale.bits(), scale.largest_code()), (8, 251));
//! assert!(scale.worst_error::<f32>() <= 0.01);
//! # Ok::<(), stack_transform::Error>(())
//! ```
//!
//! Cost: one division a sample to quantise, one multiplication to restore.
//!
//! Exercise: how many bits do values from 200 to 300 need so that the error is at most 0.001? And if the file they come
//! from was itself quantised in steps of 0.002?

use crate::error::{Error, Result, check_length};
use crate::float::Float;

/// A range of numbers and the codes that stand for them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LinearScale {
    /// All of these times `unit`, a power of two.
    low: f64,
    high: f64,
    step: f64,
    unit: f64,
    largest: u16,
}

/// Below this, spans may be so small that a step is subnormal.
const SMALL: f64 = 1.183e-271;
/// 2^100: what small ranges are multiplied by.
const ENLARGE: f64 = 1_267_650_600_228_229_401_496_703_205_376.0;
/// 2^52: adding it to a smaller number rounds that to an integer, halves to even, which are the low bits then.
const INTEGERS: f64 = 4_503_599_627_370_496.0;
/// 2^-53: the relative error of one rounding.
const ROUNDING: f64 = f64::EPSILON / 2.0;

impl LinearScale {
    /// The numbers from `low` to `high` as codes of `bits` bits; both ends are met.
    ///
    /// # Errors
    /// [`Error::Parameter`] if `low` and `high` are not finite and in this order, or `bits` not 1 to 16.
    pub fn of_range(low: f64, high: f64, bits: u32) -> Result<Self> {
        if !(1..=16).contains(&bits) {
            return Err(Error::parameter("the bits of a code", f64::from(bits), "they may be 1 to 16"));
        }
        Self::of_codes(low, high, ((1_u32 << bits) - 1) as u16)
    }

    /// The numbers from `low` to `high` as codes 0 to `largest`; a range of one number has code 0 only. From what
    /// [`LinearScale::low`], [`LinearScale::high`] and [`LinearScale::largest_code`] say of a scale that was made by this,
    /// [`LinearScale::of_range`] or [`LinearScale::within`], the same scale is made again.
    ///
    /// # Errors
    /// [`Error::Parameter`] if `low` and `high` are not finite and in this order, or if there is one code for many numbers.
    pub fn of_codes(low: f64, high: f64, largest: u16) -> Result<Self> {
        for (name, end) in [("the low end of the range", low), ("the high end of the range", high)] {
            if !end.is_finite() {
                return Err(Error::parameter(name, end, "it must be finite"));
            }
        }
        if low > high {
            return Err(Error::parameter(
                "the low end of the range",
                low,
                "it must not be above the high end",
            ));
        }
        if largest == 0 && low < high {
            return Err(Error::parameter(
                "the largest code",
                0.0,
                "a range of many numbers needs two codes or more",
            ));
        }
        let unit = unit(low, high);
        let (scaled_low, scaled_high) = (low * unit, high * unit);
        let largest = if low == high { 0 } else { largest };
        let step = if largest == 0 { 1.0 } else { (scaled_high - scaled_low) / f64::from(largest) };
        Ok(Self { low: scaled_low, high: scaled_high, step, unit, largest })
    }

    /// The numbers `origin + k step` for the codes 0 to 65,535.
    ///
    /// # Errors
    /// [`Error::Parameter`] if the step is not positive, or any of the numbers is not finite.
    pub fn of_step(origin: f64, step: f64) -> Result<Self> {
        if !origin.is_finite() {
            return Err(Error::parameter("the origin", origin, "it must be finite"));
        }
        let high = origin + f64::from(u16::MAX) * step;
        if !(step > 0.0 && high.is_finite()) {
            return Err(Error::parameter(
                "the step",
                step,
                "it must be positive, and 65,535 steps from the origin finite",
            ));
        }
        let unit = unit(origin, high);
        Ok(Self { low: origin * unit, high: high * unit, step: step * unit, unit, largest: u16::MAX })
    }

    /// The fewest codes for the numbers from `low` to `high` with which samples of type `T` come back within
    /// `max_error`, all roundings included.
    ///
    /// # Errors
    /// As [`LinearScale::of_range`]; [`Error::Parameter`] if more than 65,536 codes were needed, or no number of codes
    /// is enough because floats are not as fine as the error.
    pub fn within<T: Float>(low: f64, high: f64, max_error: f64) -> Result<Self> {
        let finest = Self::of_codes(low, high, u16::MAX)?;
        // Written so that NaN fails too.
        if finest.worst_error::<T>() <= max_error {
            // `worst_error` falls as codes are added, so the fewest are found by halving.
            let (mut few, mut enough) = (0_u16, u16::MAX);
            while enough - few > 1 {
                let middle = few + (enough - few) / 2;
                if Self::of_codes(low, high, middle)?.worst_error::<T>() <= max_error {
                    enough = middle;
                } else {
                    few = middle;
                }
            }
            Self::of_codes(low, high, enough)
        } else {
            Err(Error::parameter(
                "the largest error",
                max_error,
                "16 bits a sample are too few for it in this range, or the floats themselves are not as fine",
            ))
        }
    }

    /// The least number that has a code.
    #[must_use]
    pub fn low(&self) -> f64 {
        self.low / self.unit
    }

    /// The largest number that has a code.
    #[must_use]
    pub fn high(&self) -> f64 {
        self.high / self.unit
    }

    /// The distance of two neighbouring restored values; rounded where it is subnormal, infinite where one step is
    /// beyond the range of floats, and without meaning where there is one code only.
    #[must_use]
    pub fn step(&self) -> f64 {
        self.step / self.unit
    }

    /// The largest code.
    #[must_use]
    pub fn largest_code(&self) -> u16 {
        self.largest
    }

    /// Bits that a code needs; none if there is one code only.
    #[must_use]
    pub fn bits(&self) -> u32 {
        self.largest.checked_ilog2().map_or(0, |log| log + 1)
    }

    /// The most by which a finite number of the range can differ from what is restored as type `T`: the formula of the
    /// module, itself rounded up. Infinite if the range is beyond that type; nothing for a range of one number that
    /// the type has.
    #[must_use]
    pub fn worst_error<T: Float>(&self) -> f64 {
        let magnitude = self.low.abs().max(self.high.abs());
        if self.largest == 0 && T::nearest(self.low()).into() == self.low() {
            return 0.0;
        }
        let half_step = if self.largest == 0 { 0.0 } else { self.step / 2.0 };
        let arithmetic = half_step + 8.0 * ROUNDING * (self.high - self.low) + 2.0 * ROUNDING * magnitude;
        let least = f64::from_bits(1);
        let stored = arithmetic / self.unit + least + T::rounding(magnitude / self.unit);
        stored * (1.0 + 8.0 * f64::EPSILON)
    }

    /// The codes of samples; NaN and infinities get code 0.
    ///
    /// # Errors
    /// [`Error::Length`] if there are not as many codes as samples; [`Error::Parameter`] if a finite sample lies
    /// outside the range. The codes are then not complete.
    pub fn quantise<T: Float>(&self, samples: &[T], codes: &mut [u16]) -> Result<()> {
        check_length("the list of codes", samples.len(), codes.len())?;
        let Self { low, high, step, unit, .. } = *self;
        let top = f64::from(self.largest);
        for (samples, codes) in samples.chunks(512).zip(codes.chunks_mut(512)) {
            let mut outside = 0_u64;
            for (sample, code) in samples.iter().zip(codes) {
                let number: f64 = (*sample).into();
                let scaled = number * unit;
                let inside = (scaled >= low) & (scaled <= high);
                outside |= u64::from(!inside & (number.abs() <= f64::MAX));
                let steps = (scaled - low) / step;
                let steps = if inside { steps } else { 0.0 };
                let steps = if steps < top { steps } else { top };
                *code = (steps + INTEGERS).to_bits() as u16;
            }
            if outside != 0 {
                return Err(self.outside(samples));
            }
        }
        Ok(())
    }

    fn outside<T: Float>(&self, samples: &[T]) -> Error {
        let outside =
            |number: &f64| number.is_finite() && !(self.low..=self.high).contains(&(number * self.unit));
        let number = samples.iter().map(|sample| (*sample).into()).find(outside).unwrap_or(f64::NAN);
        Error::parameter("a sample to quantise", number, "it must lie within the range of the scale")
    }

    /// The samples that codes stand for; codes above the largest give the high end, as a lossy coder may ask for.
    ///
    /// # Errors
    /// [`Error::Length`] if there are not as many samples as codes.
    pub fn restore<T: Float>(&self, codes: &[u16], samples: &mut [T]) -> Result<()> {
        check_length("the list of samples", codes.len(), samples.len())?;
        let Self { low, high, step, .. } = *self;
        let inverse = 1.0 / self.unit;
        let step = if self.largest == 0 { 0.0 } else { step };
        for (code, sample) in codes.iter().zip(samples) {
            let number = low + f64::from(*code) * step;
            let number = if number < high { number } else { high };
            *sample = T::nearest(number * inverse);
        }
        Ok(())
    }
}

/// A power of two with which the range, times it, has a span and a step that are normal numbers.
fn unit(low: f64, high: f64) -> f64 {
    if !(high - low).is_finite() {
        0.5
    } else if low.abs().max(high.abs()) < SMALL {
        ENLARGE
    } else {
        1.0
    }
}
