//! More pictures of files that hold principal components.
//!
//! | file | content |
//! |---|---|
//! | `eigenimages.png` | the first components with their numbers and shares of the variance |
//! | `explained-variance.png`, `.svg` | the share of each component, and what is left |
//! | `error-by-components.png`, `.svg` | mean squared error with none, one, two, ... of them, measured on rounded samples |
//! | `reconstructions.png` | a few frames beside what the components alone make of them, without a remainder |

use std::path::Path;

use stack_core::{Error, FrameBuf, Limits, PixelType, Result, Sample, with_samples};
use stack_methods::ComparedFrame;
use stack_methods::pca::{Components, open_components};
use stack_report::FramePictures;
use stack_report::comparison::side_by_side;
use stack_report::components::{eigenimages, error_by_components, explained_variance, signed_picture};

use super::pictures::{Files, spread};

/// Eigenimages that are drawn.
const EIGENIMAGES: usize = 20;

/// The components of a file, once it is known to be whole.
pub(super) enum Opened {
    /// No frame was seen.
    NotYet,
    /// The file has none.
    None,
    /// It has.
    Album(Box<ComponentsAlbum>),
    /// They cannot be read.
    Failed(Error),
}

impl Opened {
    /// Looks at a frame, at the first one into the file.
    pub(super) fn see(&mut self, file: &Path, limits: &Limits, compared: ComparedFrame<'_>) {
        if matches!(self, Self::NotYet) {
            *self = match ComponentsAlbum::open(file, limits) {
                Ok(Some(album)) => Self::Album(Box::new(album)),
                Ok(None) => Self::None,
                Err(error) => Self::Failed(error),
            };
        }
        if let Self::Album(album) = self {
            album.see(compared);
        }
    }

    /// Writes the pictures of components, if there are any; the names of their files.
    pub(super) fn write(self, folder: &Path, overwrite: bool) -> Result<Vec<String>> {
        match self {
            Self::NotYet | Self::None => Ok(Vec::new()),
            Self::Album(album) => album.write(folder, overwrite),
            Self::Failed(error) => Err(error),
        }
    }
}

/// What is measured of components while frames are compared.
pub(super) struct ComponentsAlbum {
    components: Components,
    /// All components as numbers, one after the other.
    vectors: Vec<Vec<f64>>,
    mean: Vec<f64>,
    /// Sums of the squared errors with no component, one, two, ...
    squares: Vec<f64>,
    counted: u64,
    chosen: Vec<usize>,
    shown: Vec<FramePictures>,
}

/// The samples of a frame as numbers.
fn numbers(frame: &FrameBuf) -> Vec<f64> {
    with_samples!(frame, samples => samples.iter().map(|sample| sample.to_f64()).collect())
}

impl ComponentsAlbum {
    /// Opens the components of a file; `None` where the file has none.
    fn open(file: &Path, limits: &Limits) -> Result<Option<Self>> {
        if stack_methods::identify(file)?.family() != "pca" {
            return Ok(None);
        }
        let components = open_components(file, limits)?;
        let count = components.count();
        let header = components.header();
        // Once more than the file's own buffers, as numbers of 64 bits.
        let bytes = (count as u128 + 2) * header.shape.samples() as u128 * 8;
        Limits::check(file, "bytes of components to draw", bytes, limits.memory_bytes)?;
        let vectors = (0..count).filter_map(|index| components.component(index)).map(|it| numbers(&it));
        Ok(Some(Self {
            vectors: vectors.collect(),
            mean: numbers(components.mean()),
            squares: vec![0.0; count + 1],
            counted: 0,
            chosen: spread(header.frames),
            shown: Vec::new(),
            components,
        }))
    }

    /// Builds a frame up component by component, and measures after each.
    fn see(&mut self, compared: ComparedFrame<'_>) {
        let Some(scores) = self.components.scores(compared.index) else { return };
        let header = self.components.header();
        let original = numbers(compared.original);
        let rounded = rounding(header.format.pixel(), header.format.significant_bits());
        let mut built = self.mean.clone();
        let squares_of = |built: &[f64]| -> f64 {
            let errors = original.iter().zip(built).filter(|(x, _)| x.is_finite());
            errors.map(|(x, built)| (x - rounded(*built)).powi(2)).sum()
        };
        self.squares[0] += squares_of(&built);
        for ((vector, score), squares) in self.vectors.iter().zip(&scores).zip(&mut self.squares[1..]) {
            built.iter_mut().zip(vector).for_each(|(built, entry)| *built += score * entry);
            *squares += squares_of(&built);
        }
        self.counted += original.iter().filter(|x| x.is_finite()).count() as u64;
        if self.chosen.contains(&compared.index) {
            let rebuilt = frame_of(compared.original.pixel(), built.iter().map(|value| rounded(*value)));
            let pictures =
                FramePictures::of(compared.index as u64, header.shape, compared.original, &rebuilt);
            self.shown.extend(pictures);
        }
    }

    /// Writes the pictures; the names of their files.
    fn write(&self, folder: &Path, overwrite: bool) -> Result<Vec<String>> {
        let mut files = Files::new(folder, overwrite);
        let shape = self.components.header().shape;
        let count = self.components.count();
        let images: Vec<_> = (0..count.min(EIGENIMAGES))
            .filter_map(|index| self.components.component(index))
            .filter_map(|component| signed_picture(&component, shape))
            .collect();
        let shares = self.components.explained_shares();
        if !images.is_empty() {
            files.picture("eigenimages", &eigenimages(&images, &shares))?;
            files.chart("explained-variance", &explained_variance(&shares))?;
        }
        let errors: Vec<f64> = self.squares.iter().map(|sum| sum / self.counted.max(1) as f64).collect();
        files.chart("error-by-components", &error_by_components(&errors))?;
        let words = ["original", "from the components", "components minus original"];
        let title = format!("Frames from {count} components alone");
        files.picture("reconstructions", &side_by_side(&title, words, &self.shown))?;
        Ok(files.names)
    }
}

/// What a rebuilt sample goes through before it is one of its type.
fn rounding(pixel: PixelType, bits: u8) -> impl Fn(f64) -> f64 {
    let (low, high) = match pixel {
        PixelType::U8 | PixelType::U16 => (0.0, f64::from((1_u32 << bits) - 1)),
        PixelType::I16 => (f64::from(i16::MIN), f64::from(i16::MAX)),
        PixelType::I32 => (f64::from(i32::MIN), f64::from(i32::MAX)),
        PixelType::F32 | PixelType::F64 => (f64::NEG_INFINITY, f64::INFINITY),
    };
    move |value| match pixel {
        PixelType::F32 => f64::from(value as f32),
        PixelType::F64 => value,
        _ => value.round_ties_even().clamp(low, high),
    }
}

/// A frame of samples that were rounded to their type.
fn frame_of(pixel: PixelType, values: impl Iterator<Item = f64>) -> FrameBuf {
    match pixel {
        PixelType::U8 => FrameBuf::U8(values.map(|value| value as u8).collect()),
        PixelType::U16 => FrameBuf::U16(values.map(|value| value as u16).collect()),
        PixelType::I16 => FrameBuf::I16(values.map(|value| value as i16).collect()),
        PixelType::I32 => FrameBuf::I32(values.map(|value| value as i32).collect()),
        PixelType::F32 => FrameBuf::F32(values.map(|value| value as f32).collect()),
        PixelType::F64 => FrameBuf::F64(values.collect()),
    }
}
