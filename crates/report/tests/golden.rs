//! The three forms of one report, letter for letter.

use stack_core::{
    ErrorBound, ErrorMeter, Errors, FrameBuf, FrameShape, PixelType, SampleFormat, StackHeader,
};
use stack_methods::{Figures, Measurement, Outcome};
use stack_report::{csv, from_json, json, markdown, sizes};

/// The errors of a stack of two frames of 1 x 2, of which `changed` replaces the second.
fn errors(changed: [f32; 2]) -> Errors {
    let shape = FrameShape::gray(1, 2).unwrap();
    let header = StackHeader::new(2, shape, SampleFormat::full(PixelType::F32)).unwrap();
    let mut meter = ErrorMeter::new(&header);
    let frame = FrameBuf::F32(vec![0.0, 4.0]);
    meter.compare(&frame, &frame).unwrap();
    meter.compare(&frame, &FrameBuf::F32(changed.to_vec())).unwrap();
    meter.finish()
}

fn row(method: &str, outcome: Outcome) -> Measurement {
    Measurement {
        method: method.into(),
        dataset: "cells|2*/".into(),
        stack: "2 frames of 1 x 2, f32".into(),
        raw_bytes: 16_000_000,
        samples: 4_000_000,
        disk_bytes_before: Some(9_876_543),
        outcome,
    }
}

fn measured(stored_bytes: u64, promise: ErrorBound, errors: Errors, encoded_as: Option<&str>) -> Outcome {
    Outcome::Measured(Box::new(Figures {
        stored_bytes,
        overhead_bytes: 2_000,
        encoded_as: encoded_as.map(Into::into),
        promise,
        errors,
        encode_cpu_seconds: 1.5,
        encode_wall_seconds: 1.0,
        decode_cpu_seconds: 0.25,
        decode_wall_seconds: 0.5,
        spread: None,
        encode_peak_memory: 100_000_000,
        decode_peak_memory: 50_400_000,
    }))
}

fn report() -> Vec<Measurement> {
    let exact = errors([0.0, 4.0]);
    let half = errors([0.0, 3.5]);
    let lost = errors([f32::NAN, 4.0]);
    let mut other = row("hdf5:gzip=9", measured(5_000_000, ErrorBound::Lossless, exact.clone(), None));
    other.dataset = "other.npy".into();
    other.disk_bytes_before = None;
    vec![
        row("video:ffv1", Outcome::NotRun { reason: "ffmpeg | not found".into() }),
        row("hdf5:gzip=9", measured(5_000_000, ErrorBound::Lossless, exact, None)),
        row(
            "keeps",
            measured(2_000_000, ErrorBound::MaxAbs(0.5), half.clone(), Some("H.264 High 10, gray10le")),
        ),
        row("breaks", measured(2_000_000, ErrorBound::MaxAbs(0.25), half.clone(), None)),
        row("loses", measured(3_999_999, ErrorBound::Lossless, lost, None)),
        row("free", measured(1_234_567, ErrorBound::Unbounded, half, Some("H.264 High 10, gray10le"))),
        other,
        row("crash", Outcome::Failed { reason: "out of memory".into() }),
    ]
}

#[test]
fn markdown_page() {
    let page = markdown(&report(), "stackpress 0.1.0 on a test machine");
    let tables = page.split_once("RMSE is in sample values.\n").unwrap().1;
    assert_eq!(
        tables,
        r"
## cells\|2\*/

2 frames of 1 x 2, f32: 16,000,000 bytes of samples, 9,876,543 bytes on disk before. PSNR peak: 4 (range of the originals).

| method | promised | measured | stored bytes | ratio | bits/sample | RMSE | PSNR dB |
|---|---|---|---:|---:|---:|---:|---:|
| `free` <sup>1</sup> | none | max error 0.5, 25 % of samples differ | 1,234,567 | 12.96 | 2.469 | 0.25 | 24.08 |
| `keeps` <sup>1</sup> | max error 0.5 | max error 0.5 | 2,000,000 | 8.00 | 4.000 | 0.25 | 24.08 |
| `breaks` | max error 0.25 | **promise broken:** max error 0.5 | 2,000,000 | 8.00 | 4.000 | 0.25 | 24.08 |
| `loses` | lossless | **promise broken:** max error infinite, 25 % of samples differ, 1 NaN or infinite values changed | 3,999,999 | 4.00 | 8.000 | 0 | ∞ |
| `hdf5:gzip=9` | lossless | bit-exact, 2/2 frames | 5,000,000 | 3.20 | 10.000 | 0 | ∞ |
| `video:ffv1` | | not run: ffmpeg \| not found | | | | | |
| `crash` | | **failed:** out of memory | | | | | |

<sup>1</sup> encoded as H.264 High 10, gray10le

| method | encode CPU s | encode MB/s | decode CPU s | decode MB/s | encode peak MB | decode peak MB |
|---|---:|---:|---:|---:|---:|---:|
| `free` | 1.50 | 16.0 | 0.25 | 32.0 | 100 | 50 |
| `keeps` | 1.50 | 16.0 | 0.25 | 32.0 | 100 | 50 |
| `breaks` | 1.50 | 16.0 | 0.25 | 32.0 | 100 | 50 |
| `loses` | 1.50 | 16.0 | 0.25 | 32.0 | 100 | 50 |
| `hdf5:gzip=9` | 1.50 | 16.0 | 0.25 | 32.0 | 100 | 50 |

## other.npy

2 frames of 1 x 2, f32: 16,000,000 bytes of samples. PSNR peak: 4 (range of the originals).

| method | promised | measured | stored bytes | ratio | bits/sample | RMSE | PSNR dB |
|---|---|---|---:|---:|---:|---:|---:|
| `hdf5:gzip=9` | lossless | bit-exact, 2/2 frames | 5,000,000 | 3.20 | 10.000 | 0 | ∞ |

| method | encode CPU s | encode MB/s | decode CPU s | decode MB/s | encode peak MB | decode peak MB |
|---|---:|---:|---:|---:|---:|---:|
| `hdf5:gzip=9` | 1.50 | 16.0 | 0.25 | 32.0 | 100 | 50 |
"
    );
}

#[test]
fn short_table() {
    let rows: Vec<Measurement> =
        report().into_iter().filter(|row| row.dataset != "other.npy").take(3).collect();
    assert_eq!(
        sizes(&rows),
        r"**cells\|2\*/**: 2 frames of 1 x 2, f32: 16,000,000 bytes of samples, 9,876,543 bytes on disk before. PSNR peak: 4 (range of the originals).

| method | stored bytes | ratio | bits/sample | decoded samples |
|---|---:|---:|---:|---|
| `keeps` | 2,000,000 | 8.00 | 4.000 | max error 0.5 |
| `hdf5:gzip=9` | 5,000,000 | 3.20 | 10.000 | bit-exact, 2/2 frames |
| `video:ffv1` | | | | not run: ffmpeg \| not found |
"
    );
}

#[test]
fn csv_records() {
    let text = csv(&report()[..3]);
    let lines: Vec<&str> = text.split("\r\n").collect();
    assert_eq!(
        lines[1..],
        [
            "cells|2*/,\"2 frames of 1 x 2, f32\",video:ffv1,not_run,ffmpeg | not found,16000000,4000000,9876543\
             ,,,,,,,,,,,,,,,,,,,,,,,,,",
            "cells|2*/,\"2 frames of 1 x 2, f32\",hdf5:gzip=9,measured,,16000000,4000000,9876543,5000000,2000,3.2,\
             10.0,,lossless,,true,true,2,0,0,0.0,0.0,0.0,0.0,,4.0,range of the originals,1.5,1.0,0.25,0.5,100000000,\
             50400000",
            "cells|2*/,\"2 frames of 1 x 2, f32\",keeps,measured,,16000000,4000000,9876543,2000000,2000,8.0,4.0,\
             \"H.264 High 10, gray10le\",max_abs,0.5,true,false,2,1,0,0.5,0.125,0.25,0.125,24.082399653118497,4.0,\
             range of the originals,1.5,1.0,0.25,0.5,100000000,50400000",
            "",
        ]
    );
    for line in &lines[..lines.len() - 1] {
        let unquoted: String = line.split('"').step_by(2).collect();
        assert_eq!(unquoted.matches(',').count() + 1, csv::COLUMNS.len(), "{line}");
    }
}

#[test]
fn json_reads_back_even_where_numbers_are_not_finite() {
    let rows = report();
    let text = json(&rows);
    assert_eq!(from_json(&text).unwrap(), rows);
    assert_eq!(text.lines().count(), rows.len() + 2);
    assert!(text.contains(r#""max_abs":"inf""#));
    assert!(text.contains(
        r#"{"method":"crash","dataset":"cells|2*/","stack":"2 frames of 1 x 2, f32","raw_bytes":16000000,"samples":4000000,"disk_bytes_before":9876543,"outcome":{"status":"failed","reason":"out of memory"}}"#
    ));
}

#[test]
fn damaged_json_is_refused_with_its_place() {
    let text = json(&report());
    // The very last byte is a line break.
    for end in (0..text.len() - 1).step_by(7) {
        assert!(from_json(&text[..end]).is_err(), "cut at {end}");
    }
    let error = from_json("[{}]").unwrap_err().to_string();
    assert!(error.contains("line 1 column 3"), "{error}");
}
