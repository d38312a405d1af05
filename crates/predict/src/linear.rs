//! Neighbours as small signed numbers, for predictors that weigh and add them.

use crate::{Key, Neighbours};

/// Differences are cut off here, so that sums of a dozen of them times 16-bit weights fit in 64 bits. Only numbers of
/// 64 bits, and floats far apart, are ever that different; the prediction is as exact to undo as any other.
const LARGEST_DIFFERENCE: i128 = 1 << 36;

/// Neighbours that linear predictors look at without earlier frames.
pub(crate) const SPATIAL: usize = 6;
/// Neighbours that linear predictors look at with earlier frames.
pub(crate) const ALL: usize = 13;

/// The neighbours in a fixed order, those of the current frame first.
pub(crate) fn in_order<K: Key>(near: &Neighbours<K>) -> [K; ALL] {
    let previous = &near.previous;
    [
        near.west,
        near.north,
        near.north_west,
        near.north_east,
        near.west_west,
        near.north_north,
        previous.here,
        previous.west,
        previous.north,
        previous.east,
        previous.south,
        previous.north_west,
        near.before,
    ]
}

/// How far `key` is above `base`.
pub(crate) fn above<K: Key>(key: K, base: K) -> i64 {
    let difference = key.widened() as i128 - base.widened() as i128;
    difference.clamp(-LARGEST_DIFFERENCE, LARGEST_DIFFERENCE) as i64
}

/// `base` moved by `offset`, clamped to the keys that there are.
pub(crate) fn moved<K: Key>(base: K, offset: i64) -> K {
    let moved = base.widened() as i128 + i128::from(offset);
    K::narrowed(moved.clamp(0, K::HIGHEST.widened() as i128).cast_unsigned())
}
