//! Chunks of frames of every type, with every bound, come back as promised.

use proptest::prelude::*;
use stack_codec::{Error, remainder};
use stack_core::{
    ErrorBound, ErrorMeter, Errors, FrameBuf, FrameShape, PixelType, SampleFormat, StackHeader,
};
use stack_entropy::information::entropy_of_counts;
use stack_predict::{Earlier, Predictor, Shape};

/// The errors of what comes back.
fn round_trip(shape: FrameShape, original: &[FrameBuf], base: &[FrameBuf], bound: ErrorBound) -> Errors {
    let bytes = remainder::encode(shape, original, base, bound).unwrap();
    let mut frames = base.to_vec();
    remainder::decode(&bytes, shape, &mut frames).unwrap();
    let header = StackHeader::new(original.len(), shape, SampleFormat::full(original[0].pixel())).unwrap();
    let mut meter = ErrorMeter::new(&header);
    for (original, decoded) in original.iter().zip(&frames) {
        meter.compare(original, decoded).unwrap();
        if bound != ErrorBound::Lossless {
            check_nan(original, decoded);
        }
    }
    meter.finish()
}

/// NaN comes back bit for bit under every bound.
fn check_nan(original: &FrameBuf, decoded: &FrameBuf) {
    for index in 0..original.len() {
        let nan = match original {
            FrameBuf::F32(samples) => samples[index].is_nan(),
            FrameBuf::F64(samples) => samples[index].is_nan(),
            _ => false,
        };
        assert!(!nan || original.bits_at(index) == decoded.bits_at(index));
    }
}

fn frame(pixel: PixelType, bits: &[u64]) -> FrameBuf {
    let mut frame = FrameBuf::zeros(pixel, bits.len());
    frame
        .fill_le_bytes(|bytes| {
            for (word, bits) in bytes.chunks_exact_mut(pixel.bytes()).zip(bits) {
                word.copy_from_slice(&bits.to_le_bytes()[..pixel.bytes()]);
            }
            Ok::<(), ()>(())
        })
        .unwrap();
    frame
}

fn frames(pixel: PixelType, samples: usize, bits: &[u64]) -> Vec<FrameBuf> {
    bits.chunks_exact(samples).map(|bits| frame(pixel, bits)).collect()
}

/// Any bits; bits that make special floats; small numbers.
fn sample_bits() -> impl Strategy<Value = u64> {
    prop_oneof![
        any::<u64>(),
        (0_u64..20),
        any::<f32>().prop_map(|x| u64::from(x.to_bits())),
        any::<f64>().prop_map(f64::to_bits),
        (-100.0_f32..100.0).prop_map(|x| u64::from(x.to_bits())),
        (-100.0_f64..100.0).prop_map(f64::to_bits),
        prop::sample::select(vec![
            0x7fc0_0001,
            0xff80_0000,
            0x7f80_0000,
            0x8000_0000,
            0x7ff8_0000_0000_0001,
            0x7ff0_0000_0000_0000,
            0xfff0_0000_0000_0000,
            0x7fef_ffff_ffff_ffff,
            0xffef_ffff_ffff_ffff,
            u64::MAX,
        ]),
    ]
}

fn bounds() -> impl Strategy<Value = ErrorBound> {
    prop_oneof![
        Just(ErrorBound::Lossless),
        prop::sample::select(vec![0.0, 0.5, 1.0, 2.9, 5e-324, 1e-310, 1e-38, 1e9, 1e300, f64::MAX])
            .prop_map(ErrorBound::MaxAbs),
        (0.0_f64..300.0).prop_map(ErrorBound::MaxAbs),
    ]
}

proptest! {
    #[test]
    fn every_type_comes_back_within_every_bound(
        pixel in prop::sample::select(PixelType::ALL.to_vec()),
        (height, width, channels) in (1_usize..6, 1_usize..9, 1_usize..5),
        count in 1_usize..4,
        bound in bounds(),
        near in any::<bool>(),
        bits in prop::collection::vec((sample_bits(), sample_bits()), 5 * 8 * 4 * 3),
    ) {
        let shape = FrameShape::new(height, width, channels).unwrap();
        let used = &bits[..shape.samples() * count];
        let original: Vec<u64> = used.iter().map(|pair| pair.0).collect();
        let base: Vec<u64> = used.iter().map(|pair| if near { pair.0 ^ (pair.1 & 7) } else { pair.1 }).collect();
        let (original, base) =
            (frames(pixel, shape.samples(), &original), frames(pixel, shape.samples(), &base));
        let errors = round_trip(shape, &original, &base, bound);
        prop_assert!(errors.keeps(bound), "{bound}: {errors:?}");
        let exact = match bound {
            ErrorBound::MaxAbs(most) if pixel.is_float() => most == 0.0,
            ErrorBound::MaxAbs(most) => most < 1.0,
            _ => true,
        };
        prop_assert!(!exact || errors.bit_exact());
    }
}

#[test]
fn what_cannot_be_held_is_refused() {
    let shape = FrameShape::gray(1, 2).unwrap();
    let frame = [FrameBuf::U8(vec![1, 2])];
    for bound in [ErrorBound::Unbounded, ErrorBound::MaxAbs(f64::NAN), ErrorBound::MaxAbs(-1.0)] {
        let refused = remainder::encode(shape, &frame, &frame, bound);
        assert!(matches!(refused, Err(Error::Bound { .. })), "{refused:?}");
    }
    let other_type = [FrameBuf::U16(vec![1, 2])];
    let other_length = [FrameBuf::U8(vec![1, 2, 3])];
    let two = [frame[0].clone(), frame[0].clone()];
    for base in [&other_type[..], &other_length, &two, &[]] {
        let refused = remainder::encode(shape, &frame, base, ErrorBound::Lossless);
        assert!(matches!(refused, Err(Error::Frames { .. })), "{refused:?}");
    }
}

/// Sums of three numbers of 0 to 7 less their mean: a bell, and what it costs at best when it is seen alone.
#[test]
fn noise_around_a_base_costs_its_entropy_and_less_than_med() {
    let shape = FrameShape::gray(96, 128).unwrap();
    let mut state = 1_u32;
    let mut random = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 29) as i16
    };
    let ground: Vec<i16> = (0..shape.samples()).map(|place| (place % 128 * 31 % 900) as i16).collect();
    let noise: Vec<Vec<i16>> =
        (0..8).map(|_| ground.iter().map(|_| random() + random() + random() - 10).collect()).collect();
    let original: Vec<FrameBuf> = noise
        .iter()
        .map(|noise| FrameBuf::I16(noise.iter().zip(&ground).map(|(noise, ground)| noise + ground).collect()))
        .collect();
    let base = vec![FrameBuf::I16(ground); 8];

    let plane = Shape::new(96, 128).unwrap();
    let (mut alone, mut med) = ([0_u64; 64], [0_u64; 256]);
    let mut residuals = vec![0; plane.len()];
    for noise in &noise {
        noise.iter().for_each(|noise| alone[(noise + 32) as usize] += 1);
        Predictor::Med.encode(plane, noise, Earlier::None, &mut residuals).unwrap();
        residuals.iter().for_each(|residual| med[usize::from(*residual)] += 1);
    }
    let samples = 8.0 * shape.samples() as f64;
    let [alone, med] = [entropy_of_counts(alone), entropy_of_counts(med)];
    let bytes = remainder::encode(shape, &original, &base, ErrorBound::Lossless).unwrap();
    let bits = bytes.len() as f64 * 8.0 / samples;
    assert!(bits < 1.01 * alone && bits < med - 0.5, "{bits} bits; alone {alone}, MED {med}");
}

#[test]
fn a_mask_of_missing_values_is_nearly_free() {
    let shape = FrameShape::gray(64, 64).unwrap();
    let land = |place: usize| (place / 64).abs_diff(32) + (place % 64).abs_diff(30) < 25;
    let samples = (0..4096).map(|place| if land(place) { f32::NAN } else { 1.5 });
    let original = vec![FrameBuf::F32(samples.collect()); 4];
    let base = vec![FrameBuf::F32(vec![1.5; 4096]); 4];
    for bound in [ErrorBound::Lossless, ErrorBound::MaxAbs(0.1)] {
        let bytes = remainder::encode(shape, &original, &base, bound).unwrap();
        assert!(bytes.len() < 600, "{bound}: {} bytes for 4 x 4096 samples", bytes.len());
    }
}
