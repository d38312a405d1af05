//! All basis pictures of a kernel as one picture: for 8 x 8 blocks, the 64 patterns.
//!
//! Each basis picture is stretched so that zero is grey 128 and its largest magnitude 1 or 255, and is set in white
//! lines of one sample; `u` grows to the right, `v` downwards.
//!
//! ```
//! use stack_transform::{Kernel, Size, sheet};
//!
//! let (size, samples) = sheet::of(&Kernel::walsh_hadamard(Size::square(2)?)?)?;
//! assert_eq!(size, Size::square(7)?);
//! assert_eq!(samples[7..14], [255, 255, 255, 255, 255, 1, 255]); // first the flat picture, then left against right
//! # Ok::<(), stack_transform::Error>(())
//! ```
//!
//! Cost: (H W)^2 samples for blocks of H x W. Exercise: look at the sheet of the KLT of a picture of text.

use crate::error::{Error, Result, filled};
use crate::kernel::Kernel;
use crate::size::Size;

/// The sheet: its size and its grey samples.
///
/// # Errors
/// [`Error::Size`] and [`Error::Memory`] if it is too large.
pub fn of(kernel: &Kernel) -> Result<(Size, Vec<u8>)> {
    let block = kernel.size();
    let side = |length: usize| (length + 1).checked_mul(length).and_then(|side| side.checked_add(1));
    let (Some(height), Some(width)) = (side(block.height()), side(block.width())) else {
        let reason = "its sheet is larger than memory addresses";
        return Err(Error::Size { height: block.height(), width: block.width(), reason });
    };
    let size = Size::new(height, width)?;
    let mut samples = filled(size.area(), 255_u8)?;
    for v in 0..block.height() {
        for u in 0..block.width() {
            let picture = kernel.basis_picture(u, v);
            let largest = picture.iter().fold(f64::MIN_POSITIVE, |best, entry| best.max(entry.abs()));
            for (y, row) in picture.chunks_exact(block.width()).enumerate() {
                let start = (1 + v * (block.height() + 1) + y) * width + 1 + u * (block.width() + 1);
                for (sample, entry) in samples[start..].iter_mut().zip(row) {
                    *sample = (128.0 + 127.0 * entry / largest).round() as u8;
                }
            }
        }
    }
    Ok((size, samples))
}
