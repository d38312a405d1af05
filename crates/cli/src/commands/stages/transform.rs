//! Blocks of 8 x 8: zeros and size after the DCT of JPEG, and how much few coefficients hold, with the KLT beside it.

use std::fmt;

use rayon::prelude::*;
use serde::Serialize;
use stack_core::{PixelType, Progress, Result, Sample};
use stack_entropy::run_length::zero_runs;
use stack_predict::{Earlier, Predictor, Shape};
use stack_transform::dct8::Coder;
use stack_transform::tables::LUMINANCE;
use stack_transform::zigzag::ORDER_8X8;
use stack_transform::{Compaction, Kept, Kernel, Klt, Size, blocks};

use super::excerpt::{Excerpt, Stored};
use super::failed;
use super::prediction::huffman_bits;

/// Side of a block.
const SIDE: usize = 8;
/// The qualities of JPEG that are tried.
const QUALITIES: [u8; 3] = [90, 75, 50];
/// Coefficients that are kept of the 64.
const KEPT: usize = 10;
/// The longest code word of JPEG.
const JPEG_CODE_LENGTH: u32 = 16;
/// The longest code word for differences of the first coefficients.
const FIRST_CODE_LENGTH: u32 = 20;

/// A result, or why there is none.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum Outcome<T> {
    Measured(T),
    NotMeasured { not_measured: String },
}

impl<T> Outcome<T> {
    fn not(why: impl Into<String>) -> Self {
        Self::NotMeasured { not_measured: why.into() }
    }
}

/// The DCT with the luminance table of JPEG.
#[derive(Serialize)]
pub(super) struct Quantised {
    pub(super) scaling: Scaling,
    pub(super) frames_left_out: usize,
    /// Raw bytes of the frames that were transformed.
    pub(super) raw_bytes: u64,
    pub(super) qualities: Vec<Quality>,
}

/// One quality.
#[derive(Serialize)]
pub(super) struct Quality {
    pub(super) quality: u8,
    /// Share of the coefficients that are zero, 0 to 1.
    pub(super) zeros: f64,
    /// Huffman codes for the first coefficients and for the zero runs of the others, tables and bits of values
    /// included.
    pub(super) bytes: u64,
    /// In the unit of the scaled samples.
    pub(super) rmse: f64,
}

/// How samples become bytes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Scaling {
    /// Samples of at most 8 bits as they are.
    None,
    /// Unsigned samples without their lowest bits.
    Shift { bits_of_largest: u32, shift: u32 },
    /// Signed samples and floats: `low` to `high` become 0 to 255.
    Linear { low: f64, high: f64 },
}

impl fmt::Display for Scaling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => write!(f, "samples as they are"),
            Self::Shift { bits_of_largest, shift } => {
                write!(f, "samples shifted right by {shift}, as the largest has {bits_of_largest} bits")
            }
            Self::Linear { low, high } => write!(f, "{} to {} mapped to 0 to 255", short(*low), short(*high)),
        }
    }
}

/// As few digits as tell the number; those of a 32-bit float where it is one.
fn short(number: f64) -> String {
    let single = number as f32;
    let plain = (1e-4..1e9).contains(&number.abs()) || number == 0.0;
    match (f64::from(single) == number, plain) {
        (true, true) => single.to_string(),
        (true, false) => format!("{single:e}"),
        (false, true) => number.to_string(),
        (false, false) => format!("{number:e}"),
    }
}

impl Scaling {
    fn of<S: Stored>(planes: &[&[S]]) -> Self {
        let samples = planes.iter().flat_map(|plane| plane.iter());
        if matches!(S::PIXEL, PixelType::U8 | PixelType::U16) {
            let largest = samples.map(|sample| sample.to_bits_u64()).max().unwrap_or(0);
            let bits_of_largest = u64::BITS - largest.leading_zeros();
            return match bits_of_largest.saturating_sub(8) {
                0 => Self::None,
                shift => Self::Shift { bits_of_largest, shift },
            };
        }
        let (low, high) = samples.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), sample| {
            (low.min(sample.to_f64()), high.max(sample.to_f64()))
        });
        Self::Linear { low, high }
    }

    fn byte<S: Sample>(self, sample: S) -> u8 {
        match self {
            Self::None => sample.to_bits_u64() as u8,
            Self::Shift { shift, .. } => (sample.to_bits_u64() >> shift) as u8,
            // Halves, because the whole range of doubles is wider than a double can tell.
            Self::Linear { low, high } if high > low => {
                let share = (sample.to_f64() / 2.0 - low / 2.0) / (high / 2.0 - low / 2.0);
                (share * 255.0).round() as u8
            }
            Self::Linear { .. } => 0,
        }
    }
}

/// KLT and DCT with as many coefficients kept, those of the largest variance.
#[derive(Serialize)]
pub(super) struct Compacted {
    pub(super) frames_left_out: usize,
    pub(super) kept: usize,
    pub(super) of: usize,
    pub(super) klt: Left,
    pub(super) dct: Left,
}

/// What is left of the samples.
#[derive(Serialize)]
pub(super) struct Left {
    /// In the unit of the samples.
    pub(super) rmse: f64,
    /// Share of the variance, 0 to 1.
    pub(super) energy: f64,
}

impl From<Kept> for Left {
    fn from(kept: Kept) -> Self {
        Self { rmse: kept.rmse, energy: kept.energy }
    }
}

pub(super) fn measure<S: Stored>(
    excerpt: &Excerpt<S>,
    progress: &dyn Progress,
) -> Result<(Outcome<Quantised>, Outcome<Compacted>)> {
    let extent = excerpt.extent;
    if extent.height < SIDE || extent.width < SIDE {
        let why = "frames below 8 x 8";
        return Ok((Outcome::not(why), Outcome::not(why)));
    }
    let is_finite = |frame: &usize| {
        excerpt.channels.iter().all(|planes| planes[*frame].iter().all(|sample| sample.to_f64().is_finite()))
    };
    let finite: Vec<usize> = (0..extent.frames).filter(is_finite).collect();
    let left_out = extent.frames - finite.len();
    if finite.is_empty() {
        let why = "every frame has NaN or infinite samples";
        return Ok((Outcome::not(why), Outcome::not(why)));
    }
    let planes: Vec<&[S]> = excerpt
        .channels
        .iter()
        .flat_map(|planes| finite.iter().map(|frame| planes[*frame].as_slice()))
        .collect();
    let size = Size::new(extent.height, extent.width).map_err(failed("the transform"))?;

    progress.phase("DCT", (QUALITIES.len() * planes.len()) as u64);
    let scaling = Scaling::of(&planes);
    let qualities: Result<Vec<Quality>> =
        QUALITIES.par_iter().map(|&quality| quantised(&planes, size, scaling, quality, progress)).collect();
    let raw_bytes = (planes.len() * size.area() * S::PIXEL.bytes()) as u64;
    let dct = Quantised { scaling, frames_left_out: left_out, raw_bytes, qualities: qualities? };

    progress.phase("KLT", 1);
    progress.check()?;
    let compaction = match compacted(&planes, size) {
        Ok((klt, dct)) => Outcome::Measured(Compacted {
            frames_left_out: left_out,
            kept: KEPT,
            of: SIDE * SIDE,
            klt: klt.into(),
            dct: dct.into(),
        }),
        Err(error) => Outcome::not(error.to_string()),
    };
    Ok((Outcome::Measured(dct), compaction))
}

fn quantised<S: Stored>(
    planes: &[&[S]],
    size: Size,
    scaling: Scaling,
    quality: u8,
    progress: &dyn Progress,
) -> Result<Quality> {
    let coder = Coder::new(&LUMINANCE.with_quality(quality).map_err(failed("the transform"))?);
    let of_blocks = size.divided_by(SIDE);
    let shape = Shape::new(of_blocks.height(), of_blocks.width()).map_err(failed("prediction"))?;
    let mut indices = vec![0; Coder::indices(size).map_err(failed("the transform"))?];
    let mut restored = vec![0; size.area()];
    let mut codes = vec![0_u16; shape.len()];
    let (mut firsts, mut runs) = (vec![0; 1 << 16], vec![0; 256]);
    let (mut zeros, mut value_bits, mut squares) = (0, 0, 0_u64);
    for plane in planes {
        progress.check()?;
        let bytes: Vec<u8> = plane.iter().map(|sample| scaling.byte(*sample)).collect();
        coder.forward_plane(&bytes, size, 128.0, &mut indices).map_err(failed("the transform"))?;
        coder.inverse_plane(&indices, size, 128.0, &mut restored).map_err(failed("the transform"))?;
        squares += bytes.iter().zip(&restored).map(|(a, b)| u64::from(a.abs_diff(*b)).pow(2)).sum::<u64>();
        zeros += indices.iter().filter(|index| **index == 0).count();

        let blocks = indices.as_chunks::<{ SIDE * SIDE }>().0;
        let first: Vec<i16> = blocks.iter().map(|block| block[0]).collect();
        Predictor::West.encode(shape, &first, Earlier::None, &mut codes).map_err(failed("prediction"))?;
        codes.iter().for_each(|code| firsts[usize::from(*code)] += 1);
        for block in blocks {
            let others: [i16; 63] = std::array::from_fn(|i| block[usize::from(ORDER_8X8[i + 1])]);
            for run in zero_runs::encode(&others).map_err(failed("entropy coding"))? {
                runs[usize::from(run.symbol())] += 1;
                value_bits += u64::from(run.size);
            }
        }
        progress.advance(1, 0);
    }
    let bits =
        huffman_bits(&firsts, FIRST_CODE_LENGTH)? + huffman_bits(&runs, JPEG_CODE_LENGTH)? + value_bits;
    Ok(Quality {
        quality,
        zeros: zeros as f64 / (indices.len() * planes.len()) as f64,
        bytes: bits.div_ceil(8),
        rmse: (squares as f64 / (size.area() * planes.len()) as f64).sqrt(),
    })
}

/// What the largest coefficients of KLT and DCT hold; both after the mean block was subtracted.
fn compacted<S: Stored>(planes: &[&[S]], size: Size) -> stack_transform::Result<(Kept, Kept)> {
    let block = Size::square(SIDE)?;
    let mut cut = Vec::new();
    for plane in planes {
        let samples: Vec<f64> = plane.iter().map(|sample| sample.to_f64()).collect();
        cut.append(&mut blocks::cut(&samples, size, block)?);
    }
    let klt = Klt::of_blocks(block, &cut)?;
    let kept = |kernel: &Kernel| {
        let compaction = Compaction::new(kernel, klt.mean(), &cut)?;
        Ok(compaction.kept(&compaction.by_energy(), KEPT))
    };
    let dct = Kernel::dct2(block)?;
    let (by_klt, by_dct) = rayon::join(|| kept(klt.kernel()), || kept(&dct));
    Ok((by_klt?, by_dct?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_become_bytes() {
        assert_eq!(Scaling::of(&[&[0_u16, 255][..]]), Scaling::None);
        let shift = Scaling::of(&[&[0_u16, 4095][..]]);
        assert_eq!(shift, Scaling::Shift { bits_of_largest: 12, shift: 4 });
        assert_eq!((shift.byte(4095_u16), shift.byte(31_u16)), (255, 1));
        let wide = Scaling::of(&[&[f64::MIN, f64::MAX][..]]);
        assert_eq!((wide.byte(f64::MIN), wide.byte(0.0), wide.byte(f64::MAX)), (0, 128, 255));
        let signed = Scaling::of(&[&[-10_i16, 245][..]]);
        assert_eq!((signed.byte(-10_i16), signed.byte(0_i16), signed.byte(245_i16)), (0, 10, 255));
        assert_eq!(Scaling::of(&[&[7.5_f32][..]]).byte(7.5_f32), 0);
        assert_eq!([short(f64::from(188.9_f32)), short(188.9), short(1e300)], ["188.9", "188.9", "1e300"]);
    }
}
