//! Codecs for stacks, composed of the predictors of `stack-predict` and the coders of `stack-entropy`.
//!
//! ```text
//! original frames ──(−)── base ──> remainder ──quantise to the bound──> codes ──predict──> residuals
//!                                                                                             │
//!                     bytes of a chunk <── raw low bits + arithmetic code <── context model <─┘
//! ```
//!
//! A *base* is any approximation of frames that encoder and decoder compute alike to the last bit: principal components,
//! a lossy video, a mean. What it leaves over is coded here, exactly or within an absolute bound, in chunks of frames
//! that are decoded alone.
//!
//! | module | subject |
//! |---|---|
//! | [`remainder`] | chunks of frames: [`encode`](remainder::encode), [`decode`](remainder::decode), the format byte by byte |
//! | [`quantiser`] | difference to code and back: lossless, and within a bound |
//!
//! ```
//! use stack_codec::remainder;
//! use stack_core::{ErrorBound, FrameBuf, FrameShape};
//!
//! let shape = FrameShape::gray(2, 3)?;
//! let original = [FrameBuf::U8(vec![10, 11, 12, 250, 251, 252])];
//! let base = [FrameBuf::U8(vec![10, 10, 10, 255, 255, 255])];
//!
//! let bytes = remainder::encode(shape, &original, &base, ErrorBound::Lossless)?;
//! let mut frames = base.clone();
//! remainder::decode(&bytes, shape, &mut frames)?;
//! assert_eq!(frames, original);
//!
//! let bytes = remainder::encode(shape, &original, &base, ErrorBound::MaxAbs(2.0))?;
//! let mut frames = base;
//! remainder::decode(&bytes, shape, &mut frames)?;
//! assert_eq!(frames, [FrameBuf::U8(vec![10, 10, 10, 250, 250, 250])]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![forbid(unsafe_code)]

mod choice;
mod chunk;
mod context;
mod error;
mod exceptions;
mod header;
mod number;
mod plane;
mod prediction;
pub mod quantiser;
pub mod remainder;

pub use error::Error;
