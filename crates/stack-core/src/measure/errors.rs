//! The measures of a whole stack, and whether they keep a promise.

use serde::{Deserialize, Serialize};

use super::json;
use crate::ErrorBound;

/// The errors between an original stack and its decoded copy.
///
/// Formulas are in the [module's documentation](super). In JSON, numbers that are not finite are the words `"inf"`,
/// `"-inf"` and `"nan"`, so that they survive.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Errors {
    /// Frames that were compared.
    pub frames: u64,
    /// Frames of the header that were never compared; each counts as an infinite error.
    pub missing_frames: u64,
    /// Samples that were compared.
    pub samples: u64,
    /// Samples whose bits differ.
    pub differing: u64,
    /// Samples with NaN or infinity on one side only, or with infinities of different sign.
    pub nonfinite_mismatches: u64,
    /// Samples that are finite on both sides: the number that the means are taken over.
    pub finite_pairs: u64,
    /// Largest absolute difference; infinite with a non-finite mismatch or a missing frame.
    #[serde(with = "json::number")]
    pub max_abs: f64,
    /// Mean absolute difference.
    #[serde(with = "json::number")]
    pub mean_abs: f64,
    /// Mean squared difference; infinite where squares leave the range of a double.
    #[serde(with = "json::number")]
    pub mse: f64,
    /// Root of the mean squared difference.
    #[serde(with = "json::number")]
    pub rmse: f64,
    /// Peak signal-to-noise ratio in dB; `None` if all finite pairs are equal, minus infinity if the peak is 0 or
    /// [`Errors::mse`] infinite.
    #[serde(with = "json::optional")]
    pub psnr: Option<f64>,
    /// The peak that the PSNR was computed with.
    #[serde(with = "json::number")]
    pub psnr_peak: f64,
    /// What that peak is: `span of u16`, `2^12 - 1`, `range of the originals`.
    pub psnr_peak_name: String,
    /// Largest absolute difference divided by the range of the finite originals; 0 without error, infinite if there
    /// is an error but no range.
    #[serde(with = "json::number")]
    pub relative_max: f64,
    /// Smallest finite original; infinity if there is none.
    #[serde(with = "json::number")]
    pub minimum: f64,
    /// Largest finite original; minus infinity if there is none.
    #[serde(with = "json::number")]
    pub maximum: f64,
    /// The first frame that has the largest error; `None` without error.
    pub worst_frame: Option<u64>,
    /// Largest absolute difference in each frame, in frame order; infinite as in [`Errors::max_abs`].
    #[serde(with = "json::list")]
    pub frame_max: Vec<f64>,
}

impl Errors {
    /// Whether every sample of every frame came back with the same bits.
    pub fn bit_exact(&self) -> bool {
        self.differing == 0 && self.missing_frames == 0
    }

    /// Whether these errors keep `promise`.
    ///
    /// A non-finite mismatch and a frame that was never compared break every promise except
    /// [`ErrorBound::Unbounded`].
    pub fn keeps(&self, promise: ErrorBound) -> bool {
        match promise {
            ErrorBound::Lossless => self.bit_exact(),
            ErrorBound::MaxAbs(bound) => {
                self.nonfinite_mismatches == 0 && self.missing_frames == 0 && self.max_abs <= bound
            }
            ErrorBound::Unbounded => true,
        }
    }
}
