//! `stages` and `size` through the program: figures that can be told by hand, and those of NumPy.

mod support;

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use support::{fail, make, python, run, succeed, text_of};

/// The samples as a raw file, and what `stages` says of it.
fn stages_of(at: &Path, bytes: &[u8], format: &str) -> (Value, String) {
    fs::write(at.join("samples.bin"), bytes).unwrap();
    let words = ["stages", "samples.bin", "--raw", format];
    let json = succeed(at, &[&words[..], &["--json"]].concat());
    (serde_json::from_str(&json).unwrap(), succeed(at, &words))
}

fn predictor<'a>(found: &'a Value, name: &str) -> &'a Value {
    found["predictors"].as_array().unwrap().iter().find(|one| one["name"] == name).unwrap()
}

fn close(found: &Value, expected: f64) {
    let number = found.as_f64().unwrap();
    assert!((number - expected).abs() < 1e-9 * expected.abs().max(1.0), "{number} instead of {expected}");
}

#[test]
fn stripes_by_hand() {
    let folder = tempfile::tempdir().unwrap();
    // Two frames of 16 x 16 whose columns are 0 and 255 in turn.
    let stripes: Vec<u8> = (0..512).map(|n| if n % 2 == 0 { 0 } else { 255 }).collect();
    let (found, text) = stages_of(folder.path(), &stripes, "u8:2x16x16");
    close(&found["entropy"]["bits"], 1.0);
    close(&found["entropy"]["bits_given_west"], 0.0);
    assert_eq!((&found["entropy"]["distinct_values"], &found["raw_bytes"]), (&2.into(), &512.into()));
    // Each row has the codes 0, then 1 eight times and 2 seven times: 32, 256 and 224 of them.
    let share = |count: f64| -(count / 512.0) * (count / 512.0).log2();
    let west = predictor(&found, "west");
    close(&west["bits"], share(32.0) + share(256.0) + share(224.0));
    // Words of 2, 1 and 2 bits; a table of 5 bits for the number of symbols and 13, 3 and 4 for the lengths.
    assert_eq!(west["huffman_bytes"], (768_u64 + 25).div_ceil(8), "{text}");
    // The second frame is the first one again: 256 zeros, and what med leaves of the first row and column.
    assert!(
        predictor(&found, "frame")["bits"].as_f64() < predictor(&found, "med")["bits"].as_f64(),
        "{text}"
    );
    // No byte repeats: a pair for each, or stretches of 128 with a head.
    assert_eq!(found["run_lengths"][0], serde_json::json!({"name": "packbits", "bytes": 516}));
    assert_eq!(found["run_lengths"][1], serde_json::json!({"name": "pairs", "bytes": 1024}));
    // All blocks are equal, so nothing is left beside their mean.
    close(&found["compaction"]["klt"]["rmse"], 0.0);
    close(&found["compaction"]["dct"]["energy"], 1.0);
    assert!(
        text.contains("2 x 16 x 16 u8\n") && text.contains("all frames: 512 samples, 512 bytes raw"),
        "{text}"
    );
}

#[test]
fn tables_are_sorted_and_fit_a_screen() {
    let folder = tempfile::tempdir().unwrap();
    make(folder.path(), "texture:frames=4,size=64x48,type=u16", "a.npy");
    let text = succeed(folder.path(), &["stages", "a.npy"]);
    assert!(text.lines().all(|line| line.len() <= 100), "{text}");
    let found: Value = serde_json::from_str(&succeed(folder.path(), &["stages", "a.npy", "--json"])).unwrap();
    let words = |threads| ["stages", "a.npy", "-j", threads];
    assert_eq!(succeed(folder.path(), &words("1")), succeed(folder.path(), &words("5")));
    let numbers = |list: &str, field: &str| -> Vec<f64> {
        found[list].as_array().unwrap().iter().map(|one| one[field].as_f64().unwrap()).collect()
    };
    assert!(
        numbers("predictors", "bits").is_sorted() && numbers("run_lengths", "bytes").is_sorted(),
        "{found}"
    );
    let qualities = found["dct"]["qualities"].as_array().unwrap();
    let of = |field: &str| -> Vec<f64> { qualities.iter().map(|one| one[field].as_f64().unwrap()).collect() };
    // From quality 90 down: more zeros, larger errors, fewer bytes.
    assert!(
        of("zeros").is_sorted() && of("rmse").is_sorted() && of("bytes").is_sorted_by(|a, b| a > b),
        "{found}"
    );
    // What is ideal for one symbol after the other is not beaten by whole bits.
    for one in found["predictors"].as_array().unwrap().iter().filter(|one| !one["huffman_bytes"].is_null()) {
        let ideal = one["bits"].as_f64().unwrap() * found["samples"].as_f64().unwrap() / 8.0;
        assert!(one["huffman_bytes"].as_f64().unwrap() >= ideal, "{one}");
    }
}

#[test]
fn a_single_sample_and_a_constant() {
    let folder = tempfile::tempdir().unwrap();
    let (found, text) = stages_of(folder.path(), &[7, 1], "u16le:1x1x1");
    close(&found["entropy"]["bits"], 0.0);
    assert!(found["entropy"]["bits_given_west"].is_null());
    assert_eq!(found["dct"]["not_measured"], "frames below 8 x 8");
    assert_eq!(text.matches("not measured: frames below 8 x 8").count(), 2, "{text}");

    let (found, text) = stages_of(folder.path(), &[128; 300], "u8:3x10x10");
    close(&found["entropy"]["bits_given_west"], 0.0);
    assert_eq!(found["entropy"]["distinct_values"], 1);
    // One sample of 128, then nothing: two symbols, so a bit each.
    assert!(predictor(&found, "lorenzo3")["huffman_bytes"].as_u64().unwrap() >= 300 / 8);
    for quality in found["dct"]["qualities"].as_array().unwrap() {
        close(&quality["zeros"], 1.0);
        close(&quality["rmse"], 0.0);
    }
    assert!(!text.contains("NaN") && !text.contains("inf"), "{text}");
}

#[test]
fn frames_with_nan_are_left_out_of_transforms_alone() {
    let folder = tempfile::tempdir().unwrap();
    let mut samples: Vec<f32> = (0..3 * 64).map(|n| (n % 64) as f32).collect();
    samples[64 + 5] = f32::NAN;
    let bytes = |samples: &[f32]| -> Vec<u8> { samples.iter().flat_map(|x| x.to_le_bytes()).collect() };
    let (found, text) = stages_of(folder.path(), &bytes(&samples), "f32le:3x8x8");
    assert_eq!((&found["dct"]["frames_left_out"], &found["dct"]["raw_bytes"]), (&1.into(), &512.into()));
    assert_eq!(found["dct"]["scaling"], serde_json::json!({"linear": {"low": 0.0, "high": 63.0}}));
    assert_eq!(found["compaction"]["frames_left_out"], 1);
    assert_eq!(found["entropy"]["distinct_values"], 65);
    assert!(text.contains("without 1 frame that has NaN or infinite samples"), "{text}");
    assert!(predictor(&found, "frame")["huffman_bytes"].is_u64());

    let (found, text) = stages_of(folder.path(), &bytes(&[f32::INFINITY; 64]), "f32le:1x8x8");
    assert!(found["compaction"]["not_measured"].as_str().unwrap().contains("infinite"), "{text}");
    // Sums beyond the range of doubles are told, and nothing else is lost.
    let huge: Vec<u8> =
        (0..64).flat_map(|n| (if n % 2 == 0 { f64::MAX } else { f64::MIN }).to_le_bytes()).collect();
    let (found, _) = stages_of(folder.path(), &huge, "f64le:1x8x8");
    assert!(found["compaction"].is_object() && found["dct"]["qualities"].is_array(), "{found}");
}

#[test]
fn each_channel_is_a_plane() {
    let folder = tempfile::tempdir().unwrap();
    // Red is constant, green has two values, blue four: 0, 1 and 2 bits.
    let pixels: Vec<u8> = (0..64_u8).flat_map(|n| [9, n % 2, n % 4]).collect();
    let (found, text) = stages_of(folder.path(), &pixels, "u8:1x8x8x3");
    close(&found["entropy"]["bits"], 1.0);
    close(&found["entropy"]["bits_given_west"], 0.0);
    assert_eq!(found["entropy"]["distinct_values"], 5);
    assert!(text.contains("3 channels, each a plane of its own"), "{text}");
}

#[test]
fn every_type_and_a_part_of_large_frames() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    for kind in ["u8", "u16", "i16", "i32", "f32", "f64"] {
        make(at, &format!("texture:frames=5,size=40x30,type={kind}"), "a.npy");
        let words = ["stages", "a.npy", "-f", "--samples", "1k", "--json"];
        let found: Value = serde_json::from_str(&succeed(at, &words)).unwrap();
        assert_eq!((&found["excerpt"]["frames"], &found["excerpt"]["first_frame"]), (&3.into(), &1.into()));
        assert!(found["samples"].as_u64().unwrap() <= 1000, "{found}");
        fs::remove_file(at.join("a.npy")).unwrap();
    }
    make(at, "texture:frames=5,size=40x30,type=u16", "a.npy");
    let text = succeed(at, &["stages", "a.npy", "--samples", "1k"]);
    assert!(text.contains("frames 1 to 3, of each "), "{text}");
    fail(at, &["stages", "a.npy", "--max-memory", "100k"], 4, &["a.npy", "--samples", "--max-memory"]);
    fail(at, &["stages", "a.npy", "--samples", "1"], 2, &["--samples", "100 to 1000M"]);
    fail(at, &["stages", "missing.npy"], 2, &["missing.npy"]);
}

#[test]
fn names_stay_on_their_line() {
    let folder = tempfile::tempdir().unwrap();
    make(folder.path(), "texture:frames=1,size=8x8,type=u8", "plain.npy");
    fs::rename(folder.path().join("plain.npy"), folder.path().join("two\n\u{1b}[31mlines.npy")).unwrap();
    let text = succeed(folder.path(), &["stages", "two\n\u{1b}[31mlines.npy"]);
    assert!(text.starts_with("two\\n\\u{1b}[31mlines.npy\n"), "{text:?}");
}

/// Entropies, residuals and eigenvalues by their definitions.
const NUMPY: &str = "
import json, numpy as np
a = np.load('a.npy').astype(np.int64)
def entropy(x):
    p = np.unique(x, return_counts=True, axis=0)[1] / len(x)
    return float(-(p * np.log2(p)).sum())
pairs = np.stack([a[:, :, :-1].ravel(), a[:, :, 1:].ravel()], 1)
blocks = a.reshape(len(a), a.shape[1] // 8, 8, a.shape[2] // 8, 8).swapaxes(2, 3).reshape(-1, 64).astype(float)
variances = np.sort(np.linalg.eigvalsh(np.cov(blocks.T, bias=True)))[::-1]
k = np.arange(8)
c = np.sqrt(2 / 8) * np.cos((2 * k[None] + 1) * k[:, None] * np.pi / 16)
c[0] /= np.sqrt(2)
t = c @ (blocks - blocks.mean(0)).reshape(-1, 8, 8) @ c.T
energy = np.sort((t ** 2).mean(0).ravel())[::-1]
print(json.dumps({'order0': entropy(a.reshape(-1, 1)), 'given': entropy(pairs) - entropy(pairs[:, :1]),
  'distinct': len(np.unique(a)), 'klt': float(np.sqrt(variances[10:].sum() / 64)),
  'share': float(variances[:10].sum() / variances.sum()), 'dct': float(np.sqrt(energy[10:].sum() / 64))}))
";

#[test]
fn numpy_finds_the_same() {
    let Some(python) = python() else { return };
    let folder = tempfile::tempdir().unwrap();
    make(folder.path(), "texture:frames=4,size=48x64,type=u8,seed=5", "a.npy");
    let found: Value = serde_json::from_str(&succeed(folder.path(), &["stages", "a.npy", "--json"])).unwrap();
    let output = Command::new(python).current_dir(folder.path()).args(["-c", NUMPY]).output().unwrap();
    assert!(output.status.success(), "{}", text_of(&output));
    let numpy: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(found["entropy"]["distinct_values"], numpy["distinct"]);
    for (ours, theirs) in [
        (&found["entropy"]["bits"], "order0"),
        (&found["entropy"]["bits_given_west"], "given"),
        (&found["compaction"]["klt"]["rmse"], "klt"),
        (&found["compaction"]["klt"]["energy"], "share"),
        (&found["compaction"]["dct"]["rmse"], "dct"),
    ] {
        close(ours, numpy[theirs].as_f64().unwrap());
    }
}

#[test]
fn sizes_are_exact() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let words = ["size", "1000x1000x3", "--bits", "8", "--fps", "30", "--hours", "2", "--rate", "100M"];
    let text = succeed(at, &words);
    assert!(
        text.starts_with("648 GB (648,000,000,000 bytes): 216,000 frames of 3,000,000 bytes\n"),
        "{text}"
    );
    assert!(text.contains("603 GiB") && text.contains("14 h 24 min to send at 100 Mbit/s"), "{text}");
    let json = |words: &[&str]| -> Value {
        serde_json::from_str(&succeed(at, &[&["size", "--json"], words].concat())).unwrap()
    };
    // 15 bits are two bytes; 1001 seconds of 30000/1001 frames each are 30,000 exactly.
    assert_eq!(json(&["1x3", "--bits", "5"])["frame_bytes"], 2);
    assert_eq!(json(&["1x1", "--fps", "30000/1001", "--minutes", "16", "--seconds", "41"])["frames"], 30_000);
    assert_eq!(json(&["1x1", "--fps", "29.97", "--hours", "0.5"])["frames"], 53_946);
    assert_eq!(json(&["2x2", "--frames", "7"])["bytes"], 28);
    assert_eq!(json(&["4294967296x4294967295", "--bits", "8"])["bytes"], 18_446_744_069_414_584_320_u64);
    fail(at, &["size", "4294967296x4294967296"], 2, &["the size", "2^64", "smaller"]);
    fail(at, &["size", "18446744073709551615x18446744073709551615x18446744073709551615"], 2, &["2^64"]);
    fail(
        at,
        &["size", "1x1", "--fps", "18446744073709551615/7", "--hours", "18446744073.709551615"],
        2,
        &["--fps"],
    );
    fail(at, &["size", "1x1", "--fps", "30"], 2, &["--fps", "duration", "--hours"]);
    fail(at, &["size", "1x1", "--fps", "1", "--seconds", "0.5"], 2, &["--fps", "not one frame"]);
    fail(at, &["size", "1x1", "--hours", "2"], 2, &["--fps"]);
    fail(at, &["size", "1x0"], 2, &["0", "HEIGHTxWIDTH"]);
    assert_eq!(run(at, &["size", "1x1", "--rate", "0"]).status.code(), Some(2));
}
