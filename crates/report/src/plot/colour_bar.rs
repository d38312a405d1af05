//! A colour bar beside a picture: what its colours mean.

use super::axis::{Axis, End, PlacedAxis, Tick};
use super::drawing::{Anchor, Drawing, Stroke, TextStyle};
use super::font::{self, SLACK, Weight};
use super::picture::{Picture, Range};
use super::theme::Paint;
use super::ticks::plain;

impl Picture {
    /// The picture with a title above it and, unless it is RGB, a colour bar with numbers and `unit` to its right.
    ///
    /// The picture is enlarged or reduced to be about `width` pixels wide and at most that high.
    pub fn with_colour_bar(&self, title: &str, unit: &str, width: f64) -> Drawing {
        let scale = width / self.width().max(self.height()) as f64;
        let size = (self.width() as f64 * scale, self.height() as f64 * scale);
        let bar_height = size.1.max(80.0);
        let colours = self.all_colours();
        let has_bar = colours.is_some();
        let Range { low, high } = self.range();
        let (top, left) = (if title.is_empty() { 8.0 } else { 30.0 }, 4.0);
        let bottom = top + bar_height;
        let axis = Axis::linear("").between((low, high), (bottom, top), End::Exact);
        let ticks = if has_bar { ends_and_between(self.range(), &axis, top, bottom) } else { Vec::new() };
        let widest =
            ticks.iter().map(|tick| font::width(&tick.text, 12.0, Weight::Regular)).fold(0.0, f64::max);
        let unit_room = if unit.is_empty() || !has_bar { 0.0 } else { 18.0 };
        let bar = left + size.0 + 12.0;
        let right =
            if has_bar { bar + 14.0 + 8.0 + widest * SLACK + unit_room + 4.0 } else { left + size.0 + 4.0 };
        let title_width = font::width(title, 14.0, Weight::Bold) * SLACK + left + 4.0;
        let note = format!("{} to {}", plain(low), plain(high));
        let mut drawing = Drawing::new(
            right.max(title_width),
            bottom + 10.0,
            title,
            if has_bar { format!("Colours from {note} {unit}").trim_end().to_owned() } else { String::new() },
        );
        let bold = TextStyle { size: 14.0, weight: Weight::Bold, ..TextStyle::default() };
        drawing.text((left, 19.0), title, bold);
        drawing.picture((left, top), size, self.clone());
        if let Some(colours) = colours {
            drawing.picture((bar, top), (14.0, bar_height), colours);
            let (right, frame) = (bar + 14.0, Stroke::solid(Paint::Muted, 1.0));
            drawing.line([(bar, top), (right, top), (right, bottom), (bar, bottom), (bar, top)], frame);
            for tick in ticks {
                drawing.line([(right, tick.place), (right + 4.0, tick.place)], frame);
                let style = TextStyle { size: 12.0, ..TextStyle::default() };
                drawing.text((right + 8.0, tick.place + 4.0), tick.text, style);
            }
            let x = right + 8.0 + widest * SLACK + 14.0;
            let style =
                TextStyle { size: 12.0, anchor: Anchor::Middle, upwards: true, ..TextStyle::default() };
            let unit = font::fitted(unit, 12.0, Weight::Regular, bar_height / SLACK);
            drawing.text((x, (top + bottom) / 2.0), unit, style);
        }
        drawing
    }
}

/// Both ends in full, and round numbers between them.
fn ends_and_between(Range { low, high }: Range, axis: &PlacedAxis, top: f64, bottom: f64) -> Vec<Tick> {
    const APART: f64 = 22.0;
    let mut ticks = vec![Tick { place: top, text: plain(high) }];
    if low < high {
        let between = axis.ticks(5).into_iter();
        ticks.extend(between.filter(|tick| tick.place > top + APART && tick.place < bottom - APART));
        ticks.push(Tick { place: bottom, text: plain(low) });
    }
    ticks
}
