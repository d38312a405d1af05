//! Entropy coders on slices, to use and to learn from.

#![forbid(unsafe_code)]

pub mod bits;
pub mod distributions;
mod error;
pub mod histogram;
pub mod huffman;
pub mod information;
pub mod universal;

pub use error::Error;
