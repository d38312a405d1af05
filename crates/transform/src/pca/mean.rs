//! The first pass: mean of each column, and a random mixture of the centred rows.

use super::Missing;
use super::kernel::{self, padded};
use super::rows::{LARGEST, Rows, for_each_block};
use crate::error::{Error, Result, check_overflow, filled};

/// What the first pass finds.
pub(super) struct Mean {
    pub(super) mean: Vec<f64>,
    /// `X^T W` for random columns W of sum zero, which is `(X - 1 m^T)^T W`: columns x lanes.
    pub(super) mixture: Vec<f64>,
    /// Lanes of the mixture.
    pub(super) lanes: usize,
}

/// Mean of every column, and so many random mixtures, at least one lane.
///
/// # Errors
/// Those of the source; [`Error::NotFinite`] where that is refused.
pub(super) fn mean_and_mixture<R: Rows>(
    source: &mut R,
    mixtures: usize,
    missing: Missing,
    block_rows: usize,
) -> Result<Mean, R::Error> {
    let (rows, columns) = (source.rows(), source.columns());
    // One lane of ones sums the rows.
    let lanes = padded(mixtures + 1);
    let weights = random_weights(rows, lanes, mixtures)?;
    let mut mixture = filled(columns * lanes, 0.0)?;
    let mut shift: Vec<f64> = Vec::new();
    let mut absent: Vec<u32> = Vec::new();
    for_each_block(source, block_rows, |block| {
        for (row, samples) in block.samples.chunks_exact(columns).enumerate() {
            let usable = |sample: &R::Sample| Into::<f64>::into(*sample).abs() <= LARGEST;
            if samples.iter().all(usable) {
                continue;
            }
            for (column, sample) in samples.iter().enumerate().filter(|(_, sample)| !usable(sample)) {
                if missing == Missing::Refused {
                    let index = (block.first + row).saturating_mul(columns).saturating_add(column);
                    return Err(Error::NotFinite { index, value: (*sample).into() });
                }
                if absent.is_empty() {
                    absent = filled(columns, 0)?;
                }
                absent[column] += 1;
            }
        }
        if shift.is_empty() {
            // Distances from the first row are smaller than samples, so their sums are more exact.
            let first = block.samples[..columns].iter().map(|sample| Into::<f64>::into(*sample));
            shift = first.map(|value| if value.abs() <= LARGEST { value } else { 0.0 }).collect();
        }
        let thin = &weights[block.first * lanes..][..block.rows * lanes];
        kernel::backward(&block, &shift, thin, lanes, &mut mixture);
        Ok(())
    })?;
    let mut mean = shift;
    for (column, mean) in mean.iter_mut().enumerate() {
        let there = rows as f64 - absent.get(column).map_or(0.0, |absent| f64::from(*absent));
        if there > 0.0 {
            *mean += mixture[column * lanes + mixtures] / there;
        }
    }
    check_overflow(&mean)?;
    mixture.chunks_exact_mut(lanes).for_each(|line| line[mixtures] = 0.0);
    Ok(Mean { mean, mixture, lanes })
}

/// Numbers by chance in `mixtures` lanes, each of sum zero, then one lane of ones, then zeros.
fn random_weights(rows: usize, lanes: usize, mixtures: usize) -> Result<Vec<f64>> {
    let mut weights = filled(rows * lanes, 0.0)?;
    let mut state = 0x5EED_u64;
    for line in weights.chunks_exact_mut(lanes) {
        for weight in &mut line[..mixtures] {
            // The upper 53 bits, from -1 to 1.
            *weight = (next(&mut state) >> 11) as f64 / (1_u64 << 52) as f64 - 1.0;
        }
        line[mixtures] = 1.0;
    }
    for lane in 0..mixtures {
        let sum: f64 = weights.iter().skip(lane).step_by(lanes).sum();
        let mean = sum / rows as f64;
        weights.iter_mut().skip(lane).step_by(lanes).for_each(|weight| *weight -= mean);
    }
    Ok(weights)
}

/// `SplitMix64` (Steele, Lea and Flood, 2014).
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}
