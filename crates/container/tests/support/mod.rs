//! What the tests share: stacks to store, layouts to store them in, and Python to read them back.

#![allow(dead_code, unreachable_pub, reason = "each test file uses a part of this")]

use std::path::{Path, PathBuf};
use std::process::Command;

use stack_container::{Layout, StackWriter};
use stack_core::{FrameBuf, FrameShape, FrameSource, PixelType, SampleFormat, StackHeader, StackInMemory};

/// A stack of smooth frames with some noise in the low bits; floats contain NaN and infinities.
pub fn stack(frames: usize, height: usize, width: usize, channels: usize, pixel: PixelType) -> StackInMemory {
    let shape = FrameShape::new(height, width, channels).unwrap();
    let header = StackHeader::new(frames, shape, SampleFormat::full(pixel)).unwrap();
    let frames = (0..frames)
        .map(|t| {
            let mut frame = FrameBuf::for_header(&header);
            let value =
                |i: usize| ((i * 3 + t * 11) as u32).wrapping_mul(2_654_435_761) >> 28 | (i / 5 * 16) as u32;
            match &mut frame {
                FrameBuf::U8(s) => s.iter_mut().enumerate().for_each(|(i, s)| *s = value(i) as u8),
                FrameBuf::U16(s) => s.iter_mut().enumerate().for_each(|(i, s)| *s = value(i) as u16),
                FrameBuf::I16(s) => s.iter_mut().enumerate().for_each(|(i, s)| *s = value(i) as i16 - 99),
                FrameBuf::I32(s) => s.iter_mut().enumerate().for_each(|(i, s)| *s = value(i) as i32 - 99),
                FrameBuf::F32(s) => {
                    s.iter_mut().enumerate().for_each(|(i, s)| *s = value(i) as f32 / 7.0 - 9.0);
                    s[0] = [f32::NAN, -0.0, f32::INFINITY][t % 3];
                }
                FrameBuf::F64(s) => {
                    s.iter_mut().enumerate().for_each(|(i, s)| *s = f64::from(value(i)) / 7.0 - 9.0);
                    s[0] = [f64::from_bits(0x7ff8_0000_dead_beef), -0.0, f64::NEG_INFINITY][t % 3];
                }
            }
            frame
        })
        .collect();
    StackInMemory::new(header, frames).unwrap()
}

/// Every filter pipeline in a valid order, with one level for each compressor.
pub fn pipelines() -> Vec<String> {
    let mut all = Vec::new();
    for rearrange in ["", "shuffle", "bitshuffle"] {
        for compressor in ["", "gzip=9", "zstd=3", "lz4"] {
            for checksum in ["", "fletcher32"] {
                let words: Vec<&str> =
                    [rearrange, compressor, checksum].into_iter().filter(|word| !word.is_empty()).collect();
                all.push(words.join(","));
            }
        }
    }
    all
}

pub fn layout(filters: &str, chunk_frames: Option<usize>) -> Layout {
    Layout { filters: filters.parse().unwrap(), chunk_frames }
}

/// Stores `stack`; `tables` as well.
pub fn write(path: &Path, stack: &mut StackInMemory, layout: &Layout, tables: &[(&str, &[u8])]) {
    let mut writer = StackWriter::create(path, stack.header(), layout).unwrap();
    for frame in stack.frames() {
        writer.push(frame).unwrap();
    }
    for (name, bytes) in tables {
        writer.add_table(name, bytes).unwrap();
    }
    writer.finish().unwrap();
}

/// Whether `source` gives the frames of `stack`, bit for bit.
pub fn assert_same(source: &mut dyn FrameSource, stack: &StackInMemory, what: &str) {
    assert!(source.header().same_samples_as(stack.header()), "{what}: {}", source.header().describe());
    let mut frame = FrameBuf::zeros(PixelType::U8, 0);
    for (index, original) in stack.frames().iter().enumerate() {
        source.read_frame(index, &mut frame).unwrap();
        assert_eq!(frame.le_bytes(), original.le_bytes(), "{what}: frame {index}");
    }
}

/// Python with h5py and hdf5plugin; a missing one is said aloud, or is a failure where tools are required.
pub fn python() -> Option<PathBuf> {
    let in_workspace = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/venv/bin/python");
    let found = std::env::var_os("STACKPRESS_PYTHON")
        .map(PathBuf::from)
        .or_else(|| Some(PathBuf::from(in_workspace)).filter(|path| path.exists()));
    if found.is_none() {
        skipped("no Python with h5py; set STACKPRESS_PYTHON or run cargo xtask setup");
    }
    found
}

/// Says that a test did not run.
pub fn skipped(why: &str) {
    assert!(std::env::var_os("STACKPRESS_REQUIRE_TOOLS").is_none(), "{why}");
    println!("skipped: {why}");
}

/// Runs a Python script with arguments; its output, or its complaint as a panic.
pub fn run_python(python: &Path, script: &str, arguments: &[&Path]) -> String {
    let output = Command::new(python).arg("-c").arg(script).args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}
