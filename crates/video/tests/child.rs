//! An FFmpeg that is missing, old, incomplete, talkative, killed or asleep: typed errors, and no hang.
#![cfg(unix)]

mod stacks;

use std::path::{Path, PathBuf};

use stack_core::{Error, FrameBuf, FrameSource, Limits, PixelType, Result, StackHeader};
use stack_video::{Codec, Ffmpeg, VideoFile, VideoWriter};
use stacks::{difficult, encode, ffmpeg, full, gray};

fn fake(name: &str) -> Result<Ffmpeg> {
    Ffmpeg::at(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fake").join(name))
}

/// Encodes up to a thousand frames with a fake FFmpeg; returns the error, and what is left in the folder.
fn encode_with(name: &str) -> (Error, Vec<PathBuf>) {
    let folder = tempfile::tempdir().unwrap();
    let header = StackHeader::new(1000, gray(100, 100), full(PixelType::U8)).unwrap();
    let frame = FrameBuf::for_header(&header);
    let run = || -> Result<()> {
        let path = folder.path().join("stack.mkv");
        let mut writer = VideoWriter::create_with(&fake(name)?, &path, &header, Codec::Ffv1, &[])?;
        for _ in 0..header.frames {
            writer.push(&frame)?;
        }
        writer.finish()
    };
    let error = run().expect_err("a fake FFmpeg");
    let left = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
    (error, left)
}

#[test]
fn dying_half_way_is_told_with_its_last_words() {
    let (error, left) = encode_with("dies-half-way");
    assert!(matches!(error, Error::Unavailable { .. }), "{error}");
    let text = error.to_string();
    assert!(text.contains("the disk of the story is full") && text.contains("of 1000 frames"), "{text}");
    assert!(text.contains("signal: 9"), "{text}");
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn a_process_that_stops_listening_is_not_waited_for() {
    let (error, left) = encode_with("stops-listening");
    assert!(error.to_string().contains("signal: 9"), "{error}");
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn a_flood_of_log_lines_does_not_block_and_the_error_is_found_in_it() {
    let (error, left) = encode_with("floods-its-log");
    let text = error.to_string();
    assert!(text.contains("nothing was written") && text.contains("exit status: 3"), "{text}");
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn old_incomplete_and_missing_programs_are_unavailable() {
    for (name, word) in [
        ("too-old", "4.4.2-0ubuntu0.22.04.1 is too old"),
        ("without-encoders", "the encoder ffv1"),
        ("is-not-there", "was not found"),
    ] {
        let (error, left) = encode_with(name);
        assert!(matches!(error, Error::Unavailable { .. }), "{error}");
        assert!(error.to_string().contains(word), "{error}");
        assert!(left.is_empty(), "{left:?}");
    }
    // A program that runs, but is something else.
    assert!(matches!(Ffmpeg::at("true"), Err(Error::Unavailable { .. })));
}

#[test]
fn dropping_a_writer_kills_the_process_and_removes_the_files() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("stack.mkv");
    let header = StackHeader::new(10, gray(100, 100), full(PixelType::U8)).unwrap();
    let mut writer =
        VideoWriter::create_with(&fake("never-ends").unwrap(), &path, &header, Codec::Ffv1, &[]).unwrap();
    writer.push(&FrameBuf::for_header(&header)).unwrap();
    let number = folder.path().join("stack.mkv.pid");
    let process = loop {
        match std::fs::read_to_string(&number) {
            Ok(text) if text.ends_with('\n') => break text.trim().to_owned(),
            _ => std::thread::sleep(std::time::Duration::from_millis(5)),
        }
    };
    std::fs::write(&path, b"half a file").unwrap();
    drop(writer);
    // Killed and reaped: not even a zombie is left. `kill -0` only asks.
    let asked =
        std::process::Command::new("sh").args(["-c", &format!("kill -0 {process}")]).output().unwrap();
    assert!(!asked.status.success(), "process {process} still exists");
    std::fs::remove_file(number).unwrap();
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_decoder_that_dies_is_told_with_its_last_words() {
    if ffmpeg().is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("stack.mkv");
    encode(&path, &difficult(full(PixelType::U8), gray(8, 8)), Codec::Ffv1, &[]).unwrap();
    let mut video =
        VideoFile::open(&path, &Limits::default()).unwrap().with_ffmpeg(fake("stops-decoding").unwrap());
    let mut frame = FrameBuf::for_header(video.header());
    // The first frame may or may not get through before the error is read; the second never does.
    let error = video.read_frame(1, &mut frame).unwrap_err();
    assert!(error.to_string().contains("somebody pulled the plug"), "{error}");
}
