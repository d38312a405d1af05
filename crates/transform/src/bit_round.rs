//! Rounding mantissas: fewer bits that say something, so that a coder for bytes finds more zeros.
//!
//! ```text
//! round    m' = the multiple of 2^(M - n) nearest to m            n of M mantissa bits; |x - x'| <= 2^-(n + 1) |x|
//! groom    m' = m with its last bits zero, one, zero, one, ...    by turns, so that means stay; 2^-n |x|
//! granular m' = m rounded as above, n from x itself               d digits before half a unit of the last of them
//!
//! groom:    n = ceil(d log2 10) + 1
//! granular: D = floor(e log10 2 + log10 f) + 1, x = f 2^e, 1/2 <= f < 1     digits before the point
//!           n = |floor(e - log2(10) log10 f) - floor(log2(10) (D - d))| - 1
//! ```
//!
//! `M` is 23 for f32 and 52 for f64. Samples stay floats of their type, every program reads them, and nothing needs to be
//! undone: what is gained shows only in the coder behind. The errors are relative, so that small numbers keep as many
//! bits as large ones; where the error should be the same everywhere, [`crate::linear`] needs fewer. Granular rounding
//! keeps as many decimal digits as grooming does, with one to three bits less, and gives each number its own count.
//!
//! NaN, infinities, zeros of both signs and the fill value are left alone. A number that would be rounded to infinity has
//! its last bits cut off instead.
//!
//! [`Ties::Away`], [`groom`] and [`granular`] give the bits that netCDF-C 4.9 and later writes for
//! `NC_QUANTIZE_BITROUND`, `NC_QUANTIZE_BITGROOM` and `NC_QUANTIZE_GRANULARBR`, and [`Ties::ToEven`] those of numcodecs'
//! `BitRound`, but for what the paragraph above leaves alone: there such patterns can change (an infinity is groomed to
//! NaN). The logarithm of granular rounding may differ in its last bit: of 48,240 f64 magnitudes within 100 units in
//! the last place of powers of two and ten, one kept other bits, near 10^33; of f32, none did. Grooming takes turns from the first sample of the slice.
//!
//! Sources: Zender, "Bit Grooming: statistically accurate precision-preserving quantization with compression", Geosci.
//! Model Dev. 9 (2016); Delaunay, Courtois, Gouillon, "Evaluation of lossless and lossy algorithms for the compression of
//! scientific datasets in netCDF-4 or HDF5 files", Geosci. Model Dev. 12 (2019); Kouznetsov, "A note on
//! precision-preserving compression of scientific data", Geosci. Model Dev. 14 (2021); Klöwer and others, "Compressing
//! atmospheric data into its real information content", Nature Computational Science 1 (2021).
//!
//! ```
//! use stack_transform::bit_round::{Ties, granular, groom, round};
//!
//! let pi = [std::f32::consts::PI; 2];
//! let mut samples = pi;
//! round(&mut samples, 7, Ties::ToEven, None)?;
//! assert_eq!(samples, [3.140625, 3.140625]);
//! let mut samples = pi;
//! groom(&mut samples, 2, None)?;
//! assert_eq!(samples, [3.140625, 3.1484373]);
//! let mut samples = pi;
//! granular(&mut samples, 3, None)?;
//! assert_eq!(samples, [3.140625, 3.140625]);
//! # Ok::<(), stack_transform::Error>(())
//! ```
//!
//! Cost: a few integer operations a sample; granular a logarithm too.
//!
//! Exercise: a mean of 10^6 groomed samples is nearer to the true one than that of shaved samples, whose last bits are
//! always zero. By how much for samples spread evenly over their last bits?

use crate::error::{Error, Result};
use crate::float::Float;

/// What happens to a mantissa half-way between two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ties {
    /// Its last bit becomes zero, as IEEE 754 rounds; no bias.
    ToEven,
    /// Away from zero; what netCDF-C does.
    Away,
}

/// log2 10.
const BITS_PER_DIGIT: f64 = std::f64::consts::LN_10 / std::f64::consts::LN_2;
/// log10 2.
const DIGITS_PER_BIT: f64 = std::f64::consts::LN_2 / std::f64::consts::LN_10;

/// Rounds mantissas to `bits` bits after the leading one.
///
/// # Errors
/// [`Error::Parameter`] if there are more bits than the mantissa of the type has.
pub fn round<T: Float>(samples: &mut [T], bits: u32, ties: Ties, fill: Option<T>) -> Result<()> {
    if bits > T::MANTISSA_BITS {
        return Err(Error::parameter(
            "the bits to keep",
            f64::from(bits),
            "there may be 23 for f32 and 52 for f64",
        ));
    }
    let dropped = T::MANTISSA_BITS - bits;
    for sample in samples {
        if changes(*sample, fill) {
            *sample = rounded(*sample, dropped, ties);
        }
    }
    Ok(())
}

/// Sets the last bits of mantissas to zeros and ones by turns; `digits` significant decimal digits are kept.
///
/// # Errors
/// [`Error::Parameter`] if the digits are not 1 to 6 for f32, or 1 to 15 for f64.
pub fn groom<T: Float>(samples: &mut [T], digits: u32, fill: Option<T>) -> Result<()> {
    check_digits::<T>(digits)?;
    let bits = (f64::from(digits) * BITS_PER_DIGIT).ceil() as u32 + 1;
    let ones = last_bits(T::MANTISSA_BITS.saturating_sub(bits));
    for (index, sample) in samples.iter_mut().enumerate() {
        if changes(*sample, fill) {
            let bits = sample.bits();
            *sample = T::of_bits(if index % 2 == 0 { bits & !ones } else { bits | ones });
        }
    }
    Ok(())
}

/// Rounds each mantissa to the bits that it needs for `digits` significant decimal digits.
///
/// # Errors
/// As [`groom`].
pub fn granular<T: Float>(samples: &mut [T], digits: u32, fill: Option<T>) -> Result<()> {
    check_digits::<T>(digits)?;
    for sample in samples {
        if changes(*sample, fill) {
            let bits = granular_bits((*sample).into(), digits);
            *sample = rounded(*sample, T::MANTISSA_BITS.saturating_sub(bits), Ties::Away);
        }
    }
    Ok(())
}

/// The mantissa bits that a finite number other than zero needs for so many decimal digits.
fn granular_bits(number: f64, digits: u32) -> u32 {
    let (fraction, exponent) = libm::frexp(number.abs());
    let exponent = f64::from(exponent);
    // As most systems' log10 computes it below one: with the same rounding, edges fall on the same side.
    let logarithm = std::f64::consts::LOG10_E * libm::log(fraction);
    let before_point = (exponent * DIGITS_PER_BIT + logarithm).floor() + 1.0;
    let last = (BITS_PER_DIGIT * (before_point - f64::from(digits))).floor();
    let first = (exponent - BITS_PER_DIGIT * logarithm).floor();
    // Casts of negative numbers give zero.
    ((first - last).abs() - 1.0) as u32
}

fn check_digits<T: Float>(digits: u32) -> Result<()> {
    let most = if T::BITS == 32 { 6 } else { 15 };
    if (1..=most).contains(&digits) {
        return Ok(());
    }
    let rule = "there may be 1 to 6 for f32 and 1 to 15 for f64";
    Err(Error::parameter("the decimal digits to keep", f64::from(digits), rule))
}

/// Whether a sample may be changed.
fn changes<T: Float>(sample: T, fill: Option<T>) -> bool {
    sample.finite() && sample.bits() & !T::SIGN != 0 && fill != Some(sample)
}

/// So many ones at the end.
fn last_bits(count: u32) -> u64 {
    (1 << count) - 1
}

fn rounded<T: Float>(sample: T, dropped: u32, ties: Ties) -> T {
    let Some(below) = dropped.checked_sub(1) else { return sample };
    let bits = sample.bits();
    let half = 1_u64 << below;
    let up = match ties {
        Ties::Away => half,
        // Just less than half, and half if the last bit that stays is one.
        Ties::ToEven => half - 1 + (bits >> dropped & 1),
    };
    // A carry goes into the exponent, where it belongs.
    let nearest = T::of_bits((bits + up) & !last_bits(dropped));
    if nearest.finite() { nearest } else { T::of_bits(bits & !last_bits(dropped)) }
}
