//! The discrete cosine transform of lines, DCT-II and DCT-III, by definition and fast.
//!
//! ```text
//! DCT-II:   X(k) = c(k) * sum over n of x(n) cos(pi (2n + 1) k / 2N),   c(0) = sqrt(1/N), else c(k) = sqrt(2/N)
//! DCT-III:  x(n) = sum over k of c(k) X(k) cos(pi (2n + 1) k / 2N)
//! ```
//!
//! With these factors the matrix is orthonormal and the DCT-III is the inverse of the DCT-II. Compared with the Fourier
//! transform, a line is continued by its mirror image instead of by repetition: there is no jump at the border, and
//! smooth lines need few coefficients. Compared with [`crate::walsh`], the vectors are smooth; compared with
//! [`crate::klt`], they do not depend on the picture. [`crate::dct8`] is the same transform for 8 x 8 blocks of
//! samples of few bits, in 32-bit floats and much faster.
//!
//! Sources: Ahmed, Natarajan, Rao, "Discrete cosine transform", IEEE Trans. Computers C-23 (1974); for [`FastDct`]:
//! Lee, "A new algorithm to compute the discrete cosine transform", IEEE Trans. ASSP 32 (1984).
//!
//! ```
//! use stack_transform::dct;
//!
//! let line = [1.0, 2.0, 3.0, 4.0];
//! let slow = dct::forward_by_definition(&line)?;
//! let rounded: Vec<f64> = slow.iter().map(|x| (x * 1e6).round() / 1e6).collect();
//! assert_eq!(rounded, [5.0, -2.230442, 0.0, -0.158513]); // the falling energy of a smooth line
//!
//! let mut fast = line;
//! dct::FastDct::new(4)?.forward(&mut fast)?;
//! assert!(fast.iter().zip(&slow).all(|(a, b)| (a - b).abs() < 1e-12));
//! # Ok::<(), stack_transform::Error>(())
//! ```
//!
//! Worst-case cost: by definition N^2 multiplications; [`FastDct`] about (N/2) log2 N where N is a power of two. Where
//! N is odd times a power of two, the odd part M is done by definition: N M.
//!
//! Exercise: why do all coefficients but those of odd k vanish for a line that is its own mirror image with the sign
//! turned, and which vanish for a line that is its own mirror image?

mod fourier;
mod hermitian;
mod lanes;
mod roots;

use std::f64::consts::PI;

use crate::error::{Error, Result, check_finite, check_length, check_overflow, filled};

pub use fourier::FourierDct;

/// Entry `n` of basis vector `k` of the DCT-II of order `order`: the formula as it stands.
///
/// # Panics
/// If `order` is zero.
#[must_use]
pub fn basis(order: usize, k: usize, n: usize) -> f64 {
    let scale = libm::sqrt(if k == 0 { 1.0 } else { 2.0 } / order as f64);
    scale * cosine(order, k, n)
}

/// `cos(pi (2n + 1) k / 2N)`, with the argument brought below one turn first, where the cosine is exact to one bit.
fn cosine(order: usize, k: usize, n: usize) -> f64 {
    let turn = 4 * order as u128;
    let angle = (2 * n as u128 + 1) * k as u128 % turn;
    libm::cos(PI * angle as f64 / (2 * order) as f64)
}

/// The DCT-II by its definition.
///
/// # Errors
/// [`Error::NotFinite`], and [`Error::Overflow`] if a sum is beyond the range of floats.
pub fn forward_by_definition(line: &[f64]) -> Result<Vec<f64>> {
    check_finite(line)?;
    let order = line.len();
    let coefficients: Vec<f64> =
        (0..order).map(|k| (0..order).map(|n| line[n] * basis(order, k, n)).sum()).collect();
    check_overflow(&coefficients)?;
    Ok(coefficients)
}

/// The DCT-III by its definition.
///
/// # Errors
/// As [`forward_by_definition`].
pub fn inverse_by_definition(coefficients: &[f64]) -> Result<Vec<f64>> {
    check_finite(coefficients)?;
    let order = coefficients.len();
    let line: Vec<f64> =
        (0..order).map(|n| (0..order).map(|k| coefficients[k] * basis(order, k, n)).sum()).collect();
    check_overflow(&line)?;
    Ok(line)
}

/// The constants of a fast DCT of one length.
#[derive(Debug, Clone)]
pub struct FastDct {
    order: usize,
    /// `1 / (2 cos(pi (i + 1/2) / L))` for i below L/2, for L = N, N/2, ... while L is even.
    levels: Vec<Vec<f64>>,
    /// Cosines of the odd part, where halving ends.
    odd: Vec<f64>,
}

impl FastDct {
    /// Prepares a DCT of lines of `order` samples.
    ///
    /// # Errors
    /// [`Error::Parameter`] if `order` is zero, or its odd part is above 4096.
    pub fn new(order: usize) -> Result<Self> {
        if order == 0 || order >> order.trailing_zeros() > 4096 {
            return Err(Error::parameter(
                "the length of a DCT",
                order as f64,
                "it may be 1 to 4096, or such a number times a power of two",
            ));
        }
        let mut levels = Vec::new();
        let mut length = order;
        while length.is_multiple_of(2) {
            let mut level = filled(length / 2, 0.0)?;
            for (i, factor) in level.iter_mut().enumerate() {
                *factor = 0.5 / libm::cos(PI * (i as f64 + 0.5) / length as f64);
            }
            levels.push(level);
            length /= 2;
        }
        let mut odd = filled(length * length, 0.0)?;
        for (k, vector) in odd.chunks_exact_mut(length).enumerate() {
            for (n, entry) in vector.iter_mut().enumerate() {
                *entry = cosine(length, k, n);
            }
        }
        Ok(Self { order, levels, odd })
    }

    /// Replaces a line by its DCT-II.
    ///
    /// # Errors
    /// [`Error::Length`], [`Error::NotFinite`]; [`Error::Overflow`], after which the line holds no useful numbers.
    pub fn forward(&self, line: &mut [f64]) -> Result<()> {
        self.checked(line, Self::forward_with)
    }

    /// Replaces coefficients by their DCT-III.
    ///
    /// # Errors
    /// As [`FastDct::forward`].
    pub fn inverse(&self, coefficients: &mut [f64]) -> Result<()> {
        self.checked(coefficients, Self::inverse_with)
    }

    fn checked(&self, line: &mut [f64], work: impl Fn(&Self, &mut [f64], &mut [f64])) -> Result<()> {
        check_length("the line", self.order, line.len())?;
        check_finite(line)?;
        work(self, line, &mut filled(self.order, 0.0)?);
        check_overflow(line)
    }

    pub(crate) fn forward_with(&self, line: &mut [f64], scratch: &mut [f64]) {
        self.analyse(line, scratch, 0);
        let scale = libm::sqrt(2.0 / self.order as f64);
        for coefficient in line.iter_mut() {
            *coefficient *= scale;
        }
        line[0] *= std::f64::consts::FRAC_1_SQRT_2;
    }

    pub(crate) fn inverse_with(&self, line: &mut [f64], scratch: &mut [f64]) {
        let scale = libm::sqrt(2.0 / self.order as f64);
        for coefficient in line.iter_mut() {
            *coefficient *= scale;
        }
        line[0] *= std::f64::consts::FRAC_1_SQRT_2;
        self.synthesise(line, scratch, 0);
    }

    /// The cosine sums without the factors c(k). Sums of mirrored pairs have the even coefficients as their DCT of
    /// half the length; differences, weighted, have the sums of neighbouring odd ones.
    fn analyse(&self, line: &mut [f64], scratch: &mut [f64], level: usize) {
        let Some(factors) = self.levels.get(level) else { return self.odd_part(line, scratch, false) };
        let half = line.len() / 2;
        let (even, odd) = scratch.split_at_mut(half);
        for i in 0..half {
            let (one, other) = (line[i], line[2 * half - 1 - i]);
            even[i] = one + other;
            odd[i] = (one - other) * factors[i];
        }
        let (left, right) = line.split_at_mut(half);
        self.analyse(even, left, level + 1);
        self.analyse(odd, right, level + 1);
        for i in 0..half {
            line[2 * i] = even[i];
            line[2 * i + 1] = odd[i] + odd.get(i + 1).copied().unwrap_or(0.0);
        }
    }

    /// The transpose of [`FastDct::analyse`], step by step.
    fn synthesise(&self, line: &mut [f64], scratch: &mut [f64], level: usize) {
        let Some(factors) = self.levels.get(level) else { return self.odd_part(line, scratch, true) };
        let half = line.len() / 2;
        let (even, odd) = scratch.split_at_mut(half);
        for i in 0..half {
            even[i] = line[2 * i];
            odd[i] = line[2 * i + 1] + if i == 0 { 0.0 } else { line[2 * i - 1] };
        }
        let (left, right) = line.split_at_mut(half);
        self.synthesise(even, left, level + 1);
        self.synthesise(odd, right, level + 1);
        for i in 0..half {
            let (sum, difference) = (even[i], odd[i] * factors[i]);
            line[i] = sum + difference;
            line[2 * half - 1 - i] = sum - difference;
        }
    }

    fn odd_part(&self, line: &mut [f64], scratch: &mut [f64], transposed: bool) {
        let length = line.len();
        scratch.copy_from_slice(line);
        for (i, sum) in line.iter_mut().enumerate() {
            *sum = (0..length)
                .map(|j| scratch[j] * self.odd[if transposed { j * length + i } else { i * length + j }])
                .sum();
        }
    }
}
