//! Rows and columns of one frame, checked once.
//!
//! ```
//! use stack_predict::{Error, Shape};
//! assert_eq!(Shape::new(3, 5)?.len(), 15);
//! assert_eq!(Shape::new(0, 5), Err(Error::EmptyFrame { height: 0, width: 5 }));
//! assert!(Shape::new(usize::MAX, 2).is_err());
//! # Ok::<(), Error>(())
//! ```
//!
//! A frame is a slice of `height * width` samples, row after row. Channels are frames of their own here, or columns
//! of their own where they lie interleaved: then "west" is another channel, which predicts badly; so take them apart.
//!
//! Exercise: why is the limit half of what `usize` counts? (Look up what `isize` limits in `std::slice`.)

use crate::error::{Error, same_length};

/// Rows and columns of a frame: at least one sample, at most as many as a slice of 64-bit samples can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Shape {
    height: usize,
    width: usize,
}

impl Shape {
    /// A frame of `height` rows and `width` columns.
    ///
    /// # Errors
    /// [`Error::EmptyFrame`] where a side is 0, [`Error::TooLarge`] where no slice could hold that many samples.
    pub fn new(height: usize, width: usize) -> Result<Self, Error> {
        if height == 0 || width == 0 {
            return Err(Error::EmptyFrame { height, width });
        }
        match height.checked_mul(width).and_then(|samples| samples.checked_mul(size_of::<u64>())) {
            Some(bytes) if isize::try_from(bytes).is_ok() => Ok(Self { height, width }),
            _ => Err(Error::TooLarge { height, width }),
        }
    }

    /// Rows.
    #[must_use]
    pub fn height(self) -> usize {
        self.height
    }

    /// Columns.
    #[must_use]
    pub fn width(self) -> usize {
        self.width
    }

    /// Samples of a frame.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "a shape is never empty")]
    pub fn len(self) -> usize {
        self.height * self.width
    }

    /// Whether `found` is the number of samples of a frame.
    ///
    /// # Errors
    /// [`Error::Length`] with `what` if it is not.
    pub fn check(self, what: &'static str, found: usize) -> Result<(), Error> {
        same_length(what, self.len(), found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_that_no_slice_has_are_refused() {
        assert!(Shape::new(1 << 30, 1 << 29).is_ok());
        for (height, width) in [(1 << 30, 1 << 30), (usize::MAX, 1), (usize::MAX, usize::MAX)] {
            assert_eq!(Shape::new(height, width), Err(Error::TooLarge { height, width }));
        }
        for (height, width) in [(0, 0), (0, 9), (9, 0)] {
            assert_eq!(Shape::new(height, width), Err(Error::EmptyFrame { height, width }));
        }
    }
}
