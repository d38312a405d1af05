//! Colour transforms, chroma planes, grey levels and palettes.

mod python;

use proptest::prelude::*;
use python::ask;
use stack_transform::{ColourMatrix, Error, Klt, Levels, Palette, Size, Subsampling, ycocg};

const MATRICES: [ColourMatrix; 2] = [ColourMatrix::Bt601, ColourMatrix::Bt709];

/// Colours on a grid that has black, white and odd values.
fn grid() -> Vec<[u8; 3]> {
    let values: Vec<u8> = (0..=255).step_by(15).chain([1, 127, 128, 254]).collect();
    let mut all = Vec::new();
    for red in &values {
        for green in &values {
            all.extend(values.iter().map(|blue| [*red, *green, *blue]));
        }
    }
    all
}

#[test]
fn eight_bits_are_the_definition_rounded() {
    for matrix in MATRICES {
        for rgb in grid() {
            let centred = [0.0, 128.0, 128.0];
            let exact = matrix.to_ycbcr_real(rgb.map(f64::from));
            let ours = matrix.to_ycbcr(rgb);
            for i in 0..3 {
                let limited = (exact[i] + centred[i]).clamp(0.0, 255.0);
                assert!((f64::from(ours[i]) - limited).abs() <= 0.5 + 1e-9, "{rgb:?}");
            }
            let exact = matrix.to_rgb_real(std::array::from_fn(|i| f64::from(rgb[i]) - centred[i]));
            let ours = matrix.to_rgb(rgb);
            for i in 0..3 {
                assert!((f64::from(ours[i]) - exact[i].clamp(0.0, 255.0)).abs() <= 0.5 + 1e-9, "{rgb:?}");
            }
            let real = matrix.to_rgb_real(matrix.to_ycbcr_real(rgb.map(f64::from)));
            assert!((0..3).all(|i| (real[i] - f64::from(rgb[i])).abs() < 1e-10));
        }
    }
}

#[test]
fn every_colour_comes_back_within_one() {
    for (matrix, exactly) in [(ColourMatrix::Bt601, 3_999_890), (ColourMatrix::Bt709, 4_140_960)] {
        let mut same = 0;
        for number in 0..1_u32 << 24 {
            let [_, rgb @ ..] = number.to_be_bytes();
            let back = matrix.to_rgb(matrix.to_ycbcr(rgb));
            assert!((0..3).all(|i| back[i].abs_diff(rgb[i]) <= 1), "{rgb:?} came back as {back:?}");
            same += u32::from(back == rgb);
        }
        assert_eq!(same, exactly);
    }
}

#[test]
fn grey_has_no_colour() {
    for matrix in MATRICES {
        for level in 0..=255 {
            assert_eq!(matrix.to_ycbcr([level; 3]), [level, 128, 128]);
            assert_eq!(matrix.to_rgb([level, 128, 128]), [level; 3]);
        }
    }
}

#[test]
fn pillow_is_within_one() {
    let colours = grid();
    let samples: Vec<u8> = colours.concat();
    let count = colours.len();
    let mut planes = [vec![0; count], vec![0; count], vec![0; count]];
    let [y, cb, cr] = &mut planes;
    ColourMatrix::Bt601.split(&samples, [y, cb, cr]).unwrap();
    let mut merged = vec![0; samples.len()];
    ColourMatrix::Bt601.merge(planes.each_ref().map(Vec::as_slice), &mut merged).unwrap();
    for (i, colour) in colours.iter().enumerate() {
        assert_eq!(merged[3 * i..][..3], ColourMatrix::Bt601.to_rgb(ColourMatrix::Bt601.to_ycbcr(*colour)));
    }
    let script = "
from PIL import Image
picture = Image.fromarray(data.astype('u1').reshape(1, -1, 3))
give(np.asarray(picture.convert('YCbCr')))
";
    let wide: Vec<f64> = samples.iter().map(|sample| f64::from(*sample)).collect();
    let Some(theirs) = ask(script, &wide) else { return };
    assert_eq!(theirs.len(), 3 * count);
    for (i, sample) in theirs.iter().enumerate() {
        assert!((sample - f64::from(planes[i % 3][i / 3])).abs() <= 1.0);
    }
}

#[test]
fn a_palette_counts_and_refuses() {
    let samples = [5_u16, 9, 5, 1, 9, 1];
    let palette = Palette::of(&samples, 1, 3).unwrap();
    assert_eq!(palette.colours(), [1, 5, 9]);
    assert_eq!(palette.cost(6).index_bits, 2);
    assert_eq!(palette.cost(6).total_bytes(), 6 + 2);
    assert_eq!(Palette::of(&samples, 1, 2), Err(Error::TooManyColours { limit: 2 }));
    assert!(matches!(Palette::of(&samples, 4, 9), Err(Error::Length { .. })));
    assert!(matches!(Palette::of(&samples, 0, 9), Err(Error::Length { .. })));
    assert!(matches!(palette.indices(&[2]), Err(Error::Parameter { .. })));
    assert!(matches!(palette.restore(&[3]), Err(Error::Parameter { .. })));
    assert_eq!(Palette::of(&[7_u8; 4], 1, 1).unwrap().cost(1000).total_bytes(), 1);
    let none = Palette::<u8>::of(&[], 3, 0).unwrap();
    assert!(none.is_empty() && !none.cost(0).pays());
    let all: Vec<u8> = (0..=255).collect();
    let cost = Palette::of(&all, 1, 256).unwrap().cost(256);
    assert_eq!((cost.index_bits, cost.total_bytes()), (8, 512));
}

#[test]
fn wrong_arguments_are_told() {
    for (depth, count) in [(0, 2), (17, 2), (8, 1), (8, 257)] {
        assert!(matches!(Levels::new(depth, count), Err(Error::Parameter { .. })));
    }
    for (depth, bits) in [(8, 0), (8, 9), (40, 33), (0, 0)] {
        assert!(matches!(Levels::of_bits(depth, bits), Err(Error::Parameter { .. })));
    }
    let twelve = Levels::of_bits(12, 4).unwrap();
    assert!(matches!(twelve.reduce(&[4096_u16]), Err(Error::Parameter { .. })));
    assert!(matches!(twelve.centre(&[16_u16]), Err(Error::Parameter { .. })));
    assert!(matches!(twelve.centre(&[0_u8]), Err(Error::Parameter { .. })));
    assert!(matches!(twelve.spread(&[0_u8]), Err(Error::Parameter { .. })));
    let size = Size::square(3).unwrap();
    assert!(matches!(Subsampling::Cs420.reduce(&[0_u8; 8], size), Err(Error::Length { .. })));
    assert!(matches!(Subsampling::Cs420.expand(&[0_u8; 5], size), Err(Error::Length { .. })));
    assert!(matches!(Subsampling::Cs420.expand_linear(&[0_u8; 5], size), Err(Error::Length { .. })));
    let mut planes = [[0; 2]; 3];
    let [y, cb, cr] = &mut planes;
    assert!(matches!(ColourMatrix::Bt601.split(&[0; 7], [y, cb, cr]), Err(Error::Length { .. })));
    assert!(matches!(
        ColourMatrix::Bt601.merge([&[0; 2], &[0; 2], &[0; 1]], &mut [0; 6]),
        Err(Error::Length { .. })
    ));
}

proptest! {
    #[test]
    fn ycocg_loses_nothing(colour in any::<[i32; 3]>(), small in any::<[u16; 3]>()) {
        prop_assert_eq!(ycocg::inverse(ycocg::forward(colour)), colour);
        let [y, co, cg] = ycocg::forward(small.map(i32::from));
        prop_assert!((0..=65_535).contains(&y) && co.abs() <= 65_535 && cg.abs() <= 65_535);
        prop_assert_eq!(ycocg::inverse([y, co, cg]), small.map(i32::from));
    }

    #[test]
    fn levels_stay_near(depth in 1_u32..=16, share in 0.0..1.0, sample in any::<u16>()) {
        let count = 2 + (share * f64::from((1_u32 << depth) - 1)) as u32;
        let levels = Levels::new(depth, count.min(1 << depth)).unwrap();
        let sample = sample >> (16 - depth);
        let level = levels.reduce(&[sample]).unwrap();
        prop_assert!(u32::from(level[0]) <= levels.maximum());
        let centre = levels.centre(&level).unwrap();
        let width = f64::from(1_u32 << depth) / f64::from(levels.maximum() + 1);
        prop_assert!((f64::from(centre[0]) - f64::from(sample)).abs() <= width / 2.0 + 1.0);
        prop_assert_eq!(levels.reduce(&centre).unwrap(), level.clone());
        prop_assert!(u32::from(levels.spread(&level).unwrap()[0]) < 1 << depth);
    }

    #[test]
    fn chroma_planes_keep_their_range(plane in prop::collection::vec(any::<u16>(), 63), rows in 1_usize..=9, columns in 1_usize..=7) {
        let size = Size::new(rows, columns).unwrap();
        let plane = &plane[..size.area()];
        for mode in [Subsampling::Cs444, Subsampling::Cs422, Subsampling::Cs420] {
            let reduced = mode.reduce(plane, size).unwrap();
            prop_assert_eq!(reduced.len(), mode.size(size).area());
            for back in [mode.expand(&reduced, size).unwrap(), mode.expand_linear(&reduced, size).unwrap()] {
                prop_assert_eq!(back.len(), plane.len());
                prop_assert!(back.iter().max() <= plane.iter().max() && back.iter().min() >= plane.iter().min());
                if mode == Subsampling::Cs444 {
                    prop_assert_eq!(&back, plane);
                }
            }
            prop_assert_eq!(mode.reduce(&mode.expand(&reduced, size).unwrap(), size).unwrap(), reduced);
        }
    }

    #[test]
    fn the_klt_of_pixels_comes_back(pixels in prop::collection::vec(any::<[u8; 3]>(), 1..50)) {
        let samples = pixels.concat();
        let klt = Klt::of_pixels(3, &samples).unwrap();
        for pixel in &pixels {
            let wide = pixel.map(f64::from);
            let back = klt.inverse(&klt.forward(&wide).unwrap()).unwrap();
            prop_assert!(back.iter().zip(wide).all(|(a, b)| (a - b).abs() < 1e-9));
        }
    }

    #[test]
    fn palettes_lose_nothing(pixels in prop::collection::vec(prop::array::uniform3(0_u8..3), 0..80)) {
        let samples = pixels.concat();
        let palette = Palette::of(&samples, 3, 27).unwrap();
        let indices = palette.indices(&samples).unwrap();
        prop_assert!(indices.iter().all(|index| *index < palette.len()));
        prop_assert_eq!(palette.restore(&indices).unwrap(), samples);
    }
}
