//! The lossless codecs give back every bit, whatever the samples and the frame size.

mod stacks;

use std::path::Path;

use stack_core::{
    Error, ErrorBound, FrameBuf, FrameShape, FrameSource, PixelType, SampleFormat, StackHeader, StackInMemory,
};
use stack_video::{Codec, Encoding, VideoWriter};
use stacks::{decode, difficult, encode, ffmpeg, full, gray, open};

const SMALL: [(usize, usize); 3] = [(2, 2), (3, 5), (21, 31)];
/// One slice and four; the thinnest that four slices take.
const LARGE: [(usize, usize); 4] = [(16, 16), (201, 301), (4, 400), (289, 5)];

/// The sample formats of one codec: format, channels, the pixel format that they are stored in.
fn formats(codec: Codec) -> Vec<(SampleFormat, usize, &'static str)> {
    let (u8, u16) = (full(PixelType::U8), full(PixelType::U16));
    let bits = |bits| SampleFormat::new(PixelType::U16, bits).unwrap();
    match codec {
        Codec::Ffv1 => vec![
            (u8, 1, "gray"),
            (u8, 2, "ya8"),
            (u8, 3, "bgr0"),
            (u8, 4, "bgra"),
            (bits(10), 1, "gray10le"),
            (bits(12), 1, "gray12le"),
            (bits(14), 1, "gray16le"),
            (u16, 1, "gray16le"),
            (u16, 3, "gbrp16le"),
            (u16, 4, "gbrap16le"),
        ],
        Codec::X264Lossless => vec![(u8, 1, "gray"), (bits(10), 1, "gray10le"), (u8, 3, "bgr0")],
        Codec::X265Lossless => vec![
            (u8, 1, "gray"),
            (bits(9), 1, "gray10le"),
            (bits(12), 1, "gray12le"),
            (u8, 3, "gbrp"),
            (bits(10), 3, "gbrp10le"),
            (bits(12), 3, "gbrp12le"),
        ],
        Codec::JpegXlLossless => vec![
            (u8, 1, "gray"),
            (u8, 2, "ya8"),
            (u8, 3, "rgb24"),
            (u8, 4, "rgba"),
            (bits(12), 1, "gray16le"),
            (u16, 1, "gray16le"),
            (u16, 2, "ya16le"),
            (u16, 3, "rgb48le"),
            (u16, 4, "rgba64le"),
        ],
        _ => Vec::new(),
    }
}

/// Encodes and compares; returns what was stored.
fn comes_back(path: &Path, encoding: Encoding, stack: &StackInMemory) -> String {
    assert_eq!(encoding.promise(stack.header()).unwrap(), ErrorBound::Lossless);
    encode(path, stack, encoding, &[]).unwrap();
    assert!(decode(path).unwrap() == *stack, "{encoding}: {}", stack.header().describe());
    open(path).unwrap().encoded_description().to_owned()
}

/// Every ffmpeg takes a while to start, so the formats that differ least are tried in fewer sizes.
fn every_format_and_size(codec: Codec, small: &[(usize, usize)], large: &[(usize, usize)]) {
    let Some(ffmpeg) = ffmpeg() else { return };
    if let Err(error) = ffmpeg.require_encoder(codec.encoder()) {
        println!("skipped: {error}");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("stack.mkv");
    for (format, channels, encoded) in formats(codec) {
        let large = if ["gray", "gray16le", "bgr0"].contains(&encoded) { large } else { &[] };
        for &(height, width) in small.iter().chain(large) {
            let stack = difficult(format, FrameShape::new(height, width, channels).unwrap());
            let stored = comes_back(&path, codec.into(), &stack);
            assert!(stored.ends_with(&format!(", {encoded}")), "{stored}");
        }
    }
}

#[test]
fn every_format_and_size_of_ffv1_comes_back_bit_for_bit() {
    every_format_and_size(Codec::Ffv1, &SMALL, &LARGE);
}

#[test]
fn every_format_and_size_of_x264_comes_back_bit_for_bit() {
    every_format_and_size(
        Codec::X264Lossless,
        &[(1, 1), (21, 31)],
        &[(3, 5), (1, 9), (9, 1), (64, 64), (4, 400)],
    );
}

#[test]
fn every_format_and_size_of_x265_comes_back_bit_for_bit() {
    // Sides that are multiples of 16 are where frames that refer to others come back changed.
    every_format_and_size(Codec::X265Lossless, &[(16, 16)], &[(64, 64), (48, 32), (201, 301)]);
}

#[test]
fn every_format_and_size_of_jpeg_xl_comes_back_bit_for_bit() {
    every_format_and_size(Codec::JpegXlLossless, &[(3, 5)], &[(1, 1), (1, 9), (9, 1), (5, 400)]);
}

#[test]
fn high_and_low_bytes_in_two_tracks_come_back() {
    let Some(ffmpeg) = ffmpeg() else { return };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("planes.mkv");
    let shortest =
        [(Codec::X264Lossless, 1), (Codec::X265Lossless, 16), (Codec::Ffv1, 2), (Codec::JpegXlLossless, 1)];
    for (codec, side) in shortest {
        if ffmpeg.require_encoder(codec.encoder()).is_err() {
            println!("skipped: no {codec}");
            continue;
        }
        let encoding = Encoding::new(codec, None, 2).unwrap();
        for (bits, (height, width)) in [(16, (side, side + 2)), (12, (21, 33))] {
            let format = SampleFormat::new(PixelType::U16, bits).unwrap();
            let stored = comes_back(&path, encoding, &difficult(format, gray(height, width)));
            assert!(stored.ends_with("gray, one track of high and one of low bytes"), "{stored}");
        }
        let mut video = open(&path).unwrap();
        assert_eq!(video.encoding(), encoding);
        let mut frame = FrameBuf::U8(Vec::new());
        let stack = difficult(SampleFormat::new(PixelType::U16, 12).unwrap(), gray(21, 33));
        for index in [5, 1, 3] {
            video.read_frame(index, &mut frame).unwrap();
            assert_eq!(&frame, &stack.frames()[index], "{codec}, frame {index}");
        }
    }
}

#[test]
fn one_frame_is_a_stack_too() {
    if ffmpeg().is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("one.mkv");
    let header = StackHeader::new(1, gray(2, 3), full(PixelType::U16)).unwrap();
    let frame = FrameBuf::U16(vec![0, 65_535, 1, 2, 32_768, 255]);
    let stack = StackInMemory::new(header, vec![frame]).unwrap();
    encode(&path, &stack, Codec::Ffv1, &[]).unwrap();
    assert_eq!(decode(&path).unwrap(), stack);
}

#[test]
fn names_and_properties_come_back() {
    if ffmpeg().is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("named.mkv");
    let mut header = difficult(full(PixelType::U8), gray(4, 4)).header().clone();
    header.meta.frame_names = (0..header.frames).map(|n| format!("zelle \u{e4} {n}.png")).collect();
    header.meta.properties.insert("instrument".into(), "\"quoted\"\nline".into());
    let stack = difficult(full(PixelType::U8), gray(4, 4));
    let stack = StackInMemory::new(header, stack.frames().to_vec()).unwrap();
    encode(&path, &stack, Codec::Ffv1, &[("hashes", vec![7; 100])]).unwrap();
    assert_eq!(decode(&path).unwrap(), stack);
    assert_eq!(open(&path).unwrap().table("hashes").unwrap(), Some(vec![7; 100]));
    assert_eq!(open(&path).unwrap().table("other").unwrap(), None);
}

#[test]
fn frames_are_read_in_any_order() {
    if ffmpeg().is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("stack.mkv");
    let stack = difficult(full(PixelType::U16), gray(5, 7));
    encode(&path, &stack, Codec::Ffv1, &[]).unwrap();
    let mut video = open(&path).unwrap();
    assert!(!video.seeks());
    let mut frame = FrameBuf::U8(Vec::new());
    for index in [3, 3, 5, 5, 0, 4, 1] {
        video.read_frame(index, &mut frame).unwrap();
        assert_eq!(&frame, &stack.frames()[index], "frame {index}");
    }
    assert!(matches!(video.read_frame(6, &mut frame), Err(Error::Parameter { .. })));
    assert_eq!(video.disk_bytes(), Some(std::fs::metadata(&path).unwrap().len()));
}

#[test]
fn the_same_stack_makes_the_same_bytes() {
    if ffmpeg().is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let (first, second) = (folder.path().join("first.mkv"), folder.path().join("another name.mkv"));
    let stack = stacks::drifting_blob(full(PixelType::U8), gray(61, 90), 12);
    let planes = Codec::ALL.into_iter().filter_map(|codec| Encoding::new(codec, None, 2).ok());
    let wide = stacks::drifting_blob(full(PixelType::U16), gray(61, 90), 12);
    for encoding in Codec::ALL.into_iter().map(Encoding::from).chain(planes) {
        let stack = if encoding.planes() == 2 { &wide } else { &stack };
        encode(&first, stack, encoding, &[("table", vec![1, 2, 3])]).unwrap();
        encode(&second, stack, encoding, &[("table", vec![1, 2, 3])]).unwrap();
        assert!(std::fs::read(&first).unwrap() == std::fs::read(&second).unwrap(), "{encoding}");
    }
}

#[test]
fn a_sample_above_the_promised_bits_is_refused_and_leaves_no_file() {
    let Some(ffmpeg) = ffmpeg() else { return };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("stack.mkv");
    let format = SampleFormat::new(PixelType::U16, 12).unwrap();
    let header = StackHeader::new(1, gray(2, 2), format).unwrap();
    let mut writer = VideoWriter::create_with(ffmpeg, &path, &header, Codec::Ffv1, &[]).unwrap();
    let error = writer.push(&FrameBuf::U16(vec![0, 4095, 4096, 1])).unwrap_err();
    assert!(error.to_string().contains("sample 4096 does not fit in the 12 bits"), "{error}");
    drop(writer);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn wrong_frames_wrong_counts_and_wrong_tables_are_refused() {
    let Some(ffmpeg) = ffmpeg() else { return };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("stack.mkv");
    let header = StackHeader::new(2, gray(2, 2), full(PixelType::U8)).unwrap();
    let start =
        |tables: &[(&str, Vec<u8>)]| VideoWriter::create_with(ffmpeg, &path, &header, Codec::Ffv1, tables);
    let mut writer = start(&[]).unwrap();
    assert!(matches!(writer.push(&FrameBuf::U8(vec![0; 5])), Err(Error::Parameter { .. })));
    assert!(matches!(writer.push(&FrameBuf::U16(vec![0; 4])), Err(Error::Parameter { .. })));
    writer.push(&FrameBuf::U8(vec![0; 4])).unwrap();
    assert!(matches!(writer.finish(), Err(Error::Parameter { .. })));
    assert!(!path.exists());

    let mut writer = start(&[]).unwrap();
    writer.push(&FrameBuf::U8(vec![0; 4])).unwrap();
    writer.push(&FrameBuf::U8(vec![0; 4])).unwrap();
    assert!(matches!(writer.push(&FrameBuf::U8(vec![0; 4])), Err(Error::Parameter { .. })));
    drop(writer);

    let one = || vec![1];
    for tables in [
        vec![("../escape", one())],
        vec![("", one())],
        vec![("header.json", one())],
        vec![("same", one()), ("same", one())],
        vec![("empty", vec![])],
    ] {
        let error = start(&tables).err().expect("an unusable table");
        assert!(matches!(error, Error::Parameter { .. }), "{error}");
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn file_names_that_look_like_options_or_urls_are_files() {
    if ffmpeg().is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let stack = difficult(full(PixelType::U8), gray(4, 4));
    for name in ["-y.mkv", "http:example.mkv", "pipe:1", "a b%03d\n.mkv", "noextension"] {
        let path = folder.path().join(name);
        encode(&path, &stack, Codec::Ffv1, &[]).unwrap();
        assert_eq!(decode(&path).unwrap(), stack, "{name:?}");
    }
    let missing = folder.path().join("no/such/folder.mkv");
    assert!(matches!(encode(&missing, &stack, Codec::Ffv1, &[]), Err(Error::Io { .. })));
}
