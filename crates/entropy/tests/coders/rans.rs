//! rANS and frequencies.

use proptest::prelude::*;
use stack_entropy::Error;
use stack_entropy::bits::{BitReader, BitWriter};
use stack_entropy::frequencies::Frequencies;
use stack_entropy::histogram::byte_counts;
use stack_entropy::information::entropy_of_counts;
use stack_entropy::rans::{
    FREQUENCY_BITS, compress, decode, decode_by_definition, decompress, encode, encode_by_definition, pop,
    push,
};
use stack_entropy::universal::put_gamma;

use super::support::{damage, laplacian, python};

proptest! {
    #[test]
    fn frequencies_sum_up_come_back_and_are_found_by_slot(
        counts in prop::collection::vec(prop_oneof![Just(0), 0_u64..5, 0_u64..100_000], 1..200),
        bits in 8_u32..=16,
    ) {
        prop_assume!(counts.iter().any(|&count| count > 0));
        let frequencies = Frequencies::from_counts(&counts, bits).unwrap();
        for (symbol, &count) in (0_u16..).zip(&counts) {
            prop_assert_eq!(frequencies.of(symbol) > 0, count > 0);
        }
        for slot in (0..1 << bits).step_by(37) {
            prop_assert_eq!(frequencies.symbol_at(slot), frequencies.symbol_at_by_definition(slot));
        }
        let mut writer = BitWriter::new();
        frequencies.write(&mut writer);
        let table = writer.finish();
        let read = Frequencies::read(&mut BitReader::new(&table), counts.len()).unwrap();
        prop_assert!((0..counts.len() as u16).all(|symbol| read.of(symbol) == frequencies.of(symbol)));
        for cut in 0..table.len() {
            prop_assert!(Frequencies::read(&mut BitReader::new(&table[..cut]), 256).is_err());
        }
    }

    #[test]
    fn bytes_come_back_and_fast_is_by_definition(bytes in prop::collection::vec(prop_oneof![0_u8..4, any::<u8>()], 1..600)) {
        let frequencies = Frequencies::from_counts(&byte_counts(&bytes), FREQUENCY_BITS).unwrap();
        let code = encode(&bytes, &frequencies).unwrap();
        prop_assert_eq!(&code, &encode_by_definition(&bytes, &frequencies).unwrap());
        let (mut fast, mut slow) = (vec![0; bytes.len()], vec![0; bytes.len()]);
        decode(&code, &frequencies, &mut fast).unwrap();
        decode_by_definition(&code, &frequencies, &mut slow).unwrap();
        prop_assert_eq!(&fast, &bytes);
        prop_assert_eq!(&slow, &bytes);
        prop_assert_eq!(decompress(&compress(&bytes), bytes.len()).unwrap(), bytes);
    }

    #[test]
    fn any_bytes_are_refused_or_decoded_alike(code in prop::collection::vec(any::<u8>(), 0..200), symbols in 0_usize..300) {
        let frequencies = Frequencies::from_counts(&byte_counts(&laplacian(500, 1)), FREQUENCY_BITS).unwrap();
        let (mut fast, mut slow) = (vec![0; symbols], vec![0; symbols]);
        let outcome = decode(&code, &frequencies, &mut fast);
        prop_assert_eq!(&outcome, &decode_by_definition(&code, &frequencies, &mut slow));
        prop_assert!(outcome.is_err() || fast == slow);
        drop(decompress(&code, 1000));
    }

    #[test]
    fn one_number_holds_a_message(message in prop::collection::vec(0_u16..3, 0..40)) {
        let frequencies = Frequencies::new(&[5, 1, 2], 3).unwrap();
        let mut number = message.iter().fold(1, |number, &symbol| push(number, symbol, &frequencies));
        for &symbol in message.iter().rev() {
            let popped = pop(number, &frequencies);
            prop_assert_eq!(popped.0, symbol);
            number = popped.1;
        }
        prop_assert_eq!(number, 1);
    }
}

#[test]
fn golden_bytes() {
    let block = compress(b"abracadabra");
    assert_eq!(decompress(&block, 11).unwrap(), b"abracadabra");
    assert_eq!(block, GOLDEN);
    assert_eq!(compress(b""), [0x80]);
    assert_eq!(decompress(&[0x80], 0).unwrap(), b"");
}

const GOLDEN: &[u8] = &[
    25, 96, 115, 129, 132, 0, 232, 224, 11, 168, 2, 234, 1, 117, 141, 0, 93, 64, 151, 5, 12, 0, 147, 57, 30,
    0, 197, 15, 12, 0, 110, 49, 2, 0, 111, 10, 11, 0, 110, 49, 2, 0, 227, 11, 11, 0, 110, 49, 2, 0,
];

#[test]
fn damaged_blocks_are_refused_or_survived() {
    damage(&compress(&laplacian(200, 5)), |block| decompress(block, 10_000));
    damage(&compress(&[9; 77]), |block| decompress(block, 10_000));
}

#[test]
fn a_changed_code_seldom_comes_to_rest() {
    let bytes = laplacian(400, 8);
    let frequencies = Frequencies::from_counts(&byte_counts(&bytes), FREQUENCY_BITS).unwrap();
    let code = encode(&bytes, &frequencies).unwrap();
    // What is left is a byte exchanged for one of the same frequency, at the same place among its slots.
    let unnoticed = (0..code.len() * 8).filter(|bit| {
        let mut flipped = code.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        decode(&flipped, &frequencies, &mut [0; 400]).is_ok()
    });
    assert!(unnoticed.count() * 50 < code.len() * 8);
}

#[test]
fn frequencies_that_are_none_are_refused() {
    assert!(matches!(Frequencies::from_counts(&[], 12), Err(Error::OutOfRange { .. })));
    assert!(matches!(Frequencies::from_counts(&[0, 0], 12), Err(Error::OutOfRange { value: 0, .. })));
    assert!(matches!(Frequencies::from_counts(&[1; 5], 2), Err(Error::OutOfRange { value: 5, most: 4, .. })));
    assert!(matches!(Frequencies::from_counts(&[1], 17), Err(Error::OutOfRange { .. })));
    assert!(matches!(Frequencies::from_counts(&[u64::MAX, 9], 12), Err(Error::OutOfRange { .. })));
    assert!(matches!(Frequencies::new(&[1, 2], 2), Err(Error::OutOfRange { value: 3, least: 4, .. })));
    let one = Frequencies::from_counts(&[0, 5], 12).unwrap();
    assert_eq!((one.of(0), one.of(1), one.of(2)), (0, 4096, 0));
    assert_eq!(encode(&[1, 2], &one), Err(Error::UnknownSymbol { symbol: 2, position: 1 }));
    assert_eq!(encode(&[1; 100], &one).unwrap().len(), 32, "states only");
    assert_eq!(one.mean_bits(&[1, 0]), f64::INFINITY);
    assert!(decode(&[], &Frequencies::from_counts(&[1; 300], 12).unwrap(), &mut []).is_err());
    assert!(decode(&[], &Frequencies::from_counts(&[1; 30], 11).unwrap(), &mut []).is_err());
    // Every state below 2^16 is refused.
    let low = decode(&[0; 32], &one, &mut [0; 3]).unwrap_err().to_string();
    assert_eq!(low, "a stored state is 0; it must be 65536 to 4294967295");
}

#[test]
fn a_stored_table_of_257_symbols_or_of_a_wrong_sum_is_refused() {
    let table = |symbols: u64, frequency: u64| {
        let mut writer = BitWriter::new();
        writer.put(11, 4);
        put_gamma(&mut writer, symbols);
        for _ in 0..symbols {
            put_gamma(&mut writer, frequency + 1);
        }
        Frequencies::read(&mut BitReader::new(&writer.finish()), 256)
    };
    assert!(table(256, 16).is_ok());
    assert!(matches!(table(257, 15), Err(Error::OutOfRange { value: 257, most: 256, .. })));
    assert!(matches!(
        table(4, 1000),
        Err(Error::OutOfRange { what: "the sum of frequencies", value: 4000, .. })
    ));
    assert!(matches!(table(4, 5000), Err(Error::OutOfRange { what: "a stored frequency", .. })));
    let mut writer = BitWriter::new();
    writer.put(11, 4);
    put_gamma(&mut writer, 5);
    put_gamma(&mut writer, 1);
    put_gamma(&mut writer, 6);
    let refused = Frequencies::read(&mut BitReader::new(&writer.finish()), 256);
    assert_eq!(refused, Err(Error::RunPastEnd { unit: "bit", at: 9, run: 6, room: 5 }));
}

#[test]
fn constriction_needs_about_as_many_bytes() {
    let bytes = laplacian(50_000, 11);
    let script = "import sys, numpy as np, constriction as c\n\
                  data = np.fromfile(sys.argv[1], np.uint8); n = np.bincount(data, minlength=256)\n\
                  model = c.stream.model.Categorical(n / n.sum(), perfect=False)\n\
                  coder = c.stream.stack.AnsCoder(); coder.encode_reverse(data.astype(np.int32), model)\n\
                  print(4 * len(coder.get_compressed()))";
    let Some(printed) = python(script, &bytes) else { return };
    let theirs: f64 = printed.trim().parse().unwrap();
    let counts = byte_counts(&bytes);
    let entropy = entropy_of_counts(counts) * bytes.len() as f64 / 8.0;
    let frequencies = Frequencies::from_counts(&counts, FREQUENCY_BITS).unwrap();
    let ours = encode(&bytes, &frequencies).unwrap().len() as f64;
    assert!(ours >= entropy && ours - 32.0 < 1.002 * theirs, "{ours} {theirs} {entropy}");
    assert!((ours - 16.0 - frequencies.mean_bits(&counts) * bytes.len() as f64 / 8.0).abs() < 20.0);
}
