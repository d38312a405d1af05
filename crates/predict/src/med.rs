//! MED: the median of W, N and W + N - NW, which finds edges.
//!
//! ```text
//! x ~ min(W, N)     where NW >= max(W, N)      an edge above, or to the west
//!     max(W, N)     where NW <= min(W, N)
//!     W + N - NW    else                       a plane
//!
//! fast: W + (up - (W - NW)) - (down - (NW - W))      where up = N - NW, down = NW - N, and each difference in
//!                                                    brackets or by name is 0 where it would be negative
//! ```
//!
//! The fast form has no branch that noise could mislead, no step of it leaves the width of the sample, and `up` and
//! `down` do not wait for W when decoding: where N is above NW, the prediction goes up from W by the part of
//! `N - NW` that W has not gone yet; and down likewise.
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
//! Cost: eight operations a sample. Exercise: show that the three cases are the median of the three numbers.

use crate::rule::Rule;
use crate::{Key, Neighbours};

/// The median of `west`, `north` and `west + north - north_west`.
#[inline]
#[must_use]
pub fn med<K: Key>(west: K, north: K, north_west: K) -> K {
    let (up, down) = (north.minus_clamped(north_west), north_west.minus_clamped(north));
    let up_from_west = up.minus_clamped(west.minus_clamped(north_west));
    let down_from_west = down.minus_clamped(north_west.minus_clamped(west));
    west.plus(up_from_west).minus(down_from_west)
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
