//! Lorenzo: the corner of a square or a cube from all its other corners.
//!
//! ```text
//! 2-D: x ~ W + N - NW
//! 3-D: x ~ W + N + T - NW - TW - TN + TNW      T: the same place in the previous frame, TW west of it, ...
//! ```
//!
//! The signs alternate with the number of steps to the corner; in general, the residual is the difference along each
//! axis, one after the other, `(1 - z_x)(1 - z_y)(1 - z_t)` as an operator. So it is exact where the values are a sum
//! of functions of two coordinates each, and its inverse is a running sum along each axis. Everything is modulo 2^w,
//! which a linear transform does not mind. [`gradient`](crate::gradient) is the 2-D form with a clamp.
//! Source: L. Ibarria, P. Lindstrom, J. Rossignac, A. Szymczak, "Out-of-core compression and decompression of large
//! n-dimensional scalar fields", Computer Graphics Forum 22, 2003.
//!
//! ```
//! use stack_predict::lorenzo::Lorenzo3;
//! use stack_predict::rule::encode;
//! use stack_predict::{Earlier, Shape};
//!
//! // 10 t + 3 y + x y: functions of at most two coordinates.
//! let frame = |t: u16| [[0, 0, 0], [3, 4, 5], [6, 8, 10]].map(|row| row.map(|v: u16| 10 * t + v)).concat();
//! let mut codes = [0; 9];
//! encode::<Lorenzo3, _>(Shape::new(3, 3)?, &frame(2), Earlier::One(&frame(1)), &mut codes)?;
//! assert_eq!(codes, [20, 0, 0, 0, 0, 0, 0, 0, 0]);
//! # Ok::<(), stack_predict::Error>(())
//! ```
//!
//! Cost: three or seven additions a sample. The noise of all corners adds up: eight times the variance in 3-D, so on
//! noisy cubes fewer neighbours are better. Exercise: why is the border rule of this crate the same as zeros outside?

use crate::rule::Rule;
use crate::{Key, Neighbours};

/// The corner of a square.
#[derive(Debug, Clone, Copy)]
pub struct Lorenzo2;

impl Rule for Lorenzo2 {
    type WithoutEarlier = Self;

    #[inline]
    fn predict<K: Key>(near: &Neighbours<K>) -> K {
        near.west.plus(near.north.minus(near.north_west))
    }

    fn by_definition(near: &Neighbours<i128>, _highest: i128) -> i128 {
        near.west + near.north - near.north_west
    }
}

/// The corner of a cube; of a square in the first frame.
#[derive(Debug, Clone, Copy)]
pub struct Lorenzo3;

impl Rule for Lorenzo3 {
    type WithoutEarlier = Lorenzo2;

    #[inline]
    fn predict<K: Key>(near: &Neighbours<K>) -> K {
        // West comes last, so that decoding waits for one addition only.
        let previous = &near.previous;
        let known = near.north.minus(near.north_west).plus(previous.here).minus(previous.west);
        near.west.plus(known.minus(previous.north.minus(previous.north_west)))
    }

    fn by_definition(near: &Neighbours<i128>, _highest: i128) -> i128 {
        let earlier = &near.previous;
        near.west + near.north + earlier.here - near.north_west - earlier.west - earlier.north
            + earlier.north_west
    }
}
