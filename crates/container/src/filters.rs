//! What one chunk goes through: each HDF5 filter on byte slices, in both directions.
//!
//! Every inverse filter is a decoder of untrusted bytes: it takes a slice, knows how many bytes it may give at
//! most, and answers damage with a [`FilterError`], never with a panic or a larger allocation.

pub mod bitshuffle;
pub mod deflate;
pub mod fletcher32;
pub mod lz4;
pub mod shuffle;
pub mod zstandard;

/// Why the bytes of a chunk could not be filtered, or filtered back.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{filter}: {problem}")]
pub struct FilterError {
    /// The filter, by the name that specifications use: `gzip`, `bitshuffle`.
    pub filter: &'static str,
    /// What is wrong with its input.
    pub problem: String,
}

impl FilterError {
    /// An error of `filter`.
    pub fn new(filter: &'static str, problem: impl Into<String>) -> Self {
        Self { filter, problem: problem.into() }
    }
}
