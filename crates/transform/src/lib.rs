//! Transforms of image blocks.

#![forbid(unsafe_code)]

pub mod basis;
pub mod dct;
pub mod definition;
pub mod error;
pub mod kernel;
pub mod size;
pub mod walsh;

pub use basis::Basis;
pub use error::{Error, Result};
pub use kernel::Kernel;
pub use size::Size;
