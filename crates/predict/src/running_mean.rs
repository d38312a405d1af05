//! The mean of all earlier frames, pixel by pixel: for a fixed camera with noise.
//!
//! ```text
//! x ~ round((T1 + T2 + ... + Tn) / n)          halves upwards; the first frame by MED
//! ```
//!
//! A still scene with noise of variance v leaves `v (1 + 1/n)` after the mean of n frames, and `2 v` after one: up to
//! half a bit a sample. Where things move, their traces stay in the mean, and
//! [`previous_frame`](crate::previous_frame) is better. The mean is one of keys ([`Ordered`]): for floats that is not
//! the mean of the numbers, but lies between the lowest and the highest too. Source: the pixelwise background mean of
//! video surveillance, such as M. Piccardi, "Background subtraction techniques: a review", 2004.
//!
//! ```
//! use stack_predict::{RunningMean, Shape};
//! let mut encoder = RunningMean::<u8>::new(Shape::new(1, 2)?);
//! let mut decoder = encoder.clone();
//! let expected = [[20, 20], [6, 4], [0, 5]]; // the means before the third frame: 12 and 21
//! for (frame, expected) in [[10, 20], [13, 22], [12, 18]].iter().zip(expected) {
//!     let (mut codes, mut back) = ([0; 2], [0; 2]);
//!     encoder.encode(frame, &mut codes)?;
//!     assert_eq!(codes, expected);
//!     decoder.decode(&codes, &mut back)?;
//!     assert_eq!(back, *frame);
//! }
//! # Ok::<(), stack_predict::Error>(())
//! ```
//!
//! Cost: one division a sample and frame; 8 bytes of memory a sample, 16 for 64-bit types. Exercise: replace the mean
//! by `m + (x - m) / 2^k`, which forgets old frames: what does it gain, and which part of v does it lose?

use crate::med::Med;
use crate::{Earlier, Error, Key, Ordered, Shape, residual, rule};

/// The sums of all frames so far.
#[derive(Debug, Clone)]
pub struct RunningMean<S: Ordered> {
    shape: Shape,
    sums: Vec<<S::Key as Key>::Sum>,
    frames: u32,
    prediction: Vec<S::Key>,
}

impl<S: Ordered> RunningMean<S> {
    /// No frames yet.
    #[must_use]
    pub fn new(shape: Shape) -> Self {
        Self {
            shape,
            sums: vec![Default::default(); shape.len()],
            frames: 0,
            prediction: vec![S::Key::ZERO; shape.len()],
        }
    }

    /// Frames in the mean.
    #[must_use]
    pub fn frames(&self) -> u32 {
        self.frames
    }

    /// The means, as keys; zeros before the first frame.
    #[must_use]
    pub fn prediction(&self) -> &[S::Key] {
        &self.prediction
    }

    /// Adds a frame to the mean.
    ///
    /// # Errors
    /// [`Error::Length`] if the frame has not the shape, [`Error::TooManyFrames`] after 2^32 - 1 frames.
    pub fn push(&mut self, frame: &[S]) -> Result<(), Error> {
        self.shape.check("frame", frame.len())?;
        self.frames = self.frames.checked_add(1).ok_or(Error::TooManyFrames { limit: u32::MAX })?;
        for ((&sample, sum), prediction) in frame.iter().zip(&mut self.sums).zip(&mut self.prediction) {
            *sum = sample.to_key().added_to(*sum);
            *prediction = S::Key::mean(*sum, self.frames);
        }
        Ok(())
    }

    /// The codes of the next frame, which is then part of the mean.
    ///
    /// # Errors
    /// As [`RunningMean::push`]; nothing is added then.
    pub fn encode(&mut self, frame: &[S], codes: &mut [S::Key]) -> Result<(), Error> {
        if self.frames == 0 {
            rule::encode::<Med, S>(self.shape, frame, Earlier::None, codes)?;
        } else {
            self.shape.check("frame", frame.len())?;
            residual::encode(frame, &self.prediction, codes)?;
        }
        self.push(frame)
    }

    /// The next frame, which is then part of the mean; the inverse of [`RunningMean::encode`].
    ///
    /// # Errors
    /// As [`RunningMean::push`]; nothing is added then.
    pub fn decode(&mut self, codes: &[S::Key], frame: &mut [S]) -> Result<(), Error> {
        if self.frames == 0 {
            rule::decode::<Med, S>(self.shape, codes, Earlier::None, frame)?;
        } else {
            self.shape.check("frame", frame.len())?;
            residual::decode(codes, &self.prediction, frame)?;
        }
        self.push(frame)
    }
}

/// The mean of one pixel's samples, by the definition; `None` without samples.
pub fn by_definition<S: Ordered>(samples: &[S]) -> Option<S::Key> {
    let count = samples.len() as u128;
    let sum: u128 = samples.iter().map(|sample| sample.to_key().widened()).sum();
    // Rounded to the nearest: floor(sum / count + 1 / 2), with one division.
    (2 * sum + count).checked_div(2 * count).map(S::Key::narrowed)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check<S: Ordered>(frames: &[Vec<S>]) {
        let shape = Shape::new(1, frames[0].len()).unwrap();
        let mut encoder = RunningMean::<S>::new(shape);
        let mut decoder = encoder.clone();
        for (index, frame) in frames.iter().enumerate() {
            for (pixel, &mean) in encoder.prediction().iter().enumerate() {
                let earlier: Vec<S> = frames[..index].iter().map(|frame| frame[pixel]).collect();
                assert_eq!(mean, by_definition(&earlier).unwrap_or(S::Key::ZERO));
            }
            let mut codes = vec![S::Key::ZERO; frame.len()];
            encoder.encode(frame, &mut codes).unwrap();
            let mut back = vec![S::from_key(S::Key::HIGHEST); frame.len()];
            decoder.decode(&codes, &mut back).unwrap();
            let keys = |samples: &[S]| samples.iter().map(|sample| sample.to_key()).collect::<Vec<_>>();
            assert_eq!(keys(&back), keys(frame));
        }
    }

    proptest! {
        #[test]
        fn any_stack_comes_back(bits in prop::collection::vec(prop::array::uniform3(any::<u64>()), 1..9)) {
            fn cast<S>(bits: &[[u64; 3]], to: impl Fn(u64) -> S) -> Vec<Vec<S>> {
                bits.iter().map(|frame| frame.iter().map(|&x| to(x)).collect()).collect()
            }
            check(&cast(&bits, |x| x as u8));
            check(&cast(&bits, |x| x as u16));
            check(&cast(&bits, |x| x as i16));
            check(&cast(&bits, |x| x as i32));
            check(&cast(&bits, |x| f32::from_bits(x as u32)));
            check(&cast(&bits, f64::from_bits));
        }
    }

    #[test]
    fn a_wrong_frame_leaves_the_mean_alone() {
        let mut mean = RunningMean::<u8>::new(Shape::new(1, 2).unwrap());
        mean.push(&[1, 2]).unwrap();
        assert!(mean.push(&[1]).is_err());
        assert!(mean.encode(&[1, 2, 3], &mut [0; 3]).is_err());
        assert!(mean.encode(&[1, 2], &mut [0; 3]).is_err());
        assert!(mean.decode(&[1], &mut [0; 2]).is_err());
        assert_eq!((mean.frames(), mean.prediction()), (1, &[1, 2][..]));
    }
}
