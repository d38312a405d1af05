//! The presets encode what the plain command lines encode, promise nothing, and say what they stored.

mod stacks;

use std::path::Path;
use std::process::{Command, Stdio};

use stack_core::{ErrorBound, FrameBuf, FrameShape, FrameSource, PixelType, Sample, with_samples};
use stack_core::{SampleFormat, StackInMemory};
use stack_video::{Codec, stream_bytes};
use stacks::{decode, difficult, drifting_blob, encode, ffmpeg, full, gray, open};

/// The command lines as they were published: options between input and output.
const PLAIN: [(Codec, &str); 4] = [
    (Codec::Mp4, "-vcodec mpeg4"),
    (Codec::X264Fast, "-c:v libx264 -crf 0 -preset ultrafast"),
    (Codec::X264Slow, "-c:v libx264 -crf 0 -preset veryslow"),
    (Codec::X264Interm, "-c:v libx264 -crf 18 -preset veryfast"),
];

fn values(stack: &StackInMemory) -> Vec<f64> {
    let samples = |frame: &FrameBuf| -> Vec<f64> {
        with_samples!(frame, samples => samples.iter().map(|sample| sample.to_f64()).collect())
    };
    stack.frames().iter().flat_map(samples).collect()
}

/// Mean of the differences, and the largest, both in parts of the full range.
fn differences(original: &StackInMemory, decoded: &StackInMemory) -> (f64, f64) {
    let (original_values, decoded_values) = (values(original), values(decoded));
    assert_eq!(original_values.len(), decoded_values.len());
    let top = original.header().format.pixel().integer_span().unwrap();
    let pairs = || original_values.iter().zip(&decoded_values).map(|(a, b)| (b - a) / top);
    let mean = pairs().sum::<f64>() / original_values.len() as f64;
    (mean, pairs().map(f64::abs).fold(0.0, f64::max))
}

#[test]
fn every_size_and_type_is_taken_and_gives_back_as_many_frames() {
    if ffmpeg().is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("stack.mkv");
    for (codec, _) in PLAIN {
        for (pixel, channels) in
            [(PixelType::U8, 1), (PixelType::U16, 1), (PixelType::U8, 3), (PixelType::U16, 3)]
        {
            let sizes =
                if channels == 1 { &[(1, 1), (3, 5), (16, 16), (21, 31)][..] } else { &[(1, 1), (21, 31)] };
            for &(height, width) in sizes {
                let stack = difficult(full(pixel), FrameShape::new(height, width, channels).unwrap());
                assert_eq!(codec.promise(stack.header()).unwrap(), ErrorBound::Unbounded);
                encode(&path, &stack, codec, &[]).unwrap();
                let decoded = decode(&path).unwrap();
                assert_eq!(decoded.header(), stack.header());
                assert_eq!(decoded.frames().len(), stack.frames().len());
            }
        }
    }
}

#[test]
fn the_scale_is_kept_and_the_stored_format_is_told() {
    if ffmpeg().is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("stack.mkv");
    let cases = [
        (Codec::Mp4, PixelType::U8, 1, "MPEG-4 Part 2, yuv420p", 0.15),
        (Codec::Mp4, PixelType::U16, 1, "MPEG-4 Part 2, yuv420p", 0.15),
        (Codec::Mp4, PixelType::U8, 3, "MPEG-4 Part 2, yuv420p", 0.25),
        // Eight bits of gray at `-crf 0`: x264 is exact here, though nothing is promised.
        (Codec::X264Fast, PixelType::U8, 1, "H.264 High 4:4:4 Predictive, gray", 0.0),
        (Codec::X264Slow, PixelType::U8, 1, "H.264 High 4:4:4 Predictive, gray", 0.0),
        (Codec::X264Interm, PixelType::U8, 1, "H.264 High, gray", 0.05),
        (Codec::X264Fast, PixelType::U16, 1, "H.264 High 10, gray10le", 0.01),
        (Codec::X264Slow, PixelType::U16, 1, "H.264 High 10, gray10le", 0.01),
        (Codec::X264Interm, PixelType::U16, 1, "H.264 High 10, gray10le", 0.05),
        (Codec::X264Fast, PixelType::U8, 3, "H.264 High 4:4:4 Predictive, yuv444p", 0.01),
        (Codec::X264Fast, PixelType::U16, 3, "H.264 High 4:4:4 Predictive, yuv444p10le", 0.02),
    ];
    for (codec, pixel, channels, description, largest) in cases {
        let stack = drifting_blob(full(pixel), FrameShape::new(45, 71, channels).unwrap(), 8);
        encode(&path, &stack, codec, &[]).unwrap();
        assert_eq!(open(&path).unwrap().encoded_description(), description, "{codec} {pixel}");
        let (mean, max) = differences(&stack, &decode(&path).unwrap());
        // A stretched range would move the mean by several percent.
        assert!(mean.abs() <= 0.01, "{codec} {pixel} x {channels}: mean difference {mean}");
        assert!(max <= largest, "{codec} {pixel} x {channels}: largest difference {max}");
    }
}

#[test]
fn ten_bits_are_scaled_to_sixteen_by_repeating_the_high_bits() {
    if ffmpeg().is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("stack.mkv");
    let stack = drifting_blob(full(PixelType::U16), gray(21, 31), 3);
    encode(&path, &stack, Codec::X264Fast, &[]).unwrap();
    for frame in decode(&path).unwrap().frames() {
        let FrameBuf::U16(samples) = frame else { panic!("not u16") };
        assert!(samples.iter().all(|&sample| sample & 63 == sample >> 10), "{samples:?}");
    }
}

/// Runs a plain command line on the stack. Only the number of threads is added, which FFmpeg would take from the
/// machine: with nine instead of three the MPEG-4 stream alone grows by up to 4 %.
fn plain_command(stack: &StackInMemory, options: &str, raw: &Path, output: &Path) {
    let header = stack.header();
    let bytes: Vec<u8> = stack.frames().iter().flat_map(|frame| frame.le_bytes().into_owned()).collect();
    std::fs::write(raw, bytes).unwrap();
    let format = if header.format.pixel() == PixelType::U8 { "gray" } else { "gray16le" };
    let size = format!("{}x{}", header.shape.width(), header.shape.height());
    let input =
        ["-y", "-v", "error", "-f", "rawvideo", "-vcodec", "rawvideo", "-s", &size, "-pix_fmt", format];
    let status = Command::new(ffmpeg().unwrap().program())
        .args(input)
        .args(["-r", "1", "-an", "-i"])
        .arg(raw)
        .args(options.split(' '))
        .args(["-threads", "3"])
        .arg(output)
        .stdin(Stdio::null())
        .status()
        .unwrap();
    assert!(status.success());
}

#[test]
fn streams_are_within_one_percent_of_the_plain_command_lines() {
    if ffmpeg().is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let (ours, plain) = (folder.path().join("ours.mkv"), folder.path().join("plain.mkv"));
    for pixel in [PixelType::U8, PixelType::U16] {
        let stack = drifting_blob(SampleFormat::full(pixel), gray(201, 301), 24);
        for (codec, options) in PLAIN {
            encode(&ours, &stack, codec, &[]).unwrap();
            plain_command(&stack, options, &folder.path().join("raw"), &plain);
            let (ours, plain) = (stream_bytes(&ours).unwrap() as f64, stream_bytes(&plain).unwrap() as f64);
            println!("{codec} {pixel}: {ours} bytes, plain command {plain}, {:.4}", ours / plain);
            assert!((ours / plain - 1.0).abs() <= 0.01, "{codec} {pixel}: {ours} bytes instead of {plain}");
        }
    }
}
