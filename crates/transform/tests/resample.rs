//! Smaller, larger, cropped and filtered pictures against Pillow, SciPy and the definitions.

mod python;

use proptest::prelude::*;
use python::ask;
use stack_transform::convolve::{Edge, Mask, convolve, convolve_separable};
use stack_transform::downsample::{Reduction, reduce};
use stack_transform::resample::{Filter, by_definition, nearest, resize, resize_real, weights};
use stack_transform::{Error, Size, crop};

const FILTERS: [Filter; 4] = [Filter::Box, Filter::Linear, Filter::Cubic, Filter::Lanczos];

fn size(height: usize, width: usize) -> Size {
    Size::new(height, width).unwrap()
}

/// Noise, with black and white corners where cubic filters overshoot.
fn picture(size: Size) -> Vec<u8> {
    let mut state = 2024_u32;
    (0..size.area())
        .map(|i| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            match (i / size.width() * 4 / size.height(), i % size.width() * 4 / size.width()) {
                (0, 0) => 255,
                (3, 3) => 0,
                (0, 3) | (3, 0) => ((state >> 31) * 255) as u8,
                _ => (state >> 24) as u8,
            }
        })
        .collect()
}

fn wide(samples: &[u8]) -> Vec<f64> {
    samples.iter().map(|sample| f64::from(*sample)).collect()
}

#[test]
fn pillow_resizes_to_the_same_bits() {
    let from = size(61, 83);
    let targets = [
        (61, 83),
        (8, 8),
        (9, 8),
        (32, 32),
        (61, 40),
        (30, 83),
        (122, 166),
        (17, 200),
        (1, 1),
        (150, 7),
        (63, 84),
        // Where the order of the passes changes: columns first from 82 on, and from 68 on.
        (58, 81),
        (58, 82),
        (30, 67),
        (30, 68),
        (62, 200),
    ];
    let mut script = String::from(
        "
from PIL import Image
picture = Image.fromarray(data.astype('u1').reshape(61, 83))
R = Image.Resampling
",
    );
    for (height, width) in targets {
        script.push_str(&format!(
            "for filter in [R.BOX, R.BILINEAR, R.BICUBIC, R.LANCZOS, R.NEAREST]:
    give(np.asarray(picture.resize(({width}, {height}), filter)))
"
        ));
    }
    let samples = picture(from);
    let mut ours = Vec::new();
    for (height, width) in targets {
        for filter in FILTERS {
            ours.extend(resize(&samples, from, size(height, width), filter).unwrap());
        }
        ours.extend(nearest(&samples, from, size(height, width)).unwrap());
    }
    let Some(theirs) = ask(&script, &wide(&samples)) else { return };
    assert_eq!(ours.len(), theirs.len());
    let differing = ours.iter().zip(&theirs).filter(|(ours, theirs)| f64::from(**ours) != **theirs).count();
    assert_eq!(differing, 0, "of {} samples", ours.len());
}

#[test]
fn pillow_reduces_to_the_same_means() {
    let from = size(64, 48);
    let samples = picture(from);
    let script = "
from PIL import Image
picture = Image.fromarray(data.astype('u1').reshape(64, 48))
for factor in [2, 4, 8]:
    give(np.asarray(picture.reduce(factor)))
blocks = data.reshape(16, 4, 12, 4).transpose(0, 2, 1, 3).reshape(16, 12, 16)
give(np.sort(blocks)[:, :, 7])
give(blocks.min(2))
give(blocks.max(2))
give(blocks[:, :, 0])
";
    let Some(theirs) = ask(script, &wide(&samples)) else { return };
    let mut ours = Vec::new();
    for factor in [2, 4, 8] {
        ours.extend(reduce(&samples, from, factor, Reduction::Mean).unwrap());
    }
    for method in [Reduction::Median, Reduction::Minimum, Reduction::Maximum, Reduction::Point] {
        ours.extend(reduce(&samples, from, 4, method).unwrap());
    }
    assert_eq!(wide(&ours), theirs);
}

#[test]
fn two_passes_are_as_the_definition_and_eight_bits_are_near() {
    let from = size(23, 31);
    let samples = picture(from);
    for to in [size(7, 9), size(50, 40), size(23, 5), size(1, 64)] {
        for filter in FILTERS {
            let slow = by_definition(&wide(&samples), from, to, filter).unwrap();
            let real = resize_real(&wide(&samples), from, to, filter).unwrap();
            assert!(slow.iter().zip(&real).all(|(a, b)| (a - b).abs() < 1e-10));
            let fixed = resize(&samples, from, to, filter).unwrap();
            if matches!(filter, Filter::Box | Filter::Linear) {
                // One rounding a pass; these weights are not negative, so that nothing is limited between.
                assert!(slow.iter().zip(&fixed).all(|(a, b)| (a - f64::from(*b)).abs() <= 1.001));
            }
        }
    }
}

#[test]
fn weights_sum_to_one() {
    for (old, new) in [(1, 1), (1, 9), (9, 1), (10, 7), (7, 10), (1000, 3)] {
        for filter in FILTERS {
            for taps in weights(old, new, filter).unwrap() {
                assert!((taps.weights.iter().sum::<f64>() - 1.0).abs() < 1e-12);
                assert!(taps.first + taps.weights.len() <= old);
            }
        }
    }
}

#[test]
fn sums_of_fixed_weights_fit_32_bits() {
    let lengths = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 16, 29, 64, 100];
    for (old, new) in lengths.iter().flat_map(|old| lengths.map(|new| (*old, new))) {
        for filter in FILTERS {
            for taps in weights(old, new, filter).unwrap() {
                let positive: f64 = taps.weights.iter().filter(|weight| **weight > 0.0).sum();
                // 255 times this in 22 fractional bits must stay below 2^31.
                assert!(positive < 1.9, "{filter:?} {old} {new}: {positive}");
            }
        }
    }
}

#[test]
fn scipy_convolves_to_the_same() {
    let script = "
from scipy.ndimage import convolve
picture = data[:35].reshape(5, 7)
mask = data[35:].reshape(3, 5)
for mode in ['nearest', 'constant', 'reflect']:
    give(convolve(picture, mask, mode=mode))
";
    let from = size(5, 7);
    let samples = wide(&picture(from));
    let weights: Vec<f64> = (0..15).map(|i| f64::from(i * i % 11) - 4.0).collect();
    let Some(theirs) = ask(script, &[samples.clone(), weights.clone()].concat()) else { return };
    let mask = Mask::new(size(3, 5), &weights).unwrap();
    let mut ours = Vec::new();
    for edge in [Edge::Nearest, Edge::Zero, Edge::Mirror] {
        ours.extend(convolve(&samples, from, &mask, edge).unwrap());
    }
    assert_eq!(ours.len(), theirs.len());
    assert!(ours.iter().zip(&theirs).all(|(a, b)| (a - b).abs() < 1e-10));
}

#[test]
fn separable_masks_are_as_their_product() {
    let from = size(6, 9);
    let samples = wide(&picture(from));
    let (column, row) = ([1.0, 2.0, -1.0], [0.5, 3.0, 1.0, -2.0, 0.25]);
    let product: Vec<f64> = column.iter().flat_map(|c| row.iter().map(move |r| c * r)).collect();
    for edge in [Edge::Nearest, Edge::Zero, Edge::Mirror] {
        let slow = convolve(&samples, from, &Mask::new(size(3, 5), &product).unwrap(), edge).unwrap();
        let fast = convolve_separable(&samples, from, &column, &row, edge).unwrap();
        assert!(slow.iter().zip(&fast).all(|(a, b)| (a - b).abs() < 1e-9));
    }
}

#[test]
fn line_masks_answer_to_their_own_line_most() {
    let masks = [Mask::horizontal_line(), Mask::vertical_line(), Mask::rising_line(), Mask::falling_line()];
    for (own, line) in masks.iter().enumerate() {
        assert_eq!(line.weights().iter().sum::<f64>(), 0.0);
        let picture: Vec<f64> =
            line.weights().iter().map(|weight| f64::from(u8::from(*weight > 0.0))).collect();
        let answers =
            masks.each_ref().map(|mask| convolve(&picture, size(3, 3), mask, Edge::Zero).unwrap()[4]);
        assert!(answers.iter().enumerate().all(|(i, answer)| (*answer == 6.0) == (i == own)), "{answers:?}");
    }
    let flat = vec![7.0; 20];
    assert!(convolve(&flat, size(4, 5), &Mask::laplacian(), Edge::Mirror).unwrap().iter().all(|g| *g == 0.0));
    let mean = convolve(&flat, size(4, 5), &Mask::mean(), Edge::Mirror).unwrap();
    assert!(mean.iter().all(|g| (g - 7.0).abs() < 1e-12));
}

#[test]
fn wrong_arguments_are_told() {
    let three = size(3, 3);
    assert!(matches!(reduce(&[0_u8; 8], three, 2, Reduction::Mean), Err(Error::Length { .. })));
    for factor in [0, 4097, usize::MAX] {
        assert!(matches!(reduce(&[0_u8; 9], three, factor, Reduction::Mean), Err(Error::Parameter { .. })));
    }
    let huge = Size::new(1 << 29, 1 << 30).unwrap();
    assert!(matches!(nearest(&[0_u8; 9], three, huge), Err(Error::Memory { .. })));
    assert!(matches!(resize(&[0; 8], three, three, Filter::Box), Err(Error::Length { .. })));
    let long = Size::new(1, 1 << 32).unwrap();
    assert!(matches!(resize(&[0; 9], three, long, Filter::Box), Err(Error::Parameter { .. })));
    let mut samples = [0.0; 9];
    samples[4] = f64::NAN;
    assert!(matches!(
        resize_real(&samples, three, three, Filter::Box),
        Err(Error::NotFinite { index: 4, .. })
    ));
    assert!(matches!(by_definition(&samples, three, three, Filter::Box), Err(Error::NotFinite { .. })));
    assert!(matches!(convolve(&samples, three, &Mask::mean(), Edge::Zero), Err(Error::NotFinite { .. })));
    let large = convolve(&[f64::MAX; 9], three, &Mask::vertical_line(), Edge::Zero);
    assert!(matches!(large, Err(Error::Overflow { .. })));
    for (height, width) in [(2, 3), (3, 4), (257, 1)] {
        assert!(matches!(
            Mask::new(size(height, width), &vec![0.0; height * width]),
            Err(Error::Size { .. })
        ));
    }
    assert!(matches!(Mask::new(three, &[0.0; 8]), Err(Error::Length { .. })));
    assert!(matches!(Mask::new(three, &[f64::NAN; 9]), Err(Error::NotFinite { .. })));
    assert!(convolve_separable(&[0.0; 9], three, &[], &[1.0], Edge::Zero).is_err());
    for (top, left) in [(2, 0), (0, 2), (usize::MAX, 0)] {
        assert!(matches!(crop::crop(&[0; 9], three, top, left, size(2, 2)), Err(Error::Size { .. })));
    }
}

proptest! {
    #[test]
    fn a_flat_picture_stays_flat(level in any::<u8>(), rows in 1_usize..12, columns in 1_usize..12, height in 1_usize..30, width in 1_usize..30) {
        let (from, to) = (size(rows, columns), size(height, width));
        let flat = vec![level; from.area()];
        for filter in FILTERS {
            prop_assert_eq!(resize(&flat, from, to, filter).unwrap(), vec![level; to.area()]);
        }
        prop_assert_eq!(nearest(&flat, from, to).unwrap(), vec![level; to.area()]);
        for method in [Reduction::Mean, Reduction::Median, Reduction::Minimum, Reduction::Maximum, Reduction::Point] {
            let small = reduce(&flat, from, 3, method).unwrap();
            prop_assert_eq!(small, vec![level; from.divided_by(3).area()]);
        }
    }

    #[test]
    fn weights_in_two_parts_are_as_whole_ones(line in prop::collection::vec(any::<u8>(), 1..300), new in 1_usize..120, upright in any::<bool>()) {
        for filter in FILTERS {
            let whole: Vec<u8> = weights(line.len(), new, filter).unwrap().iter().map(|taps| {
                let terms = taps.weights.iter().zip(&line[taps.first..]).map(|(weight, sample)| {
                    (weight * f64::from(1 << 22)).round() as i64 * i64::from(*sample)
                });
                ((terms.sum::<i64>() + (1 << 21)) >> 22).clamp(0, 255) as u8
            }).collect();
            let turned = |length| if upright { size(length, 1) } else { size(1, length) };
            let fixed = resize(&line, turned(line.len()), turned(new), filter).unwrap();
            prop_assert!(fixed == whole || line.len() == new);
        }
    }

    #[test]
    fn reductions_are_ordered(samples in prop::collection::vec(any::<u16>(), 35), factor in 1_usize..9) {
        let by = |method| reduce(&samples, size(5, 7), factor, method).unwrap();
        let (least, greatest) = (by(Reduction::Minimum), by(Reduction::Maximum));
        for method in [Reduction::Mean, Reduction::Median, Reduction::Point] {
            for (i, sample) in by(method).iter().enumerate() {
                prop_assert!((least[i]..=greatest[i]).contains(sample));
            }
        }
        if factor == 1 {
            prop_assert_eq!(&least, &samples);
        }
    }

    #[test]
    fn larger_by_nearest_and_smaller_by_point_is_the_same(samples in prop::collection::vec(any::<u8>(), 12), factor in 1_usize..6) {
        let (small, large) = (size(3, 4), size(3 * factor, 4 * factor));
        let grown = nearest(&samples, small, large).unwrap();
        prop_assert_eq!(reduce(&grown, large, factor, Reduction::Point).unwrap(), samples.clone());
        prop_assert_eq!(reduce(&grown, large, factor, Reduction::Mean).unwrap(), samples);
    }

    #[test]
    fn a_crop_has_the_samples_of_its_place(top in 0_usize..4, left in 0_usize..5, height in 1_usize..3, width in 1_usize..3) {
        let whole: Vec<usize> = (0..30).collect();
        let part = crop::crop(&whole, size(5, 6), top, left, size(height, width));
        if top + height > 5 || left + width > 6 {
            prop_assert!(part.is_err());
        } else {
            let part = part.unwrap();
            for (i, sample) in part.iter().enumerate() {
                prop_assert_eq!(*sample, (top + i / width) * 6 + left + i % width);
            }
        }
    }
}
