//! Pictures in another size: nearest sample, box, linear, cubic and Lanczos.
//!
//! ```text
//! a new sample at i of m, from n:   centre c = (i + 1/2) n / m,   s = max(n / m, 1)
//! out(i) = sum over j of f(j) w((j + 1/2 - c) / s) / sum over j of w((j + 1/2 - c) / s)
//! ```
//!
//! | [`Filter`] | w(t) | width |
//! |---|---|---|
//! | `Box` | 1 | 1/2 |
//! | `Linear` | 1 - abs(t) | 1 |
//! | `Cubic` | cubic convolution of Keys with a = -1/2 | 2 |
//! | `Lanczos` | sinc(t) sinc(t / 3) | 3 |
//!
//! When a picture becomes smaller, `s` widens the filter so that every old sample has its share (no aliasing); when it
//! becomes larger, the filter interpolates. The two-dimensional sum is done in two passes, rows and columns. Three forms:
//!
//! - [`by_definition`]: the double sum in 64-bit floats, slow;
//! - [`resize_real`]: two passes in 64-bit floats, the same to 1e-10;
//! - [`resize`]: two passes for 8-bit samples with weights of 22 fractional bits, rounded to 8 bits after each pass. This
//!   is what `Image.resize` of Pillow 13 computes, to the bit, and with it what `ImageHash` sees.
//!
//! All take one plane; the channels of a colour picture are resized one by one, as Pillow does for RGB.
//!
//! Compared with [`crate::downsample`], any size is possible, and filters overlap. Cubic and Lanczos overshoot at edges;
//! results are limited to 0 to 255.
//!
//! Sources: Keys, "Cubic convolution interpolation for digital image processing", IEEE Trans. ASSP 29 (1981);
//! Duchon, "Lanczos filtering in one and two dimensions", J. Applied Meteorology 18 (1979).
//!
//! ```
//! use stack_transform::{Size, resample::{Filter, nearest, resize}};
//!
//! let (from, to) = (Size::new(1, 4)?, Size::new(1, 8)?);
//! let line = [0_u8, 100, 100, 0];
//! assert_eq!(nearest(&line, from, to)?, [0, 0, 100, 100, 100, 100, 0, 0]);
//! assert_eq!(resize(&line, from, to, Filter::Linear)?, [0, 25, 75, 100, 100, 75, 25, 0]);
//! assert_eq!(resize(&line, from, to, Filter::Cubic)?, [0, 19, 78, 109, 109, 78, 19, 0]);
//! assert_eq!(resize(&line, from, Size::new(1, 2)?, Filter::Box)?, [50, 50]);
//! # Ok::<(), stack_transform::Error>(())
//! ```
//!
//! Cost for H x W to h x w: about 2 r s multiplications a sample and pass, r the width of the filter; by definition its
//! square.
//!
//! Exercise: make a picture half as large and twice as large again with each filter. Which loses least, and does the
//! same filter win for text?

mod filter;
mod fixed;
mod real;

use crate::error::{Result, filled};
use crate::size::Size;

pub use filter::{Filter, Taps, weights};
pub use fixed::{Resizer, resize};
pub use real::{by_definition, resize_real};

/// The picture in another size, each sample that of the nearest place: `floor((i + 1/2) n / m)`.
///
/// # Errors
/// [`crate::Error::Length`] and [`crate::Error::Memory`].
pub fn nearest<T: Copy + Default>(samples: &[T], from: Size, to: Size) -> Result<Vec<T>> {
    from.check("the picture", samples.len())?;
    let place =
        |i: usize, old: usize, new: usize| ((2 * i as u128 + 1) * old as u128 / (2 * new as u128)) as usize;
    let mut result = filled(to.area(), T::default())?;
    for (y, row) in result.chunks_exact_mut(to.width()).enumerate() {
        let source = &samples[place(y, from.height(), to.height()) * from.width()..][..from.width()];
        for (x, sample) in row.iter_mut().enumerate() {
            *sample = source[place(x, from.width(), to.width())];
        }
    }
    Ok(result)
}
