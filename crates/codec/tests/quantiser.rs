//! The quantiser against its definition.

use proptest::prelude::*;
use stack_codec::quantiser::{Coded, Step, code_by_definition};
use stack_core::ErrorBound;

#[test]
fn every_pair_of_bytes_has_the_nearest_code() {
    for bound in [1.0, 2.5, 3.0, 60.0, 127.0, 254.0, 255.0, 1e300] {
        let step = Step::holding::<u8>(ErrorBound::MaxAbs(bound)).unwrap();
        for sample in 0..=255_u8 {
            for base in 0..=255_u8 {
                let code = sample.quantise(base, &step).unwrap();
                assert_eq!(
                    i128::from(code),
                    code_by_definition(sample.into(), base.into(), step.bound() as i128)
                );
                let back = u8::reconstruct(base, code, &step);
                assert!(f64::from(back.abs_diff(sample)) <= bound.floor());
            }
        }
    }
}

#[test]
fn wide_integers_do_not_overflow() {
    for bound in [1.0, 1e9, 4e9, 1e10, f64::MAX] {
        let step = Step::holding::<i32>(ErrorBound::MaxAbs(bound)).unwrap();
        for sample in [i32::MIN, -1, 0, 1, i32::MAX] {
            for base in [i32::MIN, -1, 0, 1, i32::MAX] {
                let code = sample.quantise(base, &step).unwrap();
                assert_eq!(
                    i128::from(code),
                    code_by_definition(sample.into(), base.into(), step.bound() as i128)
                );
                let back = i32::reconstruct(base, code, &step);
                assert!((f64::from(back) - f64::from(sample)).abs() <= bound);
            }
            // Codes that nobody wrote.
            for code in [i32::MIN, i32::MAX] {
                i32::reconstruct(sample, code, &step);
            }
        }
    }
}

/// Steps that are a few units of the last place or more never fail.
fn never_an_exception<S: Coded + Into<f64>>(sample: S, base: S, bound: f64, unit: f64) {
    let step = Step::holding::<S>(ErrorBound::MaxAbs(bound)).unwrap();
    let (x, b): (f64, f64) = (sample.into(), base.into());
    let code = sample.quantise(base, &step);
    if x.abs().max(b.abs()) * unit < bound {
        let back = S::reconstruct(base, code.expect("a code"), &step);
        assert!((x - back.into()).abs() <= bound);
    }
}

proptest! {
    #[test]
    fn sensible_bounds_need_no_exceptions(
        sample in -1e4_f32..1e4, base in -1e4_f32..1e4, bound in 1e-2_f64..1e5,
    ) {
        never_an_exception(sample, base, bound, f64::from(f32::EPSILON) * 2.0);
        never_an_exception(f64::from(sample) * 1.1, f64::from(base) / 3.0, bound, f64::EPSILON * 2.0);
    }

    #[test]
    fn lossless_codes_are_undone(sample in any::<u64>(), base in any::<u64>()) {
        let (x, b) = (f64::from_bits(sample), f64::from_bits(base));
        match x.quantise(b, &Step::Exact) {
            Some(code) => prop_assert_eq!(f64::reconstruct(b, code, &Step::Exact).to_bits(), sample),
            None => prop_assert!(!x.is_finite()),
        }
        let (x, b) = (sample as i16, base as i16);
        prop_assert_eq!(i16::reconstruct(b, x.quantise(b, &Step::Exact).unwrap(), &Step::Exact), x);
        let (x, b) = (sample as u8, base as u8);
        prop_assert_eq!(x.quantise(b, &Step::Exact).unwrap(), x.wrapping_sub(b) as i8);
    }
}

#[test]
fn nan_under_a_bound_is_an_exception_and_nothing_else_is() {
    let step = Step::holding::<f32>(ErrorBound::MaxAbs(0.5)).unwrap();
    assert_eq!(2.6_f32.quantise(1.0, &step), Some(2));
    assert_eq!(f32::reconstruct(1.0, 2, &step), 3.0);
    for odd in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        assert_eq!(odd.quantise(1.0, &step), None);
        assert_eq!(1.0_f32.quantise(odd, &step), None);
        assert_eq!(odd.quantise(odd, &step), None);
    }
    assert_eq!(1e30_f32.quantise(1.0, &step), None);
    let subnormal = Step::holding::<f64>(ErrorBound::MaxAbs(5e-324)).unwrap();
    assert_eq!(1e-323_f64.quantise(0.0, &subnormal), Some(1));
    let huge = Step::holding::<f64>(ErrorBound::MaxAbs(f64::MAX)).unwrap();
    assert_eq!(
        f64::MAX.quantise(-1.0, &huge).map(|code| f64::reconstruct(-1.0, code, &huge).is_finite()),
        Some(true)
    );
}
