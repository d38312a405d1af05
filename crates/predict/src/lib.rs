//! Predictors for stacks of images, on plain slices: each sample from values that the decoder has too.
//!
//! ```text
//!            frame, and up to two earlier ones
//!                 |
//!                 v                                        what the decoder has too
//! sample x --> ordered key ----------------------> (-) <--- prediction <--- neighbours, earlier frames, weights
//!              unsigned, of the same width          |
//!                                                   v
//!                                  residual, modulo 2^w, in two's complement
//!                                                   |
//!                                                   v
//!                                  zigzag: codes 0, 1, 2, 3 for 0, -1, 1, -2      --> an entropy coder, elsewhere
//! ```
//!
//! Everything is exact: what is decoded has the bits of what was encoded, NaN payloads and -0.0 included, for any
//! codes and any shape. All predictions are computed with integers, so they agree on every machine.
//!
//! # The stage
//!
//! | module | subject | formula |
//! |---|---|---|
//! | [`ordered`] | any number as an unsigned integer of its own width, in the same order | `x ^ sign`, or `!x` for negative floats |
//! | [`neighbours`] | what the decoder has near a sample; the rules at the borders | `W N NW NE WW NN`, `T TW TN ...`, `U` |
//! | [`residual`] | what is left after a prediction, and back | `zigzag(key - prediction mod 2^w)` |
//! | [`zigzag`] | signed numbers as unsigned ones | `0 -1 1 -2` to `0 1 2 3` |
//! | [`rule`] | a frame by one formula: fast loops, and slow ones by the definition | |
//! | [`predictor`] | the fixed predictors as a list | |
//! | [`blocks`] | a frame cut into squares | |
//! | [`ranking`] | all predictors on a stack, best first | `H = - sum p log2 p` |
//!
//! # Predictors without memory
//!
//! | module | prediction of `x` | at home in |
//! |---|---|---|
//! | [`previous_pixel`] | `W`; `N` | the first lesson; stripes |
//! | [`average`] | `floor((W + N) / 2)` | noise on smooth ground |
//! | [`paeth`] | the one of `W`, `N`, `NW` nearest to `W + N - NW` | drawings |
//! | [`med`] | `median(W, N, W + N - NW)` | photographs |
//! | [`gradient`] | `clamp(W + N - NW)` | slopes |
//! | [`plane`] | `clamp(W + (NE - NW) / 2)` | slopes with noise |
//! | [`lorenzo`] | `W + N - NW`; `W + N + T - NW - TW - TN + TNW` | smooth cubes |
//! | [`previous_frame`] | `T`; `T + MED` of the changes; `floor((T + U) / 2)` | still scenes; changes of light; noise |
//!
//! # Predictors that learn, or send something along
//!
//! | module | prediction of `x` | stored beside the codes |
//! |---|---|---|
//! | [`frame_mean`] | mean of a set of frames | that mean |
//! | [`running_mean`] | mean of all earlier frames | nothing |
//! | [`nlms`] | weighted sum, the weights corrected after each sample | nothing |
//! | [`blend`] | nine predictors, weighted by their errors nearby | nothing |
//! | [`least_squares`] | weighted sum, the weights fitted for each block | 12 weights a block |
//! | [`motion`] | the previous frame, moved by whole or half samples | one vector a block |
//! | [`nearer_extreme`] | distance to the nearer of a pixel's lowest and highest value | two frames of extremes |
//!
//! # Quick start
//!
//! ```
//! use stack_predict::{Earlier, Predictor, Shape, ranking};
//!
//! // Two frames of 4 x 6: a slope with a bright bar, which grows lighter by 2.
//! let first: Vec<u16> = (0..24).map(|n| n % 6 * 10 + n / 6 * 3 + if n % 6 == 2 { 500 } else { 0 }).collect();
//! let second: Vec<u16> = first.iter().map(|sample| sample + 2).collect();
//! let shape = Shape::new(4, 6)?;
//!
//! let mut codes = vec![0; shape.len()];
//! Predictor::PreviousFrameMed.encode(shape, &second, Earlier::One(&first), &mut codes)?;
//! assert_eq!((codes[0], codes[1..].iter().sum::<u16>()), (4, 0)); // 2 more, once; then nothing
//!
//! let mut back = vec![0; shape.len()];
//! Predictor::PreviousFrameMed.decode(shape, &codes, Earlier::One(&first), &mut back)?;
//! assert_eq!(back, second);
//!
//! // Which predictor would have been the best for both frames?
//! let best = ranking::rank(shape, &[&first, &second])?[0];
//! assert_eq!((best.candidate.to_string().as_str(), format!("{:.3}", best.bits).as_str()), ("lorenzo3", "1.092"));
//! # Ok::<(), stack_predict::Error>(())
//! ```
//!
//! The programs in `examples/` show one stage each. This crate knows no other crate of the project and does no I/O.
//! The fixed predictors allocate nothing; what others keep is told by each module.

#![forbid(unsafe_code)]

pub mod average;
pub mod blend;
pub mod blocks;
mod error;
pub mod frame_mean;
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
pub use frame_mean::FrameMean;
pub use neighbours::{Earlier, Neighbours, Previous};
pub use nlms::Nlms;
pub use ordered::{Key, Ordered};
pub use predictor::Predictor;
pub use running_mean::RunningMean;
pub use shape::Shape;
