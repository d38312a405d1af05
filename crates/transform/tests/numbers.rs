//! Floats as codes and masks: worst errors, exact bits, and what comes from a file.

use proptest::prelude::*;
use stack_transform::mask::Run;
use stack_transform::{Error, Float, Lattice, LinearScale, Specials};

/// Finite floats of all magnitudes.
fn any_f32() -> impl Strategy<Value = f32> {
    any::<u32>().prop_map(f32::from_bits).prop_filter("finite", |x| x.is_finite())
}

fn any_f64() -> impl Strategy<Value = f64> {
    any::<u64>().prop_map(f64::from_bits).prop_filter("finite", |x| x.is_finite())
}

/// The largest error of samples after quantising and restoring, by subtraction in units that cannot overflow.
fn worst<T: Float>(scale: &LinearScale, samples: &[T]) -> f64 {
    let mut codes = vec![0; samples.len()];
    scale.quantise(samples, &mut codes).unwrap();
    let mut restored = vec![T::default(); samples.len()];
    scale.restore(&codes, &mut restored).unwrap();
    let error =
        |(a, b): (&T, &T)| (<T as Into<f64>>::into(*a) / 2.0 - <T as Into<f64>>::into(*b) / 2.0).abs();
    2.0 * samples.iter().zip(&restored).map(error).fold(0.0, f64::max)
}

fn ends<T: Float>(samples: &[T]) -> (f64, f64) {
    let numbers = samples.iter().map(|sample| (*sample).into());
    (numbers.clone().fold(f64::INFINITY, f64::min), numbers.fold(f64::NEG_INFINITY, f64::max))
}

proptest! {
    #[test]
    fn errors_stay_below_the_worst_f32(samples in prop::collection::vec(any_f32(), 1..50), bits in 1_u32..=16) {
        let (low, high) = ends(&samples);
        let scale = LinearScale::of_range(low, high, bits).unwrap();
        let bound = scale.worst_error::<f32>();
        prop_assert!(worst(&scale, &samples) <= bound, "{} > {}", worst(&scale, &samples), bound);
    }

    #[test]
    fn errors_stay_below_the_worst_f64(samples in prop::collection::vec(any_f64(), 1..50), bits in 1_u32..=16) {
        let (low, high) = ends(&samples);
        let scale = LinearScale::of_range(low, high, bits).unwrap();
        prop_assert!(worst(&scale, &samples) <= scale.worst_error::<f64>());
    }

    #[test]
    fn errors_stay_below_the_worst_in_narrow_ranges(
        base in any_f32(), offsets in prop::collection::vec(0_u32..100_000, 1..50), bits in 1_u32..=16,
    ) {
        // Neighbours in the order of bit patterns: steps near the spacing of floats.
        let samples: Vec<f32> = offsets.iter().map(|offset| f32::from_bits(base.to_bits() - base.to_bits() % 131_072 + offset))
            .map(|x| if x.is_finite() { x } else { 0.0 }).collect();
        let (low, high) = ends(&samples);
        let scale = LinearScale::of_range(low, high, bits).unwrap();
        prop_assert!(worst(&scale, &samples) <= scale.worst_error::<f32>());
    }

    #[test]
    fn a_scale_is_made_again(a in any_f64(), b in any_f64(), bits in 1_u32..=16) {
        let scale = LinearScale::of_range(a.min(b), a.max(b), bits).unwrap();
        let again = LinearScale::of_codes(scale.low(), scale.high(), scale.largest_code());
        prop_assert_eq!(again, Ok(scale));
    }

    #[test]
    fn a_chosen_error_holds(samples in prop::collection::vec(-1e6_f32..1e6, 2..50), share in 1e-4_f64..0.5) {
        let (low, high) = ends(&samples);
        let bound = (high - low) * share + 0.2;
        let scale = LinearScale::within::<f32>(low, high, bound).unwrap();
        prop_assert!(scale.worst_error::<f32>() <= bound);
        prop_assert!(worst(&scale, &samples) <= bound);
        // One code fewer would be too few.
        if scale.largest_code() > 1 {
            prop_assert!((high - low) / f64::from(scale.largest_code() - 1) / 2.0 > bound * 0.999 - 0.07);
        }
    }

    #[test]
    fn fast_codes_are_those_of_the_definition(samples in prop::collection::vec(-50.0_f32..900.0, 1..600), bits in 1_u32..=16) {
        let scale = LinearScale::of_range(-50.0, 900.0, bits).unwrap();
        let mut codes = vec![0; samples.len()];
        scale.quantise(&samples, &mut codes).unwrap();
        for (sample, code) in samples.iter().zip(codes) {
            let steps = (f64::from(*sample) + 50.0) / (950.0 / f64::from((1_u32 << bits) - 1));
            prop_assert_eq!(f64::from(code), steps.round_ties_even());
        }
    }

    #[test]
    fn specials_come_back_bit_for_bit(
        bits in prop::collection::vec(prop_oneof![
            any::<u32>(), Just(f32::NAN.to_bits()), Just(0xff80_0000), Just(0x7f80_0001), Just(0x8000_0000), Just(1.0_f32.to_bits()),
        ], 0..80),
        width in 1_usize..20,
    ) {
        let samples: Vec<f32> = bits.iter().map(|bits| f32::from_bits(*bits)).collect();
        let specials = Specials::find_exact(&samples, Some(1.0));
        let mask = specials.mask().unwrap();
        prop_assert_eq!(mask.iter().filter(|special| **special).count(), specials.count());
        let mut changed = samples.clone();
        specials.smooth(&mut changed, width).unwrap();
        prop_assert!(changed.iter().all(|sample| !sample.is_special()));
        for (index, special) in mask.iter().enumerate() {
            prop_assert!(*special || changed[index].to_bits() == bits[index]);
        }
        specials.put_back(&mut changed).unwrap();
        prop_assert_eq!(changed.iter().map(|x| x.to_bits()).collect::<Vec<_>>(), bits.clone());
        let parts = Specials::from_parts::<f32>(samples.len(), specials.kinds().to_vec(), specials.runs().to_vec());
        prop_assert_eq!(parts, Ok(specials));
    }

}

#[test]
fn ranges_at_the_ends_of_floats() {
    let huge = [-1e308, -1.0, 0.0, 5e-324, 1e308, f64::MAX, f64::MIN];
    for bits in [1, 8, 12, 16] {
        let scale = LinearScale::of_range(f64::MIN, f64::MAX, bits).unwrap();
        let error = worst(&scale, &huge);
        assert!(error.is_finite() && error <= scale.worst_error::<f64>(), "{bits} bits: {error}");
        let tiny: Vec<f64> = (0..40).map(f64::from_bits).collect();
        let scale = LinearScale::of_range(0.0, tiny[39], bits).unwrap();
        assert!(worst(&scale, &tiny) <= scale.worst_error::<f64>());
        assert!(bits == 1 || worst(&scale, &tiny) == 0.0 || bits == 4, "40 values need no more than 6 bits");
        let tiny: Vec<f32> = (0..40).map(f32::from_bits).collect();
        let scale = LinearScale::of_range(0.0, f64::from(tiny[39]), bits).unwrap();
        assert!(bits == 1 || worst(&scale, &tiny) == 0.0);
    }
    let high = f64::from(f32::MAX);
    let scale = LinearScale::of_range(-high, high, 16).unwrap();
    assert!(worst(&scale, &[f32::MIN, f32::MAX, 0.0, 1e38]) <= scale.worst_error::<f32>());
    assert_eq!(LinearScale::of_range(0.0, 1e39, 16).unwrap().worst_error::<f32>(), f64::INFINITY);
}

#[test]
fn a_range_of_one_number() {
    for value in [0.0_f32, -7.25, f32::MAX, f32::from_bits(1)] {
        let scale = LinearScale::of_range(value.into(), value.into(), 16).unwrap();
        assert_eq!((scale.bits(), scale.worst_error::<f32>()), (0, 0.0));
        assert_eq!(worst(&scale, &[value; 3]), 0.0);
        let mut restored = [0.0_f32];
        scale.restore(&[65_535], &mut restored).unwrap();
        assert_eq!(restored, [value]);
    }
    // Not a float of single precision.
    assert!(LinearScale::of_range(0.1, 0.1, 8).unwrap().worst_error::<f32>() > 0.0);
}

#[test]
fn steps_from_an_origin() {
    let scale = LinearScale::of_step(-10.0, 0.25).unwrap();
    let mut codes = [9; 6];
    scale.quantise(&[-10.0_f64, -9.9, -9.874, f64::NAN, f64::NEG_INFINITY, 0.125], &mut codes).unwrap();
    // 40.5 steps: halves to even.
    assert_eq!(codes, [0, 0, 1, 0, 0, 40]);
    assert_eq!((scale.low(), scale.high(), scale.step(), scale.bits()), (-10.0, 16_373.75, 0.25, 16));
    assert!(matches!(LinearScale::of_step(0.0, 1e305), Err(Error::Parameter { .. })));
    assert!(matches!(LinearScale::of_step(0.0, -1.0), Err(Error::Parameter { .. })));
    assert!(matches!(LinearScale::of_step(f64::NAN, 1.0), Err(Error::Parameter { .. })));
    assert!(matches!(LinearScale::of_step(0.0, f64::NAN), Err(Error::Parameter { .. })));
    let outside = scale.quantise(&[0.0, 16_374.0], &mut codes[..2]);
    assert!(matches!(outside, Err(Error::Parameter { value: 16_374.0, .. })), "{outside:?}");
    assert!(matches!(scale.quantise(&[0.0], &mut []), Err(Error::Length { .. })));
}

#[test]
fn impossible_scales_are_refused() {
    for (low, high, bits) in
        [(1.0, 0.0, 8), (f64::NAN, 0.0, 8), (0.0, f64::INFINITY, 8), (0.0, 1.0, 0), (0.0, 1.0, 17)]
    {
        assert!(matches!(LinearScale::of_range(low, high, bits), Err(Error::Parameter { .. })));
    }
    assert!(matches!(LinearScale::of_codes(0.0, 1.0, 0), Err(Error::Parameter { .. })));
    assert!(LinearScale::within::<f32>(0.0, 1e6, 8.0).is_ok());
    for error in [1e-3, 0.0, -1.0, f64::NAN] {
        assert!(matches!(LinearScale::within::<f32>(0.0, 1e6, error), Err(Error::Parameter { .. })));
    }
}

#[test]
fn frames_of_specials_only() {
    let frame = [f64::NAN, f64::INFINITY, f64::NAN];
    let specials = Specials::find(&frame, None);
    assert_eq!((specials.runs().len(), specials.kinds().len()), (3, 2));
    let mut smooth = frame;
    specials.smooth(&mut smooth, 2).unwrap();
    assert_eq!(smooth, [0.0; 3]);
    assert_eq!(Lattice::find(&frame), None);
    assert!(Specials::find::<f32>(&[], None).is_empty());
    assert!(Specials::find(&[0.0, -0.0, 1.0], None).is_empty());
    assert_eq!(Specials::find_exact(&[0.0, -0.0, 1.0], None).count(), 1);
    assert!(matches!(specials.smooth(&mut smooth, 0), Err(Error::Parameter { .. })));
    assert!(matches!(specials.put_back(&mut smooth[..2]), Err(Error::Length { .. })));
    assert!(matches!(specials.put_back(&mut [0.0_f32; 3]), Err(Error::Length { .. })));
}

#[test]
fn smooth_takes_the_row_above_where_a_row_starts() {
    let (n, mut frame) = (f32::NAN, [0.0; 9]);
    frame.copy_from_slice(&[n, 1.0, n, n, n, 5.0, n, n, n]);
    let specials = Specials::find(&frame, None);
    specials.smooth(&mut frame, 3).unwrap();
    assert_eq!(frame, [1.0, 1.0, 1.0, 1.0, 1.0, 5.0, 1.0, 1.0, 1.0]);
    specials.fill_with(&mut frame, -9.0).unwrap();
    assert_eq!(frame, [-9.0, 1.0, -9.0, -9.0, -9.0, 5.0, -9.0, -9.0, -9.0]);
}

#[test]
fn parts_of_masks_are_checked() {
    let run = |start, length, kind| Run { start, length, kind };
    for runs in [
        vec![run(0, 0, 0)],
        vec![run(0, 11, 0)],
        vec![run(usize::MAX, 2, 0)],
        vec![run(1, usize::MAX, 0)],
        vec![run(0, 2, 1)],
        vec![run(4, 2, 0), run(5, 1, 0)],
        vec![run(4, 1, 0), run(2, 1, 0)],
    ] {
        let parts = Specials::from_parts::<f32>(10, vec![0x7fc0_0000], runs.clone());
        assert!(matches!(parts, Err(Error::Parameter { .. })), "{runs:?}");
    }
    assert!(Specials::from_parts::<f32>(10, vec![1 << 32], vec![]).is_err());
    assert!(Specials::from_parts::<f64>(10, vec![1 << 32], vec![run(3, 7, 0)]).is_ok());
}
