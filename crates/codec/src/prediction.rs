//! How the codes of a chunk are predicted from each other before they are coded: one choice a chunk.
//!
//! A good base leaves noise, and noise is best coded as it is; a poor base leaves structure, which the predictors of
//! `stack-predict` find: fixed ones, and a weighted sum of neighbours whose weights are fitted and stored.

use stack_predict::least_squares::{self, TAPS, Weights, frames};
use stack_predict::residual;
use stack_predict::zigzag::{from_zigzag, to_zigzag};
use stack_predict::{Earlier, Key, Neighbours, Ordered, Predictor, Shape};

use crate::Error;
use crate::error::Result;

/// The fixed predictors, by their bytes in a chunk; byte 0 predicts zero.
const FIXED: [Option<Predictor>; 8] = [
    None,
    Some(Predictor::West),
    Some(Predictor::Average),
    Some(Predictor::Med),
    Some(Predictor::Gradient),
    Some(Predictor::Plane),
    Some(Predictor::PreviousFrame),
    Some(Predictor::PreviousFrameMed),
];

/// The byte of weights that are fitted.
pub(crate) const FITTED: u8 = FIXED.len() as u8;

/// Bytes of the weights of a channel: those of the first frame, and those of all others.
const WEIGHTS_BYTES: usize = 2 * TAPS * 2;

/// Weights of a channel for frames without and with earlier ones.
pub(crate) type ChannelWeights = [Weights; 2];

/// The way in which codes are predicted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Prediction {
    /// By a formula, in all channels; an index of [`FIXED`].
    Fixed(u8),
    /// By a weighted sum, with weights for each channel.
    Fitted(Vec<ChannelWeights>),
}

impl Prediction {
    /// The byte in the header.
    pub(crate) fn byte(&self) -> u8 {
        match self {
            Self::Fixed(byte) => *byte,
            Self::Fitted(_) => FITTED,
        }
    }

    /// Bytes of what follows the header.
    pub(crate) fn stored_bytes(&self, channels: usize) -> usize {
        if matches!(self, Self::Fitted(_)) { channels * WEIGHTS_BYTES } else { 0 }
    }

    /// What follows the header.
    pub(crate) fn write(&self) -> Vec<u8> {
        match self {
            Self::Fixed(_) => Vec::new(),
            Self::Fitted(weights) => {
                weights.iter().flatten().flatten().flat_map(|weight| weight.to_le_bytes()).collect()
            }
        }
    }

    /// The prediction of a byte of the header, and what follows it and what it stores.
    pub(crate) fn read(byte: u8, bytes: &[u8], channels: usize) -> Result<(Self, &[u8])> {
        if byte < FITTED {
            return Ok((Self::Fixed(byte), bytes));
        }
        if byte > FITTED {
            let wanted = format!("it must be 0 to {FITTED}");
            return Err(Error::Field { field: "predictor", found: byte.into(), wanted });
        }
        let needed = channels * WEIGHTS_BYTES;
        let Some((stored, rest)) = bytes.split_at_checked(needed) else {
            return Err(Error::Truncated { what: "the weights", needed, found: bytes.len() });
        };
        let numbers: Vec<i16> = stored.as_chunks().0.iter().map(|bytes| i16::from_le_bytes(*bytes)).collect();
        let sets: &[[Weights; 2]] = numbers.as_chunks().0.as_chunks().0;
        Ok((Self::Fitted(sets.to_vec()), rest))
    }

    /// Zigzag residuals of a plane of codes.
    pub(crate) fn encode<Q: Ordered>(
        &self,
        shape: Shape,
        channel: usize,
        plane: &[Q],
        earlier: Earlier<'_, Q>,
        residuals: &mut [Q::Key],
    ) -> Result<()> {
        match self {
            Self::Fitted(weights) => {
                let weights = &weights[channel][usize::from(earlier.previous().is_some())];
                frames::encode(shape, weights, plane, earlier, residuals)?;
            }
            Self::Fixed(byte) => match FIXED[usize::from(*byte)] {
                Some(predictor) => predictor.encode(shape, plane, earlier, residuals)?,
                None => {
                    for (residual, code) in residuals.iter_mut().zip(plane) {
                        *residual = to_zigzag(code.to_key().minus(Q::ZERO_KEY));
                    }
                }
            },
        }
        Ok(())
    }

    /// As [`Prediction::encode`], with exceptions: each takes the code that is predicted, its residual is zero.
    pub(crate) fn encode_around<Q: Ordered>(
        &self,
        shape: Shape,
        channel: usize,
        plane: &mut [Q],
        earlier: Earlier<'_, Q>,
        exceptions: &[bool],
        residuals: &mut [Q::Key],
    ) {
        let width = shape.width();
        for here in 0..plane.len() {
            let near = Neighbours::at(shape, plane, earlier, here / width, here % width);
            let predicted = self.predict(channel, &near, earlier.previous().is_some(), Q::ZERO_KEY);
            if exceptions[here] {
                plane[here] = Q::from_key(predicted);
            }
            residuals[here] = residual::code(plane[here], predicted);
        }
    }

    /// The prediction of one code.
    fn predict<K: Key>(&self, channel: usize, near: &Neighbours<K>, has_earlier: bool, zero: K) -> K {
        match self {
            Self::Fitted(weights) => {
                least_squares::predict(near, has_earlier, &weights[channel][usize::from(has_earlier)])
            }
            Self::Fixed(byte) => match FIXED[usize::from(*byte)] {
                Some(predictor) if has_earlier => predictor.predict(near),
                Some(predictor) => predictor.predict_first(near),
                None => zero,
            },
        }
    }

    /// The plane of zigzag residuals; the inverse of [`Prediction::encode`].
    pub(crate) fn decode<Q: Ordered>(
        &self,
        shape: Shape,
        channel: usize,
        residuals: &[Q::Key],
        earlier: Earlier<'_, Q>,
        plane: &mut [Q],
    ) -> Result<()> {
        match self {
            Self::Fitted(weights) => {
                let weights = &weights[channel][usize::from(earlier.previous().is_some())];
                frames::decode(shape, weights, residuals, earlier, plane)?;
            }
            Self::Fixed(byte) => match FIXED[usize::from(*byte)] {
                Some(predictor) => predictor.decode(shape, residuals, earlier, plane)?,
                None => {
                    for (code, residual) in plane.iter_mut().zip(residuals) {
                        *code = Q::from_key(Q::ZERO_KEY.plus(from_zigzag(*residual)));
                    }
                }
            },
        }
        Ok(())
    }
}

/// The planes of the same channel in the two frames before.
pub(crate) fn earlier_of<Q: Copy>(planes: &[Vec<Q>], channels: usize, place: usize) -> Earlier<'_, Q> {
    let before = |frames: usize| place.checked_sub(frames * channels).map(|place| planes[place].as_slice());
    match (before(1), before(2)) {
        (Some(previous), Some(before)) => Earlier::Two(previous, before),
        (Some(previous), None) => Earlier::One(previous),
        _ => Earlier::None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(channels: usize) -> impl Iterator<Item = Prediction> {
        let weights = [[[1000; TAPS], [-300; TAPS]], [[7, -900, 800, 3, 2, 1, 0, 5, 6, 7, 8, 9]; 2]];
        (0..FITTED).map(Prediction::Fixed).chain([Prediction::Fitted(weights[..channels].to_vec())])
    }

    #[test]
    fn every_prediction_is_undone_and_read_back() {
        let shape = Shape::new(5, 7).unwrap();
        let first: Vec<i16> = (0..35).map(|n: i16| n.wrapping_mul(1931)).collect();
        let second: Vec<i16> = first.iter().map(|code| code.wrapping_mul(7)).collect();
        for prediction in all(2) {
            for earlier in [Earlier::None, Earlier::One(&first)] {
                let mut residuals = vec![0; 35];
                prediction.encode(shape, 1, &second, earlier, &mut residuals).unwrap();
                let mut back = vec![0; 35];
                prediction.decode(shape, 1, &residuals, earlier, &mut back).unwrap();
                assert_eq!(back, second, "{prediction:?}");
            }
            let stored = prediction.write();
            assert_eq!(stored.len(), prediction.stored_bytes(2));
            let (read, rest) = Prediction::read(prediction.byte(), &stored, 2).unwrap();
            assert!(read == prediction && rest.is_empty());
        }
        assert!(matches!(Prediction::read(FITTED + 1, &[], 1), Err(Error::Field { .. })));
        assert!(matches!(Prediction::read(FITTED, &[0; 95], 2), Err(Error::Truncated { .. })));
    }

    #[test]
    fn exceptions_take_what_is_predicted() {
        let shape = Shape::new(4, 6).unwrap();
        let codes: Vec<i8> = (0..24).map(|n: i8| n.wrapping_mul(37)).collect();
        let before: Vec<i8> = codes.iter().map(|code| code.wrapping_mul(3)).collect();
        let exceptions: Vec<bool> = (0..24).map(|n| n % 5 == 1).collect();
        for prediction in all(1) {
            for earlier in [Earlier::None, Earlier::One(&before)] {
                let (mut plane, mut residuals, mut back) = (codes.clone(), vec![0; 24], vec![0; 24]);
                prediction.encode_around(shape, 0, &mut plane, earlier, &exceptions, &mut residuals);
                prediction.decode(shape, 0, &residuals, earlier, &mut back).unwrap();
                assert_eq!(back, plane, "{prediction:?}");
                for place in 0..24 {
                    assert!(if exceptions[place] {
                        residuals[place] == 0
                    } else {
                        back[place] == codes[place]
                    });
                }
            }
        }
    }
}
