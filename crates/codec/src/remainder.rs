//! Chunks of frames: what a base leaves over, as bytes and back.
//!
//! # Format, version 1
//!
//! | byte | bytes | field | content |
//! |---|---|---|---|
//! | 0 | 1 | version | 1 |
//! | 1 | 1 | sample type | 0 u8, 1 u16, 2 i16, 3 i32, 4 f32, 5 f64 |
//! | 2 | 1 | predictor | 0 none, 1 west, 2 average, 3 med, 4 gradient, 5 plane, 6 frame, 7 frame-med, 8 fitted |
//! | 3 | 1 | channels | 1 to 4 |
//! | 4 | 4 | frames | number of frames, little-endian |
//! | 8 | 8 | bound | `E` as a 64-bit float, little-endian; +0 for lossless; 1 or more for integers |
//! | 16 | 8 | exceptions | number of samples whose bits are stored, little-endian |
//! | 24 | 8 | code length | bytes of the next part, little-endian |
//! | 32 | 48 a channel | weights | predictor 8 only: of the first frame, then of the others; 12 of 16 bits each, little-endian |
//! | | | code | decisions, arithmetic code of [`stack_entropy::binary`] |
//! | | | raw bits | low bits of residuals and bits of exceptions, as [`stack_entropy::bits`]; to the end of the chunk |
//!
//! Decisions and raw bits come frame by frame, in each frame channel by channel: if the chunk has exceptions, a flag for
//! each sample and the bits of the exceptions; then the residuals of all other samples, row by row. Height and width are
//! not stored; the caller has them. Predictors are those of [`stack_predict::Predictor`] by their names, on codes of the
//! same channel and of the two frames before in the chunk; the weights are those of
//! [`stack_predict::least_squares::frames`].

use stack_core::{ErrorBound, FrameBuf, FrameShape};

use crate::error::Result;
use crate::{Error, chunk};

/// Codes what `base` leaves over of `original`, frame for frame, so that [`decode`] comes back within `bound`.
///
/// Holds one code of the samples' width for each sample of the chunk.
///
/// # Errors
/// [`Error::Frames`] for no frames, or frames that differ in number, type or length from each other or from the shape;
/// [`Error::Bound`] for a bound that cannot be held: unbounded, negative or not finite.
pub fn encode(
    shape: FrameShape,
    original: &[FrameBuf],
    base: &[FrameBuf],
    bound: ErrorBound,
) -> Result<Vec<u8>> {
    check(shape, original)?;
    check(shape, base)?;
    same("frames of the base", &original.len(), &base.len())?;
    same("sample type of the base", &original[0].pixel(), &base[0].pixel())?;
    macro_rules! typed {
        ($($variant:ident)*) => {
            match original[0] {
                $(FrameBuf::$variant(_) => {
                    let samples = |frame| match frame { &FrameBuf::$variant(ref it) => it.as_slice(), _ => &[] };
                    let original: Vec<&[_]> = original.iter().map(samples).collect();
                    let base: Vec<&[_]> = base.iter().map(samples).collect();
                    chunk::encode(shape, &original, &base, bound)
                })*
            }
        };
    }
    typed!(U8 U16 I16 I32 F32 F64)
}

/// Turns frames of the base into the samples that were coded with it.
///
/// After an error the frames hold a mixture of both.
///
/// # Errors
/// [`Error::Frames`] for no frames, or frames that do not fit together; [`Error::Truncated`], [`Error::Field`] and
/// [`Error::Code`] for bytes that [`encode`] has not written for such frames.
pub fn decode(bytes: &[u8], shape: FrameShape, frames: &mut [FrameBuf]) -> Result<()> {
    check(shape, frames)?;
    macro_rules! typed {
        ($($variant:ident)*) => {
            match frames[0] {
                $(FrameBuf::$variant(_) => {
                    let samples = |frame| match frame {
                        &mut FrameBuf::$variant(ref mut it) => it.as_mut_slice(),
                        _ => &mut [],
                    };
                    let mut frames: Vec<&mut [_]> = frames.iter_mut().map(samples).collect();
                    chunk::decode(bytes, shape, &mut frames)
                })*
            }
        };
    }
    typed!(U8 U16 I16 I32 F32 F64)
}

fn same<T: PartialEq + std::fmt::Display>(what: &'static str, expected: &T, found: &T) -> Result<()> {
    if expected == found {
        return Ok(());
    }
    Err(Error::Frames { what, expected: expected.to_string(), found: found.to_string() })
}

/// At least one frame, all of one type and of the shape.
fn check(shape: FrameShape, frames: &[FrameBuf]) -> Result<()> {
    let Some(first) = frames.first() else {
        return Err(Error::Frames { what: "frames", expected: "1 or more".into(), found: "0".into() });
    };
    for frame in frames {
        same("sample type of a frame", &first.pixel(), &frame.pixel())?;
        same("samples of a frame", &shape.samples(), &frame.len())?;
    }
    Ok(())
}
