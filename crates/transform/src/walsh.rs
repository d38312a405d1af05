//! The Walsh-Hadamard transform of lines: a basis of plus and minus one.
//!
//! ```text
//! T(u) = 1/sqrt(N) * sum over x of f(x) (-1)^(number of common ones in the bits of x and of h(u)),   N a power of two
//! ```
//!
//! `h` sorts the vectors by sign changes ("sequency"), as the DCT is sorted by frequency: `h(u)` is the Gray code
//! `u ^ (u >> 1)` with its bits reversed. Vector u changes its sign u times. Compared with [`crate::dct`], there is
//! nothing to multiply: additions only. The steps of its vectors show in smooth pictures, where it compacts less.
//!
//! Sources: Pratt, Kane, Andrews, "Hadamard transform image coding", Proc. IEEE 57 (1969); the order: Beauchamp, *Walsh
//! Functions and their Applications* (1975).
//!
//! ```
//! use stack_transform::walsh;
//!
//! let ramp = [1.0, 2.0, 3.0, 4.0];
//! let mut line = ramp;
//! walsh::forward(&mut line)?;
//! assert_eq!(line, [5.0, -2.0, 0.0, -1.0]);
//! assert_eq!(line.to_vec(), walsh::forward_by_definition(&ramp)?);
//! walsh::inverse(&mut line)?;
//! assert_eq!(line, ramp);
//! # Ok::<(), stack_transform::Error>(())
//! ```
//!
//! Worst-case cost: by definition N^2 additions, fast N log2 N.
//!
//! Exercise: for integers, leave out the factor `1/sqrt(N)`. By what must the inverse divide, and how many more bits
//! does a coefficient of an 8 x 8 block of bytes have than a sample?

use crate::error::{Error, Result, check_finite, check_overflow};

/// Which Hadamard vector changes its sign `u` times: the Gray code of `u` with its bits reversed.
#[must_use]
pub fn hadamard_index(order: usize, u: usize) -> usize {
    if order < 2 {
        return 0;
    }
    (u ^ (u >> 1)).reverse_bits() >> (usize::BITS - order.ilog2())
}

/// Entry `x` of vector `u` of the transform of order `order`, a power of two: the formula as it stands.
#[must_use]
pub fn basis(order: usize, u: usize, x: usize) -> f64 {
    let scale = 1.0 / libm::sqrt(order as f64);
    if (x & hadamard_index(order, u)).count_ones().is_multiple_of(2) { scale } else { -scale }
}

pub(crate) fn check_order(order: usize) -> Result<()> {
    if order.is_power_of_two() {
        Ok(())
    } else {
        Err(Error::parameter(
            "the length of a Walsh-Hadamard transform",
            order as f64,
            "a power of two is needed",
        ))
    }
}

/// The coefficients by definition.
///
/// # Errors
/// [`Error::Parameter`] if the length is not a power of two; [`Error::NotFinite`]; [`Error::Overflow`].
pub fn forward_by_definition(line: &[f64]) -> Result<Vec<f64>> {
    let order = line.len();
    check_order(order)?;
    check_finite(line)?;
    let coefficients: Vec<f64> =
        (0..order).map(|u| (0..order).map(|x| line[x] * basis(order, u, x)).sum()).collect();
    check_overflow(&coefficients)?;
    Ok(coefficients)
}

/// Replaces a line by its coefficients.
///
/// # Errors
/// As [`forward_by_definition`].
pub fn forward(line: &mut [f64]) -> Result<()> {
    checked(line, forward_with)
}

/// Replaces coefficients by their line.
///
/// # Errors
/// As [`forward_by_definition`].
pub fn inverse(coefficients: &mut [f64]) -> Result<()> {
    checked(coefficients, inverse_with)
}

fn checked(line: &mut [f64], work: impl Fn(&mut [f64], &mut [f64])) -> Result<()> {
    check_order(line.len())?;
    check_finite(line)?;
    work(line, &mut vec![0.0; line.len()]);
    check_overflow(line)
}

pub(crate) fn forward_with(line: &mut [f64], scratch: &mut [f64]) {
    scratch.copy_from_slice(line);
    butterflies(scratch);
    for (u, coefficient) in line.iter_mut().enumerate() {
        *coefficient = scratch[hadamard_index(scratch.len(), u)];
    }
}

pub(crate) fn inverse_with(line: &mut [f64], scratch: &mut [f64]) {
    for (u, coefficient) in line.iter().enumerate() {
        scratch[hadamard_index(line.len(), u)] = *coefficient;
    }
    butterflies(scratch);
    line.copy_from_slice(scratch);
}

/// Sums and differences at distances 1, 2, 4, ...: the transform in Hadamard's order, which is its own inverse.
fn butterflies(line: &mut [f64]) {
    let mut distance = 1;
    while distance < line.len() {
        for pair in line.chunks_exact_mut(2 * distance) {
            let (left, right) = pair.split_at_mut(distance);
            for (a, b) in left.iter_mut().zip(right) {
                (*a, *b) = (*a + *b, *a - *b);
            }
        }
        distance *= 2;
    }
    let scale = 1.0 / libm::sqrt(line.len() as f64);
    for sample in line {
        *sample *= scale;
    }
}
