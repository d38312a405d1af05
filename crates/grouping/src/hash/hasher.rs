//! Hashes of many pictures of one size.

use stack_core::{Error, Result};
use stack_transform::dct::FourierDct;
use stack_transform::resample::{Filter, Resizer};
use stack_transform::{Size, haar};

use super::{HashKind, ImageHash};
use crate::GreyPicture;

/// Perceptual frequencies are the lowest of so many times as many.
const FREQUENCIES: usize = 4;

/// Everything of a hash that is the same for all pictures of one size.
#[derive(Debug, Clone)]
pub struct Hasher {
    kind: HashKind,
    side: usize,
    resizer: Resizer,
    /// For the perceptual hash.
    dct: Option<FourierDct>,
}

impl Hasher {
    /// Prepares hashes of `side x side` bits of pictures of `height` rows and `width` columns.
    ///
    /// # Errors
    /// [`Error::Parameter`] if `side` is not 2 to 64, or for the wavelet hash no power of two; if a side of the picture
    /// is zero or above 2^31 - 1; or if memory is short.
    pub fn new(kind: HashKind, side: usize, height: usize, width: usize) -> Result<Self> {
        ImageHash::check_side(side)?;
        if kind == HashKind::Wavelet && !side.is_power_of_two() {
            return Err(Error::parameter(
                "the side of a wavelet hash",
                side.to_string(),
                "it may be 2, 4, 8, 16, 32 or 64",
            ));
        }
        let (rows, columns) = match kind {
            HashKind::Average => (side, side),
            HashKind::Difference => (side, side + 1),
            HashKind::DifferenceVertical => (side + 1, side),
            HashKind::Perceptual => (FREQUENCIES * side, FREQUENCIES * side),
            HashKind::Wavelet => {
                let scale = height.min(width).checked_ilog2().map_or(1, |log| 1 << log).max(side);
                (scale, scale)
            }
        };
        let size = |height, width| Size::new(height, width).map_err(|error| refused(&error));
        let resizer = Resizer::new(size(height, width)?, size(rows, columns)?, Filter::Lanczos)
            .map_err(|error| refused(&error))?;
        let dct = (kind == HashKind::Perceptual)
            .then(|| FourierDct::new(FREQUENCIES * side))
            .transpose()
            .map_err(|error| refused(&error))?;
        Ok(Self { kind, side, resizer, dct })
    }

    /// Rows and columns that pictures must have.
    pub fn picture_size(&self) -> (usize, usize) {
        (self.resizer.from().height(), self.resizer.from().width())
    }

    /// The hash of one picture.
    ///
    /// # Errors
    /// [`Error::Parameter`] if the picture has another size, or memory is short.
    pub fn hash(&self, picture: &GreyPicture) -> Result<ImageHash> {
        let (height, width) = self.picture_size();
        if (picture.height, picture.width) != (height, width) {
            return Err(Error::parameter(
                "a picture to hash",
                format!("it has {} x {} samples", picture.height, picture.width),
                format!("prepare for its size, which is not {height} x {width}"),
            ));
        }
        let levels = self.resizer.resize(&picture.levels).map_err(|error| refused(&error))?;
        let side = self.side;
        Ok(match self.kind {
            HashKind::Average => {
                let sum: u32 = levels.iter().map(|&level| u32::from(level)).sum();
                let count = levels.len() as u32;
                ImageHash::from_bits(side, levels.iter().map(|&level| u32::from(level) * count > sum))
            }
            HashKind::Difference => {
                let rows = levels.chunks_exact(side + 1);
                ImageHash::from_bits(side, rows.flat_map(|row| row.windows(2).map(|pair| pair[1] > pair[0])))
            }
            HashKind::DifferenceVertical => ImageHash::from_bits(
                side,
                levels[side..].iter().zip(&levels).map(|(below, above)| below > above),
            ),
            HashKind::Perceptual => {
                above_median(side, &self.low_frequencies(&levels).map_err(|error| refused(&error))?)
            }
            HashKind::Wavelet => {
                above_median(side, &self.wavelet_sums(&levels).map_err(|error| refused(&error))?)
            }
        })
    }

    /// The lowest coefficients of the DCT of columns, then of rows.
    fn low_frequencies(&self, levels: &[u8]) -> stack_transform::Result<Vec<f64>> {
        let Some(dct) = &self.dct else { return Ok(Vec::new()) };
        let (side, all) = (self.side, FREQUENCIES * self.side);
        let mut plane: Vec<f64> = levels.iter().map(|&level| level.into()).collect();
        dct.forward_columns(&mut plane, all)?;
        let mut lowest = vec![0.0; all * side];
        for (y, row) in plane.chunks_exact(all).take(side).enumerate() {
            // Rows become columns.
            for (column, coefficient) in lowest.chunks_exact_mut(side).zip(row) {
                column[y] = *coefficient;
            }
        }
        dct.forward_columns(&mut lowest, side)?;
        Ok((0..side * side).map(|i| lowest[i % side * side + i / side]).collect())
    }

    /// The sums of wavelets, after the mean was taken out by its coefficient.
    fn wavelet_sums(&self, levels: &[u8]) -> stack_transform::Result<Vec<f64>> {
        let scale = levels.len().isqrt();
        let size = Size::square(scale)?;
        let mut plane: Vec<f64> = levels.iter().map(|&level| f64::from(level) / 255.0).collect();
        haar::forward(&mut plane, size, scale.ilog2())?;
        plane[0] = 0.0;
        haar::inverse(&mut plane, size, scale.ilog2())?;
        haar::sums(&plane, size, scale.ilog2() - self.side.ilog2())
    }
}

/// Bits for the numbers above the median, which of an even count is the mean of the two in the middle.
fn above_median(side: usize, numbers: &[f64]) -> ImageHash {
    let mut sorted = numbers.to_vec();
    let middle = sorted.len() / 2;
    let (below, &mut upper, _) = sorted.select_nth_unstable_by(middle, f64::total_cmp);
    let median = match below.iter().copied().max_by(f64::total_cmp) {
        Some(lower) if numbers.len().is_multiple_of(2) => (lower + upper) / 2.0,
        _ => upper,
    };
    ImageHash::from_bits(side, numbers.iter().map(|&number| number > median))
}

fn refused(error: &stack_transform::Error) -> Error {
    Error::parameter(
        "a picture to hash",
        error.to_string(),
        "it needs rows and columns, and a sample for each place",
    )
}
