//! The KLT against NumPy, its defining properties, energy compaction against reconstruction.

mod python;

use proptest::prelude::*;
use python::ask;
use stack_transform::klt::covariance;
use stack_transform::{Compaction, Error, Kernel, Klt, Size, blocks, sheet, zigzag};

/// A picture with smooth parts, an edge, and some noise.
fn picture(size: Size) -> Vec<f64> {
    let mut state = 12345_u32;
    (0..size.area())
        .map(|i| {
            let (y, x) = ((i / size.width()) as f64, (i % size.width()) as f64);
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let noise = f64::from(state >> 24) / 32.0;
            40.0 * wave(x / 9.0) + 25.0 * wave((x + 2.0 * y) / 31.0) + if x > y { 60.0 } else { 0.0 } + noise
        })
        .collect()
}

/// A parabola wave of period 2.
fn wave(phase: f64) -> f64 {
    let t = phase % 2.0 - 1.0;
    4.0 * t * (1.0 - t.abs())
}

fn cut() -> Vec<f64> {
    let size = Size::new(130, 121).unwrap();
    blocks::cut(&picture(size), size, Size::square(8).unwrap()).unwrap()
}

#[test]
fn numpy_finds_the_same_variances_and_directions() {
    let blocks = cut();
    let klt = Klt::of_blocks(Size::square(8).unwrap(), &blocks).unwrap();
    let script = "
blocks = data.reshape(-1, 64)
values, vectors = np.linalg.eigh(np.cov(blocks.T, bias=True))
give(values[::-1])
give(vectors.T[::-1])
";
    let Some(theirs) = ask(script, &blocks) else { return };
    let (variances, vectors) = theirs.split_at(64);
    for (ours, theirs) in klt.variances().iter().zip(variances) {
        assert!((ours - theirs).abs() < 1e-9 * variances[0]);
    }
    for k in 0..4 {
        let ours = klt.kernel().basis_picture(k, 0);
        let cosine: f64 = ours.iter().zip(&vectors[k * 64..]).map(|(a, b)| a * b).sum();
        assert!((cosine.abs() - 1.0).abs() < 1e-9, "{k}: {cosine}");
    }
}

#[test]
fn coefficients_are_uncorrelated_with_the_variances_told() {
    let blocks = cut();
    let klt = Klt::of_blocks(Size::square(8).unwrap(), &blocks).unwrap();
    let coefficients: Vec<f64> =
        blocks.chunks_exact(64).flat_map(|block| klt.forward(block).unwrap()).collect();
    let (mean, covariance) = covariance(64, &coefficients).unwrap();
    let scale = klt.variances()[0];
    assert!(mean.iter().all(|mean| mean.abs() < 1e-9));
    for (i, entry) in covariance.iter().enumerate() {
        let expected = if i / 64 == i % 64 { klt.variances()[i / 64] } else { 0.0 };
        assert!((entry - expected).abs() < 1e-10 * scale);
    }
    assert!(klt.variances().is_sorted_by(|a, b| a >= b));
    for block in blocks.chunks_exact(64) {
        let back = klt.inverse(&klt.forward(block).unwrap()).unwrap();
        assert!(back.iter().zip(block).all(|(a, b)| (a - b).abs() < 1e-9));
    }
}

#[test]
fn errors_of_kept_coefficients_are_as_reconstruction_says_and_klt_is_best() {
    let blocks = cut();
    let size = Size::square(8).unwrap();
    let klt = Klt::of_blocks(size, &blocks).unwrap();
    let dct = Kernel::dct2(size).unwrap();
    let by_klt = Compaction::new(klt.kernel(), klt.mean(), &blocks).unwrap();
    let by_dct = Compaction::new(&dct, klt.mean(), &blocks).unwrap();
    let zigzag = zigzag::order(size).unwrap();
    for count in [0, 1, 3, 10, 32, 63, 64] {
        let best = by_klt.kept(&by_klt.by_energy(), count);
        let energy = by_dct.kept(&by_dct.by_energy(), count);
        let scan = by_dct.kept(&zigzag, count);
        assert!(best.mse <= energy.mse + 1e-9 && energy.mse <= scan.mse + 1e-9);
        assert!((best.rmse * best.rmse - best.mse).abs() < 1e-9);
        for (kernel, order, kept) in [(&dct, &zigzag, scan), (klt.kernel(), &by_klt.by_energy(), best)] {
            let slow =
                Compaction::error_by_reconstruction(kernel, klt.mean(), &blocks, &order[..count]).unwrap();
            assert!((slow - kept.mse).abs() < 1e-8, "{slow} and {}", kept.mse);
        }
    }
    assert_eq!(by_klt.kept(&zigzag, 0).energy, 0.0);
    assert_eq!(by_klt.kept(&zigzag, 64).energy, 1.0);
}

#[test]
fn a_flat_picture_has_no_variance() {
    let klt = Klt::of_blocks(Size::square(2).unwrap(), &[7.0; 12]).unwrap();
    assert_eq!(klt.variances(), [0.0; 4]);
    assert_eq!(klt.inverse(&klt.forward(&[7.0; 4]).unwrap()).unwrap(), [7.0; 4]);
    let none = Compaction::new(klt.kernel(), klt.mean(), &[7.0; 12]).unwrap();
    assert_eq!(none.kept(&[], 0).energy, 1.0);
}

#[test]
fn extreme_samples_give_a_basis_or_an_error() {
    for scale in [5e-324, 1e-300, 1e-160, 1e-100, 1e100, 1e150, 1e153, 1e154, 1e300] {
        let blocks: Vec<f64> = (0..40).map(|i| f64::from(i * i % 17) * scale).collect();
        match Klt::of_blocks(Size::square(2).unwrap(), &blocks) {
            Ok(klt) => assert!(klt.variances().iter().all(|variance| variance.is_finite()), "{scale}"),
            Err(error) => assert!(scale > 1.0, "{scale}: {error}"),
        }
    }
}

#[test]
fn the_sheet_has_every_picture() {
    let (size, samples) = sheet::of(&Kernel::dct2(Size::new(4, 8).unwrap()).unwrap()).unwrap();
    assert_eq!((size.height(), size.width()), (21, 73));
    let row = &samples[2 * 73..3 * 73];
    assert!(row[1..9].iter().all(|sample| *sample == 255), "a flat picture is white");
    assert_eq!((row[0], row[9], row[10], row[17]), (255, 255, 255, 1), "the first wave falls");
}

#[test]
fn wrong_arguments_are_told() {
    let size = Size::square(8).unwrap();
    for count in [0, 63, 65] {
        assert!(matches!(Klt::of_blocks(size, &vec![1.0; count]), Err(Error::Length { .. })));
        let kernel = Kernel::dct2(size).unwrap();
        assert!(matches!(Compaction::new(&kernel, &[0.0; 64], &vec![1.0; count]), Err(Error::Length { .. })));
    }
    let mut bad = vec![1.0; 128];
    bad[100] = f64::NAN;
    assert!(matches!(Klt::of_blocks(size, &bad), Err(Error::NotFinite { index: 100, .. })));
    bad[100] = f64::MAX;
    assert!(matches!(Klt::of_blocks(size, &bad), Err(Error::Overflow { .. })));
    assert!(matches!(Klt::of_blocks(Size::square(33).unwrap(), &[]), Err(Error::Size { .. })));
    assert!(matches!(Klt::of_pixels::<u8>(0, &[]), Err(Error::Size { .. })));
    assert!(matches!(covariance(0, &[1.0]), Err(Error::Length { .. })));
    assert!(blocks::cut(&[0_u8; 3], size, size).is_err());
    assert!(blocks::join(&[0_u8; 3], size, size).is_err());
}

proptest! {
    #[test]
    fn cut_and_joined_is_the_same(height in 1_usize..20, width in 1_usize..20, rows in 1_usize..9, columns in 1_usize..9) {
        let (picture, block) = (Size::new(height, width).unwrap(), Size::new(rows, columns).unwrap());
        let samples: Vec<u32> = (0..picture.area() as u32).collect();
        let cut = blocks::cut(&samples, picture, block).unwrap();
        prop_assert_eq!(cut.len() % block.area(), 0);
        prop_assert_eq!(blocks::join(&cut, picture, block).unwrap(), samples);
    }

    #[test]
    fn any_few_vectors_have_a_klt(samples in prop::collection::vec(-1e3..1e3, 6..60)) {
        let size = Size::new(1, 3).unwrap();
        let vectors = &samples[..samples.len() / 3 * 3];
        let klt = Klt::of_blocks(size, vectors).unwrap();
        let (_, covariance) = covariance(3, vectors).unwrap();
        let trace = covariance[0] + covariance[4] + covariance[8];
        prop_assert!((klt.variances().iter().sum::<f64>() - trace).abs() <= 1e-9 * (trace + 1.0));
        for vector in vectors.chunks_exact(3) {
            let back = klt.inverse(&klt.forward(vector).unwrap()).unwrap();
            prop_assert!(back.iter().zip(vector).all(|(a, b)| (a - b).abs() < 1e-9));
        }
    }
}
