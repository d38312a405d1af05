//! Golomb and Rice codes.

use proptest::prelude::*;
use stack_entropy::Error;
use stack_entropy::bits::{BitReader, BitWriter, view};
use stack_entropy::distributions::Geometric;
use stack_entropy::golomb::{AdaptiveRice, Golomb, compress, decompress};

use super::support::{Random, damage};

fn bytes_of(numbers: Vec<u32>) -> Vec<u8> {
    numbers.into_iter().flat_map(u32::to_le_bytes).collect()
}

proptest! {
    #[test]
    fn numbers_come_back_and_are_written_by_the_definition(
        m in prop_oneof![1_u32..40, 1_u32..=1 << 31],
        numbers in prop::collection::vec(prop_oneof![0_u32..200, any::<u32>()], 0..50),
    ) {
        let code = Golomb::new(m).unwrap();
        let mut writer = BitWriter::new();
        for &n in &numbers {
            let before = writer.bit_len();
            code.put(&mut writer, n);
            prop_assert_eq!(writer.bit_len() - before, u64::from(code.bits(n)));
        }
        prop_assert_eq!(writer.bit_len(), code.total_bits(&numbers));
        let bytes = writer.finish();
        let mut reader = BitReader::new(&bytes);
        for &n in &numbers {
            let start = reader.position() as usize;
            prop_assert_eq!(code.get(&mut reader), Ok(n));
            if n / m < 32 {
                let text: String = view(&bytes)[start..reader.position() as usize].iter().map(|bit| if *bit { '1' } else { '0' }).collect();
                prop_assert_eq!(text, code.text_by_definition(n));
            }
        }
        prop_assert_eq!(decompress(&compress(&numbers), numbers.len()).unwrap(), numbers);
    }

    #[test]
    fn any_bytes_are_refused_or_decoded(bytes in prop::collection::vec(any::<u8>(), 0..100), m in 1_u32..=1 << 31) {
        drop(decompress(&bytes, 1000));
        let mut reader = BitReader::new(&bytes);
        while Golomb::new(m).unwrap().get(&mut reader).is_ok() {}
    }
}

#[test]
fn golden_bytes() {
    assert_eq!(compress(&[0, 3, 9, 4, 100, 7, 2]), GOLDEN);
    assert_eq!(compress(&[]), [0x80]);
}

const GOLDEN: &[u8] = &[16, 48, 56, 167, 255, 163, 144];

#[test]
fn damaged_blocks_are_refused_or_survived() {
    let mut random = Random(4);
    let numbers: Vec<u32> = (0..100).map(|_| random.geometric(3)).chain([u32::MAX, 0]).collect();
    damage(&compress(&numbers), |block| decompress(block, 1000).map(bytes_of));
}

#[test]
fn the_best_parameter_is_the_best() {
    for mean in [0.1, 0.5, 1.0, 3.0, 10.0, 77.7, 400.0] {
        let source = Geometric::with_mean(mean).unwrap();
        let cost = |m: u32| -> f64 {
            let code = Golomb::new(m).unwrap();
            (0..20_000).map(|n| source.probability(n) * f64::from(code.bits(n))).sum()
        };
        let best = Golomb::for_geometric(&source).m();
        assert!(cost(best) <= cost(best + 1) + 1e-9, "mean {mean}");
        assert!(best == 1 || cost(best) <= cost(best - 1) + 1e-9, "mean {mean}");
        assert!(cost(best) >= source.entropy() - 1e-9, "mean {mean}");
    }
    assert_eq!(Golomb::for_geometric(&Geometric::new(1.0).unwrap()).m(), 1);
}

#[test]
fn the_adaptive_code_follows_the_mean_as_its_definition_says() {
    let mut random = Random(9);
    let (mut fixed, mut adaptive) = (0, 0);
    let numbers: Vec<u32> =
        (0..4000).map(|n| if n < 2000 { random.geometric(2) } else { random.geometric(7) }).collect();
    let mut rice = AdaptiveRice::default();
    let best = Golomb::best_rice(&numbers);
    let (mut sum, mut count) = (4_u64, 1_u64);
    for &n in &numbers {
        let k = (0..32).find(|&k| count << k >= sum).unwrap();
        assert_eq!(rice.code(), Golomb::rice(k).unwrap());
        fixed += best.bits(n);
        adaptive += rice.code().bits(n);
        rice.update(n);
        (sum, count) = (sum + u64::from(n), count + 1);
        if count == 64 {
            (sum, count) = (sum / 2, 32);
        }
    }
    assert!(adaptive < fixed, "{adaptive} {fixed}");
}

#[test]
fn parameters_and_numbers_out_of_range_are_refused() {
    assert!(Golomb::new(0).is_err() && Golomb::new((1 << 31) + 1).is_err() && Golomb::rice(32).is_err());
    // A quotient of 3 with m = 2^31 is above 32 bits.
    let refused = Golomb::rice(31).unwrap().get(&mut BitReader::new(&[0b1110_0000, 0, 0, 0, 0]));
    assert!(matches!(refused, Err(Error::OutOfRange { what: "a Golomb number", .. })));
    let refused = Golomb::rice(0).unwrap().get(&mut BitReader::new(&[0xff; 9]));
    assert!(matches!(refused, Err(Error::RunPastEnd { room: 32, .. })));
    assert!(matches!(decompress(&compress(&[1; 30]), 29), Err(Error::OutOfRange { value: 30, .. })));
}
