//! Bits and universal codes.

use proptest::prelude::*;
use stack_entropy::Error;
use stack_entropy::bits::{BitReader, BitWriter, read_by_definition, view};
use stack_entropy::universal::{fold, gamma_bits, get_delta, get_gamma, put_delta, put_gamma, unfold};

proptest! {
    #[test]
    fn numbers_come_back_and_agree_with_the_definition(
        numbers in prop::collection::vec((any::<u64>(), 0_u32..=64), 0..60),
    ) {
        let mut writer = BitWriter::new();
        let mut length = 0;
        for &(value, count) in &numbers {
            writer.put(value, count);
            length += u64::from(count);
            prop_assert_eq!(writer.bit_len(), length);
        }
        let bytes = writer.finish();
        prop_assert_eq!(bytes.len() as u64, length.div_ceil(8));
        let mut reader = BitReader::new(&bytes);
        for &(value, count) in &numbers {
            let wanted = if count == 0 { 0 } else { value << (64 - count) >> (64 - count) };
            let position = reader.position() as usize;
            prop_assert_eq!(read_by_definition(&bytes, position, count as usize), Some(wanted));
            prop_assert_eq!(reader.get(count), Ok(wanted));
        }
        prop_assert_eq!(reader.finish(), Ok(()));
    }

    #[test]
    fn runs_and_universal_codes_come_back(numbers in prop::collection::vec(1..=u64::MAX, 0..20), run in 0_u64..300) {
        let mut writer = BitWriter::with_capacity(100);
        for &number in &numbers {
            put_gamma(&mut writer, number >> (number % 64) | 1);
            put_delta(&mut writer, number);
            writer.put_run(number % 2 == 0, run);
            writer.put_bit(number % 2 == 1);
        }
        let bytes = writer.finish();
        let mut reader = BitReader::new(&bytes);
        for &number in &numbers {
            let before = reader.position();
            prop_assert_eq!(get_gamma(&mut reader), Ok(number >> (number % 64) | 1));
            prop_assert_eq!(reader.position() - before, u64::from(gamma_bits(number >> (number % 64) | 1)));
            prop_assert_eq!(get_delta(&mut reader), Ok(number));
            prop_assert_eq!(reader.get_run(number % 2 == 0, 300), Ok(run));
        }
        prop_assert_eq!(reader.finish(), Ok(()));
    }

    #[test]
    fn folding_is_a_bijection_that_keeps_small_numbers_small(value in any::<i64>()) {
        prop_assert_eq!(unfold(fold(value)), value);
        prop_assert!(u128::from(fold(value)) <= 2 * u128::from(value.unsigned_abs()));
    }
}

#[test]
fn reading_past_the_end_says_where() {
    let bytes = [0xff; 9];
    let mut reader = BitReader::new(&bytes);
    assert_eq!(reader.get(60), Ok((1 << 60) - 1));
    assert_eq!(reader.get(13), Err(Error::TruncatedBits { bit: 60, needed: 13, left: 12 }));
    assert_eq!(reader.position(), 60, "nothing was read");
    assert_eq!(reader.get_run(true, 100), Err(Error::TruncatedBits { bit: 60, needed: 13, left: 12 }));
    assert_eq!(
        BitReader::new(&bytes).get_run(true, 71).unwrap_err(),
        Error::RunPastEnd { unit: "bit", at: 0, run: 72, room: 71 }
    );
    assert_eq!(BitReader::new(&[]).get(1), Err(Error::TruncatedBits { bit: 0, needed: 1, left: 0 }));
    assert_eq!(BitReader::new(&[]).get(0), Ok(0));
    let mut wide = BitReader::new(&bytes);
    wide.skip(8).unwrap();
    assert_eq!(wide.get(64), Ok(u64::MAX));
}

#[test]
fn padding_must_be_zero_and_nothing_may_follow() {
    let mut reader = BitReader::new(&[0b1010_0000, 7]);
    assert_eq!(reader.get(3), Ok(5));
    assert_eq!(reader.clone().finish(), Err(Error::Trailing { byte: 1, left: 1 }));
    assert_eq!(reader.align(), Ok(&[7][..]));
    let mut dirty = BitReader::new(&[0b1010_0001]);
    assert_eq!(dirty.get(3), Ok(5));
    assert_eq!(dirty.finish(), Err(Error::NoSuchCode { bit: 3 }));
    let mut writer = BitWriter::new();
    writer.put(5, 3);
    writer.align();
    writer.put(7, 8);
    assert_eq!(writer.finish(), [0b1010_0000, 7]);
}

#[test]
fn a_view_counts_from_the_most_significant_bit() {
    assert_eq!(view(&[0x80, 0x01]).iter_ones().collect::<Vec<_>>(), [0, 15]);
    assert_eq!(read_by_definition(&[1, 2], 9, 8), None);
    assert_eq!(read_by_definition(&[1, 2], usize::MAX, 1), None);
}

#[test]
fn universal_codes_of_too_many_digits_are_refused() {
    let zeros = [0; 20];
    assert!(matches!(get_gamma(&mut BitReader::new(&zeros)), Err(Error::RunPastEnd { room: 63, .. })));
    let mut writer = BitWriter::new();
    put_gamma(&mut writer, 66);
    let bytes = writer.finish();
    let wanted = Error::OutOfRange { what: "the number of binary digits", value: 65, least: 0, most: 63 };
    assert_eq!(get_delta(&mut BitReader::new(&bytes)), Err(wanted));
}
