//! What a method promises about the decoded samples.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// A promise about the decoded samples, checked on every value after each compression.
///
/// Relative bounds are resolved to [`ErrorBound::MaxAbs`] by a pass over the stack before compression.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorBound {
    /// Every sample comes back with the same bits, NaN payloads and -0.0 included.
    Lossless,
    /// Every finite sample comes back within this distance; NaN stays NaN, infinities stay as they are.
    MaxAbs(f64),
    /// Nothing is promised; the error is measured and reported.
    Unbounded,
}

impl ErrorBound {
    /// The bound `MaxAbs(bound)`.
    ///
    /// # Errors
    /// [`Error::Parameter`] unless the bound is finite and above zero.
    pub fn max_abs(bound: f64) -> Result<Self> {
        if bound.is_finite() && bound > 0.0 {
            Ok(Self::MaxAbs(bound))
        } else {
            Err(Error::parameter(
                "--max-error",
                format!("{bound} is not a usable error bound"),
                "give a finite number above 0, or use --lossless",
            ))
        }
    }

    /// Whether keeping `self` also keeps `wanted`.
    pub fn covers(self, wanted: Self) -> bool {
        match (self, wanted) {
            (_, Self::Unbounded) | (Self::Lossless, _) => true,
            (Self::MaxAbs(kept), Self::MaxAbs(asked)) => kept <= asked,
            _ => false,
        }
    }
}

impl fmt::Display for ErrorBound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lossless => f.pad("lossless"),
            Self::MaxAbs(bound) => f.pad(&format!("max error {bound}")),
            Self::Unbounded => f.pad("none"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stronger_promise_covers_a_weaker_one() {
        assert!(ErrorBound::Lossless.covers(ErrorBound::MaxAbs(0.1)));
        assert!(ErrorBound::MaxAbs(0.1).covers(ErrorBound::MaxAbs(0.2)));
        assert!(!ErrorBound::MaxAbs(0.3).covers(ErrorBound::MaxAbs(0.2)));
        assert!(!ErrorBound::Unbounded.covers(ErrorBound::MaxAbs(0.2)));
        assert!(!ErrorBound::MaxAbs(0.1).covers(ErrorBound::Lossless));
    }

    #[test]
    fn unusable_bounds_are_refused() {
        for bound in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(ErrorBound::max_abs(bound).is_err(), "{bound}");
        }
    }
}
