//! Bare samples without any header; the caller says what they are.

use std::fmt;
use std::fs::File;
use std::path::Path;
use std::str::FromStr;

use stack_core::{Error, Limits, PixelType, Result};

use crate::array::{ArraySource, ByteOrder, Samples, check_size, stack_header};

/// What the bytes of a raw file are: `u16le:100x480x640` is 100 frames of 480 rows and 640 columns of
/// little-endian 16-bit samples. A fourth number counts the channels (1 to 4, innermost).
///
/// ```
/// use stack_sources::raw::RawFormat;
/// let format: RawFormat = "f32be:2x3x4x3".parse()?;
/// assert_eq!(format.to_string(), "f32be:2x3x4x3");
/// assert_eq!(format.bytes(), Some(288));
/// assert!("u16:2x3x4".parse::<RawFormat>().is_err()); // which byte order?
/// # Ok::<(), stack_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RawFormat {
    pixel: PixelType,
    byte_order: ByteOrder,
    frames: u64,
    height: u64,
    width: u64,
    channels: u64,
}

impl RawFormat {
    /// Sample type.
    pub const fn pixel(&self) -> PixelType {
        self.pixel
    }

    /// Byte order; little-endian for samples of one byte.
    pub const fn byte_order(&self) -> ByteOrder {
        self.byte_order
    }

    /// Number of bytes of a file of this format; `None` if that does not fit in 64 bits.
    pub fn bytes(&self) -> Option<u64> {
        [self.height, self.width, self.channels, self.pixel.bytes() as u64]
            .iter()
            .try_fold(self.frames, |product, &length| product.checked_mul(length))
    }

    const fn shape(&self) -> [u64; 4] {
        [self.frames, self.height, self.width, self.channels]
    }
}

impl FromStr for RawFormat {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let refuse = |problem: String| {
            let remedy = "write type and byte order, then frames x height x width, as in u16le:100x480x640";
            Err(Error::parameter(format!("raw format {text:?}"), problem, remedy))
        };
        let Some((sample, lengths)) = text.split_once(':') else {
            return refuse("there is no colon between the sample type and the shape".into());
        };
        let (name, byte_order) = match (sample.strip_suffix("le"), sample.strip_suffix("be")) {
            (Some(name), _) => (name, Some(ByteOrder::Little)),
            (None, Some(name)) => (name, Some(ByteOrder::Big)),
            (None, None) => (sample, None),
        };
        let Ok(pixel) = name.parse::<PixelType>() else {
            return refuse(format!(
                "{sample:?} is not one of u8, u16le, u16be, i16, i32, f32, f64 with le or be"
            ));
        };
        let byte_order = match (pixel, byte_order) {
            (PixelType::U8, None) => ByteOrder::Little,
            (PixelType::U8, Some(_)) => return refuse("u8 has no byte order".into()),
            (_, Some(order)) => order,
            (_, None) => return refuse(format!("{sample} needs a byte order: {sample}le or {sample}be")),
        };
        let mut numbers = Vec::new();
        for part in lengths.split('x') {
            // `u64::from_str` takes a plus sign, which no shape has.
            match part.parse::<u64>() {
                Ok(number) if number > 0 && part.bytes().all(|byte| byte.is_ascii_digit()) => {
                    numbers.push(number);
                }
                _ => return refuse(format!("{part:?} is not a length of at least 1")),
            }
        }
        let (frames, height, width, channels) = match numbers[..] {
            [frames, height, width] => (frames, height, width, 1),
            [frames, height, width, channels] => (frames, height, width, channels),
            _ => return refuse(format!("there are {} lengths, not 3 or 4", numbers.len())),
        };
        Ok(Self { pixel, byte_order, frames, height, width, channels })
    }
}

impl fmt::Display for RawFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let order = match (self.pixel, self.byte_order) {
            (PixelType::U8, _) => "",
            (_, ByteOrder::Little) => "le",
            (_, ByteOrder::Big) => "be",
        };
        write!(f, "{}{order}:{}x{}x{}", self.pixel, self.frames, self.height, self.width)?;
        if self.channels > 1 { write!(f, "x{}", self.channels) } else { Ok(()) }
    }
}

/// Opens a file of bare samples, which must have exactly the size that `format` asks for.
///
/// # Errors
/// [`Error::Format`] that names both sizes where they differ; [`Error::Limit`]; what the operating system refuses.
pub fn open_raw(path: &Path, format: &RawFormat, limits: &Limits) -> Result<ArraySource> {
    let file = File::open(path).map_err(Error::io("read", path))?;
    let file_bytes = file.metadata().map_err(Error::io("read", path))?.len();
    let header = stack_header(path, &format.shape(), format.pixel, limits)?;
    check_size(path, &header, file_bytes)?;
    let samples =
        Samples { storage: Box::new(file), start: 0, byte_order: format.byte_order, column_major: false };
    Ok(ArraySource::new(path, header, samples, file_bytes))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use stack_core::{FrameBuf, FrameSource};

    use super::*;

    fn problem(text: &str) -> String {
        text.parse::<RawFormat>().unwrap_err().to_string()
    }

    #[test]
    fn formats_are_strict() {
        assert!(problem("u16le").contains("no colon"));
        assert!(problem("u16:1x2x3").contains("u16le or u16be"));
        assert!(problem("u8le:1x2x3").contains("u8 has no byte order"));
        assert!(problem("u12le:1x2x3").contains("\"u12le\" is not one of"));
        assert!(problem("u8:1x2").contains("2 lengths, not 3 or 4"));
        assert!(problem("u8:1x2x3x4x5").contains("5 lengths"));
        assert!(problem("u8:1x0x3").contains("\"0\" is not a length"));
        assert!(problem("u8:1x+2x3").contains("\"+2\" is not a length"));
        assert!(problem("u8:1x-2x3").contains("\"-2\" is not a length"));
        assert!(problem("u8:1x2x99999999999999999999").contains("is not a length"));
        assert_eq!("f64be:4294967296x4294967296x1".parse::<RawFormat>().unwrap().bytes(), None);
    }

    #[test]
    fn both_sizes_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("samples.raw");
        std::fs::write(&path, [0; 11]).unwrap();
        let open = |text: &str| open_raw(&path, &text.parse().unwrap(), &Limits::default());
        let error = open("u16le:2x1x3").err().unwrap().to_string();
        assert!(error.contains("cut off: 2 frames of 1 x 3, u16 need 12 bytes, there are 11"), "{error}");
        let error = open("u8:2x1x5").err().unwrap().to_string();
        assert!(error.contains("too long: 2 frames of 1 x 5, u8 need 10 bytes, there are 11"), "{error}");
        assert!(open("u8:4294967296x4294967296x1").err().unwrap().to_string().contains("overflows"));
        assert!(open("u8:1000000000000x1x1").err().unwrap().to_string().contains("number of frames"));
    }

    #[test]
    fn both_byte_orders_are_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("-samples\n.raw");
        std::fs::write(&path, [0, 1, 0, 2, 0, 3, 0xff, 0xfe]).unwrap();
        let mut frame = FrameBuf::U8(Vec::new());
        let mut read = |text: &str| {
            let mut source = open_raw(&path, &text.parse().unwrap(), &Limits::default()).unwrap();
            source.read_frame(1, &mut frame).unwrap();
            assert!(source.read_frame(2, &mut frame).is_err());
            frame.clone()
        };
        assert_eq!(read("i16be:2x1x2"), FrameBuf::I16(vec![3, -2]));
        assert_eq!(read("u16le:2x2x1"), FrameBuf::U16(vec![0x300, 0xfeff]));
    }

    proptest! {
        #[test]
        fn any_text_is_no_panic(text in "[uif0-9lbex:+. -]{0,40}") {
            if let Ok(format) = text.parse::<RawFormat>() {
                prop_assert_eq!(format.to_string().parse::<RawFormat>().unwrap(), format);
            }
        }

        #[test]
        fn formats_parse_back(
            pixel in prop::sample::select(PixelType::ALL.to_vec()), big in any::<bool>(),
            lengths in prop::array::uniform4(1_u64..),
        ) {
            let big = big && pixel != PixelType::U8;
            let [frames, height, width, channels] = lengths;
            let byte_order = if big { ByteOrder::Big } else { ByteOrder::Little };
            let format = RawFormat { pixel, byte_order, frames, height, width, channels };
            prop_assert_eq!(format.to_string().parse::<RawFormat>().unwrap(), format);
        }
    }
}
