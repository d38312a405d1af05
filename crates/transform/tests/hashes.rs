//! The transforms of perceptual hashes against SciPy and `PyWavelets`, to the bit, and against the definitions.

mod python;

use proptest::prelude::*;
use python::ask;
use stack_transform::dct::{self, FourierDct};
use stack_transform::{Error, Size, haar};

/// Whole numbers as pixels are, with runs that repeat and mirror.
fn samples(count: usize, kind: usize) -> Vec<f64> {
    (0..count)
        .map(|i| match kind {
            0 => ((i * 7919 + 13) % 256) as f64,
            1 => ((i.min(count - 1 - i) * 37) % 256) as f64,
            2 => 128.0,
            _ => ((i * i * 31 + i) % 251) as f64 / 255.0,
        })
        .collect()
}

fn bits(numbers: &[f64]) -> Vec<u64> {
    // Zeros of both signs are one number.
    numbers.iter().map(|number| (number + 0.0).to_bits()).collect()
}

/// Lengths for which one sine of the C library (glibc 2.36) is the second nearest double, and SciPy takes it from there.
const SINES_NOT_NEAREST: [usize; 5] = [39, 156, 196, 244, 256];

#[test]
fn scipy_has_the_same_bits() {
    let lengths: Vec<usize> = (1..=64).map(|side| 4 * side).chain(1..=49).collect();
    let (mut lines, mut ours) = (Vec::new(), Vec::new());
    for &length in &lengths {
        let plan = FourierDct::new(length).unwrap();
        for kind in 0..4 {
            let mut line = samples(length, kind);
            lines.extend_from_slice(&line);
            plan.forward(&mut line).unwrap();
            ours.extend(line);
        }
    }
    let script = format!(
        "
from scipy.fftpack import dct
for length in {lengths:?}:
    lines, data = data[:4 * length].reshape(4, length), data[4 * length:]
    give(dct(lines, axis=1))
"
    );
    let Some(theirs) = ask(&script, &lines) else { return };
    let mut start = 0;
    for length in lengths {
        let part = start..start + 4 * length;
        let (ours, theirs) = (&ours[part.clone()], &theirs[part]);
        if SINES_NOT_NEAREST.contains(&length) {
            assert!(ours.iter().zip(theirs).all(|(a, b)| (a - b).abs() < 1e-10), "length {length}");
        } else {
            assert_eq!(bits(ours), bits(theirs), "length {length}");
        }
        start += 4 * length;
    }
}

#[test]
fn it_is_the_dct_without_its_factors() {
    for order in (1..=70).chain([121, 128, 143, 360]) {
        let mut line = samples(order, 3);
        let slow = dct::forward_by_definition(&line).unwrap();
        FourierDct::new(order).unwrap().forward(&mut line).unwrap();
        for (k, (fast, slow)) in line.iter().zip(&slow).enumerate() {
            let factor = (if k == 0 { 4.0 } else { 2.0 } * order as f64).sqrt();
            assert!((fast - slow * factor).abs() < 1e-10, "{order}, {k}: {fast} and {}", slow * factor);
        }
    }
    for order in [0, 65_537, usize::MAX] {
        assert!(matches!(FourierDct::new(order), Err(Error::Parameter { .. })));
    }
    let three = FourierDct::new(3).unwrap();
    assert!(matches!(three.forward(&mut [0.0; 2]), Err(Error::Length { .. })));
    assert!(matches!(three.forward(&mut [0.0, f64::NAN, 0.0]), Err(Error::NotFinite { index: 1, .. })));
    assert!(matches!(three.forward(&mut [f64::MAX; 3]), Err(Error::Overflow { .. })));
}

#[test]
fn columns_are_as_lines() {
    for (order, width) in [(1, 1), (8, 3), (32, 4), (12, 13), (7, 32), (22, 9)] {
        let plan = FourierDct::new(order).unwrap();
        let plane = samples(order * width, 0);
        let mut columns = plane.clone();
        plan.forward_columns(&mut columns, width).unwrap();
        for x in 0..width {
            let mut line: Vec<f64> = plane.iter().skip(x).step_by(width).copied().collect();
            plan.forward(&mut line).unwrap();
            assert!(columns.iter().skip(x).step_by(width).eq(&line), "{order} x {width}, column {x}");
        }
        assert!(matches!(plan.forward_columns(&mut columns, width + 1), Err(Error::Length { .. })));
        assert!(plan.forward_columns(&mut [], 0).is_ok());
    }
}

#[test]
fn pywavelets_has_the_same_bits() {
    let sides = [1, 2, 4, 8, 32, 64];
    let (mut pictures, mut ours) = (Vec::new(), Vec::new());
    for &side in &sides {
        for kind in 0..4 {
            let size = Size::square(side).unwrap();
            let mut picture = samples(side * side, kind);
            pictures.extend_from_slice(&picture);
            let levels = side.ilog2();
            ours.extend(haar::sums(&picture, size, levels / 2).unwrap());
            haar::forward(&mut picture, size, levels).unwrap();
            ours.push(picture[0]);
            picture[0] = 0.0;
            haar::inverse(&mut picture, size, levels).unwrap();
            ours.extend(picture);
        }
    }
    let script = format!(
        "
import pywt
for side in {sides:?}:
    levels = side.bit_length() - 1
    for kind in range(4):
        picture, data = data[:side * side].reshape(side, side), data[side * side:]
        give(pywt.wavedec2(picture, 'haar', level=levels // 2)[0])
        coefficients = list(pywt.wavedec2(picture, 'haar', level=levels))
        give(coefficients[0])
        coefficients[0] = coefficients[0] * 0
        give(pywt.waverec2(coefficients, 'haar'))
"
    );
    let Some(theirs) = ask(&script, &pictures) else { return };
    assert_eq!(bits(&ours), bits(&theirs));
}

#[test]
fn fast_is_as_the_definition() {
    for (height, width, levels) in [(8, 8, 3), (8, 16, 3), (4, 12, 2), (6, 2, 1), (5, 3, 0)] {
        let size = Size::new(height, width).unwrap();
        let plane = samples(size.area(), 0);
        let slow = haar::forward_by_definition(&plane, size, levels).unwrap();
        let mut fast = plane.clone();
        haar::forward(&mut fast, size, levels).unwrap();
        assert!(fast.iter().zip(&slow).all(|(a, b)| (a - b).abs() < 1e-9), "{size:?} {levels}");
        let sums = haar::sums(&plane, size, levels).unwrap();
        for (i, sum) in sums.iter().enumerate() {
            let (row, column) = (i / (width >> levels), i % (width >> levels));
            assert_eq!(*sum, fast[row * width + column]);
        }
    }
    let size = Size::new(4, 6).unwrap();
    assert!(matches!(haar::forward(&mut [0.0; 24], size, 2), Err(Error::Parameter { .. })));
    assert!(matches!(haar::inverse(&mut [0.0; 23], size, 1), Err(Error::Length { .. })));
    assert!(matches!(haar::sums(&[f64::NAN; 24], size, 1), Err(Error::NotFinite { .. })));
}

proptest! {
    #[test]
    fn the_inverse_brings_back(plane in prop::collection::vec(-1e3..1e3_f64, 64), levels in 0_u32..4) {
        let size = Size::square(8).unwrap();
        let mut picture = plane.clone();
        haar::forward(&mut picture, size, levels).unwrap();
        let energy = |numbers: &[f64]| numbers.iter().map(|x| x * x).sum::<f64>();
        prop_assert!((energy(&picture) - energy(&plane)).abs() < 1e-6);
        haar::inverse(&mut picture, size, levels).unwrap();
        prop_assert!(picture.iter().zip(&plane).all(|(a, b)| (a - b).abs() < 1e-9));
    }
}
