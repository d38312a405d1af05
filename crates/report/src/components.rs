//! Principal components as people see them: eigenimages, the variance that they explain, and the error that is left.

use stack_core::{FrameBuf, FrameShape, Sample, with_samples};

use crate::plot::drawing::{Anchor, TextStyle};
use crate::plot::{Axis, Drawing, Form, Picture, Range, Series, XyChart};

/// Room for an eigenimage.
const CELL: f64 = 176.0;
/// How many stand in a row.
const COLUMNS: usize = 5;
/// Room between them.
const GAP: f64 = 12.0;
/// Height of a line of words.
const LINE: f64 = 18.0;
/// Longest side of an eigenimage in pixels.
const LONGEST_SIDE: usize = 352;

/// A frame of signed numbers as a picture, reduced by a whole number where it is large: blue below zero, red above it.
/// Of several channels the number furthest from zero.
///
/// `None` where the frame does not fit `shape`.
pub fn signed_picture(frame: &FrameBuf, shape: FrameShape) -> Option<Picture> {
    if frame.len() != shape.samples() {
        return None;
    }
    let side = shape.width().max(shape.height()).div_ceil(LONGEST_SIDE);
    let channels = shape.channels();
    let mut values = Vec::new();
    with_samples!(frame, samples => {
        for top in (0..shape.height()).step_by(side) {
            for left in (0..shape.width()).step_by(side) {
                let mut furthest = 0.0_f64;
                for channel in 0..channels {
                    let (mut sum, mut count) = (0.0, 0.0);
                    for row in top..shape.height().min(top + side) {
                        for column in left..shape.width().min(left + side) {
                            sum += samples[(row * shape.width() + column) * channels + channel].to_f64();
                            count += 1.0;
                        }
                    }
                    let mean: f64 = sum / count;
                    furthest = if mean.abs() > furthest.abs() { mean } else { furthest };
                }
                values.push(furthest);
            }
        }
    });
    Some(Picture::signed(&values, shape.width().div_ceil(side), Range::around_zero(&values)))
}

/// Eigenimages in rows, numbered from 1, each with its share of the variance and colours of its own.
pub fn eigenimages(images: &[Picture], shares: &[f64]) -> Drawing {
    let title = format!("The first {} principal components", images.len());
    let longest = images.first().map_or(1, |image| image.width().max(image.height())) as f64;
    let height = images.first().map_or(0.0, |image| image.height() as f64 * CELL / longest);
    let columns = images.len().clamp(1, COLUMNS);
    let rows = images.len().div_ceil(COLUMNS);
    let head = 2.0 * LINE + GAP;
    let mut drawing = Drawing::new(
        (GAP + columns as f64 * (CELL + GAP)).max(420.0),
        head + rows as f64 * (height + LINE + GAP),
        &title,
        "Eigenimages with their numbers and their shares of the variance",
    );
    let bold = TextStyle { weight: crate::plot::font::Weight::Bold, size: 14.0, ..TextStyle::default() };
    drawing.text((GAP, LINE), title, bold);
    let legend = "blue below zero, red above it, each with a range of its own";
    drawing.text((GAP, 2.0 * LINE), legend, TextStyle::default());
    for (place, image) in images.iter().enumerate() {
        let left = GAP + (place % COLUMNS) as f64 * (CELL + GAP);
        let top = head + (place / COLUMNS) as f64 * (height + LINE + GAP);
        let width = image.width() as f64 * CELL / longest;
        drawing.picture((left, top), (width, height), image.clone());
        let share = shares.get(place).map_or_else(String::new, |share| format!(": {}", percent(*share)));
        let middle = TextStyle { anchor: Anchor::Middle, ..TextStyle::default() };
        drawing.text((left + width / 2.0, top + height + 14.0), format!("{}{share}", place + 1), middle);
    }
    drawing
}

fn percent(share: f64) -> String {
    let percent = share * 100.0;
    if percent >= 0.1 { format!("{percent:.1} %") } else { format!("{percent:.1e} %") }
}

/// The share of the variance of each component, and what all up to it leave, both on one logarithmic axis.
pub fn explained_variance(shares: &[f64]) -> Drawing {
    let mut left = 1.0;
    let rest = shares.iter().map(|share| {
        left -= share;
        // Below the rounding of the sum nothing is known.
        if left > 1e-14 { left * 100.0 } else { 0.0 }
    });
    let numbered =
        |values: Vec<f64>| values.into_iter().enumerate().map(|(place, value)| ((place + 1) as f64, value));
    let series = |name: &str, index: usize, values: Vec<f64>| Series {
        index,
        form: Form::LinesAndPoints,
        ..Series::points(name, numbered(values))
    };
    XyChart {
        title: "Explained variance".into(),
        description: format!("Shares of the variance of {} components", shares.len()),
        x: Axis { whole: true, ..Axis::linear("component") },
        y: Axis::logarithmic("share of the variance (%)"),
        series: vec![
            series("explained by the component", 0, shares.iter().map(|share| share * 100.0).collect()),
            series("left by all up to it", 1, rest.collect()),
        ],
        ..XyChart::default()
    }
    .draw()
}

/// The mean squared error with no component, one, two, and so on.
pub fn error_by_components(errors: &[f64]) -> Drawing {
    let points = errors.iter().enumerate().map(|(count, error)| (count as f64, *error));
    XyChart {
        title: "Mean squared error by number of components".into(),
        description: format!("Measured with 0 to {} components", errors.len().saturating_sub(1)),
        x: Axis { whole: true, ..Axis::linear("components") },
        y: Axis::logarithmic("mean squared error (sample values squared)"),
        series: vec![Series { form: Form::LinesAndPoints, ..Series::points("", points) }],
        ..XyChart::default()
    }
    .draw()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eigenimages_are_reduced_and_numbered() {
        let shape = FrameShape::new(3, 353, 2).unwrap();
        let mut samples = vec![0.0_f32; shape.samples()];
        samples[1] = -4.0;
        let image = signed_picture(&FrameBuf::F32(samples), shape).unwrap();
        assert_eq!((image.width(), image.height()), (177, 2));
        // The mean of four pixels.
        assert_eq!(image.range(), Range { low: -1.0, high: 1.0 });
        assert!(signed_picture(&FrameBuf::F32(vec![0.0]), shape).is_none());
        let svg = eigenimages(&[image.clone(), image], &[0.75, 1e-6]).to_svg();
        assert!(svg.contains("1: 75.0 %") && svg.contains("2: 1.0e-4 %"), "{svg}");
        assert!(eigenimages(&[], &[]).to_svg().contains("first 0"));
    }

    #[test]
    fn charts_are_drawn_for_any_number_of_components() {
        for shares in [vec![], vec![1.0], vec![0.5, 0.25, 0.125]] {
            assert!(explained_variance(&shares).to_svg().contains("Explained variance"));
            assert!(error_by_components(&shares).to_svg().contains("components"));
        }
    }
}
