//! Transforms of image blocks, and what goes with them: other numbers for the same picture, of which fewer are needed.
//!
//! ```text
//! picture -> colour -> chroma -> blocks -> kernel (DCT, Walsh-Hadamard, KLT) -> quantise -> zigzag -> entropy coder
//!    |       Y Cb Cr   4:2:0     8 x 8     T(u, v), few of them large           integers    zeros last
//!    |
//!    +--> levels, palette (fewer values)      downsample, resample, crop (fewer samples)      convolve (see lines)
//!
//! cube of floats -> mask -> lattice (exact) or linear (within an error) -> codes of 1 to 32 bits -> picture or video
//! ```
//!
//! Each step but quantising, rounding and leaving samples out can be undone. Every module says what it computes, by which
//! formula, from which source, at what cost, with an example whose figures are exact, and asks one question. Where there
//! is a fast way, the slow way by the definition is public beside it, and tests hold them together.
//!
//! | module | subject | formula |
//! |---|---|---|
//! | [`size`], [`blocks`], [`crop`] | rows and columns; blocks of a picture; parts of it | `y * width + x` |
//! | [`kernel`], [`definition`] | the general transform, its kernel a value | `T(u,v) = sum f(x,y) r(x,y,u,v)` |
//! | [`basis`], [`dct`], [`walsh`] | lines: DCT-II and III, Walsh-Hadamard, any orthonormal basis | `T(u) = sum f(x) b(u,x)` |
//! | [`haar`] | sums and differences of neighbours, level by level | `s, d = (a + b, a - b) / sqrt 2` |
//! | [`sheet`] | the basis pictures of a kernel, to look at | |
//! | [`klt`] | the best basis for one picture, or its colours | `C b = l b` |
//! | [`pca`] | the best basis for whole frames, of a matrix that is read in passes | `X - 1 m^T = U S C^T` |
//! | [`compaction`] | errors when few coefficients are kept | `MSE = sum of dropped e(k) / n` |
//! | [`dct8`] | 8 x 8 DCT with quantisation, fast | the same to 1e-6 |
//! | [`tables`], [`quantise`] | JPEG's tables and qualities; one step, dead zone | `q = round(T / Q)` |
//! | [`zigzag`] | slow changes first | diagonals `x + y` |
//! | [`colour`], [`ycocg`], [`chroma`] | Y Cb Cr; lossless Y Co Cg; 4:2:2 and 4:2:0 | `Y = kr R + kg G + kb B` |
//! | [`levels`], [`palette`] | fewer grey levels; few colours and indices | `l = floor(v n / 2^d)` |
//! | [`downsample`], [`resample`] | mean, median, extremes of blocks; filters for any size | `sum f w / sum w` |
//! | [`convolve`] | masks for smoothing, edges and lines | `g = sum f(x-a, y-b) m(a,b)` |
//! | [`linear`] | floats of a range to codes, with a worst error | `k = round((x - low) / step)` |
//! | [`mask`] | NaN, infinities and fill values, out and back | runs of bit patterns |
//! | [`lattice`] | floats that are integers in disguise, exactly | `v = (R + k 2^e) / 10^d` |
//! | [`bit_round`], [`information_bits`] | shorter mantissas; which bits tell something | `I = sum p log2(p / (p p))` |
//! | [`grey`], [`float`], [`error`] | types of samples; what can be wrong | |
//!
//! An 8 x 8 block on its way through JPEG, and back:
//!
//! ```
//! use stack_transform::tables::LUMINANCE;
//! use stack_transform::{Kernel, Size, zigzag};
//!
//! let samples: [u8; 64] = [
//!     52, 55, 61, 66, 70, 61, 64, 73, 63, 59, 55, 90, 109, 85, 69, 72, 62, 59, 68, 113, 144, 104, 66, 73, //
//!     63, 58, 71, 122, 154, 106, 70, 69, 67, 61, 68, 104, 126, 88, 68, 70, 79, 65, 60, 70, 77, 68, 58, 75, //
//!     85, 71, 64, 59, 55, 61, 65, 83, 87, 79, 69, 68, 65, 76, 78, 94,
//! ];
//! let size = Size::square(8)?;
//! let dct = Kernel::dct2(size)?;
//!
//! let coefficients = dct.forward(&samples.map(|sample| f64::from(sample) - 128.0))?;
//! let hundredths: Vec<f64> = coefficients.iter().map(|t| (t * 100.0).round() / 100.0).collect();
//! assert_eq!(hundredths[..8], [-415.38, -30.19, -61.2, 27.24, 56.12, -20.1, -2.39, 0.46]);
//!
//! let indices = LUMINANCE.quantise(coefficients.as_array().expect("64 coefficients"))?;
//! let line = zigzag::scan(size, &indices)?;
//! assert_eq!(line[..12], [-26, -3, 0, -3, -2, -6, 2, -4, 1, -3, 1, 1]);
//! assert_eq!(line.iter().filter(|index| **index != 0).count(), 20);
//!
//! let restored = dct.inverse(&LUMINANCE.restore(&indices))?;
//! let bytes: Vec<u8> = restored.iter().map(|sample| (sample + 128.0).round() as u8).collect();
//! assert_eq!(bytes[..8], [62, 65, 57, 60, 72, 63, 60, 82]);
//! let errors = bytes.iter().zip(samples).map(|(a, b)| f64::from(a.abs_diff(b)));
//! let rmse = (errors.map(|error| error * error).sum::<f64>() / 64.0).sqrt();
//! assert_eq!((rmse * 100.0).round() / 100.0, 5.96);
//! # Ok::<(), stack_transform::Error>(())
//! ```
//!
//! Bad input is an [`Error`], never a panic: lengths that do not fit, sizes beyond memory, and for transforms NaN or
//! infinite samples, of which one would spoil every coefficient of its block. Results are the same on every machine: sums are in a fixed
//! order, nothing is fused, and sines, cosines and roots do not come from the system. (Roots and divisions are exact by
//! IEEE 754; 32-bit x86 without SSE2 does not keep to it.)
//!
//! This crate does no I/O and knows no other crate of the project. [`pca`] works on all cores; the rest has no threads.

#![forbid(unsafe_code)]

pub mod basis;
pub mod bit_round;
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
pub mod float;
pub mod grey;
pub mod haar;
pub mod information_bits;
pub mod kernel;
pub mod klt;
pub mod lattice;
pub mod levels;
pub mod linear;
pub mod mask;
pub mod palette;
pub mod pca;
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
pub use float::Float;
pub use grey::Grey;
pub use kernel::Kernel;
pub use klt::Klt;
pub use lattice::Lattice;
pub use levels::Levels;
pub use linear::LinearScale;
pub use mask::Specials;
pub use palette::{Palette, PaletteCost};
pub use pca::Pca;
pub use quantise::Quantiser;
pub use size::Size;
