//! Grids of floats: found where samples lie on one, and exact bit for bit.

#[path = "../examples/npz/mod.rs"]
mod npz;

use std::path::Path;

use proptest::prelude::*;
use stack_transform::lattice::{Arithmetic, Grid, LatticeFinder};
use stack_transform::{Error, Float, Lattice};

fn assert_exact<T: Float>(lattice: &Lattice<T>, samples: &[T]) {
    let codes = lattice.codes(samples).unwrap();
    let restored = lattice.restore(&codes).unwrap();
    for (sample, restored) in samples.iter().zip(restored) {
        assert!(sample.is_special() || sample.bits() == restored.bits(), "{sample:?} became {restored:?}");
    }
    let again = Lattice::from_parts(lattice.grid().clone(), lattice.first(), lattice.last());
    assert_eq!(again.as_ref(), Ok(lattice));
}

proptest! {
    #[test]
    fn a_found_lattice_is_exact(bits in prop::collection::vec(any::<u32>(), 0..60)) {
        let samples: Vec<f32> = bits.iter().map(|bits| f32::from_bits(*bits)).collect();
        if let Some(lattice) = Lattice::find(&samples) {
            assert_exact(&lattice, &samples);
        }
    }

    #[test]
    fn decimals_are_found(
        codes in prop::collection::vec(-20_000_i32..20_000, 40..200), digits in 0_u32..6, way in 0..4,
    ) {
        let power = 10_f64.powi(digits as i32);
        let samples: Vec<f32> = codes.iter().map(|k| match way {
            0 => (f64::from(*k) / power) as f32,
            1 => (f64::from(*k) * format!("1e-{digits}").parse::<f64>().unwrap()) as f32,
            2 => *k as f32 / power as f32,
            _ => *k as f32 * format!("1e-{digits}").parse::<f32>().unwrap(),
        }).collect();
        let lattice = Lattice::find(&samples).unwrap();
        assert_exact(&lattice, &samples);
        prop_assert!(lattice.cost(samples.len()) <= 16 * samples.len() as u128);
        let wide: Vec<f64> = samples.iter().map(|x| f64::from(*x)).collect();
        let lattice = Lattice::find(&wide).unwrap();
        assert_exact(&lattice, &wide);
        prop_assert!(lattice.cost(samples.len()) <= 16 * samples.len() as u128);
    }

    #[test]
    fn packed_numbers_are_found(
        reference in -1e4_f32..1e4, exponent in -8..4, digits in 0_u32..4, codes in prop::collection::vec(0_u32..60_000, 60..200),
    ) {
        let unpack = |k: &u32| (f64::from(reference) + f64::from(*k) * 2_f64.powi(exponent)) / 10_f64.powi(digits as i32);
        let codes: Vec<u32> = [0].into_iter().chain(codes).collect();
        let single: Vec<f32> = codes.iter().map(|k| unpack(k) as f32).collect();
        let lattice = Lattice::find(&single).unwrap();
        assert_exact(&lattice, &single);
        prop_assert!(lattice.bits() <= 16, "{lattice:?}");
        if let (Grid::Packed { .. }, Some(step)) = (lattice.grid(), lattice.step()) {
            prop_assert!(step >= 2_f64.powi(exponent) / 10_f64.powi(digits as i32) * 0.999, "{step}");
        }
        let double: Vec<f64> = codes.iter().map(unpack).collect();
        let lattice = Lattice::find(&double).unwrap();
        assert_exact(&lattice, &double);
        prop_assert!(lattice.bits() <= 16, "{lattice:?}");
    }
}

#[test]
fn parts_of_lattices_are_checked() {
    let packed = |reference, exponent, digits| Grid::<f32>::Packed {
        reference,
        exponent,
        digits,
        arithmetic: Arithmetic::Product,
    };
    assert!(Lattice::from_parts(packed(1.0, 0, 1), 0, 10).is_ok());
    for (grid, first, last) in [
        (packed(f64::NAN, 0, 0), 0, 1),
        (packed(0.0, 1024, 0), 0, 1),
        (packed(0.0, -1075, 0), 0, 1),
        (packed(0.0, 0, 23), 0, 1),
        (packed(0.0, 0, 0), -1, 1),
        (packed(0.0, 0, 0), 2, 1),
        (packed(0.0, 0, 0), 0, 1 << 32),
        (Grid::Binary { exponent: 0 }, i64::MIN, i64::MAX),
        (Grid::Binary { exponent: 0 }, -1, i64::MAX),
        (Grid::Table(vec![]), 0, 0),
        (Grid::Table(vec![1.0, 2.0]), 0, 2),
        (Grid::Table(vec![2.0, 1.0]), 0, 1),
        (Grid::Table(vec![1.0, 1.0]), 0, 1),
        (Grid::Table((0..65_537_u32).map(|k| k as f32).collect()), 0, 1),
    ] {
        let parts = Lattice::from_parts(grid, first, last);
        assert!(matches!(parts, Err(Error::Parameter { .. })), "{parts:?}");
    }
    let lattice = Lattice::from_parts(packed(1.0, 0, 1), 0, 10).unwrap();
    assert!(matches!(lattice.restore(&[11]), Err(Error::Parameter { value: 11.0, .. })));
    assert!(matches!(lattice.codes(&[0.15]), Err(Error::Parameter { .. })));
    assert_eq!(lattice.codes(&[0.2, f32::NAN, -0.0]), Ok(vec![1, 0, 0]));
    // Whatever the parts, restoring does not panic.
    let lattice = Lattice::from_parts(packed(f64::MAX, 1023, 22), 0, 1 << 31).unwrap();
    assert_eq!(lattice.restore(&[1]).unwrap(), [f32::INFINITY]);
}

#[test]
fn a_stack_is_searched_frame_by_frame() {
    let mut finder = LatticeFinder::new();
    let frames: Vec<Vec<f32>> =
        (0..5).map(|t| (0..400).map(|x| ((x * 7 + t * 31) % 997) as f32 / 10.0).collect()).collect();
    for frame in &frames {
        finder.push(frame);
    }
    let lattice = finder.finish().unwrap();
    assert_eq!(*lattice.grid(), Grid::Decimal { digits: 1, arithmetic: Arithmetic::Quotient });
    assert_eq!(lattice.bits(), 10);
    for frame in &frames {
        assert_exact(&lattice, frame);
    }
    // Thirds are on no grid, but few: a table.
    let mut finder = LatticeFinder::new();
    for t in 0..50_u32 {
        finder.push(&(0..100).map(|x| f64::from(x * t % 7) / 3.0).collect::<Vec<_>>());
    }
    let lattice = finder.finish().unwrap();
    assert!(matches!(lattice.grid(), Grid::Table(values) if values.len() == 7) && lattice.bits() == 3);
    // Too many values for a table, and none is a decimal.
    let mut finder = LatticeFinder::new();
    for t in 0..70_u32 {
        finder.push(&(0..1000).map(|x| f64::from(x + t * 1000 + 1).sqrt().exp()).collect::<Vec<_>>());
    }
    assert_eq!(finder.finish(), None);
    assert_eq!(LatticeFinder::<f32>::new().finish(), None);
    assert_eq!(Lattice::find(&[0.0_f32; 4]).map(|lattice| lattice.bits()), Some(0));
}

#[test]
fn a_weather_analysis_has_eleven_bits() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures");
    let (shape, samples) = npz::read(&fixtures.join("gfs_temperature.npz")).unwrap().unwrap();
    let lattice = Lattice::find(&samples).unwrap();
    assert_eq!(*lattice.grid(), Grid::Decimal { digits: 1, arithmetic: Arithmetic::Quotient });
    assert_eq!((lattice.bits(), lattice.first(), lattice.last()), (11, 1889, 3105));
    assert_exact(&lattice, &samples);
    let mut finder = LatticeFinder::new();
    for frame in samples.chunks_exact(shape[1] * shape[2]) {
        finder.push(frame);
    }
    assert_eq!(finder.finish(), Some(lattice));
}
