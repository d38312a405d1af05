//! One frame as a PNG file, with the chunks that came with it.

use std::borrow::Cow;
use std::io::Write;
use std::path::Path;

use png::chunk::ChunkType;
use png::{BitDepth, ColorType, Compression, Encoder, EncodingError, Filter, Info};
use stack_core::{Block, Error, FrameBuf, Limits, Result};

use super::image_file::Single;
use crate::blocks::{EXIF, ICC, XMP};
use crate::images::png_chunks::{KEPT, TEXT, XMP_HEAD, chunks_of_text};
use crate::pages::exif::Exif;
use crate::pages::tags::{Tags, tag_of};
use crate::pages::value::Value;

pub(super) fn write_png(path: &Path, file: &mut impl Write, image: &Single<'_>) -> Result<()> {
    let unsupported = |problem: &str| Error::unsupported("PNG", problem, "write .tif or .npy instead");
    let shape = image.header.shape;
    let (depth, bytes) = match image.frame {
        FrameBuf::U8(samples) => (BitDepth::Eight, Cow::Borrowed(samples.as_slice())),
        FrameBuf::U16(samples) => {
            (BitDepth::Sixteen, samples.iter().flat_map(|sample| sample.to_be_bytes()).collect())
        }
        other => return Err(unsupported(&format!("it holds no {} samples", other.pixel()))),
    };
    let colour = match shape.channels() {
        1 => ColorType::Grayscale,
        2 => ColorType::GrayscaleAlpha,
        3 => ColorType::Rgb,
        _ => ColorType::Rgba,
    };
    let [Ok(height), Ok(width)] = [shape.height(), shape.width()].map(u32::try_from) else {
        return Err(unsupported(&format!("{shape} is too large")));
    };
    let block =
        |name: &str| image.blocks.iter().find(|block| block.name == name).map(|block| &block.bytes[..]);
    let mut info = Info::with_size(width, height);
    info.icc_profile = block(ICC).map(Cow::Borrowed);
    info.exif_metadata = exif_of(image.blocks);
    let write = || {
        let mut encoder = Encoder::with_info(file, info)?;
        encoder.set_color(colour);
        encoder.set_depth(depth);
        // "Fast" is fdeflate: its bytes do not depend on the machine or on which zlib is linked.
        encoder.set_compression(Compression::Fast);
        encoder.set_filter(Filter::Adaptive);
        let mut writer = encoder.write_header()?;
        for name in KEPT {
            // A profile says more exactly what sRGB says, and must not stand beside it (PNG, section 11.3.2.5).
            if name == *b"sRGB" && block(ICC).is_some() {
                continue;
            }
            if let Some(data) = block(&format!("png:{}", name.escape_ascii())) {
                writer.write_chunk(ChunkType(name), data)?;
            }
        }
        for (name, data) in chunks_of_text(block(TEXT).unwrap_or_default()) {
            writer.write_chunk(ChunkType(name), data)?;
        }
        if let Some(packet) = block(XMP) {
            writer.write_chunk(ChunkType(*b"iTXt"), &[XMP_HEAD, packet].concat())?;
        }
        writer.write_image_data(&bytes)?;
        writer.finish()
    };
    write().map_err(|error| match error {
        EncodingError::IoError(error) => Error::io("write", path)(error),
        error => unsupported(&error.to_string()),
    })
}

/// Tags of a TIFF page that Exif data has too (Exif 2.32, section 4.6.4): camera, orientation, resolution, program,
/// date, people.
const EXIF_TAGS: [u16; 10] = [271, 272, 274, 282, 283, 296, 305, 306, 315, 33432];

/// Exif data: as it came, or with what a TIFF page said in tags of its own.
fn exif_of<'a>(blocks: &[&'a Block]) -> Option<Cow<'a, [u8]>> {
    let plain = blocks.iter().find(|block| block.name == EXIF).map(|block| block.bytes.as_slice());
    let value = |block: &&Block| {
        let tag = tag_of(&block.name).filter(|tag| EXIF_TAGS.contains(tag))?;
        Some((tag, Value::from_block(&block.bytes)?))
    };
    let tags: Tags = blocks.iter().filter_map(value).collect();
    if tags.is_empty() {
        return plain.map(Cow::Borrowed);
    }
    let exif = plain.map_or(Ok(Exif::default()), |plain| Exif::from_block(plain, &Limits::default()));
    match exif {
        Ok(mut exif) => {
            exif.main.extend(tags);
            Some(Cow::Owned(exif.to_block()))
        }
        // Damaged data is given back as it is.
        Err(_) => plain.map(Cow::Borrowed),
    }
}
