//! The codecs by name, and what each one does with each kind of sample: one table, read from top to bottom.

use std::fmt;
use std::str::FromStr;

use stack_core::{Error, ErrorBound, Result, StackHeader};

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
    /// FFV1 version 3 with the range coder: lossless.
    Ffv1,
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
    /// Whether the decoded samples are the encoded ones.
    lossless: bool,
    /// What it does with which samples; the first line that fits is taken.
    routes: &'static [Route],
}

/// x264 chooses among its algorithms by what the processor can do, and with AVX-512 and threads two runs on one
/// machine were seen to differ. `cpu-independent` ends both, for at most 0.9 % of the stream's size.
const X264_EVERYWHERE: &str = "cpu-independent=1";

const CODECS: [CodecInfo; 5] = [
    CodecInfo {
        codec: Codec::Mp4,
        name: "mp4",
        encoder: "mpeg4",
        stream: "MPEG-4 Part 2",
        // No `-flags bitexact`: it moves the rate control by up to 1 %, and without it the bytes are the same
        // on all x86-64 processors already.
        options: &["-vcodec", "mpeg4"],
        lossless: false,
        routes: route::MPEG4,
    },
    CodecInfo {
        codec: Codec::X264Fast,
        name: "x264-fast",
        encoder: "libx264",
        stream: "H.264",
        options: &["-c:v", "libx264", "-crf", "0", "-preset", "ultrafast", "-x264-params", X264_EVERYWHERE],
        lossless: false,
        routes: route::X264,
    },
    CodecInfo {
        codec: Codec::X264Slow,
        name: "x264-slow",
        encoder: "libx264",
        stream: "H.264",
        options: &["-c:v", "libx264", "-crf", "0", "-preset", "veryslow", "-x264-params", X264_EVERYWHERE],
        lossless: false,
        routes: route::X264,
    },
    CodecInfo {
        codec: Codec::X264Interm,
        name: "x264-interm",
        encoder: "libx264",
        stream: "H.264",
        options: &["-c:v", "libx264", "-crf", "18", "-preset", "veryfast", "-x264-params", X264_EVERYWHERE],
        lossless: false,
        routes: route::X264,
    },
    CodecInfo {
        codec: Codec::Ffv1,
        name: "ffv1",
        encoder: "ffv1",
        stream: "FFV1",
        // A key frame forgets what the coder has learnt: 250 frames instead of FFmpeg's 12 saved 1 to 4 %.
        options: &[
            "-c:v",
            "ffv1",
            "-level",
            "3",
            "-coder",
            "2",
            "-context",
            "1",
            "-g",
            "250",
            "-slicecrc",
            "1",
        ],
        lossless: true,
        routes: route::FFV1,
    },
];

impl Codec {
    /// Every codec, in the order of the table.
    pub const ALL: [Self; 5] = [Self::Mp4, Self::X264Fast, Self::X264Slow, Self::X264Interm, Self::Ffv1];

    fn info(self) -> &'static CodecInfo {
        &CODECS[self as usize]
    }

    /// The name: `mp4`, `x264-fast`, `x264-slow`, `x264-interm`, `ffv1`.
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

    /// What this codec promises for the stack: [`ErrorBound::Lossless`] for `ffv1`, otherwise
    /// [`ErrorBound::Unbounded`].
    ///
    /// # Errors
    /// [`Error::Unsupported`] if it cannot hold such samples or such a frame size.
    pub fn promise(self, header: &StackHeader) -> Result<ErrorBound> {
        self.route(header)?;
        Ok(if self.info().lossless { ErrorBound::Lossless } else { ErrorBound::Unbounded })
    }

    /// The pixel format that the encoder gets: `gray10le` for `u16` with `x264-fast`.
    ///
    /// # Errors
    /// As [`Codec::promise`].
    pub fn encoded_pixel_format(self, header: &StackHeader) -> Result<&'static str> {
        Ok(self.route(header)?.encoded)
    }

    /// The way of this stack's samples through FFmpeg.
    pub(crate) fn route(self, header: &StackHeader) -> Result<&'static Route> {
        let format = header.format;
        let route = self.info().routes.iter().find(|route| {
            route.pixel == format.pixel()
                && route.channels == header.shape.channels()
                && format.significant_bits() <= route.bits
        });
        let refuse = |problem: String, remedy: &str| {
            Err(Error::unsupported(format!("video:{}", self.name()), problem, remedy))
        };
        let Some(route) = route else {
            let channels = header.shape.channels();
            let problem =
                format!("{} samples in {channels} channels have no exact pixel format", format.pixel());
            let video_can = Self::Ffv1.info().routes.iter();
            let mut fits = video_can.filter(|r| r.pixel == format.pixel() && r.channels == channels);
            return match fits.next() {
                Some(_) => refuse(problem, "use video:ffv1 or hdf5:shuffle,gzip=9"),
                None => refuse(problem, "use hdf5:shuffle,gzip=9, which takes every sample type"),
            };
        };
        if self == Self::Ffv1 {
            let (slices, shortest) = ffv1_slices(header);
            if header.shape.height().min(header.shape.width()) < shortest {
                return refuse(
                    format!("frames of {} are too thin for {slices} exact slices", header.shape),
                    "use hdf5:shuffle,gzip=9",
                );
            }
        }
        Ok(route)
    }

    /// The encoder's options for this stack, without the pixel format.
    pub(crate) fn options(self, header: &StackHeader) -> Vec<String> {
        let mut options: Vec<String> = self.info().options.iter().map(ToString::to_string).collect();
        if self == Self::Ffv1 {
            options.extend(["-slices".into(), ffv1_slices(header).0.to_string()]);
        }
        options
    }
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
mod tests {
    use stack_core::{FrameShape, PixelType, SampleFormat};

    use super::*;

    fn header(pixel: PixelType, bits: u8, height: usize, width: usize, channels: usize) -> StackHeader {
        let shape = FrameShape::new(height, width, channels).unwrap();
        StackHeader::new(2, shape, SampleFormat::new(pixel, bits).unwrap()).unwrap()
    }

    #[test]
    fn the_table_is_in_the_order_of_the_enum() {
        for (codec, info) in Codec::ALL.into_iter().zip(&CODECS) {
            assert_eq!(codec, info.codec);
            assert_eq!(codec.name().parse::<Codec>().unwrap(), codec);
        }
        let error = "x265".parse::<Codec>().unwrap_err().to_string();
        assert!(error.contains("mp4, x264-fast, x264-slow, x264-interm, ffv1"), "{error}");
    }

    #[test]
    fn significant_bits_choose_the_narrowest_format() {
        for (bits, format) in
            [(1, "gray10le"), (10, "gray10le"), (11, "gray12le"), (12, "gray12le"), (13, "gray16le")]
        {
            let header = header(PixelType::U16, bits, 4, 4, 1);
            assert_eq!(Codec::Ffv1.encoded_pixel_format(&header).unwrap(), format);
        }
    }

    #[test]
    fn types_without_an_exact_pixel_format_are_refused_with_a_way_out() {
        for pixel in [PixelType::I16, PixelType::I32, PixelType::F32, PixelType::F64] {
            for codec in Codec::ALL {
                let error = codec.promise(&header(pixel, pixel.bits(), 4, 4, 1)).unwrap_err();
                assert!(matches!(error, Error::Unsupported { .. }), "{error}");
                assert!(error.to_string().contains("hdf5:shuffle,gzip=9"), "{error}");
            }
        }
        let alpha = header(PixelType::U8, 8, 4, 4, 4);
        assert!(Codec::Mp4.promise(&alpha).unwrap_err().to_string().contains("video:ffv1"));
        assert_eq!(Codec::Ffv1.promise(&alpha).unwrap(), ErrorBound::Lossless);
        assert!(Codec::Ffv1.promise(&header(PixelType::U16, 16, 4, 4, 2)).is_err());
    }

    #[test]
    fn frames_too_thin_for_ffv1_are_refused() {
        for (height, width, holds) in
            [(1, 9, false), (9, 1, false), (2, 2, true), (300, 3, false), (3, 400, false), (4, 400, true)]
        {
            let promise = Codec::Ffv1.promise(&header(PixelType::U8, 8, height, width, 1));
            assert_eq!(promise.is_ok(), holds, "{height} x {width}");
        }
        assert!(Codec::X264Fast.promise(&header(PixelType::U8, 8, 1, 1, 1)).is_ok());
    }
}
