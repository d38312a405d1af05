//! Horizontal bars.

use super::axis::{Axis, End};
use super::drawing::{Anchor, Drawing, Stroke, TextStyle};
use super::font::{self, SLACK, Weight};
use super::frame::{self, RIGHT, SMALL, WIDTH};
use super::theme::Paint;

/// One bar.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Bar {
    /// What it stands for.
    pub label: String,
    /// Its length, 0 or more.
    pub value: f64,
    /// What is written behind it.
    pub note: String,
    /// Its colour, as for [`Paint::Series`].
    pub index: usize,
}

/// Horizontal bars that begin at zero, the first at the top.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Bars {
    /// What they show, in a few words.
    pub title: String,
    /// What they show, for those who cannot see it.
    pub description: String,
    /// The name of the axis, with the unit in brackets.
    pub axis: String,
    /// The bars.
    pub bars: Vec<Bar>,
    /// A line across all bars, with its name.
    pub reference: Option<(f64, String)>,
    /// Names of the colours that the bars have, for a legend.
    pub legend: Vec<(usize, String)>,
}

const ROW: f64 = 22.0;
const BAR: f64 = 14.0;

impl Bars {
    /// Draws the chart, 500 pixels wide.
    pub fn draw(&self) -> Drawing {
        let mut drawing = Drawing::new(WIDTH, 0.0, &self.title, &self.description);
        let entries: Vec<frame::Entry<'_>> = self
            .legend
            .iter()
            .map(|(index, name)| frame::Entry { name, index: *index, line: false, marker: false })
            .collect();
        let head = frame::head(&mut drawing, &self.title, &entries);
        for (place, index) in legend_places(&self.legend, drawing.width) {
            drawing.rectangle(
                (place.0, place.1 - 10.0),
                (place.0 + 20.0, place.1 + 1.0),
                Paint::Series(index),
                "",
            );
        }
        let top = head + if self.reference.is_some() { 18.0 } else { 2.0 };
        let bottom = top + ROW * self.bars.len().max(1) as f64;
        drawing.height = bottom + 46.0;

        let text_width = |text: &str| font::width(text, SMALL, Weight::Regular) * SLACK;
        let widest = self.bars.iter().map(|bar| text_width(&bar.label)).fold(0.0, f64::max).min(WIDTH * 0.42);
        let left = 8.0 + widest + 8.0;
        let longest =
            self.bars.iter().map(|bar| bar.value).filter(|value| value.is_finite()).fold(0.0, f64::max);
        let reference = self.reference.as_ref().map_or(0.0, |(value, _)| *value);
        let notes = self.bars.iter().map(|bar| text_width(&bar.note)).fold(0.0, f64::max);
        let right = WIDTH - RIGHT - notes.min(WIDTH * 0.2);
        let axis = Axis::linear(self.axis.as_str());
        let placed =
            axis.between((0.0, longest.max(reference).max(f64::MIN_POSITIVE)), (left, right), End::Exact);
        let ticks = frame::marks_along(&placed, right - left);
        frame::horizontal(&mut drawing, &ticks, &self.axis, (left, right), (top, bottom));

        for (row, bar) in self.bars.iter().enumerate() {
            let middle = top + ROW * (row as f64 + 0.5);
            let small = TextStyle { size: SMALL, ..TextStyle::default() };
            let label = font::fitted(&bar.label, SMALL, Weight::Regular, widest / SLACK + 0.01);
            drawing.text((left - 8.0, middle + 4.0), label, TextStyle { anchor: Anchor::End, ..small });
            let end = if bar.value.is_finite() { placed.at(bar.value.max(0.0)) } else { left };
            // A bar that is shorter than a pixel is still there.
            let end = end.max(left + 1.0);
            let title = format!("{} {}", bar.label, bar.note);
            let (above, below) = (middle - BAR / 2.0, middle + BAR / 2.0);
            drawing.rectangle((left, above), (end, below), Paint::Series(bar.index), title.trim());
            // A note that the reference line would cross moves behind it.
            let crossing = self.reference.as_ref().map(|(value, _)| placed.at(*value));
            let width = text_width(&bar.note);
            let start = match crossing {
                Some(x) if end < x + 3.0 && x < end + 14.0 + width => x + 6.0,
                _ => end + 5.0,
            };
            drawing.text((start, middle + 4.0), bar.note.as_str(), small);
        }
        drawing.line([(left, top), (left, bottom)], frame::RULE);
        if let Some((value, name)) = &self.reference {
            let x = placed.at(*value);
            let dashed = Stroke { paint: Paint::Ink, width: 1.25, dash: Some((5.0, 3.0)) };
            drawing.line([(x, top - 2.0), (x, bottom)], dashed);
            let half = text_width(name) / 2.0;
            let centre = x.clamp(half + 4.0, (WIDTH - half - 4.0).max(half + 4.0));
            let style = TextStyle { size: SMALL, anchor: Anchor::Middle, ..TextStyle::default() };
            drawing.text((centre, top - 6.0), name.as_str(), style);
        }
        drawing
    }
}

/// Where the legend's entries begin.
fn legend_places(legend: &[(usize, String)], width: f64) -> Vec<((f64, f64), usize)> {
    let names = legend.iter().map(|(_, name)| name.as_str());
    frame::legend_places(names, width)
        .into_iter()
        .zip(legend)
        .map(|(place, (index, _))| (place, *index))
        .collect()
}
