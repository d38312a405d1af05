//! Files that are cut off at any byte, or have any bit flipped: an error or other samples, never a panic.

mod stacks;

use std::fs;
use std::io::{Cursor, Seek, SeekFrom, Write};
use std::path::Path;

use stack_core::{FrameBuf, FrameSource, Limits, PixelType, Result, StackInMemory};
use stack_sources::array::ArraySource;
use stack_sources::npz::open_npz;
use stack_sources::{InputOptions, open_input};
use stacks::{open, read_all, stack, write};
use tiff::encoder::colortype::{Gray16, RGB8};
use tiff::encoder::compression::{CompressionAlgorithm, Lzw};
use tiff::encoder::{Compression, TiffEncoder};
use tiff::tags::{Predictor, Tag};
use zip::CompressionMethod;
use zip::write::SimpleFileOptions;

fn read(path: &Path) -> Result<Vec<Vec<u8>>> {
    open(path).and_then(|mut source| read_all(source.as_mut()))
}

/// Opens every beginning of the file; `may_pass` says whether losing the last bytes may go unnoticed.
fn cut_everywhere(path: &Path, may_pass: bool) {
    let whole = fs::read(path).unwrap();
    let samples = read(path).unwrap();
    // Shortened in place: file systems are slow at writing thousands of new files.
    let file = fs::OpenOptions::new().write(true).open(path).unwrap();
    for length in (0..whole.len()).rev() {
        file.set_len(length as u64).unwrap();
        match read(path) {
            Ok(found) => assert!(may_pass && found == samples, "{}: {length} bytes", path.display()),
            Err(error) => assert!(error.to_string().contains("; "), "{error}"),
        }
    }
    fs::write(path, whole).unwrap();
}

/// Opens the file with every bit flipped, one after the other.
fn flip_everywhere(path: &Path) {
    let bytes = fs::read(path).unwrap();
    let mut file = fs::OpenOptions::new().write(true).open(path).unwrap();
    let mut set = |at: usize, byte: u8| {
        file.seek(SeekFrom::Start(at as u64)).unwrap();
        file.write_all(&[byte]).unwrap();
    };
    for (at, &byte) in bytes.iter().enumerate() {
        for bit in 0..8 {
            set(at, byte ^ 1 << bit);
            // Other samples may come; what matters is that an answer comes.
            let _ = read(path);
        }
        set(at, byte);
    }
    assert_eq!(fs::read(path).unwrap(), bytes);
}

#[test]
fn npy() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.npy");
    write(&mut stack(PixelType::I16, 2, [2, 3, 1]), &path);
    cut_everywhere(&path, false);
    flip_everywhere(&path);
    let mut bytes = fs::read(&path).unwrap();
    bytes.push(0);
    fs::write(&path, &bytes).unwrap();
    let error = read(&path).unwrap_err().to_string();
    assert!(error.contains("too long: 2 frames of 2 x 3, i16 need 24 bytes, there are 25"), "{error}");
}

#[test]
fn npy_that_claims_a_trillion_frames() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.npy");
    let claim = |shape: &str| {
        let text = format!("{{'descr': '|u1', 'fortran_order': False, 'shape': ({shape}), }}\n");
        let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
        bytes.extend((text.len() as u16).to_le_bytes());
        bytes.extend(text.as_bytes());
        bytes.extend([0; 16]);
        fs::write(&path, bytes).unwrap();
        read(&path).unwrap_err().to_string()
    };
    assert!(claim("1000000000000, 4, 4").contains("the number of frames is 1000000000000"));
    assert!(claim("90000000, 4, 4").contains("need 1440000000 bytes, there are 16"));
    assert!(claim("4, 18446744073709551615, 4").contains("overflows"));
    assert!(claim("4, 0, 4").contains("an axis has length 0"));
}

#[test]
fn ten_gigabytes_are_not_loaded() {
    // A file with a hole: it claims and has the size, and takes no room.
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.npy");
    let header = b"{'descr': '<u2', 'fortran_order': False, 'shape': (5000, 1000, 1000)}\n";
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend((header.len() as u16).to_le_bytes());
    bytes.extend(header);
    let size = bytes.len() as u64 + 10_000_000_000;
    fs::write(&path, &bytes).unwrap();
    let file = fs::OpenOptions::new().write(true).open(&path).unwrap();
    if file.set_len(size).is_err() {
        println!("skipped: this file system has no files of 10 GB");
        return;
    }
    let limits = Limits { memory_bytes: 1 << 20, ..Limits::default() };
    let mut source = ArraySource::open_npy(&path, &limits).unwrap();
    let mut frame = FrameBuf::U8(Vec::new());
    source.read_frame(4999, &mut frame).unwrap();
    assert_eq!(frame, FrameBuf::U16(vec![0; 1_000_000]));
}

#[test]
fn npz() {
    let folder = tempfile::tempdir().unwrap();
    let npy = folder.path().join("x.npy");
    write(&mut stack(PixelType::U8, 2, [3, 3, 1]), &npy);
    for compression in [CompressionMethod::Stored, CompressionMethod::Deflated] {
        let path = folder.path().join("x.npz");
        let mut writer = zip::ZipWriter::new(fs::File::create(&path).unwrap());
        let options = SimpleFileOptions::default().compression_method(compression);
        writer.start_file("x.npy", options).unwrap();
        writer.write_all(&fs::read(&npy).unwrap()).unwrap();
        writer.finish().unwrap();
        cut_everywhere(&path, false);
        flip_everywhere(&path);
    }
}

#[test]
fn deflated_samples_are_checked() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.npz");
    let npy = folder.path().join("x.npy");
    write(&mut stack(PixelType::U8, 1, [64, 64, 1]), &npy);
    let mut writer = zip::ZipWriter::new(fs::File::create(&path).unwrap());
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    writer.start_file("x.npy", options).unwrap();
    writer.write_all(&fs::read(&npy).unwrap()).unwrap();
    writer.finish().unwrap();
    let mut bytes = fs::read(&path).unwrap();
    // Noise is stored, not compressed: a flipped bit in the middle is a wrong sample, which only the CRC notices.
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&path, bytes).unwrap();
    let error = open_npz(&path, None, &Limits::default()).err().unwrap().to_string();
    assert!(error.contains("member x.npy: it cannot be inflated"), "{error}");
}

#[test]
fn stored_samples_are_checked_with_the_last_frame() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.npz");
    let npy = folder.path().join("x.npy");
    write(&mut stack(PixelType::U8, 3, [64, 64, 1]), &npy);
    let mut writer = zip::ZipWriter::new(fs::File::create(&path).unwrap());
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    writer.start_file("x.npy", options).unwrap();
    writer.write_all(&fs::read(&npy).unwrap()).unwrap();
    writer.finish().unwrap();
    let mut bytes = fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&path, &bytes).unwrap();
    let mut source = open(&path).unwrap();
    let mut frame = FrameBuf::U8(Vec::new());
    // Reading twice, or out of order, is not taken for damage.
    for index in [0, 2, 0, 1, 1] {
        source.read_frame(index, &mut frame).unwrap();
    }
    let error = source.read_frame(2, &mut frame).unwrap_err().to_string();
    assert!(error.contains("frame 2: the member's checksum is"), "{error}");
    bytes[middle] ^= 1;
    fs::write(&path, &bytes).unwrap();
    for _ in 0..2 {
        assert!(read(&path).is_ok());
    }
    let mut source = open(&path).unwrap();
    for index in [0, 0, 1, 2, 1, 2, 0] {
        source.read_frame(index, &mut frame).unwrap();
    }
}

/// Two pages, compressed with a predictor.
fn compressed_pages(compression: Compression) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let mut encoder = TiffEncoder::new(&mut bytes)
        .unwrap()
        .with_compression(compression)
        .with_predictor(Predictor::Horizontal);
    for page in 0..2_u16 {
        let samples: Vec<u16> = (0..48).map(|index| index * 300 + page).collect();
        encoder.write_image::<Gray16>(8, 6, &samples).unwrap();
    }
    bytes.into_inner()
}

#[test]
fn tiff_pages() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.tif");
    write(&mut stack(PixelType::U16, 2, [2, 3, 1]), &path);
    cut_everywhere(&path, false);
    flip_everywhere(&path);
    for compression in [Compression::Lzw, Compression::Deflate(Default::default()), Compression::Packbits] {
        fs::write(&path, compressed_pages(compression)).unwrap();
        cut_everywhere(&path, false);
        flip_everywhere(&path);
    }
    let mut bytes = Cursor::new(Vec::new());
    let mut encoder = TiffEncoder::new_big(&mut bytes).unwrap();
    encoder.write_image::<RGB8>(2, 2, &[7; 12]).unwrap();
    fs::write(&path, bytes.into_inner()).unwrap();
    cut_everywhere(&path, false);
    flip_everywhere(&path);
}

/// One page of 5 x 7 samples in four tiles of 4 x 4, in RGB where `channels` is 3, compressed where `lzw` is true.
fn tiled_page(channels: u16, lzw: bool) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let mut encoder = TiffEncoder::new(&mut bytes).unwrap();
    let mut page = encoder.image_directory().unwrap();
    let mut tile = vec![9_u8; 16 * usize::from(channels)];
    if lzw {
        let samples = std::mem::take(&mut tile);
        Lzw.write_to(&mut tile, &samples).unwrap();
    }
    let offsets: Vec<u32> = (0..4).map(|_| page.write_data(tile.as_slice()).unwrap() as u32).collect();
    page.write_tag(Tag::ImageWidth, 7_u32).unwrap();
    page.write_tag(Tag::ImageLength, 5_u32).unwrap();
    page.write_tag(Tag::BitsPerSample, vec![8_u16; usize::from(channels)].as_slice()).unwrap();
    page.write_tag(Tag::Compression, if lzw { 5_u16 } else { 1 }).unwrap();
    page.write_tag(Tag::PhotometricInterpretation, if channels == 3 { 2_u16 } else { 1 }).unwrap();
    page.write_tag(Tag::SamplesPerPixel, channels).unwrap();
    page.write_tag(Tag::PlanarConfiguration, 1_u16).unwrap();
    page.write_tag(Tag::TileWidth, 4_u32).unwrap();
    page.write_tag(Tag::TileLength, 4_u32).unwrap();
    page.write_tag(Tag::TileOffsets, offsets.as_slice()).unwrap();
    page.write_tag(Tag::TileByteCounts, [tile.len() as u32; 4].as_slice()).unwrap();
    page.finish().unwrap();
    bytes.into_inner()
}

#[test]
fn tiff_tiles() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.tif");
    for (channels, lzw) in [(1, false), (3, false), (1, true), (3, true)] {
        fs::write(&path, tiled_page(channels, lzw)).unwrap();
        assert_eq!(read(&path).unwrap(), [vec![9; 35 * usize::from(channels)]]);
        cut_everywhere(&path, false);
        flip_everywhere(&path);
    }
}

/// Noise in LZW tiles that reach past the right edge, of which the decoder alone reads few.
#[test]
fn tiff_lzw_tiles_at_the_edge() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.tif");
    let original = stack(PixelType::U8, 1, [40, 37, 1]);
    let frame = original.frames()[0].le_bytes().into_owned();
    let mut bytes = Cursor::new(Vec::new());
    let mut encoder = TiffEncoder::new(&mut bytes).unwrap();
    let mut page = encoder.image_directory().unwrap();
    let (mut offsets, mut lengths) = (Vec::new(), Vec::new());
    for index in 0..9 {
        let (top, left) = (index / 3 * 16, index % 3 * 16);
        let samples: Vec<u8> = (0..256)
            .map(|at| (top + at / 16, left + at % 16))
            .map(|(row, column)| if row < 40 && column < 37 { frame[row * 37 + column] } else { 0 })
            .collect();
        let mut tile = Vec::new();
        Lzw.write_to(&mut tile, &samples).unwrap();
        offsets.push(page.write_data(tile.as_slice()).unwrap() as u32);
        lengths.push(tile.len() as u32);
    }
    page.write_tag(Tag::ImageWidth, 37_u32).unwrap();
    page.write_tag(Tag::ImageLength, 40_u32).unwrap();
    page.write_tag(Tag::BitsPerSample, 8_u16).unwrap();
    page.write_tag(Tag::Compression, 5_u16).unwrap();
    page.write_tag(Tag::PhotometricInterpretation, 1_u16).unwrap();
    page.write_tag(Tag::TileWidth, 16_u32).unwrap();
    page.write_tag(Tag::TileLength, 16_u32).unwrap();
    page.write_tag(Tag::TileOffsets, offsets.as_slice()).unwrap();
    page.write_tag(Tag::TileByteCounts, lengths.as_slice()).unwrap();
    page.finish().unwrap();
    fs::write(&path, bytes.into_inner()).unwrap();
    assert_eq!(read(&path).unwrap(), [frame]);
}

/// A page whose tags are of all kinds that are kept: texts, a profile, Exif data.
fn page_with_tags(path: &Path) {
    let mut original = stack(PixelType::U8, 1, [2, 2, 1]);
    let mut header = original.header().clone();
    let exif = b"MM\0\x2a\0\0\0\x08\0\x01\x87\x69\0\x04\0\0\0\x01\0\0\0\x1a\0\0\0\0\
        \0\x01\x88\x27\0\x03\0\0\0\x01\0\x64\0\0\0\0\0\0";
    for (name, bytes) in [
        ("tiff:ImageDescription", b"\x02\0ImageJ=1.54f\nimages=1\n\0".as_slice()),
        ("tiff:IJMetadataByteCounts", b"\x04\0\x0c\0\0\0\x04\0\0\0"),
        ("tiff:IJMetadata", b"\x01\0JIJIofni\x01\0\0\0h\0i\0"),
        ("icc", b"a profile"),
        ("exif", exif),
    ] {
        header.meta.add_block(name, 0, bytes.to_vec());
    }
    original = StackInMemory::new(header, original.frames().to_vec()).unwrap();
    write(&mut original, path);
    assert_eq!(open(path).unwrap().header().meta.blocks.len(), 5);
}

#[test]
fn tiff_tags() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.tif");
    page_with_tags(&path);
    cut_everywhere(&path, false);
    flip_everywhere(&path);
    let limits = Limits { metadata_bytes: 20, ..Limits::default() };
    let error = open_input(path.as_os_str(), &InputOptions::default(), &limits).err().unwrap().to_string();
    assert!(error.contains("the size of a tag in bytes is 23, above the limit of 20"), "{error}");
    let limits = Limits { metadata_bytes: 60, ..Limits::default() };
    let error = open_input(path.as_os_str(), &InputOptions::default(), &limits).err().unwrap().to_string();
    assert!(error.contains("the size of profiles, tags and other blocks in bytes is"), "{error}");
}

/// A directory with one entry (a text) before those that a page needs, all counts and offsets as given.
fn claiming_tiff(big: bool, entries: u64, values: u64, strip: u64) -> Vec<u8> {
    let mut bytes =
        if big { b"II\x2b\0\x08\0\0\0\x10\0\0\0\0\0\0\0".to_vec() } else { b"II\x2a\0\x08\0\0\0".to_vec() };
    let number = |bytes: &mut Vec<u8>, value: u64| {
        let width = if big { 8 } else { 4 };
        bytes.extend(&value.to_le_bytes()[..width]);
    };
    bytes.extend(&entries.to_le_bytes()[..if big { 8 } else { 2 }]);
    for (tag, kind, count, value) in [
        (256_u16, 3_u16, 1, 2),
        (257, 3, 1, 2),
        (258, 3, 1, 8),
        (262, 3, 1, 1),
        (273, 4, 1, strip),
        (279, 4, 1, 4),
        (305, 2, values, 8),
    ] {
        bytes.extend(tag.to_le_bytes());
        bytes.extend(kind.to_le_bytes());
        number(&mut bytes, count);
        number(&mut bytes, value);
    }
    number(&mut bytes, 0);
    bytes.extend([9; 4]);
    bytes
}

#[test]
fn tiff_counts_and_places_that_are_not_there() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.tif");
    let problem = |bytes: &[u8]| {
        fs::write(&path, bytes).unwrap();
        read(&path).unwrap_err().to_string()
    };
    for big in [false, true] {
        let most = if big { u64::MAX } else { u64::from(u32::MAX) };
        fs::write(&path, claiming_tiff(big, 7, 1, 16)).unwrap();
        assert_eq!(read(&path).unwrap()[0].len(), 4);
        // Numbers of entries: classic TIFF has 16 bits for them.
        for entries in [5000, 65_535, 1 << 31, u64::MAX] {
            let error = problem(&claiming_tiff(big, entries, 1, 16));
            let shown = if big { entries } else { entries & 0xffff };
            let expected = if shown == 0 {
                "it has 0 entries".into()
            } else {
                format!("page 0: it has {shown} entries")
            };
            assert!(error.contains(&expected), "{error}");
        }
        // Numbers of values.
        for values in [1 << 20, 1 << 31, most] {
            let error = problem(&claiming_tiff(big, 7, values, 16));
            let limit = format!("the size of a tag in bytes is {values}, above the limit");
            assert!(
                error.contains("tag 305: it is longer than the file") || error.contains(&limit),
                "{error}"
            );
        }
        // Places of samples.
        let bytes = claiming_tiff(big, 7, 1, 16);
        for strip in [bytes.len() as u64 - 3, 1 << 31, u64::from(u32::MAX)] {
            let error = problem(&claiming_tiff(big, 7, 1, strip));
            assert!(error.contains("page 0: the file ends before the page does"), "{error}");
        }
    }
}

/// The decoder would ask for 134 MB for the one value of this tag.
#[test]
fn tiff_predictor_with_four_million_values() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.tif");
    let mut bytes = compressed_pages(Compression::Lzw);
    let entry = [0x3d, 1, 3, 0, 1, 0, 0, 0];
    let at = bytes.windows(8).position(|window| window == entry).unwrap();
    bytes[at + 6] = 0x40;
    fs::write(&path, bytes).unwrap();
    let error = read(&path).unwrap_err().to_string();
    assert!(error.contains("page 0: tag 317 has 4194305 values"), "{error}");
}

#[test]
fn tiff_chains_and_mixtures() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.tif");
    let mut bytes = Cursor::new(Vec::new());
    let mut encoder = TiffEncoder::new(&mut bytes).unwrap();
    encoder.write_image::<Gray16>(2, 2, &[7; 4]).unwrap();
    encoder.write_image::<Gray16>(2, 2, &[8; 4]).unwrap();
    encoder.write_image::<RGB8>(3, 2, &[7; 18]).unwrap();
    fs::write(&path, bytes.get_ref()).unwrap();
    let error = read(&path).unwrap_err().to_string();
    assert!(error.contains("page 2: it is 2 x 3 x 3, u8; page 0 is 2 x 2, u16"), "{error}");

    // The last page's pointer to the next one leads back to the first.
    let mut bytes = Cursor::new(Vec::new());
    let mut encoder = TiffEncoder::new(&mut bytes).unwrap();
    encoder.write_image::<Gray16>(2, 2, &[7; 4]).unwrap();
    let first = bytes.get_ref()[4..8].to_vec();
    bytes.seek(SeekFrom::End(-4)).unwrap();
    bytes.write_all(&first).unwrap();
    fs::write(&path, bytes.get_ref()).unwrap();
    let error = read(&path).unwrap_err().to_string();
    assert!(error.contains("the chain of pages leads back to an earlier page"), "{error}");
}

#[test]
fn png() {
    let folder = tempfile::tempdir().unwrap();
    let images = folder.path().join("images");
    write(&mut stack(PixelType::U16, 1, [3, 4, 3]), &images);
    let path = images.join("frame_000000.png");
    // The last chunk only says that there are no more.
    cut_everywhere(&path, true);
    flip_everywhere(&path);
}

#[test]
fn pnm_and_bmp() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.ppm");
    fs::write(&path, b"P6\n2 2\n1023\n\x00\x01\x00\x02\x00\x03\x00\x04\x00\x05\x00\x06\x00\x01\x00\x02\x00\x03\x00\x04\x00\x05\x00\x06").unwrap();
    cut_everywhere(&path, false);
    flip_everywhere(&path);
    let path = folder.path().join("x.bmp");
    image::GrayImage::from_pixel(3, 2, image::Luma([9])).save(&path).unwrap();
    cut_everywhere(&path, true);
    flip_everywhere(&path);
}

#[test]
fn a_file_that_shrinks_while_it_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.npy");
    write(&mut stack(PixelType::U16, 2, [4, 4, 1]), &path);
    let mut source = ArraySource::open_npy(&path, &Limits::default()).unwrap();
    fs::OpenOptions::new().write(true).open(&path).unwrap().set_len(150).unwrap();
    assert!(read_all(&mut source).is_err());
}
