//! Every fixed predictor on every sample type and odd shapes: codes by both forms, and the same bits back.

use proptest::prelude::*;
use stack_predict::{Earlier, Error, Key, Ordered, Predictor, Shape};

/// A stack of three frames; each is encoded by the fast and the slow form, and decoded.
fn check<S: Ordered>(shape: Shape, frames: &[Vec<S>]) {
    let frames: Vec<&[S]> = frames.iter().map(Vec::as_slice).collect();
    for &predictor in Predictor::ALL {
        for (index, &frame) in frames.iter().enumerate() {
            let earlier = Earlier::of(&frames, index);
            let mut codes = vec![S::Key::ZERO; shape.len()];
            predictor.encode(shape, frame, earlier, &mut codes).unwrap();
            let mut slow = vec![S::Key::HIGHEST; shape.len()];
            predictor.encode_by_definition(shape, frame, earlier, &mut slow).unwrap();
            assert_eq!(codes, slow, "{predictor} on frame {index} of {shape:?}");
            let mut back = vec![S::from_key(S::Key::HIGHEST); shape.len()];
            predictor.decode(shape, &codes, earlier, &mut back).unwrap();
            let keys = |samples: &[S]| samples.iter().map(|sample| sample.to_key()).collect::<Vec<_>>();
            assert_eq!(keys(&back), keys(frame), "{predictor} on frame {index} of {shape:?}");
        }
    }
}

fn check_type<S: Ordered>(shape: Shape, bits: &[u64], to: impl Fn(u64) -> S) {
    let frames: Vec<Vec<S>> =
        bits.chunks_exact(shape.len()).map(|frame| frame.iter().map(|&x| to(x)).collect()).collect();
    check(shape, &frames);
}

fn check_all_types(shape: Shape, bits: &[u64]) {
    check_type(shape, bits, |x| x as u8);
    check_type(shape, bits, |x| x as i8);
    check_type(shape, bits, |x| x as u16);
    check_type(shape, bits, |x| x as i16);
    check_type(shape, bits, |x| x as u32);
    check_type(shape, bits, |x| x as i32);
    check_type(shape, bits, |x| f32::from_bits(x as u32));
    check_type(shape, bits, |x| x);
    check_type(shape, bits, |x| x as i64);
    check_type(shape, bits, f64::from_bits);
}

#[test]
fn shapes_at_the_edges() {
    for (height, width) in [(1, 1), (1, 2), (2, 1), (1, 9), (9, 1), (2, 2), (2, 3), (3, 2), (3, 4), (5, 7)] {
        let shape = Shape::new(height, width).unwrap();
        let bits: Vec<u64> =
            (0..shape.len() as u64 * 3).map(|n| (n + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15)).collect();
        check_all_types(shape, &bits);
    }
}

#[test]
fn vectors_of_the_fast_loop_and_their_ends() {
    for width in [15, 16, 17, 31, 34, 67, 130] {
        let shape = Shape::new(3, width).unwrap();
        let bits: Vec<u64> =
            (0..shape.len() as u64 * 3).map(|n| (n / 7 + n % 5).wrapping_mul(0x0101_0304_0205)).collect();
        check_all_types(shape, &bits);
    }
}

#[test]
fn wrong_lengths_are_named() {
    let shape = Shape::new(2, 3).unwrap();
    for &predictor in Predictor::ALL {
        let wrong = |what, found| Err(Error::Length { what, expected: 6, found });
        let (six, five) = ([0_u8; 6], [0_u8; 5]);
        assert_eq!(predictor.encode(shape, &five, Earlier::None, &mut [0; 6]), wrong("frame", 5));
        assert_eq!(predictor.encode(shape, &six, Earlier::None, &mut [0; 5]), wrong("codes", 5));
        assert_eq!(
            predictor.encode(shape, &six, Earlier::One(&five), &mut [0; 6]),
            wrong("previous frame", 5)
        );
        assert_eq!(
            predictor.decode(shape, &six, Earlier::Two(&six, &five), &mut [0_u8; 6]),
            wrong("frame before", 5)
        );
        assert_eq!(predictor.decode(shape, &five, Earlier::None, &mut [0_u8; 6]), wrong("codes", 5));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn any_stack_comes_back(
        (height, width, bits) in (1_usize..6, 1_usize..24).prop_flat_map(|(height, width)| {
            (Just(height), Just(width), prop::collection::vec(any::<u64>(), 3 * height * width))
        }),
        spread in 0_u32..64,
    ) {
        let shape = Shape::new(height, width).unwrap();
        // Small spreads make neighbours alike, so that every branch is taken.
        let bits: Vec<u64> = bits.iter().map(|x| (x >> spread).wrapping_add(1 << 62)).collect();
        check_all_types(shape, &bits);
    }
}

proptest! {
    /// Codes and frames are one to one: every prediction is undone, so any codes are those of what they decode to.
    #[test]
    fn any_codes_are_the_codes_of_a_frame(codes in prop::collection::vec(any::<u16>(), 35), earlier in prop::collection::vec(any::<i16>(), 70)) {
        let shape = Shape::new(5, 7).unwrap();
        for &predictor in Predictor::ALL {
            for earlier in [Earlier::None, Earlier::One(&earlier[..35]), Earlier::Two(&earlier[..35], &earlier[35..])] {
                let (mut frame, mut again) = ([0; 35], [0; 35]);
                predictor.decode(shape, &codes, earlier, &mut frame).unwrap();
                predictor.encode(shape, &frame, earlier, &mut again).unwrap();
                prop_assert_eq!(&again[..], &codes[..]);
            }
        }
    }
}
