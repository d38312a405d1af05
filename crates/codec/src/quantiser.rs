//! The difference of a sample and its base as a code, and the sample again.
//!
//! | samples, bound | code `q` | sample |
//! |---|---|---|
//! | all, lossless | `key(x) - key(base) mod 2^w` | the number of `key(base) + q mod 2^w` |
//! | integers, `e = floor(E) > 0` | `(x - base) / (2 e + 1)`, rounded to the nearest | `clamp(base + q (2 e + 1))` |
//! | floats, `E > 0` | `(x - base) / 2 E`, rounded to the nearest, halves away from zero | `base + q 2 E`, rounded to the type |
//!
//! Keys are those of [`stack_predict::ordered`]: integers of the samples' width `w`, in the order of the numbers. A step
//! of `2 e + 1` leaves no integer further than `e` from a multiple; there are no ties. `2 E` is the largest double where
//! it would be infinite.
//!
//! For floats the encoder computes what the decoder will, with the same operations of IEEE 754 in the same order, and
//! compares `|x - sample| <= E` in doubles, just as [`stack_core::ErrorMeter`] measures. A sample that fails (NaN,
//! infinities, codes of more than `w - 1` bits, errors of rounding) is an *exception*: its bits are stored. In lossless
//! floats, what is not finite is an exception too, so that masks of NaN do not spoil the codes around them.

use std::fmt::Debug;

use stack_core::{ErrorBound, Sample};
use stack_predict::{Key, Ordered};

use crate::Error;
use crate::error::Result;

/// A sample type with its codes: signed integers of the same width.
pub trait Coded: Sample + Ordered + Debug {
    /// The type of codes.
    type Code: Ordered<Key = Self::Key> + Default + PartialEq;

    /// The byte that stands for the type in a chunk.
    const BYTE: u8;

    /// Whether the type is a float.
    const FLOAT: bool;

    /// The code of a difference by a step; `None` for an exception.
    fn quantise(self, base: Self, step: &Step) -> Option<Self::Code>;

    /// The sample of a code.
    fn reconstruct(base: Self, code: Self::Code, step: &Step) -> Self;

    /// The sample of its zero-extended bits.
    fn from_bits_u64(bits: u64) -> Self;
}

/// The step between neighbouring codes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Step {
    /// Every sample has a code of its own.
    Exact,
    /// `2 e + 1` for integers.
    Integer(i64),
    /// `2 E` for floats, with `E`.
    Float {
        /// The step.
        step: f64,
        /// The bound.
        bound: f64,
    },
}

impl Step {
    /// The step that holds a bound for samples of a type.
    ///
    /// # Errors
    /// [`Error::Bound`] for [`ErrorBound::Unbounded`], and for bounds that are negative, infinite or NaN.
    pub fn holding<S: Coded>(bound: ErrorBound) -> Result<Self> {
        let refused = || Err(Error::Bound { bound: bound.to_string() });
        match bound {
            ErrorBound::Lossless => Ok(Self::Exact),
            ErrorBound::Unbounded => refused(),
            ErrorBound::MaxAbs(most) if !most.is_finite() || most < 0.0 => refused(),
            ErrorBound::MaxAbs(most) if S::FLOAT => Ok(Self::of_float(most)),
            ErrorBound::MaxAbs(most) => Ok(Self::of_integer(most)),
        }
    }

    /// The largest difference that it leaves: `E` for floats, `e` for integers, 0 if none.
    pub fn bound(&self) -> f64 {
        match *self {
            Self::Exact => 0.0,
            Self::Integer(step) => (step / 2) as f64,
            Self::Float { bound, .. } => bound,
        }
    }

    fn of_float(bound: f64) -> Self {
        if bound > 0.0 { Self::Float { step: (2.0 * bound).min(f64::MAX), bound } } else { Self::Exact }
    }

    /// No two integers of 32 bits are further apart than `2^32`, so larger bounds are as good as that.
    fn of_integer(bound: f64) -> Self {
        let whole = bound.floor().min(4_294_967_296.0) as i64;
        if whole > 0 { Self::Integer(2 * whole + 1) } else { Self::Exact }
    }
}

/// The code of two integers by the definition: of all codes whose step leaves the smallest distance, there is one.
///
/// # Panics
/// If `bound` is negative.
pub fn code_by_definition(sample: i128, base: i128, bound: i128) -> i128 {
    assert!(bound >= 0, "a bound is not negative");
    let step = 2 * bound + 1;
    let below = (sample - base).div_euclid(step);
    if (sample - base - below * step).abs() <= (sample - base - (below + 1) * step).abs() {
        below
    } else {
        below + 1
    }
}

/// The code of a lossless difference.
#[inline]
fn exact_code<S: Coded>(sample: S, base: S) -> S::Code {
    let difference = sample.to_key().minus(base.to_key());
    S::Code::from_key(S::Code::ZERO_KEY.plus(difference))
}

/// The sample of a lossless difference.
#[inline]
fn exact_sample<S: Coded>(base: S, code: S::Code) -> S {
    S::from_key(base.to_key().plus(code.to_key().minus(S::Code::ZERO_KEY)))
}

macro_rules! integers {
    ($($sample:ty, $unsigned:ty => $code:ty, $byte:literal;)*) => {$(
        impl Coded for $sample {
            type Code = $code;
            const BYTE: u8 = $byte;
            const FLOAT: bool = false;

            #[inline]
            fn quantise(self, base: Self, step: &Step) -> Option<$code> {
                let Step::Integer(step) = *step else { return Some(exact_code(self, base)) };
                let difference = i64::from(self) - i64::from(base);
                let half = step / 2;
                let code = if difference < 0 { (difference - half) / step } else { (difference + half) / step };
                // A step is 3 at least, so codes have a third of the range of differences.
                Some(code as $code)
            }

            #[inline]
            fn reconstruct(base: Self, code: $code, step: &Step) -> Self {
                let Step::Integer(step) = *step else { return exact_sample(base, code) };
                let sample = i64::from(base).saturating_add(i64::from(code).saturating_mul(step));
                sample.clamp(<$sample>::MIN.into(), <$sample>::MAX.into()) as $sample
            }

            fn from_bits_u64(bits: u64) -> Self {
                bits as $unsigned as $sample
            }
        }
    )*};
}

integers! {
    u8, u8 => i8, 0;
    u16, u16 => i16, 1;
    i16, u16 => i16, 2;
    i32, u32 => i32, 3;
}

macro_rules! floats {
    ($($sample:ty, $unsigned:ty => $code:ty, $most:expr, $byte:literal;)*) => {$(
        impl Coded for $sample {
            type Code = $code;
            const BYTE: u8 = $byte;
            const FLOAT: bool = true;

            #[inline]
            fn quantise(self, base: Self, step: &Step) -> Option<$code> {
                let Step::Float { step: width, bound } = *step else {
                    return self.is_finite().then(|| exact_code(self, base));
                };
                let steps = ((f64::from(self) - f64::from(base)) / width).round();
                if steps.is_nan() || steps.abs() > $most {
                    return None;
                }
                let code = steps as $code;
                let back = Self::reconstruct(base, code, step);
                let error = (f64::from(self) - f64::from(back)).abs();
                (self.is_finite() && back.is_finite() && error <= bound).then_some(code)
            }

            #[inline]
            fn reconstruct(base: Self, code: $code, step: &Step) -> Self {
                let Step::Float { step, .. } = *step else { return exact_sample(base, code) };
                (f64::from(base) + code as f64 * step) as $sample
            }

            fn from_bits_u64(bits: u64) -> Self {
                <$sample>::from_bits(bits as $unsigned)
            }
        }
    )*};
}

/// Codes of floats in a double: all of 32 bits, and those of 64 bits whose steps a double counts.
const MOST_OF_F32: f64 = i32::MAX as f64;
const MOST_OF_F64: f64 = (1_u64 << 53) as f64;

floats! {
    f32, u32 => i32, MOST_OF_F32, 4;
    f64, u64 => i64, MOST_OF_F64, 5;
}
