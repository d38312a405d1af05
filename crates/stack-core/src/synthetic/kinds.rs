//! The kinds of synthetic stacks, their options and defaults: for help texts, the parser and the printer.

use super::{SyntheticKind, Texture};
use crate::{PixelType, SampleFormat};

/// A kind of synthetic stack.
#[derive(Debug, Clone, Copy)]
pub struct KindInfo {
    /// Its name in a specification.
    pub name: &'static str,
    /// What it shows.
    pub summary: &'static str,
    /// Its options, in the order in which they print.
    pub options: &'static [OptionInfo],
    /// The sample type, where none is given.
    pub pixel: PixelType,
    /// Height and width, where none are given.
    pub size: (usize, usize),
    /// The kind with the default values of its own options, some of which depend on the sample type.
    pub(super) kind: fn(SampleFormat) -> SyntheticKind,
}

/// An option of a specification.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OptionInfo {
    /// Its name in a specification.
    pub name: &'static str,
    /// What its value is.
    pub meaning: &'static str,
}

const fn option(name: &'static str, meaning: &'static str) -> OptionInfo {
    OptionInfo { name, meaning }
}

pub(super) const FRAMES: OptionInfo = option("frames", "a number of frames");
pub(super) const SIZE: OptionInfo = option("size", "height x width [x channels], as 64x48 or 64x48x3");
pub(super) const TYPE: OptionInfo = option("type", "u8, u16, i16, i32, f32 or f64");
pub(super) const BITS: OptionInfo = option("bits", "the significant bits of u8 or u16");
pub(super) const SEED: OptionInfo = option("seed", "a whole number, the seed of the random numbers");
pub(super) const STEPS: OptionInfo = option("steps", "the number of values of each of the three parameters");
pub(super) const MEAN: OptionInfo = option("mean", "the mean of the noise, in units of the samples");
pub(super) const SIGMA: OptionInfo =
    option("sigma", "the standard deviation of the noise, in units of the samples");
pub(super) const SCALE: OptionInfo = option("scale", "the size of the largest features, in pixels");
pub(super) const DRIFT: OptionInfo =
    option("drift", "the rows x columns that it moves from frame to frame, as 0.3x0.7");
pub(super) const LIFE: OptionInfo =
    option("life", "the number of frames in which the texture changes, 0 if it only moves");

/// Every kind of synthetic stack.
pub const KINDS: [KindInfo; 5] = [REFERENCE, GRADIENT, UNIFORM_NOISE, GAUSSIAN_NOISE, TEXTURE];

const REFERENCE: KindInfo = KindInfo {
    name: "reference",
    summary: "smooth super-Gaussian bumps of changing width and steepness",
    options: &[FRAMES, SIZE, TYPE, BITS, STEPS],
    pixel: PixelType::F32,
    size: (201, 301),
    kind: |_| SyntheticKind::Reference { steps: 12 },
};

const GRADIENT: KindInfo = KindInfo {
    name: "gradient",
    summary: "a linear ramp through rows, columns and frames",
    options: &[FRAMES, SIZE, TYPE, BITS],
    pixel: PixelType::U16,
    size: (256, 256),
    kind: |_| SyntheticKind::Gradient,
};

const UNIFORM_NOISE: KindInfo = KindInfo {
    name: "noise-uniform",
    summary: "noise in which every value is equally likely",
    options: &[FRAMES, SIZE, TYPE, BITS, SEED],
    pixel: PixelType::U16,
    size: (256, 256),
    kind: |_| SyntheticKind::UniformNoise,
};

const GAUSSIAN_NOISE: KindInfo = KindInfo {
    name: "noise-gaussian",
    summary: "Gaussian noise",
    options: &[FRAMES, SIZE, TYPE, BITS, SEED, MEAN, SIGMA],
    pixel: PixelType::U16,
    size: (256, 256),
    kind: default_gaussian,
};

const TEXTURE: KindInfo = KindInfo {
    name: "texture",
    summary: "a smooth texture of several scales that drifts and slowly changes",
    options: &[FRAMES, SIZE, TYPE, BITS, SEED, SCALE, DRIFT, LIFE, SIGMA],
    pixel: PixelType::F32,
    size: (256, 256),
    kind: |_| SyntheticKind::Texture(Texture { scale: 64.0, drift: (0.3, 0.7), life: 50.0, sigma: 0.0 }),
};

/// Mid-scale and 1/32 of the scale for unsigned integers, 0 and 1/32 of the scale for signed ones, 0 and 1 for
/// floats.
fn default_gaussian(format: SampleFormat) -> SyntheticKind {
    let scale = (1_u64 << format.significant_bits().min(32)) as f64;
    let (mean, sigma) = match format.pixel() {
        PixelType::U8 | PixelType::U16 => (scale / 2.0, scale / 32.0),
        PixelType::I16 | PixelType::I32 => (0.0, scale / 32.0),
        PixelType::F32 | PixelType::F64 => (0.0, 1.0),
    };
    SyntheticKind::GaussianNoise { mean, sigma }
}

impl SyntheticKind {
    /// Its name, options and defaults.
    pub const fn info(&self) -> &'static KindInfo {
        match self {
            Self::Reference { .. } => &REFERENCE,
            Self::Gradient => &GRADIENT,
            Self::UniformNoise => &UNIFORM_NOISE,
            Self::GaussianNoise { .. } => &GAUSSIAN_NOISE,
            Self::Texture(_) => &TEXTURE,
        }
    }

    /// Frames where no number is given: all of the reference stack, 100 otherwise.
    pub(super) fn default_frames(&self) -> usize {
        match self {
            Self::Reference { steps } => steps.saturating_pow(3),
            _ => 100,
        }
    }
}
