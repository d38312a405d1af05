//! Measurements for tests: made, with names that try to be markup.

use stack_core::measure::FrameErrors;
use stack_core::{ErrorBound, ErrorMeter, FrameBuf, FrameShape, PixelType, SampleFormat, StackHeader};
use stack_methods::{ComparedFrame, Figures, Measurement, Outcome, SpreadMeter};
use stack_report::FramePictures;
use stack_report::html::RowPictures;

/// A name that is a script, ends attributes and cells, and is long.
pub(crate) const DATASET: &str = "</h2><script>window.hacked = 1</script>\"' onclick=alert(1) | `x` &lt;\u{1b}/Äpfel/very_long_folder_name_without_any_break_in_it_at_all_that_goes_on.npz";
const STACK: &str = "3 frames of 2 x 2, <u8>";
const SHAPE: (usize, usize) = (2, 2);

fn original(frame: u8) -> FrameBuf {
    FrameBuf::U8(vec![10, 20, 30, 40 + frame])
}

fn decoded(frame: u8, error: u8) -> FrameBuf {
    FrameBuf::U8(vec![10, 20 + error, 30, 40 + frame + error * frame])
}

fn measured(stored_bytes: u64, error: u8) -> Outcome {
    let shape = FrameShape::gray(SHAPE.0, SHAPE.1).unwrap();
    let header = StackHeader::new(3, shape, SampleFormat::full(PixelType::U8)).unwrap();
    let (mut meter, mut spread) = (ErrorMeter::new(&header), SpreadMeter::new(3));
    for frame in 0..3 {
        let (original, decoded) = (original(frame), decoded(frame, error));
        let errors = FrameErrors::between(&original, &decoded).unwrap();
        meter.add(frame.into(), errors).unwrap();
        let index = frame.into();
        spread.add(&ComparedFrame { index, original: &original, decoded: &decoded, errors: &errors });
    }
    let errors = meter.finish();
    Outcome::Measured(Box::new(Figures {
        stored_bytes,
        overhead_bytes: 2_000,
        encoded_as: (error > 0).then(|| "<H.264> & \"more\"".into()),
        promise: if error == 0 { ErrorBound::Lossless } else { ErrorBound::Unbounded },
        spread: (!errors.bit_exact()).then(|| spread.finish()),
        errors,
        encode_cpu_seconds: 1.5,
        encode_wall_seconds: 1.0 + stored_bytes as f64 / 1e7,
        decode_cpu_seconds: 0.25,
        decode_wall_seconds: 0.5,
        encode_peak_memory: 100_000_000,
        decode_peak_memory: 50_400_000,
    }))
}

fn row(method: &str, outcome: Outcome) -> Measurement {
    Measurement {
        method: method.into(),
        dataset: DATASET.into(),
        stack: STACK.into(),
        raw_bytes: 16_000_000,
        samples: 16_000_000,
        disk_bytes_before: Some(9_876_543),
        outcome,
    }
}

/// Rows of one stack with a hostile name.
pub(crate) fn hostile() -> Vec<Measurement> {
    let mut rows = vec![
        row("hdf5:gzip=9", measured(5_000_000, 0)),
        row("hdf5:gzip=1", measured(5_100_000, 0)),
        row("hdf5:<img src=x onerror=alert(1)>", measured(15_900_000, 0)),
        row("video:\"quoted\"", measured(1_000_000, 3)),
        row("video:x264-fast", measured(2_000_000, 1)),
        row("video:x264-slow", measured(2_000_001, 1)),
        row("video:ffv1", Outcome::NotRun { reason: "<script>window.hacked = 1</script>".into() }),
        row("crash", Outcome::Failed { reason: "out of memory & 'more'".into() }),
    ];
    // Many exact methods of nearly the same size: their names need room.
    rows.extend(
        (0..16_u64).map(|level| row(&format!("hdf5:zstd={level}"), measured(4_900_000 + level * 9_000, 0))),
    );
    rows
}

/// The pictures of its first exact and of its first lossy row.
pub(crate) fn pictures() -> Vec<RowPictures> {
    let shape = FrameShape::gray(SHAPE.0, SHAPE.1).unwrap();
    [("hdf5:gzip=9", 0, 0), ("video:\"quoted\"", 2, 3)]
        .into_iter()
        .map(|(method, frame, error)| RowPictures {
            dataset: DATASET.into(),
            stack: STACK.into(),
            method: method.into(),
            pictures: FramePictures::of(frame.into(), shape, &original(frame), &decoded(frame, error))
                .unwrap(),
        })
        .collect()
}
