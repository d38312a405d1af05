//! Integer samples: the types that pictures of grey levels have.
//!
//! ```
//! use stack_transform::Grey;
//!
//! assert_eq!((u8::LARGEST, u16::LARGEST), (255, 65_535));
//! assert_eq!((u8::limited(300), u16::limited(300)), (255, 300));
//! ```

/// A non-negative integer sample: `u8` or `u16`.
pub trait Grey: Copy + Ord + Default + Into<u32> + Into<f64> + sealed::Sealed {
    /// The largest value of the type.
    const LARGEST: u32;

    /// The sample of a value; a value above [`Grey::LARGEST`] gives that.
    #[must_use]
    fn limited(value: u32) -> Self;
}

mod sealed {
    pub trait Sealed {}
}

macro_rules! grey {
    ($($sample:ty),*) => {$(
        impl sealed::Sealed for $sample {}
        impl Grey for $sample {
            const LARGEST: u32 = <$sample>::MAX as u32;

            fn limited(value: u32) -> Self {
                value.min(Self::LARGEST) as Self
            }
        }
    )*};
}
grey!(u8, u16);
