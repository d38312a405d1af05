//! Fletcher-32 (HDF5 filter 3): four bytes of checksum behind a chunk.
//!
//! The sums run over 16-bit words, most significant byte first, modulo 65,535; an odd last byte counts as the
//! high byte of a word. The checksum is stored little-endian. It finds any single changed word, and costs next to
//! nothing beside a compressor.
//!
//! Sources: J. Fletcher, "An Arithmetic Checksum for Serial Transmissions", IEEE Transactions on Communications
//! 30 (1982); HDF5 File Format Specification, filter 3.

use super::FilterError;

/// Bytes that the filter appends.
pub const CHECKSUM_BYTES: usize = 4;

/// Words that can be added before 32-bit sums of reduced start values could overflow.
const WORDS_BEFORE_REDUCTION: usize = 360;

/// The checksum of `bytes`, in the form that HDF5 uses.
///
/// ```
/// use stack_container::filters::fletcher32::checksum;
/// assert_eq!(checksum(b"abcdef"), 0x5056_2a2d);
/// ```
pub fn checksum(bytes: &[u8]) -> u32 {
    let (words, odd) = bytes.as_chunks::<2>();
    let (mut first, mut second) = (0u32, 0u32);
    for block in words.chunks(WORDS_BEFORE_REDUCTION) {
        for word in block {
            first += u32::from(u16::from_be_bytes(*word));
            second += first;
        }
        (first, second) = (folded(first), folded(second));
    }
    if let [last] = odd {
        first += u32::from(*last) << 8;
        second += first;
        (first, second) = (folded(first), folded(second));
    }
    // One fold may leave a carry; a second one cannot.
    folded(second) << 16 | folded(first)
}

/// The checksum by its definition: sums modulo 65,535, except that a non-zero multiple of 65,535 stays 65,535.
pub fn checksum_by_definition(bytes: &[u8]) -> u32 {
    let (mut first, mut second) = (0u128, 0u128);
    for word in bytes.chunks(2) {
        first += u128::from(word[0]) << 8 | u128::from(word.get(1).copied().unwrap_or(0));
        second += first;
    }
    let reduced = |sum: u128| if sum == 0 { 0 } else { ((sum - 1) % 0xffff + 1) as u32 };
    reduced(second) << 16 | reduced(first)
}

/// Adds the high half to the low half: the remainder modulo 65,535, but for a possible carry.
const fn folded(sum: u32) -> u32 {
    (sum & 0xffff) + (sum >> 16)
}

/// Appends the checksum of `bytes`.
pub fn append(mut bytes: Vec<u8>) -> Vec<u8> {
    let sum = checksum(&bytes);
    bytes.extend_from_slice(&sum.to_le_bytes());
    bytes
}

/// Checks the checksum behind a chunk and takes it off.
///
/// # Errors
/// [`FilterError`] if there is none, or if it does not match. As the library does, this accepts the form of
/// HDF5 1.6.2 and older on little-endian machines, with the bytes of each half swapped.
pub fn strip(stored: &[u8]) -> Result<&[u8], FilterError> {
    let Some((bytes, sum)) = stored.split_last_chunk::<CHECKSUM_BYTES>() else {
        return Err(FilterError::new("fletcher32", format!("{} bytes hold no checksum", stored.len())));
    };
    let found = u32::from_le_bytes(*sum);
    let expected = checksum(bytes);
    let swapped = expected.swap_bytes().rotate_right(16);
    if found == expected || found == swapped {
        return Ok(bytes);
    }
    Err(FilterError::new(
        "fletcher32",
        format!("the checksum is {found:#010x}, the bytes give {expected:#010x}"),
    ))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn golden_sums() {
        assert_eq!(checksum(b""), 0);
        assert_eq!(checksum(&[0xff; 2]), 0xffff_ffff);
        assert_eq!(checksum(&[0; 7]), 0);
    }

    #[test]
    fn the_old_swapped_form_is_accepted() {
        let mut stored = b"frames".to_vec();
        let [a, b, c, d] = checksum(&stored).to_le_bytes();
        stored.extend_from_slice(&[b, a, d, c]);
        assert_eq!(strip(&stored).unwrap(), b"frames");
    }

    #[test]
    fn every_truncation_and_every_bit_flip_is_found() {
        let stored = append((0..=90).collect());
        for length in 0..stored.len() {
            assert!(strip(&stored[..length]).is_err(), "cut to {length} bytes");
        }
        for bit in 0..stored.len() * 8 {
            let mut damaged = stored.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            assert!(strip(&damaged).is_err(), "bit {bit}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn the_fast_form_equals_the_definition(bytes in prop::collection::vec(any::<u8>(), 0..5000), high: bool) {
            let bytes: Vec<u8> = bytes.into_iter().map(|byte| if high { byte | 0xf0 } else { byte }).collect();
            prop_assert_eq!(checksum(&bytes), checksum_by_definition(&bytes));
            let stored = append(bytes.clone());
            prop_assert_eq!(strip(&stored).unwrap(), &bytes[..]);
        }
    }
}
