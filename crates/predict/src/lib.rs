//! Predictors for stacks of images, on plain slices.
//!
//! ```text
//! samples --ordered--> unsigned keys --predictor--> codes, small where the prediction is good
//!                                        ^
//!                    what the decoder has too: neighbours, earlier frames, extremes of the stack
//! ```
//!
//! | module | subject | formula |
//! |---|---|---|
//! | [`ordered`] | any number as an unsigned integer of its own width, in the same order | `x ^ sign`, or `!x` for negative floats |
//! | [`nearer_extreme`] | distance to the nearer of a pixel's lowest and highest value | `min(x - low, high - x) * 2 + from_high` |

#![forbid(unsafe_code)]

pub mod average;
pub mod blend;
pub mod blocks;
mod error;
pub mod gradient;
pub mod least_squares;
mod linear;
pub mod lorenzo;
pub mod med;
pub mod motion;
pub mod nearer_extreme;
pub mod neighbours;
pub mod nlms;
pub mod ordered;
pub mod paeth;
pub mod plane;
pub mod predictor;
pub mod previous_frame;
pub mod previous_pixel;
pub mod ranking;
pub mod residual;
pub mod rule;
pub mod running_mean;
mod shape;
pub mod zigzag;

pub use blocks::{Block, Blocks};
pub use error::Error;
pub use neighbours::{Earlier, Neighbours, Previous};
pub use nlms::Nlms;
pub use ordered::{Key, Ordered};
pub use predictor::Predictor;
pub use running_mean::RunningMean;
pub use shape::Shape;
