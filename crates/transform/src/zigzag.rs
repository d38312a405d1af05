//! The zigzag order of coefficients: along the diagonals, from slow to fast changes.
//!
//! ```text
//! 0 1 5 6      diagonal d = x + y; even diagonals are walked upwards, odd ones downwards
//! 2 4 7 c
//! 3 8 b d
//! 9 a e f
//! ```
//!
//! Large coefficients lie at the top left of a transformed block, and zeros at the bottom right; in this order the
//! zeros come last, in one run. The order by variance of [`crate::compaction`] fits one picture better, but must be
//! stored. Source: ITU-T T.81 (1992), figure A.6, here for blocks of any size.
//!
//! ```
//! use stack_transform::{Size, zigzag};
//!
//! assert_eq!(zigzag::order(Size::square(4)?)?, [0, 1, 4, 8, 5, 2, 3, 6, 9, 12, 13, 10, 7, 11, 14, 15]);
//! let block = ['a', 'b', 'c', 'd', 'e', 'f'];
//! let line = zigzag::scan(Size::new(2, 3)?, &block)?;
//! assert_eq!(line, ['a', 'b', 'd', 'e', 'c', 'f']);
//! assert_eq!(zigzag::unscan(Size::new(2, 3)?, &line)?, block);
//! # Ok::<(), stack_transform::Error>(())
//! ```
//!
//! Cost: O(H W) for a block of H x W.
//!
//! Exercise: interlaced video and text have more vertical than horizontal detail. What order would you walk for them?

use crate::error::{Result, filled};
use crate::size::Size;

/// The order of 8 x 8 blocks: entry i is the position `v * 8 + u` of the i-th coefficient.
pub const ORDER_8X8: [u8; 64] = order_8x8();

const fn order_8x8() -> [u8; 64] {
    let mut order = [0; 64];
    let (mut count, mut diagonal) = (0, 0);
    while count < 64 {
        let mut step = 0;
        while step <= diagonal {
            let (y, x) = if diagonal % 2 == 0 { (diagonal - step, step) } else { (step, diagonal - step) };
            if y < 8 && x < 8 {
                order[count] = (y * 8 + x) as u8;
                count += 1;
            }
            step += 1;
        }
        diagonal += 1;
    }
    order
}

/// Positions `y * width + x` in zigzag order.
///
/// # Errors
/// [`crate::Error::Memory`].
pub fn order(size: Size) -> Result<Vec<usize>> {
    let (height, width) = (size.height(), size.width());
    let mut order = filled(size.area(), 0)?;
    let mut places = order.iter_mut();
    for diagonal in 0..height + width - 1 {
        let rows = diagonal.saturating_sub(width - 1)..=diagonal.min(height - 1);
        let positions = rows.map(|y| y * width + diagonal - y);
        if diagonal % 2 == 0 {
            places.by_ref().zip(positions.rev()).for_each(|(place, position)| *place = position);
        } else {
            places.by_ref().zip(positions).for_each(|(place, position)| *place = position);
        }
    }
    Ok(order)
}

/// The entries of a block in zigzag order.
///
/// # Errors
/// [`crate::Error::Length`] if the block is not of the size, [`crate::Error::Memory`].
pub fn scan<T: Copy>(size: Size, block: &[T]) -> Result<Vec<T>> {
    size.check("the block", block.len())?;
    Ok(order(size)?.into_iter().map(|position| block[position]).collect())
}

/// The block of entries in zigzag order.
///
/// # Errors
/// As [`scan`].
pub fn unscan<T: Copy>(size: Size, line: &[T]) -> Result<Vec<T>> {
    size.check("the line", line.len())?;
    let mut block = line.to_vec();
    for (position, entry) in order(size)?.into_iter().zip(line) {
        block[position] = *entry;
    }
    Ok(block)
}
