//! Small stacks that are hard on encoders, and the FFmpeg that the tests run.
#![allow(dead_code, reason = "every test file uses another part")]

use std::path::Path;
use std::sync::OnceLock;

use stack_core::{
    FrameBuf, FrameShape, FrameSource, Limits, PixelType, Result, SampleFormat, StackHeader, StackInMemory,
};
use stack_video::{Encoding, Ffmpeg, VideoFile, VideoWriter};

/// The FFmpeg on this machine; says so where there is none, and the test then ends.
pub(crate) fn ffmpeg() -> Option<&'static Ffmpeg> {
    static FFMPEG: OnceLock<Option<Ffmpeg>> = OnceLock::new();
    let found = FFMPEG.get_or_init(|| Ffmpeg::locate().ok()).as_ref();
    if found.is_none() {
        assert!(std::env::var_os("STACKPRESS_REQUIRE_TOOLS").is_none(), "no ffmpeg on this machine");
        println!("skipped: no ffmpeg on this machine");
    }
    found
}

/// A small generator of evenly spread numbers (xorshift64*).
pub(crate) struct Noise(pub(crate) u64);

impl Noise {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 20
    }
}

/// Frames that are constant, noise, all zero, all full, a checkerboard of both, and a gradient.
pub(crate) fn difficult(format: SampleFormat, shape: FrameShape) -> StackInMemory {
    let top = (1_u64 << format.significant_bits()) - 1;
    let mut noise = Noise(7);
    let mut pattern = |kind: usize, index: usize| match kind {
        0 => top / 3,
        1 => noise.next() % (top + 1),
        2 => 0,
        3 => top,
        4 => top * ((index + index / (shape.width() * shape.channels())) as u64 % 2),
        _ => top * index as u64 / shape.samples() as u64,
    };
    let frames = (0..6).map(|kind| frame(format, shape, |index| pattern(kind, index))).collect::<Vec<_>>();
    StackInMemory::new(StackHeader::new(frames.len(), shape, format).unwrap(), frames).unwrap()
}

/// A smooth blob that drifts, with a little noise: what the presets are made for.
pub(crate) fn drifting_blob(format: SampleFormat, shape: FrameShape, frames: usize) -> StackInMemory {
    let top = f64::from((1_u32 << format.significant_bits()) - 1);
    let mut noise = Noise(11);
    let frames = (0..frames)
        .map(|t| {
            let (cy, cx) = (shape.height() as f64 / 2.0, shape.width() as f64 / 3.0 + t as f64 * 1.5);
            frame(format, shape, |index| {
                let pixel = index / shape.channels();
                let y = (pixel / shape.width()) as f64 - cy;
                let x = (pixel % shape.width()) as f64 - cx;
                let blob = 0.8 / (1.0 + (x * x + y * y) / 400.0);
                let grain = (noise.next() % 1000) as f64 / 1000.0 * 0.02;
                let tint = 1.0 - 0.2 * (index % shape.channels()) as f64;
                (top * (0.1 + blob * tint + grain)) as u64
            })
        })
        .collect::<Vec<_>>();
    StackInMemory::new(StackHeader::new(frames.len(), shape, format).unwrap(), frames).unwrap()
}

fn frame(format: SampleFormat, shape: FrameShape, mut sample: impl FnMut(usize) -> u64) -> FrameBuf {
    let samples = 0..shape.samples();
    match format.pixel() {
        PixelType::U8 => FrameBuf::U8(samples.map(|index| sample(index) as u8).collect()),
        PixelType::U16 => FrameBuf::U16(samples.map(|index| sample(index) as u16).collect()),
        other => panic!("no {other} stacks here"),
    }
}

pub(crate) fn encode(
    path: &Path,
    stack: &StackInMemory,
    encoding: impl Into<Encoding>,
    tables: &[(&str, Vec<u8>)],
) -> Result<()> {
    let ffmpeg = ffmpeg().expect("checked by the caller");
    let mut writer = VideoWriter::create_with(ffmpeg, path, stack.header(), encoding, tables)?;
    for frame in stack.frames() {
        writer.push(frame)?;
    }
    writer.finish()
}

pub(crate) fn open(path: &Path) -> Result<VideoFile> {
    let ffmpeg = ffmpeg().expect("checked by the caller");
    Ok(VideoFile::open(path, &Limits::default())?.with_ffmpeg(ffmpeg.clone()))
}

pub(crate) fn decode(path: &Path) -> Result<StackInMemory> {
    StackInMemory::collect(&mut open(path)?)
}

pub(crate) fn gray(height: usize, width: usize) -> FrameShape {
    FrameShape::gray(height, width).unwrap()
}

pub(crate) fn full(pixel: PixelType) -> SampleFormat {
    SampleFormat::full(pixel)
}
