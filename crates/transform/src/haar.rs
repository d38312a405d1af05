//! The Haar wavelet transform: sums and differences of neighbours, then of the sums, and so on.
//!
//! ```text
//! s(k) = (x(2k) + x(2k+1)) / sqrt 2      d(k) = (x(2k) - x(2k+1)) / sqrt 2
//! x(2k) = (s(k) + d(k)) / sqrt 2         x(2k+1) = (s(k) - d(k)) / sqrt 2
//! ```
//!
//! The first half of the result are the sums, the second the differences; the next level does the same with the sums.
//! Pictures are split by columns first, then by rows: the quarter of the sums of sums lies at the upper left and is split
//! again. After L levels its samples are the means of blocks of 2^L x 2^L samples, times 2^L.
//!
//! Compared with [`crate::dct`], each coefficient knows its place; compared with [`crate::walsh`], whose first vectors are
//! the same, a jump in the picture touches few of them. The matrix is orthonormal. Each product is rounded before the sum,
//! which is how `PyWavelets` 1.9 computes it, to the bit.
//!
//! Sources: Haar, "Zur Theorie der orthogonalen Funktionensysteme", Mathematische Annalen 69 (1910); the pyramid: Mallat,
//! "A theory for multiresolution signal decomposition", IEEE Trans. PAMI 11 (1989).
//!
//! ```
//! use stack_transform::{Size, haar};
//!
//! let size = Size::square(2)?;
//! let mut picture = [9.0, 7.0, 5.0, 3.0];
//! haar::forward(&mut picture, size, 1)?;
//! let rounded = picture.map(|t| (t * 1e9).round() / 1e9);
//! assert_eq!(rounded, [12.0, 2.0, 4.0, 0.0]); // twice the mean, then slopes along rows, columns and both
//! haar::inverse(&mut picture, size, 1)?;
//! assert!(picture.iter().zip([9.0, 7.0, 5.0, 3.0]).all(|(a, b)| (a - b).abs() < 1e-12));
//! # Ok::<(), stack_transform::Error>(())
//! ```
//!
//! Cost: at most 16 operations a sample for all levels; by definition the number of samples squared.
//!
//! Exercise: which coefficients of a picture change when one sample does, and how many are they for L levels?

use std::f64::consts::FRAC_1_SQRT_2;

use crate::error::{Error, Result, check_finite, check_overflow, filled};
use crate::size::Size;

/// Entry `n` of vector `k` of a line of `order` samples after `levels` levels: the formula as it stands.
///
/// # Panics
/// If `order` is not a multiple of 2^`levels`.
#[must_use]
pub fn basis(order: usize, levels: u32, k: usize, n: usize) -> f64 {
    assert!(order.is_multiple_of(1 << levels), "each level halves the line");
    let sums = order >> levels;
    // Sums lie first; of the differences, those of the last level lie first.
    let (length, place, sign) = if k < sums {
        (1 << levels, k, 1.0)
    } else {
        let level = (1..=levels).find(|level| k >= order >> level).expect("k is below the order");
        let length = 1 << level;
        (length, k - (order >> level), if n % length < length / 2 { 1.0 } else { -1.0 })
    };
    if n / length == place { sign / libm::sqrt(length as f64) } else { 0.0 }
}

/// The coefficients of a picture by definition: the double sum over rows and columns.
///
/// With more than one level, [`forward`] splits only the quarter of sums again; this is the same, where the two places
/// of a coefficient are of one level.
///
/// # Errors
/// As [`forward`].
pub fn forward_by_definition(plane: &[f64], size: Size, levels: u32) -> Result<Vec<f64>> {
    check(plane, size, levels)?;
    let (height, width) = (size.height(), size.width());
    // The level at which row v and column u lie: the first whose sums they are not both among.
    let level_of = |v: usize, u: usize| {
        (1..=levels).find(|level| v >= height >> level || u >= width >> level).unwrap_or(levels)
    };
    let mut coefficients = filled(size.area(), 0.0)?;
    for (index, coefficient) in coefficients.iter_mut().enumerate() {
        let (v, u) = (index / width, index % width);
        let level = level_of(v, u);
        *coefficient = (0..size.area())
            .map(|i| plane[i] * basis(height, level, v, i / width) * basis(width, level, u, i % width))
            .sum();
    }
    check_overflow(&coefficients)?;
    Ok(coefficients)
}

/// Replaces a picture by its coefficients.
///
/// # Errors
/// [`Error::Parameter`] if a side is not a multiple of 2^`levels`; [`Error::Length`]; [`Error::NotFinite`];
/// [`Error::Overflow`], after which the plane holds no useful numbers; [`Error::Memory`].
pub fn forward(plane: &mut [f64], size: Size, levels: u32) -> Result<()> {
    check(plane, size, levels)?;
    let mut scratch = filled(plane.len(), 0.0)?;
    for level in 0..levels {
        split(plane, &mut scratch, size.width(), size.height() >> level, size.width() >> level);
    }
    check_overflow(plane)
}

/// Replaces coefficients by their picture.
///
/// # Errors
/// As [`forward`].
pub fn inverse(plane: &mut [f64], size: Size, levels: u32) -> Result<()> {
    check(plane, size, levels)?;
    let mut scratch = filled(plane.len(), 0.0)?;
    for level in (0..levels).rev() {
        join(plane, &mut scratch, size.width(), size.height() >> level, size.width() >> level);
    }
    check_overflow(plane)
}

/// The sums of the last level alone, `height / 2^levels` rows of `width / 2^levels`: what [`forward`] has at the upper
/// left.
///
/// # Errors
/// As [`forward`].
pub fn sums(plane: &[f64], size: Size, levels: u32) -> Result<Vec<f64>> {
    check(plane, size, levels)?;
    let mut sums = filled(plane.len(), 0.0)?;
    sums.copy_from_slice(plane);
    let (mut height, mut width) = (size.height(), size.width());
    for _ in 0..levels {
        // Results lie before what is still to be read.
        for k in 0..height / 2 {
            for l in 0..width / 2 {
                let at = |row: usize, column: usize| sums[(2 * k + row) * width + 2 * l + column];
                let column = |column: usize| FRAC_1_SQRT_2 * at(0, column) + FRAC_1_SQRT_2 * at(1, column);
                sums[k * (width / 2) + l] = FRAC_1_SQRT_2 * column(0) + FRAC_1_SQRT_2 * column(1);
            }
        }
        (height, width) = (height / 2, width / 2);
    }
    sums.truncate(height * width);
    check_overflow(&sums)?;
    Ok(sums)
}

fn check(plane: &[f64], size: Size, levels: u32) -> Result<()> {
    size.check("the picture", plane.len())?;
    if levels > size.height().trailing_zeros().min(size.width().trailing_zeros()) {
        return Err(Error::parameter(
            "the levels of a Haar transform",
            f64::from(levels),
            "both sides must be multiples of two to this power",
        ));
    }
    check_finite(plane)
}

fn sum_and_difference(a: f64, b: f64) -> (f64, f64) {
    let (a, b) = (FRAC_1_SQRT_2 * a, FRAC_1_SQRT_2 * b);
    (a + b, a - b)
}

/// One level of the upper left `height` rows and `width` columns: columns into the scratch, rows back.
fn split(plane: &mut [f64], scratch: &mut [f64], stride: usize, height: usize, width: usize) {
    let half = height / 2;
    let (low, high) = scratch[..height * width].split_at_mut(half * width);
    for (k, (low, high)) in low.chunks_exact_mut(width).zip(high.chunks_exact_mut(width)).enumerate() {
        let one = &plane[2 * k * stride..][..width];
        let other = &plane[(2 * k + 1) * stride..][..width];
        for (((low, high), &a), &b) in low.iter_mut().zip(high).zip(one).zip(other) {
            (*low, *high) = sum_and_difference(a, b);
        }
    }
    for (row, source) in plane.chunks_mut(stride).zip(scratch[..height * width].chunks_exact(width)) {
        let (low, high) = row[..width].split_at_mut(width / 2);
        for ((low, high), pair) in low.iter_mut().zip(high).zip(source.as_chunks::<2>().0) {
            (*low, *high) = sum_and_difference(pair[0], pair[1]);
        }
    }
}

/// [`split`] undone: rows into the scratch, columns back.
fn join(plane: &mut [f64], scratch: &mut [f64], stride: usize, height: usize, width: usize) {
    for (row, target) in plane.chunks(stride).zip(scratch[..height * width].chunks_exact_mut(width)) {
        let (low, high) = row[..width].split_at(width / 2);
        for ((&low, &high), pair) in low.iter().zip(high).zip(target.as_chunks_mut::<2>().0) {
            (pair[0], pair[1]) = sum_and_difference(low, high);
        }
    }
    let (low, high) = scratch[..height * width].split_at(height / 2 * width);
    for (k, (low, high)) in low.chunks_exact(width).zip(high.chunks_exact(width)).enumerate() {
        let (one, other) = plane[2 * k * stride..].split_at_mut(stride);
        for (((a, b), &low), &high) in one[..width].iter_mut().zip(other).zip(low).zip(high) {
            (*a, *b) = sum_and_difference(low, high);
        }
    }
}
