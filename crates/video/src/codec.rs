//! The codecs by name, and what each one does with each kind of sample: one table, read from top to bottom.

use std::fmt;
use std::str::FromStr;

use stack_core::{Error, ErrorBound, PixelType, Result, StackHeader};

use crate::encoding::Encoding;
use crate::route::{self, Route};

/// A video codec with its options.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Codec {
    /// MPEG-4 Part 2 at FFmpeg's default rate; 8-bit 4:2:0.
    Mp4,
    /// H.264 by x264, `-crf 0 -preset ultrafast`.
    X264Fast,
    /// H.264 by x264, `-crf 0 -preset veryslow`.
    X264Slow,
    /// H.264 by x264, `-crf 18 -preset veryfast`.
    X264Interm,
    /// H.264 by x264 at quantiser 0: lossless.
    X264Lossless,
    /// H.265 by x265 with `lossless=1`, every frame a key frame: lossless.
    X265Lossless,
    /// FFV1 version 3 with the range coder: lossless.
    Ffv1,
    /// JPEG XL by libjxl at distance 0, every frame a picture of its own: lossless.
    JpegXlLossless,
}

/// Everything that is known of a codec.
struct CodecInfo {
    codec: Codec,
    /// Name in specification strings and files.
    name: &'static str,
    /// FFmpeg's name of the encoder.
    encoder: &'static str,
    /// The field's name of the stream that it makes.
    stream: &'static str,
    /// The encoder's options, in the order of the command line.
    options: &'static [&'static str],
    /// The decoder's name, where the container cannot tell which one it is.
    decoder: Option<&'static str>,
    /// Whether the decoded samples are the encoded ones.
    lossless: bool,
    /// How many frames lie between key frames at most: 1 where every frame is one.
    gop: usize,
    /// Options that make a key frame of every frame whose number is a multiple of the one that follows `-g`.
    gop_options: &'static [&'static str],
    /// The shortest and the longest side of a frame in pixels.
    sides: (usize, usize),
    /// What it does with which samples; the first line that fits is taken.
    routes: &'static [Route],
}

/// x264 chooses among its algorithms by what the processor can do, and with AVX-512 and threads two runs on one
/// machine were seen to differ. `cpu-independent` ends both, for at most 0.9 % of the stream's size.
const X264_EVERYWHERE: &str = "cpu-independent=1";

/// Number of frames to a key frame that x264 and this crate's FFV1 use.
const LONG_GOP: usize = 250;
/// x264 refuses longer sides, FFmpeg's MPEG-4 those from 8,192 on; others were tried up to 70,000.
const X264_SIDES: (usize, usize) = (1, 16_384);
const ANY_LENGTH: usize = usize::MAX;
/// Key frames at exact distances: none where the picture changes, which would begin the count anew.
const X264_GOP: &[&str] = &["-sc_threshold", "0"];

const PRESET: CodecInfo = CodecInfo {
    codec: Codec::X264Fast,
    name: "",
    encoder: "libx264",
    stream: "H.264",
    options: &[],
    decoder: None,
    lossless: false,
    gop: LONG_GOP,
    gop_options: X264_GOP,
    sides: X264_SIDES,
    routes: route::X264,
};

const CODECS: [CodecInfo; 8] = [
    CodecInfo {
        codec: Codec::Mp4,
        name: "mp4",
        encoder: "mpeg4",
        stream: "MPEG-4 Part 2",
        // No `-flags bitexact`: it moves the rate control by up to 1 %, and without it the bytes are the same
        // on all x86-64 processors already.
        options: &["-vcodec", "mpeg4"],
        gop: 12,
        gop_options: &["-sc_threshold", "1000000000"],
        sides: (1, 8191),
        routes: route::MPEG4,
        ..PRESET
    },
    CodecInfo {
        codec: Codec::X264Fast,
        name: "x264-fast",
        options: &["-c:v", "libx264", "-crf", "0", "-preset", "ultrafast", "-x264-params", X264_EVERYWHERE],
        ..PRESET
    },
    CodecInfo {
        codec: Codec::X264Slow,
        name: "x264-slow",
        options: &["-c:v", "libx264", "-crf", "0", "-preset", "veryslow", "-x264-params", X264_EVERYWHERE],
        ..PRESET
    },
    CodecInfo {
        codec: Codec::X264Interm,
        name: "x264-interm",
        options: &["-c:v", "libx264", "-crf", "18", "-preset", "veryfast", "-x264-params", X264_EVERYWHERE],
        ..PRESET
    },
    CodecInfo {
        codec: Codec::X264Lossless,
        name: "x264-lossless",
        // `-crf 0` would not do: on ten bits it still quantises. The encoder's name is in the route. Presets
        // beyond `slow` saved less than 0.1 %.
        options: &["-qp", "0", "-preset", "slow", "-x264-params", X264_EVERYWHERE],
        lossless: true,
        routes: route::X264_LOSSLESS,
        ..PRESET
    },
    CodecInfo {
        codec: Codec::X265Lossless,
        name: "x265-lossless",
        encoder: "libx265",
        stream: "H.265",
        // With frames that refer to others, decoders were seen to give back other samples (in every preset, on
        // frames whose sides are multiples of 16), so `keyint=1`. `info=0` leaves the encoder's version and
        // settings out of the stream.
        options: &[
            "-preset",
            "medium",
            "-x265-params",
            "lossless=1:keyint=1:info=0:pools=2:frame-threads=1:log-level=error",
        ],
        lossless: true,
        gop: 1,
        sides: (16, ANY_LENGTH),
        routes: route::X265_LOSSLESS,
        ..PRESET
    },
    CodecInfo {
        codec: Codec::Ffv1,
        name: "ffv1",
        encoder: "ffv1",
        stream: "FFV1",
        options: &["-c:v", "ffv1", "-level", "3", "-coder", "2", "-context", "1", "-slicecrc", "1"],
        lossless: true,
        gop_options: &[],
        // The shortest side depends on the number of slices.
        sides: (1, ANY_LENGTH),
        routes: route::FFV1,
        ..PRESET
    },
    CodecInfo {
        codec: Codec::JpegXlLossless,
        name: "jpegxl-lossless",
        encoder: "libjxl",
        stream: "JPEG XL",
        // Matroska knows no JPEG XL, so that FFmpeg wants to be told a four-letter code, which no reader knows.
        options: &["-distance", "0", "-tag:v", "JXL "],
        decoder: Some("libjxl"),
        lossless: true,
        gop: 1,
        sides: (1, ANY_LENGTH),
        routes: route::JPEG_XL,
        ..PRESET
    },
];

impl Codec {
    /// Every codec, in the order of the table.
    pub const ALL: [Self; 8] = [
        Self::Mp4,
        Self::X264Fast,
        Self::X264Slow,
        Self::X264Interm,
        Self::X264Lossless,
        Self::X265Lossless,
        Self::Ffv1,
        Self::JpegXlLossless,
    ];

    fn info(self) -> &'static CodecInfo {
        &CODECS[self as usize]
    }

    /// The name: `mp4`, `x264-fast`, `x264-slow`, `x264-interm`, `x264-lossless`, `x265-lossless`, `ffv1`,
    /// `jpegxl-lossless`.
    pub fn name(self) -> &'static str {
        self.info().name
    }

    /// FFmpeg's name of the encoder that must be part of its build: `mpeg4`, `libx264`, `ffv1`.
    pub fn encoder(self) -> &'static str {
        self.info().encoder
    }

    /// The name of the stream in the field's words: `MPEG-4 Part 2`, `H.264`, `FFV1`.
    pub fn stream(self) -> &'static str {
        self.info().stream
    }

    /// Whether the decoded samples are the encoded ones, for every stack that the codec takes.
    pub fn is_lossless(self) -> bool {
        self.info().lossless
    }

    /// The most frames from one key frame to the next, if nobody asks for another number: 1 where every frame is
    /// a key frame and must be.
    pub fn default_gop(self) -> usize {
        self.info().gop
    }

    /// What this codec promises for the stack: [`ErrorBound::Lossless`] for `ffv1` and the `-lossless` ones,
    /// otherwise [`ErrorBound::Unbounded`].
    ///
    /// # Errors
    /// [`Error::Unsupported`] if it cannot hold such samples or such a frame size.
    pub fn promise(self, header: &StackHeader) -> Result<ErrorBound> {
        Encoding::from(self).promise(header)
    }

    /// The pixel format that the encoder gets: `gray10le` for `u16` with `x264-fast`.
    ///
    /// # Errors
    /// As [`Codec::promise`].
    pub fn encoded_pixel_format(self, header: &StackHeader) -> Result<&'static str> {
        Ok(self.route(header)?.encoded)
    }

    /// The name of the decoder, where FFmpeg must be told.
    pub(crate) fn decoder(self) -> Option<&'static str> {
        self.info().decoder
    }

    /// The way of this stack's samples through FFmpeg.
    pub(crate) fn route(self, header: &StackHeader) -> Result<&'static Route> {
        let format = header.format;
        let route = self.info().routes.iter().find(|route| {
            route.pixel == format.pixel()
                && route.channels == header.shape.channels()
                && format.significant_bits() <= route.bits
        });
        let Some(route) = route else { return Err(self.no_route(header)) };
        self.check_sides(header)?;
        Ok(route)
    }

    fn no_route(self, header: &StackHeader) -> Error {
        let channels = header.shape.channels();
        let of_this_type =
            |route: &&Route| route.pixel == header.format.pixel() && route.channels == channels;
        let widest = self.info().routes.iter().filter(of_this_type).map(|route| route.bits).max();
        let problem = match widest {
            Some(bits) => format!(
                "it holds {bits} of the {} bits of {} samples in {channels} channels",
                header.format.significant_bits(),
                header.format.pixel()
            ),
            None => {
                format!("{} samples in {channels} channels have no exact pixel format", header.format.pixel())
            }
        };
        let (u16, one) = (header.format.pixel() == PixelType::U16, channels == 1);
        let remedy = if widest.is_some() && u16 && one && self.is_lossless() {
            "add planes=2, or use video:ffv1"
        } else if Self::Ffv1.info().routes.iter().any(|route| of_this_type(&route)) {
            "use video:ffv1 or hdf5:shuffle,gzip=9"
        } else {
            "use hdf5:shuffle,gzip=9, which takes every sample type"
        };
        Error::unsupported(format!("video:{}", self.name()), problem, remedy)
    }

    fn check_sides(self, header: &StackHeader) -> Result<()> {
        let refuse = |problem: String| {
            Err(Error::unsupported(format!("video:{}", self.name()), problem, "use hdf5:shuffle,gzip=9"))
        };
        let shape = header.shape;
        let (height, width) = (shape.height(), shape.width());
        let (shortest, longest) = self.info().sides;
        if self == Self::Ffv1 {
            let (slices, shortest) = ffv1_slices(header);
            if height.min(width) < shortest {
                return refuse(format!("frames of {shape} are too thin for {slices} exact slices"));
            }
        }
        if height.min(width) < shortest || height.max(width) > longest {
            let most = if longest == ANY_LENGTH { String::new() } else { format!(" to {longest}") };
            return refuse(format!("frames of {shape}, but sides of {shortest}{most} pixels are possible"));
        }
        if !ffmpeg_takes(height, width) {
            return refuse(format!("frames of {shape} are larger than FFmpeg takes"));
        }
        Ok(())
    }

    /// The encoder's options for this stack, without the pixel format.
    pub(crate) fn options(self, header: &StackHeader, route: &Route, gop: Option<usize>) -> Vec<String> {
        let info = self.info();
        let mut options: Vec<String> = Vec::new();
        if !info.options.contains(&"-c:v") && !info.options.contains(&"-vcodec") {
            options.extend(["-c:v", route.encoder.unwrap_or(info.encoder)].map(String::from));
        }
        options.extend(info.options.iter().map(ToString::to_string));
        if let Some(gop) = gop {
            let gop = gop.to_string();
            options.extend(["-g", &gop, "-keyint_min", &gop].map(String::from));
            options.extend(info.gop_options.iter().map(ToString::to_string));
        } else if self == Self::Ffv1 {
            // A key frame forgets what the coder has learnt: 250 frames instead of FFmpeg's 12 saved 1 to 4 %.
            options.extend(["-g".into(), info.gop.to_string()]);
        }
        if self == Self::Ffv1 {
            options.extend(["-slices".into(), ffv1_slices(header).0.to_string()]);
        }
        options
    }
}

/// Whether FFmpeg takes frames of this size at all; the limit is that of its `av_image_check_size`.
pub(crate) fn ffmpeg_takes(height: usize, width: usize) -> bool {
    (height as u128 + 128) * (width as u128 + 128) < u128::from(i32::MAX.unsigned_abs() / 8)
}

/// Number of FFV1 slices, and the shortest side that they hold exactly.
///
/// FFmpeg does not make fewer than four slices of a frame that is wider than 352 or higher than 288; more slices
/// cost size. Its FFV1 was measured to be inexact on frames one pixel wide or high, and with four slices on
/// frames two pixels wide or high.
fn ffv1_slices(header: &StackHeader) -> (u32, usize) {
    if header.shape.width() > 352 || header.shape.height() > 288 { (4, 4) } else { (1, 2) }
}

impl fmt::Display for Codec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Codec {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        CODECS.iter().find(|info| info.name == name).map(|info| info.codec).ok_or_else(|| {
            let names: Vec<_> = CODECS.iter().map(|info| info.name).collect();
            Error::parameter(
                format!("video codec {name:?}"),
                "not a video codec",
                format!("use one of {}", names.join(", ")),
            )
        })
    }
}

#[cfg(test)]
mod tests;
