//! Height and width of a block or a picture.
//!
//! Samples lie row by row: the one in column `x` of row `y` is number `y * width + x`. All functions of this crate take
//! a slice and a [`Size`], and check that the two agree.
//!
//! ```
//! use stack_transform::Size;
//!
//! let size = Size::new(480, 640)?;
//! assert_eq!(size.area(), 307_200);
//! assert_eq!(size.divided_by(8), Size::new(60, 80)?);
//! assert!(Size::new(usize::MAX, 2).is_err());
//! # Ok::<(), stack_transform::Error>(())
//! ```

use crate::error::{Error, Result, check_length};

/// Rows and columns, both at least one; their product times eight fits in memory addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Size {
    height: usize,
    width: usize,
}

impl Size {
    /// A size of `height` rows and `width` columns.
    ///
    /// # Errors
    /// [`Error::Size`] if a side is zero or the number of samples overflows.
    pub fn new(height: usize, width: usize) -> Result<Self> {
        let wrong = |reason| Err(Error::Size { height, width, reason });
        if height == 0 || width == 0 {
            return wrong("a side is zero");
        }
        match height.checked_mul(width) {
            Some(area) if area <= (isize::MAX as usize) / 8 => Ok(Self { height, width }),
            _ => wrong("it is larger than memory addresses"),
        }
    }

    /// A square of `side` rows and columns.
    ///
    /// # Errors
    /// As [`Size::new`].
    pub fn square(side: usize) -> Result<Self> {
        Self::new(side, side)
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

    /// Samples: height times width.
    #[must_use]
    pub fn area(self) -> usize {
        self.height * self.width
    }

    /// Blocks of `factor` x `factor` samples that cover this size, those cut by the edge included.
    ///
    /// # Panics
    /// If `factor` is zero.
    #[must_use]
    pub fn divided_by(self, factor: usize) -> Self {
        Self { height: self.height.div_ceil(factor), width: self.width.div_ceil(factor) }
    }

    /// Sides known to be at least one, and not longer than those of another size.
    pub(crate) fn from_sides(height: usize, width: usize) -> Self {
        Self { height, width }
    }

    pub(crate) fn check(self, what: &'static str, samples: usize) -> Result<()> {
        check_length(what, self.area(), samples)
    }
}
