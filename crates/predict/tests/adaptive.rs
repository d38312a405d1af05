//! Predictors that learn or are fitted: every type and odd shape comes back, and both forms agree.

use proptest::prelude::*;
use stack_predict::least_squares::{self, TAPS, Weights};
use stack_predict::{Blocks, Earlier, Error, Key, Neighbours, Nlms, Ordered, Shape, blend, residual};

fn keys<S: Ordered>(samples: &[S]) -> Vec<S::Key> {
    samples.iter().map(|sample| sample.to_key()).collect()
}

/// Three frames through each predictor and back; `foreign` are weights that nobody fitted.
fn check<S: Ordered>(shape: Shape, side: usize, foreign: &Weights, frames: &[Vec<S>]) {
    let frames: Vec<&[S]> = frames.iter().map(Vec::as_slice).collect();
    let blocks = Blocks::new(shape, side).unwrap();
    let (mut encoder, mut decoder) = (Nlms::new(), Nlms::new());
    for (index, &frame) in frames.iter().enumerate() {
        let earlier = Earlier::of(&frames, index);
        let mut codes = vec![S::Key::ZERO; shape.len()];
        let mut back = vec![S::from_key(S::Key::HIGHEST); shape.len()];

        for weights in [least_squares::fit(blocks, frame, earlier).unwrap(), vec![*foreign; blocks.count()]] {
            least_squares::encode(blocks, &weights, frame, earlier, &mut codes).unwrap();
            least_squares::decode(blocks, &weights, &codes, earlier, &mut back).unwrap();
            assert_eq!(keys(&back), keys(frame), "least squares, frame {index} of {shape:?}");
        }

        encoder.encode(shape, frame, earlier, &mut codes).unwrap();
        decoder.decode(shape, &codes, earlier, &mut back).unwrap();
        assert_eq!(keys(&back), keys(frame), "NLMS, frame {index} of {shape:?}");
        assert_eq!(encoder, decoder);

        blend::encode(shape, frame, earlier, &mut codes).unwrap();
        for (place, &code) in codes.iter().enumerate() {
            let (y, x) = (place / shape.width(), place % shape.width());
            let slow = blend::by_definition(shape, frame, earlier, y, x);
            assert_eq!(code, residual::code(frame[place], slow), "blend at {y}, {x} of {shape:?}");
        }
        blend::decode(shape, &codes, earlier, &mut back).unwrap();
        assert_eq!(keys(&back), keys(frame), "blend, frame {index} of {shape:?}");
    }
}

fn check_all_types(shape: Shape, side: usize, foreign: &Weights, bits: &[u64]) {
    fn cast<S>(shape: Shape, bits: &[u64], to: impl Fn(u64) -> S) -> Vec<Vec<S>> {
        bits.chunks_exact(shape.len()).map(|frame| frame.iter().map(|&x| to(x)).collect()).collect()
    }
    check(shape, side, foreign, &cast(shape, bits, |x| x as u8));
    check(shape, side, foreign, &cast(shape, bits, |x| x as u16));
    check(shape, side, foreign, &cast(shape, bits, |x| x as i16));
    check(shape, side, foreign, &cast(shape, bits, |x| x as i32));
    check(shape, side, foreign, &cast(shape, bits, |x| f32::from_bits(x as u32)));
    check(shape, side, foreign, &cast(shape, bits, f64::from_bits));
}

#[test]
fn shapes_at_the_edges() {
    for (height, width) in [(1, 1), (1, 2), (2, 1), (1, 9), (9, 1), (2, 2), (3, 4), (7, 12)] {
        let shape = Shape::new(height, width).unwrap();
        let bits: Vec<u64> =
            (0..shape.len() as u64 * 3).map(|n| (n / 2 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15)).collect();
        check_all_types(shape, 1, &[i16::MAX; TAPS], &bits);
        check_all_types(shape, height.min(width), &[i16::MIN; TAPS], &bits);
    }
}

#[test]
fn least_squares_finds_the_weights_that_made_a_frame() {
    // Each sample is 3/4 N + 1/2 NE - 1/4 NW, but for the first row and both border columns, which are noise.
    let (height, width) = (24, 24);
    let mut frame: Vec<i32> = (0..height * width)
        .map(|n| (n as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) as i32 >> 12)
        .collect();
    for y in 1..height {
        for x in 1..width - 1 {
            let at = |up: usize, x: usize| i64::from(frame[(y - up) * width + x]);
            frame[y * width + x] = ((3 * at(1, x) + 2 * at(1, x + 1) - at(1, x - 1)) >> 2) as i32;
        }
    }
    let blocks = Blocks::new(Shape::new(height, width).unwrap(), 8).unwrap();
    let [north, north_west, north_east, west_west, north_north, ..] =
        least_squares::fit(blocks, &frame, Earlier::None).unwrap()[4];
    let one = 1 << least_squares::FRACTION_BITS;
    let found = [north, north_west, north_east, west_west, north_north].map(i32::from);
    let made_with = [one * 3 / 4, -one / 4, one / 2, 0, 0];
    let near = found.iter().zip(made_with).all(|(found, made)| (found - made).abs() <= 64);
    assert!(near, "{found:?} instead of {made_with:?}");
}

#[test]
fn wrong_lengths_are_named() {
    let shape = Shape::new(2, 2).unwrap();
    let blocks = Blocks::new(shape, 2).unwrap();
    let (four, three) = ([0_u8; 4], [0_u8; 3]);
    let wrong = |what, expected, found| Err(Error::Length { what, expected, found });
    let none = Earlier::None;
    assert_eq!(least_squares::fit(blocks, &three, none).map(drop), wrong("frame", 4, 3));
    assert_eq!(least_squares::encode(blocks, &[], &four, none, &mut [0; 4]), wrong("weights", 1, 0));
    assert_eq!(
        least_squares::decode(blocks, &[[0; TAPS]], &three, none, &mut [0_u8; 4]),
        wrong("codes", 4, 3)
    );
    assert_eq!(Nlms::new().encode(shape, &three, none, &mut [0; 4]), wrong("frame", 4, 3));
    assert_eq!(Nlms::new().decode(shape, &three, none, &mut [0_u8; 4]), wrong("codes", 4, 3));
    assert_eq!(blend::encode(shape, &four, Earlier::One(&three), &mut [0; 4]), wrong("previous frame", 4, 3));
    assert_eq!(blend::decode(shape, &three, none, &mut [0_u8; 4]), wrong("codes", 4, 3));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn any_stack_comes_back(
        (height, width, side, bits) in (1_usize..6, 1_usize..9).prop_flat_map(|(height, width)| {
            let bits = prop::collection::vec(any::<u64>(), 3 * height * width);
            (Just(height), Just(width), 1..=height.min(width), bits)
        }),
        foreign in prop::array::uniform12(any::<i16>()),
        spread in 0_u32..64,
    ) {
        let bits: Vec<u64> = bits.iter().map(|x| (x >> spread).wrapping_add(1 << 62)).collect();
        check_all_types(Shape::new(height, width).unwrap(), side, &foreign, &bits);
    }

    #[test]
    fn weighted_sums_by_both_forms(
        frames in prop::collection::vec(prop::array::uniform9(any::<i32>()), 3),
        weights in prop::array::uniform12(any::<i16>()),
    ) {
        let shape = Shape::new(3, 3).unwrap();
        for earlier in [Earlier::None, Earlier::One(&frames[1][..]), Earlier::Two(&frames[1], &frames[2])] {
            let has_earlier = earlier.previous().is_some();
            for place in 0..9 {
                let near = Neighbours::at(shape, &frames[0][..], earlier, place / 3, place % 3);
                let wide = near.map(i128::from);
                let slow = least_squares::predict_by_definition(&wide, u32::MAX.into(), has_earlier, &weights);
                prop_assert_eq!(i128::from(least_squares::predict(&near, has_earlier, &weights)), slow);
            }
        }
    }

    #[test]
    fn any_codes_are_the_codes_of_a_frame(
        codes in prop::collection::vec(any::<u32>(), 35),
        previous in prop::collection::vec(any::<u32>(), 35),
        weights in prop::array::uniform12(any::<i16>()),
    ) {
        let shape = Shape::new(5, 7).unwrap();
        let blocks = Blocks::new(shape, 5).unwrap();
        let previous: Vec<f32> = previous.into_iter().map(f32::from_bits).collect();
        let (mut frame, mut again) = ([0.0; 35], [0; 35]);
        for earlier in [Earlier::None, Earlier::One(&previous[..])] {
            blend::decode(shape, &codes, earlier, &mut frame).unwrap();
            blend::encode(shape, &frame, earlier, &mut again).unwrap();
            prop_assert_eq!(&again[..], &codes[..]);
            Nlms::new().decode(shape, &codes, earlier, &mut frame).unwrap();
            Nlms::new().encode(shape, &frame, earlier, &mut again).unwrap();
            prop_assert_eq!(&again[..], &codes[..]);
            let weights = [weights; 2];
            least_squares::decode(blocks, &weights, &codes, earlier, &mut frame).unwrap();
            least_squares::encode(blocks, &weights, &frame, earlier, &mut again).unwrap();
            prop_assert_eq!(&again[..], &codes[..]);
        }
    }
}
