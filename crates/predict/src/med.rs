//! MED: the median of W, N and W + N - NW, which finds edges.
//!
//! ```text
//! x ~ min(W, N)     where NW >= max(W, N)      an edge above, or to the west
//!     max(W, N)     where NW <= min(W, N)
//!     W + N - NW    else                       a plane
//!
//! fast: W + N - median(W, N, NW)               median = clamp(W, min(N, NW), max(N, NW))
//! ```
//!
//! The fast form says the same: where NW is the largest, the median is `max(W, N)`, and `min(W, N)` is left. It has
//! no branch that noise could mislead, its steps are modulo 2^w and need no wider type, and what clamps W is known
//! before W: a decoder waits for a maximum, a minimum and two sums only.
//!
//! Also called LOCO-I, the median edge detector. The best of the simple ones on most photographs; its sibling
//! [`gradient`](crate::gradient) lacks the switch at edges. Source: M. J. Weinberger, G. Seroussi, G. Sapiro, "The
//! LOCO-I lossless image compression algorithm", IEEE Trans. Image Processing 9, 2000; ITU-T T.87 (JPEG-LS), A.4.2.
//!
//! ```
//! use stack_predict::med::med;
//! assert_eq!(med(10_u8, 20, 12), 18); // plane: 10 + 20 - 12
//! assert_eq!(med(10_u8, 20, 25), 10); // edge: the smaller
//! assert_eq!(med(10_u8, 20, 5), 20); // edge: the larger
//! ```
//!
//! Cost: six operations a sample. Exercise: show that the three cases are the median of the three numbers.

use crate::rule::Rule;
use crate::{Key, Neighbours};

/// The median of `west`, `north` and `west + north - north_west`.
#[inline]
#[must_use]
pub fn med<K: Key>(west: K, north: K, north_west: K) -> K {
    let (low, high) = (north.min(north_west), north.max(north_west));
    west.plus(north).minus(west.max(low).min(high))
}

/// The median of W, N and W + N - NW.
#[derive(Debug, Clone, Copy)]
pub struct Med;

impl Rule for Med {
    type WithoutEarlier = Self;

    #[inline]
    fn predict<K: Key>(near: &Neighbours<K>) -> K {
        med(near.west, near.north, near.north_west)
    }

    fn by_definition(near: &Neighbours<i128>, _highest: i128) -> i128 {
        by_definition(near.west, near.north, near.north_west)
    }
}

/// The three cases of JPEG-LS, in wide numbers.
#[must_use]
pub fn by_definition(west: i128, north: i128, north_west: i128) -> i128 {
    if north_west >= west.max(north) {
        west.min(north)
    } else if north_west <= west.min(north) {
        west.max(north)
    } else {
        west + north - north_west
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_triples_of_spread_bytes_are_medians() {
        let values = || (0..=255_u8).step_by(5).chain([1, 127, 128, 254]);
        for west in values() {
            for north in values() {
                for north_west in values() {
                    let wide = [west, north, north_west].map(i128::from);
                    let mut three = [wide[0], wide[1], wide[0] + wide[1] - wide[2]];
                    three.sort_unstable();
                    assert_eq!(i128::from(med(west, north, north_west)), three[1]);
                    assert_eq!(by_definition(wide[0], wide[1], wide[2]), three[1]);
                }
            }
        }
    }
}
