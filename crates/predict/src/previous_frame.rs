//! The same place in the previous frame, alone and with MED of what changed around it.
//!
//! ```text
//! PreviousFrame:    x ~ T
//! PreviousFrameMed: x ~ T + MED(W - TW, N - TN, NW - TNW)      differences modulo 2^w, as signed numbers
//! MeanOfTwo:        x ~ floor((T + U) / 2)                     U: the same place in the frame before
//! ```
//!
//! `PreviousFrame` is exact on what stands still. `PreviousFrameMed` is [`mod@med`] on the picture of
//! differences: exact as well where the light changes everywhere by one amount, and it carries the noise of both
//! frames. `MeanOfTwo` halves the noise of a still scene; over more frames, [`running_mean`](crate::running_mean) does.
//! The first frame is predicted by MED in each case. Source: frame differencing is as old as digital video
//! (A. J. Seyler, "The coding of visual signals to reduce channel-capacity requirements", 1962); MED on differences
//! is common in lossless video codecs.
//!
//! ```
//! use stack_predict::previous_frame::{PreviousFrame, PreviousFrameMed};
//! use stack_predict::rule::encode;
//! use stack_predict::{Earlier, Shape};
//!
//! let (shape, previous) = (Shape::new(2, 2)?, [10_u8, 50, 30, 20]);
//! let brighter = previous.map(|sample| sample + 3);
//! let mut codes = [0; 4];
//! encode::<PreviousFrame, _>(shape, &brighter, Earlier::One(&previous), &mut codes)?;
//! assert_eq!(codes, [6, 6, 6, 6]);
//! encode::<PreviousFrameMed, _>(shape, &brighter, Earlier::One(&previous), &mut codes)?;
//! assert_eq!(codes, [6, 0, 0, 0]);
//! # Ok::<(), stack_predict::Error>(())
//! ```
//!
//! Cost: one, ten and four operations a sample. Exercise: at which noise of the camera, against how much change of
//! light, does `PreviousFrameMed` begin to beat `PreviousFrame`?

use crate::med::{self, Med, med};
use crate::rule::Rule;
use crate::{Key, Neighbours};

/// The same place in the previous frame.
#[derive(Debug, Clone, Copy)]
pub struct PreviousFrame;

impl Rule for PreviousFrame {
    type WithoutEarlier = Med;

    #[inline]
    fn predict<K: Key>(near: &Neighbours<K>) -> K {
        near.previous.here
    }

    fn by_definition(near: &Neighbours<i128>, _highest: i128) -> i128 {
        near.previous.here
    }
}

/// The previous frame, and MED of the differences to it.
#[derive(Debug, Clone, Copy)]
pub struct PreviousFrameMed;

impl Rule for PreviousFrameMed {
    type WithoutEarlier = Med;

    #[inline]
    fn predict<K: Key>(near: &Neighbours<K>) -> K {
        // Signed numbers are in the order of unsigned ones once their highest bit is turned.
        let sign = K::HIGHEST.minus(K::HIGHEST.half());
        let change = |now: K, earlier: K| now.minus(earlier).xor(sign);
        let expected = med(
            change(near.west, near.previous.west),
            change(near.north, near.previous.north),
            change(near.north_west, near.previous.north_west),
        );
        near.previous.here.plus(expected.xor(sign))
    }

    fn by_definition(near: &Neighbours<i128>, highest: i128) -> i128 {
        let (range, half) = (highest + 1, (highest + 1) / 2);
        let change = |now: i128, earlier: i128| (now - earlier + half).rem_euclid(range) - half;
        near.previous.here
            + med::by_definition(
                change(near.west, near.previous.west),
                change(near.north, near.previous.north),
                change(near.north_west, near.previous.north_west),
            )
    }
}

/// The mean of the same place in the two frames before; with one frame before, that one.
#[derive(Debug, Clone, Copy)]
pub struct MeanOfTwo;

impl Rule for MeanOfTwo {
    type WithoutEarlier = Med;

    #[inline]
    fn predict<K: Key>(near: &Neighbours<K>) -> K {
        near.previous.here.average(near.before)
    }

    fn by_definition(near: &Neighbours<i128>, _highest: i128) -> i128 {
        (near.previous.here + near.before).div_euclid(2)
    }
}
