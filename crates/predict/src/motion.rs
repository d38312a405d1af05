//! Motion: each block of a frame from the place in an earlier frame that it came from.
//!
//! ```text
//! x(row, column) ~ R(row + down / 2, column + right / 2)       one vector (down, right) a block, in half samples
//! ```
//!
//! [`search`] tries every whole vector up to a range by the sum of absolute differences, then the eight halves around
//! the best; ties go to the shorter vector, tried first. Between samples, the reference is the mean of its two or four
//! neighbours, rounded to the nearest, halves upwards. Outside, it is the nearest sample of the frame, so that every
//! vector means something: [`compensate`] takes vectors from anywhere. Its sibling
//! [`previous_frame`](crate::previous_frame) is the vector (0, 0) everywhere. Source: full search and half-sample
//! interpolation as in ITU-T H.262 (MPEG-2 video), 7.6.4; the search itself J. R. Jain, A. K. Jain, "Displacement
//! measurement and its application in interframe image coding", IEEE Trans. Communications 29, 1981.
//!
//! ```
//! use stack_predict::motion::{Vector, compensate, search};
//! use stack_predict::{Blocks, Shape, residual};
//!
//! let reference: [u8; 16] = [0, 0, 0, 0,  0, 9, 5, 0,  0, 7, 8, 0,  0, 0, 0, 0];
//! let moved: [u8; 16]     = [0, 0, 9, 5,  0, 0, 7, 8,  0, 0, 0, 0,  0, 0, 0, 0];
//! let blocks = Blocks::new(Shape::new(4, 4)?, 4)?;
//! let vectors = search(blocks, &moved, &reference, 2)?;
//! assert_eq!(vectors, [Vector { down: 2, right: -2 }]); // from one row below, one column to the left
//!
//! let (mut prediction, mut codes) = ([0; 16], [1; 16]);
//! compensate(blocks, &reference, &vectors, &mut prediction)?;
//! residual::encode(&moved, &prediction, &mut codes)?;
//! assert_eq!(codes, [0; 16]);
//! # Ok::<(), stack_predict::Error>(())
//! ```
//!
//! Cost: `(2 range + 1)^2 + 8` differences a sample at worst; a block is left as soon as its sum is above the best.
//! Exercise: replace the full search by one that halves its steps, and count how often it misses the best vector.

use crate::error::same_length;
use crate::{Block, Blocks, Error, Key, Ordered, Shape};

/// Where a block came from, in half samples: `down: 2` is one row below its own place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Vector {
    /// Half rows downwards.
    pub down: i16,
    /// Half columns to the right.
    pub right: i16,
}

/// The largest range of a search, in whole samples.
pub const LARGEST_RANGE: u16 = 1024;

/// The best vector of each block, for a range of whole samples in each direction, and half of one more.
///
/// # Errors
/// [`Error::Length`] if a frame has not the shape, [`Error::Parameter`] for a range above [`LARGEST_RANGE`].
pub fn search<S: Ordered>(
    blocks: Blocks,
    frame: &[S],
    reference: &[S],
    range: u16,
) -> Result<Vec<Vector>, Error> {
    search_with(blocks, frame, reference, range, difference)
}

/// The same, with every difference summed up to its end by [`reference_by_definition`].
///
/// # Errors
/// As [`search`].
pub fn search_by_definition<S: Ordered>(
    blocks: Blocks,
    frame: &[S],
    reference: &[S],
    range: u16,
) -> Result<Vec<Vector>, Error> {
    search_with(blocks, frame, reference, range, |shape, frame, reference, block, vector, _best| {
        let mut sum = 0_u64;
        for y in block.rows.clone() {
            for x in block.columns.clone() {
                let key = frame[y * shape.width() + x].to_key();
                let predicted = reference_by_definition(shape, reference, y, x, vector);
                sum = sum.saturating_add(key.distance(predicted).widened() as u64);
            }
        }
        sum
    })
}

fn search_with<S: Ordered>(
    blocks: Blocks,
    frame: &[S],
    reference: &[S],
    range: u16,
    difference: impl Fn(Shape, &[S], &[S], &Block, Vector, u64) -> u64,
) -> Result<Vec<Vector>, Error> {
    let shape = blocks.shape();
    shape.check("frame", frame.len())?;
    shape.check("reference", reference.len())?;
    if range > LARGEST_RANGE {
        let (found, highest) = (i64::from(range), i64::from(LARGEST_RANGE));
        return Err(Error::Parameter { what: "range of the search", found, lowest: 0, highest });
    }
    let whole = candidates(range as i16);
    let best_of = |index| {
        let block = blocks.block(index);
        let mut best = (u64::MAX, Vector::default());
        let mut attempt = |vector| {
            let sum = difference(shape, frame, reference, &block, vector, best.0);
            if sum < best.0 {
                best = (sum, vector);
            }
            best.1
        };
        let centre = whole.iter().map(|&vector| attempt(vector)).last().unwrap_or_default();
        for (down, right) in [(-1, 0), (0, -1), (0, 1), (1, 0), (-1, -1), (-1, 1), (1, -1), (1, 1)] {
            attempt(Vector { down: centre.down + down, right: centre.right + right });
        }
        best.1
    };
    Ok((0..blocks.count()).map(best_of).collect())
}

/// Every whole vector, the shortest first.
fn candidates(range: i16) -> Vec<Vector> {
    let one = |down: i16| (-range..=range).map(move |right| Vector { down: 2 * down, right: 2 * right });
    let mut all: Vec<Vector> = (-range..=range).flat_map(one).collect();
    all.sort_by_key(|vector| i32::from(vector.down).pow(2) + i32::from(vector.right).pow(2));
    all
}

/// The sum of absolute differences, or some sum that is not below `best`.
fn difference<S: Ordered>(
    shape: Shape,
    frame: &[S],
    reference: &[S],
    block: &Block,
    vector: Vector,
    best: u64,
) -> u64 {
    let mut sum = 0_u64;
    for y in block.rows.clone() {
        let row = &frame[y * shape.width()..][block.columns.clone()];
        if let Some(from) = whole_row(shape, reference, y, block, vector) {
            for (sample, predicted) in row.iter().zip(from) {
                sum = sum.saturating_add(sample.to_key().distance(predicted.to_key()).widened() as u64);
            }
        } else {
            for (sample, x) in row.iter().zip(block.columns.clone()) {
                let predicted = reference_by_definition(shape, reference, y, x, vector);
                sum = sum.saturating_add(sample.to_key().distance(predicted).widened() as u64);
            }
        }
        if sum >= best {
            break;
        }
    }
    sum
}

/// The samples of the reference for row `y` of a block, where they are a part of one row as they are.
fn whole_row<'a, S>(
    shape: Shape,
    reference: &'a [S],
    y: usize,
    block: &Block,
    vector: Vector,
) -> Option<&'a [S]> {
    if vector.down % 2 != 0 || vector.right % 2 != 0 {
        return None;
    }
    let row = y.checked_add_signed(isize::from(vector.down / 2)).filter(|&row| row < shape.height())?;
    let left = block.columns.start.checked_add_signed(isize::from(vector.right / 2))?;
    let right = left + block.columns.len();
    (right <= shape.width()).then(|| &reference[row * shape.width()..][left..right])
}

/// The reference for one sample, at whole and half places, by the definition.
pub fn reference_by_definition<S: Ordered>(
    shape: Shape,
    reference: &[S],
    y: usize,
    x: usize,
    vector: Vector,
) -> S::Key {
    // Half a sample up from row 0 is between row -1 and row 0, both of which are row 0 after the clamp.
    let place = |at: usize, halves: i16, length: usize| {
        let whole = at as i128 + i128::from(halves.div_euclid(2));
        [whole, whole + i128::from(halves.rem_euclid(2))].map(|at| at.clamp(0, length as i128 - 1) as usize)
    };
    let [top, bottom] = place(y, vector.down, shape.height());
    let [left, right] = place(x, vector.right, shape.width());
    let key = |y: usize, x: usize| reference[y * shape.width() + x].to_key().widened();
    // Where a place is whole, its two neighbours are one, and the mean of four is that of two or one.
    let sum = key(top, left) + key(top, right) + key(bottom, left) + key(bottom, right);
    S::Key::narrowed((sum + 2) / 4)
}

/// The predicted frame, as keys, from an earlier frame and one vector a block; any vectors will do.
///
/// # Errors
/// [`Error::Length`] if a frame has not the shape, or there is not one vector a block.
pub fn compensate<S: Ordered>(
    blocks: Blocks,
    reference: &[S],
    vectors: &[Vector],
    prediction: &mut [S::Key],
) -> Result<(), Error> {
    let shape = blocks.shape();
    shape.check("reference", reference.len())?;
    shape.check("prediction", prediction.len())?;
    same_length("vectors", blocks.count(), vectors.len())?;
    for (index, &vector) in vectors.iter().enumerate() {
        let block = blocks.block(index);
        for y in block.rows.clone() {
            let row = &mut prediction[y * shape.width()..][block.columns.clone()];
            if let Some(from) = whole_row(shape, reference, y, &block, vector) {
                row.iter_mut().zip(from).for_each(|(predicted, sample)| *predicted = sample.to_key());
            } else {
                for (predicted, x) in row.iter_mut().zip(block.columns.clone()) {
                    *predicted = reference_by_definition(shape, reference, y, x, vector);
                }
            }
        }
    }
    Ok(())
}
