//! Pixel formats on both sides of FFmpeg, for each kind of sample.

use stack_core::PixelType;
use stack_core::PixelType::{U8, U16};

/// The way of one kind of sample through FFmpeg. Every pixel format on it is named on the command line, because
/// FFmpeg otherwise chooses one, and says so only in its log.
#[derive(Debug, PartialEq)]
pub(crate) struct Route {
    pub(crate) pixel: PixelType,
    pub(crate) channels: usize,
    /// Most significant bits that this route holds.
    pub(crate) bits: u8,
    /// Pixel format of the raw frames that FFmpeg reads and writes.
    pub(crate) raw: &'static str,
    /// Pixel format of the encoded stream.
    pub(crate) encoded: &'static str,
    /// The encoder, where it is another one than the codec's first.
    pub(crate) encoder: Option<&'static str>,
    /// Whether the raw frames lie plane after plane (green, blue, red) and not sample beside sample.
    pub(crate) planar: bool,
    /// Options of the encoder that belong to the pixel format.
    pub(crate) encode_options: &'static [&'static str],
    /// Filter between decoder and raw frames.
    pub(crate) decode_filter: Option<&'static str>,
}

const fn route(
    pixel: PixelType,
    channels: usize,
    bits: u8,
    raw: &'static str,
    encoded: &'static str,
) -> Route {
    Route {
        pixel,
        channels,
        bits,
        raw,
        encoded,
        encoder: None,
        planar: false,
        encode_options: &[],
        decode_filter: None,
    }
}

/// A gray H.264 stream: decoders hand it out as 4:2:0 with empty chroma, and would stretch a "tv" range to the
/// full one. So the stream says that its range is full, and only the luma plane is read.
const fn gray_h264(pixel: PixelType, bits: u8, raw: &'static str, encoded: &'static str) -> Route {
    Route {
        encode_options: &["-color_range", "pc"],
        decode_filter: Some("extractplanes=y"),
        ..route(pixel, 1, bits, raw, encoded)
    }
}

pub(crate) const MPEG4: &[Route] = &[
    route(U8, 1, 8, "gray", "yuv420p"),
    route(U16, 1, 16, "gray16le", "yuv420p"),
    route(U8, 3, 8, "rgb24", "yuv420p"),
    route(U16, 3, 16, "rgb48le", "yuv420p"),
];

pub(crate) const X264: &[Route] = &[
    gray_h264(U8, 8, "gray", "gray"),
    gray_h264(U16, 16, "gray16le", "gray10le"),
    route(U8, 3, 8, "rgb24", "yuv444p"),
    route(U16, 3, 16, "rgb48le", "yuv444p10le"),
];

/// Every conversion between `raw` and `encoded` here only reorders samples. Gray with 16-bit alpha is missing
/// because FFmpeg has no such lossless format.
pub(crate) const FFV1: &[Route] = &[
    route(U8, 1, 8, "gray", "gray"),
    route(U16, 1, 10, "gray10le", "gray10le"),
    route(U16, 1, 12, "gray12le", "gray12le"),
    route(U16, 1, 16, "gray16le", "gray16le"),
    route(U8, 2, 8, "ya8", "ya8"),
    route(U8, 3, 8, "rgb24", "bgr0"),
    route(U8, 4, 8, "rgba", "bgra"),
    route(U16, 3, 16, "rgb48le", "gbrp16le"),
    route(U16, 4, 16, "rgba64le", "gbrap16le"),
];

/// At quantiser 0 only. x264 holds no more than ten bits, and of RGB only eight.
pub(crate) const X264_LOSSLESS: &[Route] = &[
    gray_h264(U8, 8, "gray", "gray"),
    gray_h264(U16, 10, "gray10le", "gray10le"),
    Route { encoder: Some("libx264rgb"), ..route(U8, 3, 8, "rgb24", "bgr0") },
];

/// FFmpeg hands 16 bits to x265 as 12 without a word, so they have no route. RGB of more than eight bits goes to
/// and comes from FFmpeg as planes: its packed form would be scaled to 16 bits.
pub(crate) const X265_LOSSLESS: &[Route] = &[
    route(U8, 1, 8, "gray", "gray"),
    route(U16, 1, 10, "gray10le", "gray10le"),
    route(U16, 1, 12, "gray12le", "gray12le"),
    route(U8, 3, 8, "rgb24", "gbrp"),
    Route { planar: true, ..route(U16, 3, 10, "gbrp10le", "gbrp10le") },
    Route { planar: true, ..route(U16, 3, 12, "gbrp12le", "gbrp12le") },
];

/// Every format that libjxl has for 8 and 16 bits, alpha included.
pub(crate) const JPEG_XL: &[Route] = &[
    route(U8, 1, 8, "gray", "gray"),
    route(U16, 1, 16, "gray16le", "gray16le"),
    route(U8, 2, 8, "ya8", "ya8"),
    route(U16, 2, 16, "ya16le", "ya16le"),
    route(U8, 3, 8, "rgb24", "rgb24"),
    route(U16, 3, 16, "rgb48le", "rgb48le"),
    route(U8, 4, 8, "rgba", "rgba"),
    route(U16, 4, 16, "rgba64le", "rgba64le"),
];
