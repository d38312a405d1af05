//! From stored numbers back to a row, the same bits on every machine.

use rayon::prelude::*;

use super::kernel::{Work, dispatch};
use crate::error::{Result, check_length};

/// Samples that one task builds; their sums stay in the first cache.
const TILE: usize = 2048;

struct Rebuild<'a, C> {
    mean: &'a [C],
    components: &'a [C],
    scores: &'a [C],
    first: usize,
    columns: usize,
    out: &'a mut [f64],
}

impl<C: Copy + Into<f64>> Work for Rebuild<'_, C> {
    #[inline(always)]
    fn run<const R: usize>(self) {
        let Self { mean, components, scores, first, columns, out } = self;
        let tile = first..first + out.len();
        out.iter_mut().zip(&mean[tile.clone()]).for_each(|(sum, mean)| *sum = (*mean).into());
        for (component, score) in components.chunks_exact(columns).zip(scores) {
            let score: f64 = (*score).into();
            for (sum, entry) in out.iter_mut().zip(&component[tile.clone()]) {
                *sum += score * (*entry).into();
            }
        }
    }
}

/// The row `mean + sum of score_j * component_j`: in 64 bits, a product and a sum for each `j`, in order.
///
/// `components` lie one after the other, each as long as the mean.
///
/// ```
/// let mut row = [0.0; 2];
/// stack_transform::pca::rebuild(&[1.0, 2.0], &[0.5, 0.0, 0.0, 0.25], &[2.0, 4.0], &mut row)?;
/// assert_eq!(row, [2.0, 3.0]);
/// # Ok::<(), stack_transform::Error>(())
/// ```
///
/// # Errors
/// [`crate::Error::Length`] if the slices do not fit together.
pub fn rebuild<C: Copy + Into<f64> + Sync>(
    mean: &[C],
    components: &[C],
    scores: &[C],
    out: &mut [f64],
) -> Result<()> {
    let columns = mean.len();
    check_length("the row", columns, out.len())?;
    check_length("the list of components", columns.saturating_mul(scores.len()), components.len())?;
    out.par_chunks_mut(TILE).enumerate().for_each(|(number, out)| {
        dispatch(Rebuild { mean, components, scores, first: number * TILE, columns, out });
    });
    Ok(())
}
