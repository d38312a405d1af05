//! NumPy computes the residuals of a few predictors its own way; both agree on every code.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use stack_predict::{Earlier, Predictor, Shape};

/// Reads two frames of 16-bit samples, prints for each predictor the codes of the second frame, one line each.
const SCRIPT: &str = r#"
import sys, numpy as np
height, width = int(sys.argv[1]), int(sys.argv[2])
t, x = np.frombuffer(sys.stdin.buffer.read(), '<u2').reshape(2, height, width).astype(np.int64)

def padded(frame):
    p = np.zeros((height + 1, width + 1), np.int64)
    p[1:, 1:] = frame
    return p

def shifted(frame):
    p = padded(frame)
    return p[1:, :-1], p[:-1, 1:], p[:-1, :-1]

west, north, north_west = shifted(x)
plane = west + north - north_west
candidates = np.stack([west, north, north_west])
nearest = np.abs(plane - candidates).argmin(axis=0)
changes = [(a - b + 32768) % 65536 - 32768 for a, b in zip(shifted(x), shifted(t))]
# np.diff of a picture with a border of zeros, along each axis in turn, is what Lorenzo leaves.
cube = np.stack([padded(t), padded(x)])
predictions = {
    'med': np.median(np.stack([west, north, plane]), axis=0).astype(np.int64),
    'paeth': np.take_along_axis(candidates, nearest[None], axis=0)[0],
    'lorenzo2': x - np.diff(np.diff(padded(x), axis=0), axis=1),
    'lorenzo3': x - np.diff(np.diff(np.diff(cube, axis=0)[0], axis=0), axis=1),
    'frame': t,
    'frame-med': t + np.median(np.stack([changes[0], changes[1], changes[0] + changes[1] - changes[2]]), axis=0).astype(np.int64),
}
for name, prediction in predictions.items():
    residual = (x - prediction + 32768) % 65536 - 32768
    codes = np.where(residual >= 0, 2 * residual, -2 * residual - 1)
    print(name, *codes.ravel())
"#;

/// Python with NumPy: `STACKPRESS_PYTHON`, or `target/venv`.
fn python() -> Option<PathBuf> {
    let named = std::env::var_os("STACKPRESS_PYTHON").map(PathBuf::from);
    let usual = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/venv/bin/python");
    let found = named.unwrap_or(usual);
    if found.exists() {
        return Some(found);
    }
    assert!(
        std::env::var_os("STACKPRESS_REQUIRE_TOOLS").is_none(),
        "there is no Python at {}",
        found.display()
    );
    eprintln!("skipped: no Python; STACKPRESS_PYTHON names one");
    None
}

#[test]
fn numpy_gets_the_same_codes() {
    let Some(python) = python() else { return };
    for (height, width, spread) in
        [(1, 1, 65_535), (7, 33, 65_535), (33, 19, 300), (1, 40, 9), (40, 1, 60_000)]
    {
        let shape = Shape::new(height, width).unwrap();
        let sample = |n: usize| ((n as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40) % (spread + 1);
        let smooth = |n: usize| (sample(n) as usize + n % width * 3 + n / width) as u16;
        let frames: Vec<u16> = (0..2 * shape.len()).map(smooth).collect();
        let (previous, frame) = frames.split_at(shape.len());

        let mut child = Command::new(&python)
            .args(["-c", SCRIPT, &height.to_string(), &width.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let bytes: Vec<u8> = frames.iter().flat_map(|sample| sample.to_le_bytes()).collect();
        child.stdin.take().unwrap().write_all(&bytes).unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success());

        let text = String::from_utf8(output.stdout).unwrap();
        let mut compared = 0;
        for line in text.lines() {
            let (name, numbers) = line.split_once(' ').unwrap();
            let wanted: Vec<u16> = numbers.split(' ').map(|number| number.parse().unwrap()).collect();
            let mut codes = vec![0; shape.len()];
            let predictor: Predictor = name.parse().unwrap();
            predictor.encode(shape, frame, Earlier::One(previous), &mut codes).unwrap();
            assert_eq!(codes, wanted, "{name} on {height} x {width}");
            compared += 1;
        }
        assert_eq!(compared, 6);
    }
}
