//! The two products that all time goes into: centred rows times a thin matrix, and their transpose times another.
//!
//! ```text
//! forward    Y = (X - 1 m^T) V       rows x lanes     sums over the columns of X, in order
//! backward   Z += (X - 1 m^T)^T Y    columns x lanes  sums over the rows of X, in order
//! ```
//!
//! A thin matrix has its lanes side by side, padded to a multiple of eight. Every entry of a result is a sum in a fixed
//! order of plain products; vector instructions compute several entries at once, never parts of one. So the results
//! do not depend on the machine, the number of threads, or the size of blocks.

use rayon::prelude::*;

use super::rows::{LARGEST, RowBlock};

/// Lanes of a thin matrix are a multiple of this; so many rows or columns are multiplied at once.
pub(super) const LANES: usize = 8;
/// Columns of a tile: with eight rows of 64-bit floats they stay in the first cache.
const TILE_COLUMNS: usize = 256;
/// Rows of a tile.
const TILE_ROWS: usize = 32;

/// The next multiple of [`LANES`].
pub(super) const fn padded(lanes: usize) -> usize {
    lanes.next_multiple_of(LANES)
}

/// The distance of a sample from its column's mean; zero for one that is missing.
#[inline(always)]
fn centred<T: Into<f64>>(sample: T, mean: f64) -> f64 {
    let value: f64 = sample.into();
    if value.abs() <= LARGEST { value - mean } else { 0.0 }
}

/// `sums[r][t] += a[s][r] * b[s][t]` for `s` in order; `a` and `b` have strides.
#[inline(always)]
fn multiply<const R: usize>(
    steps: usize,
    (a, a_stride): (&[f64], usize),
    (b, b_stride): (&[f64], usize),
    sums: &mut [[f64; LANES]; R],
) {
    let mut local = *sums;
    for (a, b) in a.chunks(a_stride).zip(b.chunks(b_stride)).take(steps) {
        let (Some(a), Some(b)) = (a.first_chunk::<R>(), b.first_chunk::<LANES>()) else { break };
        for r in 0..R {
            for t in 0..LANES {
                local[r][t] += a[r] * b[t];
            }
        }
    }
    *sums = local;
}

/// [`multiply`] for eight rows whose sums lie `stride` apart, as many at once as fit into the registers.
#[inline(always)]
fn multiply_eight<const R: usize>(
    steps: usize,
    (a, a_stride): (&[f64], usize),
    b: (&[f64], usize),
    (sums, stride): (&mut [f64], usize),
    rows: usize,
) {
    for first in (0..LANES).step_by(R) {
        let mut part = [[0.0; LANES]; R];
        for (r, part) in part.iter_mut().enumerate().take(rows.saturating_sub(first)) {
            part.copy_from_slice(&sums[(first + r) * stride..][..LANES]);
        }
        multiply(steps, (&a[first..], a_stride), b, &mut part);
        for (r, part) in part.iter().enumerate().take(rows.saturating_sub(first)) {
            sums[(first + r) * stride..][..LANES].copy_from_slice(part);
        }
    }
}

/// Work that is compiled for each set of vector instructions; `R` is how many rows fit into its registers.
pub(super) trait Work {
    fn run<const R: usize>(self);
}

struct Dispatched<W>(W);

impl<W: Work> pulp::WithSimd for Dispatched<W> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) {
        // Registers hold 8, 4 or 2 numbers; there are 32 of the widest and 16 of the others.
        match S::F64_LANES {
            8.. => self.0.run::<8>(),
            4..8 => self.0.run::<4>(),
            _ => self.0.run::<2>(),
        }
    }
}

pub(super) fn dispatch(work: impl Work) {
    pulp::Arch::new().dispatch(Dispatched(work));
}

/// Rows of samples with the mean of each column.
#[derive(Clone, Copy)]
pub(super) struct Centred<'a, T> {
    pub(super) samples: &'a [T],
    pub(super) mean: &'a [f64],
}

struct Forward<'a, T> {
    rows: Centred<'a, T>,
    thin: &'a [f64],
    lanes: usize,
    out: &'a mut [f64],
    squares: &'a mut [f64],
}

impl<T: Copy + Into<f64>> Work for Forward<'_, T> {
    #[inline(always)]
    fn run<const R: usize>(self) {
        let Self { rows: Centred { samples, mean }, thin, lanes, out, squares } = self;
        let columns = mean.len();
        let mut tile = [0.0; TILE_COLUMNS * LANES];
        let tiles = mean.chunks(TILE_COLUMNS).zip(thin.chunks(TILE_COLUMNS * lanes));
        for (number, (mean, thin)) in tiles.enumerate() {
            let groups = out.chunks_mut(LANES * lanes).zip(squares.chunks_mut(LANES));
            for (group, (out, squares)) in groups.enumerate() {
                for (r, square) in squares.iter_mut().enumerate() {
                    let start = (group * LANES + r) * columns + number * TILE_COLUMNS;
                    let row = &samples[start..start + mean.len()];
                    for ((place, sample), mean) in tile.chunks_exact_mut(LANES).zip(row).zip(mean) {
                        let distance = centred(*sample, *mean);
                        place[r] = distance;
                        *square += distance * distance;
                    }
                }
                let rows = squares.len();
                for lane in (0..lanes).step_by(LANES) {
                    let b = (&thin[lane..], lanes);
                    let sums = (&mut out[lane..], lanes);
                    multiply_eight::<R>(mean.len(), (&tile, LANES), b, sums, rows);
                }
            }
        }
    }
}

/// `Y = (X - 1 m^T) V` for the rows of a block, and the square of each row's length after centring.
pub(super) fn forward<T: Copy + Into<f64> + Send + Sync>(
    block: &RowBlock<'_, T>,
    mean: &[f64],
    thin: &[f64],
    lanes: usize,
    (out, squares): (&mut [f64], &mut [f64]),
) {
    let columns = mean.len();
    out.fill(0.0);
    squares.fill(0.0);
    out.par_chunks_mut(TILE_ROWS * lanes)
        .zip(squares.par_chunks_mut(TILE_ROWS))
        .zip(block.samples.par_chunks(TILE_ROWS * columns))
        .for_each(|((out, squares), samples)| {
            dispatch(Forward { rows: Centred { samples, mean }, thin, lanes, out, squares });
        });
}

struct Backward<'a, T> {
    rows: Centred<'a, T>,
    columns: usize,
    thin: &'a [f64],
    lanes: usize,
    first: usize,
    out: &'a mut [f64],
}

impl<T: Copy + Into<f64>> Work for Backward<'_, T> {
    #[inline(always)]
    fn run<const R: usize>(self) {
        let Self { rows: Centred { samples, mean }, columns, thin, lanes, first, out } = self;
        let width = out.len() / lanes;
        let mean = &mean[first..first + width];
        let mut tile = [0.0; TILE_COLUMNS * TILE_ROWS];
        let blocks = samples.chunks(TILE_ROWS * columns).zip(thin.chunks(TILE_ROWS * lanes));
        for (samples, thin) in blocks {
            let rows = samples.len() / columns;
            for (tile, row) in tile.chunks_exact_mut(TILE_COLUMNS).zip(samples.chunks_exact(columns)) {
                for ((place, sample), mean) in tile.iter_mut().zip(&row[first..first + width]).zip(mean) {
                    *place = centred(*sample, *mean);
                }
            }
            for (group, out) in out.chunks_mut(LANES * lanes).enumerate() {
                let there = out.len() / lanes;
                for lane in (0..lanes).step_by(LANES) {
                    let a = (&tile[group * LANES..], TILE_COLUMNS);
                    let b = (&thin[lane..], lanes);
                    multiply_eight::<R>(rows, a, b, (&mut out[lane..], lanes), there);
                }
            }
        }
    }
}

/// `Z += (X - 1 m^T)^T Y` for the rows of a block.
pub(super) fn backward<T: Copy + Into<f64> + Send + Sync>(
    block: &RowBlock<'_, T>,
    mean: &[f64],
    thin: &[f64],
    lanes: usize,
    out: &mut [f64],
) {
    let columns = mean.len();
    out.par_chunks_mut(TILE_COLUMNS * lanes).enumerate().for_each(|(number, out)| {
        let rows = Centred { samples: block.samples, mean };
        dispatch(Backward { rows, columns, thin, lanes, first: number * TILE_COLUMNS, out });
    });
}

/// Entries of a tall thin matrix that one task takes.
const TALL_ROWS: usize = 1024;
/// Tasks whose partial sums are held at a time.
const TALL_TASKS: usize = 64;

struct Gram<'a> {
    a: &'a [f64],
    b: &'a [f64],
    lanes: usize,
    out: &'a mut [f64],
}

impl Work for Gram<'_> {
    #[inline(always)]
    fn run<const R: usize>(self) {
        let Self { a, b, lanes, out } = self;
        let rows = a.len() / lanes;
        for first in (0..lanes).step_by(LANES) {
            for lane in (0..lanes).step_by(LANES) {
                let sums = (&mut out[first * lanes + lane..], lanes);
                multiply_eight::<R>(rows, (&a[first..], lanes), (&b[lane..], lanes), sums, LANES);
            }
        }
    }
}

/// `A^T B` of two tall thin matrices, lanes x lanes; parts of fixed length are added in order.
pub(super) fn gram(a: &[f64], b: &[f64], lanes: usize) -> Vec<f64> {
    let mut sum = vec![0.0; lanes * lanes];
    let length = TALL_ROWS * lanes;
    for (a, b) in a.chunks(length * TALL_TASKS).zip(b.chunks(length * TALL_TASKS)) {
        let parts: Vec<Vec<f64>> = a
            .par_chunks(length)
            .zip(b.par_chunks(length))
            .map(|(a, b)| {
                let mut out = vec![0.0; lanes * lanes];
                dispatch(Gram { a, b, lanes, out: &mut out });
                out
            })
            .collect();
        for part in parts {
            sum.iter_mut().zip(part).for_each(|(sum, part)| *sum += part);
        }
    }
    sum
}

struct Combine<'a> {
    a: &'a [f64],
    lanes: usize,
    small: &'a [f64],
    out: &'a mut [f64],
    out_lanes: usize,
}

impl Work for Combine<'_> {
    #[inline(always)]
    fn run<const R: usize>(self) {
        let Self { a, lanes, small, out, out_lanes } = self;
        let mut turned = vec![0.0; LANES * lanes];
        for (a, out) in a.chunks(LANES * lanes).zip(out.chunks_mut(LANES * out_lanes)) {
            let rows = a.len() / lanes;
            for (r, row) in a.chunks_exact(lanes).enumerate() {
                for (place, value) in turned.chunks_exact_mut(LANES).zip(row) {
                    place[r] = *value;
                }
            }
            for lane in (0..out_lanes).step_by(LANES) {
                let b = (&small[lane..], out_lanes);
                multiply_eight::<R>(lanes, (&turned, LANES), b, (&mut out[lane..], out_lanes), rows);
            }
        }
    }
}

/// `out += A C`: a tall thin matrix times a small one of `lanes` x `out_lanes`.
pub(super) fn combine(a: &[f64], lanes: usize, small: &[f64], out: &mut [f64], out_lanes: usize) {
    out.par_chunks_mut(TALL_ROWS * out_lanes)
        .zip(a.par_chunks(TALL_ROWS * lanes))
        .for_each(|(out, a)| dispatch(Combine { a, lanes, small, out, out_lanes }));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(count: usize) -> Vec<f64> {
        (0..count).map(|i| ((i * 7919 % 1009) as f64 - 500.0) / 37.0).collect()
    }

    /// Both products, the inner products of the results, and their combination, for registers of one width.
    fn products<const R: usize>(rows: usize, columns: usize, lanes: usize) -> Vec<f64> {
        let (samples, mean, thin) = (numbers(rows * columns), numbers(columns), numbers(columns * lanes));
        let centred = Centred { samples: &samples, mean: &mean };
        let (mut forward, mut squares) = (vec![0.0; rows * lanes], vec![0.0; rows]);
        Forward { rows: centred, thin: &thin, lanes, out: &mut forward, squares: &mut squares }.run::<R>();
        let mut backward = vec![0.0; columns.min(TILE_COLUMNS) * lanes];
        Backward { rows: centred, columns, thin: &forward, lanes, first: 0, out: &mut backward }.run::<R>();
        let mut small = vec![0.0; lanes * lanes];
        Gram { a: &forward, b: &forward, lanes, out: &mut small }.run::<R>();
        let mut combined = vec![0.0; rows * lanes];
        Combine { a: &forward, lanes, small: &small, out: &mut combined, out_lanes: lanes }.run::<R>();
        [forward, squares, backward, small, combined].concat()
    }

    #[test]
    fn every_width_of_registers_gives_the_same_bits() {
        for (rows, columns, lanes) in [(1, 1, 8), (7, 300, 16), (32, 256, 24), (13, 513, 8)] {
            let two = products::<2>(rows, columns, lanes);
            assert!(two == products::<4>(rows, columns, lanes) && two == products::<8>(rows, columns, lanes));
        }
    }

    #[test]
    fn products_are_those_of_the_definition() {
        let (rows, columns, lanes) = (11, 517, 16);
        let (samples, mean, thin) = (numbers(rows * columns), numbers(columns), numbers(columns * lanes));
        let block = RowBlock { first: 0, rows, samples: &samples };
        let (mut image, mut squares) = (vec![0.0; rows * lanes], vec![0.0; rows]);
        forward(&block, &mean, &thin, lanes, (&mut image, &mut squares));
        let mut back = vec![0.0; columns * lanes];
        backward(&block, &mean, &image, lanes, &mut back);
        let distance = |row: usize, column: usize| samples[row * columns + column] - mean[column];
        for row in 0..rows {
            let square = (0..columns).fold(0.0, |sum, j| sum + distance(row, j) * distance(row, j));
            assert_eq!(squares[row], square);
            for lane in 0..lanes {
                let sum = (0..columns).fold(0.0, |sum, j| sum + distance(row, j) * thin[j * lanes + lane]);
                assert_eq!(image[row * lanes + lane], sum);
            }
        }
        for column in 0..columns {
            for lane in 0..lanes {
                let sum = (0..rows).fold(0.0, |sum, i| sum + distance(i, column) * image[i * lanes + lane]);
                assert_eq!(back[column * lanes + lane], sum);
            }
        }
    }
}
