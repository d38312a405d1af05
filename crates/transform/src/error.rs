//! What can be wrong with the arguments of this crate.

/// A wrong argument. Nothing was computed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A side of zero, or more samples than memory can address.
    #[error("a size of {height} x {width} samples is not possible: {reason}")]
    Size {
        /// Rows asked for.
        height: usize,
        /// Columns asked for.
        width: usize,
        /// Why it cannot be.
        reason: &'static str,
    },
    /// A slice that does not hold what its size says.
    #[error("{what} has {found} entries where {expected} are needed")]
    Length {
        /// Which slice.
        what: &'static str,
        /// Entries that the other arguments ask for.
        expected: usize,
        /// Entries given.
        found: usize,
    },
    /// A sample that is NaN or infinite: one of them would spoil every coefficient of its block.
    #[error("sample {index} is {value}; replace it by a finite number, for example the mean of the others")]
    NotFinite {
        /// Position in the slice.
        index: usize,
        /// NaN, infinity or minus infinity.
        value: f64,
    },
    /// Finite samples whose sums are too large for a 64-bit float.
    #[error("coefficient {index} is beyond the range of 64-bit floats; scale the samples down")]
    Overflow {
        /// Position in the result.
        index: usize,
    },
    /// Basis vectors that are not of length one and at right angles.
    #[error("basis vectors {first} and {second} have the inner product {product}: not an orthonormal basis")]
    NotOrthonormal {
        /// One vector.
        first: usize,
        /// The other, or the same.
        second: usize,
        /// Their inner product; it should be 1 for equal and 0 for different vectors.
        product: f64,
    },
    /// The eigenvectors of a covariance were not found.
    #[error("the eigenvectors of the covariance were not found; scale the samples, or add a little noise")]
    NoConvergence,
    /// A number outside what the function is defined for.
    #[error("{name} is {value}; {allowed}")]
    Parameter {
        /// The parameter.
        name: &'static str,
        /// What was given.
        value: f64,
        /// What may be given.
        allowed: &'static str,
    },
    /// More different colours than a palette may have.
    #[error("the picture has more than {limit} colours; a palette does not pay here")]
    TooManyColours {
        /// Colours allowed.
        limit: usize,
    },
    /// Memory for the result could not be had.
    #[error("no memory for {entries} entries of {bytes} bytes; ask for a smaller size")]
    Memory {
        /// Entries asked for.
        entries: usize,
        /// Bytes of one entry.
        bytes: usize,
    },
}

/// A result of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    pub(crate) fn parameter(name: &'static str, value: f64, allowed: &'static str) -> Self {
        Self::Parameter { name, value, allowed }
    }
}

/// Checks the length of a slice.
pub(crate) fn check_length(what: &'static str, expected: usize, found: usize) -> Result<()> {
    if expected == found { Ok(()) } else { Err(Error::Length { what, expected, found }) }
}

/// Checks that all samples are finite.
pub(crate) fn check_finite(samples: &[f64]) -> Result<()> {
    match samples.iter().position(|sample| !sample.is_finite()) {
        None => Ok(()),
        Some(index) => Err(Error::NotFinite { index, value: samples[index] }),
    }
}

/// Checks that sums stayed within the range of floats.
pub(crate) fn check_overflow(coefficients: &[f64]) -> Result<()> {
    match coefficients.iter().position(|coefficient| !coefficient.is_finite()) {
        None => Ok(()),
        Some(index) => Err(Error::Overflow { index }),
    }
}

/// A vector of `entries` times `value`; an error, not an abort, where memory is short.
pub(crate) fn filled<T: Clone>(entries: usize, value: T) -> Result<Vec<T>> {
    let mut vector = Vec::new();
    vector.try_reserve_exact(entries).map_err(|_| Error::Memory { entries, bytes: size_of::<T>() })?;
    vector.resize(entries, value);
    Ok(vector)
}
