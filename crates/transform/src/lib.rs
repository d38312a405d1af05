//! Transforms of image blocks.

#![forbid(unsafe_code)]

pub mod basis;
pub mod blocks;
pub mod compaction;
pub mod dct;
pub mod dct8;
pub mod definition;
pub mod error;
pub mod kernel;
pub mod klt;
pub mod quantise;
pub mod sheet;
pub mod size;
pub mod tables;
pub mod walsh;
pub mod zigzag;

pub use basis::Basis;
pub use compaction::{Compaction, Kept};
pub use error::{Error, Result};
pub use kernel::Kernel;
pub use klt::Klt;
pub use quantise::Quantiser;
pub use size::Size;
