//! `stackpress verify FILE --against IN --pictures DIR`: what came back, beside what it was made from.
//!
//! | file | content |
//! |---|---|
//! | `frames.png` | a few frames: original, decoded, and the signed difference with a colour bar |
//! | `worst-frame.png` | the same for the first frame that has the largest error |
//! | `errors-over-frames.png`, `.svg` | largest error and RMSE of each frame |
//! | `differences.png`, `.svg` | how many samples differ by how much |
//!
//! Where every sample is the same there is `frames.png` alone. Everything is gathered while frames are compared, in one
//! pass; files of components have more pictures, see [`super::components`].

use std::path::Path;

use stack_core::{Result, StackHeader};
use stack_methods::ComparedFrame;
use stack_report::FramePictures;
use stack_report::comparison::{Differences, errors_over_frames, side_by_side};
use stack_report::plot::{Drawing, Theme};

use crate::pictures::{FINENESS, save};

/// Frames that are shown whatever their errors are.
const SHOWN: usize = 4;

/// The names of the columns.
const COLUMNS: [&str; 3] = ["original", "decoded", "decoded minus original"];

/// What is kept of the frames that were compared.
pub(super) struct Album {
    header: StackHeader,
    chosen: Vec<usize>,
    shown: Vec<FramePictures>,
    worst: Option<(f64, FramePictures)>,
    largest: Vec<f64>,
    rmse: Vec<f64>,
    differences: Differences,
    differing: u64,
}

/// Frames from the first to the last in equal steps.
pub(super) fn spread(frames: usize) -> Vec<usize> {
    let count = frames.min(SHOWN);
    (0..count).map(|place| place * (frames - 1) / (count - 1).max(1)).collect()
}

impl Album {
    pub(super) fn new(header: &StackHeader) -> Self {
        Self {
            header: header.clone(),
            chosen: spread(header.frames),
            shown: Vec::new(),
            worst: None,
            largest: Vec::new(),
            rmse: Vec::new(),
            differences: Differences::default(),
            differing: 0,
        }
    }

    /// Frames that the stack has.
    pub(super) fn frames(&self) -> usize {
        self.header.frames
    }

    /// Looks at a frame.
    pub(super) fn see(&mut self, compared: ComparedFrame<'_>) {
        let ComparedFrame { index, original, decoded, errors } = compared;
        let picture = || FramePictures::of(index as u64, self.header.shape, original, decoded);
        if self.chosen.contains(&index) {
            self.shown.extend(picture());
        }
        let worst_yet = self.worst.as_ref().map_or(0.0, |(error, _)| *error);
        if errors.max_abs > worst_yet {
            self.worst = picture().map(|picture| (errors.max_abs, picture));
        }
        self.largest.push(errors.max_abs);
        self.rmse.push((errors.sum_squares / errors.finite_pairs.max(1) as f64).sqrt());
        self.differing += errors.differing;
        self.differences.add(original, decoded);
    }

    /// Writes the pictures; the names of their files.
    pub(super) fn write(&self, folder: &Path, overwrite: bool) -> Result<Vec<String>> {
        let mut files = Files::new(folder, overwrite);
        let what = self.header.describe();
        if self.differing == 0 {
            let title = format!("{what}: every sample came back bit for bit");
            files.picture("frames", &side_by_side(&title, COLUMNS, &self.shown))?;
            return Ok(files.names);
        }
        files.picture("frames", &side_by_side(&what, COLUMNS, &self.shown))?;
        if let Some((error, worst)) = &self.worst {
            let title = format!("The largest error: {error} in frame {}", worst.frame);
            files.picture("worst-frame", &side_by_side(&title, COLUMNS, std::slice::from_ref(worst)))?;
        }
        files.chart("errors-over-frames", &errors_over_frames(&self.largest, &self.rmse))?;
        files.chart("differences", &self.differences.draw())?;
        Ok(files.names)
    }
}

/// Files that are written one after the other.
pub(super) struct Files<'a> {
    folder: &'a Path,
    overwrite: bool,
    pub(super) names: Vec<String>,
}

impl<'a> Files<'a> {
    pub(super) fn new(folder: &'a Path, overwrite: bool) -> Self {
        Self { folder, overwrite, names: Vec::new() }
    }

    /// A drawing of pictures, as PNG.
    pub(super) fn picture(&mut self, name: &str, drawing: &Drawing) -> Result<()> {
        self.file(format!("{name}.png"), &drawing.to_png(Theme::Light, FINENESS))
    }

    /// A chart, as PNG and as SVG.
    pub(super) fn chart(&mut self, name: &str, drawing: &Drawing) -> Result<()> {
        self.picture(name, drawing)?;
        self.file(format!("{name}.svg"), drawing.to_svg().as_bytes())
    }

    fn file(&mut self, name: String, bytes: &[u8]) -> Result<()> {
        save(&self.folder.join(&name), bytes, "--pictures", self.overwrite)?;
        self.names.push(name);
        Ok(())
    }
}
