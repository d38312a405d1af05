//! Noise: what no coder can make smaller (uniform), and what sensors add (Gaussian).
//!
//! * Uniform: every integer of the significant bits is equally likely; floats are the multiples of 2^-24 (f32) or
//!   2^-53 (f64) from 0 to 1, 1 excluded. An integer stack of uniform noise has as many bits of information as it
//!   has significant bits, so a lossless coder must not make it smaller.
//! * Gaussian: mean and standard deviation in units of the samples; integers are rounded to the nearest, ties to
//!   even, and clamped to the significant bits.

use super::random::Stream;
use super::sample::{FromNumber, range};
use crate::{FrameBuf, SampleFormat, with_samples};

/// Fills a frame with uniform noise.
pub(super) fn fill_uniform(stream: &mut Stream, format: SampleFormat, into: &mut FrameBuf) {
    let unused = u32::from(format.pixel().bits() - format.significant_bits());
    match into {
        FrameBuf::U8(samples) => pieces(stream, samples, |bits| bits as u8 >> unused),
        FrameBuf::U16(samples) => pieces(stream, samples, |bits| bits as u16 >> unused),
        FrameBuf::I16(samples) => pieces(stream, samples, |bits| bits as i16),
        FrameBuf::I32(samples) => pieces(stream, samples, |bits| bits as i32),
        FrameBuf::F32(samples) => {
            pieces(stream, samples, |bits| (bits as u32 >> 8) as f32 * (1.0 / 16_777_216.0));
        }
        FrameBuf::F64(samples) => samples.fill_with(|| stream.uniform()),
    }
}

/// Cuts random words into samples, low bits first.
fn pieces<T>(stream: &mut Stream, samples: &mut [T], sample: impl Fn(u64) -> T) {
    let width = size_of::<T>() * 8;
    for group in samples.chunks_mut(64 / width) {
        let mut word = stream.word();
        for place in group {
            *place = sample(word);
            word >>= width;
        }
    }
}

/// Fills a frame with Gaussian noise.
pub(super) fn fill_gaussian(
    stream: &mut Stream,
    mean: f64,
    sigma: f64,
    format: SampleFormat,
    into: &mut FrameBuf,
) {
    with_samples!(into, samples => {
        for sample in samples.iter_mut() {
            *sample = clamped(mean + sigma * stream.normal(), format);
        }
    });
}

/// The nearest sample; an integer is clamped to the significant bits.
pub(super) fn clamped<T: FromNumber>(number: f64, format: SampleFormat) -> T {
    if T::PIXEL.is_float() {
        return T::nearest(number);
    }
    let (low, high) = range(format);
    T::nearest(number.clamp(low, high))
}
