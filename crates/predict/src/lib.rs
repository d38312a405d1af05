//! Predictors for stacks of images, on plain slices.
//!
//! ```text
//! samples --ordered--> unsigned keys --predictor--> codes, small where the prediction is good
//!                                        ^
//!                    what the decoder has too: the extremes of the whole stack
//! ```
//!
//! | module | subject | formula |
//! |---|---|---|
//! | [`ordered`] | any number as an unsigned integer of its own width, in the same order | `x ^ sign`, or `!x` for negative floats |
//! | [`nearer_extreme`] | distance to the nearer of a pixel's lowest and highest value | `min(x - low, high - x) * 2 + from_high` |
//!
//! Everything is exact: what is decoded has the bits of what was encoded, NaN payloads and -0.0 included. This crate
//! knows no other crate of the project, does no I/O, and allocates nothing.
//!
//! ```
//! use stack_predict::nearer_extreme;
//!
//! // Three frames of two pixels; the extremes of each pixel over all of them.
//! let frames = [[10_u8, 200], [90, 0], [12, 180]];
//! let (mut lowest, mut highest) = (frames[0], frames[0]);
//! for frame in &frames {
//!     nearer_extreme::widen(frame, &mut lowest, &mut highest);
//! }
//! assert_eq!((lowest, highest), ([10, 0], [90, 200]));
//!
//! let mut codes = [0; 2];
//! nearer_extreme::encode(&frames[2], &lowest, &highest, &mut codes)?;
//! assert_eq!(codes, [2 * 2, 20 * 2 + 1]); // 2 above the lowest, 20 below the highest
//!
//! let mut decoded = [0; 2];
//! nearer_extreme::decode(&codes, &lowest, &highest, &mut decoded)?;
//! assert_eq!(decoded, frames[2]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![forbid(unsafe_code)]

pub mod nearer_extreme;
pub mod ordered;

pub use ordered::{Key, Ordered};
