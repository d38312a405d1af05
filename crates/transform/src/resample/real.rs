//! Resampling in 64-bit floats: by definition, and in two passes.

use super::filter::{Filter, weights};
use crate::error::{Result, check_finite, check_overflow, filled};
use crate::size::Size;

/// The picture in another size by the double sum over rows and columns.
///
/// # Errors
/// [`crate::Error::Length`]; [`crate::Error::NotFinite`]; [`crate::Error::Overflow`]; [`crate::Error::Memory`];
/// [`crate::Error::Parameter`] for sides above 2^31 - 1.
pub fn by_definition(samples: &[f64], from: Size, to: Size, filter: Filter) -> Result<Vec<f64>> {
    check(samples, from)?;
    let columns = weights(from.width(), to.width(), filter)?;
    let rows = weights(from.height(), to.height(), filter)?;
    let mut result = filled(to.area(), 0.0)?;
    for (i, sum) in result.iter_mut().enumerate() {
        let (down, across) = (&rows[i / to.width()], &columns[i % to.width()]);
        for (y, row_weight) in down.weights.iter().enumerate() {
            for (x, column_weight) in across.weights.iter().enumerate() {
                let sample = samples[(down.first + y) * from.width() + across.first + x];
                *sum += sample * row_weight * column_weight;
            }
        }
    }
    check_overflow(&result)?;
    Ok(result)
}

/// The picture in another size, rows first, then columns.
///
/// # Errors
/// As [`by_definition`].
pub fn resize_real(samples: &[f64], from: Size, to: Size, filter: Filter) -> Result<Vec<f64>> {
    check(samples, from)?;
    let taps = weights(from.width(), to.width(), filter)?;
    let mut between = filled(Size::new(from.height(), to.width())?.area(), 0.0)?;
    for (old, new) in samples.chunks_exact(from.width()).zip(between.chunks_exact_mut(to.width())) {
        for (sum, taps) in new.iter_mut().zip(&taps) {
            *sum = old[taps.first..].iter().zip(&taps.weights).map(|(sample, weight)| sample * weight).sum();
        }
    }
    let taps = weights(from.height(), to.height(), filter)?;
    let mut result = filled(to.area(), 0.0)?;
    for (new, taps) in result.chunks_exact_mut(to.width()).zip(&taps) {
        let rows = between.chunks_exact(to.width()).skip(taps.first);
        for (old, weight) in rows.zip(&taps.weights) {
            new.iter_mut().zip(old).for_each(|(sum, sample)| *sum += sample * weight);
        }
    }
    check_overflow(&result)?;
    Ok(result)
}

fn check(samples: &[f64], from: Size) -> Result<()> {
    from.check("the picture", samples.len())?;
    check_finite(samples)
}
