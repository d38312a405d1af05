//! Floating-point samples: the types that simulations, analyses and instruments write.
//!
//! ```
//! use stack_transform::Float;
//!
//! assert_eq!((f32::MANTISSA_BITS, f64::MANTISSA_BITS), (23, 52));
//! assert_eq!((1.5_f32).bits(), 0x3fc0_0000);
//! assert_eq!(f32::of_bits(0x3fc0_0000), 1.5);
//! assert!((-0.0_f32).is_special() && f32::NAN.is_special() && !(0.0_f32).is_special());
//! // In the order of these keys, numbers ascend.
//! assert!((-2.0_f32).key() < (-1.0_f32).key() && (-1.0_f32).key() < (3.0_f32).key());
//! ```

/// A binary floating-point sample of IEEE 754: `f32` or `f64`.
pub trait Float:
    Copy + PartialEq + PartialOrd + Default + std::fmt::Debug + Into<f64> + sealed::Sealed
{
    /// Bits of a sample.
    const BITS: u32;
    /// Explicit bits of the mantissa.
    const MANTISSA_BITS: u32;
    /// The largest finite value.
    const LARGEST: f64;

    /// The bit pattern, in the low bits.
    #[must_use]
    fn bits(self) -> u64;

    /// The sample of a bit pattern; bits beyond [`Float::BITS`] are left out.
    #[must_use]
    fn of_bits(bits: u64) -> Self;

    /// The sample nearest to a number, halves to even.
    #[must_use]
    fn nearest(number: f64) -> Self;

    /// The most by which [`Float::nearest`] changes a number of at most `magnitude`.
    #[must_use]
    fn rounding(magnitude: f64) -> f64;

    /// The sign bit.
    const SIGN: u64 = 1 << (Self::BITS - 1);
    /// The bits of the mantissa.
    const MANTISSA: u64 = (1 << Self::MANTISSA_BITS) - 1;
    /// The bits of the exponent.
    const EXPONENT: u64 = Self::SIGN - 1 - Self::MANTISSA;

    /// Whether the sample is a number: neither NaN nor infinite.
    #[must_use]
    fn finite(self) -> bool {
        self.bits() & Self::EXPONENT != Self::EXPONENT
    }

    /// Whether the sample is NaN, infinite or minus zero: what arithmetic on a grid cannot give back.
    #[must_use]
    fn is_special(self) -> bool {
        !self.finite() || self.bits() == Self::SIGN
    }

    /// A key in whose order bit patterns ascend as their numbers do, minus zero before zero.
    #[must_use]
    fn key(self) -> u64 {
        let bits = self.bits();
        if bits & Self::SIGN == 0 { bits | Self::SIGN } else { !bits & (Self::SIGN | (Self::SIGN - 1)) }
    }

    /// The sample of a key.
    #[must_use]
    fn of_key(key: u64) -> Self {
        Self::of_bits(if key & Self::SIGN == 0 { !key } else { key ^ Self::SIGN })
    }
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for f32 {}
    impl Sealed for f64 {}
}

impl Float for f32 {
    const BITS: u32 = 32;
    const MANTISSA_BITS: u32 = 23;
    const LARGEST: f64 = f32::MAX as f64;

    fn bits(self) -> u64 {
        u64::from(self.to_bits())
    }

    fn of_bits(bits: u64) -> Self {
        Self::from_bits(bits as u32)
    }

    fn nearest(number: f64) -> Self {
        number as Self
    }

    fn rounding(magnitude: f64) -> f64 {
        // Half a unit in the last place, or half the least subnormal number: 2^-24 of the number, or 2^-150.
        if magnitude > Self::LARGEST {
            f64::INFINITY
        } else {
            magnitude * (f64::from(Self::EPSILON) / 2.0) + f64::from(Self::from_bits(1)) / 2.0
        }
    }
}

impl Float for f64 {
    const BITS: u32 = 64;
    const MANTISSA_BITS: u32 = 52;
    const LARGEST: f64 = f64::MAX;

    fn bits(self) -> u64 {
        self.to_bits()
    }

    fn of_bits(bits: u64) -> Self {
        Self::from_bits(bits)
    }

    fn nearest(number: f64) -> Self {
        number
    }

    fn rounding(_: f64) -> f64 {
        0.0
    }
}
