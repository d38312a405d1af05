//! Linear predictors with weights of their own for each block, fitted by least squares and sent along.
//!
//! ```text
//! x ~ clamp(W + floor((w1 (N - W) + w2 (NW - W) + ... + 2^11) / 2^12))
//! neighbours   N, NW, NE, WW, NN in the first frame; with earlier frames T, TW, TN, TE, TS, TNW, U as well
//! ```
//!
//! Weights act on differences to W, so a block that is brighter by a constant has the same weights. They are
//! **integers** in steps of 2^-12: the fit is the encoder's affair and may use floats; encoder and decoder predict
//! with integers only, and agree on every machine. Its sibling [`nlms`](crate::nlms) sends nothing and learns from
//! decoded samples; this one may look at the block before it decides, and the decoder has no work but the sum.
//! Weighted sums are for integers: the keys of floats lie on a scale of powers of two, where a slope bends, and zero is
//! far from its neighbours; MED or W are better there.
//!
//! Source: forward-adaptive linear prediction, as for speech (J. Makhoul, "Linear prediction: a tutorial review",
//! Proc. IEEE 63, 1975); for pictures I. Matsuda and others, minimum-rate predictors, EUSIPCO 2005.
//!
//! ```
//! use stack_predict::least_squares::{decode, encode, fit};
//! use stack_predict::{Blocks, Earlier, Shape};
//!
//! // Each row is the one above, moved by one to the left: NE is what predicts it.
//! let frame: Vec<u8> = (0..64).map(|n| [7, 90, 41, 3, 66, 18, 250, 33, 129][(n / 8 + n % 8) % 9]).collect();
//! let blocks = Blocks::new(Shape::new(8, 8)?, 8)?;
//! let weights = fit(blocks, &frame, Earlier::None)?;
//! assert_eq!(weights.len(), 1);
//!
//! let (mut codes, mut back) = ([0; 64], [0; 64]);
//! encode(blocks, &weights, &frame, Earlier::None, &mut codes)?;
//! decode(blocks, &weights, &codes, Earlier::None, &mut back)?;
//! assert_eq!(back[..], frame);
//! # Ok::<(), stack_predict::Error>(())
//! ```
//!
//! Cost: 12 multiplications a sample to predict; 78 more to fit, and the solution of 12 equations a block. 16 bits a
//! weight to be stored: 192 bits for each block, 0.75 bits a sample at a side of 16, 0.05 at 64.
//! Exercise: what does a fit that minimises the sum of absolute residuals gain over squares, and how would you do it?

pub mod frames;

use std::ops::Range;

use crate::error::same_length;
use crate::linear::{self, above, in_order, moved};
use crate::{Block, Blocks, Earlier, Error, Key, Neighbours, Ordered, Shape, residual};

/// Weights of a block: differences that are summed up.
pub const TAPS: usize = linear::ALL - 1;
/// Bits of a weight after the point.
pub const FRACTION_BITS: u32 = 12;

/// The weights of one block, in steps of 2^-12, in the order N, NW, NE, WW, NN, T, TW, TN, TE, TS, TNW, U.
pub type Weights = [i16; TAPS];

/// Neighbours as differences to W; those of earlier frames are 0 where there are none.
fn differences<K: Key>(near: &Neighbours<K>, has_earlier: bool) -> [i64; TAPS] {
    let keys = in_order(near);
    let count = if has_earlier { linear::ALL } else { linear::SPATIAL };
    std::array::from_fn(|tap| if tap + 1 < count { above(keys[tap + 1], near.west) } else { 0 })
}

/// The prediction of one sample.
#[must_use]
pub fn predict<K: Key>(near: &Neighbours<K>, has_earlier: bool, weights: &Weights) -> K {
    let differences = differences(near, has_earlier);
    let sum: i64 = differences.iter().zip(weights).map(|(&d, &weight)| d * i64::from(weight)).sum();
    moved(near.west, (sum + (1 << (FRACTION_BITS - 1))) >> FRACTION_BITS)
}

/// The prediction by the definition, in 128 bits; equal to [`predict`] wherever no difference is cut off at 2^36.
#[must_use]
pub fn predict_by_definition(
    near: &Neighbours<i128>,
    highest: i128,
    has_earlier: bool,
    weights: &Weights,
) -> i128 {
    let p = &near.previous;
    let spatial = [near.north, near.north_west, near.north_east, near.west_west, near.north_north];
    let temporal = [p.here, p.west, p.north, p.east, p.south, p.north_west, near.before];
    let sum = |keys: &[i128], weights: &[i16]| -> i128 {
        keys.iter().zip(weights).map(|(&key, &weight)| (key - near.west) * i128::from(weight)).sum()
    };
    let (here, earlier) = weights.split_at(spatial.len());
    let total = sum(&spatial, here) + if has_earlier { sum(&temporal, earlier) } else { 0 };
    let one = 1_i128 << FRACTION_BITS;
    (near.west + (total + one / 2).div_euclid(one)).clamp(0, highest)
}

/// The weights of each block that leave the smallest sum of squared residuals, then rounded.
///
/// # Errors
/// [`Error::Length`] if a frame has not the shape.
pub fn fit<S: Ordered>(blocks: Blocks, frame: &[S], earlier: Earlier<'_, S>) -> Result<Vec<Weights>, Error> {
    blocks.shape().check("frame", frame.len())?;
    earlier.check(blocks.shape())?;
    Ok((0..blocks.count()).map(|index| fit_block(blocks, &blocks.block(index), frame, earlier)).collect())
}

fn fit_block<S: Ordered>(blocks: Blocks, block: &Block, frame: &[S], earlier: Earlier<'_, S>) -> Weights {
    let mut equations = Equations::default();
    for y in block.rows.clone() {
        equations.add(blocks.shape(), frame, earlier, y, block.columns.clone());
    }
    equations.weights()
}

/// The normal equations of weights, of which the lower triangle is kept.
#[derive(Default)]
struct Equations {
    products: [[f64; TAPS]; TAPS],
    targets: [f64; TAPS],
}

impl Equations {
    /// Takes some columns of a row.
    fn add<S: Ordered>(
        &mut self,
        shape: Shape,
        frame: &[S],
        earlier: Earlier<'_, S>,
        y: usize,
        columns: Range<usize>,
    ) {
        for x in columns {
            let near = Neighbours::at(shape, frame, earlier, y, x);
            let known = differences(&near, earlier.previous().is_some()).map(|d| d as f64);
            let wanted = above(frame[y * shape.width() + x].to_key(), near.west) as f64;
            for (row, &a) in known.iter().enumerate() {
                for (product, &b) in self.products[row][..=row].iter_mut().zip(&known) {
                    *product += a * b;
                }
                self.targets[row] += a * wanted;
            }
        }
    }

    fn weights(&self) -> Weights {
        solve(self.products, self.targets).map(|weight| {
            // Out of range, or not a number, `as` gives an end of the range, or 0: all weights are valid.
            (weight * f64::from(1 << FRACTION_BITS)).round() as i16
        })
    }
}

/// The solution of the normal equations, of which the lower triangle is given, by Cholesky's decomposition.
///
/// A little is added to the diagonal, so that neighbours which are alike share their weight, and those that are 0
/// throughout get none.
fn solve(mut a: [[f64; TAPS]; TAPS], mut b: [f64; TAPS]) -> [f64; TAPS] {
    let largest = (0..TAPS).fold(0.0_f64, |largest, i| largest.max(a[i][i]));
    if largest == 0.0 {
        return [0.0; TAPS];
    }
    for (i, row) in a.iter_mut().enumerate() {
        row[i] += largest * 1e-6;
    }
    for i in 0..TAPS {
        for j in 0..=i {
            let sum: f64 = (0..j).map(|k| a[i][k] * a[j][k]).sum();
            a[i][j] =
                if i == j { (a[i][i] - sum).max(largest * 1e-9).sqrt() } else { (a[i][j] - sum) / a[j][j] };
        }
    }
    for i in 0..TAPS {
        let sum: f64 = (0..i).map(|k| a[i][k] * b[k]).sum();
        b[i] = (b[i] - sum) / a[i][i];
    }
    for i in (0..TAPS).rev() {
        let sum: f64 = (i + 1..TAPS).map(|k| a[k][i] * b[k]).sum();
        b[i] = (b[i] - sum) / a[i][i];
    }
    b
}

fn check<S: Ordered>(
    blocks: Blocks,
    weights: &[Weights],
    frame: usize,
    earlier: Earlier<'_, S>,
    codes: usize,
) -> Result<(), Error> {
    same_length("weights", blocks.count(), weights.len())?;
    blocks.shape().check("frame", frame)?;
    blocks.shape().check("codes", codes)?;
    earlier.check(blocks.shape())
}

/// The codes of a frame, with the weights of each block; any weights will do.
///
/// # Errors
/// [`Error::Length`] if a slice has not the shape, or there is not one set of weights a block.
pub fn encode<S: Ordered>(
    blocks: Blocks,
    weights: &[Weights],
    frame: &[S],
    earlier: Earlier<'_, S>,
    codes: &mut [S::Key],
) -> Result<(), Error> {
    check(blocks, weights, frame.len(), earlier, codes.len())?;
    let (shape, has_earlier) = (blocks.shape(), earlier.previous().is_some());
    for (index, code) in codes.iter_mut().enumerate() {
        let (y, x) = (index / shape.width(), index % shape.width());
        let near = Neighbours::at(shape, frame, earlier, y, x);
        let prediction = predict(&near, has_earlier, &weights[blocks.index_of(y, x)]);
        *code = residual::code(frame[index], prediction);
    }
    Ok(())
}

/// The frame of codes; the inverse of [`encode`] with the same weights.
///
/// # Errors
/// As [`encode`].
pub fn decode<S: Ordered>(
    blocks: Blocks,
    weights: &[Weights],
    codes: &[S::Key],
    earlier: Earlier<'_, S>,
    frame: &mut [S],
) -> Result<(), Error> {
    check(blocks, weights, frame.len(), earlier, codes.len())?;
    let (shape, has_earlier) = (blocks.shape(), earlier.previous().is_some());
    for (index, &code) in codes.iter().enumerate() {
        let (y, x) = (index / shape.width(), index % shape.width());
        let near = Neighbours::at(shape, frame, earlier, y, x);
        let prediction = predict(&near, has_earlier, &weights[blocks.index_of(y, x)]);
        frame[index] = residual::sample(code, prediction);
    }
    Ok(())
}
