//! Headers of arrays, and whole input files: whatever their first bytes make of them.

use std::cell::OnceCell;
use std::io::{Cursor, Write};
use std::path::Path;

use stack_core::{FrameBuf, FrameShape, FrameSource, PixelType, SampleFormat, StackHeader};
use stack_sources::npy::NpyHeader;
use stack_sources::{InputOptions, OutputOptions, RawFormat, open_input, open_output, write_frame_image};
use tempfile::TempDir;

use crate::LIMITS;

/// Headers of each version and byte order.
pub fn npy_header_seeds() -> Vec<Vec<u8>> {
    let header = |version: u8, dictionary: &str| {
        let mut bytes = b"\x93NUMPY".to_vec();
        bytes.extend([version, 0]);
        match version {
            1 => bytes.extend((dictionary.len() as u16).to_le_bytes()),
            _ => bytes.extend((dictionary.len() as u32).to_le_bytes()),
        }
        bytes.extend(dictionary.as_bytes());
        bytes
    };
    vec![
        header(1, "{'descr': '<u2', 'fortran_order': False, 'shape': (3, 4, 5), }          \n"),
        header(2, "{'descr': '>f8', 'fortran_order': True, 'shape': (2, 4, 5, 3)}\n"),
        header(3, "{\"shape\": (7,), \"fortran_order\": False, \"descr\": \"|b1\"}\n"),
    ]
}

/// A header that is accepted prints itself so that it reads back.
pub fn npy_header(bytes: &[u8]) -> bool {
    let path = Path::new("fuzz.npy");
    let Ok((header, length)) = NpyHeader::parse(path, bytes) else { return false };
    assert!(length <= bytes.len());
    if let Ok(printed) = header.to_bytes() {
        assert_eq!(
            NpyHeader::parse(path, &printed).expect("what was printed reads back"),
            (header, printed.len())
        );
    }
    true
}

/// Formats of raw samples.
pub fn raw_format_seeds() -> Vec<Vec<u8>> {
    ["u16le:100x480x640", "f32be:2x3x4x3", "u8:1x1x1"].map(|text| text.as_bytes().to_vec()).to_vec()
}

/// A format that is accepted prints itself so that it reads back.
pub fn raw_format(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let Ok(format) = text.parse::<RawFormat>() else { return false };
    assert_eq!(format.to_string().parse::<RawFormat>().expect("what was printed reads back"), format);
    let _ = format.bytes();
    true
}

/// Small files of each kind that is read without a C library.
pub fn input_file_seeds() -> Vec<Vec<u8>> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut seeds = Vec::new();
    for (name, pixel, channels) in [
        ("a.npy", PixelType::F32, 1),
        ("b.npy", PixelType::U16, 3),
        ("c.tif", PixelType::U16, 1),
        ("d.tif", PixelType::U8, 3),
    ] {
        let file = folder.path().join(name);
        write_stack(&file, pixel, channels);
        seeds.push(std::fs::read(file).expect("the file that was written"));
    }
    let pictures = folder.path().join("pictures");
    write_stack(&pictures, PixelType::U8, 1);
    let mut names: Vec<_> =
        std::fs::read_dir(&pictures).expect("the folder").flatten().map(|e| e.path()).collect();
    names.sort();
    seeds.push(std::fs::read(&names[0]).expect("a picture"));
    seeds.push(npz(&seeds[0]));
    for name in ["e.tif", "f.png"] {
        let file = folder.path().join(name);
        write_carrying(&file);
        seeds.push(std::fs::read(file).expect("the file that was written"));
    }
    // Written by Pillow and tifffile: Exif data, profiles and XMP; LZW tiles; ImageJ's metadata, big-endian.
    seeds.push(include_bytes!("../seeds/gray.jpg").to_vec());
    seeds.push(include_bytes!("../seeds/pixels.webp").to_vec());
    seeds.push(include_bytes!("../seeds/tiles.tif").to_vec());
    seeds.push(include_bytes!("../seeds/imagej.tif").to_vec());
    seeds
}

/// Exif data with an inner directory and one of places, big-endian.
const EXIF: &[u8] =
    b"MM\0\x2a\0\0\0\x08\0\x02\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\x87\x69\0\x04\0\0\0\x01\0\0\0\x26\
    \0\0\0\0\0\x01\x88\x27\0\x03\0\0\0\x01\0\x64\0\0\0\0\0\0";

/// Writes one frame with what a frame can carry.
fn write_carrying(target: &Path) {
    let shape = FrameShape::gray(2, 3).expect("a small shape");
    let mut header = StackHeader::new(1, shape, SampleFormat::full(PixelType::U8)).expect("a small stack");
    for (name, bytes) in [
        ("icc", b"profile".as_slice()),
        ("exif", EXIF),
        ("xmp", b"<x/>"),
        ("tiff:ImageDescription", b"\x02\0{\"shape\": [1, 2, 3]}\0"),
        ("tiff:XResolution", b"\x05\0\x48\0\0\0\x01\0\0\0"),
        ("png:pHYs", b"\0\0\0\x09\0\0\0\x09\x01"),
        ("png:text", b"\0\0\0\x03tEXta\0b"),
    ] {
        header.meta.add_block(name, 0, bytes.to_vec());
    }
    write_frame_image(target, &header, &FrameBuf::U8(vec![7; 6])).expect("a file");
}

/// Writes a stack of 3 frames of 5 x 7.
fn write_stack(target: &Path, pixel: PixelType, channels: usize) {
    let shape = FrameShape::new(5, 7, channels).expect("a small shape");
    let header = StackHeader::new(3, shape, SampleFormat::full(pixel)).expect("a small stack");
    let mut sink = open_output(target, &header, &OutputOptions::default()).expect("an output");
    sink.start(&header).expect("a start");
    for index in 0..3 {
        let samples = (0..shape.samples()).map(|n| n * 3 + index);
        let frame = match pixel {
            PixelType::U8 => FrameBuf::U8(samples.map(|n| n as u8).collect()),
            PixelType::U16 => FrameBuf::U16(samples.map(|n| n as u16 * 200).collect()),
            _ => FrameBuf::F32(samples.map(|n| n as f32 / 7.0).collect()),
        };
        sink.push(&frame).expect("a frame");
    }
    sink.finish().expect("an end");
}

/// An archive of one array.
fn npz(npy: &[u8]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    archive.start_file("stack.npy", zip::write::SimpleFileOptions::default()).expect("an entry");
    archive.write_all(npy).expect("bytes in memory");
    archive.finish().expect("an archive").into_inner()
}

/// Writes over a file in place: file systems are slow at emptying or making thousands of files.
fn overwrite(file: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = std::fs::OpenOptions::new().write(true).create(true).truncate(false).open(file)?;
    file.write_all(bytes)?;
    file.set_len(bytes.len() as u64)
}

/// Any file: a stack that opens has a valid header, and its frames can be read or are refused. What it carries is
/// written and read again.
pub fn input_file(bytes: &[u8]) -> bool {
    thread_local! {
        static FOLDER: OnceCell<TempDir> = const { OnceCell::new() };
    }
    FOLDER.with(|folder| {
        let folder = folder.get_or_init(|| tempfile::tempdir().expect("a temporary folder")).path();
        let file = folder.join("input");
        overwrite(&file, bytes).expect("a temporary file");
        let open = |file: &Path| open_input(file.as_os_str(), &InputOptions::default(), &LIMITS);
        let Ok(mut source) = open(&file) else { return false };
        let header = source.header().clone();
        LIMITS.check_header(&file, &header).expect("a source keeps to the limits");
        header.check().expect("a source gives a header that is right");
        let mut frame = FrameBuf::for_header(&header);
        let readable = [header.frames - 1, header.frames / 2, 0].iter().all(|&index| {
            let read = source.read_frame(index, &mut frame);
            assert!(read.is_err() || frame.len() == header.shape.samples(), "a frame of the wrong size");
            read.is_ok()
        });
        if readable && !header.meta.blocks.is_empty() {
            let first = header.part(0..1).expect("the first frame");
            for name in ["carried.tif", "carried.png"] {
                let file = folder.join(name);
                // PNG does not hold all types of samples.
                if write_frame_image(&file, &first, &frame).is_ok() {
                    let mut again = open(&file).expect("what was written opens");
                    let mut other = FrameBuf::for_header(again.header());
                    again.read_frame(0, &mut other).expect("what was written can be read");
                    assert_eq!(other.le_bytes(), frame.le_bytes(), "other samples");
                }
            }
        }
        readable
    })
}
