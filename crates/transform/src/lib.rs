//! Transforms of image blocks.

#![forbid(unsafe_code)]

pub mod basis;
pub mod blocks;
pub mod chroma;
pub mod colour;
pub mod compaction;
pub mod convolve;
pub mod crop;
pub mod dct;
pub mod dct8;
pub mod definition;
pub mod downsample;
pub mod error;
pub mod grey;
pub mod kernel;
pub mod klt;
pub mod levels;
pub mod palette;
pub mod quantise;
pub mod resample;
pub mod sheet;
pub mod size;
pub mod tables;
pub mod walsh;
pub mod ycocg;
pub mod zigzag;

pub use basis::Basis;
pub use chroma::Subsampling;
pub use colour::ColourMatrix;
pub use compaction::{Compaction, Kept};
pub use error::{Error, Result};
pub use grey::Grey;
pub use kernel::Kernel;
pub use klt::Klt;
pub use levels::Levels;
pub use palette::{Palette, PaletteCost};
pub use quantise::Quantiser;
pub use size::Size;
