//! Pictures cut into blocks, and put together again.
//!
//! Blocks go from left to right and from top to bottom, each row by row. Blocks over the edge are filled with the last
//! row and column: a jump to zero would cost large coefficients. ITU-T T.81 (1992), section A.2.4, leaves the filling to
//! the encoder.
//!
//! ```
//! use stack_transform::{Size, blocks};
//!
//! let (picture, block) = (Size::new(2, 3)?, Size::square(2)?);
//! let cut = blocks::cut(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], picture, block)?;
//! assert_eq!(cut, [1.0, 2.0, 4.0, 5.0, 3.0, 3.0, 6.0, 6.0]);
//! assert_eq!(blocks::join(&cut, picture, block)?, [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
//! # Ok::<(), stack_transform::Error>(())
//! ```
//!
//! Cost: one copy. Exercise: mirror the picture at its edge instead. Which of the two needs fewer coefficients for a
//! ramp?

use crate::error::{Error, Result, filled};
use crate::size::Size;

/// Samples of all blocks of a picture, those over the edge included.
///
/// # Errors
/// [`Error::Size`] if they are beyond memory addresses.
pub fn samples(picture: Size, block: Size) -> Result<usize> {
    let side = |length: usize, block: usize| length.div_ceil(block).checked_mul(block);
    match (side(picture.height(), block.height()), side(picture.width(), block.width())) {
        (Some(height), Some(width)) => Ok(Size::new(height, width)?.area()),
        _ => {
            let reason = "with whole blocks it is larger than memory addresses";
            Err(Error::Size { height: picture.height(), width: picture.width(), reason })
        }
    }
}

/// The blocks of a picture, one after the other.
///
/// # Errors
/// [`Error::Length`], [`Error::Size`] and [`Error::Memory`].
pub fn cut<T: Copy + Default>(picture_samples: &[T], picture: Size, block: Size) -> Result<Vec<T>> {
    picture.check("the picture", picture_samples.len())?;
    let mut cut = filled(samples(picture, block)?, T::default())?;
    for (number, target) in cut.chunks_exact_mut(block.area()).enumerate() {
        let (top, left) = corner(number, picture, block);
        for (i, sample) in target.iter_mut().enumerate() {
            let y = (top + i / block.width()).min(picture.height() - 1);
            let x = (left + i % block.width()).min(picture.width() - 1);
            *sample = picture_samples[y * picture.width() + x];
        }
    }
    Ok(cut)
}

/// The picture of blocks.
///
/// # Errors
/// As [`cut`].
pub fn join<T: Copy + Default>(cut: &[T], picture: Size, block: Size) -> Result<Vec<T>> {
    crate::error::check_length("the blocks", samples(picture, block)?, cut.len())?;
    let mut joined = filled(picture.area(), T::default())?;
    for (number, source) in cut.chunks_exact(block.area()).enumerate() {
        let (top, left) = corner(number, picture, block);
        for (i, sample) in source.iter().enumerate() {
            let (y, x) = (top + i / block.width(), left + i % block.width());
            if y < picture.height() && x < picture.width() {
                joined[y * picture.width() + x] = *sample;
            }
        }
    }
    Ok(joined)
}

fn corner(number: usize, picture: Size, block: Size) -> (usize, usize) {
    let across = picture.width().div_ceil(block.width());
    (number / across * block.height(), number % across * block.width())
}
