//! Hashes against their definitions, and against digits that must not change.

use proptest::prelude::*;
use stack_grouping::{GreyPicture, HashKind, Hasher, ImageHash};
use stack_transform::resample::{Filter, resize};
use stack_transform::{Size, dct};

fn picture(height: usize, width: usize) -> GreyPicture {
    let levels =
        (0..height * width).map(|i| (i / width, i % width)).map(|(y, x)| (y * y + 3 * x * y + 11 * x) as u8);
    GreyPicture { height, width, levels: levels.collect() }
}

#[test]
fn digits_do_not_change() {
    let picture = picture(37, 53);
    let expected = [
        (HashKind::Average, 8, "665fbc3d1d069cd9"),
        (HashKind::Difference, 8, "8ea54871ad3e30ab"),
        (HashKind::DifferenceVertical, 5, "1724c9c"),
        (HashKind::Perceptual, 8, "86034101635ff7f7"),
        (HashKind::Perceptual, 3, "132"),
        (HashKind::Wavelet, 8, "722cbe3915169cd3"),
        (HashKind::Wavelet, 64, "0001fff8000fff800007fff803f8ff80"),
    ];
    for (kind, side, digits) in expected {
        let hash = kind.hash(&picture, side).unwrap();
        assert!(hash.hex().starts_with(digits), "{kind} {side}: {hash}");
        assert_eq!(kind.to_string().parse::<HashKind>().unwrap(), kind);
    }
}

#[test]
fn what_cannot_be_hashed_is_told() {
    let problem = |kind: HashKind, side, height, width| {
        Hasher::new(kind, side, height, width).err().map(|error| error.to_string()).unwrap_or_default()
    };
    for kind in HashKind::ALL {
        assert!(problem(kind, 1, 9, 9).contains("it may be 2 to 64"));
        assert!(problem(kind, 65, 9, 9).contains("65"));
        assert!(problem(kind, 8, 0, 9).contains("a side is zero"));
        assert!(problem(kind, 8, 9, 1 << 32).contains("2147483647"));
        assert!(problem(kind, usize::MAX, usize::MAX, usize::MAX).contains("2 to 64"));
        assert_eq!(problem(kind, 8, 9, 9), "");
        let hasher = Hasher::new(kind, 8, 9, 10).unwrap();
        assert_eq!(hasher.picture_size(), (9, 10));
        assert!(hasher.hash(&picture(10, 9)).unwrap_err().to_string().contains("10 x 9"));
        let cut = GreyPicture { levels: vec![0; 89], ..picture(9, 10) };
        assert!(hasher.hash(&cut).is_err());
    }
    assert!(problem(HashKind::Wavelet, 12, 9, 9).contains("2, 4, 8, 16, 32 or 64"));
    assert!("mhash".parse::<HashKind>().unwrap_err().to_string().contains("dhash_vertical"));
}

/// Some pictures of all sizes, with few levels or many.
fn pictures() -> impl Strategy<Value = GreyPicture> {
    (1_usize..40, 1_usize..40, 1_u8..=255).prop_flat_map(|(height, width, most)| {
        prop::collection::vec(0..=most, height * width).prop_map(move |levels| GreyPicture {
            height,
            width,
            levels,
        })
    })
}

fn small(picture: &GreyPicture, height: usize, width: usize) -> Vec<f64> {
    let size = |height, width| Size::new(height, width).unwrap();
    let from = size(picture.height, picture.width);
    let levels = resize(&picture.levels, from, size(height, width), Filter::Lanczos).unwrap();
    levels.into_iter().map(f64::from).collect()
}

/// The bits that are above the threshold, where a number is not so near to it that rounding decides.
fn check(hash: &ImageHash, numbers: &[f64], threshold: f64) {
    for (i, number) in numbers.iter().enumerate().filter(|(_, number)| (*number - threshold).abs() > 1e-6) {
        assert_eq!(hash.bit(i / hash.side(), i % hash.side()), *number > threshold, "bit {i} of {hash}");
    }
}

fn median(numbers: &[f64]) -> f64 {
    let mut sorted = numbers.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    if sorted.len().is_multiple_of(2) { (sorted[middle - 1] + sorted[middle]) / 2.0 } else { sorted[middle] }
}

proptest! {
    #[test]
    fn every_hash_is_as_its_definition(picture in pictures(), side in 2_usize..12) {
        let levels = small(&picture, side, side);
        let mean = levels.iter().sum::<f64>() / levels.len() as f64;
        check(&HashKind::Average.hash(&picture, side).unwrap(), &levels, mean);

        let levels = small(&picture, side, side + 1);
        let slopes: Vec<f64> =
            (0..side * side).map(|i| i + i / side).map(|i| levels[i + 1] - levels[i] - 0.5).collect();
        check(&HashKind::Difference.hash(&picture, side).unwrap(), &slopes, 0.0);

        let levels = small(&picture, side + 1, side);
        let slopes: Vec<f64> = (0..side * side).map(|i| levels[i + side] - levels[i] - 0.5).collect();
        check(&HashKind::DifferenceVertical.hash(&picture, side).unwrap(), &slopes, 0.0);

        let all = 4 * side;
        let levels = small(&picture, all, all);
        let columns: Vec<Vec<f64>> = (0..all)
            .map(|x| dct::forward_by_definition(&levels.iter().skip(x).step_by(all).copied().collect::<Vec<f64>>()).unwrap())
            .collect();
        let lowest: Vec<f64> = (0..side)
            .flat_map(|y| {
                let row: Vec<f64> = columns.iter().map(|column| column[y]).collect();
                dct::forward_by_definition(&row).unwrap().into_iter().take(side)
            })
            .enumerate()
            // Without the factors of the first row and column.
            .map(|(i, t)| [i / side, i % side].iter().fold(t, |t, k| if *k == 0 { t * 2_f64.sqrt() } else { t }))
            .collect();
        check(&HashKind::Perceptual.hash(&picture, side).unwrap(), &lowest, median(&lowest));

        let side = 1 << (side % 4 + 1);
        let scale = (1 << picture.height.min(picture.width).ilog2()).max(side);
        let levels = small(&picture, scale, scale);
        let mean = levels.iter().sum::<f64>() / levels.len() as f64;
        let block = scale / side;
        let sums: Vec<f64> = (0..side * side)
            .map(|i| {
                let (top, left) = (i / side * block, i % side * block);
                let of_row = |y: usize| levels[y * scale + left..][..block].iter().map(|v| v - mean).sum::<f64>();
                (top..top + block).map(of_row).sum()
            })
            .collect();
        check(&HashKind::Wavelet.hash(&picture, side).unwrap(), &sums, median(&sums));
    }

    #[test]
    fn a_picture_in_other_words_has_the_same_hash(text in "[0-9a-f]{16}", other in "\\PC{0,40}") {
        let hash: ImageHash = text.parse().unwrap();
        prop_assert_eq!(hash.hex(), text);
        if let Ok(hash) = other.parse::<ImageHash>() {
            prop_assert_eq!(hash.hex(), other.to_lowercase());
        }
    }
}
