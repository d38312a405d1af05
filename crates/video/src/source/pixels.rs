//! What becomes of a video's pixel format: gray and RGB samples as they are, anything else as RGB.

use stack_core::{PixelType, Result, SampleFormat};

use crate::ffmpeg::PixelFormat;

/// Samples as FFmpeg is asked to hand them out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RawSamples {
    /// Pixel format of the raw frames.
    pub(super) raw: String,
    pub(super) format: SampleFormat,
    pub(super) channels: usize,
    /// Whether the raw frames lie plane after plane.
    pub(super) planar: bool,
    /// Whether samples are computed, and not only reordered.
    pub(super) converted: bool,
}

/// Names that formats of red, green and blue samples begin with.
const RGB: [&str; 9] = ["rgb", "bgr", "gbr", "argb", "abgr", "0rgb", "0bgr", "x2rgb", "x2bgr"];

/// The samples for a pixel format of FFmpeg; `None` for what is no integer gray, RGB or YUV of at most 16 bits.
pub(super) fn samples_of(pixel: &PixelFormat) -> Result<Option<RawSamples>> {
    let name = pixel.name.as_str();
    let gray = name.starts_with("gray") || name.starts_with("mono") || name.starts_with("ya");
    let rgb = RGB.iter().any(|start| name.starts_with(start)) || name == "pal8";
    if pixel.components == 0 || pixel.depth > 16 || (pixel.components < 3 && !gray && name != "pal8") {
        return Ok(None);
    }
    if gray {
        return gray_samples(pixel);
    }
    // A palette is of colours with alpha, of eight bits each.
    let alpha = pixel.components == 4 || name == "pal8";
    let channels = if alpha { 4 } else { 3 };
    let (raw, bits, planar) = match (pixel.depth, alpha) {
        (0..=8, false) => ("rgb24", 8, false),
        (0..=8, true) => ("rgba", 8, false),
        (9, false) => ("gbrp9le", 9, true),
        (10, false) => ("gbrp10le", 10, true),
        (11 | 12, false) => ("gbrp12le", 12, true),
        (13 | 14, false) => ("gbrp14le", 14, true),
        (9 | 10, true) => ("gbrap10le", 10, true),
        (11 | 12, true) => ("gbrap12le", 12, true),
        (_, false) => ("rgb48le", 16, false),
        (_, true) => ("rgba64le", 16, false),
    };
    // Narrower samples are stretched to the full range, and packed ones of 10 bits pass through 16.
    let reordered = rgb && bits == pixel.depth && (!planar || name.starts_with("gbr"));
    let format = SampleFormat::new(if bits == 8 { PixelType::U8 } else { PixelType::U16 }, bits)?;
    let converted = !reordered && name != "pal8";
    Ok(Some(RawSamples { raw: raw.into(), format, channels, planar, converted }))
}

fn gray_samples(pixel: &PixelFormat) -> Result<Option<RawSamples>> {
    let (raw, bits) = match (pixel.components, pixel.depth) {
        // One bit becomes black and white.
        (1, 0..=8) => ("gray".to_owned(), 8),
        (1, depth @ (9 | 10 | 12 | 14 | 16)) => (format!("gray{depth}le"), depth),
        (2, 8) => ("ya8".to_owned(), 8),
        (2, 16) => ("ya16le".to_owned(), 16),
        _ => return Ok(None),
    };
    let format = SampleFormat::new(if bits == 8 { PixelType::U8 } else { PixelType::U16 }, bits)?;
    Ok(Some(RawSamples { raw, format, channels: pixel.components, planar: false, converted: false }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gray_and_rgb_are_kept_and_the_rest_is_converted() {
        for (name, components, depth, raw, bits, channels, converted) in [
            ("gray", 1, 8, "gray", 8, 1, false),
            ("monob", 1, 1, "gray", 8, 1, false),
            ("gray12be", 1, 12, "gray12le", 12, 1, false),
            ("ya16be", 2, 16, "ya16le", 16, 2, false),
            ("bgr0", 3, 8, "rgb24", 8, 3, false),
            ("bgra", 4, 8, "rgba", 8, 4, false),
            ("pal8", 1, 8, "rgba", 8, 4, false),
            ("rgb565le", 3, 6, "rgb24", 8, 3, true),
            ("gbrp10le", 3, 10, "gbrp10le", 10, 3, false),
            ("x2rgb10le", 3, 10, "gbrp10le", 10, 3, true),
            ("gbrap16be", 4, 16, "rgba64le", 16, 4, false),
            ("yuv420p", 3, 8, "rgb24", 8, 3, true),
            ("yuv422p10le", 3, 10, "gbrp10le", 10, 3, true),
            ("yuva444p12le", 4, 12, "gbrap12le", 12, 4, true),
            ("nv12", 3, 8, "rgb24", 8, 3, true),
            ("p016le", 3, 16, "rgb48le", 16, 3, true),
        ] {
            let pixel = PixelFormat { name: name.into(), components, depth };
            let samples = samples_of(&pixel).unwrap().expect(name);
            let found = (
                samples.raw.as_str(),
                samples.format.significant_bits(),
                samples.channels,
                samples.converted,
            );
            assert_eq!(found, (raw, bits, channels, converted), "{name}");
        }
        for (name, components, depth) in [("grayf32le", 1, 32), ("bayer_rggb8", 1, 8), ("vaapi", 0, 0)] {
            assert_eq!(samples_of(&PixelFormat { name: name.into(), components, depth }).unwrap(), None);
        }
    }
}
