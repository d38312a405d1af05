//! Looks for GRIB's simple packing: a reference, and steps of a power of two, perhaps divided by a power of ten.

use super::finder::DIGITS;
use super::grid::POWERS;
use super::{Arithmetic, Grid, Lattice};
use crate::float::Float;

/// The packed grid of fewest bits on which all of the ascending samples lie; `None` if it has not fewer than `below`.
pub(super) fn find<T: Float>(distinct: &[T], below: u32) -> Option<Lattice<T>> {
    let (low, high): (f64, f64) = ((*distinct.first()?).into(), (*distinct.last()?).into());
    let numbers = distinct.iter().map(|sample| (*sample).into());
    let gap =
        numbers.clone().zip(numbers.skip(1)).map(|(a, b): (f64, f64)| b - a).fold(f64::INFINITY, f64::min);
    // A span of two samples or more that is a number.
    if !((high - low).is_finite() && gap.is_finite()) {
        return None;
    }
    // Both neighbours may have been rounded by half a unit in the last place of the larger.
    let rounded = high.abs().max(low.abs()) / (1_u64 << T::MANTISSA_BITS) as f64;
    let mut best: Option<Lattice<T>> = None;
    for digits in DIGITS {
        let power = POWERS[digits as usize];
        let Some(largest) = exponent_of((gap + rounded) * power) else { continue };
        let ways = if digits == 0 { &[Arithmetic::Quotient][..] } else { Arithmetic::all::<T>() };
        for arithmetic in ways {
            for reference in references(low * power, digits) {
                let bits = best.as_ref().map_or(below, Lattice::bits);
                let Some(span) = exponent_of((high - low) * power) else { continue };
                // With the next smaller step, as many bits would be needed.
                let least = (span + 2 - bits as i32).max(-1074);
                let grids = (least..=largest).rev().map(|exponent| Grid::Packed {
                    reference,
                    exponent,
                    digits,
                    arithmetic: *arithmetic,
                });
                let found = grids.filter_map(|grid| holds(grid, distinct)).next();
                best = found.filter(|lattice| lattice.bits() < bits).or(best);
            }
        }
    }
    best
}

/// The lattice of a grid, if all samples lie on it.
fn holds<T: Float>(grid: Grid<T>, distinct: &[T]) -> Option<Lattice<T>> {
    let mut last = 0;
    for sample in distinct {
        last = grid.index(*sample)?;
    }
    Some(Lattice { grid, first: 0, last })
}

/// References that the least number may stand for: itself, and with digits, where it was rounded after it was divided,
/// the floats of single precision near it, for that is what a message holds.
fn references(number: f64, digits: u32) -> Vec<f64> {
    if digits == 0 {
        return vec![number];
    }
    let near = (number as f32).key();
    let keys = (near.saturating_sub(2)..=near + 2).filter(|key| *key <= u64::from(u32::MAX));
    keys.map(f32::of_key).filter(|float| float.finite()).map(f64::from).collect()
}

/// The exponent of the largest power of two that is not above a number; `None` unless that is a normal number.
fn exponent_of(number: f64) -> Option<i32> {
    (number.is_normal() && number > 0.0).then(|| (number.to_bits() >> 52) as i32 - 1023)
}
