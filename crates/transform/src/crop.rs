//! A part of a picture.
//!
//! ```
//! use stack_transform::{Size, crop};
//!
//! let picture = [1, 2, 3, 4, 5, 6];
//! assert_eq!(crop::crop(&picture, Size::new(2, 3)?, 1, 1, Size::new(1, 2)?)?, [5, 6]);
//! assert!(crop::crop(&picture, Size::new(2, 3)?, 1, 2, Size::new(1, 2)?).is_err());
//! # Ok::<(), stack_transform::Error>(())
//! ```
//!
//! Cost: one copy of the part. Exercise: crop a picture by one column and look at the coefficients of its blocks.

use crate::error::{Error, Result, filled};
use crate::size::Size;

/// The part of `part` samples whose first is in row `top` and column `left`.
///
/// # Errors
/// [`Error::Length`]; [`Error::Size`] if the part is not within the picture; [`Error::Memory`].
pub fn crop<T: Copy + Default>(
    samples: &[T],
    size: Size,
    top: usize,
    left: usize,
    part: Size,
) -> Result<Vec<T>> {
    size.check("the picture", samples.len())?;
    let within =
        |start: usize, length: usize, whole: usize| start.checked_add(length).is_some_and(|end| end <= whole);
    if !within(top, part.height(), size.height()) || !within(left, part.width(), size.width()) {
        let reason = "with its offset this part reaches out of the picture";
        return Err(Error::Size { height: part.height(), width: part.width(), reason });
    }
    let mut cropped = filled(part.area(), T::default())?;
    let rows = samples.chunks_exact(size.width()).skip(top);
    for (new, old) in cropped.chunks_exact_mut(part.width()).zip(rows) {
        new.copy_from_slice(&old[left..][..part.width()]);
    }
    Ok(cropped)
}
