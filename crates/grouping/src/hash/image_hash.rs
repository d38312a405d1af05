//! The bits of a hash, their hexadecimal digits, and how many of two hashes differ.

use std::fmt;
use std::str::FromStr;

use stack_core::{Error, Result};

/// `side x side` bits of a picture, row by row.
///
/// Sorted as their hexadecimal digits are. These are what `str` of Python's `ImageHash` says: the bits as one number,
/// the first bit its highest, with leading zeros to a whole number of digits.
///
/// ```
/// use stack_grouping::ImageHash;
///
/// let hash: ImageHash = "ffd8b0e0c0800102".parse()?;
/// assert_eq!(hash.side(), 8);
/// assert!(hash.bit(0, 7) && !hash.bit(1, 2));
/// assert_eq!(hash.distance(&"ffd8b0e0c0800001".parse()?)?, 3);
/// assert_eq!(hash.hex(), "ffd8b0e0c0800102");
/// # Ok::<(), stack_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ImageHash {
    side: u8,
    /// The first bit is the highest of the first word; what is left of the last word is zero.
    words: Box<[u64]>,
}

impl ImageHash {
    /// The sides that there are.
    pub const SIDES: std::ops::RangeInclusive<usize> = 2..=64;

    /// The hash of these bits.
    pub(super) fn from_bits(side: usize, bits: impl Iterator<Item = bool>) -> Self {
        let mut words = vec![0_u64; Self::words_of(side)].into_boxed_slice();
        for (place, _) in bits.take(side * side).enumerate().filter(|(_, bit)| *bit) {
            words[place / 64] |= 1 << (63 - place % 64);
        }
        Self { side: side as u8, words }
    }

    /// Words of 64 bits that a hash of this side takes.
    pub(crate) fn words_of(side: usize) -> usize {
        (side * side).div_ceil(64)
    }

    /// The bits, 64 in a word, the first highest.
    pub(crate) fn words(&self) -> &[u64] {
        &self.words
    }

    pub(crate) fn check_side(side: usize) -> Result<()> {
        if Self::SIDES.contains(&side) {
            return Ok(());
        }
        Err(Error::parameter("the side of a hash", side.to_string(), "it may be 2 to 64"))
    }

    /// Rows, and columns, of bits.
    pub fn side(&self) -> usize {
        self.side.into()
    }

    /// One bit.
    ///
    /// # Panics
    /// If there is no such row or column.
    pub fn bit(&self, row: usize, column: usize) -> bool {
        assert!(row < self.side() && column < self.side(), "the hash has {} rows and columns", self.side);
        self.at(row * self.side() + column)
    }

    fn at(&self, place: usize) -> bool {
        self.words[place / 64] >> (63 - place % 64) & 1 == 1
    }

    /// The number of bits that differ (Hamming distance).
    ///
    /// # Errors
    /// [`Error::Parameter`] if the other hash has another side.
    pub fn distance(&self, other: &Self) -> Result<u32> {
        if self.side != other.side {
            return Err(Error::parameter(
                "the distance of two hashes",
                format!("they have the sides {} and {}", self.side, other.side),
                "hash both pictures with the same side",
            ));
        }
        Ok(self.words.iter().zip(&other.words).map(|(a, b)| (a ^ b).count_ones()).sum())
    }

    /// The bits in hexadecimal digits.
    pub fn hex(&self) -> String {
        self.to_string()
    }
}

/// Digits of a hash of this side, and how many bits of the first one are not of the hash.
fn digits(side: usize) -> (usize, usize) {
    let bits = side * side;
    (bits.div_ceil(4), bits.next_multiple_of(4) - bits)
}

impl fmt::Display for ImageHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (count, unused) = digits(self.side());
        let bit = |place: usize| place.checked_sub(unused).is_some_and(|place| self.at(place));
        let text: String = (0..count)
            .map(|digit| (0..4).fold(0, |value, i| value << 1 | u32::from(bit(4 * digit + i))))
            .filter_map(|value| char::from_digit(value, 16))
            .collect();
        f.pad(&text)
    }
}

impl FromStr for ImageHash {
    type Err = Error;

    /// Reads hexadecimal digits of either case; their number says the side.
    fn from_str(text: &str) -> Result<Self> {
        let refused = |problem: String| {
            Error::parameter("the hexadecimal digits of a hash", problem, "copy all digits of one hash")
        };
        // Two digits a byte are looked at before anything is made of them.
        let side = (4 * text.len().min(1 << 20)).isqrt();
        if !Self::SIDES.contains(&side) || digits(side).0 != text.len() {
            return Err(refused(format!(
                "{} characters are no hash of a square of 2 x 2 to 64 x 64 bits",
                text.len()
            )));
        }
        let values: Vec<u32> = text
            .chars()
            .map(|digit| digit.to_digit(16).ok_or_else(|| refused(format!("{digit:?} is no such digit"))))
            .collect::<Result<_>>()?;
        let bits = values.iter().flat_map(|value| (0..4).rev().map(move |i| value >> i & 1 == 1));
        let unused = digits(side).1;
        if bits.clone().take(unused).any(|bit| bit) {
            return Err(refused(format!("the number is above 2^{}", side * side)));
        }
        Ok(Self::from_bits(side, bits.skip(unused)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_that_are_no_hash_are_refused() {
        for text in [
            "",
            "1",
            "12",
            "2ff",
            "fff",
            "g",
            "+123456789abcdef",
            "0123456789abcde",
            "0123456789abcdef0",
            "ééé",
            "0x1",
        ] {
            let side_2 = text == "1";
            assert_eq!(text.parse::<ImageHash>().is_ok(), side_2, "{text:?}");
        }
        let long = "f".repeat(1025);
        assert!(long.parse::<ImageHash>().unwrap_err().to_string().contains("1025 characters"));
        assert!("f".repeat(1 << 22).parse::<ImageHash>().is_err());
        assert!("0123456789abcdez".parse::<ImageHash>().unwrap_err().to_string().contains("'z'"));
        assert!("2ff".parse::<ImageHash>().unwrap_err().to_string().contains("2^9"));
    }

    #[test]
    fn digits_come_back_for_every_side() {
        for side in ImageHash::SIDES {
            let bits = |i: usize| (i * i + i / 3).is_multiple_of(3);
            let hash = ImageHash::from_bits(side, (0..side * side).map(bits));
            assert_eq!(hash.hex().len(), (side * side).div_ceil(4));
            assert_eq!(hash.hex().parse::<ImageHash>().unwrap(), hash);
            assert_eq!(hash.hex().to_uppercase().parse::<ImageHash>().unwrap(), hash);
            let other = ImageHash::from_bits(side, (0..side * side).map(|i| bits(i) != (i == side + 1)));
            assert_eq!(hash.distance(&other).unwrap(), 1);
            assert_ne!(hash.bit(1, 1), other.bit(1, 1));
            assert_eq!(hash.cmp(&other), hash.hex().cmp(&other.hex()));
        }
        assert_eq!("1ff".parse::<ImageHash>().unwrap().side(), 3);
        let (small, large): (ImageHash, ImageHash) = ("1ff".parse().unwrap(), "ffff".parse().unwrap());
        assert!(small.distance(&large).is_err());
    }
}
