//! A frame by one rule, word for word by the definitions: each neighbour looked up by [`Neighbours::at`], each
//! formula in 128 bits, each difference brought into its range. Slow; what the fast loops are tested against.
//!
//! ```
//! use stack_predict::med::Med;
//! use stack_predict::rule::{by_definition, encode};
//! use stack_predict::{Earlier, Shape};
//! let (shape, frame) = (Shape::new(2, 2)?, [3_u8, 9, 4, 8]);
//! let (mut fast, mut slow) = ([0; 4], [0; 4]);
//! encode::<Med, _>(shape, &frame, Earlier::None, &mut fast)?;
//! by_definition::encode::<Med, _>(shape, &frame, Earlier::None, &mut slow)?;
//! assert_eq!((fast, slow), ([6, 12, 2, 1], [6, 12, 2, 1])); // residuals 3 6 | 1 -1
//! # Ok::<(), stack_predict::Error>(())
//! ```

use super::Rule;
use crate::{Earlier, Error, Key, Neighbours, Ordered, Shape, residual};

fn prediction<R: Rule, S: Ordered>(
    shape: Shape,
    frame: &[S],
    earlier: Earlier<'_, S>,
    y: usize,
    x: usize,
) -> S::Key {
    let near = Neighbours::at(shape, frame, earlier, y, x).map(|key| key.widened() as i128);
    let highest = S::Key::HIGHEST.widened() as i128;
    let value = if earlier.previous().is_some() {
        R::by_definition(&near, highest)
    } else {
        R::WithoutEarlier::by_definition(&near, highest)
    };
    S::Key::narrowed(value.rem_euclid(highest + 1).cast_unsigned())
}

/// The codes of a frame.
///
/// # Errors
/// [`Error::Length`] if a slice has not the shape.
pub fn encode<R: Rule, S: Ordered>(
    shape: Shape,
    frame: &[S],
    earlier: Earlier<'_, S>,
    codes: &mut [S::Key],
) -> Result<(), Error> {
    shape.check("frame", frame.len())?;
    shape.check("codes", codes.len())?;
    earlier.check(shape)?;
    for (index, code) in codes.iter_mut().enumerate() {
        let (y, x) = (index / shape.width(), index % shape.width());
        *code = residual::code_by_definition(frame[index], prediction::<R, S>(shape, frame, earlier, y, x));
    }
    Ok(())
}

/// The frame of codes.
///
/// # Errors
/// [`Error::Length`] if a slice has not the shape.
pub fn decode<R: Rule, S: Ordered>(
    shape: Shape,
    codes: &[S::Key],
    earlier: Earlier<'_, S>,
    frame: &mut [S],
) -> Result<(), Error> {
    shape.check("codes", codes.len())?;
    shape.check("frame", frame.len())?;
    earlier.check(shape)?;
    for (index, &code) in codes.iter().enumerate() {
        let (y, x) = (index / shape.width(), index % shape.width());
        frame[index] = residual::sample(code, prediction::<R, S>(shape, frame, earlier, y, x));
    }
    Ok(())
}
