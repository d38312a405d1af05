//! What the decoder has when it comes to a sample: samples to the west and north, and whole earlier frames.
//!
//! ```text
//!  two frames before       previous frame              current frame, row after row
//!   +---+---+---+         +----+----+----+            +----+----+----+----+
//!   |   |   |   |         | nw | n  | ne |            |    |    | nn |    |
//!   +---+---+---+         +----+----+----+            +----+----+----+----+
//!   |   | h |   |         | w  |here| e  |            |    | nw | n  | ne |
//!   +---+---+---+         +----+----+----+            +----+----+----+----+
//!   |   |   |   |         |    | s  |    |            | ww | w  | x? |
//!   +---+---+---+         +----+----+----+            +----+----+----+
//! ```
//!
//! | missing | stands in its place |
//! |---|---|
//! | north, north-west, north-east: first row | west |
//! | west, north-west: first column | north |
//! | north-east: last column | north |
//! | west-west, north-north | west, north |
//! | west and north: first sample | the number zero |
//! | the same places of the previous frame | by the same rules, within that frame |
//! | the previous frame's east, south | its sample here |
//! | the frame before the previous one | the previous frame |
//! | the previous frame | the number zero; [`Rule::WithoutEarlier`](crate::rule::Rule) avoids that |
//!
//! So in the first row every predictor of this crate takes the sample to the west, in the first column the sample
//! above. This is what zeros in place of the missing ones (PNG, Lorenzo) give for Paeth, MED and W + N - NW as well,
//! but for averages it is better: `(W + 0) / 2` is not near `W`.
//!
//! ```
//! use stack_predict::{Earlier, Neighbours, Shape};
//! let frame = [1_u8, 2, 3,
//!              4, 5, 6];
//! let near = Neighbours::at(Shape::new(2, 3)?, &frame, Earlier::None, 1, 1);
//! assert_eq!((near.west, near.north, near.north_west, near.north_east), (4, 2, 1, 3));
//! let first_of_row = Neighbours::at(Shape::new(2, 3)?, &frame, Earlier::None, 1, 0);
//! assert_eq!((first_of_row.west, first_of_row.north, first_of_row.north_west), (1, 1, 1));
//! # Ok::<(), stack_predict::Error>(())
//! ```
//!
//! Cost: at most 14 samples read; no allocation. Exercise: JPEG-LS (ITU-T T.87, A.2.1) takes for the north-west of a
//! row's first sample the sample that was west at the start of the row above. Show that MED gives the same there.

use crate::{Error, Ordered, Shape};

/// Frames before the current one, all of one shape.
#[derive(Debug, Clone, Copy)]
pub enum Earlier<'a, S> {
    /// The current frame is the first.
    None,
    /// The previous frame.
    One(&'a [S]),
    /// The previous frame, and the one before it.
    Two(&'a [S], &'a [S]),
}

impl<'a, S: Copy> Earlier<'a, S> {
    /// The frames before frame `index` of a stack, as many as there are, up to two.
    #[must_use]
    pub fn of(frames: &[&'a [S]], index: usize) -> Self {
        match frames.get(..index) {
            Some([.., before, previous]) => Self::Two(previous, before),
            Some([previous]) => Self::One(previous),
            _ => Self::None,
        }
    }

    /// The previous frame.
    #[must_use]
    pub fn previous(self) -> Option<&'a [S]> {
        match self {
            Self::None => None,
            Self::One(previous) | Self::Two(previous, _) => Some(previous),
        }
    }

    /// The frame before the previous one; with one earlier frame only, that one.
    #[must_use]
    pub fn before(self) -> Option<&'a [S]> {
        match self {
            Self::Two(_, before) => Some(before),
            _ => self.previous(),
        }
    }

    /// Whether the frames have the shape.
    ///
    /// # Errors
    /// [`Error::Length`] if one has not.
    pub fn check(self, shape: Shape) -> Result<(), Error> {
        for (what, frame) in [("previous frame", self.previous()), ("frame before", self.before())] {
            shape.check(what, frame.map_or(shape.len(), <[S]>::len))?;
        }
        Ok(())
    }
}

/// Samples, or their keys, near one place: the decoder has them all before the sample itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Neighbours<T> {
    /// One to the left.
    pub west: T,
    /// One up.
    pub north: T,
    /// One up and one to the left.
    pub north_west: T,
    /// One up and one to the right.
    pub north_east: T,
    /// Two to the left.
    pub west_west: T,
    /// Two up.
    pub north_north: T,
    /// The previous frame.
    pub previous: Previous<T>,
    /// The same place in the frame before the previous one.
    pub before: T,
}

/// The previous frame at and around the place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Previous<T> {
    /// The same place.
    pub here: T,
    /// One to the left.
    pub west: T,
    /// One up.
    pub north: T,
    /// One up and one to the left.
    pub north_west: T,
    /// One up and one to the right.
    pub north_east: T,
    /// One to the right.
    pub east: T,
    /// One down.
    pub south: T,
}

impl<T: Copy> Neighbours<T> {
    /// Each value by a function.
    pub fn map<U>(self, f: impl Fn(T) -> U) -> Neighbours<U> {
        let previous = self.previous;
        Neighbours {
            west: f(self.west),
            north: f(self.north),
            north_west: f(self.north_west),
            north_east: f(self.north_east),
            west_west: f(self.west_west),
            north_north: f(self.north_north),
            previous: Previous {
                here: f(previous.here),
                west: f(previous.west),
                north: f(previous.north),
                north_west: f(previous.north_west),
                north_east: f(previous.north_east),
                east: f(previous.east),
                south: f(previous.south),
            },
            before: f(self.before),
        }
    }
}

impl<T> Neighbours<T> {
    /// The keys around row `y` and column `x`, by the rules of the table above. This is the definition; the fast
    /// loops of [`rule`](crate::rule) use it at the borders only.
    ///
    /// # Panics
    /// If the place is not in the frame, or a frame has not the shape: [`Earlier::check`] and [`Shape::check`] tell.
    pub fn at<S: Ordered<Key = T>>(
        shape: Shape,
        frame: &[S],
        earlier: Earlier<'_, S>,
        y: usize,
        x: usize,
    ) -> Self
    where
        T: Copy,
    {
        let width = shape.width();
        assert!(y < shape.height() && x < width, "the place is in the frame");
        let here = y * width + x;
        let around = |frame: &[S]| {
            let key = |index: usize| frame[index].to_key();
            let (west, north) = match (y, x) {
                (0, 0) => (S::ZERO_KEY, S::ZERO_KEY),
                (0, _) => (key(here - 1), key(here - 1)),
                (_, 0) => (key(here - width), key(here - width)),
                _ => (key(here - 1), key(here - width)),
            };
            let north_west = if y > 0 && x > 0 { key(here - width - 1) } else { west };
            let north_east = if y > 0 && x + 1 < width { key(here - width + 1) } else { north };
            (west, north, north_west, north_east)
        };
        let (west, north, north_west, north_east) = around(frame);
        let previous = earlier.previous().map_or(
            Previous {
                here: S::ZERO_KEY,
                west: S::ZERO_KEY,
                north: S::ZERO_KEY,
                north_west: S::ZERO_KEY,
                north_east: S::ZERO_KEY,
                east: S::ZERO_KEY,
                south: S::ZERO_KEY,
            },
            |frame| {
                let (west, north, north_west, north_east) = around(frame);
                Previous {
                    here: frame[here].to_key(),
                    west,
                    north,
                    north_west,
                    north_east,
                    east: frame[if x + 1 < width { here + 1 } else { here }].to_key(),
                    south: frame[if y + 1 < shape.height() { here + width } else { here }].to_key(),
                }
            },
        );
        Self {
            west,
            north,
            north_west,
            north_east,
            west_west: if x > 1 { frame[here - 2].to_key() } else { west },
            north_north: if y > 1 { frame[here - 2 * width].to_key() } else { north },
            previous,
            before: earlier.before().map_or(S::ZERO_KEY, |frame| frame[here].to_key()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_sample_has_no_neighbours() {
        let shape = Shape::new(1, 1).unwrap();
        let near = Neighbours::at(shape, &[-7_i16], Earlier::None, 0, 0);
        assert_eq!(near, near.map(|_| 0x8000));
        let near = Neighbours::at(shape, &[-7_i16], Earlier::One(&[5]), 0, 0);
        assert_eq!(
            (near.previous.here, near.previous.east, near.before, near.west),
            (0x8005, 0x8005, 0x8005, 0x8000)
        );
    }

    #[test]
    fn frames_before_a_frame() {
        let frames: [&[u8]; 3] = [&[1], &[2], &[3]];
        assert!(matches!(Earlier::of(&frames, 0), Earlier::None));
        assert!(matches!(Earlier::of(&frames, 1), Earlier::One([1])));
        assert!(matches!(Earlier::of(&frames, 2), Earlier::Two([2], [1])));
        assert!(matches!(Earlier::of(&frames, 9), Earlier::None));
        let wrong = Earlier::Two(&[1_u8][..], &[1, 2][..]).check(Shape::new(1, 1).unwrap());
        assert_eq!(wrong, Err(Error::Length { what: "frame before", expected: 1, found: 2 }));
    }
}
