//! The mean of several frames, pixel by pixel.
//!
//! ```text
//! mean = number whose key is floor((key(x1) + ... + key(xn) + floor(n / 2)) / n)
//! ```
//!
//! Of integers that is the mean rounded to the nearest, halves upwards. Of floats it is the mean of their
//! [keys](crate::ordered), in which equal steps are equal numbers of representable floats: between the lowest and the
//! highest of them, the same in whatever order they come, and a number for NaN too. Residuals of keys are smallest
//! around it. [`RunningMean`](crate::RunningMean) is its sibling that goes on frame by frame.
//!
//! ```
//! use stack_predict::FrameMean;
//! let mut mean = FrameMean::<i16>::new(2);
//! mean.push(&[-3, 7])?;
//! mean.push(&[-2, 9])?;
//! let mut found = [0; 2];
//! mean.write(&mut found)?;
//! assert_eq!(found, [-2, 8]); // -2.5 goes up
//! # Ok::<(), stack_predict::Error>(())
//! ```
//!
//! Cost: one addition a sample, one division a pixel; 8 bytes a pixel, 16 for `f64`. Exercise: which two floats have 0
//! as the mean of their keys, and as their mean?

use crate::error::same_length;
use crate::{Error, Key, Ordered};

/// The sums of frames.
#[derive(Debug, Clone)]
pub struct FrameMean<S: Ordered> {
    sums: Vec<<S::Key as Key>::Sum>,
    frames: u32,
}

impl<S: Ordered> FrameMean<S> {
    /// No frames yet, of `samples` samples each.
    #[must_use]
    pub fn new(samples: usize) -> Self {
        Self { sums: vec![Default::default(); samples], frames: 0 }
    }

    /// Adds a frame.
    ///
    /// # Errors
    /// [`Error::Length`] for another number of samples, [`Error::TooManyFrames`] after 2^32 - 1 frames.
    pub fn push(&mut self, frame: &[S]) -> Result<(), Error> {
        same_length("frame", self.sums.len(), frame.len())?;
        self.frames = self.frames.checked_add(1).ok_or(Error::TooManyFrames { limit: u32::MAX })?;
        for (sum, sample) in self.sums.iter_mut().zip(frame) {
            *sum = sample.to_key().added_to(*sum);
        }
        Ok(())
    }

    /// Writes the means of the frames so far, and forgets the frames.
    ///
    /// # Errors
    /// [`Error::Length`] for another number of samples, [`Error::NoFrames`] if there is none.
    pub fn write(&mut self, means: &mut [S]) -> Result<(), Error> {
        same_length("means", self.sums.len(), means.len())?;
        if self.frames == 0 {
            return Err(Error::NoFrames);
        }
        for (sum, mean) in self.sums.iter_mut().zip(means) {
            *mean = S::from_key(S::Key::mean(*sum, self.frames));
            *sum = Default::default();
        }
        self.frames = 0;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn mean_of<S: Ordered + Default>(samples: &[S]) -> S {
        let mut mean = FrameMean::new(1);
        samples.iter().for_each(|&sample| mean.push(&[sample]).unwrap());
        let mut found = [S::default()];
        mean.write(&mut found).unwrap();
        found[0]
    }

    #[test]
    fn means_of_floats_are_numbers_of_their_keys() {
        assert_eq!(mean_of(&[1.5_f64; 3]), 1.5);
        assert_eq!(mean_of(&[-2.0_f32, 2.0]).to_bits(), 0.0_f32.to_bits());
        assert_eq!(mean_of(&[f64::NAN; 2]).to_bits(), f64::NAN.to_bits());
        let among = [3.0_f32, f32::INFINITY];
        assert!(among[0] < mean_of(&among) && mean_of(&among) < among[1]);
    }

    #[test]
    fn wrong_uses_are_refused() {
        let mut mean = FrameMean::<u8>::new(2);
        assert!(matches!(mean.write(&mut [0; 2]), Err(Error::NoFrames)));
        assert!(mean.push(&[1]).is_err());
        mean.push(&[1, 2]).unwrap();
        assert!(mean.write(&mut [0; 3]).is_err());
        mean.write(&mut [0; 2]).unwrap();
        assert!(matches!(mean.write(&mut [0; 2]), Err(Error::NoFrames)));
    }

    proptest! {
        #[test]
        fn integers_are_rounded_halves_upwards(samples in prop::collection::vec(any::<i16>(), 1..9)) {
            let mean = samples.iter().map(|&n| f64::from(n)).sum::<f64>() / samples.len() as f64;
            prop_assert_eq!(f64::from(mean_of(&samples)), (mean + 0.5).floor());
        }
    }
}
