//! How much of a picture is in how few coefficients.
//!
//! ```text
//! e(k)   = mean over all blocks of T_k^2
//! energy = sum of the kept e(k) / sum of all e(k)        MSE = sum of the dropped e(k) / samples of a block
//! RMSE   = sqrt(MSE)
//! ```
//!
//! By Parseval's theorem the squared error of a block is the sum of the squares of the dropped coefficients, so that
//! nothing has to be transformed back; [`Compaction::error_by_reconstruction`] does so all the same, as proof. Coefficients
//! are kept in an order that is the same for all blocks: by falling energy, or zigzag ([`crate::zigzag`]).
//! Source: Jayant, Noll, *Digital Coding of Waveforms* (1984), chapter 12.
//!
//! ```
//! use stack_transform::{Compaction, Kernel, Klt, Size, blocks};
//!
//! // 16 x 16 samples of a sloping pattern.
//! let picture: Vec<f64> = (0..256).map(|i| f64::from((i % 16 * 3 + i / 16 * 5) % 37)).collect();
//! let size = Size::square(8)?;
//! let cut = blocks::cut(&picture, Size::square(16)?, size)?;
//! let klt = Klt::of_blocks(size, &cut)?;
//! let by_klt = Compaction::new(klt.kernel(), klt.mean(), &cut)?;
//! let by_dct = Compaction::new(&Kernel::dct2(size)?, klt.mean(), &cut)?;
//! let rmse = |c: &Compaction, count| (c.kept(&c.by_energy(), count).rmse * 100.0).round() / 100.0;
//! assert_eq!([1, 2, 3].map(|count| rmse(&by_klt, count)), [4.94, 3.32, 0.0]); // four blocks span three dimensions
//! assert_eq!([1, 2, 3].map(|count| rmse(&by_dct, count)), [8.29, 7.77, 7.38]);
//! # Ok::<(), stack_transform::Error>(())
//! ```
//!
//! Cost: that of the transform of all blocks; each count after that, 64 additions for 8 x 8.
//!
//! Exercise: what does the energy say if the mean is not subtracted, and why does the MSE not mind?

use crate::error::{Error, Result, check_length, check_overflow, filled};
use crate::kernel::Kernel;

/// Mean energies of the coefficients of blocks.
#[derive(Debug, Clone)]
pub struct Compaction {
    energies: Vec<f64>,
}

/// What is left when some coefficients are kept.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Kept {
    /// Coefficients kept of each block.
    pub count: usize,
    /// Their share of the energy, 0 to 1; 1 if there is none.
    pub energy: f64,
    /// Mean square error of a sample.
    pub mse: f64,
    /// Its root, in the unit of the samples.
    pub rmse: f64,
}

impl Compaction {
    /// Transforms all blocks, after `offset` (a mean block, or zeros) is subtracted from each.
    ///
    /// # Errors
    /// [`Error::Length`] if `offset` is not a block, or `blocks` not whole blocks, at least one; and those of
    /// [`Kernel::forward`].
    pub fn new(kernel: &Kernel, offset: &[f64], blocks: &[f64]) -> Result<Self> {
        let area = kernel.size().area();
        let count = check_blocks(area, offset, blocks)?;
        let mut energies = filled(area, 0.0)?;
        for block in blocks.chunks_exact(area) {
            let coefficients = kernel.forward(&centred(block, offset))?;
            energies.iter_mut().zip(&coefficients).for_each(|(sum, t)| *sum += t * t / count as f64);
        }
        check_overflow(&energies)?;
        Ok(Self { energies })
    }

    /// Mean square of every coefficient.
    #[must_use]
    pub fn energies(&self) -> &[f64] {
        &self.energies
    }

    /// Positions of the coefficients by falling energy; equal ones by position.
    #[must_use]
    pub fn by_energy(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.energies.len()).collect();
        order.sort_by(|a, b| self.energies[*b].total_cmp(&self.energies[*a]));
        order
    }

    /// What is left if the first `count` positions of `order` are kept; all, if it has fewer.
    #[must_use]
    pub fn kept(&self, order: &[usize], count: usize) -> Kept {
        let mut dropped = self.energies.clone();
        for position in order.iter().take(count) {
            if let Some(energy) = dropped.get_mut(*position) {
                *energy = 0.0;
            }
        }
        let (all, lost): (f64, f64) = (self.energies.iter().sum(), dropped.iter().sum());
        let mse = lost / self.energies.len() as f64;
        let energy = if all > 0.0 { (all - lost) / all } else { 1.0 };
        Kept { count: count.min(order.len()), energy, mse, rmse: libm::sqrt(mse) }
    }

    /// The mean square error by its definition: drop coefficients, transform back, compare.
    ///
    /// # Errors
    /// As [`Compaction::new`] and [`Kernel::inverse`].
    pub fn error_by_reconstruction(
        kernel: &Kernel,
        offset: &[f64],
        blocks: &[f64],
        kept: &[usize],
    ) -> Result<f64> {
        let area = kernel.size().area();
        check_blocks(area, offset, blocks)?;
        let mut sum = 0.0;
        for block in blocks.chunks_exact(area) {
            let centred = centred(block, offset);
            let coefficients = kernel.forward(&centred)?;
            let mut few = filled(area, 0.0)?;
            for position in kept {
                if let Some(coefficient) = coefficients.get(*position) {
                    few[*position] = *coefficient;
                }
            }
            let restored = kernel.inverse(&few)?;
            sum += restored.iter().zip(&centred).map(|(a, b)| (a - b) * (a - b)).sum::<f64>();
        }
        Ok(sum / blocks.len() as f64)
    }
}

fn centred(block: &[f64], offset: &[f64]) -> Vec<f64> {
    block.iter().zip(offset).map(|(sample, offset)| sample - offset).collect()
}

fn check_blocks(area: usize, offset: &[f64], blocks: &[f64]) -> Result<usize> {
    check_length("the offset", area, offset.len())?;
    let count = blocks.len() / area;
    if count == 0 || count * area != blocks.len() {
        let expected = area * count.max(1);
        return Err(Error::Length { what: "the list of blocks", expected, found: blocks.len() });
    }
    Ok(count)
}
