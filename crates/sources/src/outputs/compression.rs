//! How the samples of TIFF pages are compressed.
//!
//! | compression | tag 259 | predictor (tag 317) |
//! |---|---|---|
//! | none | 1 | none |
//! | Deflate | 8 | 2 (horizontal differences) for integers, 3 (floating point) for floats |
//! | LZW | 5 | the same |
//! | PackBits | 32773 | none: it finds equal bytes only; each row is packed by itself |
//!
//! Every page is one strip.

use std::fmt;
use std::io;
use std::str::FromStr;

use stack_core::{Error, FrameBuf, FrameShape, Result};
use tiff::encoder::compression::{CompressionAlgorithm, Deflate, Lzw, Packbits};

use crate::pages::predictor::{subtract_planes, subtract_previous};

/// A compression of TIFF files that every reader knows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum TiffCompression {
    /// Samples as they are; other programs can map them.
    #[default]
    None,
    /// The algorithm of zlib, at its usual level.
    Deflate,
    /// Lempel, Ziv and Welch.
    Lzw,
    /// Runs of equal bytes.
    PackBits,
}

impl TiffCompression {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::None, Self::Deflate, Self::Lzw, Self::PackBits];

    /// The name that [`FromStr`] takes.
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Deflate => "deflate",
            Self::Lzw => "lzw",
            Self::PackBits => "packbits",
        }
    }

    /// The standard's number, tag 259.
    pub(super) const fn number(self) -> u16 {
        match self {
            Self::None => 1,
            Self::Deflate => 8,
            Self::Lzw => 5,
            Self::PackBits => 32773,
        }
    }

    /// The predictor that goes before it, tag 317; 1 is none.
    pub(super) const fn predictor(self, float: bool) -> u16 {
        match self {
            Self::Deflate | Self::Lzw if float => 3,
            Self::Deflate | Self::Lzw => 2,
            Self::None | Self::PackBits => 1,
        }
    }

    /// Most bytes that samples of `bytes` bytes can take. LZW writes codes of 12 bits for single bytes at worst.
    pub(super) const fn most_bytes(self, bytes: u64) -> u64 {
        match self {
            Self::None => bytes,
            Self::Deflate => bytes.saturating_add(bytes / 256 + 64),
            // One more byte for every run of up to 128, and rows that are packed by themselves.
            Self::PackBits => bytes.saturating_mul(2),
            Self::Lzw => bytes.saturating_add(bytes / 2 + bytes / 64 + 64),
        }
    }
}

impl fmt::Display for TiffCompression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for TiffCompression {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        Self::ALL.into_iter().find(|compression| compression.name() == name).ok_or_else(|| {
            let problem = "not a compression of TIFF files";
            Error::parameter(
                format!("compression {name:?}"),
                problem,
                "use one of none, deflate, lzw, packbits",
            )
        })
    }
}

/// The strip of a page: little-endian samples, predicted and compressed.
pub(super) fn strip(
    frame: &FrameBuf,
    shape: FrameShape,
    compression: TiffCompression,
) -> io::Result<Vec<u8>> {
    let mut bytes = frame.le_bytes().into_owned();
    let word = frame.pixel().bytes();
    let row = shape.width() * shape.channels() * word;
    match compression.predictor(frame.pixel().is_float()) {
        2 => bytes.chunks_exact_mut(row).for_each(|row| subtract_previous(row, shape.channels(), word)),
        3 => {
            let mut scratch = Vec::new();
            for row in bytes.chunks_exact_mut(row) {
                subtract_planes(row, shape.channels(), word, &mut scratch);
            }
        }
        _ => {}
    }
    let mut compressed = Vec::new();
    match compression {
        TiffCompression::None => return Ok(bytes),
        TiffCompression::Deflate => Deflate::default().write_to(&mut compressed, &bytes)?,
        TiffCompression::Lzw => Lzw.write_to(&mut compressed, &bytes)?,
        TiffCompression::PackBits => {
            let mut total = 0;
            for row in bytes.chunks_exact(row) {
                total += Packbits.write_to(&mut compressed, row)?;
            }
            total
        }
    };
    Ok(compressed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_parse_back() {
        for compression in TiffCompression::ALL {
            assert_eq!(compression.to_string().parse::<TiffCompression>().unwrap(), compression);
        }
        assert!(
            "zip"
                .parse::<TiffCompression>()
                .unwrap_err()
                .to_string()
                .contains("none, deflate, lzw, packbits")
        );
    }

    #[test]
    fn nothing_takes_more_than_was_said() {
        // Noise: no algorithm can make it smaller.
        let mut state = 1_u64;
        let noise: Vec<u8> = (0..40_000)
            .map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (state >> 56) as u8
            })
            .collect();
        for width in [1, 40, 40_000] {
            let shape = FrameShape::gray(noise.len() / width, width).unwrap();
            for compression in TiffCompression::ALL {
                let bytes = strip(&FrameBuf::U8(noise.clone()), shape, compression).unwrap().len() as u64;
                let most = compression.most_bytes(noise.len() as u64);
                assert!(bytes <= most, "{compression}: {bytes} bytes of at most {most}");
            }
        }
    }
}
