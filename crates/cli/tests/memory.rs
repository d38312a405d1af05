//! Every method holds its memory on a stack that is twenty times larger than what it may use.

#![cfg(target_os = "linux")]

mod support;

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::process::Stdio;
use std::thread::JoinHandle;
use std::time::Duration;

use stack_methods::{METHODS, method};
use support::{stackpress, text_of};
use wait4::Wait4;

/// What the program may use for frames and chunks.
const MAX_MEMORY: u64 = 16 << 20;
/// Frames of 512 x 512 u16, half a MiB each, that are twenty times as much.
const FRAMES: u64 = 20 * MAX_MEMORY / FRAME_BYTES;
const FRAME_BYTES: u64 = 512 * 512 * 2;
/// What the components of such frames take while they are found, by the formula of the method's documentation: they are
/// held, and not the frames.
const COMPONENTS: u64 = 400 << 20;
/// What is there besides: the program, its libraries and threads, and the tables of the compressors (Zstandard's
/// grow with its level).
const PROGRAM: u64 = 64 << 20;
/// What FFmpeg's encoders hold in their own process for frames that they look ahead: less than the stack.
const FFMPEG: u64 = 300 << 20;

#[test]
fn a_stack_twenty_times_larger_than_the_memory_goes_through_every_method() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    // Zeros that take no disk, and a number that tells the frames apart: what is held depends on how many there are and
    // not on what they show.
    let file = File::create(at.join("zeros.bin")).unwrap();
    file.set_len(20 * MAX_MEMORY).unwrap();
    for frame in 0..FRAMES {
        file.write_all_at(&(frame as u32).to_le_bytes(), frame * FRAME_BYTES).unwrap();
    }
    let raw = format!("u16le:{FRAMES}x512x512");
    for info in METHODS {
        if let Err(error) = method(info.spec).unwrap().available() {
            println!("skipped: {}: {error}", info.spec);
            continue;
        }
        let mut command = stackpress(at);
        command.args(["compress", "zeros.bin", "--raw", &raw, "-m", info.spec, "-o", "out", "-f"]);
        let allowed = if info.spec.starts_with("pca") { COMPONENTS } else { MAX_MEMORY };
        command.args(["--max-memory", &allowed.to_string()]);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let own = watch(child.id());
        let messages = std::io::read_to_string(child.stderr.take().unwrap()).unwrap();
        let used = child.wait4().unwrap();
        let own = own.join().unwrap();
        if used.status.code() == Some(5) {
            println!("{}: refused", info.spec);
            continue;
        }
        assert!(used.status.success(), "{}: {messages}", info.spec);
        let (largest, allowed) = (used.rusage.maxrss, allowed + PROGRAM);
        println!("{}: {} MiB, largest process {} MiB", info.spec, own >> 20, largest >> 20);
        assert!(own > 0 && own <= allowed, "{}: {} MiB, allowed {} MiB", info.spec, own >> 20, allowed >> 20);
        let allowed = if info.spec.starts_with("video") { FFMPEG } else { allowed };
        assert!(largest <= allowed, "{}: {} MiB, allowed {} MiB", info.spec, largest >> 20, allowed >> 20);
    }
    let output = stackpress(at).args(["info", "out"]).output().unwrap();
    assert!(output.status.success(), "{}", text_of(&output));
}

/// The peak of one process alone, as the kernel counts it, looked at until the process ends.
fn watch(id: u32) -> JoinHandle<u64> {
    std::thread::spawn(move || {
        let mut peak = 0;
        while let Some(seen) = peak_so_far(id) {
            peak = seen;
            std::thread::sleep(Duration::from_millis(10));
        }
        peak
    })
}

fn peak_so_far(id: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok()? << 10)
}
