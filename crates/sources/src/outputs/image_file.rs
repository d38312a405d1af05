//! One frame as a PNG, TIFF or `.npy` file.

use std::io::{Seek, Write};
use std::path::Path;

use stack_core::{Block, Error, FrameBuf, PixelType, Result, StackHeader};

use super::check_frame;
use super::compression::TiffCompression;
use super::npy_file::npy_header;
use super::partial::PartialFile;
use super::png::write_png;
use super::tiff_page::{Page, needs_big_tiff, write_page};
use crate::kind::FileKind;
use crate::pages::writer::TiffWriter;

/// A format that single frames are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImageFormat {
    /// u8 and u16, 1 to 4 channels.
    Png,
    /// Every sample type, 1 to 4 channels.
    Tiff,
}

impl ImageFormat {
    /// TIFF where all frames are called so, because only TIFF holds the tags that came with them, or where PNG cannot
    /// hold the samples; otherwise PNG.
    pub fn for_stack(header: &StackHeader) -> Self {
        let names = &header.meta.frame_names;
        let is_tiff = |name: &String| FileKind::of_name(Path::new(name)) == [FileKind::Tiff];
        if !names.is_empty() && names.iter().all(is_tiff) {
            return Self::Tiff;
        }
        match header.format.pixel() {
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
/// A `.npy` file gets the shape (1, height, width) and channels, so that it can be read as a stack again. What came
/// with the frame is written too if the header is that of the frame alone, as [`StackHeader::part`] gives it; the
/// header of a longer stack does not tell which frame this is.
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
    let single = StackHeader::new(1, header.shape, header.format)?;
    let blocks: Vec<&Block> = match header.frames {
        1 => header.meta.blocks.iter().collect(),
        _ => Vec::new(),
    };
    let mut file = PartialFile::create(path, true)?;
    match format {
        Some(format) => {
            let compression = TiffCompression::None;
            let image = Single { header: &single, frame, blocks: &blocks, compression };
            write_image(path, &mut file, format, &image)?;
        }
        None => file
            .write_all(&npy_header(&single).to_bytes()?)
            .and_then(|()| file.write_all(&frame.le_bytes()))
            .map_err(Error::io("write", path))?,
    }
    file.finish()
}

/// A frame that becomes a file of its own.
pub(super) struct Single<'a> {
    /// The header of the file: one frame.
    pub(super) header: &'a StackHeader,
    pub(super) frame: &'a FrameBuf,
    /// What came with the frame.
    pub(super) blocks: &'a [&'a Block],
    pub(super) compression: TiffCompression,
}

/// Writes one frame in `format`; `path` is named in errors.
pub(super) fn write_image(
    path: &Path,
    file: &mut (impl Write + Seek),
    format: ImageFormat,
    image: &Single<'_>,
) -> Result<()> {
    match format {
        ImageFormat::Png => write_png(path, file, image),
        ImageFormat::Tiff => {
            // A header with the blocks of this frame alone, from which the size of the file is known.
            let mut header = image.header.clone();
            let own = |block: &&Block| Block { frames: 0..1, ..(*block).clone() };
            header.meta.blocks = image.blocks.iter().map(own).collect();
            let big = needs_big_tiff(&header, image.compression);
            let page =
                Page { header: &header, frame: image.frame, index: 0, name: None, blocks: image.blocks };
            TiffWriter::new(file, big)
                .and_then(|mut writer| write_page(&mut writer, &page, image.compression))
                .map_err(Error::io("write", path))
        }
    }
}
