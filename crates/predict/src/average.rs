//! The mean of the samples to the west and above.
//!
//! ```text
//! x ~ floor((W + N) / 2)
//! ```
//!
//! The mean halves the noise of its two samples, where [`med`](crate::med) and [`paeth`](crate::paeth) choose one of
//! them to keep edges sharp. So it is at home in noisy, smooth pictures. Source: Average in the PNG specification
//! (W3C, 3rd edition, section 9), which takes 0 for missing samples; here the border is that of
//! [`neighbours`](crate::neighbours). Predictor 7 of lossless JPEG.
//!
//! ```
//! use stack_predict::average::average;
//! assert_eq!(average(10_u8, 13), 11);
//! assert_eq!(average(255_u8, 254), 254); // no sum of 9 bits is needed
//! ```
//!
//! Cost: four operations a sample. The fast form adds the bits in common and half the others:
//! `(W & N) + ((W ^ N) >> 1)`. Exercise: prove that form from `W + N = 2 (W & N) + (W ^ N)`.

use crate::rule::Rule;
use crate::{Key, Neighbours};

/// Half the sum of west and north, rounded down.
#[inline]
#[must_use]
pub fn average<K: Key>(west: K, north: K) -> K {
    west.average(north)
}

/// The mean of west and north.
#[derive(Debug, Clone, Copy)]
pub struct Average;

impl Rule for Average {
    type WithoutEarlier = Self;

    #[inline]
    fn predict<K: Key>(near: &Neighbours<K>) -> K {
        average(near.west, near.north)
    }

    fn by_definition(near: &Neighbours<i128>, _highest: i128) -> i128 {
        (near.west + near.north).div_euclid(2)
    }
}
