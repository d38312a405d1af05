//! Codes in place of samples: distances to the nearer extreme, residuals of predictors.

use stack_predict::nearer_extreme::{decode, encode, widen};
use stack_predict::{Earlier, Key, Nlms, Ordered, Predictor, Shape};

/// A pixel in an input: lowest, highest, code, as 8 bytes each.
const PIXEL: usize = 24;

/// Extremes and codes of a few pixels, after the type of the samples.
pub fn nearer_extreme_seeds() -> Vec<Vec<u8>> {
    let seed = |kind: u8, pixels: &[[u64; 3]]| {
        let mut bytes = vec![kind];
        bytes.extend(pixels.iter().flatten().flat_map(|number| number.to_le_bytes()));
        bytes
    };
    vec![
        seed(0, &[[3, 200, 197], [0, 255, 255], [7, 7, 0]]),
        seed(1, &[[0x8000, 0x7fff, 0xffff], [5, 9, 4]]),
        seed(2, &[[0xffff_fff0, 0x10, 0x20], [1, 2, 1]]),
        seed(3, &[[0xbf80_0000, 0x3f80_0000, 77], [0x8000_0000, 0, 1]]),
        seed(4, &[[0xfff0 << 48, 0x7ff8 << 48, 12_345], [0, 1 << 52, 1]]),
    ]
}

/// Codes that are accepted are those of the samples that come of them.
pub fn nearer_extreme(bytes: &[u8]) -> bool {
    let [kind, rest @ ..] = bytes else { return false };
    let (pixels, []) = rest.as_chunks::<PIXEL>() else { return false };
    let numbers = |place: usize| -> Vec<u64> {
        let number =
            |pixel: &[u8; PIXEL]| u64::from_le_bytes(*pixel[place * 8..].first_chunk().expect("8 bytes"));
        pixels.iter().map(number).collect()
    };
    let (lowest, highest, codes) = (numbers(0), numbers(1), numbers(2));
    let all = (lowest.as_slice(), highest.as_slice(), codes.as_slice());
    match kind % 5 {
        0 => of_type(all, |x| x as u8, |x| x as u8),
        1 => of_type(all, |x| x as i16, |x| x as u16),
        2 => of_type(all, |x| x as i32, |x| x as u32),
        3 => of_type(all, |x| f32::from_bits(x as u32), |x| x as u32),
        _ => of_type(all, f64::from_bits, |x| x),
    }
}

fn of_type<S: Ordered>(
    (lowest, highest, codes): (&[u64], &[u64], &[u64]),
    sample: fn(u64) -> S,
    key: fn(u64) -> S::Key,
) -> bool {
    let mut lowest: Vec<S> = lowest.iter().map(|&x| sample(x)).collect();
    let mut highest: Vec<S> = highest.iter().map(|&x| sample(x)).collect();
    let codes: Vec<S::Key> = codes.iter().map(|&x| key(x)).collect();
    let mut samples = lowest.clone();
    if decode(&codes, &lowest, &highest, &mut samples).is_err() {
        return false;
    }
    let mut again = vec![S::Key::ZERO; codes.len()];
    encode(&samples, &lowest, &highest, &mut again).expect("what was decoded is between the extremes");
    assert_eq!(again, codes);
    // So they make nothing wider.
    let keys = |samples: &[S]| samples.iter().map(|sample| sample.to_key()).collect::<Vec<_>>();
    let before = (keys(&lowest), keys(&highest));
    widen(&samples, &mut lowest, &mut highest);
    assert_eq!((keys(&lowest), keys(&highest)), before);
    true
}

/// Two small frames of codes, after a predictor and a shape.
pub fn predictors_seeds() -> Vec<Vec<u8>> {
    (0..Predictor::ALL.len() as u8 + 1)
        .map(|which| {
            let (height, width) = (2 + which % 3, 3 + which % 4);
            let codes = (0..2 * height * width).map(|n| n.wrapping_mul(37).wrapping_add(which));
            [which, height, width].into_iter().chain(codes).collect()
        })
        .collect()
}

/// Any codes are those of the frames that come of them, for every predictor that stores nothing beside them.
pub fn predictors(bytes: &[u8]) -> bool {
    let [which, height, width, codes @ ..] = bytes else { return false };
    let Ok(shape) = Shape::new(usize::from(*height), usize::from(*width)) else { return false };
    if codes.len() != 2 * shape.len() {
        return false;
    }
    let (first, second) = codes.split_at(shape.len());
    let (mut one, mut two) = (vec![0_u8; shape.len()], vec![0_u8; shape.len()]);
    let mut again = vec![0_u8; shape.len()];
    let fits = "the frames have the shape";
    match Predictor::ALL.get(usize::from(*which) % (Predictor::ALL.len() + 1)) {
        Some(predictor) => {
            predictor.decode(shape, first, Earlier::None, &mut one).expect(fits);
            predictor.decode(shape, second, Earlier::One(&one), &mut two).expect(fits);
            predictor.encode(shape, &two, Earlier::One(&one), &mut again).expect(fits);
        }
        None => {
            let (mut decoder, mut encoder) = (Nlms::new(), Nlms::new());
            decoder.decode(shape, first, Earlier::None, &mut one).expect(fits);
            decoder.decode(shape, second, Earlier::One(&one), &mut two).expect(fits);
            encoder.encode(shape, &one, Earlier::None, &mut again).expect(fits);
            assert_eq!(again, first);
            encoder.encode(shape, &two, Earlier::One(&one), &mut again).expect(fits);
        }
    }
    assert_eq!(again, second);
    true
}
