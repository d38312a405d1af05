//! The DCT by a Fourier transform of real lines, without factors before the sums.

use super::hermitian::Hermitian;
use super::roots::Roots;
use crate::error::{Error, Result, check_finite, check_length, check_overflow, filled};

/// Longest line of a [`FourierDct`].
const LONGEST: usize = 1 << 16;

/// The DCT-II without the factors that make it orthonormal, `X(k) = 2 * sum over n of x(n) cos(pi (2n + 1) k / 2N)`.
///
/// Its rounding is that of `scipy.fftpack.dct` (SciPy 1.17, on processors where products and sums are rounded one by
/// one), to the bit: the same steps in the same order. Measured for lengths 1 to 49 and all multiples of 4 to 256: the
/// same but for 39, 156, 196, 244 and 256, where one sine of the C library that SciPy calls is not the nearest double, and
/// a few coefficients differ in their last bits. Where coefficients are compared with their median, as perceptual
/// hashes do, the last bit of a coefficient that would be zero decides.
///
/// Sources: Makhoul, "A fast cosine transform in one and two dimensions", IEEE Trans. ASSP 28 (1980); Swarztrauber,
/// "Symmetric FFTs", Mathematics of Computation 47 (1986).
///
/// ```
/// use stack_transform::dct::{self, FourierDct};
///
/// let mut line = [1.0, 2.0, 3.0, 4.0];
/// let orthonormal = dct::forward_by_definition(&line)?;
/// FourierDct::new(4)?.forward(&mut line)?;
/// assert_eq!(line[0], 20.0);
/// assert!((line[1] - orthonormal[1] * 8_f64.sqrt()).abs() < 1e-12);
/// # Ok::<(), stack_transform::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct FourierDct {
    inverse: Hermitian,
    /// `cos(pi (k + 1) / 2N)`
    cosines: Vec<f64>,
}

impl FourierDct {
    /// Prepares a DCT of lines of `order` samples.
    ///
    /// # Errors
    /// [`Error::Parameter`] if `order` is not 1 to 65,536.
    pub fn new(order: usize) -> Result<Self> {
        if !(1..=LONGEST).contains(&order) {
            return Err(Error::parameter("the length of a DCT", order as f64, "it may be 1 to 65536"));
        }
        let roots = Roots::new(4 * order);
        let cosines = (1..=order).map(|k| roots.upper(k).0).collect();
        Ok(Self { inverse: Hermitian::new(order), cosines })
    }

    /// Replaces a line by its coefficients.
    ///
    /// # Errors
    /// [`Error::Length`], [`Error::NotFinite`]; [`Error::Overflow`], after which the line holds no useful numbers.
    pub fn forward(&self, line: &mut [f64]) -> Result<()> {
        check_length("the line", self.cosines.len(), line.len())?;
        check_finite(line)?;
        self.forward_with(line, &mut filled(line.len(), 0.0)?);
        check_overflow(line)
    }

    fn forward_with(&self, line: &mut [f64], scratch: &mut [f64]) {
        let order = line.len();
        // Sums and differences of neighbours are the coefficients of a Hermitian spectrum.
        line[0] *= 2.0;
        if order.is_multiple_of(2) {
            line[order - 1] *= 2.0;
        }
        for pair in line[1..].chunks_exact_mut(2).take((order - 1) / 2) {
            (pair[0], pair[1]) = (pair[1] + pair[0], pair[1] - pair[0]);
        }
        self.inverse.inverse(line, scratch);
        for k in 1..order.div_ceil(2) {
            let mirrored = order - k;
            let (cosine, sine) = (self.cosines[k - 1], self.cosines[mirrored - 1]);
            let sum = cosine * line[mirrored] + sine * line[k];
            let difference = cosine * line[k] - sine * line[mirrored];
            line[k] = 0.5 * (sum + difference);
            line[mirrored] = 0.5 * (sum - difference);
        }
        if order.is_multiple_of(2) {
            line[order / 2] *= self.cosines[order / 2 - 1];
        }
    }
}
