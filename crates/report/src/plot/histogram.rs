//! Counts of values between edges.

use super::axis::{Axis, End, Scale};
use super::drawing::Drawing;
use super::frame::{self, RIGHT, WIDTH};
use super::theme::Paint;
use super::ticks::plain;
use crate::numbers::grouped;

/// Upright bars between edges, each as high as the count of the values between its two edges.
///
/// ```
/// use stack_report::plot::{Axis, Histogram, Scale};
/// let chart = Histogram {
///     title: "Samples".into(),
///     x: Axis::linear("sample value (counts)"),
///     edges: vec![0.0, 64.0, 128.0, 192.0, 256.0],
///     counts: vec![5, 70_000, 300, 0],
///     counts_scale: Scale::Logarithmic,
///     ..Histogram::default()
/// };
/// assert!(chart.draw().to_svg().contains("70,000 samples from 64 to 128"));
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Histogram {
    /// What it shows, in a few words.
    pub title: String,
    /// What it shows, for those who cannot see it.
    pub description: String,
    /// The axis of the values.
    pub x: Axis,
    /// The edges, rising: one more than there are counts.
    pub edges: Vec<f64>,
    /// How many values lie between each edge and the next.
    pub counts: Vec<u64>,
    /// How the counts are spread; logarithmic shows single values beside millions.
    pub counts_scale: Scale,
    /// Which colour, as for [`Paint::Series`].
    pub index: usize,
}

impl Histogram {
    /// Draws the chart, 500 pixels wide. Counts without two edges are left out.
    pub fn draw(&self) -> Drawing {
        let mut drawing = Drawing::new(WIDTH, 0.0, &self.title, &self.description);
        let top = frame::head(&mut drawing, &self.title, &[]);
        let bottom = top + 220.0;
        drawing.height = bottom + 46.0;
        let most = self.counts.iter().copied().max().unwrap_or(0).max(1) as f64;
        let label = "samples";
        let (axis, low) = match self.counts_scale {
            // A count of one stands out from none.
            Scale::Logarithmic => (Axis::logarithmic(label), 0.5),
            Scale::Linear => (Axis::linear(label), 0.0),
        };
        let high = if self.counts_scale == Scale::Logarithmic { most * 1.5 } else { most * 1.05 };
        let y = axis.between((low, high), (bottom, top), End::Exact);
        let ticks = y.ticks(7);
        let (left, right) = (frame::gutter(&ticks), WIDTH - RIGHT);
        frame::vertical(&mut drawing, &ticks, label, (left, right), (top, bottom));
        let x = self.x.between(self.x.extent(self.edges.iter().copied()), (left, right), End::Exact);
        let marks = frame::marks_along(&x, right - left);
        frame::horizontal(&mut drawing, &marks, &self.x.label, (left, right), (top, bottom));
        for (edges, count) in self.edges.windows(2).zip(&self.counts) {
            if *count == 0 || !edges.iter().all(|edge| self.x.holds(*edge)) {
                continue;
            }
            let (from, to) = (x.at(edges[0]), x.at(edges[1]));
            // A gap between bars where they are wide enough for one.
            let gap = if to - from > 4.0 { 1.0 } else { 0.0 };
            let title =
                format!("{} samples from {} to {}", grouped(*count), plain(edges[0]), plain(edges[1]));
            let corner = ((to - gap).max(from + 0.5), bottom);
            drawing.rectangle((from, y.at(*count as f64)), corner, Paint::Series(self.index), title);
        }
        drawing.line([(left, bottom), (right, bottom)], frame::RULE);
        drawing
    }
}
