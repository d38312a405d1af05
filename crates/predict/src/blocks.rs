//! A frame cut into square blocks, row after row; those at the right and lower edges may be smaller.
//!
//! ```
//! use stack_predict::{Blocks, Shape};
//! let blocks = Blocks::new(Shape::new(5, 7)?, 4)?;
//! assert_eq!(blocks.count(), 4);
//! let last = blocks.block(3);
//! assert_eq!((last.rows, last.columns), (4..5, 4..7));
//! assert_eq!(blocks.index_of(4, 6), 3);
//! assert!(Blocks::new(Shape::new(5, 7)?, 6).is_err());
//! # Ok::<(), stack_predict::Error>(())
//! ```
//!
//! Cost: none. Exercise: small blocks adapt better, and each needs its vector or weights; at which side do 16 bits a
//! block cost less than 1/16 bit a sample?

use std::ops::Range;

use crate::{Error, Shape};

/// The cut of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Blocks {
    shape: Shape,
    side: usize,
}

/// Rows and columns of one block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// Rows of the frame.
    pub rows: Range<usize>,
    /// Columns of the frame.
    pub columns: Range<usize>,
}

impl Blocks {
    /// Blocks of `side` rows and columns.
    ///
    /// # Errors
    /// [`Error::Block`] where the side is 0 or larger than a side of the frame.
    pub fn new(shape: Shape, side: usize) -> Result<Self, Error> {
        let (height, width) = (shape.height(), shape.width());
        if side == 0 || side > height || side > width {
            return Err(Error::Block { side, height, width });
        }
        Ok(Self { shape, side })
    }

    /// The frame's shape.
    #[must_use]
    pub fn shape(self) -> Shape {
        self.shape
    }

    /// Rows and columns of a whole block.
    #[must_use]
    pub fn side(self) -> usize {
        self.side
    }

    /// Blocks in a row of blocks.
    #[must_use]
    pub fn across(self) -> usize {
        self.shape.width().div_ceil(self.side)
    }

    /// All blocks.
    #[must_use]
    pub fn count(self) -> usize {
        self.across() * self.shape.height().div_ceil(self.side)
    }

    /// One block, counted row after row.
    ///
    /// # Panics
    /// If there is no such block.
    #[must_use]
    pub fn block(self, index: usize) -> Block {
        assert!(index < self.count(), "there are {} blocks, not {index}", self.count());
        let (top, left) = (index / self.across() * self.side, index % self.across() * self.side);
        Block {
            rows: top..(top + self.side).min(self.shape.height()),
            columns: left..(left + self.side).min(self.shape.width()),
        }
    }

    /// The block of a sample.
    #[must_use]
    pub fn index_of(self, row: usize, column: usize) -> usize {
        row / self.side * self.across() + column / self.side
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sample_is_in_one_block() {
        for (height, width, side) in [(1, 1, 1), (7, 5, 3), (8, 8, 4), (9, 4, 4), (3, 20, 2)] {
            let blocks = Blocks::new(Shape::new(height, width).unwrap(), side).unwrap();
            let mut seen = vec![0; height * width];
            for index in 0..blocks.count() {
                let block = blocks.block(index);
                for y in block.rows {
                    for x in block.columns.clone() {
                        seen[y * width + x] += 1;
                        assert_eq!(blocks.index_of(y, x), index);
                    }
                }
            }
            assert!(seen.iter().all(|&times| times == 1));
        }
    }

    #[test]
    fn blocks_that_do_not_fit() {
        let shape = Shape::new(3, 9).unwrap();
        for side in [0, 4, 9, usize::MAX] {
            assert_eq!(Blocks::new(shape, side), Err(Error::Block { side, height: 3, width: 9 }));
        }
    }
}
