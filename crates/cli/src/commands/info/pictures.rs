//! `stackpress info --pictures DIR`: what a stack looks like.
//!
//! | file | content |
//! |---|---|
//! | `contact-sheet.png` | frames spread over the stack, with their numbers |
//! | `mean.png`, `minimum.png`, `maximum.png`, `deviation.png` | of each pixel over all frames, with a colour bar |
//! | `histogram.png`, `histogram.svg` | how many samples have which value |
//!
//! The stack is read twice, frame by frame: for the statistics, and for the histogram and the contact sheet, which
//! need the range that the first pass finds.

use std::path::Path;

use serde::Serialize;
use stack_core::{
    Error, FrameBuf, FrameShape, FrameSource, PixelType, Progress, Result, SampleHistogram, StackHeader,
    StackStatistics, for_each_frame,
};
use stack_report::plot::drawing::{Anchor, TextStyle};
use stack_report::plot::{Axis, Drawing, Histogram, Range, Scale, Theme};

use crate::arguments::Global;
use crate::pictures::{FINENESS, means_of_squares, picture, reduced, save};
use crate::progress::Bar;

/// Frames of a contact sheet, and how many stand in a row.
const SHEET_FRAMES: usize = 24;
const SHEET_COLUMNS: usize = 6;
/// Longest side of a frame in the sheet, in pixels.
const THUMBNAIL: usize = 160;
/// Width of the pictures with a colour bar, in pixels.
const PICTURE_WIDTH: f64 = 640.0;
/// Bins of a histogram of more values.
const BINS: usize = 256;

/// What the pictures say in numbers.
#[derive(Serialize)]
pub(super) struct Seen {
    /// The smallest and the largest finite sample.
    pub(super) range: Option<(f64, f64)>,
    #[serde(skip)]
    pub(super) range_in_words: Option<String>,
    /// Samples that are NaN or infinite.
    pub(super) not_finite: u64,
    /// The unit of the samples, where the source tells it.
    pub(super) unit: Option<String>,
}

/// Reads all frames of `source`, and writes the pictures into `folder`.
pub(super) fn write(source: &mut dyn FrameSource, folder: &Path, bar: &Bar, global: &Global) -> Result<Seen> {
    let header = source.header().clone();
    let frames = header.frames as u64;
    let mut statistics = StackStatistics::new(&header, &global.limits())?;
    bar.phase("looking", frames);
    for_each_frame(source, bar, |_, frame| statistics.add(frame))?;
    let range = statistics.range();
    let shown = range.unwrap_or((0.0, 1.0));
    let (histogram, sheet) = second_pass(source, &header, shown, bar)?;

    let unit = unit(&header);
    let label = unit.as_deref().unwrap_or("sample values");
    std::fs::create_dir_all(folder).map_err(Error::io("create", folder))?;
    let scale = Range { low: shown.0, high: shown.1 };
    let save = |name: &str, bytes: &[u8]| save(&folder.join(name), bytes, "--pictures", global.force);
    let mut legend = range.map_or_else(
        || "no finite sample".into(),
        |range| format!("black to white: {}", in_words(&header, range)),
    );
    if let Some(unit) = &unit {
        legend += &format!(" {unit}");
    }
    if statistics.not_finite() > 0 {
        legend += ", magenta where there is no number";
    }
    save("contact-sheet.png", &sheet.draw(&header, scale, legend).to_png(Theme::Light, FINENESS))?;
    let deviation = statistics.standard_deviation();
    let planes = [
        ("mean.png", "Mean over the frames", statistics.mean(), scale),
        ("minimum.png", "Minimum over the frames", statistics.minimum(), scale),
        ("maximum.png", "Maximum over the frames", statistics.maximum(), scale),
        ("deviation.png", "Standard deviation over the frames", deviation.clone(), Range::of(&deviation)),
    ];
    for (name, title, plane, range) in planes {
        let drawing = picture(&plane, header.shape, range).with_colour_bar(title, label, PICTURE_WIDTH);
        save(name, &drawing.to_png(Theme::Light, FINENESS))?;
    }
    let drawing = histogram_chart(&histogram, label).draw();
    save("histogram.png", &drawing.to_png(Theme::Light, FINENESS))?;
    save("histogram.svg", drawing.to_svg().as_bytes())?;
    Ok(Seen {
        range,
        range_in_words: range.map(|range| in_words(&header, range)),
        not_finite: statistics.not_finite(),
        unit,
    })
}

/// `62 to 255`: as many digits as the type of the samples has.
fn in_words(header: &StackHeader, (low, high): (f64, f64)) -> String {
    if header.format.pixel() == PixelType::F32 {
        format!("{} to {}", low as f32, high as f32)
    } else {
        format!("{low} to {high}")
    }
}

/// The unit that the source names.
fn unit(header: &StackHeader) -> Option<String> {
    let properties = &header.meta.properties;
    ["units", "unit"].iter().find_map(|name| properties.get(*name)).filter(|unit| !unit.is_empty()).cloned()
}

fn second_pass(
    source: &mut dyn FrameSource,
    header: &StackHeader,
    range: (f64, f64),
    bar: &Bar,
) -> Result<(SampleHistogram, Sheet)> {
    let floats = matches!(header.format.pixel(), PixelType::F32 | PixelType::F64);
    let mut histogram =
        if floats { SampleHistogram::new(range, BINS) } else { SampleHistogram::of_integers(range, BINS) };
    let mut sheet = Sheet::of(header);
    bar.phase("counting", header.frames as u64);
    for_each_frame(source, bar, |index, frame| {
        histogram.add(frame);
        sheet.look(index, frame);
        Ok(())
    })?;
    Ok((histogram, sheet))
}

/// Frames spread over the stack, made small.
struct Sheet {
    /// Numbers of the frames.
    chosen: Vec<usize>,
    shape: FrameShape,
    /// Each small pixel is the mean of so many by so many.
    step: usize,
    thumbnails: Vec<Vec<f64>>,
}

impl Sheet {
    fn of(header: &StackHeader) -> Self {
        let count = header.frames.min(SHEET_FRAMES);
        // From the first frame to the last in equal steps.
        let chosen = (0..count).map(|place| place * (header.frames - 1) / (count - 1).max(1)).collect();
        let shape = header.shape;
        let step = shape.height().max(shape.width()).div_ceil(THUMBNAIL);
        Self { chosen, shape, step, thumbnails: Vec::new() }
    }

    fn look(&mut self, index: usize, frame: &FrameBuf) {
        if self.chosen.get(self.thumbnails.len()) == Some(&index) {
            self.thumbnails.push(means_of_squares(frame, self.shape, self.step));
        }
    }

    fn draw(&self, header: &StackHeader, range: Range, legend: String) -> Drawing {
        const GAP: f64 = 12.0;
        const LINE: f64 = 18.0;
        let columns = self.chosen.len().min(SHEET_COLUMNS);
        let small = |side: usize| side.div_ceil(self.step) as f64;
        // Tiny frames are enlarged, so that there is something to see.
        let longest = small(self.shape.height().max(self.shape.width()));
        let scale = (THUMBNAIL as f64 / longest).max(1.0);
        let (width, height) = (small(self.shape.width()) * scale, small(self.shape.height()) * scale);
        let cell = (width.max(72.0) + GAP, height + LINE + GAP);
        let rows = self.chosen.len().div_ceil(columns);
        let head = 2.0 * LINE + GAP;
        let size = (GAP + columns as f64 * cell.0).max(420.0);
        let title = header.describe();
        let mut drawing =
            Drawing::new(size, head + rows as f64 * cell.1, &title, "frames spread over the stack");
        let text = |anchor| TextStyle { anchor, ..TextStyle::default() };
        drawing.text((GAP, LINE), title, text(Anchor::Start));
        drawing.text((GAP, 2.0 * LINE), legend, text(Anchor::Start));
        for (place, (number, thumbnail)) in self.chosen.iter().zip(&self.thumbnails).enumerate() {
            let left = GAP + (place % columns) as f64 * cell.0;
            let top = head + (place / columns) as f64 * cell.1;
            let shape = reduced(self.shape, self.step);
            drawing.picture((left, top), (width, height), picture(thumbnail, shape, range));
            drawing.text((left + width / 2.0, top + height + 14.0), number.to_string(), text(Anchor::Middle));
        }
        drawing
    }
}

fn histogram_chart(histogram: &SampleHistogram, unit: &str) -> Histogram {
    let (low, high) = histogram.range();
    let bins = histogram.counts().len();
    // A stack of one value has a bin without width; it is shown as one of width 1.
    let width = if high > low { high - low } else { 1.0 };
    Histogram {
        title: "Samples by value".into(),
        description: "How many samples of the stack have which value".into(),
        x: Axis::linear(unit),
        edges: (0..=bins).map(|edge| low + width * edge as f64 / bins as f64).collect(),
        counts: histogram.counts().to_vec(),
        counts_scale: Scale::Logarithmic,
        ..Histogram::default()
    }
}
