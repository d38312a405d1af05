//! What a TIFF page is made of, and whether its samples can be read exactly.

use std::io::{Read, Seek};
use std::path::Path;

use stack_core::{Error, FrameShape, Limits, PixelType, Result, SampleFormat, StackHeader};

use super::directory::{Directories, Directory, damaged};

/// Tags of the TIFF standard that matter here.
pub(crate) mod tag {
    pub(crate) const WIDTH: u16 = 256;
    pub(crate) const HEIGHT: u16 = 257;
    pub(crate) const BITS_PER_SAMPLE: u16 = 258;
    pub(crate) const COMPRESSION: u16 = 259;
    pub(crate) const PHOTOMETRIC: u16 = 262;
    pub(crate) const DESCRIPTION: u16 = 270;
    pub(crate) const STRIP_OFFSETS: u16 = 273;
    pub(crate) const SAMPLES_PER_PIXEL: u16 = 277;
    pub(crate) const ROWS_PER_STRIP: u16 = 278;
    pub(crate) const STRIP_BYTE_COUNTS: u16 = 279;
    pub(crate) const PLANAR_CONFIGURATION: u16 = 284;
    pub(crate) const PAGE_NAME: u16 = 285;
    pub(crate) const PAGE_NUMBER: u16 = 297;
    pub(crate) const PREDICTOR: u16 = 317;
    pub(crate) const TILE_WIDTH: u16 = 322;
    pub(crate) const TILE_HEIGHT: u16 = 323;
    pub(crate) const TILE_OFFSETS: u16 = 324;
    pub(crate) const TILE_BYTE_COUNTS: u16 = 325;
    pub(crate) const EXTRA_SAMPLES: u16 = 338;
    pub(crate) const SAMPLE_FORMAT: u16 = 339;
    pub(crate) const JPEG_TABLES: u16 = 347;
    pub(crate) const CHROMA_SUBSAMPLING: u16 = 530;
    pub(crate) const XMP: u16 = 700;
    pub(crate) const STK_PLANES: u16 = 33629;
    pub(crate) const EXIF: u16 = 34665;
    pub(crate) const ICC: u16 = 34675;
    pub(crate) const GPS: u16 = 34853;
    pub(crate) const IMAGEJ_COUNTS: u16 = 50838;
    pub(crate) const IMAGEJ_METADATA: u16 = 50839;
}

/// Compression 1: none.
pub(crate) const UNCOMPRESSED: u64 = 1;
/// Compression 5: LZW.
pub(crate) const LZW: u64 = 5;
const JPEG: u64 = 7;
/// None, LZW, JPEG, Deflate (two numbers), PackBits.
const COMPRESSIONS: [u64; 6] = [UNCOMPRESSED, LZW, JPEG, 8, 32946, 32773];

/// Tags that the decoder reads whole before it can be given limits: number, most values.
const READ_WHOLE: [(u16, u64); 3] =
    [(tag::PREDICTOR, 1), (tag::JPEG_TABLES, 1 << 16), (tag::CHROMA_SUBSAMPLING, 2)];

const WHITE_IS_ZERO: u64 = 0;
const BLACK_IS_ZERO: u64 = 1;
const RGB: u64 = 2;

/// The samples of one page: pages of one stack must be equal in all of this.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageLayout {
    /// Height, width and channels.
    pub shape: FrameShape,
    /// Sample type.
    pub pixel: PixelType,
}

/// How a page's samples are stored; pages of one stack may differ in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageStorage {
    /// The standard's number of the compression; 1 is none.
    pub compression: u64,
    /// Whether each channel is stored by itself.
    pub planar: bool,
    /// Whether small values are bright.
    pub white_is_zero: bool,
}

/// Reads what a page is made of; everything the decoder allocates memory for is checked.
///
/// # Errors
/// [`Error::Format`] that names page and tag, for damaged pages and for kinds of pages that are not read exactly;
/// [`Error::Limit`]; what the operating system refuses.
pub fn page_layout<R: Read + Seek>(
    path: &Path,
    directories: &mut Directories<'_, R>,
    page: &Directory,
    limits: &Limits,
) -> Result<(PageLayout, PageStorage)> {
    let mut check = Check { path, field: format!("page {}", page.page), directories, page, limits };
    if let Some(planes) = page.count(tag::STK_PLANES).filter(|&planes| planes > 1) {
        let problem =
            format!("it stands for the {planes} planes of a MetaMorph stack, of which one would be read");
        return Err(check.refuse(problem, "save the stack as TIFF with a page for each plane"));
    }
    let samples = check.number(tag::SAMPLES_PER_PIXEL, Some(1))?;
    if samples == 0 || samples > FrameShape::MAX_CHANNELS as u64 {
        let problem = format!("it has {samples} samples a pixel");
        return Err(check.refuse(problem, "use 1 to 4: grey, grey + alpha, RGB, RGBA"));
    }
    let pixel = check.sample_type(samples)?;
    let white_is_zero = check.colours(samples, pixel)? == WHITE_IS_ZERO;
    let compression = check.compression(samples, pixel)?;
    let shape = check.shape(samples, pixel)?;
    let planar = check.number(tag::PLANAR_CONFIGURATION, Some(1))? == 2;
    let tiled = page.count(tag::TILE_OFFSETS).is_some();
    if tiled {
        check.tiles(shape, pixel, planar)?;
    } else {
        check.strips(shape, planar)?;
    }
    Ok((PageLayout { shape, pixel }, PageStorage { compression, planar, white_is_zero }))
}

/// One page under examination.
struct Check<'r, 'd, R> {
    path: &'r Path,
    field: String,
    directories: &'r mut Directories<'d, R>,
    page: &'r Directory,
    limits: &'r Limits,
}

impl<R: Read + Seek> Check<'_, '_, R> {
    fn refuse(&self, problem: impl Into<String>, remedy: &str) -> Error {
        Error::format(self.path, &self.field, problem, remedy)
    }

    fn damaged(&self, problem: &str) -> Error {
        damaged(self.path, &self.field, problem)
    }

    fn number(&mut self, tag: u16, default: Option<u64>) -> Result<u64> {
        let value = self.directories.number(self.page, tag)?.or(default);
        value.ok_or_else(|| self.damaged(&format!("tag {tag} is missing")))
    }

    /// A length that the standard keeps in 32 bits, at least 1.
    fn length(&mut self, tag: u16, default: Option<u64>) -> Result<u64> {
        let length = self.number(tag, default)?;
        if length == 0 || length > u64::from(u32::MAX) {
            return Err(self.damaged(&format!("tag {tag} is {length}, which is no possible length")));
        }
        Ok(length)
    }

    /// The value of `tag` that all channels have in common.
    fn common(&mut self, tag: u16, default: u64, samples: u64) -> Result<u64> {
        let values = self.directories.numbers(self.page, tag, samples)?.unwrap_or_else(|| vec![default]);
        match values.as_slice() {
            [first, rest @ ..] if rest.iter().all(|value| value == first) => Ok(*first),
            _ => Err(self.refuse(
                format!("its channels have samples of different types (tag {tag})"),
                "save all channels in one type",
            )),
        }
    }

    fn sample_type(&mut self, samples: u64) -> Result<PixelType> {
        let bits = self.common(tag::BITS_PER_SAMPLE, 1, samples)?;
        let format = self.common(tag::SAMPLE_FORMAT, 1, samples)?;
        let kind = match (format, bits) {
            (1, 8) => return Ok(PixelType::U8),
            (1, 16) => return Ok(PixelType::U16),
            (2, 16) => return Ok(PixelType::I16),
            (2, 32) => return Ok(PixelType::I32),
            (3, 32) => return Ok(PixelType::F32),
            (3, 64) => return Ok(PixelType::F64),
            (1, _) => "unsigned",
            (2, _) => "signed",
            (3, _) => "floating-point",
            _ => "unknown",
        };
        let problem = format!("{bits}-bit {kind} samples are not supported");
        Err(self.refuse(problem, "save them as u8, u16, i16, i32, f32 or f64"))
    }

    /// Refuses colours that would be changed or lost on the way: palettes, CMYK, YCbCr, channels without a meaning.
    fn colours(&mut self, samples: u64, pixel: PixelType) -> Result<u64> {
        let photometric = self.number(tag::PHOTOMETRIC, None)?;
        let extra = self.directories.numbers(self.page, tag::EXTRA_SAMPLES, samples)?.unwrap_or_default();
        let alpha = matches!(extra.as_slice(), [1 | 2]);
        let known = match (photometric, samples) {
            (BLACK_IS_ZERO, _) => true,
            (WHITE_IS_ZERO, 1) => matches!(pixel, PixelType::U8 | PixelType::U16),
            (RGB, 3) => extra.is_empty(),
            (RGB, 4) => extra.is_empty() || alpha,
            _ => false,
        };
        if known {
            return Ok(photometric);
        }
        let name = match photometric {
            WHITE_IS_ZERO => "grey with white as zero",
            RGB => "RGB",
            3 => "a palette",
            5 => "CMYK",
            6 => "YCbCr",
            _ => "unknown colours",
        };
        let problem = format!("{name} of {samples} samples a pixel ({pixel}) would not be read exactly");
        Err(self.refuse(problem, "save it as grey, RGB or RGBA"))
    }

    fn compression(&mut self, samples: u64, pixel: PixelType) -> Result<u64> {
        for (tag, most) in READ_WHOLE {
            if let Some(count) = self.page.count(tag).filter(|&count| count > most) {
                return Err(self.damaged(&format!("tag {tag} has {count} values")));
            }
        }
        let compression = self.number(tag::COMPRESSION, Some(UNCOMPRESSED))?;
        let problem = if !COMPRESSIONS.contains(&compression) {
            format!("compression {compression} is not supported")
        } else if compression == JPEG && (samples != 1 || pixel != PixelType::U8) {
            "JPEG compression is supported for 8-bit grey only".into()
        } else {
            return Ok(compression);
        };
        Err(self.refuse(problem, "save it uncompressed or with Deflate, LZW or PackBits"))
    }

    fn shape(&mut self, samples: u64, pixel: PixelType) -> Result<FrameShape> {
        let (height, width) = (self.length(tag::HEIGHT, None)?, self.length(tag::WIDTH, None)?);
        let header = FrameShape::new(height as usize, width as usize, samples as usize)
            .and_then(|shape| StackHeader::new(1, shape, SampleFormat::full(pixel)))
            .map_err(|error| self.damaged(&error.to_string()))?;
        self.limits.check_header(self.path, &header)?;
        Ok(header.shape)
    }

    fn strips(&mut self, shape: FrameShape, planar: bool) -> Result<()> {
        let height = shape.height() as u64;
        let planes = if planar { shape.channels() as u64 } else { 1 };
        let strips = height.div_ceil(self.length(tag::ROWS_PER_STRIP, Some(height))?) * planes;
        self.pieces("strips", strips, tag::STRIP_OFFSETS, tag::STRIP_BYTE_COUNTS)
    }

    fn tiles(&mut self, shape: FrameShape, pixel: PixelType, planar: bool) -> Result<()> {
        if planar && shape.channels() > 1 {
            let problem = "tiles with a plane for each channel are not supported";
            return Err(self.refuse(problem, "save it with interleaved channels"));
        }
        let (height, width) = (self.length(tag::TILE_HEIGHT, None)?, self.length(tag::TILE_WIDTH, None)?);
        let sample_bytes = (shape.channels() * pixel.bytes()) as u128;
        let bytes = u128::from(height) * u128::from(width) * sample_bytes;
        Limits::check(self.path, "the size of a tile in bytes", bytes, self.limits.chunk_bytes)?;
        let tiles = (shape.height() as u64).div_ceil(height) * (shape.width() as u64).div_ceil(width);
        self.pieces("tiles", tiles, tag::TILE_OFFSETS, tag::TILE_BYTE_COUNTS)
    }

    /// Checks that the page has as many strips or tiles as its size asks for.
    fn pieces(&self, name: &str, expected: u64, offsets: u16, sizes: u16) -> Result<()> {
        for tag in [offsets, sizes] {
            let count = self.page.count(tag).unwrap_or(0);
            if count != expected || count > u64::from(u32::MAX) {
                return Err(self.damaged(&format!("tag {tag} has {count} values for {expected} {name}")));
            }
        }
        Ok(())
    }
}
