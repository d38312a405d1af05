//! Looks for GRIB's simple packing: a reference, and steps of a power of two, perhaps divided by a power of ten.

use super::finder::{DIGITS, most_bits};
use super::grid::POWERS;
use super::{Arithmetic, Grid, Lattice};
use crate::float::Float;

/// The grids with the largest step, for each number of digits, on which all of the ascending samples lie.
pub(super) fn find<T: Float>(distinct: &[T]) -> Vec<Lattice<T>> {
    let (Some(low), Some(high)) = (distinct.first(), distinct.last()) else { return Vec::new() };
    let (low, high): (f64, f64) = ((*low).into(), (*high).into());
    let numbers = distinct.iter().map(|sample| (*sample).into());
    let gap =
        numbers.clone().zip(numbers.skip(1)).map(|(a, b): (f64, f64)| b - a).fold(f64::INFINITY, f64::min);
    // A span of two samples or more that is a number.
    if !((high - low).is_finite() && gap.is_finite()) {
        return Vec::new();
    }
    let mut found = Vec::new();
    for digits in DIGITS {
        let ways = if digits == 0 { &[Arithmetic::Quotient][..] } else { Arithmetic::all::<T>() };
        for arithmetic in ways {
            found.extend(find_scaled(distinct, low, high, gap, digits, *arithmetic));
        }
    }
    found
}

fn find_scaled<T: Float>(
    distinct: &[T],
    low: f64,
    high: f64,
    gap: f64,
    digits: u32,
    arithmetic: Arithmetic,
) -> Option<Lattice<T>> {
    let power = POWERS[digits as usize];
    // Both neighbours may have been rounded by half a unit in the last place of the larger.
    let rounded = high.abs().max(low.abs()) / (1_u64 << T::MANTISSA_BITS) as f64;
    let largest = exponent_of((gap + rounded) * power)?;
    let least = exponent_of((high - low) * power)? - most_bits::<T>() as i32;
    let at = |reference| {
        (least.max(-1074)..=largest).rev().find_map(|exponent| {
            let grid: Grid<T> = Grid::Packed { reference, exponent, digits, arithmetic };
            if !distinct.iter().all(|sample| grid.index(*sample).is_some()) {
                return None;
            }
            let last = grid.index(*distinct.last()?)?;
            (last < 1 << most_bits::<T>()).then_some(Lattice { grid, first: 0, last })
        })
    };
    references(low * power, digits).into_iter().filter_map(at).min_by_key(|lattice| lattice.last)
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
