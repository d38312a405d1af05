//! How much is lost with 0, 1, 2, ... components.

use super::Pca;
use super::rows::{LARGEST, Rows, for_each_block};
use crate::error::Result;

/// Mean square errors with no component, one, two, and so on, from the singular values alone.
///
/// ```text
/// MSE(k) = (sum of |x_i - m|^2 - sum over j < k of s_j^2) / (N P)
/// ```
///
/// Exact for unrounded results; below the rounding errors of the sums it is zero.
#[must_use]
pub fn errors_by_count(pca: &Pca) -> Vec<f64> {
    let samples = pca.squares.len() as f64 * pca.mean.len() as f64;
    let mut left = pca.total_squares();
    let mut errors = vec![left / samples];
    for value in &pca.singular_values {
        left -= value * value;
        errors.push(left.max(0.0) / samples);
    }
    errors
}

/// Mean square errors with no component, one, two, and so on, measured in one pass: every row is built up from the
/// mean component by component, and compared after each. `round` is what a finished sample goes through.
///
/// Samples that are not finite count for nothing.
///
/// # Errors
/// Those of the source; [`crate::Error::Length`] if it is not the matrix of the components.
pub fn measured_errors<R: Rows>(
    source: &mut R,
    pca: &Pca,
    round: impl Fn(f64) -> f64,
) -> Result<Vec<f64>, R::Error> {
    crate::error::check_length("the mean", source.columns(), pca.mean.len())?;
    crate::error::check_length("the list of rows", source.rows(), pca.squares.len())?;
    let columns = pca.mean.len();
    let mut sums = vec![0.0; pca.components() + 1];
    let mut counted = 0_u64;
    let mut built = pca.mean.clone();
    for_each_block(source, 1, |block| {
        let row: Vec<f64> = block.samples.iter().map(|sample| (*sample).into()).collect();
        counted += row.iter().filter(|value| value.abs() <= LARGEST).count() as u64;
        built.copy_from_slice(&pca.mean);
        let add_error = |sum: &mut f64, built: &[f64]| {
            for (value, built) in row.iter().zip(built).filter(|(value, _)| value.abs() <= LARGEST) {
                let error = value - round(*built);
                *sum += error * error;
            }
        };
        add_error(&mut sums[0], &built);
        for (index, score) in pca.scores_of(block.first).iter().enumerate() {
            let component = &pca.vectors[index * columns..][..columns];
            built.iter_mut().zip(component).for_each(|(built, entry)| *built += score * entry);
            add_error(&mut sums[index + 1], &built);
        }
        Ok(())
    })?;
    let counted = counted.max(1) as f64;
    Ok(sums.into_iter().map(|sum| sum / counted).collect())
}
