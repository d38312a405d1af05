//! Whole planes, block by block.

use super::{Block, Coder, round};
use crate::error::{Error, Result, check_length};
use crate::size::Size;

/// A sample of a plane: `u8`, `u16` or `i16`.
pub trait PlaneSample: Copy + Into<f32> + sealed::Sealed {
    /// The nearest sample to a number, halves to even, within the type's range.
    fn nearest(number: f32) -> Self;
}

mod sealed {
    pub trait Sealed {}
}

macro_rules! plane_sample {
    ($($sample:ty),*) => {$(
        impl sealed::Sealed for $sample {}
        impl PlaneSample for $sample {
            #[inline(always)]
            fn nearest(number: f32) -> Self {
                round(number.max(Self::MIN.into()).min(Self::MAX.into())) as Self
            }
        }
    )*};
}
plane_sample!(u8, u16, i16);

impl Coder {
    /// Indices that a plane has: 64 for each of its blocks, those cut by its edge included.
    ///
    /// # Errors
    /// [`Error::Size`] if they are beyond memory addresses.
    pub fn indices(size: Size) -> Result<usize> {
        let blocks = size.divided_by(8);
        let rows = blocks.height().checked_mul(8);
        let columns = blocks.width().checked_mul(8);
        match (rows, columns) {
            (Some(rows), Some(columns)) => Ok(Size::new(rows, columns)?.area()),
            _ => {
                let reason = "it is larger than memory addresses";
                Err(Error::Size { height: size.height(), width: size.width(), reason })
            }
        }
    }

    /// The quantised coefficients of every block of a plane, blocks from left to right and from top to bottom, each row
    /// by row. `offset` is taken from every sample: 128 for bytes in JPEG. Blocks over the edge are filled with the
    /// last row and column.
    ///
    /// # Errors
    /// [`Error::Length`] if the samples or the indices do not fit the size; [`Error::NotFinite`] if the offset is not
    /// finite or above [`LIMIT`](super::LIMIT).
    pub fn forward_plane<T: PlaneSample>(
        &self,
        samples: &[T],
        size: Size,
        offset: f32,
        indices: &mut [i16],
    ) -> Result<()> {
        check_plane(samples.len(), size, offset, indices.len())?;
        let (height, width) = (size.height(), size.width());
        let across = width.div_ceil(8);
        for (number, indices) in indices.as_chunks_mut::<64>().0.iter_mut().enumerate() {
            let (top, left) = (number / across * 8, number % across * 8);
            let mut block = Block::default();
            for (y, row) in block.iter_mut().enumerate() {
                let line = &samples[(top + y).min(height - 1) * width..][..width][left..];
                if let Some(line) = line.first_chunk::<8>() {
                    *row = line.map(|sample| sample.into() - offset);
                } else {
                    *row = std::array::from_fn(|x| line[x.min(line.len() - 1)].into() - offset);
                }
            }
            self.analyse(&block, indices);
        }
        Ok(())
    }

    /// The plane of quantised coefficients, rounded and limited to the range of its samples.
    ///
    /// # Errors
    /// As [`Coder::forward_plane`].
    pub fn inverse_plane<T: PlaneSample>(
        &self,
        indices: &[i16],
        size: Size,
        offset: f32,
        samples: &mut [T],
    ) -> Result<()> {
        check_plane(samples.len(), size, offset, indices.len())?;
        let (height, width) = (size.height(), size.width());
        let across = width.div_ceil(8);
        for (number, indices) in indices.as_chunks::<64>().0.iter().enumerate() {
            let (top, left) = (number / across * 8, number % across * 8);
            let block = self.inverse(indices);
            for (y, row) in block.iter().enumerate().take(height - top) {
                let line = &mut samples[(top + y) * width..][..width][left..];
                if let Some(line) = line.first_chunk_mut::<8>() {
                    *line = row.map(|number| T::nearest(number + offset));
                } else {
                    for (sample, number) in line.iter_mut().zip(row) {
                        *sample = T::nearest(number + offset);
                    }
                }
            }
        }
        Ok(())
    }
}

fn check_plane(samples: usize, size: Size, offset: f32, indices: usize) -> Result<()> {
    size.check("the plane", samples)?;
    check_length("the indices", Coder::indices(size)?, indices)?;
    if offset.abs() <= super::LIMIT {
        Ok(())
    } else {
        Err(Error::NotFinite { index: 0, value: f64::from(offset) })
    }
}
