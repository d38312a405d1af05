//! PGM, PPM and PAM with their samples as they are.
//!
//! The `image` crate stretches samples to the full range of 8 or 16 bits when the file's largest value ("maxval")
//! is another, and does so in floating point. A 12-bit camera image in a PGM of maxval 4095 must come as it is,
//! so the crate reads the header and binary samples are read here. The largest value tells how many bits are used.
//! Bitmaps (PBM) become 0 and 255. Files in decimal text are read if they use the full range.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use image::codecs::pnm::{PnmDecoder, PnmSubtype, SampleEncoding};
use image::{ExtendedColorType, ImageDecoder};
use stack_core::{Error, FrameBuf, Limits, PixelType, Result, SampleFormat};

use super::{ImageInfo, decoder_info, decoding_error, image_error, image_limits};

/// A PNM file whose header was read.
pub(crate) struct PnmImage {
    pub(crate) info: ImageInfo,
    decoder: PnmDecoder<BufReader<File>>,
    binary: bool,
    largest: u32,
}

/// Reads the header.
pub(crate) fn open(path: &Path, limits: &Limits) -> Result<PnmImage> {
    let mut decoder = PnmDecoder::new(super::open(path)?).map_err(|error| decoding_error(path, error))?;
    decoder.set_limits(image_limits(limits)).map_err(|error| decoding_error(path, error))?;
    let mut info = decoder_info(path, &decoder)?;
    let bits = matches!(decoder.original_color_type(), ExtendedColorType::L1 | ExtendedColorType::La1);
    let binary = !bits
        && matches!(
            decoder.subtype(),
            PnmSubtype::Graymap(SampleEncoding::Binary)
                | PnmSubtype::Pixmap(SampleEncoding::Binary)
                | PnmSubtype::ArbitraryMap
        );
    // The header belongs to the decoder: it is read once more to look at the largest value.
    let header_of = PnmDecoder::new(super::open(path)?).map_err(|error| decoding_error(path, error))?;
    let largest = header_of.into_inner().1.maximal_sample();
    if bits {
        info.expanded = Some("1-bit grey to 8 bits");
    } else if binary {
        let used = u8::try_from(u32::BITS - largest.leading_zeros()).unwrap_or(16);
        info.format = SampleFormat::new(info.format.pixel(), used)
            .map_err(|error| image_error(path, &error.to_string()))?;
    } else if u64::from(largest) + 1 != 1 << info.format.pixel().bits() {
        let problem = format!("its samples are decimal text of at most {largest}, which is no full range");
        return Err(image_error(path, &problem));
    }
    Ok(PnmImage { info, decoder, binary, largest })
}

impl PnmImage {
    /// Reads the samples into a buffer that fits.
    pub(crate) fn read(self, path: &Path, into: &mut FrameBuf) -> Result<()> {
        if !self.binary {
            let FrameBuf::U8(samples) = into else {
                let FrameBuf::U16(samples) = into else {
                    return Err(image_error(path, "its sample type is not supported"));
                };
                let bytes = bytemuck::cast_slice_mut(samples);
                return self.decoder.read_image(bytes).map_err(|error| decoding_error(path, error));
            };
            return self.decoder.read_image(samples).map_err(|error| decoding_error(path, error));
        }
        let (mut stream, _) = self.decoder.into_inner();
        into.fill_le_bytes(|bytes| {
            stream.read_exact(bytes)?;
            if self.info.format.pixel() == PixelType::U16 {
                // Netpbm is big-endian.
                bytes.chunks_exact_mut(2).for_each(<[u8]>::reverse);
            }
            Ok(())
        })
        .map_err(|error: std::io::Error| match error.kind() {
            std::io::ErrorKind::UnexpectedEof => image_error(path, "the file ends before the image does"),
            _ => Error::io("read", path)(error),
        })?;
        let above = match &*into {
            FrameBuf::U8(samples) => samples.iter().any(|&sample| u32::from(sample) > self.largest),
            FrameBuf::U16(samples) => samples.iter().any(|&sample| u32::from(sample) > self.largest),
            _ => false,
        };
        if above {
            return Err(image_error(path, &format!("a sample is above the largest value {}", self.largest)));
        }
        Ok(())
    }
}
