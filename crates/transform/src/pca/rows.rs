//! A matrix that is read row by row, several times.

use crate::error::{Error, Result, check_length};

/// Magnitude above which a sample counts as infinite: squares of larger ones, summed, leave the range of floats.
pub const LARGEST: f64 = 1e150;

/// What takes rows: any whole number of them, one after the other.
pub type Visit<'a, T, E> = &'a mut dyn FnMut(&[T]) -> Result<(), E>;

/// A matrix that can be read from its first row to its last, as often as asked.
pub trait Rows {
    /// Type of a sample; every one of its values is a 64-bit float.
    type Sample: Copy + Default + Into<f64> + Send + Sync;
    /// What reading can fail with.
    type Error: From<Error>;

    /// Number of rows: frames of a stack.
    fn rows(&self) -> usize;

    /// Samples of a row: samples of a frame.
    fn columns(&self) -> usize;

    /// Gives all rows in order, any whole number of them at a time, one after the other.
    ///
    /// # Errors
    /// Those of the source, and those that `visit` returns.
    fn pass(&mut self, visit: Visit<'_, Self::Sample, Self::Error>) -> Result<(), Self::Error>;
}

/// A matrix in memory, row by row.
#[derive(Debug, Clone, Copy)]
pub struct RowsInMemory<'a, T> {
    samples: &'a [T],
    columns: usize,
}

impl<'a, T> RowsInMemory<'a, T> {
    /// The matrix of these samples, with so many in a row.
    ///
    /// # Errors
    /// [`Error::Length`] if there is no row, or part of one.
    pub fn new(samples: &'a [T], columns: usize) -> Result<Self> {
        let rows = samples.len().checked_div(columns).unwrap_or(0).max(1);
        check_length("the matrix", columns.max(1) * rows, samples.len())?;
        Ok(Self { samples, columns })
    }
}

impl<T: Copy + Default + Into<f64> + Send + Sync> Rows for RowsInMemory<'_, T> {
    type Sample = T;
    type Error = Error;

    fn rows(&self) -> usize {
        self.samples.len() / self.columns
    }

    fn columns(&self) -> usize {
        self.columns
    }

    fn pass(&mut self, visit: Visit<'_, T, Error>) -> Result<()> {
        self.samples.chunks_exact(self.columns).try_for_each(visit)
    }
}

/// Some rows, one after the other.
pub(super) struct RowBlock<'a, T> {
    /// Number of the first one.
    pub(super) first: usize,
    pub(super) rows: usize,
    pub(super) samples: &'a [T],
}

/// Gives all rows of `source` in blocks of `block_rows`, the last one shorter.
///
/// # Errors
/// Those of the source; [`Error::Length`] if it gives more or fewer rows than it said.
pub(super) fn for_each_block<R: Rows>(
    source: &mut R,
    block_rows: usize,
    mut visit: impl FnMut(RowBlock<'_, R::Sample>) -> Result<()>,
) -> Result<(), R::Error> {
    let (rows, columns) = (source.rows(), source.columns());
    let block_len = block_rows.min(rows) * columns;
    let mut block: Vec<R::Sample> = Vec::new();
    block.try_reserve_exact(block_len).map_err(|_| memory::<R::Sample>(block_len))?;
    let mut first = 0;
    source.pass(&mut |mut samples| {
        while !samples.is_empty() {
            let taken = samples.len().min(block_len - block.len());
            block.extend_from_slice(&samples[..taken]);
            samples = &samples[taken..];
            if block.len() == block_len {
                let count = block_len / columns;
                if first + count > rows {
                    return Err(wrong_count(rows, first + count, columns).into());
                }
                visit(RowBlock { first, rows: count, samples: &block })?;
                first += count;
                block.clear();
            }
        }
        Ok(())
    })?;
    let count = block.len() / columns;
    if count * columns != block.len() || first + count != rows {
        return Err(wrong_count(rows, first + count, columns).into());
    }
    if count > 0 {
        visit(RowBlock { first, rows: count, samples: &block })?;
    }
    Ok(())
}

fn wrong_count(rows: usize, found: usize, columns: usize) -> Error {
    let (expected, found) = (rows.saturating_mul(columns), found.saturating_mul(columns));
    Error::Length { what: "the matrix that is read", expected, found }
}

fn memory<T>(entries: usize) -> Error {
    Error::Memory { entries, bytes: size_of::<T>() }
}
