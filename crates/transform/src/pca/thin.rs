//! Thin matrices: orthonormal bases, and singular values.

use nalgebra::{DMatrix, SymmetricEigen};

use super::kernel::{self, LANES};
use crate::error::{Error, Result};

/// Lanes whose squared length is below this share of the longest lane's are given up while a basis is made.
const DEPENDENT: f64 = 1e-28;
/// Rounds of the eigenvalue and singular value methods.
const ROUNDS: usize = 10_000;

/// Eigenvalues of a symmetric matrix, falling, and the eigenvectors as columns.
///
/// # Errors
/// [`Error::Overflow`], [`Error::NoConvergence`].
pub(super) fn eigen(matrix: DMatrix<f64>) -> Result<(Vec<f64>, DMatrix<f64>)> {
    let size = matrix.nrows();
    if let Some(index) = matrix.iter().position(|entry| !entry.is_finite()) {
        return Err(Error::Overflow { index });
    }
    let rounds = ROUNDS.saturating_add(size.saturating_mul(100));
    let eigen = SymmetricEigen::try_new(matrix, f64::EPSILON, rounds).ok_or(Error::NoConvergence)?;
    let mut ranking: Vec<usize> = (0..size).collect();
    ranking.sort_by(|a, b| eigen.eigenvalues[*b].total_cmp(&eigen.eigenvalues[*a]));
    let values = ranking.iter().map(|&rank| eigen.eigenvalues[rank]).collect();
    let columns: Vec<_> = ranking.iter().map(|&rank| eigen.eigenvectors.column(rank)).collect();
    let vectors = if columns.is_empty() { DMatrix::zeros(size, 0) } else { DMatrix::from_columns(&columns) };
    Ok((values, vectors))
}

/// An orthonormal basis of the span of the lanes of `thin`; lanes that depend on others become zero.
///
/// The inverse square root of the matrix of inner products, twice (Stathopoulos and Wu, SIAM J. Sci. Comput. 23,
/// 2002). Lanes shorter than `least` are noise and become zero too.
///
/// # Errors
/// [`Error::Overflow`], [`Error::NoConvergence`].
pub(super) fn orthonormalise(thin: Vec<f64>, lanes: usize, least: f64) -> Result<Vec<f64>> {
    let once = orthonormalise_once(&thin, lanes, least)?;
    drop(thin);
    orthonormalise_once(&once, lanes, 0.5)
}

fn orthonormalise_once(thin: &[f64], lanes: usize, least: f64) -> Result<Vec<f64>> {
    let products = DMatrix::from_row_slice(lanes, lanes, &kernel::gram(thin, thin, lanes));
    let longest = (0..lanes).map(|lane| products[(lane, lane)]).fold(0.0, f64::max);
    let floor = (longest * DEPENDENT).max(least * least);
    // Lanes are scaled to length one first, so that short ones count as much as long ones.
    let scale: Vec<f64> = (0..lanes)
        .map(|lane| {
            let square = products[(lane, lane)];
            if square > floor { 1.0 / libm::sqrt(square) } else { 0.0 }
        })
        .collect();
    let scaled = DMatrix::from_fn(lanes, lanes, |r, c| products[(r, c)] * scale[r] * scale[c]);
    let (values, vectors) = eigen(scaled)?;
    let largest = values.first().copied().unwrap_or(0.0);
    let small: Vec<f64> = (0..lanes * lanes)
        .map(|place| {
            let (r, c) = (place / lanes, place % lanes);
            let value = values[c];
            if value > largest * 1e-14 && value > 0.0 {
                scale[r] * vectors[(r, c)] / libm::sqrt(value)
            } else {
                0.0
            }
        })
        .collect();
    let mut basis = vec![0.0; thin.len()];
    kernel::combine(thin, lanes, &small, &mut basis, lanes);
    Ok(basis)
}

/// Takes out of `thin` what lies in the span of the orthonormal `basis`; once leaves rounding errors, so call it twice.
pub(super) fn project_out(thin: &mut [f64], basis: &[f64], lanes: usize) {
    let mut products = kernel::gram(basis, thin, lanes);
    products.iter_mut().for_each(|product| *product = -*product);
    kernel::combine(basis, lanes, &products, thin, lanes);
}

/// Singular values of a tall matrix, falling, and its right singular vectors as columns.
///
/// The matrix is given in blocks of lanes side by side, each `rows` x `lanes`. A QR decomposition row block after row
/// block, then the singular values of its triangle: their squares are never formed, so small ones keep their accuracy.
///
/// # Errors
/// [`Error::Overflow`], [`Error::NoConvergence`].
pub(super) fn singular_values(blocks: &[Vec<f64>], lanes: usize) -> Result<(Vec<f64>, DMatrix<f64>)> {
    let width = blocks.len() * lanes;
    let rows = blocks.first().map_or(0, |block| block.len() / lanes);
    let mut triangle = DMatrix::zeros(width, width);
    let step = (4 * width).max(LANES);
    for first in (0..rows).step_by(step) {
        let count = step.min(rows - first);
        let stacked = DMatrix::from_fn(width + count, width, |row, column| {
            if row < width {
                triangle[(row, column)]
            } else {
                blocks[column / lanes][(first + row - width) * lanes + column % lanes]
            }
        });
        triangle = stacked.qr().r();
    }
    if let Some(index) = triangle.iter().position(|entry| !entry.is_finite()) {
        return Err(Error::Overflow { index });
    }
    let decomposition =
        triangle.try_svd(false, true, f64::EPSILON, ROUNDS + 100 * width).ok_or(Error::NoConvergence)?;
    let right = decomposition.v_t.ok_or(Error::NoConvergence)?.transpose();
    Ok((decomposition.singular_values.iter().copied().collect(), right))
}
