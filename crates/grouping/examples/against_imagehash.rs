//! Times hashing against the Python package `ImageHash`: same pictures in memory, one core each.
//!
//! ```text
//! STACKPRESS_PYTHON=.../python cargo run --release -p stack-grouping --example against_imagehash [SYNTHETIC]
//! ```
//!
//! `SYNTHETIC` is a specification of `stack_core::synthetic`; the reference stack in u16 by default. Both sides hash all
//! pictures four times, and report the sum of each picture's fastest time, which other programs on the machine disturb
//! little; the hashes are compared.

use std::error::Error;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use stack_core::synthetic::Synthetic;
use stack_core::{FrameSource, Silent, for_each_frame};
use stack_grouping::{GreyPicture, GreyScale, HashKeys, HashKind, Hasher, ImageHash};

const RUNS: usize = 4;
const SIDE: usize = 8;

/// Says the seconds of each kind of hash, and all digits.
const PYTHON: &str = r"
import sys, time, imagehash, numpy as np
from PIL import Image
file, frames, height, width = sys.argv[1], *map(int, sys.argv[2:5])
pictures = [Image.fromarray(a) for a in np.fromfile(file, 'u1').reshape(frames, height, width)]
kinds = dict(ahash=imagehash.average_hash, dhash=imagehash.dhash, dhash_vertical=imagehash.dhash_vertical,
             phash=imagehash.phash, whash=imagehash.whash)
for kind in sys.argv[5:]:
    seconds = [float('inf')] * frames
    hashes = [None] * frames
    for run in range(4):
        for i, picture in enumerate(pictures):
            start = time.perf_counter()
            hashes[i] = kinds[kind](picture)
            seconds[i] = min(seconds[i], time.perf_counter() - start)
    print(sum(seconds), ''.join(map(str, hashes)))
";

fn main() -> Result<(), Box<dyn Error>> {
    let spec = std::env::args().nth(1).unwrap_or_else(|| "reference:type=u16".into());
    let mut source = spec.parse::<Synthetic>()?.source()?;
    let header = source.header().clone();
    let scale = GreyScale::new(header.format, Some((0.0, 1.0)));
    let mut pictures = Vec::new();
    for_each_frame(&mut source, &Silent, |_, frame| {
        pictures.push(scale.picture(frame, header.shape));
        Ok(())
    })?;
    println!("{}", header.describe());
    let file = std::env::temp_dir().join(format!("against-imagehash-{}", std::process::id()));
    let all: Vec<u8> = pictures.iter().flat_map(|picture| picture.levels.iter().copied()).collect();
    std::fs::write(&file, all)?;
    let outcome = compare(&file, &pictures);
    std::fs::remove_file(&file)?;
    outcome
}

fn compare(file: &Path, pictures: &[GreyPicture]) -> Result<(), Box<dyn Error>> {
    let (height, width) = (pictures[0].height, pictures[0].width);
    let theirs = imagehash(file, pictures.len(), height, width)?;
    for (i, kind) in HashKind::ALL.into_iter().enumerate() {
        let hasher = Hasher::new(kind, SIDE, height, width)?;
        let mut digits = String::new();
        let mut seconds = 0.0;
        for picture in pictures {
            let mut hash = None;
            seconds += fastest(|| hasher.hash(picture).map(|found| hash = Some(found)))?;
            digits.extend(hash.as_ref().map(ImageHash::hex));
        }
        let rate = |seconds: f64| pictures.len() as f64 / seconds;
        print!("{kind:15} {:9.0} pictures a second", rate(seconds));
        match theirs.get(i) {
            Some((their_seconds, their_digits)) => println!(
                "; ImageHash {:7.0}: {:.1} times as many, hashes {}",
                rate(*their_seconds),
                their_seconds / seconds,
                if digits == *their_digits { "equal" } else { "DIFFER" }
            ),
            None => println!(),
        }
    }
    let seconds = fastest(|| HashKeys::new(SIDE)?.extend(pictures))?;
    println!(
        "keys of three hashes on {} threads: {:.0} pictures a second",
        rayon::current_num_threads(),
        pictures.len() as f64 / seconds
    );
    Ok(())
}

fn fastest(mut work: impl FnMut() -> stack_core::Result<()>) -> stack_core::Result<f64> {
    let mut best = f64::INFINITY;
    for _ in 0..RUNS {
        let start = Instant::now();
        work()?;
        best = best.min(start.elapsed().as_secs_f64());
    }
    Ok(best)
}

/// Seconds and digits of every kind; none without Python.
fn imagehash(
    file: &Path,
    frames: usize,
    height: usize,
    width: usize,
) -> Result<Vec<(f64, String)>, Box<dyn Error>> {
    let Some(python) = std::env::var_os("STACKPRESS_PYTHON") else {
        println!("ImageHash is left out (set STACKPRESS_PYTHON)");
        return Ok(Vec::new());
    };
    let output = Command::new(python)
        .args(["-c", PYTHON])
        .arg(file)
        .args([frames, height, width].map(|number| number.to_string()))
        .args(HashKind::ALL.map(|kind| kind.to_string()))
        .output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into());
    }
    String::from_utf8(output.stdout)?
        .lines()
        .map(|line| {
            let (seconds, digits) = line.split_once(' ').ok_or("Python did not say seconds and digits")?;
            Ok((seconds.parse()?, digits.into()))
        })
        .collect()
}
