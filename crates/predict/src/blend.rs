//! The mean of several predictors, each weighted by how well it did nearby.
//!
//! ```text
//! E_k = 1 + |errors of predictor k at W, N, NW and NE|, summed up
//! x   ~ sum of w_k p_k / sum of w_k       w_k = floor(2^24 / E_k^2), after all E_k are shifted until the least is below 2^8
//! ```
//!
//! The predictors are W, N, the mean of both, MED, plane and gradient; with earlier frames, T, T with MED, and the mean
//! of two frames as well. A good one in a smooth place may be a bad one at the next edge; the errors of the decoded
//! neighbours tell, without a bit stored. Its sibling [`nlms`](crate::nlms) learns slowly and for long; this one
//! forgets everything but the neighbours. Source: T. Seemann, P. Tischer, "Generalized locally adaptive DPCM", Data
//! Compression Conference 1997; B. Meyer, P. Tischer, "TMW - a new method for lossless image compression", 1997.
//!
//! ```
//! use stack_predict::blend::{decode, encode};
//! use stack_predict::{Earlier, Shape};
//! let (shape, frame) = (Shape::new(3, 4)?, [10_u8, 20, 30, 40, 10, 20, 30, 40, 10, 20, 30, 40]);
//! let (mut codes, mut back) = ([0; 12], [0; 12]);
//! encode(shape, &frame, Earlier::None, &mut codes)?;
//! assert_eq!(codes[..4], [20, 20, 20, 20]); // the first row by W
//! assert_eq!(codes[8..], [0, 0, 0, 0]); // N, MED and gradient made no errors in the second row
//! decode(shape, &codes, Earlier::None, &mut back)?;
//! assert_eq!(back, frame);
//! # Ok::<(), stack_predict::Error>(())
//! ```
//!
//! Cost: nine predictions and ten divisions a sample; memory for two rows of errors. Exercise: count the errors of
//! the previous frame around the sample as well. When does that help?

use crate::linear::{above, moved};
use crate::{Earlier, Error, Key, Neighbours, Ordered, Predictor, Shape, residual};

/// What is blended; the first [`SPATIAL`] of them in a first frame.
const PREDICTORS: [Predictor; 9] = [
    Predictor::West,
    Predictor::North,
    Predictor::Average,
    Predictor::Med,
    Predictor::Plane,
    Predictor::Gradient,
    Predictor::PreviousFrame,
    Predictor::PreviousFrameMed,
    Predictor::MeanOfTwo,
];
const SPATIAL: usize = 6;

/// Something for each predictor, in their order.
type Each<T> = [T; PREDICTORS.len()];

fn predictions<K: Key>(near: &Neighbours<K>) -> Each<K> {
    PREDICTORS.map(|predictor| predictor.predict(near))
}

/// How far each prediction was from the sample.
fn errors<K: Key>(key: K, predictions: &Each<K>) -> Each<u64> {
    predictions.map(|prediction| above(key, prediction).unsigned_abs())
}

/// The blend of predictions by the sums of errors nearby.
fn blend<K: Key>(predictions: &Each<K>, errors: &Each<u64>, count: usize) -> K {
    let least = errors[..count].iter().fold(u64::MAX, |least, &error| least.min(error)) + 1;
    let shift = (u64::BITS - least.leading_zeros()).saturating_sub(8);
    let base = predictions[0];
    let (mut sum, mut weights) = (0_i128, 0_i128);
    for (&prediction, &error) in predictions.iter().zip(errors).take(count) {
        // The weight is 0 from 2^12 on; below that, the square is small.
        let error = ((error + 1) >> shift).clamp(1, 1 << 13);
        let weight = i128::from((1_u64 << 24) / (error * error));
        sum += weight * i128::from(above(prediction, base));
        weights += weight;
    }
    // The best predictor's weight is not 0, so the sum is not either. The mean of offsets fits in 64 bits as they do.
    moved(base, ((2 * sum + weights).div_euclid(2 * weights)) as i64)
}

/// The errors of one row and the row above.
struct Memory {
    above: Vec<Each<u64>>,
    here: Vec<Each<u64>>,
}

impl Memory {
    fn new(width: usize) -> Self {
        let nothing = vec![[0; PREDICTORS.len()]; width];
        Self { above: nothing.clone(), here: nothing }
    }

    /// The sums around column `x`; `first` is whether there is no row above.
    fn nearby(&self, first: bool, x: usize) -> Each<u64> {
        let mut sums = if x > 0 { self.here[x - 1] } else { [0; PREDICTORS.len()] };
        if !first {
            for errors in &self.above[x.saturating_sub(1)..(x + 2).min(self.above.len())] {
                sums.iter_mut().zip(errors).for_each(|(sum, error)| *sum += error);
            }
        }
        sums
    }

    fn next_row(&mut self) {
        std::mem::swap(&mut self.above, &mut self.here);
    }
}

fn count<S: Copy>(earlier: Earlier<'_, S>) -> usize {
    if earlier.previous().is_some() { PREDICTORS.len() } else { SPATIAL }
}

/// The codes of a frame.
///
/// # Errors
/// [`Error::Length`] if a slice has not the shape.
pub fn encode<S: Ordered>(
    shape: Shape,
    frame: &[S],
    earlier: Earlier<'_, S>,
    codes: &mut [S::Key],
) -> Result<(), Error> {
    shape.check("frame", frame.len())?;
    shape.check("codes", codes.len())?;
    earlier.check(shape)?;
    let mut memory = Memory::new(shape.width());
    for y in 0..shape.height() {
        for x in 0..shape.width() {
            let index = y * shape.width() + x;
            let predictions = predictions(&Neighbours::at(shape, frame, earlier, y, x));
            let prediction = blend(&predictions, &memory.nearby(y == 0, x), count(earlier));
            codes[index] = residual::code(frame[index], prediction);
            memory.here[x] = errors(frame[index].to_key(), &predictions);
        }
        memory.next_row();
    }
    Ok(())
}

/// The frame of codes; the inverse of [`encode`]. Any codes give a frame.
///
/// # Errors
/// [`Error::Length`] if a slice has not the shape.
pub fn decode<S: Ordered>(
    shape: Shape,
    codes: &[S::Key],
    earlier: Earlier<'_, S>,
    frame: &mut [S],
) -> Result<(), Error> {
    shape.check("codes", codes.len())?;
    shape.check("frame", frame.len())?;
    earlier.check(shape)?;
    let mut memory = Memory::new(shape.width());
    for y in 0..shape.height() {
        for x in 0..shape.width() {
            let index = y * shape.width() + x;
            let predictions = predictions(&Neighbours::at(shape, frame, earlier, y, x));
            let prediction = blend(&predictions, &memory.nearby(y == 0, x), count(earlier));
            frame[index] = residual::sample(codes[index], prediction);
            memory.here[x] = errors(frame[index].to_key(), &predictions);
        }
        memory.next_row();
    }
    Ok(())
}

/// The prediction of one sample by the definition: every error nearby is computed anew, nothing is remembered.
///
/// # Panics
/// As [`Neighbours::at`].
pub fn by_definition<S: Ordered>(
    shape: Shape,
    frame: &[S],
    earlier: Earlier<'_, S>,
    y: usize,
    x: usize,
) -> S::Key {
    let mut sums = [0; PREDICTORS.len()];
    for (down, right) in [(0, -1), (-1, 0), (-1, -1), (-1, 1)] {
        let (Some(y), Some(x)) = (y.checked_add_signed(down), x.checked_add_signed(right)) else { continue };
        if x < shape.width() {
            let key = frame[y * shape.width() + x].to_key();
            let near = Neighbours::at(shape, frame, earlier, y, x);
            sums.iter_mut().zip(errors(key, &predictions(&near))).for_each(|(sum, error)| *sum += error);
        }
    }
    blend(&predictions(&Neighbours::at(shape, frame, earlier, y, x)), &sums, count(earlier))
}
