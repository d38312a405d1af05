//! Sample types: which numbers a pixel is made of, and how many of their bits mean something.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// The numeric type of one sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PixelType {
    /// Unsigned 8-bit integers, 0 to 255.
    U8,
    /// Unsigned 16-bit integers, 0 to 65,535.
    U16,
    /// Signed 16-bit integers, two's complement.
    I16,
    /// Signed 32-bit integers, two's complement.
    I32,
    /// IEEE 754 binary32.
    F32,
    /// IEEE 754 binary64.
    F64,
}

impl PixelType {
    /// Every sample type, narrowest first.
    pub const ALL: [Self; 6] = [Self::U8, Self::U16, Self::I16, Self::I32, Self::F32, Self::F64];

    /// Size of one sample in bytes: 1, 2, 4 or 8.
    pub const fn bytes(self) -> usize {
        match self {
            Self::U8 => 1,
            Self::U16 | Self::I16 => 2,
            Self::I32 | Self::F32 => 4,
            Self::F64 => 8,
        }
    }

    /// Size of one sample in bits.
    pub const fn bits(self) -> u8 {
        (self.bytes() * 8) as u8
    }

    /// Whether samples are floating-point numbers (and so may be NaN or infinite).
    pub const fn is_float(self) -> bool {
        matches!(self, Self::F32 | Self::F64)
    }

    /// The short name: `u8`, `u16`, `i16`, `i32`, `f32`, `f64`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::U8 => "u8",
            Self::U16 => "u16",
            Self::I16 => "i16",
            Self::I32 => "i32",
            Self::F32 => "f32",
            Self::F64 => "f64",
        }
    }

    /// The largest difference that two samples of an integer type can have; `None` for floats.
    ///
    /// This is the peak of the PSNR: 255 for `u8`, 65,535 for `u16` and `i16`.
    pub const fn integer_span(self) -> Option<f64> {
        match self {
            Self::U8 => Some(255.0),
            Self::U16 | Self::I16 => Some(65_535.0),
            Self::I32 => Some(4_294_967_295.0),
            Self::F32 | Self::F64 => None,
        }
    }
}

impl fmt::Display for PixelType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for PixelType {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        Self::ALL.into_iter().find(|pixel| pixel.name() == name).ok_or_else(|| {
            Error::parameter(
                format!("sample type {name:?}"),
                "not a sample type",
                "use one of u8, u16, i16, i32, f32, f64",
            )
        })
    }
}

/// A sample type, and how many of its low bits can be different from zero.
///
/// A 12-bit camera stored in 16-bit words is `SampleFormat::new(PixelType::U16, 12)`; a codec that holds 12 bits
/// may then take it. Types other than the unsigned ones always use all their bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "SampleFormatFields")]
pub struct SampleFormat {
    pixel: PixelType,
    significant_bits: u8,
}

#[derive(Deserialize)]
struct SampleFormatFields {
    pixel: PixelType,
    significant_bits: u8,
}

impl TryFrom<SampleFormatFields> for SampleFormat {
    type Error = Error;

    fn try_from(fields: SampleFormatFields) -> Result<Self> {
        Self::new(fields.pixel, fields.significant_bits)
    }
}

impl SampleFormat {
    /// A sample type with `significant_bits` (1 to the width of the type) in use.
    ///
    /// # Errors
    /// [`Error::Parameter`] if there are none, more than the type has, or fewer on a signed or float type.
    pub fn new(pixel: PixelType, significant_bits: u8) -> Result<Self> {
        let unsigned = matches!(pixel, PixelType::U8 | PixelType::U16);
        let valid = (1..=pixel.bits()).contains(&significant_bits);
        if !valid || (!unsigned && significant_bits != pixel.bits()) {
            return Err(Error::parameter(
                "significant_bits",
                format!("{significant_bits} bits do not fit the sample type {pixel}"),
                format!("use 1 to {0} for unsigned types, exactly {0} otherwise", pixel.bits()),
            ));
        }
        Ok(Self { pixel, significant_bits })
    }

    /// The sample type with all its bits in use.
    pub const fn full(pixel: PixelType) -> Self {
        Self { pixel, significant_bits: pixel.bits() }
    }

    /// The sample type.
    pub const fn pixel(self) -> PixelType {
        self.pixel
    }

    /// How many low bits of a sample can be different from zero.
    pub const fn significant_bits(self) -> u8 {
        self.significant_bits
    }
}

impl fmt::Display for SampleFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.significant_bits == self.pixel.bits() {
            f.pad(self.pixel.name())
        } else {
            write!(f, "{} ({} bits used)", self.pixel, self.significant_bits)
        }
    }
}

/// A sample type of Rust that frames are made of; the static side of [`PixelType`].
pub trait Sample: bytemuck::Pod + PartialEq + PartialOrd + Send + Sync + 'static {
    /// The dynamic name of this type.
    const PIXEL: PixelType;

    /// The value as a double; exact for every type.
    fn to_f64(self) -> f64;

    /// The bit pattern, zero-extended. Equal patterns mean bit-exact samples, NaN payloads and -0.0 included.
    fn to_bits_u64(self) -> u64;
}

macro_rules! integer_sample {
    ($($type:ty => $unsigned:ty, $pixel:ident;)*) => {$(
        impl Sample for $type {
            const PIXEL: PixelType = PixelType::$pixel;
            fn to_f64(self) -> f64 {
                f64::from(self)
            }
            fn to_bits_u64(self) -> u64 {
                u64::from(self as $unsigned)
            }
        }
    )*};
}

integer_sample! {
    u8 => u8, U8;
    u16 => u16, U16;
    i16 => u16, I16;
    i32 => u32, I32;
}

impl Sample for f32 {
    const PIXEL: PixelType = PixelType::F32;
    fn to_f64(self) -> f64 {
        f64::from(self)
    }
    fn to_bits_u64(self) -> u64 {
        u64::from(self.to_bits())
    }
}

impl Sample for f64 {
    const PIXEL: PixelType = PixelType::F64;
    fn to_f64(self) -> f64 {
        self
    }
    fn to_bits_u64(self) -> u64 {
        self.to_bits()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_parse_back() {
        for pixel in PixelType::ALL {
            assert_eq!(pixel.name().parse::<PixelType>().unwrap(), pixel);
        }
        assert!("u12".parse::<PixelType>().is_err());
    }

    #[test]
    fn significant_bits_are_checked() {
        assert!(SampleFormat::new(PixelType::U16, 12).is_ok());
        assert!(SampleFormat::new(PixelType::U16, 0).is_err());
        assert!(SampleFormat::new(PixelType::U8, 9).is_err());
        assert!(SampleFormat::new(PixelType::F32, 16).is_err());
        let json = r#"{"pixel":"u8","significant_bits":9}"#;
        assert!(serde_json::from_str::<SampleFormat>(json).is_err());
    }
}
