//! The charts of a report: what is drawn of the measurements of one stack.
//!
//! | chart | shows | drawn for |
//! |---|---|---|
//! | `sizes` | stored bytes of every method | every stack |
//! | `error` | ratio against largest error; bit-exact methods in a lane of their own | lossy methods |
//! | `rate` | PSNR against bits per sample | two lossy methods or more |
//! | `speed` | ratio against encoding speed | two methods or more |
//! | `histogram` | how many samples have which error | lossy methods |
//! | `largest`, `rmse` | errors over the frames | lossy methods, two frames or more |
//!
//! Lines join methods that differ in the number of one option only ([`settings`]).

use std::collections::BTreeSet;

use stack_methods::{Figures, Measurement};

use crate::numbers::{grouped, significant};
use crate::order::Group;
use crate::plot::{Axis, Bar, Bars, Drawing, Form, Point, Scale, Series, XyChart};
use crate::settings;

/// A chart of a report.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    /// A word that tells it from the others of its stack, fit for a file name.
    pub name: &'static str,
    /// What one should know to read it; may be empty.
    pub caption: String,
    /// The chart.
    pub drawing: Drawing,
}

/// A method that was measured.
#[derive(Clone, Copy)]
struct Run<'a> {
    row: &'a Measurement,
    figures: &'a Figures,
}

/// Most points of a line over the frames: more than that a chart of this width cannot show.
const POINTS_DRAWN: usize = 480;

/// All charts of one stack, those without data left out.
pub fn charts(group: &Group<'_>) -> Vec<Chart> {
    let runs: Vec<Run<'_>> =
        group.rows.iter().filter_map(|row| row.figures().map(|figures| Run { row, figures })).collect();
    let mut lossy: Vec<Run<'_>> =
        runs.iter().copied().filter(|run| !run.figures.errors.bit_exact()).collect();
    // By name, so that a method has the same colour in every chart and after another measurement.
    lossy.sort_by(|one, other| one.row.method.cmp(&other.row.method));
    [
        sizes(&runs),
        ratio_against_error(&runs),
        rate_against_distortion(&runs, &lossy),
        ratio_against_speed(&runs),
        error_histogram(&lossy),
        over_frames(&lossy, "largest", "Largest error of each frame", "largest error", |figures| {
            figures.errors.frame_max.clone()
        }),
        over_frames(&lossy, "rmse", "Root mean squared error of each frame", "RMSE", |figures| {
            figures.spread.as_ref().map_or_else(Vec::new, |spread| spread.frame_rmse.clone())
        }),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn sizes(runs: &[Run<'_>]) -> Option<Chart> {
    let (smallest, largest) = (runs.first()?, runs.last()?);
    let first = smallest.row;
    let scale = largest.figures.stored_bytes.max(first.disk_bytes_before.unwrap_or(0));
    let (size, unit) = [(1e9, "GB"), (1e6, "MB"), (1e3, "kB")]
        .into_iter()
        .find(|(size, _)| scale as f64 >= *size)
        .unwrap_or((1.0, "bytes"));
    let lossy = |run: &Run<'_>| usize::from(!run.figures.errors.bit_exact());
    let bars = runs.iter().map(|run| Bar {
        label: run.row.method.clone(),
        value: run.figures.stored_bytes as f64 / size,
        note: format!("{:.2}×", run.row.ratio().unwrap_or(f64::NAN)),
        index: lossy(run),
    });
    let kinds: BTreeSet<usize> = runs.iter().map(lossy).collect();
    let words = ["bit-exact", "samples changed"];
    let chart = Bars {
        title: "Stored size, and ratio to the samples".into(),
        description: format!(
            "{} methods, from {} with {} bytes to {} with {} bytes",
            runs.len(),
            smallest.row.method,
            grouped(smallest.figures.stored_bytes),
            largest.row.method,
            grouped(largest.figures.stored_bytes)
        ),
        axis: format!("stored size ({unit})"),
        bars: bars.collect(),
        reference: first.disk_bytes_before.map(|bytes| (bytes as f64 / size, "on disk before".into())),
        legend: kinds.into_iter().map(|kind| (kind, words[kind].to_owned())).collect(),
    };
    Some(Chart { name: "sizes", caption: String::new(), drawing: chart.draw() })
}

fn ratio_against_error(runs: &[Run<'_>]) -> Option<Chart> {
    let lossy = runs.iter().filter(|run| !run.figures.errors.bit_exact()).count();
    let exact = runs.len() - lossy;
    if lossy == 0 {
        return None;
    }
    let at = |run: &Run<'_>| {
        let errors = &run.figures.errors;
        // Bits may differ where numbers do not: such a copy is in no lane of exact ones.
        let error = if errors.bit_exact() { 0.0 } else { errors.max_abs.max(f64::MIN_POSITIVE) };
        (error, run.row.ratio().unwrap_or(f64::NAN))
    };
    let infinite = runs.iter().filter(|run| run.figures.errors.max_abs.is_infinite()).count();
    let chart = XyChart {
        title: "Ratio against largest error".into(),
        description: format!("{lossy} methods that change samples, {exact} that are bit-exact"),
        x: Axis::logarithmic("largest error (sample values)"),
        y: Axis::logarithmic("ratio"),
        zero_lane: "bit-exact".into(),
        series: by_family(runs, runs, at),
    };
    let mut caption = "Further up is smaller, further left is closer to the original.".to_owned();
    if infinite > 0 {
        caption += &format!(" {infinite} with infinite errors are not shown.");
    }
    Some(Chart { name: "error", caption, drawing: chart.draw() })
}

fn rate_against_distortion(runs: &[Run<'_>], lossy: &[Run<'_>]) -> Option<Chart> {
    let shown: Vec<Run<'_>> =
        lossy.iter().copied().filter(|run| run.figures.errors.psnr.is_some_and(f64::is_finite)).collect();
    let first = &shown.first()?.figures.errors;
    if shown.len() < 2 {
        return None;
    }
    let at = |run: &Run<'_>| {
        (run.row.bits_per_sample().unwrap_or(f64::NAN), run.figures.errors.psnr.unwrap_or(f64::NAN))
    };
    let chart = XyChart {
        title: "Rate and distortion".into(),
        description: format!("PSNR of {} methods that change samples against their size", shown.len()),
        x: Axis::logarithmic("rate (bits per sample)"),
        y: Axis::linear("PSNR (dB)"),
        series: by_family(runs, &shown, at),
        ..XyChart::default()
    };
    let caption = format!("Peak of the PSNR: {} ({}).", significant(first.psnr_peak), first.psnr_peak_name);
    Some(Chart { name: "rate", caption, drawing: chart.draw() })
}

fn ratio_against_speed(runs: &[Run<'_>]) -> Option<Chart> {
    if runs.len() < 2 {
        return None;
    }
    let at = |run: &Run<'_>| {
        let speed = run.row.raw_bytes as f64 / 1e6 / run.figures.encode_wall_seconds;
        (speed, run.row.ratio().unwrap_or(f64::NAN))
    };
    let chart = XyChart {
        title: "Ratio against encoding speed".into(),
        description: format!("{} methods", runs.len()),
        x: Axis::logarithmic("encoding speed (MB of samples per second)"),
        y: Axis::logarithmic("ratio"),
        series: by_family(runs, runs, at),
        ..XyChart::default()
    };
    let caption =
        "Further up is smaller, further right is faster. Wall time, on the machine above.".to_owned();
    Some(Chart { name: "speed", caption, drawing: chart.draw() })
}

/// A series of points for each family of methods, and lines through those that differ in one number. Of `all` runs,
/// so that a family has the same colour in all charts, only some are shown.
fn by_family(all: &[Run<'_>], runs: &[Run<'_>], at: impl Fn(&Run<'_>) -> (f64, f64)) -> Vec<Series> {
    let family = |run: &Run<'_>| run.row.method.split(':').next().unwrap_or_default().to_owned();
    let families: Vec<String> = all.iter().map(family).collect::<BTreeSet<_>>().into_iter().collect();
    let methods: Vec<&str> = runs.iter().map(|run| run.row.method.as_str()).collect();
    let point = |run: &Run<'_>, label: &str| {
        let (x, y) = at(run);
        Point { x, y, label: label.to_owned() }
    };
    let lines = settings::lines(&methods).into_iter().map(|line| {
        let first = family(&runs[line[0]]);
        Series {
            name: String::new(),
            index: families.iter().position(|family| *family == first).unwrap_or(0),
            form: Form::Lines,
            points: line.iter().map(|index| point(&runs[*index], "")).collect(),
        }
    });
    let points = families.iter().enumerate().map(|(index, name)| Series {
        name: name.clone(),
        index,
        form: Form::Points,
        points: runs
            .iter()
            .filter(|run| family(run) == *name)
            .map(|run| point(run, &run.row.method))
            .collect(),
    });
    let points = points.filter(|series| !series.points.is_empty());
    lines.chain(points).collect()
}

fn error_histogram(lossy: &[Run<'_>]) -> Option<Chart> {
    let series: Vec<Series> = lossy
        .iter()
        .enumerate()
        .filter_map(|(index, run)| {
            let histogram = &run.figures.spread.as_ref()?.histogram;
            let (first, last) = (histogram.octaves.first()?.exponent, histogram.octaves.last()?.exponent);
            let mut points = vec![Point { x: 0.0, y: histogram.zeros as f64, label: String::new() }];
            for exponent in first..=last + 1 {
                let octave = histogram.octaves.iter().find(|octave| octave.exponent == exponent);
                let samples = octave.map_or(0, |octave| octave.samples);
                points.push(Point { x: power_of_two(exponent), y: samples as f64, label: String::new() });
            }
            Some(Series { name: run.row.method.clone(), index, form: Form::Steps, points })
        })
        .collect();
    if series.is_empty() {
        return None;
    }
    let chart = XyChart {
        title: "How many samples have which error".into(),
        description: format!("Counts for {} methods", series.len()),
        x: Axis::logarithmic("absolute error (sample values)"),
        y: Axis::logarithmic("samples"),
        zero_lane: "no error".into(),
        series,
    };
    let caption =
        "Each step counts the errors from one power of two to the next; the marks to the left count the \
                   samples that came back equal."
            .to_owned();
    Some(Chart { name: "histogram", caption, drawing: chart.draw() })
}

/// Exact for every exponent of a double.
fn power_of_two(exponent: i32) -> f64 {
    libm::scalbn(1.0, exponent)
}

fn over_frames(
    lossy: &[Run<'_>],
    name: &'static str,
    title: &str,
    label: &str,
    values: impl Fn(&Figures) -> Vec<f64>,
) -> Option<Chart> {
    let frames = lossy.iter().map(|run| run.figures.errors.frame_max.len()).max()?;
    if frames < 2 {
        return None;
    }
    let mut most_shared = 1;
    let series: Vec<Series> = lossy
        .iter()
        .enumerate()
        .map(|(index, run)| {
            let values = values(run.figures);
            // What was kept may already stand for several frames each.
            let kept = frames.div_ceil(values.len().max(1));
            let shared = values.len().div_ceil(POINTS_DRAWN).max(1);
            most_shared = most_shared.max(kept * shared);
            let points = values.chunks(shared).enumerate().map(|(chunk, values)| Point {
                x: (chunk * shared * kept) as f64,
                y: values.iter().copied().fold(0.0, f64::max),
                label: String::new(),
            });
            Series { name: run.row.method.clone(), index, form: Form::Lines, points: points.collect() }
        })
        .collect();
    let drawn = || series.iter().flat_map(|series| &series.points).map(|point| point.y);
    let (low, high) = drawn()
        .filter(|value| value.is_finite() && *value > 0.0)
        .fold((f64::INFINITY, 0.0_f64), |(low, high), value| (low.min(value), high.max(value)));
    if high == 0.0 {
        return None;
    }
    let label = format!("{label} (sample values)");
    let y = if high / low > 20.0 {
        Axis::logarithmic(label)
    } else {
        Axis { label, scale: Scale::Linear, range: Some((0.0, high * 1.06)), whole: false }
    };
    let mut caption = String::new();
    if most_shared > 1 {
        caption +=
            &format!("Each point is the largest of {} neighbouring frames. ", grouped(most_shared as u64));
    }
    if y.scale == Scale::Logarithmic && drawn().any(|value| value == 0.0) {
        caption += "Frames without error have no place on the logarithmic axis: the line has gaps there. ";
    }
    if drawn().any(f64::is_infinite) {
        caption += "Infinite errors are not shown.";
    }
    let chart = XyChart {
        title: title.to_owned(),
        description: format!("{} methods over {} frames", series.len(), grouped(frames as u64)),
        x: Axis {
            label: "frame".into(),
            scale: Scale::Linear,
            range: Some((0.0, (frames - 1) as f64)),
            whole: true,
        },
        y,
        series,
        ..XyChart::default()
    };
    Some(Chart { name, caption: caption.trim_end().to_owned(), drawing: chart.draw() })
}
