//! The Karhunen-Loeve transform: the basis that fits one picture best.
//!
//! ```text
//! mean        m = 1/n * sum of the blocks x                        blocks as vectors of H W numbers
//! covariance  C = 1/n * sum of (x - m) (x - m)^T
//! basis       C b_k = l_k b_k,   l_0 >= l_1 >= ...                  eigenvectors; l_k is the variance of T_k
//! forward     T_k = b_k . (x - m)                                   inverse: x = m + sum over k of T_k b_k
//! ```
//!
//! Its coefficients are uncorrelated, and no linear transform leaves a smaller mean square error when the same number
//! of coefficients is kept. Compared with [`crate::dct`]: the basis and the mean must be stored beside the data (4096
//! numbers for 8 x 8), and there is no fast way, as the kernel is not separable. For pictures whose neighbours are
//! strongly correlated, the DCT comes close. With pixels as vectors of colours it is the colour transform of
//! [`Klt::of_pixels`]; statisticians call it principal component analysis.
//!
//! The eigenvectors are unique only up to sign, and where variances are equal not even so. Here the entry of largest
//! magnitude is positive. Who decodes must use the stored basis, not compute it again.
//!
//! Sources: Hotelling, J. Educational Psychology 24 (1933); Karhunen (1947); Loeve (1948); Jain, *Fundamentals of
//! Digital Image Processing* (1989), section 5.11.
//!
//! ```
//! use stack_transform::{Klt, Size};
//!
//! // Four pairs of samples along a falling line.
//! let pairs = [0.0, 4.0, 1.0, 3.0, 3.0, 1.0, 4.0, 0.0];
//! let klt = Klt::of_blocks(Size::new(1, 2)?, &pairs)?;
//! assert_eq!(klt.mean(), [2.0, 2.0]);
//! let rounded = |numbers: &[f64]| numbers.iter().map(|x| (x * 1e4).round() / 1e4 + 0.0).collect::<Vec<_>>();
//! assert_eq!(rounded(klt.variances()), [5.0, 0.0]); // one number a pair is enough
//! assert_eq!(rounded(&klt.kernel().basis_picture(0, 0)), [0.7071, -0.7071]);
//! assert_eq!(rounded(&klt.forward(&[0.0, 4.0])?), [-2.8284, 0.0]);
//! # Ok::<(), stack_transform::Error>(())
//! ```
//!
//! Cost for n blocks of D samples: n D^2 for the covariance, about 10 D^3 for the eigenvectors (at most
//! [`Klt::MAX_AREA`] = 1024 samples), D^2 a block.
//!
//! Exercise: how many blocks must a picture have at least for all 64 variances to be above zero?

use nalgebra::{DMatrix, SymmetricEigen};

use crate::basis::inner_product;
use crate::error::{Error, Result, check_finite, check_overflow, filled};
use crate::kernel::Kernel;
use crate::size::Size;

/// Mean, variances and basis of blocks of one size.
#[derive(Debug, Clone)]
pub struct Klt {
    mean: Vec<f64>,
    variances: Vec<f64>,
    kernel: Kernel,
}

impl Klt {
    /// Most samples of a block.
    pub const MAX_AREA: usize = 1024;

    /// The KLT of blocks of `size`, one after the other, as [`crate::blocks::cut`] gives them.
    ///
    /// # Errors
    /// [`Error::Size`] above [`Klt::MAX_AREA`]; [`Error::Length`] if there is no block, or part of one;
    /// [`Error::NotFinite`]; [`Error::Overflow`]; [`Error::NoConvergence`].
    pub fn of_blocks(size: Size, blocks: &[f64]) -> Result<Self> {
        let area = size.area();
        if area > Self::MAX_AREA {
            let reason = "a KLT may have 1024 samples at most";
            return Err(Error::Size { height: size.height(), width: size.width(), reason });
        }
        let (mean, covariance) = covariance(area, blocks)?;
        let matrix = DMatrix::from_row_slice(area, area, &covariance);
        let eigen = SymmetricEigen::try_new(matrix, f64::EPSILON, 1000 * area).ok_or(Error::NoConvergence)?;
        let mut ranking: Vec<usize> = (0..area).collect();
        ranking.sort_by(|a, b| eigen.eigenvalues[*b].total_cmp(&eigen.eigenvalues[*a]));
        let mut pictures = filled(area * area, 0.0)?;
        for (picture, rank) in pictures.chunks_exact_mut(area).zip(&ranking) {
            picture.copy_from_slice(eigen.eigenvectors.column(*rank).as_slice());
            turn_positive(picture);
        }
        // Rounding can leave a variance of zero slightly below it.
        let variances = ranking.iter().map(|rank| eigen.eigenvalues[*rank].max(0.0)).collect();
        Ok(Self { mean, variances, kernel: Kernel::general(size, pictures)? })
    }

    /// The KLT of colours: `samples` are pixels of `channels` samples each, the channels of a pixel side by side.
    ///
    /// ```
    /// use stack_transform::Klt;
    ///
    /// // Grey pixels and a slightly red one: brightness explains nearly all.
    /// let klt = Klt::of_pixels(3, &[10, 10, 10, 90, 90, 90, 200, 200, 200, 130, 120, 120])?;
    /// let total: f64 = klt.variances().iter().sum();
    /// assert_eq!((klt.variances()[0] / total * 1e4).round(), 9991.0);
    /// # Ok::<(), stack_transform::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Klt::of_blocks`].
    pub fn of_pixels<T: Copy + Into<f64>>(channels: usize, samples: &[T]) -> Result<Self> {
        let pixels: Vec<f64> = samples.iter().map(|sample| (*sample).into()).collect();
        Self::of_blocks(Size::new(1, channels)?, &pixels)
    }

    /// The mean block.
    #[must_use]
    pub fn mean(&self) -> &[f64] {
        &self.mean
    }

    /// The variance of every coefficient, falling.
    #[must_use]
    pub fn variances(&self) -> &[f64] {
        &self.variances
    }

    /// The basis as a kernel: coefficient k is at position k, rows first. It does not subtract the mean.
    #[must_use]
    pub fn kernel(&self) -> &Kernel {
        &self.kernel
    }

    /// The coefficients of a block, its mean subtracted, by falling variance.
    ///
    /// # Errors
    /// As [`Kernel::forward`].
    pub fn forward(&self, block: &[f64]) -> Result<Vec<f64>> {
        self.kernel.size().check("the block", block.len())?;
        check_finite(block)?;
        let centred: Vec<f64> = block.iter().zip(&self.mean).map(|(sample, mean)| sample - mean).collect();
        check_overflow(&centred)?;
        self.kernel.forward(&centred)
    }

    /// The block of coefficients, its mean added.
    ///
    /// # Errors
    /// As [`Kernel::inverse`].
    pub fn inverse(&self, coefficients: &[f64]) -> Result<Vec<f64>> {
        let mut block = self.kernel.inverse(coefficients)?;
        block.iter_mut().zip(&self.mean).for_each(|(sample, mean)| *sample += mean);
        check_overflow(&block)?;
        Ok(block)
    }
}

/// Mean and covariance (divided by n, row by row) of vectors of `dimension` numbers, one after the other.
///
/// # Errors
/// [`Error::Length`] if there is no vector, or part of one; [`Error::NotFinite`]; [`Error::Overflow`]; [`Error::Memory`].
pub fn covariance(dimension: usize, vectors: &[f64]) -> Result<(Vec<f64>, Vec<f64>)> {
    let count = vectors.len().checked_div(dimension).unwrap_or(0);
    if count == 0 || count * dimension != vectors.len() {
        let expected = dimension * count.max(1);
        return Err(Error::Length { what: "the list of vectors", expected, found: vectors.len() });
    }
    check_finite(vectors)?;
    let mut mean = filled(dimension, 0.0)?;
    for vector in vectors.chunks_exact(dimension) {
        mean.iter_mut().zip(vector).for_each(|(sum, entry)| *sum += entry);
    }
    mean.iter_mut().for_each(|sum| *sum /= count as f64);
    let mut covariance = filled(Size::square(dimension)?.area(), 0.0)?;
    let mut centred = filled(dimension, 0.0)?;
    for vector in vectors.chunks_exact(dimension) {
        for ((difference, entry), mean) in centred.iter_mut().zip(vector).zip(&mean) {
            *difference = entry - mean;
        }
        for (row, one) in covariance.chunks_exact_mut(dimension).zip(&centred) {
            row.iter_mut().zip(&centred).for_each(|(sum, other)| *sum += one * other);
        }
    }
    covariance.iter_mut().for_each(|sum| *sum /= count as f64);
    check_overflow(&covariance)?;
    Ok((mean, covariance))
}

/// Makes the first entry of largest magnitude positive, and the length one to the last bit or so.
fn turn_positive(vector: &mut [f64]) {
    let largest = vector
        .iter()
        .copied()
        .fold(0.0, |best: f64, entry| if entry.abs() > best.abs() { entry } else { best });
    let length = libm::sqrt(inner_product(vector, vector));
    let factor = if largest < 0.0 { -1.0 / length } else { 1.0 / length };
    vector.iter_mut().for_each(|entry| *entry *= factor);
}
