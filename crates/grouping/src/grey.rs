//! A frame of any type as a picture of 8-bit grey levels: what hashes and thumbnails look at.
//!
//! | samples | grey level |
//! |---|---|
//! | `u8` | itself |
//! | `u16` | `floor(v / 257)` of the full type; `floor(255 v / (2^bits - 1))` where fewer bits are in use |
//! | others, where all finite samples of the stack are from 0 to 1 | `floor(255 v)` |
//! | others, where the finite samples of the stack are from `a` to `b` | `floor(255 (v - a) / (b - a))`, 0 if `a = b` |
//!
//! NaN is level 0; infinities are the ends of the range. Three and four channels are red, green, blue (and opacity,
//! which is not looked at): `(19595 R + 38470 G + 7471 B + 32768) / 65536` of their levels, as Pillow converts RGB to L
//! (the weights of ITU-R BT.601). Of two channels the second is opacity.
//!
//! ```
//! use stack_core::{FrameBuf, FrameShape, PixelType, SampleFormat};
//! use stack_grouping::GreyScale;
//!
//! let scale = GreyScale::new(SampleFormat::full(PixelType::U16), None);
//! let picture = scale.picture(&FrameBuf::U16(vec![0, 256, 257, 65535]), FrameShape::gray(2, 2)?);
//! assert_eq!(picture.levels, [0, 0, 1, 255]);
//! # Ok::<(), stack_core::Error>(())
//! ```

use stack_core::{FrameBuf, FrameShape, PixelType, Sample, SampleFormat, with_samples};

/// How the samples of one stack become grey levels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GreyScale {
    low: f64,
    span: f64,
    /// Of samples whose levels are found with integers: significant bits, at least 8.
    bits: Option<u8>,
}

/// A picture of grey levels, row by row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GreyPicture {
    /// Rows.
    pub height: usize,
    /// Columns.
    pub width: usize,
    /// Grey levels, 0 is black and 255 is white.
    pub levels: Vec<u8>,
}

impl GreyScale {
    /// The scale of a stack; `range` are the smallest and the largest finite sample of all its frames, where
    /// [`GreyScale::needs_range`] asks for them.
    pub fn new(format: SampleFormat, range: Option<(f64, f64)>) -> Self {
        let (low, high) = match format.pixel() {
            PixelType::U8 | PixelType::U16 => (0.0, 2_f64.powi(format.significant_bits().into()) - 1.0),
            _ => match range {
                Some((low, high)) if low >= 0.0 && high <= 1.0 => (0.0, 1.0),
                Some(range) => range,
                None => (0.0, 0.0),
            },
        };
        let bits = Some(format.significant_bits()).filter(|bits| !Self::needs_range(format) && *bits >= 8);
        Self { low, span: high - low, bits }
    }

    /// Whether the scale depends on the range of the stack's samples.
    pub fn needs_range(format: SampleFormat) -> bool {
        !matches!(format.pixel(), PixelType::U8 | PixelType::U16)
    }

    /// The grey levels of one frame.
    ///
    /// # Panics
    /// If the frame has another number of samples than `shape`.
    pub fn picture(&self, frame: &FrameBuf, shape: FrameShape) -> GreyPicture {
        assert_eq!(frame.len(), shape.samples(), "a frame has the samples of its shape");
        let levels = self.levels(frame);
        let levels = match shape.channels() {
            1 => levels,
            channels => levels
                .chunks_exact(channels)
                .map(|pixel| match *pixel {
                    [red, green, blue, ..] => {
                        let [red, green, blue] = [red, green, blue].map(u32::from);
                        ((19_595 * red + 38_470 * green + 7_471 * blue + 32_768) >> 16) as u8
                    }
                    _ => pixel[0],
                })
                .collect(),
        };
        GreyPicture { height: shape.height(), width: shape.width(), levels }
    }

    fn levels(&self, frame: &FrameBuf) -> Vec<u8> {
        match (frame, self.bits) {
            (FrameBuf::U8(samples), Some(8)) => samples.clone(),
            (FrameBuf::U16(samples), Some(bits @ ..=16)) => {
                // t / (2^b - 1) = (t + 1 + t / 2^b) / 2^b, rounded down, for t of up to 255 times the divisor and b >= 8.
                let level = |&sample: &u16| {
                    let product = 255 * u32::from(sample);
                    ((product + 1 + (product >> bits)) >> bits).min(255) as u8
                };
                samples.iter().map(level).collect()
            }
            _ => with_samples!(frame, samples => samples.iter().map(|s| self.level(s.to_f64())).collect()),
        }
    }

    fn level(&self, sample: f64) -> u8 {
        if self.span <= 0.0 {
            return 0;
        }
        // `as` limits to 0 and 255, rounds towards zero, and makes 0 of NaN.
        (255.0 * (sample - self.low) / self.span) as u8
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sixteen_bits_are_divided_by_257() {
        let scale = GreyScale::new(SampleFormat::full(PixelType::U16), None);
        let all: Vec<u16> = (0..=u16::MAX).collect();
        let picture = scale.picture(&FrameBuf::U16(all.clone()), FrameShape::gray(256, 256).unwrap());
        assert!(all.iter().zip(&picture.levels).all(|(&sample, &level)| sample / 257 == u16::from(level)));
        let scale = GreyScale::new(SampleFormat::full(PixelType::U8), None);
        let all: Vec<u8> = (0..=u8::MAX).collect();
        let picture = scale.picture(&FrameBuf::U8(all.clone()), FrameShape::gray(16, 16).unwrap());
        assert_eq!(picture.levels, all);
    }

    #[test]
    fn integers_and_floats_give_the_same_levels() {
        for bits in 1..=16 {
            let scale = GreyScale::new(SampleFormat::new(PixelType::U16, bits).unwrap(), None);
            // Samples with more bits than the format says are white.
            let all: Vec<u16> = (0..=u16::MAX).collect();
            let picture = scale.picture(&FrameBuf::U16(all.clone()), FrameShape::gray(256, 256).unwrap());
            assert!(
                all.iter().zip(&picture.levels).all(|(&v, &level)| scale.level(v.into()) == level),
                "{bits}"
            );
        }
    }

    #[test]
    fn floats_are_spread_over_the_range_of_the_stack() {
        let format = SampleFormat::full(PixelType::F32);
        let line = FrameShape::gray(1, 5).unwrap();
        let frame = FrameBuf::F32(vec![0.0, 0.5, 1.0, f32::NAN, f32::INFINITY]);
        let levels = |range| GreyScale::new(format, range).picture(&frame, line).levels;
        assert_eq!(levels(Some((0.2, 0.9))), [0, 127, 255, 0, 255]);
        assert_eq!(levels(Some((-1.0, 1.0))), [127, 191, 255, 0, 255]);
        assert_eq!(levels(Some((3.0, 3.0))), [0; 5]);
        assert_eq!(levels(None), [0; 5]);
    }

    #[test]
    fn colours_become_what_pillow_makes_of_them() {
        let scale = GreyScale::new(SampleFormat::full(PixelType::U8), None);
        let picture = scale.picture(
            &FrameBuf::U8(vec![255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255]),
            FrameShape::new(2, 2, 3).unwrap(),
        );
        assert_eq!(picture.levels, [76, 150, 29, 255]);
        let with_opacity =
            scale.picture(&FrameBuf::U8(vec![9, 255, 7, 0]), FrameShape::new(1, 2, 2).unwrap());
        assert_eq!(with_opacity.levels, [9, 7]);
    }
}
