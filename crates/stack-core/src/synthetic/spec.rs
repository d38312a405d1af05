//! Specifications of synthetic stacks as text.
//!
//! ```text
//! specification = kind [ ":" option { "," option } ]
//! option        = name "=" value
//! ```
//!
//! | option | value | of | default |
//! |---|---|---|---|
//! | `frames` | number of frames | all | 100; `steps`^3 for `reference` |
//! | `size` | height x width [x channels]: `64x48`, `64x48x3` | all | `256x256`; `201x301` for `reference` |
//! | `type` | `u8`, `u16`, `i16`, `i32`, `f32`, `f64` | all | `u16`; `f32` for `reference` and `texture` |
//! | `bits` | significant bits of `u8` and `u16` | all | all bits of the type |
//! | `steps` | values of each parameter | `reference` | 12 |
//! | `seed` | a whole number | noise, `texture` | 0 |
//! | `mean` | in units of the samples | `noise-gaussian` | 2^(bits - 1) if unsigned, else 0 |
//! | `sigma` | in units of the samples | `noise-gaussian`, `texture` | 2^bits / 32 for integers, 1 for floats; 0 for `texture` |
//! | `scale`, `drift`, `life` | as [`Texture`](super::Texture) | `texture` | 64, `0.3x0.7`, 50 |
//!
//! Options may come in any order. A specification prints them in the order of [`KINDS`], without those
//! that have their default value, so that equal stacks print equally.
//!
//! ```
//! use stack_core::synthetic::Synthetic;
//! let stack: Synthetic = "noise-gaussian:sigma=3,size=64x64,type=u16,seed=7".parse()?;
//! assert_eq!(stack.to_string(), "noise-gaussian:size=64x64,seed=7,sigma=3");
//! let error = "gradient:sigma=3".parse::<Synthetic>().unwrap_err();
//! assert_eq!(error.to_string(), "sigma=3: gradient has no such option; use one of frames, size, type, bits");
//! # Ok::<(), stack_core::Error>(())
//! ```

use std::fmt;
use std::str::FromStr;

use super::kinds::{
    BITS, DRIFT, FRAMES, KINDS, KindInfo, LIFE, MEAN, OptionInfo, SCALE, SEED, SIGMA, SIZE, STEPS, TYPE,
};
use super::{Synthetic, SyntheticKind};
use crate::{Error, FrameShape, PixelType, Result, SampleFormat};

/// The options of a specification, as written.
struct Written<'a>(Vec<(&'a str, &'a str)>);

impl<'a> Written<'a> {
    fn parse(options: Option<&'a str>, kind: &KindInfo) -> Result<Self> {
        let mut written: Vec<(&str, &str)> = Vec::new();
        for option in options.into_iter().flat_map(|options| options.split(',')) {
            let (name, value) = option.split_once('=').ok_or_else(|| {
                let problem = "there is no value";
                Error::parameter(format!("option {option:?}"), problem, "write options as name=value")
            })?;
            if !kind.options.iter().any(|known| known.name == name) {
                let known: Vec<&str> = kind.options.iter().map(|known| known.name).collect();
                return Err(Error::parameter(
                    option,
                    format!("{} has no such option", kind.name),
                    format!("use one of {}", known.join(", ")),
                ));
            }
            if written.iter().any(|(before, _)| *before == name) {
                return Err(Error::parameter(option, format!("{name} is given twice"), "give it once"));
            }
            written.push((name, value));
        }
        Ok(Self(written))
    }

    fn text(&self, option: OptionInfo) -> Option<&'a str> {
        self.0.iter().find(|(name, _)| *name == option.name).map(|(_, value)| *value)
    }

    fn value<T: FromStr>(&self, option: OptionInfo, default: T) -> Result<T> {
        match self.text(option) {
            None => Ok(default),
            Some(text) => text.parse().map_err(|_| unusable(option, text)),
        }
    }

    /// The numbers between the letters x, if there are any.
    fn product<T: FromStr>(&self, option: OptionInfo) -> Result<Option<Vec<T>>> {
        let Some(text) = self.text(option) else { return Ok(None) };
        text.split('x')
            .map(|part| part.parse().map_err(|_| unusable(option, text)))
            .collect::<Result<_>>()
            .map(Some)
    }

    fn format(&self, default: PixelType) -> Result<SampleFormat> {
        let pixel = self.text(TYPE).map_or(Ok(default), str::parse)?;
        SampleFormat::new(pixel, self.value(BITS, pixel.bits())?)
    }

    fn shape(&self, default: (usize, usize)) -> Result<FrameShape> {
        match self.product(SIZE)?.as_deref() {
            None => FrameShape::gray(default.0, default.1),
            Some(&[height, width]) => FrameShape::gray(height, width),
            Some(&[height, width, channels]) => FrameShape::new(height, width, channels),
            Some(_) => Err(unusable(SIZE, self.text(SIZE).unwrap_or_default())),
        }
    }

    /// Overwrites the defaults of the kind's own options.
    fn kind(&self, mut kind: SyntheticKind) -> Result<SyntheticKind> {
        match &mut kind {
            SyntheticKind::Gradient | SyntheticKind::UniformNoise => {}
            SyntheticKind::Reference { steps } => *steps = self.value(STEPS, *steps)?,
            SyntheticKind::GaussianNoise { mean, sigma } => {
                *mean = self.value(MEAN, *mean)?;
                *sigma = self.value(SIGMA, *sigma)?;
            }
            SyntheticKind::Texture(texture) => {
                texture.scale = self.value(SCALE, texture.scale)?;
                texture.life = self.value(LIFE, texture.life)?;
                texture.sigma = self.value(SIGMA, texture.sigma)?;
                match self.product(DRIFT)?.as_deref() {
                    None => {}
                    Some(&[rows, columns]) => texture.drift = (rows, columns),
                    Some(_) => return Err(unusable(DRIFT, self.text(DRIFT).unwrap_or_default())),
                }
            }
        }
        Ok(kind)
    }
}

fn unusable(option: OptionInfo, text: &str) -> Error {
    let remedy = format!("give {}", option.meaning);
    Error::parameter(format!("{}={text}", option.name), "not a usable value", remedy)
}

impl FromStr for Synthetic {
    type Err = Error;

    /// Parses a [specification](self) and [checks](Synthetic::check) it.
    fn from_str(text: &str) -> Result<Self> {
        let (name, options) = match text.split_once(':') {
            Some((name, options)) => (name, Some(options)),
            None => (text, None),
        };
        let info = KINDS.iter().find(|info| info.name == name).ok_or_else(|| {
            Error::parameter(
                format!("synthetic stack {name:?}"),
                "there is no such kind",
                format!("use one of {}", KINDS.map(|info| info.name).join(", ")),
            )
        })?;
        let written = Written::parse(options, info)?;
        let format = written.format(info.pixel)?;
        let kind = written.kind((info.kind)(format))?;
        let stack = Self {
            kind,
            frames: written.value(FRAMES, kind.default_frames())?,
            shape: written.shape(info.size)?,
            format,
            seed: written.value(SEED, 0)?,
        };
        stack.check()?;
        Ok(stack)
    }
}

impl fmt::Display for Synthetic {
    /// The [specification](self), without options that have their default value.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let info = self.kind.info();
        let default = (info.kind)(self.format);
        f.write_str(info.name)?;
        let mut separator = ':';
        for option in info.options {
            let value = match *option {
                FRAMES => unless(self.frames, self.kind.default_frames()),
                SIZE => self.written_size(info.size),
                TYPE => unless(self.format.pixel(), info.pixel),
                BITS => unless(self.format.significant_bits(), self.format.pixel().bits()),
                SEED => unless(self.seed, 0),
                own => own_value(own, &self.kind, &default),
            };
            if let Some(value) = value {
                write!(f, "{separator}{}={value}", option.name)?;
                separator = ',';
            }
        }
        Ok(())
    }
}

impl Synthetic {
    fn written_size(&self, default: (usize, usize)) -> Option<String> {
        let (height, width) = (self.shape.height(), self.shape.width());
        match self.shape.channels() {
            1 if (height, width) == default => None,
            1 => Some(format!("{height}x{width}")),
            channels => Some(format!("{height}x{width}x{channels}")),
        }
    }
}

/// The value of an option that belongs to the kind, unless it is the default.
fn own_value(option: OptionInfo, kind: &SyntheticKind, default: &SyntheticKind) -> Option<String> {
    match (kind, default) {
        (SyntheticKind::Reference { steps }, SyntheticKind::Reference { steps: default }) => {
            unless(*steps, *default)
        }
        (
            SyntheticKind::GaussianNoise { mean, sigma },
            SyntheticKind::GaussianNoise { mean: default_mean, sigma: default_sigma },
        ) => match option {
            MEAN => unless(*mean, *default_mean),
            _ => unless(*sigma, *default_sigma),
        },
        (SyntheticKind::Texture(texture), SyntheticKind::Texture(default)) => match option {
            SCALE => unless(texture.scale, default.scale),
            LIFE => unless(texture.life, default.life),
            SIGMA => unless(texture.sigma, default.sigma),
            _ => (texture.drift != default.drift).then(|| format!("{}x{}", texture.drift.0, texture.drift.1)),
        },
        _ => None,
    }
}

fn unless<T: Copy + PartialEq + ToString>(value: T, default: T) -> Option<String> {
    (value != default).then(|| value.to_string())
}
