//! The plane that fits four neighbours best.
//!
//! ```text
//! x ~ clamp(W + (NE - NW) / 2)                 the quotient rounded towards zero
//! ```
//!
//! The least-squares plane `a + b column + c row` through W, NW, N and NE has the slope `b = (NE - NW) / 2`, from the
//! row above; W alone fixes the rest, so the plane at `x` is W and one step of that slope. Its sibling
//! [`gradient`](crate::gradient) is the plane through three points, with the slope `N - NW`: that follows finer
//! detail, and carries twice the noise. Source: the horizontal term of the gradient-adjusted prediction in X. Wu,
//! N. Memon, "Context-based, adaptive, lossless image coding", IEEE Trans. Communications 45, 1997, and least squares.
//!
//! ```
//! use stack_predict::plane::plane;
//! assert_eq!(plane(10_u8, 20, 26), 13);
//! assert_eq!(plane(10_u8, 26, 21), 8); // -5 / 2 is -2
//! assert_eq!(plane(1_u8, 200, 100), 0); // -49, clamped
//! ```
//!
//! Cost: seven operations a sample. Exercise: derive the slope from the normal equations.

use crate::rule::Rule;
use crate::{Key, Neighbours};

/// `west` and one step of the slope of the row above, clamped.
#[inline]
#[must_use]
pub fn plane<K: Key>(west: K, north_west: K, north_east: K) -> K {
    let up = north_east.minus_clamped(north_west).half();
    let down = north_west.minus_clamped(north_east).half();
    west.plus_clamped(up).minus_clamped(down)
}

/// The plane through W and the row above.
#[derive(Debug, Clone, Copy)]
pub struct Plane;

impl Rule for Plane {
    type WithoutEarlier = Self;

    #[inline]
    fn predict<K: Key>(near: &Neighbours<K>) -> K {
        plane(near.west, near.north_west, near.north_east)
    }

    fn by_definition(near: &Neighbours<i128>, highest: i128) -> i128 {
        (near.west + (near.north_east - near.north_west) / 2).clamp(0, highest)
    }
}
