//! What is left of a sample after its prediction, and the exact way back.
//!
//! ```text
//! code = zigzag(key(x) - prediction  mod 2^w)        x = number of (prediction + unzigzag(code)  mod 2^w)
//! ```
//!
//! `w` is the width of the sample type: differences **wrap**, nothing is widened, so residuals are as large as the
//! samples, and any prediction at all can be undone. (A widened difference of 8-bit samples needs 9 bits; but with the
//! prediction known, only 256 of its 512 values can occur, and modulo 2^8 is how to number them.) Integers and floats
//! go the same way, through the keys of [`Ordered`]: `i16` and `f32`, NaN payloads and -0.0, come back bit for bit.
//!
//! ```
//! use stack_predict::{Ordered, residual};
//! let samples = [1.0_f32, -0.0, f32::NAN];
//! let predictions = [1.0_f32, 0.0, 2.0].map(f32::to_key);
//! let mut codes = [0; 3];
//! residual::encode(&samples, &predictions, &mut codes)?;
//! assert_eq!(codes, [0, 1, 0x7f80_0000]); // -0 is one below +0; NaN is 0x3fc00000 above 2
//!
//! let mut back = [0.0; 3];
//! residual::decode(&codes, &predictions, &mut back)?;
//! assert_eq!(back.map(f32::to_bits), samples.map(f32::to_bits));
//! # Ok::<(), stack_predict::Error>(())
//! ```
//!
//! Cost: about six operations a sample, no dependency between samples. Source: ITU-T T.87, A.4.5 and A.5.2, for the
//! reduction modulo the range. Exercise: a detector gives 12 bits in `u16`; how would a reduction modulo 2^12 help,
//! and what must be checked before?

use crate::error::same_length;
use crate::zigzag::{by_definition as zigzag_by_definition, from_zigzag, to_zigzag};
use crate::{Error, Key, Ordered};

/// The code of one sample.
#[inline]
pub fn code<S: Ordered>(sample: S, prediction: S::Key) -> S::Key {
    to_zigzag(sample.to_key().minus(prediction))
}

/// The sample of one code; the inverse of [`code`].
#[inline]
pub fn sample<S: Ordered>(code: S::Key, prediction: S::Key) -> S {
    S::from_key(prediction.plus(from_zigzag(code)))
}

/// The code of one sample, by the definition: the difference in a wide type, brought into `-2^(w-1)..2^(w-1)`.
pub fn code_by_definition<S: Ordered>(sample: S, prediction: S::Key) -> S::Key {
    let range = 1_i128 << S::Key::BITS;
    let difference = sample.to_key().widened() as i128 - prediction.widened() as i128;
    let wrapped = difference.rem_euclid(range);
    let residual = if wrapped < range / 2 { wrapped } else { wrapped - range };
    S::Key::narrowed(zigzag_by_definition(residual).cast_unsigned())
}

/// The codes of samples whose predictions are known, such as those of a whole predicted frame.
///
/// # Errors
/// [`Error::Length`] if the slices differ in length.
pub fn encode<S: Ordered>(samples: &[S], predictions: &[S::Key], codes: &mut [S::Key]) -> Result<(), Error> {
    same_length("predictions", samples.len(), predictions.len())?;
    same_length("codes", samples.len(), codes.len())?;
    for ((code_here, &sample), &prediction) in codes.iter_mut().zip(samples).zip(predictions) {
        *code_here = code(sample, prediction);
    }
    Ok(())
}

/// The samples of codes; the inverse of [`encode`]. Any codes give samples.
///
/// # Errors
/// [`Error::Length`] if the slices differ in length.
pub fn decode<S: Ordered>(codes: &[S::Key], predictions: &[S::Key], samples: &mut [S]) -> Result<(), Error> {
    same_length("predictions", samples.len(), predictions.len())?;
    same_length("codes", samples.len(), codes.len())?;
    for ((sample_here, &code), &prediction) in samples.iter_mut().zip(codes).zip(predictions) {
        *sample_here = sample(code, prediction);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_pair_of_bytes() {
        for sample_here in 0..=255_u8 {
            for prediction in 0..=255 {
                let code_here = code(sample_here, prediction);
                assert_eq!(code_here, code_by_definition(sample_here, prediction));
                assert_eq!(sample::<u8>(code_here, prediction), sample_here);
            }
        }
    }

    #[test]
    fn lengths_are_checked() {
        let wrong = Error::Length { what: "predictions", expected: 2, found: 1 };
        assert_eq!(encode(&[1_u8, 2], &[1], &mut [0; 2]), Err(wrong));
        let wrong = Error::Length { what: "codes", expected: 2, found: 3 };
        assert_eq!(decode(&[1_u8, 2, 3], &[1, 1], &mut [0_u8; 2]), Err(wrong));
    }

    proptest! {
        #[test]
        fn both_forms_agree_on_wide_types(bits in any::<u64>(), prediction in any::<u64>()) {
            let number = f64::from_bits(bits);
            prop_assert_eq!(code(number, prediction), code_by_definition(number, prediction));
            prop_assert_eq!(sample::<f64>(code(number, prediction), prediction).to_bits(), bits);
            let (number, prediction) = (bits as i32, prediction as u32);
            prop_assert_eq!(code(number, prediction), code_by_definition(number, prediction));
            prop_assert_eq!(sample::<i32>(code(number, prediction), prediction), number);
        }
    }
}
