//! How far decoded samples are from the original ones, measured in one pass and in double precision.
//!
//! ```text
//! original frame --.                                                  .-> bit_exact()
//!                   >-- FrameErrors (any order, any thread) -- ErrorMeter -> Errors -+-> keeps(ErrorBound)
//! decoded frame  --'                                                  '-> JSON, report rows
//! ```
//!
//! With x the original samples, y the decoded ones, and the sums over the N pairs that are finite on both sides:
//!
//! | measure | formula |
//! |---|---|
//! | maximum error | max abs(x - y) |
//! | mean absolute error | sum abs(x - y) / N |
//! | mean squared error (MSE) | sum (x - y)^2 / N |
//! | root mean squared error (RMSE) | sqrt(MSE) |
//! | peak signal-to-noise ratio (PSNR) | 20 log10(peak / RMSE), in dB |
//! | relative maximum error | max abs(x - y) / (max x - min x), over the finite x |
//!
//! The peak of the PSNR differs from author to author, so it is always given by value and by name
//! ([`Errors::psnr_peak_name`]): the span of an integer type, 2^bits - 1 where fewer bits are in use, and the range
//! of the finite originals for floats.
//!
//! **Numbers that are not finite.** NaN on both sides is no numeric error, though the payload bits may differ (then
//! the sample counts as differing). The same infinity on both sides is no error either. NaN or infinity on one side
//! only, or infinities of different sign, is a *non-finite mismatch*: its error is infinite in
//! [`Errors::max_abs`], so that every promise of a maximum error is broken, while the means go over the pairs that
//! are finite on both sides.
//!
//! | module | subject |
//! |---|---|
//! | [`meter`] | frames in, measures of the whole stack out |
//! | [`frame`] | the sums of one frame, by vectorised loops |
//! | [`errors`] | the measures, and whether they keep a promise |
//! | [`definition`] | the same measures word by word as defined: slow, for reading and for tests |
//! | [`sum`] | compensated summation |
//! | [`json`] | numbers that are not finite, in JSON |
//!
//! ```
//! use stack_core::{ErrorBound, ErrorMeter, FrameBuf, FrameShape, PixelType, SampleFormat, StackHeader};
//! let header = StackHeader::new(1, FrameShape::gray(1, 4)?, SampleFormat::full(PixelType::U8))?;
//! let mut meter = ErrorMeter::new(&header);
//! meter.compare(&FrameBuf::U8(vec![10, 20, 30, 40]), &FrameBuf::U8(vec![10, 21, 30, 37]))?;
//! let errors = meter.finish();
//! assert_eq!((errors.differing, errors.max_abs, errors.mean_abs, errors.mse), (2, 3.0, 1.0, 2.5));
//! assert_eq!(errors.relative_max, 0.1);
//! assert_eq!((errors.psnr_peak, errors.psnr_peak_name.as_str()), (255.0, "span of u8"));
//! assert!(!errors.bit_exact() && errors.keeps(ErrorBound::MaxAbs(3.0)));
//! # Ok::<(), stack_core::Error>(())
//! ```

pub mod definition;
pub mod errors;
pub mod frame;
pub mod json;
mod kernel;
pub mod meter;
pub mod sum;

pub use errors::Errors;
pub use frame::FrameErrors;
pub use meter::ErrorMeter;
