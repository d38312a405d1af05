//! The tables inside our files, and the files of a report.

use std::path::Path;

use stack_core::{Arrangement, ErrorBound, FrameBuf, FrameShape, PixelType, SampleFormat, StackHeader};
use stack_grouping::places;
use stack_methods::{Envelope, FrameHashes, Measurement, Outcome};

use crate::LIMITS;

/// The name that errors give the bytes.
const FILE: &str = "fuzz.stack.h5";

/// A header with everything in it.
fn header() -> StackHeader {
    let shape = FrameShape::new(5, 4, 3).expect("a small shape");
    let mut header = StackHeader::new(2, shape, SampleFormat::full(PixelType::U16)).expect("a small stack");
    header.meta.frame_names = vec!["a.png".into(), "b\u{e4}.png".into()];
    header.meta.properties.insert("exposure".into(), "12 ms".into());
    header
}

/// The header of a small stack, as JSON.
pub fn stack_header_seeds() -> Vec<Vec<u8>> {
    vec![serde_json::to_vec(&header()).expect("a header is JSON")]
}

/// A header that is accepted passes its own checks, or is refused by them, and has sizes that do not overflow.
pub fn stack_header(bytes: &[u8]) -> bool {
    let Ok(header) = serde_json::from_slice::<StackHeader>(bytes) else { return false };
    if LIMITS.check_header(Path::new(FILE), &header).is_err() {
        return false;
    }
    assert!(header.raw_bytes() <= LIMITS.frames * LIMITS.frame_bytes);
    let again = serde_json::to_vec(&header).expect("a header is JSON");
    assert_eq!(serde_json::from_slice::<StackHeader>(&again).expect("it reads back"), header);
    true
}

/// Envelopes of each promise, and a table of hashes.
pub fn envelope_seeds() -> Vec<Vec<u8>> {
    let spec = "hdf5:shuffle,gzip=9".parse().expect("a specification");
    let envelope = Envelope::new(spec, ErrorBound::MaxAbs(0.5)).to_bytes();
    let mut hashes = FrameHashes::with_capacity(2);
    hashes.push(&FrameBuf::U8(vec![1, 2, 3]));
    hashes.push(&FrameBuf::U8(vec![3, 2, 1]));
    vec![envelope, hashes.as_bytes().to_vec()]
}

/// An envelope or a table of frame hashes.
pub fn envelope(bytes: &[u8]) -> bool {
    let path = Path::new(FILE);
    let hashes = FrameHashes::from_bytes(path, bytes.to_vec(), 2);
    if let Ok(hashes) = &hashes {
        assert!(hashes.get(1).is_some() && hashes.get(2).is_none());
    }
    let Ok(envelope) = Envelope::from_bytes(path, bytes) else { return hashes.is_ok() };
    assert!(Envelope::from_bytes(path, &envelope.to_bytes()).is_ok(), "an envelope reads back");
    true
}

/// A small report.
pub fn report_json_seeds() -> Vec<Vec<u8>> {
    let mut meter = stack_core::ErrorMeter::new(&header());
    let (frame, other) = (FrameBuf::U16(vec![7; 60]), FrameBuf::U16(vec![8; 60]));
    meter.compare(&frame, &frame).and_then(|()| meter.compare(&frame, &other)).expect("frames that fit");
    let mut histogram = stack_methods::spread::ErrorHistogram::default();
    histogram.add(&frame, &other);
    let spread = stack_methods::ErrorSpread { frames_per_point: 1, frame_rmse: vec![0.0, 1.0], histogram };
    let figures = stack_methods::Figures {
        stored_bytes: 1000,
        overhead_bytes: 10,
        encoded_as: Some("H.264 High 10, gray10le".into()),
        promise: ErrorBound::Unbounded,
        errors: meter.finish(),
        spread: Some(spread),
        encode_cpu_seconds: 0.5,
        encode_wall_seconds: 0.25,
        decode_cpu_seconds: 0.125,
        decode_wall_seconds: 0.0,
        encode_peak_memory: 1,
        decode_peak_memory: 2,
    };
    let row = |outcome| Measurement {
        method: "hdf5:gzip=9".into(),
        dataset: "a|b,c\"d".into(),
        stack: "2 frames of 5 x 4 x 3, u16".into(),
        raw_bytes: 240,
        samples: 120,
        disk_bytes_before: None,
        outcome,
    };
    let rows = [row(Outcome::Measured(Box::new(figures))), row(Outcome::NotRun { reason: "no".into() })];
    vec![stack_report::json(&rows).into_bytes()]
}

/// A report that is accepted can be written in every form.
pub fn report_json(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let Ok(rows) = stack_report::from_json(text) else { return false };
    let csv = stack_report::csv(&rows);
    assert!(csv.matches("\r\n").count() > rows.len());
    assert!(stack_report::markdown(&rows, "").starts_with("# "));
    assert_eq!(stack_report::sizes(&rows).is_empty(), rows.is_empty());
    assert!(stack_report::from_json(&stack_report::json(&rows)).is_ok(), "a report reads back");
    true
}

/// Frames of the arrangements that are decoded.
const ARRANGED: usize = 12;

/// Arrangements of twelve frames: in order, shuffled, and with equal frames.
pub fn places_seeds() -> Vec<Vec<u8>> {
    [
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
        [7, 2, 11, 0, 5, 1, 9, 3, 10, 4, 8, 6],
        [0, 0, 1, 2, 1, 0, 3, 3, 3, 2, 4, 0],
    ]
    .map(|places| places::to_bytes(&Arrangement::new(places.to_vec()).expect("every place has a frame")))
    .to_vec()
}

/// The places of twelve frames.
pub fn places(bytes: &[u8]) -> bool {
    let Ok(arrangement) = places::from_bytes(bytes, ARRANGED) else { return false };
    assert_eq!(arrangement.frames(), ARRANGED);
    let again = places::from_bytes(&places::to_bytes(&arrangement), ARRANGED);
    assert_eq!(again.expect("it reads back"), arrangement);
    true
}
