//! Frames as TIFF pages: any sample type and number of channels, one strip a page, with the tags that came with
//! the frame.

use std::io::{self, Seek, Write};

use stack_core::{Block, FrameBuf, Limits, PixelType, StackHeader};

use super::compression::{TiffCompression, strip};
use super::description::true_description;
use crate::blocks::{EXIF, ICC, XMP};
use crate::pages::exif::Exif;
use crate::pages::layout::tag;
use crate::pages::tags::{Tags, is_kept, tag_of, usual_extra_samples};
use crate::pages::value::{ASCII, BYTE, UNDEFINED, Value};
use crate::pages::writer::TiffWriter;

/// Most bytes of a page's directory and small tags, without what came with the frame.
const PAGE_OVERHEAD: u64 = 1024;

/// Whether the pages of a stack may need BigTIFF: offsets of classic TIFF end at 4 GiB.
///
/// What compression will do is not known, so its worst case counts.
pub(super) fn needs_big_tiff(header: &StackHeader, compression: TiffCompression) -> bool {
    let names: u64 = header.meta.frame_names.iter().map(|name| name.len() as u64 + 8).sum();
    let pages = header.frames as u128;
    let strips = pages * u128::from(compression.most_bytes(header.frame_bytes() as u64));
    // Small values take more room in a directory than in a block, entries of BigTIFF more than others.
    let block = |block: &Block| block.frames.len() as u128 * (block.bytes.len() as u128 * 2 + 64);
    let blocks: u128 = header.meta.blocks.iter().map(block).sum();
    strips + blocks + pages * u128::from(PAGE_OVERHEAD) + u128::from(names) > u128::from(u32::MAX)
}

/// One frame and what belongs to it.
pub(super) struct Page<'a> {
    /// The stack that the file holds.
    pub(super) header: &'a StackHeader,
    pub(super) frame: &'a FrameBuf,
    /// The frame's number in the file.
    pub(super) index: usize,
    pub(super) name: Option<&'a str>,
    pub(super) blocks: &'a [&'a Block],
}

/// Appends one frame as a page.
pub(super) fn write_page<W: Write + Seek>(
    writer: &mut TiffWriter<W>,
    page: &Page<'_>,
    compression: TiffCompression,
) -> io::Result<()> {
    let shape = page.header.shape;
    let pixel = page.header.format.pixel();
    let bytes = strip(page.frame, shape, compression)?;
    let offset = writer.data(&bytes)?;
    let mut tags = carried_tags(writer, page)?;
    let side = |length: usize| u32::try_from(length).map(Value::long).map_err(io::Error::other);
    let channels = shape.channels();
    let colour = if channels > 2 { 3 } else { 1 };
    tags.insert(tag::WIDTH, side(shape.width())?);
    tags.insert(tag::HEIGHT, side(shape.height())?);
    tags.insert(tag::BITS_PER_SAMPLE, Value::shorts(&vec![u16::from(pixel.bits()); channels]));
    tags.insert(tag::COMPRESSION, Value::shorts(&[compression.number()]));
    tags.entry(tag::PHOTOMETRIC).or_insert_with(|| Value::shorts(&[if colour == 3 { 2 } else { 1 }]));
    tags.insert(tag::STRIP_OFFSETS, writer.offset_value(offset)?);
    tags.insert(tag::SAMPLES_PER_PIXEL, Value::shorts(&[channels as u16]));
    tags.insert(tag::ROWS_PER_STRIP, side(shape.height())?);
    tags.insert(tag::STRIP_BYTE_COUNTS, writer.offset_value(bytes.len() as u64)?);
    tags.insert(tag::PLANAR_CONFIGURATION, Value::shorts(&[1]));
    if compression.predictor(pixel.is_float()) != 1 {
        tags.insert(tag::PREDICTOR, Value::shorts(&[compression.predictor(pixel.is_float())]));
    }
    tags.entry(tag::EXTRA_SAMPLES).or_insert_with(|| Value::shorts(usual_extra_samples(channels)));
    let format = match pixel {
        PixelType::U8 | PixelType::U16 => 1,
        PixelType::I16 | PixelType::I32 => 2,
        PixelType::F32 | PixelType::F64 => 3,
    };
    tags.insert(tag::SAMPLE_FORMAT, Value::shorts(&vec![format; channels]));
    writer.page(&tags)
}

/// The tags that came with the frame, as far as they are true of this file.
fn carried_tags<W: Write + Seek>(writer: &mut TiffWriter<W>, page: &Page<'_>) -> io::Result<Tags> {
    let (mut tags, mut exif) = (Tags::new(), None);
    for block in page.blocks {
        let (tag, value) = match (block.name.as_str(), tag_of(&block.name)) {
            (ICC, _) => (tag::ICC, Value { kind: UNDEFINED, bytes: block.bytes.clone() }),
            (XMP, _) => (tag::XMP, Value { kind: BYTE, bytes: block.bytes.clone() }),
            (EXIF, _) => {
                // What cannot be read as Exif data cannot be put into a directory either.
                exif = exif.or_else(|| Exif::from_block(&block.bytes, &Limits::default()).ok());
                continue;
            }
            // A tag that tells how samples are stored, or a place in a file, is ours to write.
            (_, Some(tag)) if is_kept(tag) => match Value::from_block(&block.bytes) {
                Some(value) => (tag, value),
                None => continue,
            },
            _ => continue,
        };
        if let Some(value) = true_value(tag, value, page) {
            tags.insert(tag, value);
        }
    }
    if let Some(name) = page.name.filter(|name| !name.contains('\0')) {
        tags.entry(tag::PAGE_NAME).or_insert_with(|| Value::text(name.as_bytes()));
    }
    if let Some(exif) = exif {
        for (tag, value) in exif.write(writer)? {
            if let Some(value) = true_value(tag, value, page) {
                tags.entry(tag).or_insert(value);
            }
        }
    }
    Ok(tags)
}

/// The value that a tag has in this file; `None` where it would say something false.
fn true_value(tag: u16, value: Value, page: &Page<'_>) -> Option<Value> {
    let channels = page.header.shape.channels();
    match tag {
        tag::DESCRIPTION if value.kind == ASCII => {
            let text = value.bytes.strip_suffix(b"\0").unwrap_or(&value.bytes);
            let told = true_description(text, page.header)?;
            if told == text { Some(value) } else { Some(Value::text(&told)) }
        }
        // The number of the page, and of pages.
        tag::PAGE_NUMBER => {
            let told = value.numbers()?;
            let agrees = told.first() == Some(&(page.index as u64))
                && told.get(1).is_some_and(|&pages| pages == 0 || pages == page.header.frames as u64);
            agrees.then_some(value)
        }
        tag::PHOTOMETRIC => (value == Value::shorts(&[1])).then_some(value),
        tag::EXTRA_SAMPLES => {
            let count = value.numbers()?.len();
            let rgb =
                channels > 2 && page.blocks.iter().all(|block| tag_of(&block.name) != Some(tag::PHOTOMETRIC));
            let extra = if rgb { channels - 3 } else { channels - 1 };
            (count == 0 || count == extra).then_some(value)
        }
        _ => Some(value),
    }
}

#[cfg(test)]
mod tests {
    use stack_core::{FrameBuf, FrameShape, FrameSource, Limits, PixelType, SampleFormat, StackHeader};

    use super::*;
    use crate::pages::TiffStack;

    #[test]
    fn big_tiff_is_read_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.tif");
        let shape = FrameShape::new(2, 3, 4).unwrap();
        let header = StackHeader::new(2, shape, SampleFormat::full(PixelType::I16)).unwrap();
        let frames = [0, 24].map(|first| FrameBuf::I16((first..first + 24).collect()));
        for compression in TiffCompression::ALL {
            let mut writer = TiffWriter::new(std::fs::File::create(&path).unwrap(), true).unwrap();
            for (index, frame) in frames.iter().enumerate() {
                let name = Some(["first", "second"][index]);
                let page = Page { header: &header, frame, index, name, blocks: &[] };
                write_page(&mut writer, &page, compression).unwrap();
            }
            drop(writer);
            assert_eq!(std::fs::read(&path).unwrap()[2], 43);
            let mut stack = TiffStack::open(&path, &Limits::default()).unwrap();
            assert_eq!(stack.header().meta.frame_names, ["first", "second"]);
            let mut frame = FrameBuf::U8(Vec::new());
            for (index, expected) in frames.iter().enumerate().rev() {
                stack.read_frame(index, &mut frame).unwrap();
                assert_eq!(frame, *expected, "{compression}");
            }
        }
    }

    #[test]
    fn four_gibibytes_need_big_tiff() {
        let header = |frames| {
            let shape = FrameShape::gray(1 << 10, 1 << 10).unwrap();
            StackHeader::new(frames, shape, SampleFormat::full(PixelType::U16)).unwrap()
        };
        assert!(!needs_big_tiff(&header(2046), TiffCompression::None));
        assert!(needs_big_tiff(&header(2048), TiffCompression::None));
        assert!(needs_big_tiff(&header(1 << 40), TiffCompression::None));
        assert!(!needs_big_tiff(&header(1300), TiffCompression::Lzw));
        assert!(needs_big_tiff(&header(1400), TiffCompression::Lzw));
        let mut profiles = header(2000);
        let bytes = vec![0; 1 << 20];
        profiles.meta.blocks.push(Block { name: "icc".into(), frames: 0..2000, bytes });
        assert!(needs_big_tiff(&profiles, TiffCompression::None));
    }
}
