//! What is wrong with frames that are given, or with a chunk.

/// Why a chunk was not encoded or decoded.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Frames that do not fit together, or not the shape.
    #[error("{what}: {found} given, {expected} needed")]
    Frames {
        /// What differs.
        what: &'static str,
        /// What the other arguments ask for.
        expected: String,
        /// What was given.
        found: String,
    },
    /// A bound that cannot be held.
    #[error("the bound {bound} cannot be held: give a finite number of 0 or more")]
    Bound {
        /// The bound, as printed.
        bound: String,
    },
    /// A field of a chunk that no encoder writes, or that contradicts the frames.
    #[error("{field} of the chunk is {found}; {wanted}")]
    Field {
        /// The name of the field in [the format](crate::remainder).
        field: &'static str,
        /// What it is.
        found: u64,
        /// What it must be.
        wanted: String,
    },
    /// A chunk that ends before its code.
    #[error("the chunk is cut short: {what} needs {needed} bytes and {found} are there")]
    Truncated {
        /// The part that is cut.
        what: &'static str,
        /// Bytes that it needs.
        needed: usize,
        /// Bytes that are there.
        found: usize,
    },
    /// The coded part is damaged.
    #[error("coded part of the chunk: {0}")]
    Code(#[from] stack_entropy::Error),
    /// The shape is refused by the predictors.
    #[error("{0}")]
    Shape(#[from] stack_predict::Error),
}

/// A result of this crate.
pub(crate) type Result<T, E = Error> = std::result::Result<T, E>;
