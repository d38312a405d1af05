//! Orthonormal bases of lines: the one-dimensional halves of separable transforms.
//!
//! A basis of order N is N vectors of N numbers, of length one and at right angles to each other. A line `f` has the
//! coefficients `T(u) = sum over x of f(x) b(u, x)`, and `f(x) = sum over u of T(u) b(u, x)`: the inverse of an
//! orthonormal matrix is its transpose. A [`Basis`] differs from a [`Kernel`](crate::Kernel) in that it knows lines
//! only; a kernel knows blocks.
//!
//! ```
//! use stack_transform::Basis;
//!
//! let walsh = Basis::walsh_hadamard(4)?;
//! assert_eq!(walsh.vector(0), [0.5, 0.5, 0.5, 0.5]);
//! assert_eq!(walsh.vector(1), [0.5, 0.5, -0.5, -0.5]);
//! assert_eq!(walsh.forward(&[3.0, 1.0, 1.0, 3.0])?, [4.0, 0.0, 2.0, 0.0]);
//! # Ok::<(), stack_transform::Error>(())
//! ```
//!
//! Worst-case cost: O(N log N) for the DCT where N is a power of two and for Walsh-Hadamard, O(N) for the identity,
//! otherwise O(N^2). Memory: N^2 numbers. Source: Jain, *Fundamentals of Digital Image Processing* (1989), chapter 5.
//!
//! Exercise: the discrete sine transform has `b(u, x) = sqrt(2 / (N + 1)) sin(pi (u + 1) (x + 1) / (N + 1))`. Build it
//! with [`Basis::from_vectors`]. On which lines is it better than the DCT?

use crate::dct::{self, FastDct};
use crate::error::{Error, Result, check_finite, check_length, check_overflow, filled};
use crate::walsh;

/// Largest inner product that counts as none.
const TOLERANCE: f64 = 1e-9;

/// How a line is transformed; [`Basis::vector`] is the same for all.
#[derive(Debug, Clone)]
enum Way {
    Identity,
    /// The DCT-II, or its transpose, the DCT-III.
    Dct {
        fast: FastDct,
        transposed: bool,
    },
    WalshHadamard,
    Matrix,
}

/// An orthonormal basis of lines of N samples.
#[derive(Debug, Clone)]
pub struct Basis {
    order: usize,
    vectors: Vec<f64>,
    way: Way,
}

impl Basis {
    /// Longest line: a basis of this order takes 128 MiB.
    pub const MAX_ORDER: usize = 4096;

    fn new(order: usize, way: Way, value: impl Fn(usize, usize) -> f64) -> Result<Self> {
        check_order(order)?;
        let mut vectors = filled(order * order, 0.0)?;
        for (u, vector) in vectors.chunks_exact_mut(order).enumerate() {
            for (x, entry) in vector.iter_mut().enumerate() {
                *entry = value(u, x);
            }
        }
        Ok(Self { order, vectors, way })
    }

    /// The standard basis: each coefficient is a sample.
    ///
    /// # Errors
    /// [`Error::Parameter`] if `order` is not from 1 to [`Basis::MAX_ORDER`]; so for all bases.
    pub fn identity(order: usize) -> Result<Self> {
        Self::new(order, Way::Identity, |u, x| if u == x { 1.0 } else { 0.0 })
    }

    /// The DCT-II, "the" DCT: see [`crate::dct`].
    ///
    /// # Errors
    /// As [`Basis::identity`].
    pub fn dct2(order: usize) -> Result<Self> {
        check_order(order)?;
        let way = Way::Dct { fast: FastDct::new(order)?, transposed: false };
        Self::new(order, way, |u, x| dct::basis(order, u, x))
    }

    /// The DCT-III, the inverse and transpose of the DCT-II.
    ///
    /// # Errors
    /// As [`Basis::identity`].
    pub fn dct3(order: usize) -> Result<Self> {
        check_order(order)?;
        let way = Way::Dct { fast: FastDct::new(order)?, transposed: true };
        Self::new(order, way, |u, x| dct::basis(order, x, u))
    }

    /// The Walsh-Hadamard transform by rising number of sign changes: see [`crate::walsh`].
    ///
    /// # Errors
    /// [`Error::Parameter`] if `order` is not a power of two up to [`Basis::MAX_ORDER`].
    pub fn walsh_hadamard(order: usize) -> Result<Self> {
        check_order(order)?;
        walsh::check_order(order)?;
        Self::new(order, Way::WalshHadamard, |u, x| walsh::basis(order, u, x))
    }

    /// Any orthonormal basis: `vectors` holds vector 0, vector 1, and so on.
    ///
    /// # Errors
    /// [`Error::Length`] if there are not N^2 numbers, [`Error::NotFinite`], and [`Error::NotOrthonormal`] if an inner
    /// product of two vectors is wrong by more than 1e-9.
    pub fn from_vectors(order: usize, vectors: &[f64]) -> Result<Self> {
        check_order(order)?;
        check_length("the basis", order * order, vectors.len())?;
        check_finite(vectors)?;
        check_orthonormal(order, vectors)?;
        Ok(Self { order, vectors: vectors.to_vec(), way: Way::Matrix })
    }

    /// Samples of a line, and vectors.
    #[must_use]
    pub fn order(&self) -> usize {
        self.order
    }

    /// Basis vector `u`.
    ///
    /// # Panics
    /// If `u` is not below the order.
    #[must_use]
    pub fn vector(&self, u: usize) -> &[f64] {
        &self.vectors[u * self.order..][..self.order]
    }

    /// The coefficients of a line, the fast way.
    ///
    /// # Errors
    /// [`Error::Length`], [`Error::NotFinite`] and [`Error::Overflow`].
    pub fn forward(&self, line: &[f64]) -> Result<Vec<f64>> {
        self.checked(line, Self::analyse)
    }

    /// The line of coefficients, the fast way.
    ///
    /// # Errors
    /// As [`Basis::forward`].
    pub fn inverse(&self, coefficients: &[f64]) -> Result<Vec<f64>> {
        self.checked(coefficients, Self::synthesise)
    }

    fn checked(&self, line: &[f64], work: impl Fn(&Self, &mut [f64], &mut [f64])) -> Result<Vec<f64>> {
        check_length("the line", self.order, line.len())?;
        check_finite(line)?;
        let mut result = line.to_vec();
        work(self, &mut result, &mut vec![0.0; self.order]);
        check_overflow(&result)?;
        Ok(result)
    }

    /// Replaces a line by its coefficients; `scratch` is as long.
    pub(crate) fn analyse(&self, line: &mut [f64], scratch: &mut [f64]) {
        match &self.way {
            Way::Identity => {}
            Way::Dct { fast, transposed: false } => fast.forward_with(line, scratch),
            Way::Dct { fast, transposed: true } => fast.inverse_with(line, scratch),
            Way::WalshHadamard => walsh::forward_with(line, scratch),
            Way::Matrix => {
                scratch.copy_from_slice(line);
                for (sum, vector) in line.iter_mut().zip(self.vectors.chunks_exact(self.order)) {
                    *sum = inner_product(vector, scratch);
                }
            }
        }
    }

    /// Replaces coefficients by their line; `scratch` is as long.
    pub(crate) fn synthesise(&self, line: &mut [f64], scratch: &mut [f64]) {
        match &self.way {
            Way::Identity => {}
            Way::Dct { fast, transposed: false } => fast.inverse_with(line, scratch),
            Way::Dct { fast, transposed: true } => fast.forward_with(line, scratch),
            Way::WalshHadamard => walsh::inverse_with(line, scratch),
            Way::Matrix => {
                scratch.copy_from_slice(line);
                line.fill(0.0);
                for (weight, vector) in scratch.iter().zip(self.vectors.chunks_exact(self.order)) {
                    for (sum, entry) in line.iter_mut().zip(vector) {
                        *sum += weight * entry;
                    }
                }
            }
        }
    }
}

fn check_order(order: usize) -> Result<()> {
    if (1..=Basis::MAX_ORDER).contains(&order) {
        Ok(())
    } else {
        Err(Error::parameter("the order of a basis", order as f64, "it may be 1 to 4096"))
    }
}

/// Checks that `vectors` are `order` vectors of length one at right angles.
pub(crate) fn check_orthonormal(order: usize, vectors: &[f64]) -> Result<()> {
    for (first, one) in vectors.chunks_exact(order).enumerate() {
        for (second, other) in vectors.chunks_exact(order).enumerate().take(first + 1) {
            let product = inner_product(one, other);
            let ideal = if first == second { 1.0 } else { 0.0 };
            if (product - ideal).abs() > TOLERANCE {
                return Err(Error::NotOrthonormal { first, second, product });
            }
        }
    }
    Ok(())
}

/// The sum of products, in order.
pub(crate) fn inner_product(one: &[f64], other: &[f64]) -> f64 {
    one.iter().zip(other).map(|(a, b)| a * b).sum()
}
