//! Signed residuals as unsigned codes, small where the residual is near zero.
//!
//! ```text
//! residual   0  -1   1  -2   2  -3 ...  127  -128
//! code       0   1   2   3   4   5 ...  254   255
//!
//! code     = 2 r          where r >= 0        fast: (r << 1) ^ (r >> (w - 1)), the second shift arithmetic
//!            -2 r - 1     where r < 0
//! residual = code / 2           where even    fast: (code >> 1) ^ -(code & 1)
//!            -(code + 1) / 2    where odd
//! ```
//!
//! The residual of `w` bits is given as an unsigned integer in two's complement, as differences modulo 2^w are. Every
//! residual has one code of the same width: nothing is lost, at no value. Its sibling, the sign as a separate bit, has
//! two zeros. Source: ITU-T T.87 (JPEG-LS), A.5.2 maps errors like this; Protocol Buffers made the name common.
//!
//! ```
//! use stack_predict::zigzag::{from_zigzag, to_zigzag};
//! let codes = [0_i8, -1, 1, -2, 127, -128].map(|residual| to_zigzag(residual as u8));
//! assert_eq!(codes, [0, 1, 2, 3, 254, 255]);
//! assert_eq!(from_zigzag(3_u8) as i8, -2);
//! ```
//!
//! Cost: three operations a sample. Exercise: which map would be better for a camera that never gives negative
//! differences, and how would a decoder know of it?

use crate::Key;

/// The code of a residual in two's complement.
#[inline]
#[must_use]
pub fn to_zigzag<K: Key>(residual: K) -> K {
    residual.shifted_in(false).xor(residual.sign_spread())
}

/// The residual of a code, in two's complement; the inverse of [`to_zigzag`].
#[inline]
#[must_use]
pub fn from_zigzag<K: Key>(code: K) -> K {
    code.half().xor(K::ZERO.minus(code.minus(code.half().shifted_in(false))))
}

/// The code of a signed residual, word for word by the definition.
#[must_use]
pub fn by_definition(residual: i128) -> i128 {
    if residual >= 0 { 2 * residual } else { -2 * residual - 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_residual_of_16_bits() {
        for residual in i16::MIN..=i16::MAX {
            let code = to_zigzag(residual as u16);
            assert_eq!(i128::from(code), by_definition(residual.into()));
            assert_eq!(from_zigzag(code) as i16, residual);
        }
    }

    #[test]
    fn the_ends_of_other_widths() {
        for residual in [i64::MIN, -1, 0, 1, i64::MAX] {
            assert_eq!(to_zigzag(residual as u64) as i128, by_definition(residual.into()));
            assert_eq!(from_zigzag(to_zigzag(residual as u64)), residual as u64);
            let narrow = residual as i32;
            assert_eq!(to_zigzag(narrow as u32) as i128, by_definition(narrow.into()));
            assert_eq!(from_zigzag(to_zigzag(narrow as u32)), narrow as u32);
        }
    }
}
