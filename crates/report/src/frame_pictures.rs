//! Frames as people see them: samples as pictures, a decoded copy beside its original, and what differs.

use serde::{Deserialize, Serialize};
use stack_core::{FrameBuf, FrameShape, PixelType, Sample, with_samples};

use crate::plot::{Picture, Range};

/// Longest side of a picture in pixels; larger frames are reduced by a whole number.
pub const LONGEST_SIDE: usize = 512;

/// A frame, and its decoded copy where that differs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FramePictures {
    /// Which frame of the stack, from 0.
    pub frame: u64,
    /// Each pixel shows a square of so many samples a side: their mean, in [`DecodedPictures::difference`] the
    /// one that differs most.
    pub samples_per_side: usize,
    /// The frame. Colour frames show their first three channels; two channels, the first.
    pub original: Picture,
    /// The decoded copy; `None` if it is bit-exact.
    pub copy: Option<DecodedPictures>,
}

/// A decoded frame, and what differs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DecodedPictures {
    /// The decoded frame, shown with the range of the original.
    pub decoded: Picture,
    /// Decoded minus original; of several channels, the one that differs most.
    pub difference: Picture,
}

impl FramePictures {
    /// Pictures of frame number `frame`, `None` where one of the buffers does not fit `shape`.
    ///
    /// ```
    /// use stack_core::{FrameBuf, FrameShape};
    /// use stack_report::FramePictures;
    /// let original = FrameBuf::U16(vec![0, 100, 200, 300]);
    /// let decoded = FrameBuf::U16(vec![0, 100, 203, 300]);
    /// let pictures = FramePictures::of(7, FrameShape::gray(2, 2)?, &original, &decoded).unwrap();
    /// assert_eq!((pictures.frame, pictures.original.range().high), (7, 300.0));
    /// assert_eq!(pictures.copy.unwrap().difference.range().high, 3.0);
    /// # Ok::<(), stack_core::Error>(())
    /// ```
    pub fn of(frame: u64, shape: FrameShape, original: &FrameBuf, decoded: &FrameBuf) -> Option<Self> {
        if [original, decoded].iter().any(|buffer| buffer.len() != shape.samples()) {
            return None;
        }
        let side = shape.width().max(shape.height()).div_ceil(LONGEST_SIDE);
        let shown = if shape.channels() >= 3 { 3 } else { 1 };
        let means = Planes::of(original, shape, side, shown);
        let range = range_of(original.pixel(), &means.values, shown);
        let copy = (original.le_bytes() != decoded.le_bytes()).then(|| {
            let differences = differences(original, decoded, shape, side);
            DecodedPictures {
                decoded: Planes::of(decoded, shape, side, shown).picture(range),
                difference: Picture::signed(
                    &differences,
                    shape.width().div_ceil(side),
                    Range::around_zero(&differences),
                ),
            }
        });
        Some(Self { frame, samples_per_side: side, original: means.picture(range), copy })
    }
}

/// Colours of bytes are what they are; everything else is shown from its smallest to its largest value.
fn range_of(pixel: PixelType, values: &[f64], channels: usize) -> Range {
    if channels == 3 && pixel == PixelType::U8 { Range { low: 0.0, high: 255.0 } } else { Range::of(values) }
}

/// Means of squares of samples, channels innermost.
struct Planes {
    width: usize,
    channels: usize,
    values: Vec<f64>,
}

impl Planes {
    fn of(frame: &FrameBuf, shape: FrameShape, side: usize, channels: usize) -> Self {
        let mut values = Vec::new();
        with_samples!(frame, samples => {
            each_square(shape, side, |square| {
                for channel in 0..channels {
                    // A value that is not finite makes the mean so, and shows.
                    let sum: f64 = square.iter().map(|pixel| samples[pixel + channel].to_f64()).sum();
                    values.push(sum / square.len() as f64);
                }
            });
        });
        Self { width: shape.width().div_ceil(side), channels, values }
    }

    fn picture(&self, range: Range) -> Picture {
        let picture = if self.channels == 3 { Picture::rgb_of } else { Picture::grey };
        picture(&self.values, self.width, range)
    }
}

/// Decoded minus original: in each square the sample that differs most; NaN where only one side is finite.
fn differences(original: &FrameBuf, decoded: &FrameBuf, shape: FrameShape, side: usize) -> Vec<f64> {
    let mut values = Vec::new();
    let (mut before, mut after) = (Vec::new(), Vec::new());
    with_samples!(original, samples => before.extend(samples.iter().map(|sample| sample.to_f64())));
    with_samples!(decoded, samples => after.extend(samples.iter().map(|sample| sample.to_f64())));
    each_square(shape, side, |square| {
        let all = square.iter().flat_map(|pixel| *pixel..pixel + shape.channels());
        values.push(all.map(|index| signed(before[index], after[index])).fold(0.0, larger));
    });
    values
}

fn signed(before: f64, after: f64) -> f64 {
    if before == after || (before.is_nan() && after.is_nan()) { 0.0 } else { after - before }
}

/// The one further from zero; one that is not finite is furthest.
fn larger(one: f64, other: f64) -> f64 {
    match (one.is_finite(), other.is_finite()) {
        (false, _) => one,
        (_, false) => other,
        _ if other.abs() > one.abs() => other,
        _ => one,
    }
}

/// Calls `each` for every square, with the indices of the first samples of its pixels.
fn each_square(shape: FrameShape, side: usize, mut each: impl FnMut(&[usize])) {
    let mut pixels = Vec::with_capacity(side * side);
    for top in (0..shape.height()).step_by(side) {
        for left in (0..shape.width()).step_by(side) {
            pixels.clear();
            for row in top..(top + side).min(shape.height()) {
                let columns = left..(left + side).min(shape.width());
                pixels.extend(columns.map(|column| (row * shape.width() + column) * shape.channels()));
            }
            each(&pixels);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_frames_are_reduced_and_keep_their_largest_difference() {
        let shape = FrameShape::gray(3, 1025).unwrap();
        let original = FrameBuf::U8(vec![10; shape.samples()]);
        let mut changed = vec![10; shape.samples()];
        changed[4] = 3;
        let pictures = FramePictures::of(0, shape, &original, &FrameBuf::U8(changed)).unwrap();
        assert_eq!(pictures.samples_per_side, 3);
        assert_eq!((pictures.original.width(), pictures.original.height()), (342, 1));
        let difference = pictures.copy.unwrap().difference;
        assert_eq!(difference.range(), Range { low: -7.0, high: 7.0 });
        // The second pixel is the colour of -7, all others that of 0.
        let rgb = difference.rgb();
        assert_ne!(rgb[3..6], rgb[..3]);
        assert!(rgb.chunks(3).enumerate().all(|(pixel, colour)| (colour == &rgb[..3]) == (pixel != 1)));
    }

    #[test]
    fn colour_frames_and_equal_frames() {
        let shape = FrameShape::new(1, 2, 4).unwrap();
        let frame = FrameBuf::U8(vec![255, 0, 0, 9, 0, 255, 0, 9]);
        let pictures = FramePictures::of(3, shape, &frame, &frame).unwrap();
        assert_eq!(pictures.original.rgb(), [255, 0, 0, 0, 255, 0]);
        assert_eq!(pictures.copy, None);
        let mut other = vec![255, 0, 0, 9, 0, 255, 0, 11];
        other[1] = 1;
        let copy = FramePictures::of(3, shape, &frame, &FrameBuf::U8(other)).unwrap().copy.unwrap();
        assert_eq!(copy.difference.range(), Range { low: -2.0, high: 2.0 });
        assert!(FramePictures::of(0, shape, &frame, &FrameBuf::U8(vec![0; 3])).is_none());
    }

    #[test]
    fn pictures_read_back_from_json_and_damaged_ones_do_not() {
        let shape = FrameShape::gray(2, 3).unwrap();
        let (x, y) = (FrameBuf::F32(vec![0.5; 6]), FrameBuf::F32(vec![0.25, 0.5, f32::NAN, 0.5, 0.5, 0.5]));
        let pictures = FramePictures::of(1, shape, &x, &y).unwrap();
        let text = serde_json::to_string(&pictures).unwrap();
        assert_eq!(serde_json::from_str::<FramePictures>(&text).unwrap(), pictures);
        for (old, new) in [
            ("\"width\":3", "\"width\":4"),
            ("\"width\":3", "\"width\":0"),
            ("\"height\":2", "\"height\":99999999999"),
        ] {
            let damaged = text.replace(old, new);
            assert_ne!(damaged, text);
            assert!(serde_json::from_str::<FramePictures>(&damaged).is_err());
        }
    }
}
