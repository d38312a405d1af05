//! Grids of numbers: from an index to a float and back.

use crate::error::{Error, Result};
use crate::float::Float;

/// How an integer or a packed number becomes a float with digits after the point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arithmetic {
    /// Divided by 10^d in double precision, then rounded to the type of the samples.
    Quotient,
    /// Multiplied by 10^-d in double precision, then rounded to the type of the samples.
    Product,
    /// Divided by 10^d in double precision and rounded to single precision, also where samples are f64.
    SingleQuotient,
    /// Rounded to single precision, and divided by 10^d in it.
    NarrowQuotient,
    /// Rounded to single precision, and multiplied by 10^-d in it.
    NarrowProduct,
}

impl Arithmetic {
    /// All ways that differ for the type of the samples.
    pub(super) fn all<T: Float>() -> &'static [Self] {
        let all =
            &[Self::Quotient, Self::Product, Self::NarrowQuotient, Self::NarrowProduct, Self::SingleQuotient];
        if T::BITS == 64 { all } else { &all[..4] }
    }

    /// `number / 10^digits`.
    fn scale<T: Float>(self, number: f64, digits: u32) -> T {
        let power = POWERS[digits as usize];
        match self {
            Self::Quotient => T::nearest(number / power),
            Self::Product => T::nearest(number * TENTHS[digits as usize]),
            Self::SingleQuotient => T::nearest(f64::from((number / power) as f32)),
            Self::NarrowQuotient => T::nearest(f64::from(number as f32 / power as f32)),
            Self::NarrowProduct => T::nearest(f64::from(number as f32 * TENTHS[digits as usize] as f32)),
        }
    }
}

/// The most digits after the point: 10^22 is the last power of ten that f64 has exactly.
pub(super) const MAX_DIGITS: u32 = 22;

/// The powers 10^d.
pub(super) const POWERS: [f64; MAX_DIGITS as usize + 1] = [
    1.0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
    1e19, 1e20, 1e21, 1e22,
];
/// The floats nearest to 10^-d.
const TENTHS: [f64; MAX_DIGITS as usize + 1] = [
    1.0, 1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-11, 1e-12, 1e-13, 1e-14, 1e-15,
    1e-16, 1e-17, 1e-18, 1e-19, 1e-20, 1e-21, 1e-22,
];

/// The most entries of a table.
pub const TABLE_LIMIT: usize = 65_536;
/// 2^53: integers up to here are floats of double precision.
pub(super) const EXACT: i64 = 1 << 53;

/// Numbered points on the line of floats.
#[derive(Debug, Clone, PartialEq)]
pub enum Grid<T> {
    /// The points themselves, ascending, at most [`TABLE_LIMIT`]; indices are ranks.
    Table(Vec<T>),
    /// `k / 10^digits`.
    Decimal {
        /// Digits after the point, at most 22.
        digits: u32,
        /// How points were computed.
        arithmetic: Arithmetic,
    },
    /// `k 2^exponent`.
    Binary {
        /// Logarithm of the step, -1074 to 1023.
        exponent: i32,
    },
    /// `(reference + k 2^exponent) / 10^digits`, as GRIB's simple packing has it.
    Packed {
        /// The number of index 0, before it is divided.
        reference: f64,
        /// Logarithm of the step, -1074 to 1023.
        exponent: i32,
        /// Digits after the point, at most 22.
        digits: u32,
        /// How points were computed.
        arithmetic: Arithmetic,
    },
}

impl<T: Float> Grid<T> {
    /// The float of an index that the grid has ([`Grid::has`]).
    pub(super) fn value(&self, index: i64) -> T {
        match self {
            Self::Table(values) => values[index as usize],
            Self::Decimal { digits, arithmetic } => arithmetic.scale(index as f64, *digits),
            Self::Binary { exponent } => T::nearest(times_power_of_two(index as f64, *exponent)),
            Self::Packed { reference, exponent, digits, arithmetic } => {
                arithmetic.scale(reference + times_power_of_two(index as f64, *exponent), *digits)
            }
        }
    }

    /// The index of a finite sample; `None` if no point has the same bits.
    pub(super) fn index(&self, sample: T) -> Option<i64> {
        let number: f64 = sample.into();
        let near = match self {
            Self::Table(values) => {
                return values
                    .binary_search_by_key(&sample.key(), |value| value.key())
                    .ok()
                    .map(|rank| rank as i64);
            }
            Self::Decimal { digits, .. } => number * POWERS[*digits as usize],
            Self::Binary { exponent } => times_power_of_two(number, -exponent),
            Self::Packed { reference, exponent, digits, .. } => {
                times_power_of_two(number * POWERS[*digits as usize] - reference, -exponent)
            }
        };
        // Too large ones and NaN become an index that the grid does not have.
        let index = nearest_integer(near) as i64;
        (self.has(index) && self.value(index).bits() == sample.bits()).then_some(index)
    }

    /// The distance of two neighbouring points before they are rounded.
    pub(super) fn step(&self) -> Option<f64> {
        match self {
            Self::Table(_) => None,
            Self::Decimal { digits, .. } => Some(1.0 / POWERS[*digits as usize]),
            Self::Binary { exponent } => Some(times_power_of_two(1.0, *exponent)),
            Self::Packed { exponent, digits, .. } => {
                Some(times_power_of_two(1.0, *exponent) / POWERS[*digits as usize])
            }
        }
    }

    /// Whether there is a point of this index.
    pub(super) fn has(&self, index: i64) -> bool {
        match self {
            Self::Table(values) => usize::try_from(index).is_ok_and(|index| index < values.len()),
            Self::Packed { .. } => (0..=EXACT).contains(&index),
            Self::Decimal { .. } | Self::Binary { .. } => (-EXACT..=EXACT).contains(&index),
        }
    }

    /// Whether the parameters are possible.
    pub(super) fn check(&self) -> Result<()> {
        let (exponent, digits, reference) = match self {
            Self::Table(values) => {
                let ascending = values.windows(2).all(|pair| pair[0].key() < pair[1].key());
                if !ascending || values.len() > TABLE_LIMIT {
                    let rule = "they must ascend, and there may be 65,536";
                    return Err(Error::parameter(
                        "the number of entries of a table",
                        values.len() as f64,
                        rule,
                    ));
                }
                return Ok(());
            }
            Self::Decimal { digits, .. } => (0, *digits, 0.0),
            Self::Binary { exponent } => (*exponent, 0, 0.0),
            Self::Packed { reference, exponent, digits, .. } => (*exponent, *digits, *reference),
        };
        if !(-1074..=1023).contains(&exponent) {
            return Err(Error::parameter(
                "the exponent of a step",
                exponent.into(),
                "it may be -1074 to 1023",
            ));
        }
        if digits > MAX_DIGITS {
            return Err(Error::parameter("the digits after the point", digits.into(), "there may be 22"));
        }
        if !reference.is_finite() {
            return Err(Error::parameter("the reference of a grid", reference, "it must be finite"));
        }
        Ok(())
    }
}

/// The nearest integer, halves to even; adding and taking away 1.5 * 2^52 is faster than a call, where it is exact.
fn nearest_integer(number: f64) -> f64 {
    const INTEGERS: f64 = 6_755_399_441_055_744.0;
    if number.abs() < 2_251_799_813_685_248.0 {
        (number + INTEGERS) - INTEGERS
    } else {
        number.round_ties_even()
    }
}

/// `number 2^exponent`, exact where the result is a float; in two steps, for neither half of the exponent is too large.
pub(super) fn times_power_of_two(number: f64, exponent: i32) -> f64 {
    let power = |exponent: i32| f64::from_bits(((1023 + exponent) as u64) << 52);
    let half = exponent / 2;
    number * power(half) * power(exponent - half)
}
