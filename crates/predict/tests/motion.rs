//! Motion: both searches agree, any vector predicts something, and what moved is found again.

use proptest::prelude::*;
use stack_predict::motion::{
    LARGEST_RANGE, Vector, compensate, reference_by_definition, search, search_by_definition,
};
use stack_predict::{Blocks, Error, Ordered, Shape, residual};

/// A frame of noise in which every place is unlike every other.
fn texture(shape: Shape) -> Vec<u16> {
    (0..shape.len() as u64).map(|n| ((n + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 50) as u16).collect()
}

fn moved_by(shape: Shape, reference: &[u16], vector: Vector) -> Vec<u16> {
    let at =
        |n: usize| reference_by_definition(shape, reference, n / shape.width(), n % shape.width(), vector);
    (0..shape.len()).map(at).collect()
}

#[test]
fn what_moved_by_whole_samples_is_found() {
    let shape = Shape::new(24, 32).unwrap();
    let reference = texture(shape);
    let blocks = Blocks::new(shape, 8).unwrap();
    for (down, right) in [(0, 0), (6, -4), (-2, 8), (-8, -8)] {
        let vector = Vector { down, right };
        let moved = moved_by(shape, &reference, vector);
        let vectors = search(blocks, &moved, &reference, 4).unwrap();
        let mut prediction = vec![0; shape.len()];
        compensate(blocks, &reference, &vectors, &mut prediction).unwrap();
        assert!(prediction == moved, "{vector:?}");
        assert_eq!(vectors[5], vector, "a block within the frame has one explanation only");
    }
}

/// Halves are looked for next to the best whole vector, so the frame must be smooth for them to be found.
#[test]
fn what_moved_by_half_a_sample_is_found_where_the_frame_is_smooth() {
    let shape = Shape::new(24, 32).unwrap();
    let bowl = |n: usize| (40 * (n % 32).abs_diff(14).pow(2) + 60 * (n / 32).abs_diff(9).pow(2)) as u16;
    let reference: Vec<u16> = (0..shape.len()).map(bowl).collect();
    let blocks = Blocks::new(shape, 8).unwrap();
    for (down, right) in [(-2, 3), (5, 1), (-7, -7), (-1, 0)] {
        let vector = Vector { down, right };
        let vectors = search(blocks, &moved_by(shape, &reference, vector), &reference, 4).unwrap();
        assert_eq!(vectors[5], vector);
    }
}

#[test]
fn half_places_are_rounded_means() {
    let (shape, reference) = (Shape::new(2, 2).unwrap(), [0_u8, 3, 255, 255]);
    let at = |y, x, down, right| reference_by_definition(shape, &reference, y, x, Vector { down, right });
    assert_eq!([at(0, 0, 0, 1), at(0, 0, 1, 0), at(0, 0, 1, 1)], [2, 128, 128]);
    // Outside of the frame the nearest sample stands.
    assert_eq!(
        [at(0, 0, -1, -1), at(1, 1, 1, 1), at(0, 1, -9, 900), at(1, 0, i16::MAX, i16::MIN)],
        [0, 255, 3, 255]
    );
}

#[test]
fn wrong_input_is_refused() {
    let shape = Shape::new(4, 4).unwrap();
    let blocks = Blocks::new(shape, 4).unwrap();
    let (frame, short) = ([0_u8; 16], [0_u8; 15]);
    let wrong = |what, expected, found| Error::Length { what, expected, found };
    assert_eq!(search(blocks, &short, &frame, 1), Err(wrong("frame", 16, 15)));
    assert_eq!(search(blocks, &frame, &short, 1), Err(wrong("reference", 16, 15)));
    assert_eq!(compensate(blocks, &frame, &[], &mut [0; 16]), Err(wrong("vectors", 1, 0)));
    assert!(matches!(search(blocks, &frame, &frame, LARGEST_RANGE + 1), Err(Error::Parameter { .. })));
}

/// The same vectors from both searches, and the frame back from them.
fn check<S: Ordered>(shape: Shape, side: usize, range: u16, frames: &[S]) {
    let (reference, frame) = frames.split_at(shape.len());
    let blocks = Blocks::new(shape, side).unwrap();
    let vectors = search(blocks, frame, reference, range).unwrap();
    assert_eq!(vectors, search_by_definition(blocks, frame, reference, range).unwrap());
    let zero = S::ZERO_KEY;
    let (mut prediction, mut codes) = (vec![zero; shape.len()], vec![zero; shape.len()]);
    compensate(blocks, reference, &vectors, &mut prediction).unwrap();
    residual::encode(frame, &prediction, &mut codes).unwrap();
    let mut back = vec![S::from_key(zero); shape.len()];
    residual::decode(&codes, &prediction, &mut back).unwrap();
    assert!(back.iter().zip(frame).all(|(a, b)| a.to_key() == b.to_key()));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn both_searches_agree_and_frames_come_back(
        (height, width, side, bits) in (1_usize..8, 1_usize..9).prop_flat_map(|(height, width)| {
            let bits = prop::collection::vec(any::<u64>(), 2 * height * width);
            (Just(height), Just(width), 1..=height.min(width), bits)
        }),
        range in 0_u16..4,
        spread in 40_u32..64,
    ) {
        let shape = Shape::new(height, width).unwrap();
        let cast = bits.iter().map(|x| x >> spread);
        check(shape, side, range, &cast.clone().map(|x| x as u8).collect::<Vec<_>>());
        check(shape, side, range, &cast.map(|x| x as i32).collect::<Vec<_>>());
        check(shape, side, range, &bits.iter().map(|&x| x as u16).collect::<Vec<_>>());
        check(shape, side, range, &bits.iter().map(|&x| f32::from_bits(x as u32)).collect::<Vec<_>>());
        check(shape, side, range, &bits);
    }
}
