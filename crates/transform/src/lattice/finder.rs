//! Looks for a grid while frames pass by.

use super::grid::{EXACT, TABLE_LIMIT, times_power_of_two};
use super::{Arithmetic, Grid, Lattice};
use crate::float::Float;

/// Looks for the grid of a stack, frame by frame.
///
/// Memory: at most 65,536 keys of 8 bytes, and while a frame is looked at, a key and a copy of each of its samples.
///
/// ```
/// use stack_transform::lattice::{Grid, LatticeFinder};
///
/// let mut finder = LatticeFinder::new();
/// finder.push(&[0.25_f64, -1.5, f64::NAN]);
/// finder.push(&[8.0, 0.5]);
/// let lattice = finder.finish().expect("all are quarters");
/// assert_eq!((lattice.grid(), lattice.bits()), (&Grid::Binary { exponent: -2 }, 6));
/// ```
#[derive(Debug, Clone)]
pub struct LatticeFinder<T> {
    samples: usize,
    /// Keys, ascending; `None` once there were too many.
    table: Option<Vec<u64>>,
    decimals: Vec<Decimal<T>>,
    /// Least, largest, and the largest exponent of which both and all between are multiples.
    binary: Option<(f64, f64, i32)>,
}

/// A decimal grid on which all samples so far lie.
#[derive(Debug, Clone)]
struct Decimal<T> {
    grid: Grid<T>,
    first: i64,
    last: i64,
}

/// The digits after the point that are looked for.
pub(super) const DIGITS: std::ops::RangeInclusive<u32> = 0..=9;

/// More bits than this do not pay: the mantissa of f32 with its hidden bit, and what a code has.
pub(super) fn most_bits<T: Float>() -> u32 {
    (T::MANTISSA_BITS + 1).min(32)
}

impl<T: Float> Default for LatticeFinder<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: Float> LatticeFinder<T> {
    /// A finder that has seen nothing.
    #[must_use]
    pub fn new() -> Self {
        let grids = DIGITS.flat_map(|digits| {
            // Without digits, all but rounding to single precision is the same.
            let ways = if digits == 0 { &[Arithmetic::Quotient][..] } else { Arithmetic::all::<T>() };
            ways.iter().map(move |arithmetic| Grid::Decimal { digits, arithmetic: *arithmetic })
        });
        let decimals = grids.map(|grid| Decimal { grid, first: i64::MAX, last: i64::MIN }).collect();
        Self { samples: 0, table: Some(Vec::new()), decimals, binary: None }
    }

    /// Looks at samples; returns the distinct ordinary ones among them, ascending.
    pub fn push(&mut self, samples: &[T]) -> Vec<T> {
        let mut keys: Vec<u64> =
            samples.iter().filter(|sample| !sample.is_special()).map(|sample| sample.key()).collect();
        self.samples += keys.len();
        keys.sort_unstable();
        keys.dedup();
        let distinct: Vec<T> = keys.iter().map(|key| T::of_key(*key)).collect();
        self.decimals.retain_mut(|decimal| decimal.takes(&distinct));
        for sample in &distinct {
            self.widen((*sample).into());
        }
        self.merge(&keys);
        distinct
    }

    /// The cheapest grid on which all ordinary samples lie; `None` if there is none that saves bits, or there was no
    /// ordinary sample.
    #[must_use]
    pub fn finish(&self) -> Option<Lattice<T>> {
        self.cheapest(self.candidates())
    }

    /// The grids that are left, in the order in which they are preferred at equal cost.
    pub(super) fn candidates(&self) -> Vec<Lattice<T>> {
        if self.samples == 0 {
            return Vec::new();
        }
        let decimals = self.decimals.iter();
        let mut found: Vec<Lattice<T>> = decimals
            .map(|decimal| Lattice { grid: decimal.grid.clone(), first: decimal.first, last: decimal.last })
            .collect();
        if let Some((low, high, exponent)) = self.binary {
            // Zeros alone have no last bit.
            let exponent = if exponent == i32::MAX { 0 } else { exponent };
            let [first, last] = [low, high].map(|end| times_power_of_two(end, -exponent));
            let exact = EXACT as f64;
            if first.abs() <= exact
                && last.abs() <= exact
                && last - first < (1_u64 << most_bits::<T>()) as f64
            {
                found.push(Lattice {
                    grid: Grid::Binary { exponent },
                    first: first as i64,
                    last: last as i64,
                });
            }
        }
        if let Some(keys) = &self.table {
            let values: Vec<T> = keys.iter().map(|key| T::of_key(*key)).collect();
            let last = values.len() as i64 - 1;
            found.push(Lattice { grid: Grid::Table(values), first: 0, last });
        }
        found
    }

    /// The first of those that cost least, if that is less than the samples.
    pub(super) fn cheapest(&self, found: Vec<Lattice<T>>) -> Option<Lattice<T>> {
        let raw = self.samples as u128 * u128::from(T::BITS);
        let cheapest = found.into_iter().min_by_key(|lattice| lattice.cost(self.samples))?;
        (cheapest.cost(self.samples) < raw).then_some(cheapest)
    }

    fn widen(&mut self, number: f64) {
        let (low, high, exponent) = self.binary.unwrap_or((number, number, i32::MAX));
        let exponent = exponent.min(last_bit(number).unwrap_or(i32::MAX));
        self.binary = Some((low.min(number), high.max(number), exponent));
    }

    /// Merges ascending keys into the table.
    fn merge(&mut self, keys: &[u64]) {
        if let Some(table) = &mut self.table {
            let new = keys.iter().filter(|key| table.binary_search(key).is_err()).copied();
            let room = TABLE_LIMIT - table.len();
            let new: Vec<u64> = new.take(room + 1).collect();
            if new.len() > room {
                self.table = None;
            } else if !new.is_empty() {
                table.extend(new);
                table.sort_unstable();
            }
        }
    }
}

impl<T: Float> Decimal<T> {
    /// Whether all samples lie on the grid, within a range that pays.
    fn takes(&mut self, distinct: &[T]) -> bool {
        distinct.iter().all(|sample| {
            let Some(index) = self.grid.index(*sample) else { return false };
            self.first = self.first.min(index);
            self.last = self.last.max(index);
            self.last - self.first < 1 << most_bits::<T>()
        })
    }
}

/// The exponent of the last bit of a number that is not zero.
fn last_bit(number: f64) -> Option<i32> {
    let bits = number.to_bits();
    let (exponent, fraction) = ((bits >> 52 & 0x7ff) as i32, bits & f64::MANTISSA);
    let (mantissa, exponent) = if exponent == 0 { (fraction, 1) } else { (fraction | 1 << 52, exponent) };
    (mantissa != 0).then(|| exponent - 1075 + mantissa.trailing_zeros() as i32)
}
