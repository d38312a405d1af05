//! Single images: what a file holds, from its header alone, and its samples.
//!
//! | module | subject |
//! |---|---|
//! | [`folder`] | a folder or a list of image files as a stack |
//! | [`jpeg_header`] | size and colours of a JPEG without reading all of it |
//! | [`pnm`] | PGM and PPM samples as they are, not stretched |
//! | `png_chunks`, `jpeg_segments`, `webp_chunks` | profiles, Exif data and texts, kept as [`blocks`](crate::blocks) |
//!
//! What is exact and what is not:
//!
//! * 8- and 16-bit grey, grey + alpha, RGB and RGBA come as they are stored (PNG, TIFF, BMP, WebP, PNM).
//! * Palettes become RGB or RGBA; 1-, 2- and 4-bit grey is stretched to 0..255; PNG transparency by colour
//!   becomes an alpha channel. Both can be undone, but the file's own form is not kept. Where a PNG is read so,
//!   the stack's properties say it (`expanded`).
//! * JPEG is decoded to grey or RGB; its Exif orientation is not applied. CMYK is refused.
//! * Colour profiles and gamma are not applied, but kept. Animations are refused.

pub mod folder;
pub mod jpeg_header;
mod jpeg_segments;
pub(crate) mod png_chunks;
pub mod pnm;
mod webp_chunks;

use std::fs::File;
use std::io::{BufReader, Cursor, Read};
use std::path::Path;

use image::codecs::{bmp::BmpDecoder, jpeg::JpegDecoder, png::PngDecoder, webp::WebPDecoder};
use image::{ColorType, ImageDecoder, ImageError};
use stack_core::{
    Error, FrameBuf, FrameShape, FrameSource, Limits, PixelType, Result, SampleFormat, StackHeader,
};

use crate::kind::FileKind;
use crate::pages::TiffStack;
use crate::pages::layout::tag;
use crate::pages::tags::block_name;
use crate::pages::value::Value;

/// What an image file holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageInfo {
    /// Height, width and channels.
    pub shape: FrameShape,
    /// Sample type, and how many bits of it are used (less than all only in PGM and PPM).
    pub format: SampleFormat,
    /// What was expanded, in words; `None` for an image that is read as it is stored.
    pub expanded: Option<&'static str>,
    /// What of the file is not kept, in words; `None` where everything is.
    pub not_kept: Option<String>,
    /// What the file carries beside the samples: block names and bytes.
    pub blocks: Vec<(String, Vec<u8>)>,
}

impl ImageInfo {
    /// An image of this shape and type, and nothing else.
    pub(crate) fn plain(shape: FrameShape, format: SampleFormat) -> Self {
        Self { shape, format, expanded: None, not_kept: None, blocks: Vec::new() }
    }
}

/// Reads the header of an image file.
///
/// # Errors
/// [`Error::Format`] for a damaged header, an animation, or colours that are not supported; [`Error::Parameter`]
/// for a TIFF file of several pages; [`Error::Limit`]; what the operating system refuses.
pub fn probe(path: &Path, kind: FileKind, limits: &Limits) -> Result<ImageInfo> {
    let info = match kind {
        FileKind::Jpeg => {
            let mut stream = open(path)?;
            let header = jpeg_header::read(path, &mut stream)?;
            let shape = shape(path, header.height.into(), header.width.into(), header.channels)?;
            let bytes = stream.get_ref().metadata().map_err(Error::io("read", path))?.len();
            check_jpeg_size(path, shape, bytes)?;
            let blocks = jpeg_segments::read(path, &mut stream, limits)?;
            ImageInfo { blocks, ..ImageInfo::plain(shape, SampleFormat::full(PixelType::U8)) }
        }
        FileKind::Pnm => pnm::open(path, limits)?.info,
        FileKind::Tiff => {
            let mut header = open_page(path, limits)?.header().clone();
            let mut info = ImageInfo::plain(header.shape, header.format);
            info.blocks = header.meta.blocks.into_iter().map(|block| (block.name, block.bytes)).collect();
            info.not_kept = header.meta.properties.remove("not_kept");
            // The frame is named after its file, so the page keeps its own name apart.
            let names = header.meta.frame_names.iter();
            info.blocks.extend(names.map(|name| page_name_block(name)));
            info
        }
        _ => {
            let (expanded, blocks) = match kind {
                FileKind::Png => (png_expansion(path)?, png_chunks::read(path, &mut open(path)?, limits)?),
                FileKind::WebP => (None, webp_chunks::read(path, &mut open(path)?, limits)?),
                _ => (None, Vec::new()),
            };
            let decoder = decoder(path, kind, limits)?;
            ImageInfo { expanded, blocks, ..decoder_info(path, decoder.as_ref())? }
        }
    };
    let header = StackHeader::new(1, info.shape, info.format)?;
    limits.check_header(path, &header)?;
    Ok(info)
}

/// Decodes an image file that was probed before.
///
/// # Errors
/// As [`probe`]; [`Error::Format`] too if the file no longer holds what it did.
pub fn decode(
    path: &Path,
    kind: FileKind,
    info: &ImageInfo,
    limits: &Limits,
    into: &mut FrameBuf,
) -> Result<()> {
    into.fit(&StackHeader::new(1, info.shape, info.format)?);
    let check = |found: &ImageInfo| {
        if (found.shape, found.format.pixel()) == (info.shape, info.format.pixel()) {
            return Ok(());
        }
        let problem =
            format!("it changed from {} to {} since it was listed", describe(info), describe(found));
        Err(Error::format(path, "image", problem, "leave the files alone while they are read"))
    };
    match kind {
        FileKind::Tiff => {
            let mut page = open_page(path, limits)?;
            let header = page.header();
            check(&ImageInfo::plain(header.shape, header.format))?;
            page.read_frame(0, into)
        }
        FileKind::Pnm => {
            let image = pnm::open(path, limits)?;
            check(&image.info)?;
            image.read(path, into)
        }
        _ => {
            let decoder = decoder(path, kind, limits)?;
            check(&decoder_info(path, decoder.as_ref())?)?;
            let outcome = match into {
                FrameBuf::U8(samples) => decoder.read_image_boxed(samples),
                FrameBuf::U16(samples) => decoder.read_image_boxed(bytemuck::cast_slice_mut(samples)),
                // `decoder_info` knows no other types, and the check above compared them.
                _ => return Err(image_error(path, "its sample type is not supported")),
            };
            outcome.map_err(|error| decoding_error(path, error))
        }
    }
}

/// `480 x 640 x 3, u8`.
pub(crate) fn describe(info: &ImageInfo) -> String {
    format!("{}, {}", info.shape, info.format)
}

fn open(path: &Path) -> Result<BufReader<File>> {
    Ok(BufReader::new(File::open(path).map_err(Error::io("read", path))?))
}

fn page_name_block(name: &str) -> (String, Vec<u8>) {
    (block_name(tag::PAGE_NAME), Value::text(name.as_bytes()).to_block())
}

fn open_page(path: &Path, limits: &Limits) -> Result<TiffStack> {
    let stack = TiffStack::open(path, limits)?;
    match stack.header().frames {
        1 => Ok(stack),
        pages => Err(Error::parameter(
            path.display().to_string(),
            format!("the file has {pages} pages, so it is a stack of its own"),
            "give the file itself as the input",
        )),
    }
}

fn decoder(path: &Path, kind: FileKind, limits: &Limits) -> Result<Box<dyn ImageDecoder>> {
    let animated = || Err(image_error(path, "it is an animation, of which one frame would be read"));
    let mut decoder: Box<dyn ImageDecoder> = match kind {
        FileKind::Png => {
            let png = PngDecoder::with_limits(open(path)?, image_limits(limits))
                .map_err(|error| decoding_error(path, error))?;
            if png.is_apng().map_err(|error| decoding_error(path, error))? {
                return animated();
            }
            Box::new(png)
        }
        FileKind::WebP => {
            let webp = WebPDecoder::new(open(path)?).map_err(|error| decoding_error(path, error))?;
            if webp.has_animation() {
                return animated();
            }
            Box::new(webp)
        }
        FileKind::Bmp => Box::new(BmpDecoder::new(open(path)?).map_err(|error| decoding_error(path, error))?),
        FileKind::Jpeg => {
            let bytes = read_jpeg(path, limits)?;
            Box::new(JpegDecoder::new(Cursor::new(bytes)).map_err(|error| decoding_error(path, error))?)
        }
        other => return Err(image_error(path, &format!("{} is no single image", other.describe()))),
    };
    decoder.set_limits(image_limits(limits)).map_err(|error| decoding_error(path, error))?;
    Ok(decoder)
}

/// Refuses a JPEG header whose picture cannot be in the file: every block of 8 x 8 pixels takes at least one bit
/// (ITU-T T.81, sections F.1.2 and G.1.2). A smaller lie is not noticed: the decoder paints the rest grey.
fn check_jpeg_size(path: &Path, shape: FrameShape, bytes: u64) -> Result<()> {
    let blocks = shape.height().div_ceil(8) as u64 * shape.width().div_ceil(8) as u64;
    if blocks <= bytes.saturating_mul(8) {
        return Ok(());
    }
    Err(image_error(path, &format!("its header says {shape}, which {bytes} bytes cannot hold")))
}

/// The whole JPEG file, which must reach its end marker: the decoder fills what is missing with grey.
fn read_jpeg(path: &Path, limits: &Limits) -> Result<Vec<u8>> {
    let mut stream = open(path)?;
    jpeg_header::read(path, &mut stream)?;
    let size = stream.get_ref().metadata().map_err(Error::io("read", path))?.len();
    Limits::check(path, "the size of the file in bytes", size.into(), limits.chunk_bytes)?;
    let mut bytes = Vec::new();
    open(path)?.take(limits.chunk_bytes).read_to_end(&mut bytes).map_err(Error::io("read", path))?;
    if jpeg_header::reaches_end(&bytes) {
        Ok(bytes)
    } else {
        Err(image_error(path, "the image data ends before the image does"))
    }
}

fn image_limits(limits: &Limits) -> image::Limits {
    /// What a decoder may need besides the samples, whatever their number: tables, profiles, rows.
    const LEAST: u64 = 16 << 20;
    let mut image_limits = image::Limits::default();
    image_limits.max_alloc = Some(limits.frame_bytes.max(LEAST));
    image_limits
}

fn decoder_info(path: &Path, decoder: &dyn ImageDecoder) -> Result<ImageInfo> {
    let (width, height) = decoder.dimensions();
    let (pixel, channels) = match decoder.color_type() {
        ColorType::L8 => (PixelType::U8, 1),
        ColorType::La8 => (PixelType::U8, 2),
        ColorType::Rgb8 => (PixelType::U8, 3),
        ColorType::Rgba8 => (PixelType::U8, 4),
        ColorType::L16 => (PixelType::U16, 1),
        ColorType::La16 => (PixelType::U16, 2),
        ColorType::Rgb16 => (PixelType::U16, 3),
        ColorType::Rgba16 => (PixelType::U16, 4),
        other => return Err(image_error(path, &format!("colours {other:?} are not supported"))),
    };
    let shape = shape(path, height, width, channels)?;
    Ok(ImageInfo::plain(shape, SampleFormat::full(pixel)))
}

fn shape(path: &Path, height: u32, width: u32, channels: usize) -> Result<FrameShape> {
    FrameShape::new(height as usize, width as usize, channels)
        .map_err(|error| image_error(path, &error.to_string()))
}

/// What the PNG decoder will expand: from bit depth and colour type, bytes 24 and 25 (PNG, section 11.2.1).
fn png_expansion(path: &Path) -> Result<Option<&'static str>> {
    let mut head = Vec::new();
    open(path)?.take(26).read_to_end(&mut head).map_err(Error::io("read", path))?;
    Ok(match head[..] {
        [.., _, 3] if head.len() == 26 => Some("palette to RGB"),
        [.., 1 | 2 | 4, _] if head.len() == 26 => Some("1-, 2- or 4-bit grey to 8 bits"),
        _ => None,
    })
}

fn image_error(path: &Path, problem: &str) -> Error {
    Error::format(path, "image", problem, "save it again as PNG or TIFF, or take it out")
}

fn decoding_error(path: &Path, error: ImageError) -> Error {
    match error {
        ImageError::IoError(error)
            if !matches!(
                error.kind(),
                std::io::ErrorKind::UnexpectedEof
                    | std::io::ErrorKind::InvalidData
                    | std::io::ErrorKind::InvalidInput
                    | std::io::ErrorKind::Other
            ) =>
        {
            Error::io("read", path)(error)
        }
        ImageError::IoError(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
            image_error(path, "the file ends before the image does")
        }
        error => image_error(path, &error.to_string()),
    }
}
