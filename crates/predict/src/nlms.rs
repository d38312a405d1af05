//! A linear predictor that learns as it goes: normalised least mean squares, in integers.
//!
//! ```text
//! b     = mean of W and N; with earlier frames, mean of that and T
//! d     = neighbours - b                               W, N, NW, NE, WW, NN; T, TW, TN, TE, TS, TNW, U
//! x     ~ clamp(b + round(sum of w d / 2^16))
//! e     = x - its prediction
//! w    += rate * 2^16 * e d / (1 + sum of d^2)         rate = 2^-6, the quotient rounded towards zero
//! ```
//!
//! The decoder knows `e` after each sample, so it takes the same steps, and no weights are stored: where
//! [`least_squares`](crate::least_squares) pays for each block. It goes on learning from frame to frame. Before the
//! step, `d` and `e` are shifted right together until all d are below 2^20: the step does not change by a common
//! factor, and everything fits in 64 bits. There are no floats, so encoder and decoder agree on every machine.
//! As with every weighted sum, floats gain little, because their keys are not even steps.
//!
//! On still scenes give the mean of the earlier frames ([`running_mean`](crate::running_mean)) as the frame before the
//! previous one: [`Candidate::NlmsMean`](crate::ranking::Candidate::NlmsMean) does.
//! Source: B. Widrow, M. E. Hoff, "Adaptive switching circuits", 1960; J. Nagumo, A. Noda, "A learning method for
//! system identification", IEEE Trans. Automatic Control 12, 1967, for the division by the power.
//!
//! ```
//! use stack_predict::{Earlier, Nlms, Shape};
//! // Stripes: WW predicts them, and the predictor finds out.
//! let (shape, frame) = (Shape::new(1, 4096)?, [20_u8, 80].repeat(2048));
//! let mut codes = vec![0; 4096];
//! Nlms::new().encode(shape, &frame, Earlier::None, &mut codes)?;
//! assert_eq!((codes[2], codes[4095]), (119, 0)); // a residual of -60 at first, none in the end
//!
//! let mut back = vec![0; 4096];
//! Nlms::new().decode(shape, &codes, Earlier::None, &mut back)?;
//! assert_eq!(back, frame);
//! # Ok::<(), stack_predict::Error>(())
//! ```
//!
//! Cost: 39 multiplications and one division a sample, each sample after the other, in both directions.
//! Exercise: two predictors with different rates, of which the better one of the last samples counts: what is gained?

use crate::linear::{self, above, in_order, moved};
use crate::{Earlier, Error, Key, Neighbours, Ordered, Shape, residual};

/// Bits of a weight after the point.
const FRACTION_BITS: u32 = 16;
/// Weights stay within 16 on either side.
const LARGEST_WEIGHT: i64 = 16 << FRACTION_BITS;
/// Differences are below 2 to this before a step.
const STEP_BITS: u32 = 20;
/// Bits of the step's factor after the point: 16 for the weight, 12 more so that it is not rounded to nothing, less 6
/// for the rate.
const FACTOR_BITS: u32 = 22;
/// What of them is taken off after the multiplication.
const SURPLUS_BITS: u32 = 12;

/// The weights as they are now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nlms {
    weights: [i64; linear::ALL],
}

impl Default for Nlms {
    fn default() -> Self {
        Self::new()
    }
}

impl Nlms {
    /// Weights of zero: the first prediction is the mean.
    #[must_use]
    pub fn new() -> Self {
        Self { weights: [0; linear::ALL] }
    }

    /// The prediction of one sample, and what [`Nlms::learn`] needs.
    fn predict<K: Key>(&self, near: &Neighbours<K>, has_earlier: bool) -> (K, [i64; linear::ALL]) {
        let spatial = near.west.average(near.north);
        let base = if has_earlier { spatial.average(near.previous.here) } else { spatial };
        let count = if has_earlier { linear::ALL } else { linear::SPATIAL };
        let mut differences = [0; linear::ALL];
        for (difference, key) in differences.iter_mut().zip(in_order(near)).take(count) {
            *difference = above(key, base);
        }
        let sum: i64 = self.weights.iter().zip(&differences).map(|(weight, d)| weight * d).sum();
        let offset = (sum + (1 << (FRACTION_BITS - 1))) >> FRACTION_BITS;
        (moved(base, offset), differences)
    }

    /// One step, after the sample is known.
    fn learn(&mut self, mut error: i64, mut differences: [i64; linear::ALL]) {
        let largest = differences.iter().map(|d| d.unsigned_abs()).max().unwrap_or(0);
        let shift = (u64::BITS - largest.leading_zeros()).saturating_sub(STEP_BITS);
        differences.iter_mut().for_each(|d| *d >>= shift);
        error = (error >> shift).clamp(-(1 << (STEP_BITS + 2)), 1 << (STEP_BITS + 2));
        // At most 2^20 each, 13 of them: below 2^44. The factor is below 2^44, and a factor times d not above it,
        // because the sum has the square of each d.
        let power: i64 = 1 + differences.iter().map(|d| d * d).sum::<i64>();
        let factor = (error << FACTOR_BITS) / power;
        for (weight, d) in self.weights.iter_mut().zip(differences) {
            let step = (factor * d) / (1 << SURPLUS_BITS);
            *weight = (*weight + step).clamp(-LARGEST_WEIGHT, LARGEST_WEIGHT);
        }
    }

    /// The codes of the next frame; the weights go on from those of the frames before.
    ///
    /// # Errors
    /// [`Error::Length`] if a slice has not the shape; nothing is learnt then.
    pub fn encode<S: Ordered>(
        &mut self,
        shape: Shape,
        frame: &[S],
        earlier: Earlier<'_, S>,
        codes: &mut [S::Key],
    ) -> Result<(), Error> {
        shape.check("frame", frame.len())?;
        shape.check("codes", codes.len())?;
        earlier.check(shape)?;
        let has_earlier = earlier.previous().is_some();
        for (index, code) in codes.iter_mut().enumerate() {
            let (y, x) = (index / shape.width(), index % shape.width());
            let near = Neighbours::at(shape, frame, earlier, y, x);
            let (prediction, differences) = self.predict(&near, has_earlier);
            *code = residual::code(frame[index], prediction);
            self.learn(above(frame[index].to_key(), prediction), differences);
        }
        Ok(())
    }

    /// The next frame; the inverse of [`Nlms::encode`].
    ///
    /// # Errors
    /// As [`Nlms::encode`].
    pub fn decode<S: Ordered>(
        &mut self,
        shape: Shape,
        codes: &[S::Key],
        earlier: Earlier<'_, S>,
        frame: &mut [S],
    ) -> Result<(), Error> {
        shape.check("frame", frame.len())?;
        shape.check("codes", codes.len())?;
        earlier.check(shape)?;
        let has_earlier = earlier.previous().is_some();
        for (index, &code) in codes.iter().enumerate() {
            let (y, x) = (index / shape.width(), index % shape.width());
            let near = Neighbours::at(shape, frame, earlier, y, x);
            let (prediction, differences) = self.predict(&near, has_earlier);
            frame[index] = residual::sample(code, prediction);
            self.learn(above(frame[index].to_key(), prediction), differences);
        }
        Ok(())
    }
}
