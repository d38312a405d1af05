//! Each sample as its distance to the nearer of its pixel's lowest and highest value.
//!
//! Over the keys of [`Ordered`], of `w` bits, with the pixel's lowest key `low` and highest key `high` over the whole
//! stack:
//!
//! ```text
//! distance  = min(x - low, high - x)
//! from_high = 1 where high - x < x - low, else 0         a tie counts from the lowest
//! code      = distance * 2 + from_high
//!
//! x         = low + code / 2     where code is even
//!             high - code / 2    where code is odd
//! ```
//!
//! Both distances together are `high - low`, so the smaller one is below 2^(w-1), and the code fits in `w` bits. More
//! than that: the codes of the values `low..=high` are exactly `0..=high - low`, each once. So a code above
//! `high - low` is damage, and a sample outside of `low..=high` has no code; both are errors.
//!
//! Pixels that are near one of two levels most of the time (a light that blinks, a mask, a detector that saturates)
//! get small codes, which is what the compressor behind this stage needs.
//!
//! ```
//! use stack_predict::nearer_extreme::encode;
//! let mut codes = [0; 5];
//! encode(&[100_u16, 101, 550, 999, 1000], &[100; 5], &[1000; 5], &mut codes)?;
//! assert_eq!(codes, [0, 2, 900, 3, 1]);
//! # Ok::<(), stack_predict::nearer_extreme::OutOfRange>(())
//! ```
//!
//! Whole frames, there and back:
//!
//! ```
//! use stack_predict::nearer_extreme;
//!
//! // Three frames of two pixels; the extremes of each pixel over all of them.
//! let frames = [[10_u8, 200], [90, 0], [12, 180]];
//! let (mut lowest, mut highest) = (frames[0], frames[0]);
//! for frame in &frames {
//!     nearer_extreme::widen(frame, &mut lowest, &mut highest);
//! }
//! assert_eq!((lowest, highest), ([10, 0], [90, 200]));
//!
//! let mut codes = [0; 2];
//! nearer_extreme::encode(&frames[2], &lowest, &highest, &mut codes)?;
//! assert_eq!(codes, [2 * 2, 20 * 2 + 1]); // 2 above the lowest, 20 below the highest
//!
//! let mut decoded = [0; 2];
//! nearer_extreme::decode(&codes, &lowest, &highest, &mut decoded)?;
//! assert_eq!(decoded, frames[2]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Cost: one comparison and two subtractions a sample, each way; two frames of extremes are held and stored.
//!
//! Exercise: which stacks make this smaller than the distance to the lowest value alone, and by how many bits at most?

use std::error::Error;
use std::fmt;

use crate::{Key, Ordered};

/// A sample lies outside of the extremes that it should be coded with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OutOfRange {
    /// Which sample of the frame, counted from 0.
    pub index: usize,
}

impl fmt::Display for OutOfRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "sample {} is not between the lowest and the highest value of its pixel", self.index)
    }
}

impl Error for OutOfRange {}

/// A code is larger than the distance of the extremes, so that no sample has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidCode {
    /// Which code of the frame, counted from 0.
    pub index: usize,
}

impl fmt::Display for InvalidCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "code {} is larger than the distance of its pixel's extremes", self.index)
    }
}

impl Error for InvalidCode {}

/// Makes room for `samples` between `lowest` and `highest`: both begin as copies of the first frame.
///
/// # Panics
/// If the slices differ in length.
pub fn widen<S: Ordered>(samples: &[S], lowest: &mut [S], highest: &mut [S]) {
    same_length(samples.len(), lowest.len(), highest.len(), samples.len());
    for ((&sample, low), high) in samples.iter().zip(lowest).zip(highest) {
        let key = sample.to_key();
        if key < low.to_key() {
            *low = sample;
        }
        if key > high.to_key() {
            *high = sample;
        }
    }
}

/// The code of one sample, word for word by the definition; `None` for a sample outside of the extremes.
///
/// [`encode`] does the same, faster.
pub fn code_by_definition<S: Ordered>(sample: S, lowest: S, highest: S) -> Option<u128> {
    let [x, low, high] = [sample, lowest, highest].map(|number| number.to_key().widened());
    let (above_low, below_high) = (x.checked_sub(low)?, high.checked_sub(x)?);
    let distance = above_low.min(below_high);
    let from_high = u128::from(below_high < above_low);
    Some(distance * 2 + from_high)
}

/// The codes of a frame.
///
/// # Errors
/// [`OutOfRange`] with the first sample that is not between its extremes; `codes` is of no use then.
///
/// # Panics
/// If the slices differ in length.
pub fn encode<S: Ordered>(
    samples: &[S],
    lowest: &[S],
    highest: &[S],
    codes: &mut [S::Key],
) -> Result<(), OutOfRange> {
    same_length(samples.len(), lowest.len(), highest.len(), codes.len());
    let mut outside = false;
    for (((code, &sample), &low), &high) in codes.iter_mut().zip(samples).zip(lowest).zip(highest) {
        let (x, low, high) = (sample.to_key(), low.to_key(), high.to_key());
        outside |= x < low || x > high;
        let (above_low, below_high) = (x.minus(low), high.minus(x));
        let from_high = below_high < above_low;
        *code = if from_high { below_high } else { above_low }.shifted_in(from_high);
    }
    if !outside {
        return Ok(());
    }
    let between =
        |((sample, low), high): ((&S, &S), &S)| (low.to_key()..=high.to_key()).contains(&sample.to_key());
    let index = samples.iter().zip(lowest).zip(highest).position(|sample| !between(sample));
    Err(OutOfRange { index: index.unwrap_or(0) })
}

/// The samples of a frame, from untrusted codes.
///
/// # Errors
/// [`InvalidCode`] with the first code that no sample has, which is damage; `samples` are of no use then.
///
/// # Panics
/// If the slices differ in length.
pub fn decode<S: Ordered>(
    codes: &[S::Key],
    lowest: &[S],
    highest: &[S],
    samples: &mut [S],
) -> Result<(), InvalidCode> {
    same_length(codes.len(), lowest.len(), highest.len(), samples.len());
    let mut invalid = false;
    for (((sample, &code), &low), &high) in samples.iter_mut().zip(codes).zip(lowest).zip(highest) {
        let (low, high) = (low.to_key(), high.to_key());
        // Where the extremes themselves are damaged, their distance may be negative.
        invalid |= high < low || code > high.minus(low);
        let distance = code.half();
        *sample = S::from_key(if code.is_odd() { high.minus(distance) } else { low.plus(distance) });
    }
    if !invalid {
        return Ok(());
    }
    let valid = |((&code, low), high): ((&S::Key, &S), &S)| {
        let (low, high) = (low.to_key(), high.to_key());
        low <= high && code <= high.minus(low)
    };
    let index = codes.iter().zip(lowest).zip(highest).position(|code| !valid(code));
    Err(InvalidCode { index: index.unwrap_or(0) })
}

fn same_length(samples: usize, lowest: usize, highest: usize, codes: usize) {
    assert!(
        samples == lowest && samples == highest && samples == codes,
        "a frame, its extremes and its codes have the same length"
    );
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_value_between_all_extremes_of_a_byte() {
        for low in 0..=255_u8 {
            for high in low..=255 {
                let samples: Vec<u8> = (low..=high).collect();
                let (lowest, highest) = (vec![low; samples.len()], vec![high; samples.len()]);
                let mut codes = vec![0; samples.len()];
                encode(&samples, &lowest, &highest, &mut codes).unwrap();
                let slow: Vec<u128> =
                    samples.iter().map(|&x| code_by_definition(x, low, high).unwrap()).collect();
                assert_eq!(codes.iter().map(|&code| u128::from(code)).collect::<Vec<_>>(), slow);
                let mut back = vec![0; samples.len()];
                decode(&codes, &lowest, &highest, &mut back).unwrap();
                assert_eq!(back, samples);
                // The codes are the numbers from 0 to the distance, each once.
                codes.sort_unstable();
                assert_eq!(codes, (0..=high - low).collect::<Vec<_>>());
            }
        }
    }

    #[test]
    fn what_is_outside_is_named() {
        let error = encode(&[5_u8, 9, 4], &[5; 3], &[8; 3], &mut [0; 3]).unwrap_err();
        assert_eq!(error, OutOfRange { index: 1 });
        assert_eq!(code_by_definition(9_u8, 5, 8), None);
        assert_eq!(decode(&[0, 3, 4], &[5_u8; 3], &[8; 3], &mut [0; 3]), Err(InvalidCode { index: 2 }));
        // Extremes that are damaged themselves.
        assert_eq!(decode(&[0], &[8_u8], &[5], &mut [0]), Err(InvalidCode { index: 0 }));
    }

    #[test]
    fn codes_of_floats_are_fixed() {
        let samples = [0.0_f32, -0.0, 1.0, f32::NAN, f32::NEG_INFINITY];
        let (mut lowest, mut highest) = ([0.0_f32; 5], [0.0_f32; 5]);
        lowest[0] = -0.0;
        highest[2] = f32::from_bits(0x3f80_0001);
        (lowest[1], lowest[4], highest[3]) = (-0.0, f32::NEG_INFINITY, f32::NAN);
        let mut codes = [0; 5];
        encode(&samples, &lowest, &highest, &mut codes).unwrap();
        // -0 and +0 are neighbours: between them, +0 is 0 below the highest, and its code is 0 * 2 + 1.
        assert_eq!(codes, [1, 0, 3, 1, 0]);
        let mut back = [7.0; 5];
        decode(&codes, &lowest, &highest, &mut back).unwrap();
        assert_eq!(back.map(f32::to_bits), samples.map(f32::to_bits));
    }

    /// Frames of a stack: the extremes of each pixel, codes by both forms, and back.
    fn round_trip<S: Ordered>(frames: &[Vec<S>]) {
        let (mut lowest, mut highest) = (frames[0].clone(), frames[0].clone());
        frames.iter().for_each(|frame| widen(frame, &mut lowest, &mut highest));
        for frame in frames {
            let mut codes = vec![S::Key::ZERO; frame.len()];
            encode(frame, &lowest, &highest, &mut codes).unwrap();
            for (pixel, &code) in codes.iter().enumerate() {
                let slow = code_by_definition(frame[pixel], lowest[pixel], highest[pixel]);
                assert_eq!(Some(code.widened()), slow);
            }
            let mut back = highest.clone();
            decode(&codes, &lowest, &highest, &mut back).unwrap();
            let keys = |samples: &[S]| samples.iter().map(|sample| sample.to_key()).collect::<Vec<_>>();
            assert_eq!(keys(&back), keys(frame));
        }
    }

    proptest! {
        #[test]
        fn any_stack_of_any_type_comes_back(bits in prop::collection::vec(prop::array::uniform3(any::<u64>()), 1..6)) {
            let frames = |of: &dyn Fn(u64) -> u64| -> Vec<Vec<u64>> {
                bits.iter().map(|frame| frame.iter().map(|&x| of(x)).collect()).collect()
            };
            let all = frames(&|x| x);
            fn cast<S>(frames: &[Vec<u64>], to: impl Fn(u64) -> S + Copy) -> Vec<Vec<S>> {
                frames.iter().map(|frame| frame.iter().map(|&x| to(x)).collect()).collect()
            }
            round_trip(&cast(&all, |x| x as u8));
            round_trip(&cast(&all, |x| x as i8));
            round_trip(&cast(&all, |x| x as u16));
            round_trip(&cast(&all, |x| x as i16));
            round_trip(&cast(&all, |x| x as i32));
            round_trip(&cast(&all, |x| x as u32));
            round_trip(&cast(&all, |x| f32::from_bits(x as u32)));
            round_trip(&cast(&all, f64::from_bits));
            round_trip(&cast(&all, |x| x as i64));
            round_trip(&all);
        }

        #[test]
        fn codes_that_are_accepted_are_the_codes_of_what_they_give(
            codes in prop::array::uniform4(any::<u16>()),
            lowest in prop::array::uniform4(any::<i16>()),
            highest in prop::array::uniform4(any::<i16>()),
        ) {
            let mut samples = [0; 4];
            if decode(&codes, &lowest, &highest, &mut samples).is_ok() {
                let mut again = [0; 4];
                encode(&samples, &lowest, &highest, &mut again).unwrap();
                prop_assert_eq!(again, codes);
            }
        }
    }
}
