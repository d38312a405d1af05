//! Resampling of 8-bit samples with weights of 22 fractional bits.

use super::filter::{Filter, weights};
use crate::error::{Result, filled};
use crate::size::Size;

/// Fractional bits of the weights: 8 bits of a sample and 2 for overshoot leave so many of 32.
const FRACTION: u32 = 22;

/// Integer weights of one new sample.
struct FixedTaps {
    first: usize,
    weights: Vec<i32>,
}

/// The picture in another size, in two passes; a pass that would change nothing is left out.
///
/// Each pass rounds, so their order matters. It is that of Pillow since version 13 (its pull request 9549): columns first
/// if they become shorter by more than twice as many samples as the rows do, which leaves less to do; otherwise rows
/// first. Earlier versions took rows first always.
///
/// # Errors
/// [`crate::Error::Length`]; [`crate::Error::Memory`]; [`crate::Error::Parameter`] for sides above 2^31 - 1.
pub fn resize(samples: &[u8], from: Size, to: Size, filter: Filter) -> Result<Vec<u8>> {
    from.check("the picture", samples.len())?;
    let rows = |samples: &[u8], height: usize| resize_rows(samples, from.width(), height, to.width(), filter);
    let columns =
        |samples: &[u8], width: usize| resize_columns(samples, width, from.height(), to.height(), filter);
    match (from.width() != to.width(), from.height() != to.height()) {
        (false, false) => Ok(samples.to_vec()),
        (true, false) => rows(samples, from.height()),
        (false, true) => columns(samples, from.width()),
        (true, true) if columns_first(from, to) => rows(&columns(samples, from.width())?, to.height()),
        (true, true) => columns(&rows(samples, from.height())?, to.width()),
    }
}

/// Whether the second pass has less to do after the columns.
fn columns_first(from: Size, to: Size) -> bool {
    // Sides fit in 31 bits, or the weights are refused.
    let shorter = |old: usize, new: usize| old as i128 - new as i128;
    let height = shorter(from.height(), to.height());
    height > 0 && height > 2 * shorter(from.width(), to.width())
}

/// Each row in another width.
fn resize_rows(samples: &[u8], old: usize, height: usize, new: usize, filter: Filter) -> Result<Vec<u8>> {
    let taps = fixed_weights(old, new, filter)?;
    let mut result = filled(Size::new(height, new)?.area(), 0)?;
    for (old, new) in samples.chunks_exact(old).zip(result.chunks_exact_mut(new)) {
        for (sample, taps) in new.iter_mut().zip(&taps) {
            let sum = old[taps.first..]
                .iter()
                .zip(&taps.weights)
                .fold(HALF, |sum, (sample, weight)| sum + i32::from(*sample) * weight);
            *sample = limited(sum);
        }
    }
    Ok(result)
}

/// Each column in another height; `width` of them.
fn resize_columns(samples: &[u8], width: usize, old: usize, new: usize, filter: Filter) -> Result<Vec<u8>> {
    let taps = fixed_weights(old, new, filter)?;
    let mut result = filled(Size::new(new, width)?.area(), 0)?;
    let mut sums = filled(width, HALF)?;
    for (row, taps) in result.chunks_exact_mut(width).zip(&taps) {
        sums.fill(HALF);
        let rows = samples.chunks_exact(width).skip(taps.first);
        for (old, weight) in rows.zip(&taps.weights) {
            sums.iter_mut().zip(old).for_each(|(sum, sample)| *sum += i32::from(*sample) * weight);
        }
        row.iter_mut().zip(&sums).for_each(|(sample, sum)| *sample = limited(*sum));
    }
    Ok(result)
}

const HALF: i32 = 1 << (FRACTION - 1);

/// A sum without its fraction, within 0 to 255.
fn limited(sum: i32) -> u8 {
    (sum >> FRACTION).clamp(0, 255) as u8
}

/// Weights rounded to 22 bits, halves away from zero.
fn fixed_weights(old: usize, new: usize, filter: Filter) -> Result<Vec<FixedTaps>> {
    let round = |weight: f64| (weight * f64::from(1 << FRACTION)).round() as i32;
    Ok(weights(old, new, filter)?
        .into_iter()
        .map(|taps| FixedTaps { first: taps.first, weights: taps.weights.into_iter().map(round).collect() })
        .collect())
}
