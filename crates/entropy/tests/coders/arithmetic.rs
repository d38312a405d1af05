//! The binary coder and the range coder.

use proptest::prelude::*;
use stack_entropy::Error;
use stack_entropy::binary::{self, AdaptiveBit, Probability};
use stack_entropy::frequencies::Frequencies;
use stack_entropy::histogram::byte_counts;
use stack_entropy::information::entropy_of_counts;
use stack_entropy::range::{self, Adaptive, interval_by_definition};

use super::support::{damage, laplacian, python};

proptest! {
    #[test]
    fn decisions_come_back_at_any_probability(
        decisions in prop::collection::vec((any::<bool>(), prop_oneof![Just(1), Just(65_535), 1_u32..65_536]), 0..500),
    ) {
        let mut encoder = binary::Encoder::new();
        for &(bit, parts) in &decisions {
            encoder.encode(bit, Probability::new(parts).unwrap());
        }
        let code = encoder.finish();
        let cost: f64 = decisions
            .iter()
            .map(|&(bit, parts)| -(f64::from(if bit { parts } else { 65_536 - parts }) / 65_536.0).log2())
            .sum();
        prop_assert!((code.len() as f64) < cost / 8.0 + 9.0, "{} bytes, {} bits", code.len(), cost);
        let mut decoder = binary::Decoder::new(&code).unwrap();
        for &(bit, parts) in &decisions {
            prop_assert_eq!(decoder.decode(Probability::new(parts).unwrap()), Ok(bit));
        }
        prop_assert_eq!(decoder.finish(), Ok(()));
    }

    #[test]
    fn bytes_come_back(bytes in prop::collection::vec(prop_oneof![0_u8..4, any::<u8>()], 0..3000)) {
        prop_assert_eq!(binary::decompress(&binary::compress(&bytes), bytes.len()).unwrap(), bytes.clone());
        prop_assert_eq!(range::decompress(&range::compress(&bytes), bytes.len()).unwrap(), bytes);
    }

    #[test]
    fn short_messages_are_their_interval_exactly(symbols in prop::collection::vec(0_u16..5, 0..=10)) {
        let frequencies = Frequencies::new(&[3, 1, 2, 1, 1], 3).unwrap();
        let mut encoder = range::Encoder::new();
        for &symbol in &symbols {
            encoder.encode(symbol, &frequencies).unwrap();
        }
        let code = encoder.finish();
        let (low, _) = interval_by_definition(&symbols, &frequencies);
        prop_assert_eq!(u128::from(u64::from_be_bytes(code[..8].try_into().unwrap())), low << (63 - 3 * symbols.len()));
    }

    #[test]
    fn any_bytes_are_refused_or_decoded(code in prop::collection::vec(any::<u8>(), 0..200)) {
        drop(binary::decompress(&code, 500));
        drop(range::decompress(&code, 500));
        let frequencies = Frequencies::new(&[3, 1, 2, 1, 1], 3).unwrap();
        if let Ok(mut decoder) = range::Decoder::new(&code) {
            while decoder.decode(&frequencies).is_ok() {}
        }
    }

    #[test]
    fn an_estimate_is_the_mean_that_its_formula_says(bits in prop::collection::vec(any::<bool>(), 0..600), limit in 1_u8..) {
        let (mut estimate, mut p, mut seen) = (AdaptiveBit::new(limit), 0.5, 0.0);
        for bit in bits {
            estimate.update(bit);
            p += (f64::from(u8::from(bit)) - p) / (seen + 1.5);
            seen = f64::min(seen + 1.0, f64::from(limit));
            prop_assert!((f64::from(estimate.probability().parts()) - 65_536.0 * p).abs() < 40.0);
        }
    }
}

#[test]
fn golden_bytes() {
    assert_eq!(binary::compress(b"abracadabra"), BINARY);
    assert_eq!(range::compress(b"abracadabra"), RANGE);
    assert_eq!(binary::compress(b""), [0x80, 0, 0, 0, 0, 0, 0, 0, 0]);
    assert_eq!(range::compress(b""), [0x80, 0, 0, 0, 0, 0, 0, 0, 0]);
}

const BINARY: &[u8] = &[24, 79, 56, 177, 184, 219, 105, 187, 214, 187, 92, 142, 137];
const RANGE: &[u8] = &[24, 48, 177, 57, 48, 177, 176, 178, 48, 177, 57, 48, 128, 0, 0, 0, 0];

#[test]
fn carries_run_through_long_rows_of_ff() {
    // Zeros with next to no chance of a one push the lower end up to the edge; a one at last draws it back or over.
    let rare = Probability::new(1).unwrap();
    let often = Probability::new(65_535).unwrap();
    for length in 0..400 {
        let decisions: Vec<(bool, Probability)> = (0..length)
            .map(|place| (false, if place % 3 == 0 { often } else { Probability::HALF }))
            .chain([(false, rare)])
            .collect();
        let mut encoder = binary::Encoder::new();
        decisions.iter().for_each(|&(bit, p)| encoder.encode(bit, p));
        let code = encoder.finish();
        let mut decoder = binary::Decoder::new(&code).unwrap();
        assert!(decisions.iter().all(|&(bit, p)| decoder.decode(p) == Ok(bit)));
        decoder.finish().unwrap();
    }
}

#[test]
fn damaged_blocks_are_refused_or_survived() {
    for bytes in [laplacian(300, 5), vec![7; 50]] {
        damage(&binary::compress(&bytes), |block| binary::decompress(block, 10_000));
        damage(&range::compress(&bytes), |block| range::decompress(block, 10_000));
    }
}

#[test]
fn a_flipped_bit_in_the_code_is_noticed_at_the_end() {
    let bytes = laplacian(300, 5);
    let code = range::compress(&bytes);
    for bit in 24..code.len() * 8 {
        let mut flipped = code.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        assert!(range::decompress(&flipped, 300).is_err(), "bit {bit}");
    }
}

#[test]
fn impossible_probabilities_symbols_and_models_are_refused() {
    assert_eq!(
        Probability::new(0).unwrap_err().to_string(),
        "a probability in units of 1/65536 is 0; it must be 1 to 65535"
    );
    assert!(Probability::new(65_536).is_err());
    assert_eq!((Probability::clamped(-5).parts(), Probability::clamped(70_000).parts()), (1, 65_535));
    assert!(Adaptive::new(0).is_err() && Adaptive::new(4097).is_err());
    let frequencies = Frequencies::new(&[8, 0], 3).unwrap();
    let mut encoder = range::Encoder::new();
    encoder.encode(0, &frequencies).unwrap();
    for symbol in [1, 2, 65_535] {
        assert_eq!(
            encoder.encode(symbol, &frequencies),
            Err(Error::UnknownSymbol { symbol: symbol.into(), position: 1 })
        );
    }
    assert_eq!(range::Decoder::new(&[0xff; 8]).err(), Some(Error::WrongEnd { byte: 0 }));
    assert!(matches!(binary::Decoder::new(&[0; 7]), Err(Error::TruncatedBytes { needed: 8, left: 7, .. })));
    assert!(matches!(range::decompress(&range::compress(&[1; 30]), 29), Err(Error::OutOfRange { .. })));
}

#[test]
fn adaptive_coders_come_near_the_entropy_and_follow_a_change() {
    let bytes = laplacian(200_000, 12);
    let entropy = entropy_of_counts(byte_counts(&bytes)) * bytes.len() as f64 / 8.0;
    for (name, size) in [("binary", binary::compress(&bytes).len()), ("range", range::compress(&bytes).len())]
    {
        assert!((size as f64) < 1.01 * entropy, "{name}: {size} bytes, entropy {entropy}");
    }
    let turned: Vec<u8> =
        bytes.iter().enumerate().map(|(n, byte)| byte.wrapping_add((n / 100_000) as u8 * 90)).collect();
    let fixed = entropy_of_counts(byte_counts(&turned)) * bytes.len() as f64 / 8.0;
    assert!(
        (range::compress(&turned).len() as f64) < 0.97 * fixed,
        "{} {fixed}",
        range::compress(&turned).len()
    );
    let mut model = Adaptive::new(256).unwrap();
    for &byte in &bytes {
        model.update(byte.into());
        assert!(model.frequencies().of(0) > 0);
    }
}

#[test]
fn constriction_needs_about_as_many_bytes() {
    let bytes = laplacian(50_000, 13);
    let script = "import sys, numpy as np, constriction as c\n\
                  data = np.fromfile(sys.argv[1], np.uint8); n = np.bincount(data, minlength=256)\n\
                  model = c.stream.model.Categorical(n / n.sum(), perfect=False)\n\
                  coder = c.stream.queue.RangeEncoder(); coder.encode(data.astype(np.int32), model)\n\
                  print(4 * len(coder.get_compressed()))";
    let Some(printed) = python(script, &bytes) else { return };
    let theirs: f64 = printed.trim().parse().unwrap();
    let frequencies = Frequencies::from_counts(&byte_counts(&bytes), 16).unwrap();
    let mut encoder = range::Encoder::new();
    bytes.iter().try_for_each(|&byte| encoder.encode(byte.into(), &frequencies)).unwrap();
    let ours = encoder.finish().len() as f64;
    assert!((ours - theirs).abs() < 0.0005 * theirs, "{ours} {theirs}");
}
