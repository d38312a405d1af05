//! A codec with what a user may choose about it: the distance of key frames, and samples split into byte planes.

use std::fmt;

use stack_core::{Error, ErrorBound, PixelType, Result, SampleFormat, StackHeader};

use crate::codec::{Codec, ffmpeg_takes};
use crate::route::Route;

/// Longest distance of key frames that can be asked for; encoders count in fewer bits than we do.
const LONGEST_GOP: usize = 100_000;
/// Up to this distance of key frames a file counts as one that can be read in any order.
const FREQUENT: usize = 16;

/// How frames become video: the codec, and what was chosen about it.
///
/// ```
/// use stack_video::{Codec, Encoding};
/// let encoding = Encoding::new(Codec::X264Lossless, Some(30), 2)?;
/// assert_eq!(encoding.to_string(), "x264-lossless,planes=2,gop=30");
/// # Ok::<(), stack_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Encoding {
    codec: Codec,
    gop: Option<usize>,
    planes: usize,
}

impl From<Codec> for Encoding {
    fn from(codec: Codec) -> Self {
        Self { codec, gop: None, planes: 1 }
    }
}

impl Encoding {
    /// `codec` with a key frame every `gop` frames (`None`: as the codec does by itself), and with each `u16`
    /// sample stored in `planes` video tracks: 1 as it is, or 2 for its high and its low byte.
    ///
    /// # Errors
    /// [`Error::Parameter`] for a `gop` of 0 or above 100,000, or one where every frame is a key frame anyway;
    /// for another number of planes than 1 and 2, or 2 with a codec that is not lossless.
    pub fn new(codec: Codec, gop: Option<usize>, planes: usize) -> Result<Self> {
        let refuse = |option: String, problem: String, remedy: &str| {
            Err(Error::parameter(format!("video:{codec}, option {option}"), problem, remedy))
        };
        if let Some(gop) = gop {
            if codec.default_gop() == 1 {
                return refuse(
                    format!("gop={gop}"),
                    "every frame of this codec is a key frame".into(),
                    "leave the option out",
                );
            }
            if !(1..=LONGEST_GOP).contains(&gop) {
                return refuse(
                    format!("gop={gop}"),
                    "not a distance of key frames".into(),
                    "use 1 to 100000, as in gop=30",
                );
            }
        }
        match planes {
            1 => {}
            2 if codec.is_lossless() => {}
            2 => {
                return refuse(
                    "planes=2".into(),
                    "a lossy codec would change the high byte, which moves samples by multiples of 256"
                        .into(),
                    "use it with x264-lossless, x265-lossless, ffv1 or jpegxl-lossless",
                );
            }
            _ => {
                return refuse(
                    format!("planes={planes}"),
                    "samples have at most two bytes here".into(),
                    "use planes=2, or leave the option out",
                );
            }
        }
        Ok(Self { codec, gop, planes })
    }

    /// The codec.
    pub fn codec(self) -> Codec {
        self.codec
    }

    /// The distance of key frames in frames, if one was asked for.
    pub fn gop(self) -> Option<usize> {
        self.gop
    }

    /// Number of video tracks: 1, or 2 where one holds the high bytes and the other the low bytes.
    pub fn planes(self) -> usize {
        self.planes
    }

    /// Whether key frames are so frequent (every 16 frames or more often) that any frame can be read at about
    /// the same cost.
    pub fn seeks(self) -> bool {
        self.gop.unwrap_or_else(|| self.codec.default_gop()) <= FREQUENT
    }

    /// What this encoding promises for the stack: [`ErrorBound::Lossless`] or [`ErrorBound::Unbounded`].
    ///
    /// # Errors
    /// [`Error::Unsupported`] if it cannot hold such samples or such a frame size.
    pub fn promise(self, header: &StackHeader) -> Result<ErrorBound> {
        self.route(header)?;
        Ok(if self.codec.is_lossless() { ErrorBound::Lossless } else { ErrorBound::Unbounded })
    }

    /// The way of the samples, or of one plane of their bytes, through FFmpeg.
    pub(crate) fn route(self, header: &StackHeader) -> Result<&'static Route> {
        if self.planes == 1 {
            return self.codec.route(header);
        }
        let refuse = |problem: String| {
            Err(Error::unsupported(
                format!("video:{self}"),
                problem,
                "leave planes=2 out, or use hdf5:shuffle,gzip=9",
            ))
        };
        if header.format.pixel() != PixelType::U16 || header.shape.channels() != 1 {
            return refuse(format!(
                "only u16 samples in one channel are split into byte planes, these are {} in {}",
                header.format.pixel(),
                header.shape.channels()
            ));
        }
        // Both planes go to FFmpeg as one frame of twice the height, and are cut apart there.
        if !ffmpeg_takes(2 * header.shape.height(), header.shape.width()) {
            return refuse(format!("frames of {} are larger than FFmpeg takes", header.shape));
        }
        self.codec.route(&plane_header(header)?)
    }

    /// The encoder's options for this stack, without the pixel format.
    pub(crate) fn options(self, header: &StackHeader, route: &Route) -> Vec<String> {
        self.codec.options(header, route, self.gop)
    }
}

/// The header of one plane of bytes of a stack.
pub(crate) fn plane_header(header: &StackHeader) -> Result<StackHeader> {
    StackHeader::new(header.frames, header.shape, SampleFormat::full(PixelType::U8))
}

impl fmt::Display for Encoding {
    /// As in a specification: `ffv1`, `x264-lossless,planes=2,gop=30`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let planes = if self.planes == 1 { String::new() } else { format!(",planes={}", self.planes) };
        let gop = self.gop.map(|gop| format!(",gop={gop}")).unwrap_or_default();
        f.pad(&format!("{}{planes}{gop}", self.codec))
    }
}

#[cfg(test)]
mod tests {
    use stack_core::FrameShape;

    use super::*;

    fn header(pixel: PixelType, channels: usize) -> StackHeader {
        let shape = FrameShape::new(40, 30, channels).unwrap();
        StackHeader::new(3, shape, SampleFormat::full(pixel)).unwrap()
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        for (codec, gop, planes, word) in [
            (Codec::Ffv1, Some(0), 1, "not a distance"),
            (Codec::Ffv1, Some(100_001), 1, "not a distance"),
            (Codec::X265Lossless, Some(5), 1, "every frame of this codec"),
            (Codec::JpegXlLossless, Some(1), 1, "every frame of this codec"),
            (Codec::X264Slow, None, 2, "lossy codec"),
            (Codec::Ffv1, None, 3, "at most two bytes"),
            (Codec::Ffv1, None, 0, "at most two bytes"),
        ] {
            let error = Encoding::new(codec, gop, planes).unwrap_err();
            assert!(matches!(error, Error::Parameter { .. }), "{error}");
            assert!(error.to_string().contains(word), "{error}");
        }
    }

    #[test]
    fn planes_are_for_gray_sixteen_bits_only() {
        let planes = |codec| Encoding::new(codec, None, 2).unwrap();
        let x264 = planes(Codec::X264Lossless);
        assert!(Codec::X264Lossless.promise(&header(PixelType::U16, 1)).is_err());
        assert_eq!(x264.promise(&header(PixelType::U16, 1)).unwrap(), ErrorBound::Lossless);
        for (pixel, channels) in [(PixelType::U8, 1), (PixelType::I16, 1), (PixelType::U16, 3)] {
            let error = x264.promise(&header(pixel, channels)).unwrap_err();
            assert!(matches!(error, Error::Unsupported { .. }), "{error}");
        }
        let small =
            StackHeader::new(1, FrameShape::gray(15, 16).unwrap(), SampleFormat::full(PixelType::U16));
        assert!(planes(Codec::X265Lossless).promise(&small.unwrap()).is_err());
    }

    #[test]
    fn frequent_key_frames_make_a_file_that_seeks() {
        assert!(Encoding::from(Codec::JpegXlLossless).seeks());
        assert!(!Encoding::from(Codec::Ffv1).seeks());
        assert!(Encoding::new(Codec::Ffv1, Some(16), 1).unwrap().seeks());
        assert!(!Encoding::new(Codec::Ffv1, Some(17), 1).unwrap().seeks());
    }
}
