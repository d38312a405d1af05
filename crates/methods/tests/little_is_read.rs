//! Looking at one frame of a large file reads one chunk, and little beside it.
#![cfg(all(feature = "hdf5", target_os = "linux"))]

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use stack_core::{
    FrameBuf, FrameShape, FrameSource, Limits, PixelType, Result, SampleFormat, Silent, StackHeader,
};
use stack_methods::{Job, method, open_stack};

/// Where the child finds its file, and which frame it reads.
const FILE: &str = "STACKPRESS_TEST_FILE";
const FRAME: &str = "STACKPRESS_TEST_FRAME";

/// Bytes beside the chunk: superblock, object headers and attributes, one page of the index of chunks, the 64 KiB that
/// the library reads around the hash of the frame.
const CONSTANT: u64 = 96 << 10;

/// Noise of 16 bits, made anew for each frame.
struct Noise(StackHeader);

impl FrameSource for Noise {
    fn header(&self) -> &StackHeader {
        &self.0
    }

    fn read_frame(&mut self, index: usize, into: &mut FrameBuf) -> Result<()> {
        into.fit(&self.0);
        let mut state = index as u64;
        into.fill_le_bytes(|bytes| {
            for word in bytes.as_chunks_mut::<8>().0 {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                *word = (state ^ state >> 29).to_le_bytes();
            }
            Ok(())
        })
    }
}

fn write(file: &Path, spec: &str, frames: usize, [height, width]: [usize; 2], named: bool) -> StackHeader {
    let shape = FrameShape::gray(height, width).unwrap();
    let mut header = StackHeader::new(frames, shape, SampleFormat::full(PixelType::U16)).unwrap();
    if named {
        header.meta.frame_names = (0..frames).map(|n| format!("frame_{n:06}.tif")).collect();
    }
    let mut source = Noise(header.clone());
    let (method, limits) = (method(spec).unwrap(), Limits::default());
    let job = Job::plan(method.as_ref(), &mut source, &limits, &Silent).unwrap();
    method.encode(&mut source, file, &job).unwrap();
    header
}

/// What the child says it read: bytes to open the file, bytes for the frame, milliseconds for both.
fn read_in_child(file: &Path, frame: usize) -> [u64; 3] {
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "child_that_reads", "--ignored", "--nocapture"])
        .env(FILE, file)
        .env(FRAME, frame.to_string())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&child.stdout);
    assert!(child.status.success(), "{said}{}", String::from_utf8_lossy(&child.stderr));
    let line = said.lines().find_map(|line| line.strip_prefix("read ")).expect("figures");
    let figures: Vec<u64> = line.split(' ').map(|word| word.parse().unwrap()).collect();
    figures.try_into().unwrap()
}

/// Bytes that this process read so far, of any kind, page cache or not.
fn bytes_read() -> u64 {
    let counters = std::fs::read_to_string("/proc/self/io").unwrap();
    counters.lines().find_map(|line| line.strip_prefix("rchar: ")).unwrap().parse().unwrap()
}

#[test]
#[ignore = "the child process of other tests"]
fn child_that_reads() {
    let (Some(file), Ok(frame)) = (std::env::var_os(FILE), std::env::var(FRAME)) else { return };
    let frame = frame.parse().unwrap();
    let (start, before) = (Instant::now(), bytes_read());
    let mut reader = open_stack(Path::new(&file), &Limits::default()).unwrap();
    let opened = bytes_read();
    let mut samples = FrameBuf::for_header(reader.header());
    reader.read_frame(frame, &mut samples).unwrap();
    reader.check_frame(frame, &samples).unwrap();
    let done = bytes_read();
    println!("\nread {} {} {}", opened - before, done - opened, start.elapsed().as_millis());
}

#[test]
fn one_frame_costs_one_chunk() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("x.stack.h5");
    // 6,000 hashes are 192,000 bytes, and 6,000 chunks have an index of several pages.
    for spec in ["hdf5:bitshuffle,zstd=1,chunk-frames=2", "hdf5diff:zstd=1,chunk-frames=2"] {
        let header = write(&file, spec, 6_000, [16, 64], false);
        let size = std::fs::metadata(&file).unwrap().len();
        let chunk = 2 * header.frame_bytes() as u64;
        let extremes = 2 * header.frame_bytes() as u64;
        for frame in [0, 3_001, 5_999] {
            let [open, one, _] = read_in_child(&file, frame);
            println!("{spec}, frame {frame}: {open} bytes to open, {one} for the frame, of {size}");
            assert!(open <= CONSTANT + extremes, "{spec}: {open} bytes to open a file of {size}");
            assert!(one <= chunk + CONSTANT, "{spec}: {one} bytes for frame {frame} of a file of {size}");
            assert!(open + one < size / 20, "{spec}");
        }
    }
}

#[test]
fn names_of_frames_are_read_once_compressed() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("x.stack.h5");
    let header = write(&file, "hdf5:lz4,chunk-frames=2", 6_000, [16, 64], true);
    let names: u64 = header.meta.frame_names.iter().map(|name| name.len() as u64).sum();
    let [open, one, _] = read_in_child(&file, 3_000);
    println!("{open} bytes to open a file with {names} bytes of names, {one} for a frame");
    assert!(open <= CONSTANT + names / 2, "{open} bytes to open, {names} bytes of names");
}

#[test]
#[ignore = "writes 10 GB"]
fn a_file_of_ten_gigabytes() {
    let folder = std::env::var_os("STACKPRESS_TEST_SPACE").map(std::path::PathBuf::from);
    let folder = tempfile::tempdir_in(folder.unwrap_or_else(std::env::temp_dir)).unwrap();
    let file = folder.path().join("x.stack.h5");
    write(&file, "hdf5:lz4", 10_000, [512, 1024], true);
    let [open, one, milliseconds] = read_in_child(&file, 7_777);
    println!(
        "{} bytes: {open} read to open, {one} for a frame, {milliseconds} ms",
        std::fs::metadata(&file).unwrap().len()
    );
}
