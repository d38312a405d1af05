//! W + N - NW, kept within the range of the samples.
//!
//! ```text
//! x ~ clamp(W + N - NW, lowest, highest)       lowest and highest number of the sample type
//! ```
//!
//! The plane through three neighbours, continued. Exact on every sloped surface; at an edge it overshoots, where
//! [`med`](crate::med) does not. It differs from the two-dimensional [`lorenzo`](crate::lorenzo), which is the same
//! sum without the clamp: clamped predictions are never impossible, wrapped ones make a linear transform with a fast
//! inverse. Source: predictor 4 of lossless JPEG (ITU-T T.81, table H.1); `ClampAddSubtractFull` in the WebP lossless
//! specification (RFC 9649, section 4.1).
//!
//! ```
//! use stack_predict::gradient::gradient;
//! assert_eq!(gradient(10_u8, 20, 12), 18);
//! assert_eq!(gradient(200_u8, 190, 100), 255); // 290, clamped
//! assert_eq!(gradient(3_u8, 5, 100), 0); // -92, clamped
//! ```
//!
//! Cost: five operations a sample. Exercise: noise of variance v in each neighbour gives how much in the residual?

use crate::rule::Rule;
use crate::{Key, Neighbours};

/// `west + north - north_west`, clamped.
#[inline]
#[must_use]
pub fn gradient<K: Key>(west: K, north: K, north_west: K) -> K {
    // One of the two differences is zero, so no step goes out of the range before the clamp does its work.
    west.plus_clamped(north.minus_clamped(north_west)).minus_clamped(north_west.minus_clamped(north))
}

/// W + N - NW, clamped.
#[derive(Debug, Clone, Copy)]
pub struct Gradient;

impl Rule for Gradient {
    type WithoutEarlier = Self;

    #[inline]
    fn predict<K: Key>(near: &Neighbours<K>) -> K {
        gradient(near.west, near.north, near.north_west)
    }

    fn by_definition(near: &Neighbours<i128>, highest: i128) -> i128 {
        (near.west + near.north - near.north_west).clamp(0, highest)
    }
}
