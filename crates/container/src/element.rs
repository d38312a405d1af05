//! The types of elements that are read and written: samples, code words, and numbers that become samples.

use std::fmt;

use stack_core::PixelType;

/// A standard type of numbers in a file, apart from its byte order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Element {
    U8,
    I8,
    U16,
    I16,
    U32,
    I32,
    U64,
    I64,
    /// IEEE 754 binary16.
    F16,
    F32,
    F64,
}

impl Element {
    /// Every type, for those who look for one.
    pub(crate) const ALL: [Self; 11] = [
        Self::U8,
        Self::I8,
        Self::U16,
        Self::I16,
        Self::U32,
        Self::I32,
        Self::U64,
        Self::I64,
        Self::F16,
        Self::F32,
        Self::F64,
    ];

    /// The type of samples.
    pub(crate) const fn of_samples(pixel: PixelType) -> Self {
        match pixel {
            PixelType::U8 => Self::U8,
            PixelType::U16 => Self::U16,
            PixelType::I16 => Self::I16,
            PixelType::I32 => Self::I32,
            PixelType::F32 => Self::F32,
            PixelType::F64 => Self::F64,
        }
    }

    /// The unsigned integer as wide as a sample.
    pub(crate) const fn of_codes(pixel: PixelType) -> Self {
        match pixel {
            PixelType::U8 => Self::U8,
            PixelType::U16 | PixelType::I16 => Self::U16,
            PixelType::I32 | PixelType::F32 => Self::U32,
            PixelType::F64 => Self::U64,
        }
    }

    /// The sample type that holds such numbers: the same one, or a wider one that holds all or most of them.
    pub(crate) const fn sample_type(self) -> PixelType {
        match self {
            Self::U8 => PixelType::U8,
            Self::U16 => PixelType::U16,
            Self::I8 | Self::I16 => PixelType::I16,
            Self::I32 => PixelType::I32,
            Self::F16 | Self::F32 => PixelType::F32,
            Self::U32 | Self::U64 | Self::I64 | Self::F64 => PixelType::F64,
        }
    }

    /// Bytes of one number.
    pub(crate) const fn bytes(self) -> usize {
        match self {
            Self::U8 | Self::I8 => 1,
            Self::U16 | Self::I16 | Self::F16 => 2,
            Self::U32 | Self::I32 | Self::F32 => 4,
            Self::U64 | Self::I64 | Self::F64 => 8,
        }
    }

    /// The short name: `u8`, `f16`.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::U8 => "u8",
            Self::I8 => "i8",
            Self::U16 => "u16",
            Self::I16 => "i16",
            Self::U32 => "u32",
            Self::I32 => "i32",
            Self::U64 => "u64",
            Self::I64 => "i64",
            Self::F16 => "f16",
            Self::F32 => "f32",
            Self::F64 => "f64",
        }
    }
}

impl fmt::Display for Element {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
