//! Predictors of compressed TIFF pages (tag 317), row by row, and their inverses.
//!
//! | predictor | | source |
//! |---|---|---|
//! | 2 | each number minus the one of the same channel before it, modulo its size | TIFF 6.0, section 14 |
//! | 3 | floats: most significant bytes of the whole row first, then differences of bytes | Adobe Photoshop TIFF Technical Note 3 |
//!
//! All numbers are little-endian here, whatever the file's byte order is.

/// Numbers become differences: predictor 2.
pub(crate) fn subtract_previous(row: &mut [u8], channels: usize, word: usize) {
    let distance = channels * word;
    for at in (distance..row.len()).step_by(word).rev() {
        let mut borrow = false;
        for byte in at..at + word {
            let (difference, first) = row[byte].overflowing_sub(row[byte - distance]);
            let (difference, second) = difference.overflowing_sub(u8::from(borrow));
            row[byte] = difference;
            borrow = first || second;
        }
    }
}

/// Differences become numbers again.
pub(crate) fn add_previous(row: &mut [u8], channels: usize, word: usize) {
    let distance = channels * word;
    for at in (distance..row.len()).step_by(word) {
        let mut carry = false;
        for byte in at..at + word {
            let (sum, first) = row[byte].overflowing_add(row[byte - distance]);
            let (sum, second) = sum.overflowing_add(u8::from(carry));
            row[byte] = sum;
            carry = first || second;
        }
    }
}

/// Floats become planes of bytes, most significant first, and those differences: predictor 3.
pub(crate) fn subtract_planes(row: &mut [u8], channels: usize, word: usize, scratch: &mut Vec<u8>) {
    scratch.clear();
    scratch.resize(row.len(), 0);
    let numbers = row.len() / word;
    for (index, number) in row.chunks_exact(word).enumerate() {
        for (significance, &byte) in number.iter().rev().enumerate() {
            scratch[significance * numbers + index] = byte;
        }
    }
    row.copy_from_slice(scratch);
    subtract_previous(row, channels, 1);
}

/// Differences of bytes in planes become floats again.
pub(crate) fn add_planes(row: &mut [u8], channels: usize, word: usize, scratch: &mut Vec<u8>) {
    add_previous(row, channels, 1);
    scratch.clear();
    scratch.extend_from_slice(row);
    let numbers = row.len() / word;
    for (index, number) in row.chunks_exact_mut(word).enumerate() {
        for (significance, byte) in number.iter_mut().rev().enumerate() {
            *byte = scratch[significance * numbers + index];
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn differences_are_those_of_numbers() {
        let numbers = [1_u16, 500, 300, 65535, 0, 7];
        let mut row: Vec<u8> = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
        subtract_previous(&mut row, 2, 2);
        let expected = [1_u16, 500, 299, 65035, 65236, 8];
        assert_eq!(row, expected.iter().flat_map(|number| number.to_le_bytes()).collect::<Vec<_>>());
    }

    #[test]
    fn planes_begin_with_the_most_significant_bytes() {
        let mut row = [1, 2, 3, 4, 5, 6, 7, 9];
        subtract_planes(&mut row, 1, 4, &mut Vec::new());
        // 4 9, 3 7, 2 6, 1 5, and of these the differences
        assert_eq!(row, [4, 5, 250, 4, 251, 4, 251, 4]);
    }

    proptest! {
        #[test]
        fn inverses(
            samples in prop::collection::vec(any::<u8>(), 0..30),
            channels in 1..5_usize,
            word in prop_oneof![Just(1_usize), Just(2), Just(4), Just(8)],
        ) {
            let row: Vec<u8> = samples.iter().cycle().take(samples.len() * channels * word).copied().collect();
            let (mut numbers, mut floats, mut scratch) = (row.clone(), row.clone(), Vec::new());
            subtract_previous(&mut numbers, channels, word);
            add_previous(&mut numbers, channels, word);
            prop_assert_eq!(&numbers, &row);
            subtract_planes(&mut floats, channels, word, &mut scratch);
            add_planes(&mut floats, channels, word, &mut scratch);
            prop_assert_eq!(&floats, &row);
        }
    }
}
