//! How errors are spread: over the frames of a stack, and over sizes.
//!
//! The [error measures](stack_core::measure) are single numbers; a report also shows where in time errors are and
//! how many samples have which error. Both are counted in the pass that measures, and take little memory: at most
//! [`MOST_POINTS`] numbers for the frames and one count for each power of two.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use stack_core::measure::json;
use stack_core::{FrameBuf, Sample};

use crate::verify::ComparedFrame;

/// Numbers that are kept of the frames of a stack, however many there are.
pub const MOST_POINTS: usize = 2_000;

/// How the errors of a stack are spread.
///
/// In JSON, numbers that are not finite are the words `"inf"`, `"-inf"` and `"nan"`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ErrorSpread {
    /// How many neighbouring frames share a number of [`ErrorSpread::frame_rmse`]; the last number may stand for
    /// fewer.
    pub frames_per_point: u64,
    /// The root mean squared error of each frame over its finite pairs of samples; where frames share a number, the
    /// largest of theirs.
    #[serde(with = "json::list")]
    pub frame_rmse: Vec<f64>,
    /// How many samples have which error.
    pub histogram: ErrorHistogram,
}

/// How many samples have which absolute error, by powers of two.
///
/// ```
/// use stack_core::FrameBuf;
/// use stack_methods::spread::{ErrorHistogram, Octave};
/// let mut histogram = ErrorHistogram::default();
/// histogram.add(&FrameBuf::U8(vec![10, 10, 10, 10]), &FrameBuf::U8(vec![10, 11, 8, 7]));
/// assert_eq!(histogram.zeros, 1);
/// // From 1 to below 2, and from 2 to below 4.
/// assert_eq!(histogram.octaves, [Octave { exponent: 0, samples: 1 }, Octave { exponent: 1, samples: 2 }]);
/// ```
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ErrorHistogram {
    /// Samples without numeric error; NaN on both sides and the same infinity on both sides are among them.
    pub zeros: u64,
    /// Samples with NaN or infinity on one side only, or with infinities of different sign.
    pub nonfinite_mismatches: u64,
    /// The other samples, in rising order; powers of two without samples are left out.
    pub octaves: Vec<Octave>,
}

/// The samples whose absolute error is at least 2^exponent and below 2^(exponent + 1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Octave {
    /// The power of two.
    pub exponent: i32,
    /// How many.
    pub samples: u64,
}

impl ErrorHistogram {
    /// Counts the samples of two frames of one type and length. Frames of two types count nothing, and of a longer
    /// frame the rest is left out.
    pub fn add(&mut self, original: &FrameBuf, decoded: &FrameBuf) {
        let mut counts = Counts::default();
        counts.add(original, decoded);
        counts.add_to(self);
    }
}

/// Exponents of doubles, and one place each for zero and for what is not finite.
const SMALLEST_EXPONENT: i32 = -1074;
const EXPONENTS: usize = 1024 + 1074;

/// Counts by exponent, in an array that is fast to count in.
#[derive(Debug, Clone)]
struct Counts {
    zeros: u64,
    nonfinite_mismatches: u64,
    by_exponent: Vec<u64>,
}

impl Default for Counts {
    fn default() -> Self {
        Self { zeros: 0, nonfinite_mismatches: 0, by_exponent: vec![0; EXPONENTS] }
    }
}

impl Counts {
    fn add(&mut self, original: &FrameBuf, decoded: &FrameBuf) {
        match (original, decoded) {
            (FrameBuf::U8(x), FrameBuf::U8(y)) => self.add_samples(x, y),
            (FrameBuf::U16(x), FrameBuf::U16(y)) => self.add_samples(x, y),
            (FrameBuf::I16(x), FrameBuf::I16(y)) => self.add_samples(x, y),
            (FrameBuf::I32(x), FrameBuf::I32(y)) => self.add_samples(x, y),
            (FrameBuf::F32(x), FrameBuf::F32(y)) => self.add_samples(x, y),
            (FrameBuf::F64(x), FrameBuf::F64(y)) => self.add_samples(x, y),
            _ => {}
        }
    }

    fn add_samples<T: Sample>(&mut self, original: &[T], decoded: &[T]) {
        for (x, y) in original.iter().zip(decoded) {
            let (x, y) = (x.to_f64(), y.to_f64());
            let difference = (x - y).abs();
            if difference == 0.0 || (!difference.is_finite() && (x == y || x.is_nan() && y.is_nan())) {
                self.zeros += 1;
            } else if x.is_finite() && y.is_finite() {
                // The distance of two finite doubles may be too large for a double.
                let exponent = if difference.is_finite() { exponent_of(difference) } else { 1023 };
                self.by_exponent[(exponent - SMALLEST_EXPONENT) as usize] += 1;
            } else {
                self.nonfinite_mismatches += 1;
            }
        }
    }

    fn add_to(&self, histogram: &mut ErrorHistogram) {
        histogram.zeros += self.zeros;
        histogram.nonfinite_mismatches += self.nonfinite_mismatches;
        let known = histogram.octaves.iter().map(|octave| (octave.exponent, octave.samples));
        let mut octaves: BTreeMap<i32, u64> = known.collect();
        for (place, samples) in self.by_exponent.iter().enumerate().filter(|(_, samples)| **samples > 0) {
            *octaves.entry(place as i32 + SMALLEST_EXPONENT).or_default() += samples;
        }
        let octaves = octaves.into_iter().map(|(exponent, samples)| Octave { exponent, samples });
        histogram.octaves = octaves.collect();
    }
}

/// The largest e with 2^e <= `value`, which is finite and above 0.
fn exponent_of(value: f64) -> i32 {
    const FRACTION_BITS: u32 = f64::MANTISSA_DIGITS - 1;
    let biased = (value.to_bits() >> FRACTION_BITS) as i32;
    if biased > 0 {
        return biased - 1023;
    }
    // A subnormal number is its fraction times 2^-1074.
    63 - value.to_bits().leading_zeros() as i32 + SMALLEST_EXPONENT
}

/// Counts frame by frame, in frame order.
#[derive(Debug, Clone)]
pub struct SpreadMeter {
    frames_per_point: usize,
    frames: usize,
    frame_rmse: Vec<f64>,
    counts: Counts,
}

impl SpreadMeter {
    /// A meter for a stack of so many frames.
    pub fn new(frames: usize) -> Self {
        let frames_per_point = frames.div_ceil(MOST_POINTS).max(1);
        Self { frames_per_point, frames: 0, frame_rmse: Vec::new(), counts: Counts::default() }
    }

    /// Takes the next frame.
    pub fn add(&mut self, frame: &ComparedFrame<'_>) {
        let errors = frame.errors;
        let mse = if errors.finite_pairs > 0 { errors.sum_squares / errors.finite_pairs as f64 } else { 0.0 };
        let rmse = mse.sqrt();
        match self.frame_rmse.last_mut() {
            Some(last) if !self.frames.is_multiple_of(self.frames_per_point) => *last = last.max(rmse),
            _ => self.frame_rmse.push(rmse),
        }
        self.frames += 1;
        if errors.differing == 0 {
            self.counts.zeros += errors.samples;
        } else {
            self.counts.add(frame.original, frame.decoded);
        }
    }

    /// What was counted.
    pub fn finish(self) -> ErrorSpread {
        let mut histogram = ErrorHistogram::default();
        self.counts.add_to(&mut histogram);
        ErrorSpread { frames_per_point: self.frames_per_point as u64, frame_rmse: self.frame_rmse, histogram }
    }
}

#[cfg(test)]
mod tests {
    use stack_core::measure::FrameErrors;

    use super::*;

    fn add(meter: &mut SpreadMeter, original: &FrameBuf, decoded: &FrameBuf) {
        let errors = FrameErrors::between(original, decoded).unwrap();
        meter.add(&ComparedFrame { index: 0, original, decoded, errors: &errors });
    }

    #[test]
    fn frames_beyond_the_limit_share_points_and_keep_their_peaks() {
        let mut meter = SpreadMeter::new(2 * MOST_POINTS + 1);
        let zero = FrameBuf::U8(vec![0, 0]);
        for frame in 0..2 * MOST_POINTS + 1 {
            add(&mut meter, &zero, &FrameBuf::U8(vec![u8::from(frame == 4) * 2; 2]));
        }
        let spread = meter.finish();
        assert_eq!(spread.frames_per_point, 3);
        assert_eq!(spread.frame_rmse.len(), (2 * MOST_POINTS + 1).div_ceil(3));
        assert_eq!(spread.frame_rmse[..3], [0.0, 2.0, 0.0]);
        assert_eq!(spread.histogram.octaves, [Octave { exponent: 1, samples: 2 }]);
        assert_eq!(spread.histogram.zeros, 2 * 2 * MOST_POINTS as u64);
    }

    #[test]
    fn values_that_are_not_finite_are_counted_as_the_measures_do() {
        let (nan, inf) = (f64::NAN, f64::INFINITY);
        let original = FrameBuf::F64(vec![nan, inf, inf, nan, 0.0, f64::MAX, 0.0, -0.0]);
        let decoded = FrameBuf::F64(vec![nan, inf, -inf, 1.0, 5e-324, -f64::MAX, 1.5, 0.0]);
        let mut meter = SpreadMeter::new(1);
        add(&mut meter, &original, &decoded);
        let histogram = meter.finish().histogram;
        let errors = FrameErrors::between(&original, &decoded).unwrap();
        assert_eq!(histogram.nonfinite_mismatches, errors.nonfinite_mismatches);
        assert_eq!(histogram.zeros, 3);
        let found: Vec<(i32, u64)> = histogram.octaves.iter().map(|o| (o.exponent, o.samples)).collect();
        assert_eq!(found, [(-1074, 1), (0, 1), (1023, 1)]);
    }

    #[test]
    fn spreads_read_back_from_json() {
        let octaves = vec![Octave { exponent: -3, samples: 7 }];
        let histogram = ErrorHistogram { zeros: 1, nonfinite_mismatches: 2, octaves };
        let spread = ErrorSpread { frames_per_point: 2, frame_rmse: vec![0.1, f64::INFINITY], histogram };
        let text = serde_json::to_string(&spread).unwrap();
        assert!(text.contains(r#""frame_rmse":[0.1,"inf"]"#), "{text}");
        assert_eq!(serde_json::from_str::<ErrorSpread>(&text).unwrap(), spread);
    }

    proptest::proptest! {
        #[test]
        fn exponents_are_those_of_the_definition(bits in 1..0x7ff0_0000_0000_0000_u64) {
            let value = f64::from_bits(bits);
            let exponent = exponent_of(value);
            // Powers of two down to the smallest, without rounding.
            let power = |exponent: i32| 2_f64.powi(exponent / 2) * 2_f64.powi(exponent - exponent / 2);
            proptest::prop_assert!(power(exponent) <= value);
            proptest::prop_assert!(exponent == 1023 || value < power(exponent + 1));
        }
    }
}
