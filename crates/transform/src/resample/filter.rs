//! Filters, and the weights of the old samples in each new one.

use std::f64::consts::PI;

use crate::error::{Error, Result, filled};

/// How old samples are weighted by their distance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filter {
    /// All within half a sample alike.
    Box,
    /// Falling linearly to zero at one sample.
    Linear,
    /// Cubic convolution with a = -1/2, zero beyond two samples.
    Cubic,
    /// Sinc, cut by a wider sinc at three samples.
    Lanczos,
}

impl Filter {
    /// Distance from which on the weight is zero.
    #[must_use]
    pub fn width(self) -> f64 {
        match self {
            Self::Box => 0.5,
            Self::Linear => 1.0,
            Self::Cubic => 2.0,
            Self::Lanczos => 3.0,
        }
    }

    /// The weight at a distance, before weights are made to sum to one.
    #[must_use]
    pub fn weight(self, distance: f64) -> f64 {
        let t = distance.abs();
        match self {
            // Open on the left, so that no sample has two boxes.
            Self::Box => f64::from(u8::from(distance > -0.5 && distance <= 0.5)),
            Self::Linear if t < 1.0 => 1.0 - t,
            Self::Cubic if t < 1.0 => (1.5 * t - 2.5) * t * t + 1.0,
            Self::Cubic if t < 2.0 => (((t - 5.0) * t + 8.0) * t - 4.0) * -0.5,
            Self::Lanczos if t < 3.0 => sinc(t) * sinc(t / 3.0),
            _ => 0.0,
        }
    }
}

fn sinc(t: f64) -> f64 {
    if t == 0.0 { 1.0 } else { libm::sin(t * PI) / (t * PI) }
}

/// The weights of one new sample.
#[derive(Debug, Clone, PartialEq)]
pub struct Taps {
    /// The first old sample that has a weight.
    pub first: usize,
    /// Weights of this and the next ones; their sum is one.
    pub weights: Vec<f64>,
}

/// The weights of all samples of a line of `new` samples made from `old`.
///
/// # Errors
/// [`Error::Parameter`] if a length is not 1 to 2^31 - 1; [`Error::Memory`].
pub fn weights(old: usize, new: usize, filter: Filter) -> Result<Vec<Taps>> {
    for length in [old, new] {
        if !(1..=i32::MAX as usize).contains(&length) {
            return Err(Error::parameter("a side of a picture", length as f64, "it may be 1 to 2147483647"));
        }
    }
    let scale = old as f64 / new as f64;
    let stretch = scale.max(1.0);
    let width = filter.width() * stretch;
    let mut all = filled(new, Taps { first: 0, weights: Vec::new() })?;
    for (i, taps) in all.iter_mut().enumerate() {
        let centre = (i as f64 + 0.5) * scale;
        // Conversions of negative numbers give zero.
        taps.first = (centre - width + 0.5) as usize;
        let end = ((centre + width + 0.5) as usize).min(old);
        taps.weights = filled(end.saturating_sub(taps.first), 0.0)?;
        let mut sum = 0.0;
        for (j, weight) in taps.weights.iter_mut().enumerate() {
            *weight = filter.weight(((j + taps.first) as f64 - centre + 0.5) * (1.0 / stretch));
            sum += *weight;
        }
        if sum != 0.0 {
            taps.weights.iter_mut().for_each(|weight| *weight /= sum);
        }
    }
    Ok(all)
}
