//! Videos of every container that is known by its bytes, opened by a word.
#![cfg(feature = "video")]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use stack_core::{FrameBuf, FrameShape, FrameSource, Limits, PixelType, SampleFormat, StackHeader};
use stack_sources::{FileKind, InputOptions, open_input};
use stack_video::{Codec, Ffmpeg, VideoWriter};

fn ffmpeg() -> Option<Ffmpeg> {
    let found = Ffmpeg::locate().ok();
    if found.is_none() {
        assert!(std::env::var_os("STACKPRESS_REQUIRE_TOOLS").is_none(), "no ffmpeg on this machine");
        println!("skipped: no ffmpeg on this machine");
    }
    found
}

fn open(path: &Path) -> stack_core::Result<Box<dyn FrameSource>> {
    open_input(path.as_os_str(), &InputOptions::default(), &Limits::default())
}

#[test]
fn every_container_is_known_by_its_bytes() {
    let Some(ffmpeg) = ffmpeg() else { return };
    let folder = tempfile::tempdir().unwrap();
    let bare: PathBuf = folder.path().join("bare");
    for (extension, kind, codec) in [
        ("mkv", FileKind::Matroska, "ffv1"),
        ("webm", FileKind::Matroska, "libvpx"),
        ("mp4", FileKind::Mp4, "mpeg4"),
        ("mov", FileKind::Mp4, "mpeg4"),
        ("avi", FileKind::Avi, "mpeg4"),
        ("gif", FileKind::Gif, "gif"),
        ("ts", FileKind::MpegTs, "mpeg2video"),
        ("mpg", FileKind::MpegPs, "mpeg2video"),
        ("flv", FileKind::Flv, "flv"),
        ("ogv", FileKind::Ogg, "libtheora"),
        ("y4m", FileKind::Y4m, "wrapped_avframe"),
        ("wmv", FileKind::Asf, "msmpeg4"),
    ] {
        if ffmpeg.require_encoder(codec).is_err() {
            println!("skipped: no {codec}");
            continue;
        }
        let path = folder.path().join("film").with_extension(extension);
        let pixels: &[&str] = match extension {
            "gif" => &[],
            "mkv" => &["-pix_fmt", "gray"],
            _ => &["-pix_fmt", "yuv420p"],
        };
        let made = Command::new(ffmpeg.program())
            .args(["-v", "error", "-f", "lavfi", "-i", "testsrc2=size=64x48:rate=25:duration=0.4"])
            .args(["-c:v", codec])
            .args(pixels)
            .arg(&path)
            .stdin(Stdio::null())
            .status()
            .unwrap();
        assert!(made.success(), "{extension}");
        assert_eq!(FileKind::checked(&path).unwrap(), kind, "{extension}");
        std::fs::copy(&path, &bare).unwrap();
        assert_eq!(FileKind::checked(&bare).unwrap(), kind, "{extension}");

        let mut source = open(&path).unwrap();
        let header = source.header().clone();
        let channels = match extension {
            "mkv" => 1,
            "gif" => 4,
            _ => 3,
        };
        let shape = FrameShape::new(48, 64, channels).unwrap();
        assert_eq!((header.shape, header.format), (shape, SampleFormat::full(PixelType::U8)), "{extension}");
        // Theora leaves out frames that are like the one before.
        let expected = if extension == "ogv" { 5..11 } else { 10..11 };
        assert!(expected.contains(&header.frames), "{extension}: {} frames", header.frames);
        let mut frame = FrameBuf::U8(Vec::new());
        source.read_frame(header.frames - 1, &mut frame).unwrap();
        assert_eq!(frame.len(), header.shape.samples());
        assert!(!source.seeks());
    }
}

#[test]
fn a_file_of_ours_is_read_as_its_frames() {
    if ffmpeg().is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("stack.mkv");
    let header =
        StackHeader::new(3, FrameShape::gray(4, 5).unwrap(), SampleFormat::full(PixelType::U16)).unwrap();
    let mut writer = VideoWriter::create(&path, &header, Codec::Ffv1, &[]).unwrap();
    for value in [1, 40_000, 7] {
        writer.push(&FrameBuf::U16(vec![value; 20])).unwrap();
    }
    writer.finish().unwrap();
    let mut source = open(&path).unwrap();
    assert_eq!(source.header(), &header);
    let mut frame = FrameBuf::U8(Vec::new());
    source.read_frame(1, &mut frame).unwrap();
    assert_eq!(frame, FrameBuf::U16(vec![40_000; 20]));
}
