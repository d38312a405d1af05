//! The 8 x 8 path: the known example, the fast form against the definition, tables against Pillow, planes.

mod python;

use proptest::prelude::*;
use python::ask;
use stack_transform::dct8::{self, Block, Coder};
use stack_transform::tables::{CHROMINANCE, LUMINANCE, Table};
use stack_transform::{Error, Kernel, Quantiser, Size, definition, zigzag};

/// The example block of the encyclopedia's article on JPEG.
const SAMPLES: [u8; 64] = [
    52, 55, 61, 66, 70, 61, 64, 73, //
    63, 59, 55, 90, 109, 85, 69, 72, //
    62, 59, 68, 113, 144, 104, 66, 73, //
    63, 58, 71, 122, 154, 106, 70, 69, //
    67, 61, 68, 104, 126, 88, 68, 70, //
    79, 65, 60, 70, 77, 68, 58, 75, //
    85, 71, 64, 59, 55, 61, 65, 83, //
    87, 79, 69, 68, 65, 76, 78, 94,
];

/// Its coefficients, as printed there, in hundredths.
const COEFFICIENTS: [i32; 64] = [
    -41538, -3019, -6120, 2724, 5612, -2010, -239, 46, //
    447, -2186, -6076, 1025, 1315, -709, -854, 488, //
    -4683, 737, 7713, -2456, -2891, 993, 542, -565, //
    -4853, 1207, 3410, -1476, -1024, 630, 183, 195, //
    1212, -655, -1320, -395, -187, 175, -279, 314, //
    -773, 291, 238, -594, -238, 94, 430, 185, //
    -103, 18, 42, -242, -88, -302, 412, -66, //
    -17, 14, -107, -419, -117, -10, 50, 168,
];

/// Its quantised coefficients in zigzag order, up to the last that is not zero.
const ZIGZAG: [i32; 26] =
    [-26, -3, 0, -3, -2, -6, 2, -4, 1, -3, 1, 1, 5, 1, 2, -1, 1, -1, 2, 0, 0, 0, 0, 0, -1, -1];

fn size() -> Size {
    Size::square(8).unwrap()
}

fn shifted() -> Vec<f64> {
    SAMPLES.iter().map(|sample| f64::from(*sample) - 128.0).collect()
}

#[test]
fn the_known_example_comes_out() {
    let kernel = Kernel::dct2(size()).unwrap();
    let coefficients = definition::forward(&kernel, &shifted()).unwrap();
    for (ours, printed) in coefficients.iter().zip(COEFFICIENTS) {
        assert!((100.0 * ours - f64::from(printed)).abs() < 0.500_1, "{ours} and {printed}");
    }
    let indices = LUMINANCE.quantise(coefficients.as_array().unwrap()).unwrap();
    let line = zigzag::scan(size(), &indices).unwrap();
    assert_eq!(line[..26], ZIGZAG);
    assert!(line[26..].iter().all(|index| *index == 0));

    let mut fast = [0; 64];
    let coder = Coder::new(&LUMINANCE);
    coder.forward_plane(&SAMPLES, size(), 128.0, &mut fast).unwrap();
    assert_eq!(fast.map(i32::from), indices);

    let restored = kernel.inverse(&LUMINANCE.restore(&indices)).unwrap();
    let mut decoded = [0_u8; 64];
    coder.inverse_plane(&fast, size(), 128.0, &mut decoded).unwrap();
    for (ours, slow) in decoded.iter().zip(&restored) {
        assert!((f64::from(*ours) - slow - 128.0).abs() < 0.5 + 1e-3);
    }
    assert_eq!(decoded[..8], [62, 65, 57, 60, 72, 63, 60, 82], "the first row, as printed there");
}

#[test]
fn zigzag_is_that_of_the_standard() {
    let order = zigzag::order(size()).unwrap();
    assert_eq!(order[..20], [0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33]);
    assert_eq!(order, zigzag::ORDER_8X8.map(usize::from));
    for (height, width) in [(1, 1), (1, 6), (5, 1), (3, 7), (9, 4)] {
        let size = Size::new(height, width).unwrap();
        let order = zigzag::order(size).unwrap();
        let mut sorted: Vec<usize> = (0..size.area()).collect();
        sorted.sort_by_key(|position| {
            let (y, x) = (position / width, position % width);
            (x + y, if (x + y) % 2 == 0 { x } else { y })
        });
        assert_eq!(order, sorted);
        let block: Vec<usize> = (0..size.area()).collect();
        assert_eq!(zigzag::unscan(size, &zigzag::scan(size, &block).unwrap()).unwrap(), block);
    }
    assert!(matches!(zigzag::scan(size(), &[0; 63]), Err(Error::Length { .. })));
}

#[test]
fn pillow_has_the_same_tables() {
    let script = "
import io
from PIL import Image
for quality in range(1, 101):
    file = io.BytesIO()
    Image.new('RGB', (8, 8)).save(file, 'JPEG', quality=quality)
    tables = Image.open(file).quantization
    give([tables[0], tables[1]])
";
    let Some(theirs) = ask(script, &[]) else { return };
    let ours: Vec<f64> = (1..=100)
        .flat_map(|quality| [LUMINANCE, CHROMINANCE].map(|table| table.with_quality(quality).unwrap()))
        .flat_map(|table| table.steps().map(f64::from))
        .collect();
    assert_eq!(ours, theirs);
}

#[test]
fn wrong_arguments_are_told() {
    assert!(matches!(LUMINANCE.with_quality(0), Err(Error::Parameter { .. })));
    assert!(matches!(LUMINANCE.with_quality(101), Err(Error::Parameter { .. })));
    assert!(matches!(Table::new([0; 64]), Err(Error::Parameter { .. })));
    assert!(matches!(LUMINANCE.quantise(&[f64::NAN; 64]), Err(Error::Parameter { .. })));
    assert!(matches!(LUMINANCE.quantise(&[1e12; 64]), Err(Error::Parameter { .. })));
    for step in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert!(matches!(Quantiser::new(step), Err(Error::Parameter { .. })));
    }
    assert!(matches!(Quantiser::with_dead_zone(1.0, 0.4), Err(Error::Parameter { .. })));
    for number in [f64::NAN, f64::INFINITY, 2147483648.0] {
        assert!(matches!(Quantiser::new(1.0).unwrap().index(number), Err(Error::Parameter { .. })));
    }
    let coder = Coder::new(&LUMINANCE);
    let mut block = Block::default();
    for value in [f32::NAN, f32::INFINITY, -70_000.0] {
        block[2][1] = value;
        assert!(matches!(coder.forward(&block), Err(Error::NotFinite { index: 17, .. })));
        assert!(matches!(dct8::forward(&block), Err(Error::NotFinite { index: 17, .. })));
        assert!(matches!(dct8::inverse(&block), Err(Error::NotFinite { index: 17, .. })));
    }
    let mut indices = [0; 64];
    assert!(matches!(coder.forward_plane(&[0_u8; 63], size(), 0.0, &mut indices), Err(Error::Length { .. })));
    assert!(matches!(
        coder.forward_plane(&SAMPLES, size(), 0.0, &mut indices[1..]),
        Err(Error::Length { .. })
    ));
    assert!(coder.forward_plane(&SAMPLES, size(), f32::NAN, &mut indices).is_err());
    assert!(Coder::indices(Size::new(1, isize::MAX as usize / 8).unwrap()).is_err());
}

#[test]
fn indices_beyond_sixteen_bits_are_limited() {
    let coder = Coder::new(&Table::new([1; 64]).unwrap());
    let indices = coder.forward(&[[dct8::LIMIT; 8]; 8]).unwrap();
    assert_eq!(indices[0], i16::MAX);
    assert!(indices[1..].iter().all(|index| *index == 0));
    assert!(coder.inverse(&[i16::MIN; 64]).as_flattened().iter().all(|sample| sample.is_finite()));
}

#[test]
fn indices_are_the_same_on_every_machine() {
    // FNV-1a of the indices of a plane of all kinds of blocks; the figure was computed on x86-64.
    let size = Size::new(203, 157).unwrap();
    let samples: Vec<u16> = (0..size.area() as u32)
        .map(|i| (i.wrapping_mul(2_654_435_761) >> (16 + i / 4096)) as u16 & 4095)
        .collect();
    let mut indices = vec![0; Coder::indices(size).unwrap()];
    Coder::new(&Table::new([3; 64]).unwrap()).forward_plane(&samples, size, 2048.0, &mut indices).unwrap();
    let hash =
        indices.iter().flat_map(|index| index.to_le_bytes()).fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
    assert_eq!(hash, 9_201_995_232_746_498_882);
}

#[test]
fn wide_and_signed_planes_come_back() {
    let size = Size::new(21, 30).unwrap();
    let coder = Coder::new(&Table::new([1; 64]).unwrap());
    let mut indices = vec![0; Coder::indices(size).unwrap()];
    let wide: Vec<u16> = (0..630).map(|i| (i * i * 31 % 4096) as u16).collect();
    let mut back = vec![0_u16; 630];
    coder.forward_plane(&wide, size, 2048.0, &mut indices).unwrap();
    coder.inverse_plane(&indices, size, 2048.0, &mut back).unwrap();
    assert!(wide.iter().zip(&back).all(|(a, b)| a.abs_diff(*b) <= 2));
    let signed: Vec<i16> = wide.iter().map(|sample| *sample as i16 - 2048).collect();
    let mut back = vec![0_i16; 630];
    coder.forward_plane(&signed, size, 0.0, &mut indices).unwrap();
    coder.inverse_plane(&indices, size, 0.0, &mut back).unwrap();
    assert!(signed.iter().zip(&back).all(|(a, b)| a.abs_diff(*b) <= 2));
}

/// Every block of a plane by the definition, with the edge continued.
fn slow_plane(samples: &[u8], size: Size, table: &Table) -> Vec<[f64; 64]> {
    let kernel = Kernel::dct2(Size::square(8).unwrap()).unwrap();
    let (height, width) = (size.height(), size.width());
    let mut blocks = Vec::new();
    for top in (0..height).step_by(8) {
        for left in (0..width).step_by(8) {
            let block: Vec<f64> = (0..64)
                .map(|i| {
                    let (y, x) = ((top + i / 8).min(height - 1), (left + i % 8).min(width - 1));
                    f64::from(samples[y * width + x]) - 128.0
                })
                .collect();
            let coefficients = definition::forward(&kernel, &block).unwrap();
            blocks.push(std::array::from_fn(|i| coefficients[i] / f64::from(table.steps()[i])));
        }
    }
    blocks
}

proptest! {
    #[test]
    fn fast_planes_are_as_the_definition(
        samples in prop::collection::vec(any::<u8>(), 19 * 13),
        height in 1_usize..=13,
        width in 1_usize..=19,
        quality in 1_u8..=100,
    ) {
        let size = Size::new(height, width).unwrap();
        let samples = &samples[..size.area()];
        let table = LUMINANCE.with_quality(quality).unwrap();
        let coder = Coder::new(&table);
        let mut indices = vec![0; Coder::indices(size).unwrap()];
        coder.forward_plane(samples, size, 128.0, &mut indices).unwrap();
        let slow = slow_plane(samples, size, &table);
        prop_assert_eq!(indices.len(), slow.len() * 64);
        for (index, quotient) in indices.iter().zip(slow.as_flattened()) {
            prop_assert!((f64::from(*index) - quotient).abs() <= 0.5 + 1e-3, "{} and {}", index, quotient);
        }
        let mut decoded = vec![0_u8; size.area()];
        coder.inverse_plane(&indices, size, 128.0, &mut decoded).unwrap();
        let worst = table.steps().iter().map(|step| f64::from(*step).powi(2) / 4.0).sum::<f64>().sqrt();
        for (ours, original) in decoded.iter().zip(samples) {
            prop_assert!((f64::from(*ours) - f64::from(*original)).abs() <= worst + 1.0);
        }
    }

    #[test]
    fn float_blocks_are_as_the_definition(samples in prop::collection::vec(-4096_f32..4096.0, 64)) {
        let block: Block = std::array::from_fn(|y| std::array::from_fn(|x| samples[y * 8 + x]));
        let coefficients = dct8::forward(&block).unwrap();
        let kernel = Kernel::dct2(Size::square(8).unwrap()).unwrap();
        let wide: Vec<f64> = samples.iter().map(|sample| f64::from(*sample)).collect();
        let slow = definition::forward(&kernel, &wide).unwrap();
        for (ours, slow) in coefficients.as_flattened().iter().zip(&slow) {
            prop_assert!((f64::from(*ours) - slow).abs() < 0.02);
        }
        let back = dct8::inverse(&coefficients).unwrap();
        for (ours, original) in back.as_flattened().iter().zip(&samples) {
            prop_assert!((ours - original).abs() < 0.02);
        }
    }

    #[test]
    fn a_quantised_number_is_near(number in -1e6..1e6, step in 0.01..1e3, zone in 0.5..4.0) {
        let quantiser = Quantiser::with_dead_zone(step, zone).unwrap();
        let index = quantiser.index(number).unwrap();
        let error = (quantiser.value(index) - number).abs();
        let limit = if index == 0 { zone * step } else { step / 2.0 };
        prop_assert!(error <= limit * (1.0 + 1e-9) + 1e-9, "{} above {}", error, limit);
        prop_assert_eq!(quantiser.index(quantiser.value(index)).unwrap(), index);
        prop_assert_eq!(quantiser.index(-number).unwrap(), -index);
    }
}
