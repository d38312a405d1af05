//! The sums of one frame: what threads can compute apart and a meter puts together.

use super::kernel;
use crate::{Error, FrameBuf, Result};

/// The differences between two frames, as sums that a [meter](super::ErrorMeter) adds up.
///
/// The sums over integers are exact before they are rounded once; those over floats go over blocks of 1,024 samples
/// in eight lanes, blocks added with [compensation](super::sum::CompensatedSum). Both depend on the samples only,
/// never on threads or the machine.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FrameErrors {
    /// Samples in the frame.
    pub samples: u64,
    /// Samples whose bits differ.
    pub differing: u64,
    /// Samples with NaN or infinity on one side only, or with infinities of different sign.
    pub nonfinite_mismatches: u64,
    /// Samples that are finite on both sides.
    pub finite_pairs: u64,
    /// Largest absolute difference; infinite with a non-finite mismatch.
    pub max_abs: f64,
    /// Sum of the absolute differences of the finite pairs.
    pub sum_abs: f64,
    /// Sum of the squared differences of the finite pairs.
    pub sum_squares: f64,
    /// Smallest finite original; infinity if there is none.
    pub minimum: f64,
    /// Largest finite original; minus infinity if there is none.
    pub maximum: f64,
}

impl Default for FrameErrors {
    /// A frame without samples.
    fn default() -> Self {
        Self {
            samples: 0,
            differing: 0,
            nonfinite_mismatches: 0,
            finite_pairs: 0,
            max_abs: 0.0,
            sum_abs: 0.0,
            sum_squares: 0.0,
            minimum: f64::INFINITY,
            maximum: f64::NEG_INFINITY,
        }
    }
}

impl FrameErrors {
    /// Compares two frames.
    ///
    /// # Errors
    /// [`Error::Parameter`] if they differ in sample type or in the number of samples.
    pub fn between(original: &FrameBuf, decoded: &FrameBuf) -> Result<Self> {
        match (original, decoded) {
            (FrameBuf::U8(x), FrameBuf::U8(y)) if x.len() == y.len() => Ok(kernel::compare(x, y)),
            (FrameBuf::U16(x), FrameBuf::U16(y)) if x.len() == y.len() => Ok(kernel::compare(x, y)),
            (FrameBuf::I16(x), FrameBuf::I16(y)) if x.len() == y.len() => Ok(kernel::compare(x, y)),
            (FrameBuf::I32(x), FrameBuf::I32(y)) if x.len() == y.len() => Ok(kernel::compare(x, y)),
            (FrameBuf::F32(x), FrameBuf::F32(y)) if x.len() == y.len() => Ok(kernel::compare(x, y)),
            (FrameBuf::F64(x), FrameBuf::F64(y)) if x.len() == y.len() => Ok(kernel::compare(x, y)),
            _ => {
                let words = |frame: &FrameBuf| format!("{} samples of {}", frame.len(), frame.pixel());
                Err(Error::parameter(
                    "decoded frame",
                    format!("{} against {} in the original", words(decoded), words(original)),
                    "compare frames of one stack and its decoded copy only",
                ))
            }
        }
    }
}
