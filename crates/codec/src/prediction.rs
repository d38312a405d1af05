//! How the codes of a chunk are predicted from each other before they are coded: one choice a chunk.
//!
//! A good base leaves noise, and noise is best coded as it is; a poor base leaves structure, which the predictors of
//! `stack-predict` find. The encoder estimates what each would cost on a few frames and takes the cheapest.
//!
//! ```text
//! cost of 16 residuals with the sum S of their zigzag codes: 16 log2(1 + e S / 16) bits, log2 in whole numbers
//! ```

use stack_predict::residual;
use stack_predict::zigzag::{from_zigzag, to_zigzag};
use stack_predict::{Earlier, Key, Neighbours, Ordered, Predictor, Shape};

use crate::Error;
use crate::error::Result;

/// A number in a chunk for each way; `None` predicts zero.
const CHOICES: [Option<Predictor>; 8] = [
    None,
    Some(Predictor::West),
    Some(Predictor::Average),
    Some(Predictor::Med),
    Some(Predictor::Gradient),
    Some(Predictor::Plane),
    Some(Predictor::PreviousFrame),
    Some(Predictor::PreviousFrameMed),
];

/// Residuals whose cost is estimated together.
const BLOCK: usize = 16;

/// The way in which codes are predicted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Prediction(u8);

impl Prediction {
    pub(crate) fn from_byte(byte: u8) -> Result<Self> {
        if usize::from(byte) < CHOICES.len() {
            return Ok(Self(byte));
        }
        let wanted = format!("it must be 0 to {}", CHOICES.len() - 1);
        Err(Error::Field { field: "predictor", found: byte.into(), wanted })
    }

    pub(crate) fn byte(self) -> u8 {
        self.0
    }

    pub(crate) fn all() -> impl Iterator<Item = Self> {
        (0..CHOICES.len() as u8).map(Self)
    }

    fn predictor(self) -> Option<Predictor> {
        CHOICES[usize::from(self.0)]
    }

    /// Zigzag residuals of a plane of codes.
    pub(crate) fn encode<Q: Ordered>(
        self,
        shape: Shape,
        plane: &[Q],
        earlier: Earlier<'_, Q>,
        residuals: &mut [Q::Key],
    ) -> Result<()> {
        match self.predictor() {
            Some(predictor) => predictor.encode(shape, plane, earlier, residuals)?,
            None => {
                for (residual, code) in residuals.iter_mut().zip(plane) {
                    *residual = to_zigzag(code.to_key().minus(Q::ZERO_KEY));
                }
            }
        }
        Ok(())
    }

    /// As [`Prediction::encode`], with exceptions: each takes the code that is predicted, its residual is zero.
    pub(crate) fn encode_around<Q: Ordered>(
        self,
        shape: Shape,
        plane: &mut [Q],
        earlier: Earlier<'_, Q>,
        exceptions: &[bool],
        residuals: &mut [Q::Key],
    ) {
        for here in 0..plane.len() {
            let predicted = self.predictor().map_or(Q::ZERO_KEY, |predictor| {
                let near = Neighbours::at(shape, plane, earlier, here / shape.width(), here % shape.width());
                if earlier.previous().is_some() {
                    predictor.predict(&near)
                } else {
                    predictor.predict_first(&near)
                }
            });
            if exceptions[here] {
                plane[here] = Q::from_key(predicted);
            }
            residuals[here] = residual::code(plane[here], predicted);
        }
    }

    /// The plane of zigzag residuals; the inverse of [`Prediction::encode`].
    pub(crate) fn decode<Q: Ordered>(
        self,
        shape: Shape,
        residuals: &[Q::Key],
        earlier: Earlier<'_, Q>,
        plane: &mut [Q],
    ) -> Result<()> {
        match self.predictor() {
            Some(predictor) => predictor.decode(shape, residuals, earlier, plane)?,
            None => {
                for (code, residual) in plane.iter_mut().zip(residuals) {
                    *code = Q::from_key(Q::ZERO_KEY.plus(from_zigzag(*residual)));
                }
            }
        }
        Ok(())
    }
}

/// About what residuals cost, in 1/256 of a bit.
pub(crate) fn cost<K: Key>(residuals: &[K]) -> u64 {
    let of = |block: &[K]| {
        let sum: u128 = block.iter().map(|residual| residual.widened()).sum();
        // (16 + e S) in units of 1/256, so that 16 is 4096.
        let scaled = 4096 + 696 * sum;
        block.len() as u64 * (log2(scaled) - log2(4096))
    };
    residuals.chunks(BLOCK).map(of).sum()
}

/// The logarithm of 1 and more in units of 1/256, linear between powers of two.
fn log2(number: u128) -> u64 {
    let whole = number.ilog2();
    let fraction = (number << 8 >> whole) as u64 & 255;
    u64::from(whole) * 256 + fraction
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_prediction_is_undone() {
        let shape = Shape::new(5, 7).unwrap();
        let first: Vec<i16> = (0..35).map(|n: i16| n.wrapping_mul(1931)).collect();
        let second: Vec<i16> = first.iter().map(|code| code.wrapping_mul(7)).collect();
        for prediction in Prediction::all() {
            for earlier in [Earlier::None, Earlier::One(&first)] {
                let mut residuals = vec![0; 35];
                prediction.encode(shape, &second, earlier, &mut residuals).unwrap();
                let mut back = vec![0; 35];
                prediction.decode(shape, &residuals, earlier, &mut back).unwrap();
                assert_eq!(back, second, "{prediction:?}");
            }
        }
        assert!(Prediction::from_byte(CHOICES.len() as u8).is_err());
    }

    #[test]
    fn exceptions_take_what_is_predicted() {
        let shape = Shape::new(4, 6).unwrap();
        let codes: Vec<i8> = (0..24).map(|n: i8| n.wrapping_mul(37)).collect();
        let before: Vec<i8> = codes.iter().map(|code| code.wrapping_mul(3)).collect();
        let exceptions: Vec<bool> = (0..24).map(|n| n % 5 == 1).collect();
        for prediction in Prediction::all() {
            for earlier in [Earlier::None, Earlier::One(&before)] {
                let (mut plane, mut residuals, mut back) = (codes.clone(), vec![0; 24], vec![0; 24]);
                prediction.encode_around(shape, &mut plane, earlier, &exceptions, &mut residuals);
                prediction.decode(shape, &residuals, earlier, &mut back).unwrap();
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

    #[test]
    fn costs_grow_with_residuals() {
        assert_eq!(cost(&[0_u8; 33]), 0);
        assert!(cost(&[1_u8; 16]) < cost(&[2_u8; 16]));
        let large = cost(&[u64::MAX; 16]) / 256 / 16;
        assert!((60..70).contains(&large), "{large}");
    }
}
