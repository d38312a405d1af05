//! The DCT by a Fourier transform of real lines, without factors before the sums.

use std::ops::Range;

use super::hermitian::Hermitian;
use super::lanes::Lanes;
use super::roots::Roots;
use crate::error::{Error, Result, check_finite, check_length, check_overflow, filled};

/// Columns that are transformed at a time.
const LANES: usize = 4;

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
        self.forward_columns(line, 1)
    }

    /// Replaces each of `width` columns, whose samples lie row by row, by its coefficients; several at a time.
    ///
    /// # Errors
    /// As [`FourierDct::forward`].
    pub fn forward_columns(&self, plane: &mut [f64], width: usize) -> Result<()> {
        let order = self.cosines.len();
        check_length("the columns", order.saturating_mul(width), plane.len())?;
        check_finite(plane)?;
        let whole = width - width % LANES;
        self.transform::<LANES>(plane, width, 0..whole)?;
        self.transform::<1>(plane, width, whole..width)?;
        check_overflow(plane)
    }

    fn transform<const L: usize>(
        &self,
        plane: &mut [f64],
        width: usize,
        columns: Range<usize>,
    ) -> Result<()> {
        if columns.is_empty() {
            return Ok(());
        }
        let mut lines = filled(self.cosines.len(), Lanes::<L>::ZERO)?;
        let mut scratch = lines.clone();
        for x in columns.step_by(L) {
            for (lanes, row) in lines.iter_mut().zip(plane.chunks_exact(width)) {
                lanes.0.copy_from_slice(&row[x..x + L]);
            }
            self.forward_with(&mut lines, &mut scratch);
            for (lanes, row) in lines.iter().zip(plane.chunks_exact_mut(width)) {
                row[x..x + L].copy_from_slice(&lanes.0);
            }
        }
        Ok(())
    }

    fn forward_with<const L: usize>(&self, line: &mut [Lanes<L>], scratch: &mut [Lanes<L>]) {
        let order = line.len();
        // Sums and differences of neighbours are the coefficients of a Hermitian spectrum.
        line[0] = line[0] * 2.0;
        if order.is_multiple_of(2) {
            line[order - 1] = line[order - 1] * 2.0;
        }
        for pair in line[1..].chunks_exact_mut(2).take((order - 1) / 2) {
            (pair[0], pair[1]) = (pair[1] + pair[0], pair[1] - pair[0]);
        }
        self.inverse.inverse(line, scratch);
        for k in 1..order.div_ceil(2) {
            let mirrored = order - k;
            let (cosine, sine) = (self.cosines[k - 1], self.cosines[mirrored - 1]);
            let sum = line[mirrored] * cosine + line[k] * sine;
            let difference = line[k] * cosine - line[mirrored] * sine;
            line[k] = (sum + difference) * 0.5;
            line[mirrored] = (sum - difference) * 0.5;
        }
        if order.is_multiple_of(2) {
            line[order / 2] = line[order / 2] * self.cosines[order / 2 - 1];
        }
    }
}
