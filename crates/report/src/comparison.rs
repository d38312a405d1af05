//! A stack and its decoded copy: frames side by side, errors over time, and how differences are spread.

use stack_core::{FrameBuf, Sample};

use crate::FramePictures;
use crate::numbers::grouped;
use crate::plot::drawing::{Anchor, Stroke, TextStyle};
use crate::plot::ticks::plain;
use crate::plot::{Axis, Drawing, Form, Histogram, Paint, Picture, Range, Scale, Series, XyChart};

/// Room for a picture.
const CELL: f64 = 260.0;
/// Room between pictures, and around them.
const GAP: f64 = 14.0;
/// Height of a line of words.
const LINE: f64 = 18.0;
/// Room for a colour bar and its numbers.
const BAR: f64 = 96.0;
/// Points of a line, at most.
const POINTS: usize = 500;

/// Frames in rows: the original, the copy, and what differs with its colour bar. `words` name the three columns; copies
/// that do not differ are said to be identical.
pub fn side_by_side(title: &str, words: [&str; 3], frames: &[FramePictures]) -> Drawing {
    let size = |picture: &Picture| {
        let scale = CELL / picture.width().max(picture.height()) as f64;
        (picture.width() as f64 * scale, picture.height() as f64 * scale)
    };
    let differs = frames.iter().any(|frame| frame.copy.is_some());
    let columns = if differs { 3.0 } else { 2.0 };
    let width = GAP + columns * (CELL + GAP) + if differs { BAR } else { 0.0 };
    // The bar of a very wide frame needs some height, too.
    let row =
        |frame: &FramePictures| size(&frame.original).1.max(if differs { 70.0 } else { 0.0 }) + LINE + GAP;
    let head = 2.0 * LINE + GAP;
    let height = head + frames.iter().map(row).sum::<f64>();
    let mut drawing = Drawing::new(width, height, title, words.join(", "));
    let bold = TextStyle { weight: crate::plot::font::Weight::Bold, size: 14.0, ..TextStyle::default() };
    drawing.text((GAP, LINE), title, bold);
    let left = |column: usize| GAP + column as f64 * (CELL + GAP);
    for (column, word) in words.iter().enumerate().take(columns as usize) {
        drawing.text((left(column), 2.0 * LINE + 4.0), *word, TextStyle::default());
    }
    let mut top = head;
    for frame in frames {
        let (picture, under) = (size(&frame.original), top + LINE - 5.0);
        let at = top + LINE;
        let Range { low, high } = frame.original.range();
        let note = format!("frame {}: {} to {}", frame.frame, plain(low), plain(high));
        drawing.text((left(0), under), note, TextStyle::default());
        drawing.picture((left(0), at), picture, frame.original.clone());
        match &frame.copy {
            None => {
                drawing.text((left(1), under), "identical, bit for bit", TextStyle::default());
                drawing.picture((left(1), at), picture, frame.original.clone());
            }
            Some(copy) => {
                drawing.picture((left(1), at), picture, copy.decoded.clone());
                drawing.picture((left(2), at), picture, copy.difference.clone());
                colour_bar(
                    &mut drawing,
                    left(2) + picture.0 + 10.0,
                    at,
                    picture.1.max(60.0),
                    copy.difference.range(),
                );
            }
        }
        top += row(frame);
    }
    drawing
}

/// The colours of signed differences from top to bottom, with the numbers of both ends and of the middle.
fn colour_bar(drawing: &mut Drawing, left: f64, top: f64, height: f64, range: Range) {
    let colours: Vec<f64> = (0..255).map(|place| 1.0 - f64::from(place) / 127.0).collect();
    let bar = Picture::signed(&colours, 1, Range { low: -1.0, high: 1.0 });
    drawing.picture((left, top), (12.0, height), bar);
    let frame = [(0.0, 0.0), (12.0, 0.0), (12.0, height), (0.0, height), (0.0, 0.0)];
    drawing.line(frame.map(|(x, y)| (left + x, top + y)), Stroke::solid(Paint::Muted, 1.0));
    let style = TextStyle { size: 12.0, anchor: Anchor::Start, ..TextStyle::default() };
    for (value, place) in [(range.high, 9.0), (0.0, height / 2.0 + 4.0), (range.low, height)] {
        let sign = if value > 0.0 { "+" } else { "" };
        drawing.text((left + 17.0, top + place), format!("{sign}{}", plain(value)), style);
    }
}

/// The largest error and the root mean squared error of each frame; neighbouring frames share a point where there are
/// many, the largest of theirs.
pub fn errors_over_frames(largest: &[f64], rmse: &[f64]) -> Drawing {
    let shared = largest.len().div_ceil(POINTS).max(1);
    let series = |name: &str, index: usize, values: &[f64]| {
        let points = values
            .chunks(shared)
            .enumerate()
            .map(|(chunk, values)| ((chunk * shared) as f64, values.iter().copied().fold(0.0, f64::max)));
        let form = if values.len() > 1 { Form::Lines } else { Form::Points };
        Series { index, form, ..Series::points(name, points) }
    };
    let (lowest, highest) = largest
        .iter()
        .chain(rmse)
        .filter(|error| error.is_finite())
        .fold((f64::INFINITY, 0.0_f64), |(low, high), error| (low.min(*error), high.max(*error)));
    // Both lines are seen; a frame without error has a place on a linear axis only.
    let y = if lowest > 0.0 && highest / lowest > 20.0 {
        Axis::logarithmic("error (sample values)")
    } else {
        Axis { range: Some((0.0, highest * 1.06)), ..Axis::linear("error (sample values)") }
    };
    let mut title = "Errors of each frame".to_owned();
    if shared > 1 {
        title += &format!(", the largest of {} neighbours", grouped(shared as u64));
    }
    let chart = XyChart {
        title,
        description: format!("Largest and root mean squared error of {} frames", largest.len()),
        x: Axis {
            range: Some((0.0, largest.len().saturating_sub(1) as f64)),
            whole: true,
            ..Axis::linear("frame")
        },
        y,
        series: vec![series("largest", 1, largest), series("RMSE", 0, rmse)],
        ..XyChart::default()
    };
    chart.draw()
}

/// Bins on either side of zero.
const SIDE: i64 = 64;

/// How differences are spread, in bins that grow with them: a power of two wide, so that the largest needs 32 to 64 of
/// them. Of integers, a bin of width 1 holds one value.
///
/// ```
/// use stack_core::FrameBuf;
/// use stack_report::comparison::Differences;
/// let mut differences = Differences::default();
/// differences.add(&FrameBuf::U8(vec![10, 10, 10, 10]), &FrameBuf::U8(vec![10, 11, 8, 11]));
/// assert_eq!(differences.bins(), (1.0, vec![(-2.0, 1), (-1.0, 0), (0.0, 1), (1.0, 2)]));
/// ```
#[derive(Debug, Clone, Default)]
pub struct Differences {
    /// Width of a bin, once there is a difference; at least 1 for integers.
    width: f64,
    /// From `-SIDE` to `SIDE - 1`.
    counts: Vec<u64>,
    /// Whether they are those of integers.
    whole: bool,
}

impl Differences {
    /// Counts decoded minus original where both are finite; frames of two types count nothing.
    pub fn add(&mut self, original: &FrameBuf, decoded: &FrameBuf) {
        match (original, decoded) {
            (FrameBuf::U8(x), FrameBuf::U8(y)) => self.add_samples(x, y, 1.0),
            (FrameBuf::U16(x), FrameBuf::U16(y)) => self.add_samples(x, y, 1.0),
            (FrameBuf::I16(x), FrameBuf::I16(y)) => self.add_samples(x, y, 1.0),
            (FrameBuf::I32(x), FrameBuf::I32(y)) => self.add_samples(x, y, 1.0),
            (FrameBuf::F32(x), FrameBuf::F32(y)) => self.add_samples(x, y, 0.0),
            (FrameBuf::F64(x), FrameBuf::F64(y)) => self.add_samples(x, y, 0.0),
            _ => {}
        }
    }

    fn add_samples<T: Sample>(&mut self, original: &[T], decoded: &[T], least: f64) {
        if self.counts.is_empty() {
            // Powers of two of a double's range; doubled until differences fit.
            self.width = if least > 0.0 { least } else { libm::scalbn(1.0, -1000) };
            self.counts = vec![0; 2 * SIDE as usize];
            self.whole = least > 0.0;
        }
        for (x, y) in original.iter().zip(decoded) {
            let difference = y.to_f64() - x.to_f64();
            if !difference.is_finite() {
                continue;
            }
            while !(-(SIDE as f64)..SIDE as f64).contains(&(difference / self.width)) {
                self.double();
            }
            let place = (difference / self.width).floor() as i64 + SIDE;
            self.counts[place as usize] += 1;
        }
    }

    /// Bins twice as wide, each of two neighbours.
    fn double(&mut self) {
        self.width *= 2.0;
        let mut wider = vec![0; self.counts.len()];
        for (place, count) in self.counts.iter().enumerate() {
            wider[((place as i64 - SIDE).div_euclid(2) + SIDE) as usize] += count;
        }
        self.counts = wider;
    }

    /// The width of the bins, and from the first to the last that is not empty where each begins and how many
    /// differences it holds.
    pub fn bins(&self) -> (f64, Vec<(f64, u64)>) {
        let used = |count: &u64| *count > 0;
        let Some(first) = self.counts.iter().position(used) else { return (self.width, Vec::new()) };
        let last = self.counts.iter().rposition(used).unwrap_or(first);
        let begin = |place: usize| (place as i64 - SIDE) as f64 * self.width;
        (self.width, (first..=last).map(|place| (begin(place), self.counts[place])).collect())
    }

    /// A chart of them; counts are spread by their logarithms.
    pub fn draw(&self) -> Drawing {
        let (width, bins) = self.bins();
        // A bar of one integer stands above it; of several, from the first to the next bin's first.
        let shift = if self.whole { 0.5 } else { 0.0 };
        let end = bins.last().map(|(begin, _)| begin + width - shift);
        Histogram {
            title: "Differences: decoded minus original".into(),
            description: format!("How many samples differ by how much, in bins of {}", plain(width)),
            x: Axis::linear("difference (sample values)"),
            edges: bins.iter().map(|(begin, _)| *begin - shift).chain(end).collect(),
            counts: bins.iter().map(|(_, count)| *count).collect(),
            counts_scale: Scale::Logarithmic,
            ..Histogram::default()
        }
        .draw()
    }
}

#[cfg(test)]
mod tests {
    use stack_core::FrameShape;

    use super::*;

    #[test]
    fn bins_grow_and_lose_nothing() {
        let mut differences = Differences::default();
        let zero = FrameBuf::F64(vec![0.0; 5]);
        differences.add(&zero, &FrameBuf::F64(vec![1e-300, -1e-300, 0.0, f64::NAN, f64::INFINITY]));
        let (width, bins) = differences.bins();
        assert!(width < 1e-300 && bins.iter().map(|(_, count)| count).sum::<u64>() == 3);
        differences.add(&zero, &FrameBuf::F64(vec![1e300, -1e300, 3.0, -3.0, 0.0]));
        let (width, bins) = differences.bins();
        assert!(width > 1e298 && bins.iter().map(|(_, count)| count).sum::<u64>() == 8);
        assert!(bins.iter().all(|(begin, _)| *begin <= 1e300));
        differences.add(&FrameBuf::U8(vec![1]), &FrameBuf::U16(vec![1]));
        assert_eq!(differences.bins(), (width, bins));
        assert!(differences.draw().to_svg().contains("samples from"));
        assert!(Differences::default().bins().1.is_empty());
    }

    #[test]
    fn integers_beyond_64_share_bins() {
        let mut differences = Differences::default();
        differences.add(&FrameBuf::U8(vec![0, 200, 5, 5]), &FrameBuf::U8(vec![255, 0, 5, 6]));
        assert_eq!(differences.bins().0, 4.0);
        let counted: Vec<(f64, u64)> =
            differences.bins().1.into_iter().filter(|(_, count)| *count > 0).collect();
        assert_eq!(counted, [(-200.0, 1), (0.0, 2), (252.0, 1)]);
    }

    #[test]
    fn drawings_say_what_they_show() {
        let shape = FrameShape::gray(2, 3).unwrap();
        let (x, y) = (FrameBuf::U8(vec![1, 2, 3, 4, 5, 6]), FrameBuf::U8(vec![1, 2, 3, 4, 5, 9]));
        let frames =
            [FramePictures::of(4, shape, &x, &y).unwrap(), FramePictures::of(7, shape, &x, &x).unwrap()];
        let svg = side_by_side("Compared", ["original", "decoded", "difference"], &frames).to_svg();
        for words in ["Compared", "frame 4: 1 to 6", "identical", ">+3<", ">\u{2212}3<"] {
            assert!(svg.contains(words), "{words} in {svg}");
        }
        let svg = side_by_side("Same", ["original", "decoded", "difference"], &frames[1..]).to_svg();
        assert!(!svg.contains(">difference<"));
        let many = vec![0.5; 1200];
        assert!(errors_over_frames(&many, &many).to_svg().contains("largest of 3 neighbours"));
        assert!(errors_over_frames(&[f64::INFINITY], &[0.0]).to_svg().contains("Errors of each frame"));
    }
}
