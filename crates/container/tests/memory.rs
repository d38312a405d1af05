//! How much memory writing and reading take under a limit: figures, by `cargo test --test memory -- --ignored
//! --nocapture`.
#![cfg(target_os = "linux")]

mod support;

use std::path::Path;
use std::process::Command;

use stack_container::{DatasetSource, StackFile, StackWriter};
use stack_core::{Error, FrameBuf, FrameShape, FrameSource, Limits, PixelType, SampleFormat, StackHeader};
use support::layout;

/// What the child does: `write` or `read`, filters, bytes of memory, file.
const TASK: &str = "STACKPRESS_TEST_TASK";

const MEBIBYTE: u64 = 1 << 20;

/// Frames of 256 KiB, four to a chunk of 1 MiB.
fn header(frames: usize) -> StackHeader {
    let shape = FrameShape::gray(256, 512).unwrap();
    StackHeader::new(frames, shape, SampleFormat::full(PixelType::U16)).unwrap()
}

/// Most memory that this process ever had, in bytes.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() << 10
}

#[test]
#[ignore = "the child process of another test"]
fn child_that_measures() {
    let Ok(task) = std::env::var(TASK) else { return };
    let [what, filters, memory, path] = task.split(' ').collect::<Vec<_>>().try_into().unwrap();
    let memory_bytes: u64 = memory.parse().unwrap();
    let limits = Limits { memory_bytes, ..Limits::default() };
    let header = header(300);
    let mut frame = FrameBuf::for_header(&header);
    let before = peak();
    match what {
        "write" => {
            let mut writer = StackWriter::create(Path::new(path), &header, &layout(filters, None))
                .unwrap()
                .with_memory(memory_bytes);
            for number in 0..header.frames {
                if let FrameBuf::U16(samples) = &mut frame {
                    let mut state = number as u32;
                    for sample in samples {
                        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                        *sample = (state >> 22) as u16;
                    }
                }
                writer.push(&frame).unwrap();
            }
            writer.finish().unwrap();
        }
        _ => {
            let mut source: Box<dyn FrameSource> = match what {
                "read" => Box::new(StackFile::open(Path::new(path), &limits).unwrap()),
                _ => Box::new(DatasetSource::open(Path::new(path), what, &limits).unwrap()),
            };
            for number in 0..source.header().frames {
                source.read_frame(number, &mut frame).unwrap();
            }
        }
    }
    println!("\npeak {}", peak() - before);
}

#[test]
#[ignore = "figures, not a check of correctness"]
fn buffers_stay_within_their_limit() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.h5");
    for filters in ["shuffle,gzip=1", "bitshuffle,zstd=3,fletcher32", "lz4"] {
        for memory in [8 * MEBIBYTE, 32 * MEBIBYTE, 2048 * MEBIBYTE] {
            for what in ["write", "read", "stack", "stack[:,32:,::2]"] {
                for threads in ["2", "16"] {
                    let child = Command::new(std::env::current_exe().unwrap())
                        .args(["--exact", "child_that_measures", "--ignored", "--nocapture"])
                        .env(TASK, format!("{what} {filters} {memory} {}", path.display()))
                        .env("RAYON_NUM_THREADS", threads)
                        .output()
                        .unwrap();
                    let said = String::from_utf8_lossy(&child.stdout);
                    assert!(child.status.success(), "{said}{}", String::from_utf8_lossy(&child.stderr));
                    let peak: u64 =
                        said.lines().find_map(|line| line.strip_prefix("peak ")).unwrap().parse().unwrap();
                    println!(
                        "{what} {filters}, {threads} threads, limit {} MiB: {:.1} MiB",
                        memory / MEBIBYTE,
                        peak as f64 / MEBIBYTE as f64
                    );
                    // The program, the library, and what the allocator keeps for each thread, are no buffers.
                    let threads: u64 = threads.parse().unwrap();
                    assert!(peak <= memory + (16 + 2 * threads) * MEBIBYTE);
                }
            }
        }
    }
}

#[test]
fn a_chunk_that_alone_is_larger_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.h5");
    let (header, small) = (header(4), Limits { memory_bytes: MEBIBYTE - 1, ..Limits::default() });
    let frame = FrameBuf::for_header(&header);
    let mut writer =
        StackWriter::create(&path, &header, &layout("lz4", None)).unwrap().with_memory(small.memory_bytes);
    let error = writer.push(&frame).unwrap_err();
    assert!(matches!(error, Error::Unsupported { .. }), "{error}");
    let told =
        "a chunk of 4 frames takes 1048576 bytes, above the limit of 1048575 for memory; use fewer frames";
    assert!(error.to_string().contains(told), "{error}");
    drop(writer);
    assert!(!path.exists());

    let mut writer = StackWriter::create(&path, &header, &layout("lz4", None)).unwrap();
    (0..4).for_each(|_| writer.push(&frame).unwrap());
    writer.finish().unwrap();
    for error in [
        StackFile::open(&path, &small).map(drop).unwrap_err(),
        DatasetSource::open(&path, "stack", &small).map(drop).unwrap_err(),
    ] {
        assert!(
            error.to_string().contains("the size of a chunk in bytes is 1048576, above the limit"),
            "{error}"
        );
    }
}
