//! Which predictor leaves the least on a stack: all of them, best first.
//!
//! ```text
//! up to 16 bits   H = - sum of p(c) log2 p(c)      p(c): share of the samples that have code c, over the whole stack
//! wider           H = entropy of n + mean of max(n - 1, 0)      n: bits of the code; its lower bits are counted whole
//! ```
//!
//! That is the entropy of order 0 in bits a sample: what an ideal coder needs that knows the shares and nothing of
//! neighbours. (C. E. Shannon, "A mathematical theory of communication", 1948.) A cube of 32-bit numbers has fewer
//! samples than there are codes, so almost every code occurs once, and their entropy says only how many samples there
//! are; hence the length of the code and its bits, as in the exponential Golomb codes of J. Teuhola, 1978. Weights and
//! vectors that must be stored are added to the bits. The sum is private here, because this crate knows no coder.
//!
//! ```
//! use stack_predict::Shape;
//! use stack_predict::ranking::rank;
//! // A slope that grows brighter from frame to frame.
//! let frames: Vec<Vec<u8>> = (0..3).map(|t| (0..64).map(|n| n % 8 * 3 + n / 8 * 5 + t).collect()).collect();
//! let frames: Vec<&[u8]> = frames.iter().map(Vec::as_slice).collect();
//! let ranking = rank(Shape::new(8, 8)?, &frames)?;
//! assert_eq!(ranking[0].candidate.to_string(), "lorenzo3");
//! assert_eq!(format!("{:.3}", ranking[0].bits), "0.532");
//! assert!(ranking.windows(2).all(|pair| pair[0].bits <= pair[1].bits));
//! # Ok::<(), stack_predict::Error>(())
//! ```
//!
//! Cost: the sum of all candidates; the last ones take most of it, motion by its search. Exercise: why may a
//! predictor with the lower entropy give the larger file?

use std::fmt;

use crate::motion::{compensate, search};
use crate::{
    Blocks, Earlier, Error, Key, Nlms, Ordered, Predictor, RunningMean, Shape, blend, least_squares,
};
use crate::{med::Med, residual, rule};

/// A predictor, with its parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Candidate {
    /// A fixed predictor.
    Fixed(Predictor),
    /// The mean of all earlier frames.
    RunningMean,
    /// Weights learnt on the way.
    Nlms,
    /// Weights learnt on the way, where the mean of all earlier frames stands for the frame before the previous one.
    NlmsMean,
    /// Fixed predictors, weighted by their errors nearby.
    Blend,
    /// Weights for each block of this side.
    LeastSquares {
        /// Side of a block.
        side: usize,
    },
    /// Blocks of this side moved from the previous frame; the first frame by MED.
    Motion {
        /// Side of a block.
        side: usize,
        /// Whole samples of the search in each direction.
        range: u16,
    },
}

impl fmt::Display for Candidate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fixed(predictor) => predictor.fmt(f),
            Self::RunningMean => f.pad("running-mean"),
            Self::Nlms => f.pad("nlms"),
            Self::NlmsMean => f.pad("nlms with mean"),
            Self::Blend => f.pad("blend"),
            Self::LeastSquares { side } => f.pad(&format!("least-squares {side}")),
            Self::Motion { side, range } => f.pad(&format!("motion {side} within {range}")),
        }
    }
}

/// A candidate's place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ranked {
    /// Which one.
    pub candidate: Candidate,
    /// Bits a sample.
    pub bits: f64,
}

/// All candidates: the fixed ones, and the others with blocks of 16 (of the whole frame, where that is smaller).
#[must_use]
pub fn candidates(shape: Shape) -> Vec<Candidate> {
    let side = 16.min(shape.height()).min(shape.width());
    let fixed = Predictor::ALL.iter().map(|&predictor| Candidate::Fixed(predictor));
    let others = [
        Candidate::RunningMean,
        Candidate::Nlms,
        Candidate::NlmsMean,
        Candidate::Blend,
        Candidate::LeastSquares { side: (4 * side).min(shape.height()).min(shape.width()) },
        Candidate::Motion { side, range: 4 },
    ];
    fixed.chain(others).collect()
}

/// All [`candidates`] on a stack, best first; those that are equal in their order.
///
/// # Errors
/// [`Error::NoFrames`] without frames, [`Error::Length`] if a frame has not the shape.
pub fn rank<S: Ordered>(shape: Shape, frames: &[&[S]]) -> Result<Vec<Ranked>, Error> {
    rank_of(shape, frames, &candidates(shape))
}

/// The given candidates on a stack, best first.
///
/// # Errors
/// As [`rank`]; [`Error::Block`] and [`Error::Parameter`] for parameters that do not fit.
pub fn rank_of<S: Ordered>(
    shape: Shape,
    frames: &[&[S]],
    candidates: &[Candidate],
) -> Result<Vec<Ranked>, Error> {
    let mut ranked = Vec::with_capacity(candidates.len());
    for &candidate in candidates {
        ranked.push(measure(shape, frames, candidate, |_| {})?);
    }
    ranked.sort_by(|a, b| a.bits.total_cmp(&b.bits));
    Ok(ranked)
}

/// One candidate on a stack; `look` gets the codes of each frame, for what else is to be known of them.
///
/// ```
/// use stack_predict::ranking::{Candidate, measure};
/// use stack_predict::{Predictor, Shape};
/// let (shape, west) = (Shape::new(1, 4)?, Candidate::Fixed(Predictor::West));
/// let mut all = Vec::new();
/// let ranked = measure(shape, &[&[5_u8, 6, 6, 4]], west, |codes| all.extend_from_slice(codes))?;
/// assert_eq!((all.as_slice(), ranked.bits), ([10, 2, 0, 3].as_slice(), 2.0));
/// # Ok::<(), stack_predict::Error>(())
/// ```
///
/// # Errors
/// As [`rank_of`].
pub fn measure<S: Ordered>(
    shape: Shape,
    frames: &[&[S]],
    candidate: Candidate,
    mut look: impl FnMut(&[S::Key]),
) -> Result<Ranked, Error> {
    let mut counts = Counts::new(S::Key::BITS);
    let side_bits = walk(shape, frames, candidate, |codes| {
        codes.iter().for_each(|code| counts.add(code.widened()));
        look(codes);
    })?;
    let samples = (shape.len() * frames.len()) as f64;
    Ok(Ranked { candidate, bits: counts.bits_a_sample() + side_bits as f64 / samples })
}

/// Gives the codes of each frame to `look`; the bits that are stored beside them: weights and vectors.
fn walk<S: Ordered>(
    shape: Shape,
    frames: &[&[S]],
    candidate: Candidate,
    mut look: impl FnMut(&[S::Key]),
) -> Result<u64, Error> {
    if frames.is_empty() {
        return Err(Error::NoFrames);
    }
    let mut codes = vec![S::Key::ZERO; shape.len()];
    let mut side_bits = 0_u64;
    let (mut mean, mut nlms) = (RunningMean::new(shape), Nlms::new());
    for (index, &frame) in frames.iter().enumerate() {
        let earlier = Earlier::of(frames, index);
        match candidate {
            Candidate::Fixed(predictor) => predictor.encode(shape, frame, earlier, &mut codes)?,
            Candidate::RunningMean => mean.encode(frame, &mut codes)?,
            Candidate::Nlms => nlms.encode(shape, frame, earlier, &mut codes)?,
            Candidate::NlmsMean => {
                let means: Vec<S> = mean.prediction().iter().map(|&key| S::from_key(key)).collect();
                let earlier =
                    earlier.previous().map_or(Earlier::None, |previous| Earlier::Two(previous, &means));
                nlms.encode(shape, frame, earlier, &mut codes)?;
                mean.push(frame)?;
            }
            Candidate::Blend => blend::encode(shape, frame, earlier, &mut codes)?,
            Candidate::LeastSquares { side } => {
                let blocks = Blocks::new(shape, side)?;
                let weights = least_squares::fit(blocks, frame, earlier)?;
                least_squares::encode(blocks, &weights, frame, earlier, &mut codes)?;
                side_bits += 16 * weights.iter().flatten().filter(|&&weight| weight != 0).count() as u64;
            }
            Candidate::Motion { side, range } => {
                let blocks = Blocks::new(shape, side)?;
                if let Some(previous) = earlier.previous() {
                    let vectors = search(blocks, frame, previous, range)?;
                    let mut prediction = vec![S::Key::ZERO; shape.len()];
                    compensate(blocks, previous, &vectors, &mut prediction)?;
                    residual::encode(frame, &prediction, &mut codes)?;
                    // Each part of a vector is one of 4 range + 3 numbers.
                    let bits_a_part = u64::from(u32::BITS - (4 * u32::from(range) + 2).leading_zeros());
                    side_bits += 2 * bits_a_part * vectors.len() as u64;
                } else {
                    rule::encode::<Med, S>(shape, frame, earlier, &mut codes)?;
                }
            }
        }
        look(&codes);
    }
    Ok(side_bits)
}

/// How often each code occurs; of wide codes, each length.
struct Counts {
    counts: Vec<u64>,
    /// Whether lengths are counted.
    wide: bool,
    lower_bits: u64,
}

impl Counts {
    fn new(bits: u32) -> Self {
        let wide = bits > 16;
        Self { counts: vec![0; if wide { bits as usize + 1 } else { 1 << bits }], wide, lower_bits: 0 }
    }

    fn add(&mut self, code: u128) {
        if self.wide {
            let length = u128::BITS - code.leading_zeros();
            self.counts[length as usize] += 1;
            self.lower_bits += u64::from(length.saturating_sub(1));
        } else {
            self.counts[code as usize] += 1;
        }
    }

    fn bits_a_sample(&self) -> f64 {
        let total = self.counts.iter().sum::<u64>() as f64;
        let share = |&count: &u64| count as f64 / total;
        let entropy: f64 =
            self.counts.iter().filter(|&&count| count > 0).map(share).map(|p| p * (1.0 / p).log2()).sum();
        entropy + self.lower_bits as f64 / total
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bits(codes: &[u128], width: u32) -> f64 {
        let mut counts = Counts::new(width);
        codes.iter().for_each(|&code| counts.add(code));
        counts.bits_a_sample()
    }

    #[test]
    fn entropies_that_can_be_told_by_hand() {
        assert_eq!(bits(&[5; 9], 8), 0.0);
        assert_eq!(bits(&(0..256).collect::<Vec<_>>(), 8), 8.0);
        assert_eq!(bits(&[0, 0, 1, 65_535], 16), 1.5);
        // Lengths 0, 1, 3, 3: 1.5 bits for the length, and 2 + 2 lower bits for 4 samples.
        assert_eq!(bits(&[0, 1, 4, 7], 32), 1.5 + 1.0);
        assert_eq!(bits(&[u64::MAX.into(), 0], 64), 1.0 + 31.5);
    }

    #[test]
    fn small_frames_and_no_frames() {
        for (height, width) in [(1, 1), (1, 5), (5, 1), (3, 3)] {
            let shape = Shape::new(height, width).unwrap();
            let frame = vec![7_u16; shape.len()];
            let ranking = rank(shape, &[&frame, &frame]).unwrap();
            assert_eq!(ranking.len(), Predictor::ALL.len() + 6);
            assert_eq!(rank::<u16>(shape, &[]), Err(Error::NoFrames));
            assert!(matches!(rank(shape, &[&frame[1..]]), Err(Error::Length { .. })));
        }
    }

    #[test]
    fn parameters_that_do_not_fit() {
        let (shape, frame) = (Shape::new(2, 2).unwrap(), [1_u8; 4]);
        let one = |candidate| rank_of(shape, &[&frame[..], &frame], &[candidate]);
        assert!(matches!(one(Candidate::LeastSquares { side: 3 }), Err(Error::Block { .. })));
        assert!(matches!(one(Candidate::Motion { side: 0, range: 1 }), Err(Error::Block { .. })));
        assert!(matches!(one(Candidate::Motion { side: 1, range: 9999 }), Err(Error::Parameter { .. })));
    }
}
