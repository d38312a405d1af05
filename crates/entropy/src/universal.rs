//! Universal codes: whole numbers of any size, without a table and without a parameter.
//!
//! Elias gamma writes the number of binary digits in unary and then the digits; Elias delta writes that number in gamma.
//! They differ from [`crate::golomb`] in that nothing must be known of the numbers but that small ones are frequent; the
//! headers of this crate's own blocks are made of them.
//!
//! With `d = floor(log2 n)`: gamma is `d` zeros and the `d + 1` digits of `n`, `2d + 1` bits; delta is gamma of `d + 1`
//! and the lower `d` digits of `n`. Both begin at 1, so 0 is written as 1 and so on (`put_*(n + 1)`).
//!
//! Source: P. Elias, *Universal codeword sets and representations of the integers*, IEEE Transactions on Information
//! Theory 21, 1975.
//!
//! ```
//! use stack_entropy::bits::{BitReader, BitWriter};
//! use stack_entropy::universal::{gamma_bits, get_gamma, put_delta, put_gamma};
//!
//! let mut writer = BitWriter::new();
//! put_gamma(&mut writer, 9); // 000 1001
//! put_delta(&mut writer, 9); // 00100 001
//! let bytes = writer.finish();
//! assert_eq!(bytes, [0b0001_0010, 0b0100_0010]);
//! assert_eq!((get_gamma(&mut BitReader::new(&bytes))?, gamma_bits(9)), (9, 7));
//! # Ok::<(), stack_entropy::Error>(())
//! ```
//!
//! **Worst case**: gamma 127 bits, delta 75, for numbers of 64 digits.
//!
//! **Exercise**: for which distribution of `n` is gamma as short as entropy allows?

use crate::Error;
use crate::bits::{BitReader, BitWriter};

/// Appends `n`, which is above 0, as Elias gamma.
///
/// # Panics
///
/// If `n` is 0.
pub fn put_gamma(writer: &mut BitWriter, n: u64) {
    let digits = n.ilog2();
    writer.put(0, digits);
    writer.put(n, digits + 1);
}

/// Reads an Elias gamma number, which is above 0.
///
/// # Errors
///
/// [`Error::TruncatedBits`] where the bits end, [`Error::RunPastEnd`] where it would have more than 64 digits.
pub fn get_gamma(reader: &mut BitReader<'_>) -> Result<u64, Error> {
    let digits = reader.get_run(false, 63)? as u32;
    Ok(1 << digits | reader.get(digits)?)
}

/// Bits of `n`, which is above 0, as Elias gamma.
///
/// # Panics
///
/// If `n` is 0.
pub fn gamma_bits(n: u64) -> u32 {
    2 * n.ilog2() + 1
}

/// Appends `n`, which is above 0, as Elias delta.
///
/// # Panics
///
/// If `n` is 0.
pub fn put_delta(writer: &mut BitWriter, n: u64) {
    let digits = n.ilog2();
    put_gamma(writer, u64::from(digits) + 1);
    writer.put(n, digits);
}

/// Reads an Elias delta number, which is above 0.
///
/// # Errors
///
/// As [`get_gamma`], and [`Error::OutOfRange`] where the number would have more than 64 digits.
pub fn get_delta(reader: &mut BitReader<'_>) -> Result<u64, Error> {
    let digits = get_gamma(reader)? - 1;
    let digits = crate::error::in_range("the number of binary digits", digits, 0, 63)? as u32;
    Ok(1 << digits | reader.get(digits)?)
}

/// A signed number as an unsigned one, small where it is near zero: 0, -1, 1, -2, 2 become 0, 1, 2, 3, 4.
#[inline]
pub const fn fold(value: i64) -> u64 {
    (value << 1 ^ value >> 63) as u64
}

/// The signed number that [`fold`] made unsigned.
#[inline]
pub const fn unfold(value: u64) -> i64 {
    (value >> 1) as i64 ^ -((value & 1) as i64)
}
