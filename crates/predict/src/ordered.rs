//! Any number as an unsigned integer of its own width, in the same order.
//!
//! | samples | key of the bits `x`, `sign` being the highest bit |
//! |---|---|
//! | unsigned integers | `x` |
//! | signed integers | `x ^ sign` |
//! | floats, sign bit clear | `x ^ sign` |
//! | floats, sign bit set | `!x` |
//!
//! Floats are stored as sign and magnitude, and among floats of one sign the order of the numbers is that of their
//! bits as integers; so positive ones go above all negative ones, and negative ones are turned round. The order of
//! the keys is the total order of IEEE 754-2019, section 5.10: negative NaN, negative infinity, ..., -0, +0, ...,
//! infinity, NaN. The map is one to one on bit patterns, so every payload of NaN comes back.
//!
//! ```
//! use stack_predict::Ordered;
//! assert_eq!((-1_i16).to_key(), 0x7fff);
//! assert_eq!(1.0_f32.to_key(), 0xbf80_0000);
//! assert_eq!((-1.0_f32).to_key(), 0x407f_ffff);
//! assert!((-0.0_f32).to_key() < 0.0_f32.to_key() && f32::INFINITY.to_key() < f32::NAN.to_key());
//! ```
//!
//! Cost: one comparison and one exclusive or a sample, each way.
//!
//! Exercise: which two 32-bit floats have keys that differ by one, and differ most as numbers?

use std::fmt::Debug;

/// An unsigned integer: what keys and codes are.
pub trait Key: Copy + Ord + Debug + Send + Sync + 'static {
    /// Bits of the integer.
    const BITS: u32;
    /// Zero.
    const ZERO: Self;
    /// The highest number: all bits set.
    const HIGHEST: Self;

    /// The sum, modulo 2 to the number of bits.
    fn plus(self, other: Self) -> Self;
    /// The difference, modulo 2 to the number of bits.
    fn minus(self, other: Self) -> Self;
    /// Twice the number, with `bit` as its lowest bit; the highest one is lost.
    fn shifted_in(self, bit: bool) -> Self;
    /// Half the number, rounded down.
    fn half(self) -> Self;
    /// Whether the lowest bit is set.
    fn is_odd(self) -> bool;
    /// The number in a wider type.
    fn widened(self) -> u128;
    /// The lowest bits of a wider number: that number modulo 2 to the number of bits.
    fn narrowed(wide: u128) -> Self;
    /// The bits in which two numbers differ.
    fn xor(self, other: Self) -> Self;
    /// The highest bit at every place: what a signed number's arithmetic shift to the right leaves of it.
    fn sign_spread(self) -> Self;
    /// The sum, or the highest number where it is larger than that.
    fn plus_clamped(self, other: Self) -> Self;
    /// The difference, or zero where it is negative.
    fn minus_clamped(self, other: Self) -> Self;
    /// The larger number minus the smaller one.
    fn distance(self, other: Self) -> Self;
    /// Half the exact sum, rounded down.
    fn average(self, other: Self) -> Self;

    /// An unsigned integer that holds the sum of 2^32 - 1 keys.
    type Sum: Copy + Debug + Default + Send + Sync + 'static;
    /// The sum, and this key; of 2^32 - 1 keys at most.
    fn added_to(self, sum: Self::Sum) -> Self::Sum;
    /// The mean of `count` keys with this sum, rounded to the nearest, halves upwards. `count` is not zero.
    fn mean(sum: Self::Sum, count: u32) -> Self;
}

macro_rules! key {
    ($($type:ty, $sum:ty;)*) => {$(
        impl Key for $type {
            const BITS: u32 = <$type>::BITS;
            const ZERO: Self = 0;
            const HIGHEST: Self = <$type>::MAX;

            #[inline]
            fn plus(self, other: Self) -> Self {
                self.wrapping_add(other)
            }
            #[inline]
            fn minus(self, other: Self) -> Self {
                self.wrapping_sub(other)
            }
            #[inline]
            fn shifted_in(self, bit: bool) -> Self {
                self << 1 | Self::from(bit)
            }
            #[inline]
            fn half(self) -> Self {
                self >> 1
            }
            #[inline]
            fn is_odd(self) -> bool {
                self & 1 != 0
            }
            #[inline]
            fn widened(self) -> u128 {
                u128::from(self)
            }
            #[inline]
            fn narrowed(wide: u128) -> Self {
                wide as $type
            }
            #[inline]
            fn xor(self, other: Self) -> Self {
                self ^ other
            }
            #[inline]
            fn sign_spread(self) -> Self {
                (self.cast_signed() >> (<$type>::BITS - 1)).cast_unsigned()
            }
            #[inline]
            fn plus_clamped(self, other: Self) -> Self {
                self.saturating_add(other)
            }
            #[inline]
            fn minus_clamped(self, other: Self) -> Self {
                self.saturating_sub(other)
            }
            #[inline]
            fn distance(self, other: Self) -> Self {
                self.abs_diff(other)
            }
            #[inline]
            fn average(self, other: Self) -> Self {
                // Bits in common count whole, the others half; no carry is lost.
                (self & other) + ((self ^ other) >> 1)
            }

            type Sum = $sum;

            #[inline]
            fn added_to(self, sum: $sum) -> $sum {
                sum + <$sum>::from(self)
            }
            #[inline]
            fn mean(sum: $sum, count: u32) -> Self {
                let count = <$sum>::from(count);
                // The mean of keys is a key, so nothing is cut off.
                ((sum + count / 2) / count) as $type
            }
        }
    )*};
}

key! { u8, u64; u16, u64; u32, u64; u64, u128; }

/// A number with a key: its bits, rearranged so that unsigned integers are in the order of the numbers.
pub trait Ordered: Copy + Debug + Send + Sync + 'static {
    /// The unsigned integer of the same width.
    type Key: Key;

    /// The key of the number zero: of +0 for floats.
    const ZERO_KEY: Self::Key;

    /// The key.
    fn to_key(self) -> Self::Key;
    /// The number that has this key; the inverse of [`Ordered::to_key`].
    fn from_key(key: Self::Key) -> Self;
}

macro_rules! unsigned {
    ($($type:ty),*) => {$(
        impl Ordered for $type {
            type Key = $type;
            const ZERO_KEY: $type = 0;

            #[inline]
            fn to_key(self) -> $type {
                self
            }
            #[inline]
            fn from_key(key: $type) -> Self {
                key
            }
        }
    )*};
}

macro_rules! signed {
    ($($type:ty => $key:ty;)*) => {$(
        impl Ordered for $type {
            type Key = $key;
            const ZERO_KEY: $key = 1 << (<$key>::BITS - 1);

            #[inline]
            fn to_key(self) -> $key {
                self as $key ^ 1 << (<$key>::BITS - 1)
            }
            #[inline]
            fn from_key(key: $key) -> Self {
                (key ^ 1 << (<$key>::BITS - 1)) as $type
            }
        }
    )*};
}

macro_rules! float {
    ($($type:ty => $key:ty;)*) => {$(
        impl Ordered for $type {
            type Key = $key;
            const ZERO_KEY: $key = 1 << (<$key>::BITS - 1);

            #[inline]
            fn to_key(self) -> $key {
                const SIGN: $key = 1 << (<$key>::BITS - 1);
                let bits = self.to_bits();
                if bits & SIGN == 0 { bits ^ SIGN } else { !bits }
            }
            #[inline]
            fn from_key(key: $key) -> Self {
                const SIGN: $key = 1 << (<$key>::BITS - 1);
                <$type>::from_bits(if key & SIGN == 0 { !key } else { key ^ SIGN })
            }
        }
    )*};
}

unsigned!(u8, u16, u32, u64);
signed! { i8 => u8; i16 => u16; i32 => u32; i64 => u64; }
float! { f32 => u32; f64 => u64; }

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_16_bit_number_keeps_its_place() {
        for pair in (i16::MIN..=i16::MAX).collect::<Vec<_>>().windows(2) {
            assert!(pair[0].to_key() < pair[1].to_key());
            assert_eq!(i16::from_key(pair[0].to_key()), pair[0]);
        }
    }

    #[test]
    fn the_keys_of_floats_are_fixed() {
        let keys = [
            (f32::from_bits(0xffff_ffff), 0),
            (f32::NEG_INFINITY, 0x007f_ffff),
            (-1.0, 0x407f_ffff),
            (-0.0, 0x7fff_ffff),
            (0.0, 0x8000_0000),
            (1.0, 0xbf80_0000),
            (f32::INFINITY, 0xff80_0000),
            (f32::from_bits(0x7fff_ffff), 0xffff_ffff),
        ];
        for (number, key) in keys {
            assert_eq!(number.to_key(), key, "{number}");
            assert_eq!(f32::from_key(key).to_bits(), number.to_bits(), "{number}");
        }
    }

    proptest! {
        #[test]
        fn floats_keep_order_and_bits(a in any::<u64>(), b in any::<u64>()) {
            let (x, y) = (f64::from_bits(a), f64::from_bits(b));
            prop_assert_eq!(x.to_key().cmp(&y.to_key()), x.total_cmp(&y));
            prop_assert_eq!(f64::from_key(x.to_key()).to_bits(), a);
            let (x, y) = (f32::from_bits(a as u32), f32::from_bits(b as u32));
            prop_assert_eq!(x.to_key().cmp(&y.to_key()), x.total_cmp(&y));
            prop_assert_eq!(f32::from_key(x.to_key()).to_bits(), a as u32);
        }

        #[test]
        fn integers_keep_order_and_bits(a in any::<i64>(), b in any::<i64>()) {
            prop_assert_eq!(a.to_key().cmp(&b.to_key()), a.cmp(&b));
            prop_assert_eq!(i64::from_key(a.to_key()), a);
            prop_assert_eq!((a as i32).to_key().cmp(&(b as i32).to_key()), (a as i32).cmp(&(b as i32)));
            prop_assert_eq!((a as i8).to_key().cmp(&(b as i8).to_key()), (a as i8).cmp(&(b as i8)));
            prop_assert_eq!((a as u16).to_key(), a as u16);
        }
    }
}
