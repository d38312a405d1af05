//! FFV1 gives back every bit, whatever the samples and the frame size.

mod stacks;

use stack_core::{Error, FrameBuf, FrameShape, FrameSource, PixelType, SampleFormat, StackHeader};
use stack_video::{Codec, VideoWriter};
use stacks::{decode, difficult, encode, ffmpeg, full, gray, open};

const SMALL: [(usize, usize); 3] = [(2, 2), (3, 5), (21, 31)];
/// One slice and four; the thinnest that four slices take.
const LARGE: [(usize, usize); 4] = [(16, 16), (201, 301), (4, 400), (289, 5)];

fn formats() -> Vec<(SampleFormat, usize, &'static str)> {
    let bits = |bits| SampleFormat::new(PixelType::U16, bits).unwrap();
    vec![
        (full(PixelType::U8), 1, "gray"),
        (full(PixelType::U8), 2, "ya8"),
        (full(PixelType::U8), 3, "bgr0"),
        (full(PixelType::U8), 4, "bgra"),
        (bits(10), 1, "gray10le"),
        (bits(12), 1, "gray12le"),
        (bits(14), 1, "gray16le"),
        (full(PixelType::U16), 1, "gray16le"),
        (full(PixelType::U16), 3, "gbrp16le"),
        (full(PixelType::U16), 4, "gbrap16le"),
    ]
}

#[test]
fn every_format_and_size_comes_back_bit_for_bit() {
    if ffmpeg().is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("stack.mkv");
    for (format, channels, encoded) in formats() {
        // Every ffmpeg takes a while to start, so the formats that differ least are tried in fewer sizes.
        let large = if ["gray", "gray16le", "bgr0"].contains(&encoded) { &LARGE[..] } else { &[] };
        for &(height, width) in SMALL.iter().chain(large) {
            let stack = difficult(format, FrameShape::new(height, width, channels).unwrap());
            encode(&path, &stack, Codec::Ffv1, &[]).unwrap();
            assert_eq!(decode(&path).unwrap(), stack, "{format} {height} x {width} x {channels}");
            assert_eq!(open(&path).unwrap().encoded_description(), format!("FFV1, {encoded}"));
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
    let stack = stack_core::StackInMemory::new(header, vec![frame]).unwrap();
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
    let stack = stack_core::StackInMemory::new(header, stack.frames().to_vec()).unwrap();
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
    for codec in Codec::ALL {
        encode(&first, &stack, codec, &[("table", vec![1, 2, 3])]).unwrap();
        encode(&second, &stack, codec, &[("table", vec![1, 2, 3])]).unwrap();
        assert_eq!(std::fs::read(&first).unwrap(), std::fs::read(&second).unwrap(), "{codec}");
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
