//! What callers can do wrong. Nothing in this crate panics on sizes, codes or blocks that come from a file.

/// Sizes that do not fit together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A side of the frame is zero.
    #[error("a frame of {height} x {width} samples is empty: both sides must be at least 1")]
    EmptyFrame {
        /// Rows.
        height: usize,
        /// Columns.
        width: usize,
    },
    /// The number of samples is larger than a slice can have.
    #[error("a frame of {height} x {width} samples is larger than memory can be")]
    TooLarge {
        /// Rows.
        height: usize,
        /// Columns.
        width: usize,
    },
    /// A slice has another length than the frame's shape asks for.
    #[error("{what}: {found} given, {expected} needed")]
    Length {
        /// Which slice.
        what: &'static str,
        /// The length that the shape asks for.
        expected: usize,
        /// The length that was given.
        found: usize,
    },
    /// A block's side is zero, or larger than the frame.
    #[error("blocks of {side} x {side} do not fit into a frame of {height} x {width}: give a side from 1 to {largest}", largest = .height.min(.width))]
    Block {
        /// Side of the block.
        side: usize,
        /// Rows of the frame.
        height: usize,
        /// Columns of the frame.
        width: usize,
    },
    /// A parameter is outside of its range.
    #[error("{what} is {found}: give a number from {lowest} to {highest}")]
    Parameter {
        /// Which parameter.
        what: &'static str,
        /// What was given.
        found: i64,
        /// The lowest allowed.
        lowest: i64,
        /// The highest allowed.
        highest: i64,
    },
    /// More frames than a running sum can hold.
    #[error("a running mean takes at most {limit} frames")]
    TooManyFrames {
        /// The number of frames it takes.
        limit: u32,
    },
    /// A stack without frames has no residual.
    #[error("the stack has no frames: give one at least")]
    NoFrames,
}

/// The error, if two lengths differ.
pub(crate) fn same_length(what: &'static str, expected: usize, found: usize) -> Result<(), Error> {
    if expected == found { Ok(()) } else { Err(Error::Length { what, expected, found }) }
}
