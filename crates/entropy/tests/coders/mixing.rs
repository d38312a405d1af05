//! Mixing of predictions.

use proptest::prelude::*;
use stack_entropy::binary::{self, Probability};
use stack_entropy::mixing::{
    Apm, ByteModel, MOST_STRETCHED, Mixer, compress, decompress, squash, stretch, stretch_by_definition,
};

use super::support::{damage, laplacian};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn bytes_come_back(bytes in prop::collection::vec(prop_oneof![0_u8..4, any::<u8>()], 0..1500)) {
        prop_assert_eq!(decompress(&compress(&bytes), bytes.len()).unwrap(), bytes);
    }

    #[test]
    fn any_bytes_are_refused_or_decoded(code in prop::collection::vec(any::<u8>(), 0..100)) {
        drop(decompress(&code, 500));
    }

    #[test]
    fn a_mixer_steps_as_its_formula_says(
        steps in prop::collection::vec((-2000_i32..2000, -2000_i32..2000, any::<bool>()), 1..200),
    ) {
        let mut mixer = Mixer::new(2, 1, 6).unwrap();
        let mut weights = [0.5_f64; 2];
        for (a, b, bit) in steps {
            let x = [f64::from(a) / 256.0, f64::from(b) / 256.0];
            let p = 1.0 / (1.0 + (-(weights[0] * x[0] + weights[1] * x[1]).clamp(-11.996, 11.996)).exp());
            let mixed = mixer.mix(&[a, b], 0);
            prop_assert!((f64::from(mixed.parts()) / 65_536.0 - p).abs() < 0.01, "{:?} {}", mixed, p);
            mixer.update(bit);
            for (weight, x) in weights.iter_mut().zip(x) {
                *weight += 6.0 / 1024.0 * (f64::from(u8::from(bit)) - p) * x;
            }
        }
    }
}

#[test]
fn the_tables_are_the_functions() {
    for x in -MOST_STRETCHED..=MOST_STRETCHED {
        let exact = 65_536.0 / (1.0 + (-f64::from(x) / 256.0).exp());
        assert!((f64::from(squash(x).parts()) - exact).abs() <= 1.0, "{x}");
        assert_eq!(u32::from(squash(x).parts()) + u32::from(squash(-x).parts()), 65_536, "{x}");
    }
    assert_eq!((squash(i32::MIN).parts(), squash(i32::MAX).parts()), (1, 65_535));
    for parts in (1..65_536_u32).filter(|parts| parts % 37 == 1 || !(300..=65_236).contains(parts)) {
        let p = Probability::new(parts).unwrap();
        let exact = 256.0 * (f64::from(parts) / f64::from(65_536 - parts)).ln();
        let slow = stretch_by_definition(p);
        assert!((stretch(p) - slow).abs() <= 2, "{parts}: {} {slow}", stretch(p));
        // One part in a probability of few parts is many units.
        let unit = 256.0 * 65_536.0 / (f64::from(parts) * f64::from(65_536 - parts));
        assert!(
            (f64::from(slow) - exact).abs() <= 1.0 + unit * f64::from(parts.min(65_536 - parts)),
            "{parts}"
        );
        assert!((f64::from(stretch(p)) - exact).abs() <= 2.0 + unit, "{parts}: {} {exact}", stretch(p));
    }
}

#[test]
fn golden_bytes() {
    assert_eq!(compress(b"abracadabra"), GOLDEN);
    assert_eq!(compress(b""), [0x80, 0, 0, 0, 0, 0, 0, 0, 0]);
}

const GOLDEN: &[u8] = &[24, 79, 73, 91, 251, 3, 234, 15, 237, 75, 41, 36, 20];

#[test]
fn damaged_blocks_are_refused_or_survived() {
    damage(&compress(&laplacian(40, 5)), |block| decompress(block, 200));
}

#[test]
fn mixing_beats_the_single_model_where_there_is_context() {
    let mut bytes = laplacian(30_000, 20);
    // Each byte is its neighbour moved by a residual: order 0 knows nothing of that.
    for place in 1..bytes.len() {
        bytes[place] = (u16::from(bytes[place - 1]) + u16::from(bytes[place] / 2 * 2)) as u8 & 63;
    }
    let (single, mixed) = (binary::compress(&bytes).len(), compress(&bytes).len());
    assert!(mixed * 10 < single * 9, "{mixed} {single}");
}

#[test]
fn random_bytes_grow_a_little() {
    let mut random = super::support::Random(1);
    let bytes: Vec<u8> = (0..100_000).map(|_| random.next() as u8).collect();
    let growth = compress(&bytes).len() as f64 / bytes.len() as f64;
    assert!((1.0..1.02).contains(&growth), "{growth}");
}

#[test]
fn a_map_learns_that_a_model_is_too_sure() {
    let mut apm = Apm::new(4, 6).unwrap();
    let sure = Probability::new(65_000).unwrap();
    assert!(u32::from(apm.refine(sure, 3).parts()).abs_diff(65_000) < 100, "nothing is changed at first");
    for n in 0..2000 {
        apm.refine(sure, 3);
        apm.update(n % 4 != 0);
    }
    let refined = f64::from(apm.refine(sure, 3).parts()) / 65_536.0;
    assert!((0.65..0.9).contains(&refined), "{refined}");
    assert!(apm.refine(sure, 2).parts() > 64_900, "other contexts are left alone");
}

#[test]
fn sizes_and_rates_out_of_range_are_refused() {
    assert!(Mixer::new(0, 1, 1).is_err() && Mixer::new(1, 0, 1).is_err() && Mixer::new(1, 1, 0).is_err());
    assert!(
        Mixer::new(257, 1, 1).is_err() && Mixer::new(1, 65_537, 1).is_err() && Mixer::new(1, 1, 256).is_err()
    );
    assert!(Apm::new(0, 6).is_err() && Apm::new(1, 0).is_err() && Apm::new(1, 13).is_err());
    assert_eq!(Mixer::new(4, 2, 1).unwrap().weights(1), [16_384; 4]);
    assert_eq!(ByteModel::new().probability(), ByteModel::default().probability());
}
