//! Transforms of image blocks.

#![forbid(unsafe_code)]

pub mod basis;
pub mod dct;
pub mod dct8;
pub mod definition;
pub mod error;
pub mod kernel;
pub mod quantise;
pub mod size;
pub mod tables;
pub mod walsh;
pub mod zigzag;

pub use basis::Basis;
pub use error::{Error, Result};
pub use kernel::Kernel;
pub use quantise::Quantiser;
pub use size::Size;
