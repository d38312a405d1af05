//! Synthetic stacks: made frame by frame from a short specification, equal on every machine.
//!
//! ```text
//! "noise-gaussian:frames=100,size=64x64,sigma=3"  --parse-->  Synthetic  --source-->  SyntheticSource: FrameSource
//! ```
//!
//! | kind | module | what it is, and what it is good for |
//! |---|---|---|
//! | `reference` | [`mod@reference`] | 1,728 smooth super-Gaussian frames: the case that coders find easy |
//! | `gradient` | [`gradient`] | a linear ramp: every value, no noise |
//! | `noise-uniform` | [`noise`] | uniform noise: nothing to gain; a coder must not lose much |
//! | `noise-gaussian` | [`noise`] | Gaussian noise: what sensors add, of known entropy |
//! | `texture` | [`texture`] | a drifting, slowly changing texture, with noise if asked: the case of measured fields |
//!
//! The words of a specification are in [`spec`]. Every frame can be made alone, so a source seeks. Random numbers
//! come from a [documented generator](random) whose seed is part of the specification; `exp`, `pow`, `log` and `sin`
//! come from the `libm` crate and not from the machine, and no fused multiply-add is used: the same specification
//! gives the same bits everywhere. Hashes of a small stack of each kind are kept in the tests.
//!
//! ```
//! use stack_core::synthetic::Synthetic;
//! use stack_core::{FrameBuf, FrameSource};
//! let stack: Synthetic = "reference:type=u16".parse()?;
//! let mut source = stack.source()?;
//! assert_eq!(source.header().describe(), "1728 frames of 201 x 301, u16");
//! let mut frame = FrameBuf::for_header(source.header());
//! source.read_frame(0, &mut frame)?;
//! assert_eq!(frame.bits_at(100 * 301 + 150), Some(65_535)); // the centre of a bump
//! # Ok::<(), stack_core::Error>(())
//! ```

pub mod gradient;
mod kinds;
pub mod noise;
pub mod random;
pub mod reference;
mod sample;
pub mod spec;
pub mod texture;

use crate::stream::check_frame_index;
use crate::{Error, FrameBuf, FrameShape, FrameSource, Result, SampleFormat, StackHeader};
pub use kinds::{KINDS, KindInfo, OptionInfo};
pub use texture::Texture;

/// What a synthetic stack shows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum SyntheticKind {
    /// The [reference stack](mod@reference): `steps` values of each of its three parameters.
    Reference {
        /// 12 makes the 1,728 frames of the original.
        steps: usize,
    },
    /// A [linear ramp](gradient).
    Gradient,
    /// [Noise](noise) in which every value is equally likely.
    UniformNoise,
    /// Gaussian [noise].
    GaussianNoise {
        /// Mean, in units of the samples.
        mean: f64,
        /// Standard deviation, in units of the samples.
        sigma: f64,
    },
    /// A [drifting texture](texture).
    Texture(Texture),
}

/// Everything that defines a synthetic stack. As text, it is a [specification](spec).
#[derive(Debug, Clone, PartialEq)]
pub struct Synthetic {
    /// What it shows.
    pub kind: SyntheticKind,
    /// Number of frames.
    pub frames: usize,
    /// Shape of every frame.
    pub shape: FrameShape,
    /// Type of every sample.
    pub format: SampleFormat,
    /// Seed of the random numbers; without effect on kinds that have none.
    pub seed: u64,
}

impl Synthetic {
    /// Name of the property that holds the specification in the header of a synthetic stack.
    pub const PROPERTY: &'static str = "synthetic";

    /// Most steps of the reference stack, so that the number of its frames fits any machine word.
    pub const MOST_STEPS: usize = 1000;

    /// The source of its frames.
    ///
    /// # Errors
    /// As [`Synthetic::check`].
    pub fn source(&self) -> Result<SyntheticSource> {
        self.check()?;
        let mut header = StackHeader::new(self.frames, self.shape, self.format)?;
        header.meta.properties.insert(Self::PROPERTY.into(), self.to_string());
        Ok(SyntheticSource { definition: self.clone(), header })
    }

    /// Checks the parameters against each other.
    ///
    /// # Errors
    /// [`Error::Parameter`] that names the option.
    pub fn check(&self) -> Result<()> {
        self.check_kind()?;
        StackHeader::new(self.frames, self.shape, self.format).map(drop)
    }

    fn check_kind(&self) -> Result<()> {
        match self.kind {
            SyntheticKind::Reference { steps } => self.check_reference(steps),
            SyntheticKind::GaussianNoise { mean, sigma } => {
                within("mean", mean, f64::MIN, f64::MAX)?;
                within("sigma", sigma, 0.0, f64::MAX)
            }
            SyntheticKind::Texture(texture) => {
                within("scale", texture.scale, 1.0, 65_536.0)?;
                within("drift", texture.drift.0, -1000.0, 1000.0)?;
                within("drift", texture.drift.1, -1000.0, 1000.0)?;
                within("life", texture.life, 0.0, 1e9)?;
                if texture.life > 0.0 {
                    within("life", texture.life, 1.0, 1e9)?;
                }
                within("sigma", texture.sigma, 0.0, f64::MAX)
            }
            SyntheticKind::Gradient | SyntheticKind::UniformNoise => Ok(()),
        }
    }

    fn check_reference(&self, steps: usize) -> Result<()> {
        if !(1..=Self::MOST_STEPS).contains(&steps) {
            return Err(Error::parameter(
                format!("steps={steps}"),
                "not a number of steps",
                format!("use 1 to {}", Self::MOST_STEPS),
            ));
        }
        let all = steps.pow(3);
        if self.frames > all {
            return Err(Error::parameter(
                format!("frames={}", self.frames),
                format!("the reference stack of {steps} steps has {all} frames"),
                "ask for fewer frames, or for more steps",
            ));
        }
        if self.shape.channels() > 1 {
            return Err(Error::parameter(
                format!("size={}", self.shape),
                "the reference stack has one channel",
                "leave the channels away, or use another kind",
            ));
        }
        Ok(())
    }

    /// Makes frame `index` in `into`, which fits; parameters and index were checked.
    fn fill(&self, index: usize, into: &mut FrameBuf) {
        let stream = || random::Stream::new(self.seed, index);
        match &self.kind {
            SyntheticKind::Reference { steps } => {
                reference::fill(index, *steps, (self.shape.height(), self.shape.width()), self.format, into);
            }
            SyntheticKind::Gradient => gradient::fill(index, self.frames, self.shape, self.format, into),
            SyntheticKind::UniformNoise => noise::fill_uniform(&mut stream(), self.format, into),
            SyntheticKind::GaussianNoise { mean, sigma } => {
                noise::fill_gaussian(&mut stream(), *mean, *sigma, self.format, into);
            }
            SyntheticKind::Texture(texture) => {
                texture::fill(texture, self.seed, index, self.shape, self.format, into);
            }
        }
    }
}

fn within(option: &str, value: f64, low: f64, high: f64) -> Result<()> {
    if (low..=high).contains(&value) {
        return Ok(());
    }
    let remedy = match (low, high) {
        (f64::MIN, _) => "give a finite number".into(),
        (low, f64::MAX) => format!("give a finite number of at least {low}"),
        (low, high) => format!("give a number from {low} to {high}"),
    };
    Err(Error::parameter(format!("{option}={value}"), "outside its range", remedy))
}

/// The frames of a [`Synthetic`] stack, each made when it is read.
#[derive(Debug, Clone)]
pub struct SyntheticSource {
    definition: Synthetic,
    header: StackHeader,
}

impl FrameSource for SyntheticSource {
    fn header(&self) -> &StackHeader {
        &self.header
    }

    fn read_frame(&mut self, index: usize, into: &mut FrameBuf) -> Result<()> {
        check_frame_index(&self.header, index)?;
        into.fit(&self.header);
        self.definition.fill(index, into);
        Ok(())
    }
}
