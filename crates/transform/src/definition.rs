//! The general transform as its formula stands: the slow reference for every [`Kernel`].
//!
//! ```text
//! T(u, v) = sum over x, y of f(x, y) r(x, y, u, v)          f(x, y) = sum over u, v of T(u, v) r(x, y, u, v)
//! ```
//!
//! It asks the kernel for nothing but its values, so it does not care whether the kernel is separable or what fast way
//! there is. [`Kernel::forward`] gives the same numbers to about 1e-12 of the largest.
//!
//! ```
//! use stack_transform::{Kernel, Size, definition};
//!
//! let kernel = Kernel::dct2(Size::square(2)?)?;
//! let coefficients = definition::forward(&kernel, &[1.0, 2.0, 3.0, 4.0])?;
//! let rounded: Vec<f64> = coefficients.iter().map(|t| (t * 1e12).round() / 1e12).collect();
//! assert_eq!(rounded, [5.0, -1.0, -2.0, 0.0]);
//! # Ok::<(), stack_transform::Error>(())
//! ```
//!
//! Cost: (H W)^2 multiplications for a block of H x W, 4096 for 8 x 8.
//!
//! Exercise: count the multiplications of an 8 x 8 block by rows and columns, each by definition, and with
//! [`crate::dct::FastDct`].

use crate::error::{Result, check_finite, check_overflow, filled};
use crate::kernel::Kernel;

/// The coefficients of a block by the fourfold sum.
///
/// # Errors
/// As [`Kernel::forward`].
pub fn forward(kernel: &Kernel, block: &[f64]) -> Result<Vec<f64>> {
    sum(kernel, block, |x, y, u, v| kernel.value(x, y, u, v))
}

/// The block of given coefficients by the fourfold sum.
///
/// # Errors
/// As [`Kernel::inverse`].
pub fn inverse(kernel: &Kernel, coefficients: &[f64]) -> Result<Vec<f64>> {
    sum(kernel, coefficients, |u, v, x, y| kernel.value(x, y, u, v))
}

/// For each place `c, d` of the result the sum over all places `a, b` of the source.
fn sum(kernel: &Kernel, from: &[f64], r: impl Fn(usize, usize, usize, usize) -> f64) -> Result<Vec<f64>> {
    let (height, width) = (kernel.size().height(), kernel.size().width());
    kernel.size().check("the block", from.len())?;
    check_finite(from)?;
    let mut result = filled(from.len(), 0.0)?;
    for d in 0..height {
        for c in 0..width {
            for b in 0..height {
                for a in 0..width {
                    result[d * width + c] += from[b * width + a] * r(a, b, c, d);
                }
            }
        }
    }
    check_overflow(&result)?;
    Ok(result)
}
