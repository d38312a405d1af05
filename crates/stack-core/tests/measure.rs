//! Error measures against their definition, on special numbers, in any order, and through JSON.

use proptest::prelude::*;
use stack_core::measure::{FrameErrors, definition};
use stack_core::{
    ErrorBound, ErrorMeter, Errors, FrameBuf, FrameShape, FrameSource, PixelType, SampleFormat, StackHeader,
    StackInMemory,
};

fn stack(frames: Vec<FrameBuf>, format: SampleFormat) -> StackInMemory {
    let shape = FrameShape::gray(1, frames[0].len()).unwrap();
    StackInMemory::new(StackHeader::new(frames.len(), shape, format).unwrap(), frames).unwrap()
}

fn measured(original: &StackInMemory, decoded: &StackInMemory) -> Errors {
    let mut meter = ErrorMeter::new(original.header());
    for (original, decoded) in original.frames().iter().zip(decoded.frames()) {
        meter.compare(original, decoded).unwrap();
    }
    meter.finish()
}

fn one_frame(original: FrameBuf, decoded: FrameBuf) -> Errors {
    let format = SampleFormat::full(original.pixel());
    measured(&stack(vec![original], format), &stack(vec![decoded], format))
}

fn close(a: f64, b: f64) -> bool {
    a == b || (a - b).abs() <= 1e-13 * a.abs().max(b.abs())
}

/// Equal to the bit but for the sums, which are equal to 13 digits.
fn same_measures(fast: &Errors, slow: &Errors) -> bool {
    let sums = |e: &Errors| [e.mean_abs, e.mse, e.rmse];
    let mut exact = fast.clone();
    (exact.mean_abs, exact.mse, exact.rmse, exact.psnr) = (slow.mean_abs, slow.mse, slow.rmse, slow.psnr);
    exact == *slow
        && (fast.psnr == slow.psnr || (fast.psnr.unwrap() - slow.psnr.unwrap()).abs() < 1e-9)
        && sums(fast).iter().zip(sums(slow)).all(|(a, b)| close(*a, b))
}

/// Samples of any type from bit patterns: every NaN, infinity and denormal is reached.
fn frame_of_bits(pixel: PixelType, words: &[u64]) -> FrameBuf {
    let width = pixel.bytes();
    let mut frame = FrameBuf::zeros(pixel, words.len());
    frame
        .fill_le_bytes(|bytes| {
            for (place, word) in bytes.chunks_exact_mut(width).zip(words) {
                place.copy_from_slice(&word.to_le_bytes()[8 - width..]);
            }
            Ok::<(), ()>(())
        })
        .unwrap();
    frame
}

/// Words that are often equal, often close, often the patterns of special floats.
fn words(length: usize) -> impl Strategy<Value = Vec<(u64, u64)>> {
    let special = prop::sample::select(vec![
        0_u64,
        1 << 63,
        0x7ff0 << 48,
        0xfff0 << 48,
        0x7ff8_0000_0000_0001,
        0x7f80 << 48,
        0xff80 << 48,
        0x7fc0_0001 << 32,
        0x7fef_ffff_ffff_ffff,
        u64::MAX,
    ]);
    let word = prop_oneof![3 => any::<u64>(), 1 => special.clone()];
    let pair = prop_oneof![
        3 => word.clone().prop_map(|w| (w, w)),
        2 => (word.clone(), 0_u64..1 << 54).prop_map(|(w, d)| (w, w ^ d)),
        2 => (word, special),
        1 => any::<(u64, u64)>(),
    ];
    prop::collection::vec(pair, length)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_fast_form_equals_the_definition(
        pixel in prop::sample::select(PixelType::ALL.to_vec()),
        frames in (1_usize..2500).prop_flat_map(|length| prop::collection::vec(words(length), 1..4)),
    ) {
        let side = |second: bool| {
            let pick = |pairs: &Vec<(u64, u64)>| -> Vec<u64> {
                pairs.iter().map(|pair| if second { pair.1 } else { pair.0 }).collect()
            };
            let frames = frames.iter().map(|pairs| frame_of_bits(pixel, &pick(pairs))).collect();
            stack(frames, SampleFormat::full(pixel))
        };
        let (original, decoded) = (side(false), side(true));
        let fast = measured(&original, &decoded);
        let slow = definition::errors(&original, &decoded).unwrap();
        prop_assert!(same_measures(&fast, &slow), "{fast:?}\n{slow:?}");
        prop_assert_eq!(fast.bit_exact(), original == decoded || same_bits(&original, &decoded));
        let through_json: Errors = serde_json::from_str(&serde_json::to_string(&fast).unwrap()).unwrap();
        prop_assert_eq!(through_json, fast);
    }

    #[test]
    fn the_order_of_frames_leaves_no_trace(
        (values, order) in (1_usize..12).prop_flat_map(|count| (
            prop::collection::vec(prop::collection::vec(any::<f32>(), 40), count),
            Just((0..count).collect::<Vec<_>>()).prop_shuffle(),
        )),
        threads in 1_usize..4,
    ) {
        let scaled = |frame: &Vec<f32>| FrameBuf::F32(frame.iter().map(|x| x * 0.999).collect());
        let format = SampleFormat::full(PixelType::F32);
        let original = stack(values.iter().cloned().map(FrameBuf::F32).collect(), format);
        let decoded = stack(values.iter().map(scaled).collect(), format);
        let count = values.len();
        let expected = measured(&original, &decoded);

        let mut meter = ErrorMeter::new(original.header());
        for index in order {
            meter.compare_frames(index, &original.frames()[index], &decoded.frames()[index]).unwrap();
        }
        prop_assert_eq!(&meter.finish(), &expected);

        // As a program with threads does: every thread takes each n-th frame.
        let mut meter = ErrorMeter::new(original.header());
        let parts: Vec<(usize, FrameErrors)> = std::thread::scope(|scope| {
            let (original, decoded) = (&original, &decoded);
            let work = |thread: usize| move || {
                (thread..count)
                    .step_by(threads)
                    .map(|n| (n, FrameErrors::between(&original.frames()[n], &decoded.frames()[n]).unwrap()))
                    .collect::<Vec<_>>()
            };
            let running: Vec<_> = (0..threads).map(|thread| scope.spawn(work(thread))).collect();
            running.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
        });
        for (index, part) in parts {
            meter.add(index, part).unwrap();
        }
        prop_assert_eq!(&meter.finish(), &expected);
    }
}

fn same_bits(a: &StackInMemory, b: &StackInMemory) -> bool {
    a.frames().iter().zip(b.frames()).all(|(a, b)| a.le_bytes() == b.le_bytes())
}

#[test]
fn nan_on_both_sides_is_no_error_but_not_always_the_same_bits() {
    let payload = f32::from_bits(0x7fc0_1234);
    let errors = one_frame(FrameBuf::F32(vec![f32::NAN, 1.0, 3.0]), FrameBuf::F32(vec![payload, 1.0, 3.0]));
    assert_eq!((errors.differing, errors.nonfinite_mismatches, errors.finite_pairs), (1, 0, 2));
    assert_eq!((errors.max_abs, errors.psnr, errors.worst_frame), (0.0, None, None));
    assert!(!errors.bit_exact() && !errors.keeps(ErrorBound::Lossless));
    assert!(errors.keeps(ErrorBound::MaxAbs(1e-300)));
}

#[test]
fn a_lost_nan_or_infinity_breaks_every_bound() {
    let infinity = f64::INFINITY;
    for (original, decoded) in
        [(f64::NAN, 0.0), (0.0, f64::NAN), (infinity, 1.0), (1.0, -infinity), (infinity, -infinity)]
    {
        let errors = one_frame(FrameBuf::F64(vec![original, 2.0]), FrameBuf::F64(vec![decoded, 2.5]));
        assert_eq!((errors.nonfinite_mismatches, errors.finite_pairs), (1, 1), "{original} {decoded}");
        assert_eq!((errors.max_abs, errors.frame_max[0]), (infinity, infinity));
        assert_eq!((errors.mean_abs, errors.mse), (0.5, 0.25));
        assert!(!errors.keeps(ErrorBound::MaxAbs(f64::MAX)) && errors.keeps(ErrorBound::Unbounded));
        // Not even a bound that no parser accepts.
        assert!(!errors.keeps(ErrorBound::MaxAbs(infinity)));
    }
}

#[test]
fn a_lost_sign_of_zero_is_a_difference_without_error() {
    let errors = one_frame(FrameBuf::F64(vec![-0.0, 1.0]), FrameBuf::F64(vec![0.0, 1.0]));
    assert_eq!((errors.differing, errors.max_abs), (1, 0.0));
    assert!(!errors.bit_exact() && errors.keeps(ErrorBound::MaxAbs(1e-9)));
    assert!(errors.minimum.is_sign_positive());
}

#[test]
fn a_frame_that_was_never_compared_breaks_the_promise() {
    let header =
        StackHeader::new(3, FrameShape::gray(1, 1).unwrap(), SampleFormat::full(PixelType::U8)).unwrap();
    let frame = FrameBuf::U8(vec![9]);
    let mut meter = ErrorMeter::new(&header);
    meter.compare(&frame, &frame).unwrap();
    meter.compare_frames(2, &frame, &frame).unwrap();
    let errors = meter.finish();
    assert_eq!((errors.frames, errors.missing_frames, errors.differing), (2, 1, 0));
    assert_eq!(errors.frame_max, [0.0, f64::INFINITY, 0.0]);
    assert_eq!(errors.worst_frame, Some(1));
    assert!(!errors.bit_exact() && !errors.keeps(ErrorBound::Lossless));
    assert!(!errors.keeps(ErrorBound::MaxAbs(1e9)));
    assert!(!ErrorMeter::new(&header).finish().bit_exact());
}

#[test]
fn frames_that_do_not_belong_are_refused() {
    let header =
        StackHeader::new(2, FrameShape::gray(1, 2).unwrap(), SampleFormat::full(PixelType::U8)).unwrap();
    let (frame, short, other) = (FrameBuf::U8(vec![1, 2]), FrameBuf::U8(vec![1]), FrameBuf::I16(vec![1, 2]));
    let mut meter = ErrorMeter::new(&header);
    assert!(meter.compare(&frame, &short).is_err());
    assert!(meter.compare(&short, &short).is_err());
    assert!(meter.compare(&frame, &other).is_err());
    assert!(meter.compare(&other, &other).is_err());
    assert!(meter.compare_frames(2, &frame, &frame).is_err());
    meter.compare_frames(1, &frame, &frame).unwrap();
    assert!(meter.compare_frames(1, &frame, &frame).is_err());
    meter.compare(&frame, &frame).unwrap();
    let message = meter.compare_frames(0, &frame, &frame).unwrap_err().to_string();
    assert_eq!(message, "frame 0: it was compared before; compare each frame once");
    assert!(meter.finish().bit_exact());
}

#[test]
fn the_peak_is_named() {
    let peak = |format| {
        let frame = FrameBuf::zeros(SampleFormat::pixel(format), 2);
        let errors = measured(&stack(vec![frame.clone()], format), &stack(vec![frame], format));
        (errors.psnr_peak, errors.psnr_peak_name)
    };
    assert_eq!(peak(SampleFormat::full(PixelType::I16)), (65_535.0, "span of i16".into()));
    assert_eq!(peak(SampleFormat::new(PixelType::U16, 12).unwrap()), (4095.0, "2^12 - 1".into()));
    assert_eq!(peak(SampleFormat::full(PixelType::F32)), (0.0, "range of the originals".into()));
    // One error of 1 in 100 samples of 8 bits: 20 log10(255 / 0.1).
    let (mut original, decoded) = (vec![7_u8; 100], vec![7_u8; 100]);
    original[50] = 8;
    let errors = one_frame(FrameBuf::U8(original), FrameBuf::U8(decoded));
    assert!((errors.psnr.unwrap() - 68.130_803_608_679).abs() < 1e-9);
}

#[test]
fn extreme_integers_are_measured_exactly() {
    let errors =
        one_frame(FrameBuf::I32(vec![i32::MIN, i32::MAX, 0]), FrameBuf::I32(vec![i32::MAX, i32::MIN, 0]));
    let span = f64::from(u32::MAX);
    assert_eq!((errors.max_abs, errors.mean_abs, errors.relative_max), (span, span * 2.0 / 3.0, 1.0));
    // 2 (2^32 - 1)^2 / 3, rounded once to a double before the division.
    assert_eq!(errors.mse, ((2 * u128::from(u32::MAX).pow(2)) as f64) / 3.0);
}

#[test]
fn doubles_at_the_ends_of_their_range_give_no_nan() {
    let errors =
        one_frame(FrameBuf::F64(vec![f64::MIN, f64::MAX, 0.0]), FrameBuf::F64(vec![f64::MAX, f64::MAX, 0.0]));
    assert_eq!(
        (errors.max_abs, errors.rmse, errors.psnr),
        (f64::INFINITY, f64::INFINITY, Some(f64::NEG_INFINITY))
    );
    let errors = one_frame(FrameBuf::F64(vec![f64::MIN, f64::MAX]), FrameBuf::F64(vec![0.0, f64::MAX]));
    assert_eq!(errors.relative_max, 0.5);
    let errors = one_frame(FrameBuf::F64(vec![1e-300]), FrameBuf::F64(vec![0.0]));
    assert_eq!((errors.mse, errors.psnr, errors.relative_max), (0.0, Some(f64::NEG_INFINITY), f64::INFINITY));
}

#[test]
fn ten_thousand_million_samples_are_summed_accurately() {
    // The sums of 100,000 frames of 100,000 samples with an error of 0.1 each, without the samples.
    let frames = 100_000;
    let shape = FrameShape::gray(1, frames).unwrap();
    let header = StackHeader::new(frames, shape, SampleFormat::full(PixelType::F64)).unwrap();
    let frame = FrameErrors {
        samples: frames as u64,
        finite_pairs: frames as u64,
        differing: frames as u64,
        max_abs: 0.1,
        sum_abs: 0.1 * frames as f64,
        sum_squares: 0.1 * 0.1 * frames as f64,
        ..FrameErrors::default()
    };
    let mut meter = ErrorMeter::new(&header);
    for index in 0..frames {
        meter.add(index, frame).unwrap();
    }
    let errors = meter.finish();
    assert!((errors.mean_abs - 0.1).abs() < 1e-16, "{}", errors.mean_abs);
    assert!((errors.rmse - 0.1).abs() < 1e-16, "{}", errors.rmse);
}

#[test]
fn numbers_that_are_not_finite_are_words_in_json() {
    let errors = one_frame(FrameBuf::F32(vec![f32::NAN]), FrameBuf::F32(vec![0.0]));
    let json = serde_json::to_value(&errors).unwrap();
    assert_eq!((&json["max_abs"], &json["minimum"]), (&"inf".into(), &"inf".into()));
    assert_eq!((&json["maximum"], &json["frame_max"]), (&"-inf".into(), &vec!["inf"].into()));
    assert_eq!(json["psnr"], serde_json::Value::Null);
    assert_eq!(serde_json::from_value::<Errors>(json.clone()).unwrap(), errors);
    let mut wrong = json;
    wrong["mse"] = "much".into();
    assert!(serde_json::from_value::<Errors>(wrong).is_err());
}
