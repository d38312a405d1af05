//! Randomised block Krylov iteration with restarts.
//!
//! ```text
//! V_1 = orthonormal basis of X^T W, W random
//! pass b:   Y_b = X V_b      Z = X^T Y_b       one pass for both: rows that were read serve twice
//!           X [V_1 .. V_b] = [Y_1 .. Y_b] = Q S E^T      s_i are the Ritz values, [V_1 .. V_b] e_i the components
//!           V_(b+1) = orthonormal basis of the part of Z outside V_1 .. V_b
//! stop when |(I - V V^T) X^T X V e_i| is small for every wanted i
//! ```

use nalgebra::DMatrix;

use super::kernel::{self, padded};
use super::mean::{Mean, mean_and_mixture};
use super::rows::{Rows, for_each_block};
use super::{OVERSAMPLING, Options, Pca, block_rows, check_memory, first_lanes, lanes_as_lines, thin};
use crate::error::{Result, filled};

/// Most blocks of directions before the iteration starts anew from the best of them.
const MOST_BLOCKS: usize = 6;
/// Directions that `X^T X` makes shorter than this share of its largest value are rounding errors.
const NOISE: f64 = 1e-14;

/// The first `count` components.
///
/// # Errors
/// As [`super::analyse`].
pub(super) fn find<R: Rows>(source: &mut R, count: usize, options: &Options) -> Result<Pca, R::Error> {
    let (rows, columns) = (source.rows(), source.columns());
    let lanes = padded(count.saturating_add(OVERSAMPLING));
    let directions = lanes.min(rows.min(columns));
    let most_blocks = blocks_within(rows, columns, lanes, count, options)?;
    let block_rows = block_rows::<R::Sample>(rows, columns, options.memory_bytes);
    let Mean { mean, mixture, lanes: mixed } =
        mean_and_mixture(source, directions, options.missing, block_rows)?;
    let mut start = filled(columns * lanes, 0.0)?;
    for (place, line) in start.chunks_exact_mut(lanes).zip(mixture.chunks_exact(mixed)) {
        place[..directions].copy_from_slice(&line[..directions]);
    }
    drop(mixture);
    let mut next = thin::orthonormalise(start, lanes, 0.0)?;
    let (mut bases, mut images): (Vec<Vec<f64>>, Vec<Vec<f64>>) = (Vec::new(), Vec::new());
    let mut passes = 0;
    loop {
        let mut image = filled(rows * lanes, 0.0)?;
        let mut outside = filled(columns * lanes, 0.0)?;
        let mut squares = filled(rows, 0.0)?;
        for_each_block(source, block_rows, |block| {
            let places = block.first * lanes..(block.first + block.rows) * lanes;
            let image = &mut image[places];
            let squares = &mut squares[block.first..block.first + block.rows];
            kernel::forward(&block, &mean, &next, lanes, (image, squares));
            kernel::backward(&block, &mean, image, lanes, &mut outside);
            Ok(())
        })?;
        passes += 1;
        bases.push(next);
        images.push(image);
        let (values, right) = thin::singular_values(&images, lanes)?;
        for _ in 0..2 {
            bases.iter().for_each(|basis| thin::project_out(&mut outside, basis, lanes));
        }
        let converged = errors(&outside, &values, &right, lanes, count)
            .into_iter()
            .all(|error| error <= options.tolerance);
        if converged || passes >= options.most_passes {
            let kept = count.min(values.len());
            let small = small_parts(&right, lanes, padded(kept), kept);
            let (vectors, scores) = (mix(&bases, lanes, &small)?, mix(&images, lanes, &small)?);
            return Ok(Pca {
                mean,
                singular_values: values[..kept].to_vec(),
                vectors: lanes_as_lines(&vectors, padded(kept), kept),
                scores: first_lanes(&scores, padded(kept), kept),
                squares,
                converged,
                passes: passes + 1,
            });
        }
        if bases.len() < most_blocks {
            let largest = values.first().copied().unwrap_or(0.0);
            outside = thin::orthonormalise(outside, lanes, largest * largest * NOISE)?;
            bases.iter().for_each(|basis| thin::project_out(&mut outside, basis, lanes));
            next = thin::orthonormalise(outside, lanes, 0.5)?;
        } else if most_blocks == 1 {
            // Plain subspace iteration: the directions, multiplied once more.
            let inside = kernel::gram(&images[0], &images[0], lanes);
            kernel::combine(&bases[0], lanes, &inside, &mut outside, lanes);
            next = thin::orthonormalise(outside, lanes, 0.0)?;
            bases.clear();
            images.clear();
        } else {
            let small = small_parts(&right, lanes, lanes, directions);
            let best = mix(&bases, lanes, &small)?;
            next = thin::orthonormalise(best, lanes, 0.0)?;
            bases.clear();
            images.clear();
        }
    }
}

/// How many blocks of directions may be held.
///
/// # Errors
/// [`crate::Error::Memory`] where not even one may be.
fn blocks_within(
    rows: usize,
    columns: usize,
    lanes: usize,
    count: usize,
    options: &Options,
) -> Result<usize> {
    let block = 8 * lanes as u128 * (rows as u128 + columns as u128);
    let result = 16 * padded(count) as u128 * (rows as u128 + columns as u128);
    let fixed = 2 * block + result + u128::from(options.memory_bytes / 8);
    check_memory(fixed + block, options)?;
    let left = u128::from(options.memory_bytes) - fixed;
    Ok(usize::try_from(left / block).unwrap_or(usize::MAX).min(MOST_BLOCKS))
}

/// A bound for the relative error of each wanted singular value.
///
/// An eigenvalue lies within `r` of the Ritz value `t`, and within `r^2 / gap` if the gap to the unwanted ones is known
/// (Saad, corollary 3.3 and theorem 3.8); a singular value is its root.
fn errors(outside: &[f64], values: &[f64], right: &DMatrix<f64>, lanes: usize, count: usize) -> Vec<f64> {
    let products = DMatrix::from_row_slice(lanes, lanes, &kernel::gram(outside, outside, lanes));
    let last = right.nrows() - lanes;
    let beyond = values.get(count).map_or(0.0, |value| value * value);
    let largest = values.first().map_or(0.0, |value| value * value);
    values
        .iter()
        .take(count)
        .enumerate()
        .map(|(i, value)| {
            let square = value * value;
            // Below this no singular value can be told from zero.
            if square <= largest * NOISE {
                return 0.0;
            }
            let end = right.view((last, i), (lanes, 1));
            let residual = libm::sqrt((end.transpose() * &products * end)[(0, 0)].max(0.0));
            let gap = square - beyond;
            let bound = if gap > 0.0 { residual.min(residual * residual / gap) } else { residual };
            bound / (2.0 * square)
        })
        .collect()
}

/// The first `count` columns of `right` as one small matrix for each block, with `out_lanes` lanes.
fn small_parts(right: &DMatrix<f64>, lanes: usize, out_lanes: usize, count: usize) -> Vec<Vec<f64>> {
    let blocks = right.nrows() / lanes;
    let entry = |block: usize, place: usize| {
        let (row, column) = (place / out_lanes, place % out_lanes);
        if column < count { right[(block * lanes + row, column)] } else { 0.0 }
    };
    (0..blocks).map(|block| (0..lanes * out_lanes).map(|place| entry(block, place)).collect()).collect()
}

/// The sum of all blocks, each times its small matrix.
fn mix(blocks: &[Vec<f64>], lanes: usize, small: &[Vec<f64>]) -> Result<Vec<f64>> {
    let rows = blocks.first().map_or(0, |block| block.len() / lanes);
    let out_lanes = small.first().map_or(0, |small| small.len() / lanes);
    let mut sum = filled(rows * out_lanes, 0.0)?;
    for (block, small) in blocks.iter().zip(small) {
        kernel::combine(block, lanes, small, &mut sum, out_lanes);
    }
    Ok(sum)
}
