//! `stackpress report`: the files that it leaves, and what was measured.

mod support;

use std::fs;

use serde_json::Value;
use support::{have, make, succeed};

#[test]
fn reports_hold_every_row() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    make(at, "texture:frames=8,size=32x32,type=f32", "a.npy");
    succeed(at, &["report", "a.npy", "-o", "results"]);
    let csv = fs::read_to_string(at.join("results/results.csv")).unwrap();
    assert_eq!(csv.lines().count(), 1 + stack_methods::METHODS.len() + stack_methods::GROUPED.len(), "{csv}");
    let table = fs::read_to_string(at.join("results/results.md")).unwrap();
    assert!(table.contains("hdf5:shuffle,gzip=9"), "{table}");
    assert!(table.contains("not run"), "floats are refused by video: {table}");
    assert!(!table.contains("cannot store this stack"), "reasons are short: {table}");
    let page = fs::read_to_string(at.join("results/report.html")).unwrap();
    assert!(page.contains("<h4>Original, frame 0</h4>") && page.contains("HDF5 1."), "{page}");
    let mut found: Vec<String> = support::files_below(&at.join("results"))
        .iter()
        .filter(|path| path.is_file())
        .map(|file| file.strip_prefix(at.join("results")).unwrap().to_string_lossy().into_owned())
        .collect();
    found.sort();
    for name in ["report.html", "results.csv", "results.json", "results.md"] {
        assert!(found.iter().any(|file| file == name), "{found:?}");
    }
    // Every link leads to a file, and every file has a link.
    let plots: Vec<&String> = found.iter().filter(|file| file.starts_with("plots/")).collect();
    assert!(plots.iter().any(|plot| plot.ends_with("-sizes.svg")), "{plots:?}");
    assert_eq!(found.len(), 4 + plots.len());
    for plot in plots {
        assert!(page.contains(&format!("href=\"{plot}\"")), "{plot}");
    }
}

#[test]
fn lossy_rows_say_where_errors_are() {
    if !have("ffmpeg") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let name = "<img src=x> & 'q'.npy";
    make(at, "texture:frames=6,size=40x40,type=u16", name);
    succeed(at, &["report", name, "-o", "results", "-m", "video:x264-fast", "-m", "hdf5:gzip=1"]);
    let text = fs::read_to_string(at.join("results/results.json")).unwrap();
    let rows: Value = serde_json::from_str(&text).unwrap();
    let lossy = &rows[0]["outcome"];
    let (errors, spread) = (&lossy["errors"], &lossy["spread"]);
    assert_eq!(spread["frames_per_point"], 1);
    let rmse: Vec<f64> =
        spread["frame_rmse"].as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect();
    assert_eq!(rmse.len(), 6);
    // Frames of one size: the mean of their squares is that of the stack.
    let mse = rmse.iter().map(|value| value * value).sum::<f64>() / 6.0;
    assert!((mse / errors["mse"].as_f64().unwrap() - 1.0).abs() < 1e-9);
    let histogram = &spread["histogram"];
    let octaves = histogram["octaves"].as_array().unwrap();
    let counted: u64 = octaves.iter().map(|octave| octave["samples"].as_u64().unwrap()).sum();
    assert_eq!(Value::from(counted), errors["differing"]);
    assert_eq!(counted + histogram["zeros"].as_u64().unwrap(), 6 * 40 * 40);
    let largest = errors["max_abs"].as_f64().unwrap();
    let last = octaves.last().unwrap()["exponent"].as_i64().unwrap();
    assert_eq!(largest.log2().floor() as i64, last);
    assert!(rows[1]["outcome"]["spread"].is_null(), "no errors, no spread");

    let page = fs::read_to_string(at.join("results/report.html")).unwrap();
    let frame = errors["worst_frame"].as_u64().unwrap();
    assert!(page.contains(&format!("<h4><code>video:x264-fast</code>, frame {frame}</h4>")));
    assert!(page.contains(">decoded − original</text>") && page.contains("FFmpeg "));
    assert!(!page.contains("<img") && page.contains("&lt;img src=x&gt; &amp; &#39;q&#39;.npy"));
}
