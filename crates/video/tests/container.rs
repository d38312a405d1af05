//! The Matroska file: what players say of it, patching in place, and what happens when it is damaged.

mod stacks;

use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use proptest::prelude::*;
use stack_core::{Error, FrameBuf, FrameShape, FrameSource, Limits, PixelType};
use stack_video::matroska::{self, TrackSummary, append_seal_space, replace_attachment};
use stack_video::{Codec, Encoding, VideoFile, is_stack_video, stream_bytes};
use stacks::{decode, difficult, encode, ffmpeg, full, gray, open};

/// What a program of FFmpeg prints about a file at warning level, and its answer.
fn ask(program: &Path, arguments: &[&str], path: &Path) -> (String, String) {
    let (before, after) = arguments.split_at(arguments.iter().position(|a| *a == "FILE").unwrap());
    let answer = Command::new(program)
        .args(["-v", "warning"])
        .args(before)
        .arg(path)
        .args(&after[1..])
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (text(answer.stdout), text(answer.stderr))
}

fn ffprobe() -> PathBuf {
    ffmpeg().unwrap().program().with_file_name("ffprobe")
}

#[test]
fn players_read_a_sealed_file_without_a_warning() {
    let Some(ffmpeg) = ffmpeg() else { return };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("stack.mkv");
    let planes =
        [Codec::X264Lossless, Codec::X265Lossless].map(|codec| Encoding::new(codec, None, 2).unwrap());
    for codec in Codec::ALL.into_iter().map(Encoding::from).chain(planes) {
        for (pixel, channels) in [(PixelType::U8, 1), (PixelType::U16, 1), (PixelType::U8, 3)] {
            let stack = difficult(full(pixel), FrameShape::new(33, 47, channels).unwrap());
            // Players know no JPEG XL in Matroska.
            if codec.codec() == Codec::JpegXlLossless || codec.promise(stack.header()).is_err() {
                continue;
            }
            encode(&path, &stack, codec, &[("frame-hashes", vec![0; 6 * 32])]).unwrap();
            let before = decode(&path).unwrap();
            replace_attachment(&path, "frame-hashes", &[9; 6 * 32]).unwrap();
            let payload = append_seal_space(&path, 48).unwrap();
            assert_eq!(payload + 48, std::fs::metadata(&path).unwrap().len());

            let said = ask(ffmpeg.program(), &["-i", "FILE", "-f", "null", "-"], &path);
            assert_eq!(said, (String::new(), String::new()), "{codec} {pixel} x {channels}");
            let questions = ["-select_streams", "v:0", "-count_frames", "-show_entries"];
            let form = ["stream=nb_read_frames,width,height", "-of", "csv=p=0", "FILE"];
            let (answer, _) = ask(&ffprobe(), &[&questions[..], &form[..]].concat(), &path);
            assert_eq!(answer.trim(), "47,33,6");
            let names =
                ["-select_streams", "t", "-show_entries", "stream_tags=filename", "-of", "csv=p=0", "FILE"];
            let (answer, _) = ask(&ffprobe(), &names, &path);
            assert_eq!(
                answer.split_whitespace().collect::<Vec<_>>(),
                ["header.json", "encoding.json", "frame-hashes"]
            );
            assert_eq!(open(&path).unwrap().table("frame-hashes").unwrap(), Some(vec![9; 6 * 32]));
            assert_eq!(decode(&path).unwrap(), before);
        }
    }
}

#[test]
fn packets_are_counted_as_ffprobe_counts_them() {
    if ffmpeg().is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("stack.mkv");
    for codec in Codec::ALL {
        encode(&path, &difficult(full(PixelType::U8), gray(40, 50)), codec, &[]).unwrap();
        let question = ["-select_streams", "v:0", "-show_entries", "packet=size", "-of", "csv=p=0", "FILE"];
        let (sizes, _) = ask(&ffprobe(), &question, &path);
        let sizes: Vec<u64> = sizes.lines().map(|line| line.trim_end_matches(',').parse().unwrap()).collect();
        let summary = matroska::stream_summary(&path).unwrap();
        let bytes = sizes.iter().sum();
        assert_eq!(summary.tracks, [TrackSummary { packets: sizes.len() as u64, bytes }]);
        assert_eq!(stream_bytes(&path).unwrap(), bytes);
    }
}

#[test]
fn patches_that_do_not_fit_are_refused() {
    if ffmpeg().is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("stack.mkv");
    encode(&path, &difficult(full(PixelType::U8), gray(4, 4)), Codec::Ffv1, &[("table", vec![1; 8])])
        .unwrap();
    let before = std::fs::read(&path).unwrap();
    assert!(matches!(replace_attachment(&path, "table", &[1; 9]), Err(Error::Parameter { .. })));
    assert!(matches!(replace_attachment(&path, "other", &[1; 8]), Err(Error::Parameter { .. })));
    assert!(matches!(append_seal_space(&path, u64::MAX), Err(Error::Parameter { .. })));
    assert_eq!(std::fs::read(&path).unwrap(), before);
    let mut longer = before.clone();
    longer.push(0);
    std::fs::write(&path, &longer).unwrap();
    assert!(matches!(append_seal_space(&path, 48), Err(Error::Format { .. })));
}

#[test]
fn content_tells_a_stack_video_from_other_files() {
    if ffmpeg().is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("stack.png");
    encode(&path, &difficult(full(PixelType::U8), gray(4, 4)), Codec::Mp4, &[]).unwrap();
    assert!(is_stack_video(&path).unwrap());
    for other in [&b""[..], b"\x89PNG\r\n\x1a\n", b"\x1a\x45\xdf\xa3", &[0; 100]] {
        std::fs::write(&path, other).unwrap();
        assert!(!is_stack_video(&path).unwrap());
        assert!(matches!(VideoFile::open(&path, &Limits::default()), Err(Error::Format { .. })));
    }
    assert!(matches!(is_stack_video(&folder.path().join("missing")), Err(Error::Io { .. })));
}

/// A small file of ours, in memory.
fn sample_file(codec: Codec) -> Option<Vec<u8>> {
    ffmpeg()?;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("stack.mkv");
    encode(&path, &difficult(full(PixelType::U16), gray(9, 14)), codec, &[("table", vec![5; 40])]).unwrap();
    append_seal_space(&path, 16).unwrap();
    Some(std::fs::read(&path).unwrap())
}

fn walk(bytes: &[u8]) -> Result<(), Error> {
    let path = Path::new("memory.mkv");
    matroska::read_head(Cursor::new(bytes), path)?;
    matroska::walk_blocks(Cursor::new(bytes), path)?;
    Ok(())
}

#[test]
fn a_file_cut_at_any_byte_is_a_format_error() {
    let Some(bytes) = sample_file(Codec::Ffv1) else { return };
    walk(&bytes).unwrap();
    for length in 0..bytes.len() {
        let error = walk(&bytes[..length]).expect_err("a cut file");
        assert!(matches!(error, Error::Format { .. }), "{length} bytes: {error}");
    }
}

#[test]
fn no_flipped_bit_makes_the_walker_panic_or_allocate_much() {
    let Some(bytes) = sample_file(Codec::Mp4) else { return };
    let mut damaged = bytes.clone();
    for bit in 0..bytes.len() * 8 {
        damaged[bit / 8] ^= 1 << (bit % 8);
        // Either it walks, or it says why not; both are right.
        if let Err(error) = walk(&damaged) {
            assert!(matches!(error, Error::Format { .. } | Error::Limit { .. }), "{error}");
        }
        damaged[bit / 8] ^= 1 << (bit % 8);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn the_walker_takes_any_bytes(tail in proptest::collection::vec(any::<u8>(), 0..300)) {
        let mut bytes = b"\x1a\x45\xdf\xa3\x8b\x42\x82\x88matroska\x18\x53\x80\x67\x01\xff\xff\xff\xff\xff\xff\xff".to_vec();
        bytes.extend(tail);
        let _ = walk(&bytes);
    }
}

#[test]
fn damage_in_a_lossless_stream_is_never_silent() {
    let Some(bytes) = sample_file(Codec::Ffv1) else { return };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("stack.mkv");
    std::fs::write(&path, &bytes).unwrap();
    let whole = decode(&path).unwrap();
    let mut noise = stacks::Noise(3);
    let mut refused = 0;
    for _ in 0..40 {
        // Behind the head, which has its own test.
        let at = bytes.len() / 2 + noise.next() as usize % (bytes.len() / 2);
        let mut damaged = bytes.clone();
        damaged[at] ^= 1 << (noise.next() % 8);
        std::fs::write(&path, &damaged).unwrap();
        match decode(&path) {
            Ok(stack) => assert_eq!(stack, whole, "byte {at} changed samples without an error"),
            Err(Error::Format { .. } | Error::Limit { .. } | Error::Unavailable { .. }) => refused += 1,
            Err(other) => panic!("byte {at}: {other}"),
        }
    }
    assert!(refused > 15, "only {refused} of 40 were noticed");
}

#[test]
fn another_number_of_frames_than_the_header_says_is_a_format_error() {
    if ffmpeg().is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("stack.mkv");
    for codec in [Codec::Ffv1, Codec::X264Slow] {
        for (said, word) in [("5", "more than the 5 frames"), ("7", "ends after 6 of 7 frames")] {
            let stack = difficult(full(PixelType::U8), gray(8, 8));
            encode(&path, &stack, codec, &[]).unwrap();
            let mut video = open(&path).unwrap();
            let header = String::from_utf8(video.table("header.json").unwrap().unwrap()).unwrap();
            assert_eq!(video.header().frames, 6);
            let changed = header.replace("\"frames\":6", &format!("\"frames\":{said}"));
            assert_ne!(changed, header);
            replace_attachment(&path, "header.json", changed.as_bytes()).unwrap();
            video = open(&path).unwrap();
            let error = stack_core::StackInMemory::collect(&mut video).unwrap_err();
            assert!(matches!(error, Error::Format { .. }), "{error}");
            assert!(error.to_string().contains(word), "{error}");
        }
    }
}

#[test]
fn a_header_of_another_frame_size_is_a_format_error() {
    if ffmpeg().is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("stack.mkv");
    encode(&path, &difficult(full(PixelType::U8), gray(8, 6)), Codec::Ffv1, &[]).unwrap();
    let header = String::from_utf8(open(&path).unwrap().table("header.json").unwrap().unwrap()).unwrap();
    let changed = header.replace("\"width\":6", "\"width\":7");
    assert_ne!(changed, header);
    replace_attachment(&path, "header.json", changed.as_bytes()).unwrap();
    let error = VideoFile::open(&path, &Limits::default()).err().expect("a wrong size");
    assert!(error.to_string().contains("frames of 8 x 6"), "{error}");
    let small = Limits { frame_bytes: 10, ..Limits::default() };
    replace_attachment(&path, "header.json", header.as_bytes()).unwrap();
    assert!(matches!(VideoFile::open(&path, &small), Err(Error::Limit { .. })));
}

#[test]
fn a_missing_or_shorter_plane_is_a_format_error() {
    let Some(ffmpeg) = ffmpeg() else { return };
    let folder = tempfile::tempdir().unwrap();
    let (whole, path) = (folder.path().join("whole.mkv"), folder.path().join("changed.mkv"));
    let planes = Encoding::new(Codec::Ffv1, None, 2).unwrap();
    encode(&whole, &difficult(full(PixelType::U16), gray(8, 6)), planes, &[]).unwrap();
    let copy = |options: &[&str]| {
        let status = Command::new(ffmpeg.program())
            .args(["-v", "error", "-y", "-i"])
            .arg(&whole)
            .args(options)
            .args(["-map", "0:t", "-c", "copy"])
            .arg(&path)
            .stdin(Stdio::null())
            .status()
            .unwrap();
        assert!(status.success(), "{options:?}");
    };
    copy(&["-map", "0:v:0", "-map", "0:v:1"]);
    assert_eq!(decode(&path).unwrap(), decode(&whole).unwrap());
    copy(&["-map", "0:v:1"]);
    let error = VideoFile::open(&path, &Limits::default()).err().expect("a missing plane");
    assert!(error.to_string().contains("1 video tracks, but the encoding has 2"), "{error}");
    for short in ["-frames:v:0", "-frames:v:1"] {
        copy(&["-map", "0:v:0", "-map", "0:v:1", short, "5"]);
        let error = decode(&path).unwrap_err();
        assert!(matches!(error, Error::Format { .. }), "{error}");
        assert!(
            error.to_string().contains("ends after") && error.to_string().contains("of 6 frames"),
            "{error}"
        );
        let error = open(&path).unwrap().read_frame(3, &mut FrameBuf::U8(Vec::new())).unwrap_err();
        assert!(error.to_string().contains("frames, the header promises 6"), "{error}");
    }
}

#[test]
fn damage_in_planes_is_never_silent() {
    if ffmpeg().is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("stack.mkv");
    let planes = Encoding::new(Codec::Ffv1, None, 2).unwrap();
    let stack = difficult(full(PixelType::U16), gray(9, 14));
    encode(&path, &stack, planes, &[]).unwrap();
    let bytes = std::fs::read(&path).unwrap();
    for part in [6, 7, 8, 9] {
        let mut damaged = bytes.clone();
        damaged[bytes.len() * part / 10] ^= 0x10;
        std::fs::write(&path, &damaged).unwrap();
        match decode(&path) {
            Ok(found) => assert!(found == stack, "changed samples without an error"),
            Err(Error::Format { .. } | Error::Limit { .. }) => {}
            Err(other) => panic!("{other}"),
        }
        std::fs::write(&path, &bytes[..bytes.len() * part / 10]).unwrap();
        assert!(matches!(decode(&path), Err(Error::Format { .. })));
    }
}
