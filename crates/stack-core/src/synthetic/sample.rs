//! From computed numbers to samples.

use crate::{PixelType, Sample, SampleFormat};

/// A sample type that a computed number can become.
pub(super) trait FromNumber: Sample {
    /// The number without its fraction, held to the range of an integer type; rounded once for floats.
    fn truncated(number: f64) -> Self;

    /// The nearest value, ties to even, held to the range of an integer type; rounded once for floats.
    fn nearest(number: f64) -> Self;
}

macro_rules! from_number {
    ($($type:ty, $nearest:expr;)*) => {$(
        impl FromNumber for $type {
            fn truncated(number: f64) -> Self {
                number as Self
            }
            fn nearest(number: f64) -> Self {
                let whole: fn(f64) -> f64 = $nearest;
                whole(number) as Self
            }
        }
    )*};
}

from_number! {
    u8, libm::rint;
    u16, libm::rint;
    i16, libm::rint;
    i32, libm::rint;
    f32, |number| number;
    f64, |number| number;
}

/// Lowest and highest value that a generator fills: the integers of the significant bits, or 0 to 1 for floats.
pub(super) fn range(format: SampleFormat) -> (f64, f64) {
    match format.pixel() {
        PixelType::U8 | PixelType::U16 => (0.0, ((1_u32 << format.significant_bits()) - 1) as f64),
        PixelType::I16 => (f64::from(i16::MIN), f64::from(i16::MAX)),
        PixelType::I32 => (f64::from(i32::MIN), f64::from(i32::MAX)),
        PixelType::F32 | PixelType::F64 => (0.0, 1.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_rounded_and_held_to_the_range() {
        assert_eq!(
            (u8::nearest(2.5), u8::nearest(3.5), u8::nearest(-1.0), u8::nearest(300.0)),
            (2, 4, 0, 255)
        );
        assert_eq!((u16::truncated(2.9), i16::truncated(-2.9), i32::nearest(-2.6)), (2, -2, -3));
        assert_eq!(f32::nearest(0.1), 0.1_f32);
    }
}
