//! Run lengths.

use proptest::prelude::*;
use stack_entropy::Error;
use stack_entropy::bits::{BitReader, BitWriter};
use stack_entropy::run_length::zero_runs::{Expander, ZeroRun};
use stack_entropy::run_length::{bit_runs, packbits, pairs, run_size_sign, zero_runs};

fn runs() -> impl Strategy<Value = Vec<u8>> {
    let run = (any::<u8>(), prop_oneof![1_usize..4, 1_usize..700]);
    prop::collection::vec(run, 0..20)
        .prop_map(|runs| runs.into_iter().flat_map(|(value, length)| vec![value; length]).collect())
}

fn coefficients() -> impl Strategy<Value = Vec<i16>> {
    prop::collection::vec(prop_oneof![8 => Just(0_i16), 2 => -9_i16..9, 1 => -32_767_i16..=32_767], 0..80)
}

proptest! {
    #[test]
    fn bytes_come_back_and_grow_no_more_than_said(bytes in runs()) {
        let (paired, packed) = (pairs::encode(&bytes), packbits::encode(&bytes));
        prop_assert!(paired.len() <= 2 * bytes.len());
        prop_assert!(packed.len() <= bytes.len() + bytes.len().div_ceil(128));
        prop_assert_eq!(pairs::decode(&paired, bytes.len()).unwrap(), bytes.clone());
        prop_assert_eq!(packbits::decode(&packed, bytes.len()).unwrap(), bytes.clone());
        if !bytes.is_empty() {
            for refused in [pairs::decode(&paired, bytes.len() - 1), packbits::decode(&packed, bytes.len() - 1)] {
                prop_assert!(matches!(refused, Err(Error::RunPastEnd { .. })), "{:?}", refused);
            }
        }
    }

    #[test]
    fn bits_come_back(bytes in runs(), cut in 0_usize..8) {
        let bits = (8 * bytes.len()).saturating_sub(cut);
        let code = bit_runs::encode(&bytes, bits).unwrap();
        let decoded = bit_runs::decode(&code, bits).unwrap();
        prop_assert_eq!(decoded.len(), bits.div_ceil(8));
        prop_assert_eq!(bit_runs::encode(&decoded, bits).unwrap(), code.clone());
        let whole = bits / 8;
        prop_assert_eq!(&decoded[..whole], &bytes[..whole]);
        for end in (0..code.len()).rev().take(20) {
            prop_assert!(bit_runs::decode(&code[..end], bits).is_err());
        }
    }

    #[test]
    fn coefficients_come_back(values in coefficients()) {
        let mut decoded = vec![5; values.len()];
        let mut expander = Expander::new(&mut decoded);
        for run in zero_runs::encode(&values).unwrap() {
            prop_assert!(!expander.is_full());
            let again = ZeroRun::new(run.symbol(), run.bits);
            prop_assert_eq!(again, run);
            expander.push(again).unwrap();
        }
        expander.finish().unwrap();
        prop_assert_eq!(&decoded, &values);

        let mut writer = BitWriter::new();
        run_size_sign::put(&values, &mut writer).unwrap();
        let bits = writer.bit_len();
        let bytes = writer.finish();
        let mut reader = BitReader::new(&bytes);
        let mut decoded = vec![5; values.len()];
        run_size_sign::get(&mut reader, &mut decoded).unwrap();
        prop_assert_eq!(reader.position(), bits);
        prop_assert_eq!(&decoded, &values);
        for end in 0..bits / 8 {
            prop_assert!(run_size_sign::get(&mut BitReader::new(&bytes[..end as usize]), &mut decoded).is_err());
        }
    }

    #[test]
    fn any_bytes_are_refused_or_decoded(code in prop::collection::vec(any::<u8>(), 0..100), size in 0_usize..300) {
        drop(pairs::decode(&code, size));
        drop(packbits::decode(&code, size));
        drop(bit_runs::decode(&code, size));
        drop(run_size_sign::get(&mut BitReader::new(&code), &mut vec![0; size]));
        let mut values = vec![0; size];
        let mut expander = Expander::new(&mut values);
        for &symbol in &code {
            drop(expander.push(ZeroRun::new(symbol, u16::from(symbol) * 257)));
        }
    }
}

#[test]
fn golden_bytes() {
    let long = [vec![7; 300], vec![1, 2, 2, 3]].concat();
    assert_eq!(pairs::encode(&long), [255, 7, 43, 7, 0, 1, 1, 2, 0, 3]);
    assert_eq!(packbits::encode(&long), [129, 7, 129, 7, 213, 7, 3, 1, 2, 2, 3]);
    assert_eq!(packbits::encode(&[4; 129]), [129, 4, 0, 4]);
    // The example of TIFF 6.0, section 9.
    let tiff = [0xfe, 0xaa, 0x02, 0x80, 0x00, 0x2a, 0xfd, 0xaa, 0x03, 0x80, 0x00, 0x2a, 0x22, 0xf7, 0xaa];
    let unpacked = packbits::decode(&tiff, 24).unwrap();
    assert_eq!(packbits::encode(&unpacked), tiff);
    assert_eq!(packbits::decode(&[128, 0, 9, 128], 5).unwrap(), [9]);
    assert_eq!(bit_runs::encode(&[0xff; 40], 320).unwrap(), [0, 255, 65]);
}

#[test]
fn runs_past_the_end_and_cut_codes_are_refused() {
    assert_eq!(pairs::decode(&[3, 1, 9], 9), Err(Error::TruncatedBytes { byte: 2, needed: 2, left: 1 }));
    assert_eq!(pairs::decode(&[3, 1], 3), Err(Error::RunPastEnd { unit: "byte", at: 0, run: 4, room: 3 }));
    assert_eq!(packbits::decode(&[2, 1, 1], 9), Err(Error::TruncatedBytes { byte: 0, needed: 3, left: 2 }));
    assert_eq!(packbits::decode(&[200], 99), Err(Error::TruncatedBytes { byte: 0, needed: 1, left: 0 }));
    assert_eq!(bit_runs::decode(&[4, 5], 8), Err(Error::RunPastEnd { unit: "byte", at: 1, run: 5, room: 4 }));
    assert_eq!(bit_runs::decode(&[4, 4, 0], 8), Err(Error::Trailing { byte: 2, left: 1 }));
    assert!(bit_runs::encode(&[1], 9).is_err());
    let mut block = [0; 4];
    let long = ZeroRun { run: 4, size: 1, bits: 1 };
    let wanted = Error::RunPastEnd { unit: "coefficient", at: 0, run: 5, room: 4 };
    assert_eq!(Expander::new(&mut block).push(long), Err(wanted));
    assert!(Expander::new(&mut block).push(ZeroRun { run: 3, size: 0, bits: 0 }).is_err());
    assert!(Expander::new(&mut block).push(ZeroRun { run: 0, size: 16, bits: 0 }).is_err());
    assert!(matches!(Expander::new(&mut block).finish(), Err(Error::Lengths { first: 4, second: 0, .. })));
    assert!(zero_runs::encode(&[i16::MIN]).is_err());
    // Size 3 with the magnitude 1.
    let short = [0b0000_0011, 0b0001_0000, 0];
    assert!(matches!(
        run_size_sign::get(&mut BitReader::new(&short), &mut block),
        Err(Error::OutOfRange { .. })
    ));
}
