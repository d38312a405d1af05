//! One set of weights for whole frames, fitted on rows of several of them.
//!
//! Where all frames are alike, as noise on a common ground is, weights of their own for each block are not worth their
//! bits. Weights are fitted on some rows of some frames, by the same equations, and predict all frames by
//! [`predict`].
//!
//! ```
//! use stack_predict::least_squares::frames::{decode, encode, fit};
//! use stack_predict::{Earlier, Shape};
//! let (shape, frame) = (Shape::new(2, 6)?, [9_u8, 5, 9, 5, 9, 5, 9, 5, 9, 5, 9, 5]);
//! let weights = fit(shape, &[(&frame, Earlier::None)], 1)?;
//! let (mut codes, mut back) = ([0; 12], [0; 12]);
//! encode(shape, &weights, &frame, Earlier::None, &mut codes)?;
//! decode(shape, &weights, &codes, Earlier::None, &mut back)?;
//! assert_eq!((back, codes[11]), (frame, 0));
//! # Ok::<(), stack_predict::Error>(())
//! ```
//!
//! Cost: 12 multiplications a sample, of which 11 do not wait for the sample to the west; one row of sums. Keys of 64
//! bits take the slow way.

use super::{Equations, FRACTION_BITS, Weights, predict};
use crate::linear::{SPATIAL, moved};
use crate::rule::{Rows, interior};
use crate::{Earlier, Error, Key, Neighbours, Ordered, Shape, residual};

/// Weights before those of earlier frames.
const SPATIAL_TAPS: usize = SPATIAL - 1;

/// The weights that leave the smallest sum of squared residuals in every `step`-th row of frames, each with those
/// before it. A step of 0 is one of 1. Frames with and without earlier ones should have weights of their own.
///
/// # Errors
/// [`Error::Length`] if a frame has not the shape.
pub fn fit<S: Ordered>(
    shape: Shape,
    frames: &[(&[S], Earlier<'_, S>)],
    step: usize,
) -> Result<Weights, Error> {
    let mut equations = Equations::default();
    for (frame, earlier) in frames {
        shape.check("frame", frame.len())?;
        earlier.check(shape)?;
        for y in (0..shape.height()).step_by(step.max(1)) {
            equations.add(shape, frame, *earlier, y, 0..shape.width());
        }
    }
    Ok(equations.weights())
}

/// The codes of a frame; any weights will do.
///
/// # Errors
/// [`Error::Length`] if a slice has not the shape.
pub fn encode<S: Ordered>(
    shape: Shape,
    weights: &Weights,
    frame: &[S],
    earlier: Earlier<'_, S>,
    codes: &mut [S::Key],
) -> Result<(), Error> {
    shape.check("frame", frame.len())?;
    shape.check("codes", codes.len())?;
    earlier.check(shape)?;
    let width = shape.width();
    let mut sums = vec![0; width];
    for y in 0..shape.height() {
        let fast = fast_columns::<S>(y, width);
        let row = &frame[y * width..][..width];
        let codes = &mut codes[y * width..][..width];
        if !fast.is_empty() {
            let rows = Rows::of(shape, &frame[..y * width], earlier, y);
            let known = Known::of(weights, earlier.previous().is_some(), &rows, &mut sums);
            for x in fast.clone() {
                let prediction = known.predict(x, row[x - 1].to_key(), row[x - 2].to_key());
                codes[x] = residual::code(row[x], prediction);
            }
        }
        for x in (0..fast.start).chain(fast.end..width) {
            let near = Neighbours::at(shape, frame, earlier, y, x);
            codes[x] = residual::code(row[x], predict(&near, earlier.previous().is_some(), weights));
        }
    }
    Ok(())
}

/// The frame of codes; the inverse of [`encode`] with the same weights. Any codes give a frame.
///
/// # Errors
/// As [`encode`].
pub fn decode<S: Ordered>(
    shape: Shape,
    weights: &Weights,
    codes: &[S::Key],
    earlier: Earlier<'_, S>,
    frame: &mut [S],
) -> Result<(), Error> {
    shape.check("codes", codes.len())?;
    shape.check("frame", frame.len())?;
    earlier.check(shape)?;
    let width = shape.width();
    let mut sums = vec![0; width];
    for y in 0..shape.height() {
        let start = y * width;
        let slowly = |frame: &mut [S], x: usize| {
            let near = Neighbours::at(shape, frame, earlier, y, x);
            let prediction = predict(&near, earlier.previous().is_some(), weights);
            frame[start + x] = residual::sample(codes[start + x], prediction);
        };
        let fast = fast_columns::<S>(y, width);
        (0..fast.start).for_each(|x| slowly(frame, x));
        if !fast.is_empty() {
            let (done, rest) = frame.split_at_mut(start);
            let rows = Rows::of(shape, done, earlier, y);
            let known = Known::of(weights, earlier.previous().is_some(), &rows, &mut sums);
            let (mut west_west, mut west) = (rest[0].to_key(), rest[1].to_key());
            for x in fast.clone() {
                let sample: S = residual::sample(codes[start + x], known.predict(x, west, west_west));
                rest[x] = sample;
                (west_west, west) = (west, sample.to_key());
            }
        }
        (fast.end..width).for_each(|x| slowly(frame, x));
    }
    Ok(())
}

/// Columns of a row whose sums fit in 64 bits without a cut, and that have all neighbours.
fn fast_columns<S: Ordered>(y: usize, width: usize) -> std::ops::Range<usize> {
    if y == 0 || S::Key::BITS > 32 { 0..0 } else { interior(width) }
}

/// What is known of the weighted sums of a row before its samples are.
struct Known<'a> {
    /// Weighted keys of the rows above and of earlier frames, and one half for rounding.
    sums: &'a [i64],
    west_west: i64,
    /// What W is subtracted with: the sum of all weights.
    total: i64,
}

impl<'a> Known<'a> {
    fn of<S: Ordered>(weights: &Weights, has_earlier: bool, rows: &Rows<'_, S>, sums: &'a mut [i64]) -> Self {
        let weights = weights.map(i64::from);
        let (here, earlier) = weights.split_at(SPATIAL_TAPS);
        let &[north, north_west, north_east, west_west, north_north] = here else {
            unreachable!("five weights")
        };
        let columns = interior(sums.len());
        let count = columns.len();
        let key = |samples: &[S], x: usize| samples[x].to_key().widened() as i64;
        let (n_nw, n_n, n_ne) =
            (&rows.north[1..][..count], &rows.north[2..][..count], &rows.north[3..][..count]);
        let nn = &rows.north_north[2..][..count];
        let sums = &mut sums[columns];
        for (x, sum) in sums.iter_mut().enumerate() {
            *sum = north * key(n_n, x)
                + north_west * key(n_nw, x)
                + north_east * key(n_ne, x)
                + north_north * key(nn, x)
                + (1 << (FRACTION_BITS - 1));
        }
        let mut total = here.iter().sum::<i64>();
        if has_earlier {
            let &[t, tw, tn, te, ts, tnw, u] = earlier else { unreachable!("seven weights") };
            let (p_w, p_h, p_e) =
                (&rows.previous[1..][..count], &rows.previous[2..][..count], &rows.previous[3..][..count]);
            let (p_nw, p_n) = (&rows.previous_north[1..][..count], &rows.previous_north[2..][..count]);
            let (p_s, before) = (&rows.previous_south[2..][..count], &rows.before[2..][..count]);
            for (x, sum) in sums.iter_mut().enumerate() {
                *sum += t * key(p_h, x)
                    + tw * key(p_w, x)
                    + tn * key(p_n, x)
                    + te * key(p_e, x)
                    + ts * key(p_s, x)
                    + tnw * key(p_nw, x)
                    + u * key(before, x);
            }
            total += earlier.iter().sum::<i64>();
        }
        Self { sums, west_west, total }
    }

    /// The prediction at column `x`.
    #[inline]
    fn predict<K: Key>(&self, x: usize, west: K, west_west: K) -> K {
        let (w, ww) = (west.widened() as i64, west_west.widened() as i64);
        let sum = self.sums[x - 2] + self.west_west * ww - self.total * w;
        moved(west, sum >> FRACTION_BITS)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::least_squares::TAPS;

    fn both_ways<S: Ordered + PartialEq>(shape: Shape, weights: &Weights, frames: [&[S]; 3], zero: S) {
        for earlier in [Earlier::None, Earlier::One(frames[1]), Earlier::Two(frames[1], frames[2])] {
            let mut codes = vec![S::Key::ZERO; shape.len()];
            encode(shape, weights, frames[0], earlier, &mut codes).unwrap();
            for y in 0..shape.height() {
                for x in 0..shape.width() {
                    let near = Neighbours::at(shape, frames[0], earlier, y, x);
                    let prediction = predict(&near, earlier.previous().is_some(), weights);
                    let here = y * shape.width() + x;
                    assert_eq!(codes[here], residual::code(frames[0][here], prediction), "{y} {x}");
                }
            }
            let mut back = vec![zero; shape.len()];
            decode(shape, weights, &codes, earlier, &mut back).unwrap();
            assert!(back == frames[0]);
        }
    }

    proptest! {
        #[test]
        fn the_fast_rows_predict_as_defined(
            (height, width) in (1_usize..6, 1_usize..9),
            weights in prop::array::uniform12(any::<i16>()),
            bits in prop::collection::vec(any::<u64>(), 3 * 5 * 8),
        ) {
            let shape = Shape::new(height, width).unwrap();
            let long: [&[u64]; 3] = std::array::from_fn(|n| &bits[n * shape.len()..][..shape.len()]);
            let weights: Weights = weights;
            assert_eq!(weights.len(), TAPS);
            both_ways(shape, &weights, long, 0);
            let short = long.map(|frame| frame.iter().map(|&x| x as i16).collect::<Vec<_>>());
            both_ways(shape, &weights, [&short[0], &short[1], &short[2]], 0);
            let middle = long.map(|frame| frame.iter().map(|&x| x as i32).collect::<Vec<_>>());
            both_ways(shape, &weights, [&middle[0], &middle[1], &middle[2]], 0);
        }
    }

    #[test]
    fn frames_are_checked() {
        let shape = Shape::new(2, 2).unwrap();
        let wrong = Error::Length { what: "frame", expected: 4, found: 3 };
        assert_eq!(fit(shape, &[(&[1_u8, 2, 3][..], Earlier::None)], 0), Err(wrong));
        assert_eq!(encode(shape, &[0; TAPS], &[1_u8, 2, 3], Earlier::None, &mut [0; 4]), Err(wrong));
        let wrong = Error::Length { what: "codes", expected: 4, found: 3 };
        assert_eq!(decode(shape, &[0; TAPS], &[1_u8, 2, 3], Earlier::None, &mut [0_u8; 4]), Err(wrong));
    }
}
