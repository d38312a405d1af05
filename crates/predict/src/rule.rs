//! A frame by one rule: predictions from neighbours, residuals, codes, and back.
//!
//! ```text
//! encode: rows are independent of each other, all loads are from samples: the compiler makes vectors of it
//! decode: the sample to the west was decoded just now: one after another, kept in a register
//! ```
//!
//! [`Rule`] is the formula of one predictor; [`encode`] and [`decode`] are its loops over a frame. Their slow forms in
//! [`by_definition`] look each neighbour up by [`Neighbours::at`] and compute in 128 bits; tests prove them equal.
//! The sibling [`Predictor`](crate::Predictor) chooses a rule at run time.
//!
//! ```
//! use stack_predict::rule::{Rule, decode, encode};
//! use stack_predict::{Earlier, Key, Neighbours, Shape};
//!
//! /// The larger of west and north: a rule of one's own.
//! struct Brighter;
//! impl Rule for Brighter {
//!     type WithoutEarlier = Self;
//!     fn predict<K: Key>(near: &Neighbours<K>) -> K {
//!         near.west.max(near.north)
//!     }
//!     fn by_definition(near: &Neighbours<i128>, _highest: i128) -> i128 {
//!         near.west.max(near.north)
//!     }
//! }
//!
//! let (shape, frame) = (Shape::new(2, 3)?, [5_u16, 7, 7, 6, 9, 9]);
//! let mut codes = [0; 6];
//! encode::<Brighter, _>(shape, &frame, Earlier::None, &mut codes)?;
//! assert_eq!(codes, [10, 4, 0, 2, 4, 0]);
//! let mut back = [0; 6];
//! decode::<Brighter, _>(shape, &codes, Earlier::None, &mut back)?;
//! assert_eq!(back, frame);
//! # Ok::<(), stack_predict::Error>(())
//! ```
//!
//! Cost: a few operations a sample, no allocation. Exercise: write the rule "west, but north where the previous
//! frame's north is nearer to its sample here", and see whether [`rank`](crate::ranking) likes it.

use crate::{Earlier, Error, Key, Neighbours, Ordered, Previous, Shape, residual};

pub mod by_definition;

/// The formula of a predictor.
pub trait Rule {
    /// The rule for a frame without earlier ones. A rule that looks at the current frame only names itself.
    type WithoutEarlier: Rule;

    /// The prediction, of which only the value modulo 2^w counts.
    fn predict<K: Key>(near: &Neighbours<K>) -> K;

    /// The same by the definition, for keys from 0 to `highest`; may be outside of them where the rule wraps.
    fn by_definition(near: &Neighbours<i128>, highest: i128) -> i128;
}

/// The codes of a frame.
///
/// # Errors
/// [`Error::Length`] if a slice has not the shape.
pub fn encode<R: Rule, S: Ordered>(
    shape: Shape,
    frame: &[S],
    earlier: Earlier<'_, S>,
    codes: &mut [S::Key],
) -> Result<(), Error> {
    shape.check("frame", frame.len())?;
    shape.check("codes", codes.len())?;
    earlier.check(shape)?;
    if earlier.previous().is_some() {
        encode_rows::<R, S>(shape, frame, earlier, codes);
    } else {
        encode_rows::<R::WithoutEarlier, S>(shape, frame, earlier, codes);
    }
    Ok(())
}

/// The frame of codes; the inverse of [`encode`]. Any codes give a frame.
///
/// # Errors
/// [`Error::Length`] if a slice has not the shape.
pub fn decode<R: Rule, S: Ordered>(
    shape: Shape,
    codes: &[S::Key],
    earlier: Earlier<'_, S>,
    frame: &mut [S],
) -> Result<(), Error> {
    shape.check("codes", codes.len())?;
    shape.check("frame", frame.len())?;
    earlier.check(shape)?;
    if earlier.previous().is_some() {
        decode_rows::<R, S>(shape, codes, earlier, frame);
    } else {
        decode_rows::<R::WithoutEarlier, S>(shape, codes, earlier, frame);
    }
    Ok(())
}

/// Columns that have all their neighbours, of any row but the first.
pub(crate) fn interior(width: usize) -> std::ops::Range<usize> {
    2.min(width)..(width - 1).max(2.min(width))
}

/// The rows that the interior of row `y` looks at; rows that are missing are those next to them.
pub(crate) struct Rows<'a, S> {
    pub(crate) north: &'a [S],
    pub(crate) north_north: &'a [S],
    pub(crate) previous: &'a [S],
    pub(crate) previous_north: &'a [S],
    pub(crate) previous_south: &'a [S],
    pub(crate) before: &'a [S],
}

impl<'a, S: Ordered> Rows<'a, S> {
    /// `done` is the frame's rows before `y`, which is not the first. Without earlier frames, where nothing of them is
    /// looked at, the row above stands for their rows.
    pub(crate) fn of(shape: Shape, done: &'a [S], earlier: Earlier<'a, S>, y: usize) -> Self {
        let width = shape.width();
        let row = |frame: &'a [S], y: usize| &frame[y * width..][..width];
        let north = row(done, y - 1);
        let temporal = |frame: Option<&'a [S]>, y: usize| frame.map_or(north, |frame| row(frame, y));
        Self {
            north,
            north_north: row(done, y.max(2) - 2),
            previous: temporal(earlier.previous(), y),
            previous_north: temporal(earlier.previous(), y - 1),
            previous_south: temporal(earlier.previous(), (y + 1).min(shape.height() - 1)),
            before: temporal(earlier.before(), y),
        }
    }
}

fn encode_rows<R: Rule, S: Ordered>(
    shape: Shape,
    frame: &[S],
    earlier: Earlier<'_, S>,
    codes: &mut [S::Key],
) {
    let width = shape.width();
    for y in 0..shape.height() {
        let start = y * width;
        let fast = if y == 0 { 0..0 } else { interior(width) };
        if !fast.is_empty() {
            let rows = Rows::of(shape, &frame[..start], earlier, y);
            encode_interior::<R, S>(&frame[start..][..width], &rows, &mut codes[start..][..width]);
        }
        for x in (0..fast.start).chain(fast.end..width) {
            let prediction = R::predict(&Neighbours::at(shape, frame, earlier, y, x));
            codes[start + x] = residual::code(frame[start + x], prediction);
        }
    }
}

/// All slices are cut to one length that the compiler sees, so that it drops the checks of each index.
#[inline(never)]
fn encode_interior<R: Rule, S: Ordered>(row: &[S], rows: &Rows<'_, S>, codes: &mut [S::Key]) {
    let count = row.len() - 3;
    let (here, west, west_west) = (&row[2..][..count], &row[1..][..count], &row[..count]);
    let (north_west, north) = (&rows.north[1..][..count], &rows.north[2..][..count]);
    let (north_east, north_north) = (&rows.north[3..][..count], &rows.north_north[2..][..count]);
    let (p_west, p_here, p_east) =
        (&rows.previous[1..][..count], &rows.previous[2..][..count], &rows.previous[3..][..count]);
    let (p_north_west, p_north) = (&rows.previous_north[1..][..count], &rows.previous_north[2..][..count]);
    let (p_north_east, p_south) = (&rows.previous_north[3..][..count], &rows.previous_south[2..][..count]);
    let before = &rows.before[2..][..count];
    let codes = &mut codes[2..][..count];
    for x in 0..count {
        let near = Neighbours {
            west: west[x].to_key(),
            north: north[x].to_key(),
            north_west: north_west[x].to_key(),
            north_east: north_east[x].to_key(),
            west_west: west_west[x].to_key(),
            north_north: north_north[x].to_key(),
            previous: Previous {
                here: p_here[x].to_key(),
                west: p_west[x].to_key(),
                north: p_north[x].to_key(),
                north_west: p_north_west[x].to_key(),
                north_east: p_north_east[x].to_key(),
                east: p_east[x].to_key(),
                south: p_south[x].to_key(),
            },
            before: before[x].to_key(),
        };
        codes[x] = residual::code(here[x], R::predict(&near));
    }
}

fn decode_rows<R: Rule, S: Ordered>(
    shape: Shape,
    codes: &[S::Key],
    earlier: Earlier<'_, S>,
    frame: &mut [S],
) {
    let width = shape.width();
    for y in 0..shape.height() {
        let start = y * width;
        let fast = if y == 0 { 0..0 } else { interior(width) };
        let slowly = |frame: &mut [S], columns: std::ops::Range<usize>| {
            for x in columns {
                let prediction = R::predict(&Neighbours::at(shape, frame, earlier, y, x));
                frame[start + x] = residual::sample(codes[start + x], prediction);
            }
        };
        slowly(frame, 0..fast.start);
        if !fast.is_empty() {
            let (done, rest) = frame.split_at_mut(start);
            let rows = Rows::of(shape, done, earlier, y);
            decode_interior::<R, S>(&codes[start..][..width], &rows, &mut rest[..width]);
        }
        slowly(frame, fast.end..width);
    }
}

#[inline(never)]
fn decode_interior<R: Rule, S: Ordered>(codes: &[S::Key], rows: &Rows<'_, S>, row: &mut [S]) {
    let count = row.len() - 3;
    let (mut west_west, mut west) = (row[0].to_key(), row[1].to_key());
    let (north_west, north) = (&rows.north[1..][..count], &rows.north[2..][..count]);
    let (north_east, north_north) = (&rows.north[3..][..count], &rows.north_north[2..][..count]);
    let (p_west, p_here, p_east) =
        (&rows.previous[1..][..count], &rows.previous[2..][..count], &rows.previous[3..][..count]);
    let (p_north_west, p_north) = (&rows.previous_north[1..][..count], &rows.previous_north[2..][..count]);
    let (p_north_east, p_south) = (&rows.previous_north[3..][..count], &rows.previous_south[2..][..count]);
    let before = &rows.before[2..][..count];
    let (codes, here) = (&codes[2..][..count], &mut row[2..][..count]);
    for x in 0..count {
        let near = Neighbours {
            west,
            north: north[x].to_key(),
            north_west: north_west[x].to_key(),
            north_east: north_east[x].to_key(),
            west_west,
            north_north: north_north[x].to_key(),
            previous: Previous {
                here: p_here[x].to_key(),
                west: p_west[x].to_key(),
                north: p_north[x].to_key(),
                north_west: p_north_west[x].to_key(),
                north_east: p_north_east[x].to_key(),
                east: p_east[x].to_key(),
                south: p_south[x].to_key(),
            },
            before: before[x].to_key(),
        };
        let sample: S = residual::sample(codes[x], R::predict(&near));
        here[x] = sample;
        (west_west, west) = (west, sample.to_key());
    }
}
