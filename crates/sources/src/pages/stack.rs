//! A multipage TIFF file as a stack.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufReader, Seek};
use std::path::{Path, PathBuf};

use stack_core::{
    Error, FrameBuf, FrameSource, Limits, Result, SampleFormat, StackHeader, check_frame_index, with_samples,
};
use tiff::TiffError;
use tiff::decoder::Decoder;

use super::directory::{Directories, Directory};
use super::layout::{LZW, PageLayout, PageStorage, page_layout, tag};
use super::tags::{block_name, not_kept_property, page_blocks};
use super::value::Value;
use super::{imagej, lzw_tiles};
use crate::array::ArraySource;
use crate::blocks::{BlockList, FrameBlocks};

/// Longest name of a page that becomes a frame's name.
const LONGEST_PAGE_NAME: usize = 4096;

/// A TIFF or BigTIFF file whose pages are the frames.
///
/// Read exactly: u8, u16, i16, i32, f32 and f64; grey, grey + alpha, RGB and RGBA, interleaved or in planes; strips
/// and tiles; uncompressed, Deflate, LZW, PackBits, with both predictors; grey JPEG. Grey with white as zero is
/// turned so that black is zero, as all viewers do (exact: maximum minus value). Tags that do not tell how the
/// samples are stored become blocks of their frames, see [`tags`](super::tags); the orientation is one of them and
/// not applied. Page names (tag 285) become frame names where every page has one. Other kinds of pages are refused,
/// and so are files whose pages differ in size or type.
pub struct TiffStack {
    path: PathBuf,
    header: StackHeader,
    decoder: Decoder<BufReader<File>>,
    storage: Vec<Storage>,
    /// Most bytes that a compressed tile may take.
    tile_bytes: u64,
    /// A frame in planes, where a page is stored so.
    planes: Vec<u8>,
    disk_bytes: u64,
}

/// How a page is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Storage {
    /// As the decoder gives it.
    Interleaved,
    /// Each channel by itself.
    Planar,
    /// In tiles that are decoded here.
    LzwTiles { white_is_zero: bool },
}

impl Storage {
    fn of(page: &Directory, layout: PageLayout, storage: PageStorage) -> Self {
        if storage.compression == LZW && page.count(tag::TILE_OFFSETS).is_some() {
            Self::LzwTiles { white_is_zero: storage.white_is_zero }
        } else if storage.planar && layout.shape.channels() > 1 {
            Self::Planar
        } else {
            Self::Interleaved
        }
    }
}

/// Opens a TIFF file: a [`TiffStack`], or the frames behind the single page of an ImageJ file.
///
/// # Errors
/// As [`TiffStack::open`].
pub fn open_tiff(path: &Path, limits: &Limits) -> Result<Box<dyn FrameSource>> {
    let file = File::open(path).map_err(Error::io("read", path))?;
    let file_bytes = file.metadata().map_err(Error::io("read", path))?.len();
    if let Some((header, samples)) = imagej::hidden_frames(path, file, file_bytes, limits)? {
        return Ok(Box::new(ArraySource::new(path, header, samples, file_bytes)));
    }
    Ok(Box::new(TiffStack::open(path, limits)?))
}

impl TiffStack {
    /// Reads the directories of all pages, and no samples.
    ///
    /// # Errors
    /// [`Error::Format`] for a damaged file, an endless chain of pages, pages of different size or type, and kinds
    /// of samples or colours that would not be read exactly; [`Error::Limit`]; what the operating system refuses.
    pub fn open(path: &Path, limits: &Limits) -> Result<Self> {
        let file = File::open(path).map_err(Error::io("read", path))?;
        let disk_bytes = file.metadata().map_err(Error::io("read", path))?.len();
        // Directories are small and far apart: a large buffer would be thrown away at every jump.
        let mut directories = Directories::open(path, BufReader::with_capacity(512, &file), limits)?;
        let mut first: Option<PageLayout> = None;
        let (mut pages, mut names) = (Vec::new(), Vec::new());
        let (mut blocks, mut not_kept) = (BlockList::new(limits), BTreeSet::new());
        while let Some(page) = directories.next_page()? {
            let (layout, stored) = page_layout(path, &mut directories, &page, limits)?;
            check_same(path, &page, *first.get_or_insert(layout), layout)?;
            let carried = page_blocks(&mut directories, &page, &layout, limits, &mut not_kept)?;
            names.extend((names.len() == page.page).then(|| page_name(&carried)).flatten());
            blocks.add(path, page.page, carried)?;
            pages.push(Storage::of(&page, layout, stored));
        }
        let Some(layout) = first else {
            return Err(Error::format(path, "header", "there is no page", "write the file again"));
        };
        let mut header = StackHeader::new(pages.len(), layout.shape, SampleFormat::full(layout.pixel))?;
        header.meta.blocks = blocks.into_blocks();
        if names.len() == pages.len() {
            header.meta.frame_names = names;
            // The names say it already.
            header.meta.blocks.retain(|block| block.name != block_name(tag::PAGE_NAME));
        }
        if !not_kept.is_empty() {
            header.meta.properties.insert("not_kept".into(), not_kept_property(&not_kept));
        }
        drop(directories);
        let mut stream = BufReader::new(file);
        stream.rewind().map_err(Error::io("read", path))?;
        let decoder = Decoder::new(stream)
            .map_err(|error| tiff_error(path, 0, error))?
            .with_limits(decoder_limits(&header, disk_bytes, limits));
        let tile_bytes = limits.chunk_bytes.min(disk_bytes);
        let (path, planes) = (path.to_path_buf(), Vec::new());
        Ok(Self { path, header, decoder, storage: pages, tile_bytes, planes, disk_bytes })
    }
}

/// The name of a page, if a frame's name can hold it exactly.
fn page_name(blocks: &FrameBlocks) -> Option<String> {
    let (_, block) = blocks.iter().find(|(name, _)| *name == block_name(tag::PAGE_NAME))?;
    let value = Value::from_block(block)?;
    let name = value.bytes.strip_suffix(b"\0")?;
    let plain = !name.is_empty() && name.len() <= LONGEST_PAGE_NAME && !name.contains(&0);
    let name = String::from_utf8(name.to_vec()).ok()?;
    (plain && Value::text(name.as_bytes()) == value).then_some(name)
}

/// The decoder's own limits, from what was already checked.
fn decoder_limits(header: &StackHeader, file_bytes: u64, limits: &Limits) -> tiff::decoder::Limits {
    let cap = |bytes: u64| usize::try_from(bytes).unwrap_or(usize::MAX);
    let mut decoder_limits = tiff::decoder::Limits::default();
    // This one counts for lists of strips too, which take several times their size in the file.
    let lists = cap(limits.metadata_bytes.min(file_bytes.saturating_mul(64)));
    decoder_limits.decoding_buffer_size = header.frame_bytes().max(lists);
    decoder_limits.intermediate_buffer_size = cap(limits.chunk_bytes.min(file_bytes));
    decoder_limits.ifd_value_size = cap(limits.metadata_bytes.min(file_bytes.saturating_mul(4)));
    decoder_limits
}

fn check_same(path: &Path, page: &Directory, first: PageLayout, layout: PageLayout) -> Result<()> {
    if first == layout {
        return Ok(());
    }
    Err(Error::format(
        path,
        format!("page {}", page.page),
        format!("it is {}, {}; page 0 is {}, {}", layout.shape, layout.pixel, first.shape, first.pixel),
        "split the file into stacks of equal pages",
    ))
}

impl FrameSource for TiffStack {
    fn header(&self) -> &StackHeader {
        &self.header
    }

    fn read_frame(&mut self, index: usize, into: &mut FrameBuf) -> Result<()> {
        check_frame_index(&self.header, index)?;
        into.fit(&self.header);
        let Self { decoder, planes, header, .. } = self;
        let storage = self.storage[index];
        let most = self.tile_bytes;
        let mut read = || -> Result<(), TiffError> {
            decoder.seek_to_image(index)?;
            if let Storage::LzwTiles { white_is_zero } = storage {
                return lzw_tiles::read(decoder, header, white_is_zero, most, into);
            }
            // The decoder gives samples in the machine's own byte order.
            let bytes: &mut [u8] = with_samples!(&mut *into, samples => bytemuck::cast_slice_mut(samples));
            if storage == Storage::Planar {
                planes.resize(bytes.len(), 0);
                decoder.read_image_bytes(planes)?;
                interleave(planes, bytes, header.shape.channels(), header.format.pixel().bytes());
                Ok(())
            } else {
                decoder.read_image_bytes(bytes)
            }
        };
        read().map_err(|error| tiff_error(&self.path, index, error))
    }

    fn disk_bytes(&self) -> Option<u64> {
        Some(self.disk_bytes)
    }
}

/// From R R R.. G G G.. B B B.. to R G B, R G B, ..
fn interleave(planes: &[u8], into: &mut [u8], channels: usize, word: usize) {
    let plane_bytes = planes.len() / channels;
    for (channel, plane) in planes.chunks_exact(plane_bytes).enumerate() {
        for (pixel, sample) in plane.chunks_exact(word).enumerate() {
            let target = (pixel * channels + channel) * word;
            into[target..target + word].copy_from_slice(sample);
        }
    }
}

fn tiff_error(path: &Path, page: usize, error: TiffError) -> Error {
    match error {
        TiffError::IoError(error)
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
        TiffError::IoError(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => Error::format(
            path,
            format!("page {page}"),
            "the file ends before the page does",
            "copy or write the file again",
        ),
        error => Error::format(
            path,
            format!("page {page}"),
            error.to_string(),
            "the file is damaged, or save it uncompressed or with Deflate, LZW or PackBits",
        ),
    }
}
