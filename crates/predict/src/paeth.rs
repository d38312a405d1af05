//! Paeth: of west, north and north-west, the one nearest to W + N - NW.
//!
//! ```text
//! p = W + N - NW
//! x ~ W    where |p - W| <= |p - N| and |p - W| <= |p - NW|
//!     N    else, where |p - N| <= |p - NW|
//!     NW   else
//! ```
//!
//! Always one of the three samples, never a new value: good for drawings and palettes, while its sibling
//! [`med`](crate::med) interpolates and is better on photographs. Source: A. W. Paeth, "Image file compression made
//! easy", in Graphics Gems II, 1991; PNG specification (W3C, 3rd edition, section 9.4), whose order of ties is kept.
//!
//! ```
//! use stack_predict::paeth::paeth;
//! assert_eq!(paeth(100_u8, 50, 48), 100); // p = 102
//! assert_eq!(paeth(10_u8, 200, 190), 10); // p = 20
//! assert_eq!(paeth(10_u8, 30, 20), 20); // p = 20, which is NW itself
//! ```
//!
//! Cost: about ten operations a sample. The fast form never leaves the width of the sample: with `a = |N - NW|` =
//! `|p - W|` and `b = |W - NW|` = `|p - N|`, the third distance `|a' + b'|` is `a + b` where both differences have one
//! sign, which is never smaller than the others, and `|a - b|` where they have not.
//! Exercise: which of the three wins if `NW` lies between `W` and `N`, and exactly in the middle?

use crate::rule::Rule;
use crate::{Key, Neighbours};

/// The nearest of the three to `west + north - north_west`; west before north before north-west.
#[inline]
#[must_use]
pub fn paeth<K: Key>(west: K, north: K, north_west: K) -> K {
    let (to_west, to_north) = (north.distance(north_west), west.distance(north_west));
    // One sign: the distance to north-west is the sum, and never below the smaller of the two.
    let one_sign = (north >= north_west) == (west >= north_west);
    let to_north_west = if one_sign { to_west.max(to_north) } else { to_west.distance(to_north) };
    if to_west <= to_north && to_west <= to_north_west {
        west
    } else if to_north <= to_north_west {
        north
    } else {
        north_west
    }
}

/// The nearest of west, north and north-west to W + N - NW.
#[derive(Debug, Clone, Copy)]
pub struct Paeth;

impl Rule for Paeth {
    type WithoutEarlier = Self;

    #[inline]
    fn predict<K: Key>(near: &Neighbours<K>) -> K {
        paeth(near.west, near.north, near.north_west)
    }

    fn by_definition(near: &Neighbours<i128>, _highest: i128) -> i128 {
        let plane = near.west + near.north - near.north_west;
        let distance = |candidate: i128| (plane - candidate).abs();
        let (west, north, north_west) =
            (distance(near.west), distance(near.north), distance(near.north_west));
        if west <= north && west <= north_west {
            near.west
        } else if north <= north_west {
            near.north
        } else {
            near.north_west
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::neighbours::Previous;

    #[test]
    fn all_triples_of_spread_bytes() {
        let values = || (0..=255_u8).step_by(5).chain([1, 127, 128, 254]);
        let none = Previous { here: 0, west: 0, north: 0, north_west: 0, north_east: 0, east: 0, south: 0 };
        for west in values() {
            for north in values() {
                for north_west in values() {
                    let near = Neighbours {
                        west: i128::from(west),
                        north: i128::from(north),
                        north_west: i128::from(north_west),
                        north_east: 0,
                        west_west: 0,
                        north_north: 0,
                        previous: none,
                        before: 0,
                    };
                    let slow = Paeth::by_definition(&near, 255);
                    assert_eq!(
                        i128::from(paeth(west, north, north_west)),
                        slow,
                        "{west} {north} {north_west}"
                    );
                }
            }
        }
    }
}
