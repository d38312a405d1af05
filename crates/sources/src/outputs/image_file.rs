//! One frame as a PNG, TIFF or `.npy` file.

use std::io::{Cursor, Seek, Write};
use std::path::Path;

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder, ImageError};
use stack_core::{Error, FrameBuf, PixelType, Result, StackHeader};
use tiff::encoder::{TiffEncoder, TiffKind};

use super::check_frame;
use super::npy_file::npy_header;
use super::partial::PartialFile;
use super::tiff_file::write_error;
use super::tiff_page::{needs_big_tiff, write_page};
use crate::kind::FileKind;

/// A format that single frames are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImageFormat {
    /// u8 and u16, 1 to 4 channels.
    Png,
    /// Every sample type, 1 to 4 channels.
    Tiff,
}

impl ImageFormat {
    /// PNG where it can hold the samples, otherwise TIFF.
    pub const fn for_samples(pixel: PixelType) -> Self {
        match pixel {
            PixelType::U8 | PixelType::U16 => Self::Png,
            PixelType::I16 | PixelType::I32 | PixelType::F32 | PixelType::F64 => Self::Tiff,
        }
    }

    /// The extension of its files.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Tiff => "tif",
        }
    }
}

/// Writes one frame of a stack to a `.png`, `.tif`, `.tiff` or `.npy` file, replacing a file that is there.
///
/// A `.npy` file gets the shape (1, height, width) and channels, so that it can be read as a stack again.
///
/// # Errors
/// [`Error::Parameter`] for another extension or a frame that does not fit the header; [`Error::Unsupported`] for
/// samples that PNG cannot hold; what the operating system refuses.
pub fn write_frame_image(path: &Path, header: &StackHeader, frame: &FrameBuf) -> Result<()> {
    check_frame(header, frame)?;
    let format = match FileKind::of_name(path) {
        [FileKind::Png] => Some(ImageFormat::Png),
        [FileKind::Tiff] => Some(ImageFormat::Tiff),
        [FileKind::Npy] => None,
        _ => {
            return Err(Error::parameter(
                path.display().to_string(),
                "a frame is written as .png, .tif or .npy",
                "give the output one of these extensions",
            ));
        }
    };
    // The name of a page belongs to a stack; the file has its own.
    let mut single = StackHeader::new(1, header.shape, header.format)?;
    single.meta.properties.clear();
    let mut file = PartialFile::create(path, true)?;
    match format {
        Some(format) => write_image(path, &mut file, format, &single, frame)?,
        None => file
            .write_all(&npy_header(&single).to_bytes()?)
            .and_then(|()| file.write_all(&frame.le_bytes()))
            .map_err(Error::io("write", path))?,
    }
    file.finish()
}

/// Writes one frame in `format`; `path` is named in errors.
pub(super) fn write_image(
    path: &Path,
    file: &mut (impl Write + Seek),
    format: ImageFormat,
    header: &StackHeader,
    frame: &FrameBuf,
) -> Result<()> {
    match format {
        ImageFormat::Png => write_png(path, file, header, frame),
        ImageFormat::Tiff => {
            let mut bytes = Cursor::new(Vec::new());
            let written = if needs_big_tiff(header) {
                TiffEncoder::new_big(&mut bytes).and_then(|encoder| page(encoder, header, frame))
            } else {
                TiffEncoder::new(&mut bytes).and_then(|encoder| page(encoder, header, frame))
            };
            written.map_err(|error| write_error(path, error))?;
            file.write_all(bytes.get_ref()).map_err(Error::io("write", path))
        }
    }
}

fn page<W: Write + Seek, K: TiffKind>(
    mut encoder: TiffEncoder<W, K>,
    header: &StackHeader,
    frame: &FrameBuf,
) -> tiff::TiffResult<()> {
    write_page(&mut encoder, header, frame, None)
}

fn write_png(path: &Path, file: &mut impl Write, header: &StackHeader, frame: &FrameBuf) -> Result<()> {
    let unsupported = |problem: &str| Error::unsupported("PNG", problem, "write .tif or .npy instead");
    let (bytes, colours): (&[u8], _) = match (frame, header.shape.channels()) {
        (FrameBuf::U8(samples), 1) => (samples, ExtendedColorType::L8),
        (FrameBuf::U8(samples), 2) => (samples, ExtendedColorType::La8),
        (FrameBuf::U8(samples), 3) => (samples, ExtendedColorType::Rgb8),
        (FrameBuf::U8(samples), 4) => (samples, ExtendedColorType::Rgba8),
        (FrameBuf::U16(samples), 1) => (bytemuck::cast_slice(samples), ExtendedColorType::L16),
        (FrameBuf::U16(samples), 2) => (bytemuck::cast_slice(samples), ExtendedColorType::La16),
        (FrameBuf::U16(samples), 3) => (bytemuck::cast_slice(samples), ExtendedColorType::Rgb16),
        (FrameBuf::U16(samples), 4) => (bytemuck::cast_slice(samples), ExtendedColorType::Rgba16),
        _ => return Err(unsupported(&format!("it holds no {} samples", frame.pixel()))),
    };
    let [Ok(height), Ok(width)] = [header.shape.height(), header.shape.width()].map(u32::try_from) else {
        return Err(unsupported(&format!("{} is too large", header.shape)));
    };
    // "Fast" is fdeflate: its bytes do not depend on the machine or on which zlib is linked.
    PngEncoder::new_with_quality(file, CompressionType::Fast, FilterType::Adaptive)
        .write_image(bytes, width, height, colours)
        .map_err(|error| match error {
            ImageError::IoError(error) => Error::io("write", path)(error),
            error => unsupported(&error.to_string()),
        })
}
