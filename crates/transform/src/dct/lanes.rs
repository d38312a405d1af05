//! Numbers of several lines side by side, and complex ones of them.

use std::ops::{Add, Mul, Sub};

/// One number of each of `L` lines.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lanes<const L: usize>(pub(super) [f64; L]);

impl<const L: usize> Lanes<L> {
    pub(super) const ZERO: Self = Self([0.0; L]);
}

impl<const L: usize> Add for Lanes<L> {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(std::array::from_fn(|lane| self.0[lane] + other.0[lane]))
    }
}

impl<const L: usize> Sub for Lanes<L> {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(std::array::from_fn(|lane| self.0[lane] - other.0[lane]))
    }
}

impl<const L: usize> Mul<f64> for Lanes<L> {
    type Output = Self;

    fn mul(self, factor: f64) -> Self {
        Self(self.0.map(|number| number * factor))
    }
}

/// Complex numbers: real and imaginary parts.
pub(super) type Pair<const L: usize> = (Lanes<L>, Lanes<L>);

pub(super) fn plus<const L: usize>(a: Pair<L>, b: Pair<L>) -> Pair<L> {
    (a.0 + b.0, a.1 + b.1)
}

pub(super) fn minus<const L: usize>(a: Pair<L>, b: Pair<L>) -> Pair<L> {
    (a.0 - b.0, a.1 - b.1)
}

pub(super) fn times<const L: usize>(a: Pair<L>, factor: f64) -> Pair<L> {
    (a.0 * factor, a.1 * factor)
}

/// `a + i b` and `a - i b`.
pub(super) fn turned<const L: usize>(a: Pair<L>, b: Pair<L>) -> (Pair<L>, Pair<L>) {
    ((a.0 - b.1, a.1 + b.0), (a.0 + b.1, a.1 - b.0))
}

/// `a` times one complex number.
pub(super) fn rotated<const L: usize>(a: Pair<L>, by: (f64, f64)) -> Pair<L> {
    (a.0 * by.0 - a.1 * by.1, a.1 * by.0 + a.0 * by.1)
}
