//! A linear ramp through rows, columns and frames.
//!
//! ```text
//! value = low + (high - low) (x + y + t) / ((width - 1) + (height - 1) + (frames - 1))
//! ```
//!
//! with low and high the ends of the sample type (0 and 2^bits - 1 if unsigned, 0 and 1 for floats), rounded to the
//! nearest value, ties to even. Of several channels the second runs against x, the third against y, the fourth
//! against both.

use super::sample::{FromNumber, range};
use crate::{FrameBuf, FrameShape, SampleFormat, with_samples};

/// Fills frame `index` of `frames`.
pub(super) fn fill(
    index: usize,
    frames: usize,
    shape: FrameShape,
    format: SampleFormat,
    into: &mut FrameBuf,
) {
    let ends = range(format);
    with_samples!(into, samples => ramp(index, frames, shape, ends, samples));
}

fn ramp<T: FromNumber>(
    index: usize,
    frames: usize,
    shape: FrameShape,
    (low, high): (f64, f64),
    samples: &mut [T],
) {
    let (height, width, channels) = (shape.height(), shape.width(), shape.channels());
    let length = (width - 1) as f64 + (height - 1) as f64 + (frames - 1) as f64;
    let slope = if length > 0.0 { (high - low) / length } else { 0.0 };
    for (y, row) in samples.chunks_exact_mut(width * channels).enumerate() {
        for (x, pixel) in row.chunks_exact_mut(channels).enumerate() {
            for (channel, sample) in pixel.iter_mut().enumerate() {
                let x = if channel % 2 == 1 { width - 1 - x } else { x };
                let y = if channel >= 2 { height - 1 - y } else { y };
                let distance = x as f64 + y as f64 + index as f64;
                *sample = T::nearest((low + slope * distance).min(high));
            }
        }
    }
}
