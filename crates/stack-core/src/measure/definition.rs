//! The measures word by word as defined, over stacks in memory: slow, for reading and for checking the fast form.
//!
//! Counts, maxima and ranges are equal to the bit to those of an [`ErrorMeter`](super::ErrorMeter); sums go sample
//! by sample here and block by block there, so means may differ in the last bits.

use super::Errors;
use super::sum::CompensatedSum;
use crate::{
    Error, FrameBuf, FrameSource, PixelType, Result, Sample, SampleFormat, StackInMemory, with_samples,
};

/// What a decoded sample is to its original.
enum Pair {
    /// Both are finite, at this distance.
    Finite(f64),
    /// Both NaN, or both the same infinity.
    SameNonfinite,
    /// NaN or infinity on one side only, or infinities of different sign.
    Mismatch,
}

impl Pair {
    fn of(original: f64, decoded: f64) -> Self {
        if original.is_finite() && decoded.is_finite() {
            Self::Finite((original - decoded).abs())
        } else if original == decoded || (original.is_nan() && decoded.is_nan()) {
            Self::SameNonfinite
        } else {
            Self::Mismatch
        }
    }

    /// The error that a promise has to reckon with.
    fn error(&self) -> f64 {
        match self {
            Self::Finite(distance) => *distance,
            Self::SameNonfinite => 0.0,
            Self::Mismatch => f64::INFINITY,
        }
    }
}

/// The errors between two stacks.
///
/// # Errors
/// [`Error::Parameter`] if the stacks differ in frames, shape or sample type.
pub fn errors(original: &StackInMemory, decoded: &StackInMemory) -> Result<Errors> {
    let header = original.header();
    if !header.same_samples_as(decoded.header()) {
        return Err(Error::parameter(
            "decoded stack",
            format!("{} against {}", decoded.header().describe(), header.describe()),
            "compare a stack and its decoded copy only",
        ));
    }
    let frames: Vec<Vec<Pair>> =
        original.frames().iter().zip(decoded.frames()).map(|(x, y)| pairs(x, y)).collect();
    let all = || frames.iter().flatten();
    let distances = || all().filter_map(|pair| if let Pair::Finite(d) = pair { Some(*d) } else { None });
    let originals: Vec<f64> = original.frames().iter().flat_map(values).filter(|x| x.is_finite()).collect();
    let differing = original.frames().iter().zip(decoded.frames()).map(|(x, y)| differing(x, y)).sum();
    let frame_max: Vec<f64> = frames.iter().map(|frame| maximum(frame.iter().map(Pair::error))).collect();
    let max_abs = maximum(all().map(Pair::error));
    let (minimum, maximum) = (
        originals.iter().copied().fold(f64::INFINITY, f64::min) + 0.0,
        originals.iter().copied().fold(f64::NEG_INFINITY, f64::max) + 0.0,
    );
    let range = if originals.is_empty() { 0.0 } else { maximum - minimum };
    let (psnr_peak, psnr_peak_name) = peak(header.format, range);
    let mse = mean(distances().map(|distance| distance * distance));
    Ok(Errors {
        frames: header.frames as u64,
        missing_frames: 0,
        samples: header.samples(),
        differing,
        nonfinite_mismatches: all().filter(|pair| matches!(pair, Pair::Mismatch)).count() as u64,
        finite_pairs: distances().count() as u64,
        max_abs,
        mean_abs: mean(distances()),
        mse,
        rmse: mse.sqrt(),
        psnr: match (distances().any(|distance| distance > 0.0), psnr_peak, mse.sqrt()) {
            (false, ..) => None,
            (true, 0.0, _) | (true, _, f64::INFINITY) => Some(f64::NEG_INFINITY),
            (true, peak, rmse) => Some(20.0 * libm::log10(peak / rmse)),
        },
        psnr_peak,
        psnr_peak_name,
        relative_max: match (max_abs, range) {
            (0.0, _) => 0.0,
            (f64::INFINITY, _) | (_, 0.0) => f64::INFINITY,
            (error, f64::INFINITY) => (error / 2.0) / (maximum / 2.0 - minimum / 2.0),
            (error, range) => error / range,
        },
        minimum,
        maximum,
        worst_frame: (max_abs > 0.0)
            .then(|| frame_max.iter().position(|max| *max == max_abs).map(|index| index as u64))
            .flatten(),
        frame_max,
    })
}

fn pairs(original: &FrameBuf, decoded: &FrameBuf) -> Vec<Pair> {
    values(original).into_iter().zip(values(decoded)).map(|(x, y)| Pair::of(x, y)).collect()
}

fn values(frame: &FrameBuf) -> Vec<f64> {
    with_samples!(frame, samples => samples.iter().map(|sample| sample.to_f64()).collect())
}

fn differing(original: &FrameBuf, decoded: &FrameBuf) -> u64 {
    (0..original.len()).filter(|&index| original.bits_at(index) != decoded.bits_at(index)).count() as u64
}

fn maximum(values: impl Iterator<Item = f64>) -> f64 {
    values.fold(0.0, f64::max)
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (mut sum, mut count) = (CompensatedSum::default(), 0_u64);
    for value in values {
        sum.add(value);
        count += 1;
    }
    if count == 0 { 0.0 } else { sum.value() / count as f64 }
}

fn peak(format: SampleFormat, range: f64) -> (f64, String) {
    match (format.pixel(), format.significant_bits()) {
        (PixelType::F32 | PixelType::F64, _) => (range, "range of the originals".into()),
        (PixelType::U8, 8) => (255.0, "span of u8".into()),
        (PixelType::U16, 16) => (65_535.0, "span of u16".into()),
        (PixelType::I16, _) => (65_535.0, "span of i16".into()),
        (PixelType::I32, _) => (4_294_967_295.0, "span of i32".into()),
        (PixelType::U8 | PixelType::U16, bits) => (f64::from((1_u32 << bits) - 1), format!("2^{bits} - 1")),
    }
}
