//! Histograms: how often each value occurs, alone ([`Histogram`]), in pairs ([`Histogram::joint`]) and given another
//! ([`Histogram::given`]).
//!
//! A histogram is all that a coder without memory knows of its data; what it leaves unsaid is measured by
//! [`crate::information`]. Values may be integers of any type, pairs of them, or whatever has an order. For bytes
//! and 16-bit samples there are dense tables ([`byte_counts`], [`word_counts`]), which the coders take.
//!
//! `n(a) = #{ i : x(i) = a }`, and `n(a, b) = #{ i : x(i) = a and y(i) = b }`.
//!
//! Source: T. M. Cover, J. A. Thomas, *Elements of Information Theory*, 2nd edition, 2006, section 11.1 (types).
//!
//! ```
//! use stack_entropy::histogram::Histogram;
//!
//! let sky: Histogram<i16> = Histogram::of(&[-3, 7, 7, -3, 7]);
//! assert_eq!(sky.iter().collect::<Vec<_>>(), [(-3, 2), (7, 3)]);
//! assert_eq!((sky.total(), sky.probability(&7)), (5, 0.6));
//!
//! let pairs = Histogram::joint(&[0, 0, 1, 1], &['a', 'b', 'b', 'b'])?;
//! assert_eq!(pairs.count(&(1, 'b')), 2);
//! assert_eq!(pairs.second().iter().collect::<Vec<_>>(), [('a', 1), ('b', 3)]);
//! assert_eq!(pairs.given(&'b').iter().collect::<Vec<_>>(), [(0, 1), (1, 2)]);
//! # Ok::<(), stack_entropy::Error>(())
//! ```
//!
//! **Worst case**: `n log k` for `n` values of `k` kinds, and memory for `k`; the dense tables take `n`.
//!
//! **Exercise**: which two images have the same histogram and a joint histogram (each with itself moved by one pixel)
//! that could not differ more?

use std::collections::BTreeMap;

use crate::Error;

/// How often each value occurs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Histogram<T> {
    counts: BTreeMap<T, u64>,
    total: u64,
}

impl<T: Ord + Copy> Histogram<T> {
    /// Counts the values of a slice.
    pub fn of(values: &[T]) -> Self {
        values.iter().copied().collect()
    }

    /// How often a value occurs.
    pub fn count(&self, value: &T) -> u64 {
        self.counts.get(value).copied().unwrap_or(0)
    }

    /// The number of all values.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// The number of different values.
    pub fn kinds(&self) -> usize {
        self.counts.len()
    }

    /// The share of a value among all; 0 in an empty histogram.
    pub fn probability(&self, value: &T) -> f64 {
        if self.total == 0 { 0.0 } else { self.count(value) as f64 / self.total as f64 }
    }

    /// Values and their counts, in ascending order; only values that occur.
    pub fn iter(&self) -> impl Iterator<Item = (T, u64)> {
        self.counts.iter().map(|(&value, &count)| (value, count))
    }

    /// The counts alone, in ascending order of the values.
    pub fn counts(&self) -> impl Iterator<Item = u64> {
        self.counts.values().copied()
    }

    /// Adds `count` occurrences of a value.
    pub fn add(&mut self, value: T, count: u64) {
        if count > 0 {
            *self.counts.entry(value).or_insert(0) += count;
            self.total += count;
        }
    }
}

impl<T: Ord + Copy> Default for Histogram<T> {
    fn default() -> Self {
        Self { counts: BTreeMap::new(), total: 0 }
    }
}

impl<T: Ord + Copy> FromIterator<T> for Histogram<T> {
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Self {
        let mut histogram = Self::default();
        for value in values {
            histogram.add(value, 1);
        }
        histogram
    }
}

impl<A: Ord + Copy, B: Ord + Copy> Histogram<(A, B)> {
    /// Counts the pairs of values at the same place of two slices.
    ///
    /// # Errors
    ///
    /// [`Error::Lengths`] where the slices differ in length.
    pub fn joint(first: &[A], second: &[B]) -> Result<Self, Error> {
        if first.len() != second.len() {
            return Err(Error::Lengths { what: "sequences", first: first.len(), second: second.len() });
        }
        Ok(first.iter().copied().zip(second.iter().copied()).collect())
    }

    /// The histogram of the first value of each pair.
    pub fn first(&self) -> Histogram<A> {
        self.sum_of(|(first, _)| Some(first))
    }

    /// The histogram of the second value of each pair.
    pub fn second(&self) -> Histogram<B> {
        self.sum_of(|(_, second)| Some(second))
    }

    /// The histogram of the first value where the second one is `condition`.
    pub fn given(&self, condition: &B) -> Histogram<A> {
        self.sum_of(|(first, second)| (second == *condition).then_some(first))
    }

    fn sum_of<T: Ord + Copy>(&self, key: impl Fn((A, B)) -> Option<T>) -> Histogram<T> {
        let mut histogram = Histogram::default();
        for (pair, count) in self.iter() {
            if let Some(value) = key(pair) {
                histogram.add(value, count);
            }
        }
        histogram
    }
}

/// How often each of the 256 bytes occurs.
pub fn byte_counts(bytes: &[u8]) -> [u64; 256] {
    // Four tables, because equal neighbours would have to wait for each other's count.
    let mut tables = [[0_u64; 256]; 4];
    let (fours, rest) = bytes.as_chunks::<4>();
    for four in fours {
        for (table, &byte) in tables.iter_mut().zip(four) {
            table[usize::from(byte)] += 1;
        }
    }
    for &byte in rest {
        tables[0][usize::from(byte)] += 1;
    }
    std::array::from_fn(|byte| tables.iter().map(|table| table[byte]).sum())
}

/// How often each of the 16-bit words from 0 to the greatest that occurs does.
pub fn word_counts(words: &[u16]) -> Vec<u64> {
    let size = words.iter().max().map_or(0, |&most| usize::from(most) + 1);
    let mut counts = vec![0; size];
    for &word in words {
        counts[usize::from(word)] += 1;
    }
    counts
}
