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

/// The picture in another size: rows first, then columns; a pass that would change nothing is left out.
///
/// # Errors
/// [`crate::Error::Length`]; [`crate::Error::Memory`]; [`crate::Error::Parameter`] for sides above 2^31 - 1.
pub fn resize(samples: &[u8], from: Size, to: Size, filter: Filter) -> Result<Vec<u8>> {
    from.check("the picture", samples.len())?;
    let mut result = Vec::new();
    let mut between = samples;
    if from.width() != to.width() {
        let taps = fixed_weights(from.width(), to.width(), filter)?;
        result = filled(Size::new(from.height(), to.width())?.area(), 0)?;
        for (old, new) in samples.chunks_exact(from.width()).zip(result.chunks_exact_mut(to.width())) {
            for (sample, taps) in new.iter_mut().zip(&taps) {
                let sum = old[taps.first..]
                    .iter()
                    .zip(&taps.weights)
                    .fold(HALF, |sum, (sample, weight)| sum + i32::from(*sample) * weight);
                *sample = limited(sum);
            }
        }
        between = &result;
    }
    if from.height() != to.height() {
        let taps = fixed_weights(from.height(), to.height(), filter)?;
        let mut columns = filled(to.area(), 0)?;
        let mut sums = filled(to.width(), HALF)?;
        for (new, taps) in columns.chunks_exact_mut(to.width()).zip(&taps) {
            sums.fill(HALF);
            let rows = between.chunks_exact(to.width()).skip(taps.first);
            for (old, weight) in rows.zip(&taps.weights) {
                sums.iter_mut().zip(old).for_each(|(sum, sample)| *sum += i32::from(*sample) * weight);
            }
            new.iter_mut().zip(&sums).for_each(|(sample, sum)| *sample = limited(*sum));
        }
        return Ok(columns);
    }
    Ok(if from.width() == to.width() { samples.to_vec() } else { result })
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
