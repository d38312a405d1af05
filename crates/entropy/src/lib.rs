//! Entropy coders on slices, to use and to learn from.

#![forbid(unsafe_code)]

pub mod binary;
pub mod bits;
mod carry;
pub mod distributions;
mod error;
pub mod frequencies;
pub mod golomb;
pub mod histogram;
pub mod huffman;
pub mod information;
pub mod mixing;
pub mod range;
pub mod rans;
pub mod run_length;
pub mod universal;

pub use error::Error;
