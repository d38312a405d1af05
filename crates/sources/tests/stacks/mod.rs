//! Stacks with every sample type, for the other tests.

#![allow(dead_code)] // each test crate uses some of these

use std::path::{Path, PathBuf};
use std::process::Command;

use stack_core::{
    FrameBuf, FrameShape, FrameSource, Limits, PixelType, Result, SampleFormat, Silent, StackHeader,
    StackInMemory, copy_frames,
};
use stack_sources::{InputOptions, OutputOptions, open_input, open_output};

/// `frames` frames of samples that use all bits, NaN and -0.0 included.
pub(crate) fn stack(pixel: PixelType, frames: usize, shape: [usize; 3]) -> StackInMemory {
    let shape = FrameShape::new(shape[0], shape[1], shape[2]).unwrap();
    let header = StackHeader::new(frames, shape, SampleFormat::full(pixel)).unwrap();
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let frames = (0..frames)
        .map(|_| {
            let mut frame = FrameBuf::for_header(&header);
            frame
                .fill_le_bytes(|bytes| {
                    for byte in bytes {
                        state = state
                            .wrapping_mul(6_364_136_223_846_793_005)
                            .wrapping_add(1_442_695_040_888_963_407);
                        *byte = (state >> 56) as u8;
                    }
                    Ok::<(), ()>(())
                })
                .unwrap();
            if let FrameBuf::F32(samples) = &mut frame {
                samples[0] = -0.0;
            }
            frame
        })
        .collect();
    StackInMemory::new(header, frames).unwrap()
}

/// Writes a stack to `target` through its sink.
pub(crate) fn write(stack: &mut StackInMemory, target: &Path) {
    let header = stack.header().clone();
    let mut sink = open_output(target, &header, &OutputOptions::default()).unwrap();
    copy_frames(stack, sink.as_mut(), &Silent).unwrap();
}

/// Opens a path with default limits.
pub(crate) fn open(path: &Path) -> Result<Box<dyn FrameSource>> {
    open_input(path.as_os_str(), &InputOptions::default(), &Limits::default())
}

/// The error of a path that must not open.
pub(crate) fn open_error(path: &Path) -> String {
    open(path).err().unwrap_or_else(|| panic!("{} should not open", path.display())).to_string()
}

/// Bits of every sample: NaN payloads count.
pub(crate) fn bytes_of(stack: &mut dyn FrameSource) -> Vec<Vec<u8>> {
    let mut frame = FrameBuf::U8(Vec::new());
    // Last frame first: sources must read in any order.
    let mut frames: Vec<_> = (0..stack.header().frames)
        .rev()
        .map(|index| {
            stack.read_frame(index, &mut frame).unwrap();
            frame.le_bytes().into_owned()
        })
        .collect();
    frames.reverse();
    frames
}

/// Reads all frames; errors are errors of the file.
pub(crate) fn read_all(stack: &mut dyn FrameSource) -> Result<Vec<Vec<u8>>> {
    let mut frame = FrameBuf::U8(Vec::new());
    (0..stack.header().frames)
        .map(|index| stack.read_frame(index, &mut frame).map(|()| frame.le_bytes().into_owned()))
        .collect()
}

/// Asserts that both hold the same samples, bit for bit.
pub(crate) fn assert_same(a: &mut dyn FrameSource, b: &mut dyn FrameSource) {
    assert!(a.header().same_samples_as(b.header()), "{} {}", a.header().describe(), b.header().describe());
    assert_eq!(bytes_of(a), bytes_of(b));
}

/// All names in a folder, hidden ones too, sorted.
pub(crate) fn names_in(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

/// The Python of the tests, or `None` after saying that the test is skipped.
pub(crate) fn python() -> Option<PathBuf> {
    let found = std::env::var_os("STACKPRESS_PYTHON").map(PathBuf::from).or_else(|| {
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2)?;
        let local = workspace.join("target/venv/bin/python");
        local.is_file().then_some(local)
    });
    if found.is_none() {
        assert!(std::env::var_os("STACKPRESS_REQUIRE_TOOLS").is_none(), "no Python; run cargo xtask setup");
        println!("skipped: no Python (set STACKPRESS_PYTHON, or run cargo xtask setup)");
    }
    found
}

/// Runs a script in `folder`; what it prints. `None` where there is no Python.
pub(crate) fn run_python(folder: &Path, script: &str) -> Option<String> {
    let python = python()?;
    let output = Command::new(&python).arg("-c").arg(script).current_dir(folder).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8(output.stdout).unwrap())
}
