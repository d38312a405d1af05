//! The fixed predictors as a list, chosen at run time.
//!
//! Every one is a formula of [`Neighbours`] without memory: see the module of each. What learns as it goes, or sends
//! weights along, is not here: [`least_squares`](crate::least_squares), [`nlms`](crate::nlms),
//! [`blend`](crate::blend), [`motion`](crate::motion), [`running_mean`](crate::running_mean).
//!
//! ```
//! use stack_predict::{Earlier, Predictor, Shape};
//! let (shape, frame) = (Shape::new(2, 3)?, [10_u8, 20, 30, 12, 22, 35]);
//! let mut codes = [0; 6];
//! Predictor::Med.encode(shape, &frame, Earlier::None, &mut codes)?;
//! assert_eq!(codes, [20, 20, 20, 4, 4, 10]); // residuals 10 10 10 | 2 2 5
//! let mut back = [0; 6];
//! "med".parse::<Predictor>()?.decode(shape, &codes, Earlier::None, &mut back)?;
//! assert_eq!(back, frame);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Cost: that of the rule; the choice is made once a frame. Exercise: which of them would you try on a stack of
//! drawings, on a scan with stripes, on a timelapse of a still scene?

use std::fmt;
use std::str::FromStr;

use crate::average::Average;
use crate::gradient::Gradient;
use crate::lorenzo::{Lorenzo2, Lorenzo3};
use crate::med::Med;
use crate::paeth::Paeth;
use crate::plane::Plane;
use crate::previous_frame::{MeanOfTwo, PreviousFrame, PreviousFrameMed};
use crate::previous_pixel::{North, West};
use crate::rule::{self, Rule};
use crate::{Earlier, Error, Key, Neighbours, Ordered, Shape};

macro_rules! predictors {
    ($($name:ident, $rule:ty, $word:literal, $formula:literal;)*) => {
        /// A fixed predictor.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Predictor {
            $(
                #[doc = concat!("`", $formula, "`, the rule [`", stringify!($rule), "`].")]
                $name,
            )*
        }

        impl Predictor {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The word for it.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }

            /// The formula, with N, W, NW, NE in the current frame, T, TW, ... in the previous one, U before that.
            #[must_use]
            pub fn formula(self) -> &'static str {
                match self { $(Self::$name => $formula,)* }
            }

            /// The prediction from neighbours in a frame that has earlier ones.
            #[must_use]
            pub fn predict<K: Key>(self, near: &Neighbours<K>) -> K {
                match self { $(Self::$name => <$rule>::predict(near),)* }
            }

            /// The prediction from neighbours in a frame that has no earlier ones.
            #[must_use]
            pub fn predict_first<K: Key>(self, near: &Neighbours<K>) -> K {
                match self { $(Self::$name => <$rule as Rule>::WithoutEarlier::predict(near),)* }
            }

            /// The codes of a frame.
            ///
            /// # Errors
            /// [`Error::Length`] if a slice has not the shape.
            pub fn encode<S: Ordered>(
                self,
                shape: Shape,
                frame: &[S],
                earlier: Earlier<'_, S>,
                codes: &mut [S::Key],
            ) -> Result<(), Error> {
                match self { $(Self::$name => rule::encode::<$rule, S>(shape, frame, earlier, codes),)* }
            }

            /// The frame of codes; the inverse of [`Predictor::encode`]. Any codes give a frame.
            ///
            /// # Errors
            /// [`Error::Length`] if a slice has not the shape.
            pub fn decode<S: Ordered>(
                self,
                shape: Shape,
                codes: &[S::Key],
                earlier: Earlier<'_, S>,
                frame: &mut [S],
            ) -> Result<(), Error> {
                match self { $(Self::$name => rule::decode::<$rule, S>(shape, codes, earlier, frame),)* }
            }

            /// The codes of a frame by the definition, slowly: see [`rule::by_definition`].
            ///
            /// # Errors
            /// [`Error::Length`] if a slice has not the shape.
            pub fn encode_by_definition<S: Ordered>(
                self,
                shape: Shape,
                frame: &[S],
                earlier: Earlier<'_, S>,
                codes: &mut [S::Key],
            ) -> Result<(), Error> {
                match self {
                    $(Self::$name => rule::by_definition::encode::<$rule, S>(shape, frame, earlier, codes),)*
                }
            }
        }
    };
}

predictors! {
    West, West, "west", "W";
    North, North, "north", "N";
    Average, Average, "average", "floor((W + N) / 2)";
    Paeth, Paeth, "paeth", "nearest of W, N, NW to W + N - NW";
    Med, Med, "med", "median(W, N, W + N - NW)";
    Gradient, Gradient, "gradient", "clamp(W + N - NW)";
    Plane, Plane, "plane", "clamp(W + (NE - NW) / 2)";
    Lorenzo2, Lorenzo2, "lorenzo2", "W + N - NW";
    Lorenzo3, Lorenzo3, "lorenzo3", "W + N + T - NW - TW - TN + TNW";
    PreviousFrame, PreviousFrame, "frame", "T";
    PreviousFrameMed, PreviousFrameMed, "frame-med", "T + median(W - TW, N - TN, W - TW + N - TN - NW + TNW)";
    MeanOfTwo, MeanOfTwo, "mean2", "floor((T + U) / 2)";
}

impl fmt::Display for Predictor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// No fixed predictor has this name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "no predictor has this name: give one of west, north, average, paeth, med, gradient, plane, lorenzo2, lorenzo3, frame, frame-med, mean2"
)]
pub struct UnknownPredictor;

impl FromStr for Predictor {
    type Err = UnknownPredictor;

    fn from_str(name: &str) -> Result<Self, UnknownPredictor> {
        Self::ALL.iter().copied().find(|predictor| predictor.name() == name).ok_or(UnknownPredictor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back_and_are_all_in_the_error() {
        let error = "best".parse::<Predictor>().unwrap_err().to_string();
        for &predictor in Predictor::ALL {
            assert_eq!(predictor.to_string().parse(), Ok(predictor));
            assert!(error.contains(predictor.name()));
        }
    }
}
