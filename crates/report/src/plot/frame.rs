//! What charts have around their data: title, legend, axes, lines behind.

use super::axis::{PlacedAxis, Tick};
use super::drawing::{Anchor, Drawing, Place, Stroke, TextStyle};
use super::font::{self, SLACK, Weight};
use super::theme::{Paint, SERIES_COLOURS};

/// Width of a chart in pixels.
pub(super) const WIDTH: f64 = 500.0;
/// Room to the right of the data.
pub(super) const RIGHT: f64 = 16.0;
/// Size of the numbers along the axes.
pub(super) const SMALL: f64 = 12.0;
const TITLE: f64 = 15.0;
const LEGEND_LINE: f64 = 19.0;

pub(super) const GRID: Stroke = Stroke { paint: Paint::Grid, width: 1.0, dash: None };
pub(super) const RULE: Stroke = Stroke { paint: Paint::Muted, width: 1.0, dash: None };

/// An entry of a legend.
pub(super) struct Entry<'a> {
    pub(super) name: &'a str,
    pub(super) index: usize,
    pub(super) line: bool,
    pub(super) marker: bool,
}

/// Writes title and legend; the y below them.
pub(super) fn head(drawing: &mut Drawing, title: &str, entries: &[Entry<'_>]) -> f64 {
    let bold = TextStyle { size: TITLE, weight: Weight::Bold, ..TextStyle::default() };
    let most = (drawing.width - 8.0) / SLACK;
    drawing.text((4.0, 20.0), font::fitted(title, TITLE, Weight::Bold, most), bold);
    let places = legend_places(entries.iter().map(|entry| entry.name), drawing.width);
    for (entry, (x, y)) in entries.iter().zip(&places) {
        let (x, y) = (*x, *y);
        if entry.line {
            drawing.line([(x, y - 4.0), (x + 20.0, y - 4.0)], line_of(entry.index));
        }
        if entry.marker {
            marker(drawing, entry.index, (x + 10.0, y - 4.0), "");
        }
        let name = font::fitted(entry.name, SMALL, Weight::Regular, (drawing.width - 40.0) / SLACK);
        drawing.text((x + 26.0, y), name, TextStyle { size: SMALL, ..TextStyle::default() });
    }
    places.last().map_or(36.0, |(_, y)| y + 14.0)
}

/// Where the entries of a legend begin, in as many lines as they need.
pub(super) fn legend_places<'a>(names: impl Iterator<Item = &'a str>, width: f64) -> Vec<Place> {
    let (mut x, mut y) = (8.0, 42.0);
    names
        .map(|name| {
            let needed = 26.0 + font::width(name, SMALL, Weight::Regular) * SLACK + 14.0;
            if x > 8.0 && x + needed > width {
                (x, y) = (8.0, y + LEGEND_LINE);
            }
            let place = (x, y);
            x += needed;
            place
        })
        .collect()
}

/// The line of a series: colours first, then dashes.
pub(super) fn line_of(index: usize) -> Stroke {
    let dash = [None, Some((6.0, 3.0)), Some((2.0, 2.5))][index / SERIES_COLOURS % 3];
    Stroke { paint: Paint::Series(index), width: 1.75, dash }
}

/// The marker of a series: its shape changes with its colour, for those who see no colours.
pub(super) fn marker(drawing: &mut Drawing, index: usize, (x, y): Place, title: &str) {
    let paint = Paint::Series(index);
    match index % 4 {
        0 => drawing.disc((x, y), 4.5, paint, title),
        1 => drawing.rectangle((x - 4.0, y - 4.0), (x + 4.0, y + 4.0), paint, title),
        2 => drawing.area([(x - 5.0, y + 4.0), (x, y - 5.0), (x + 5.0, y + 4.0)], paint, title),
        _ => drawing.area([(x - 5.5, y), (x, y - 5.5), (x + 5.5, y), (x, y + 5.5)], paint, title),
    }
}

/// The width that the numbers of a vertical axis and its label take.
pub(super) fn gutter(ticks: &[Tick]) -> f64 {
    let widest = ticks.iter().map(|tick| font::width(&tick.text, SMALL, Weight::Regular));
    24.0 + widest.fold(0.0, f64::max) * SLACK + 8.0
}

/// The vertical axis: lines behind the data from `left` to `right`, numbers and label to the left.
pub(super) fn vertical(
    drawing: &mut Drawing,
    ticks: &[Tick],
    label: &str,
    (left, right): Place,
    (top, bottom): Place,
) {
    let style = TextStyle { size: SMALL, anchor: Anchor::End, ..TextStyle::default() };
    for tick in ticks {
        let width = if tick.text.is_empty() { 0.5 } else { 1.0 };
        drawing.line([(left, tick.place), (right, tick.place)], Stroke { width, ..GRID });
        drawing.text((left - 6.0, tick.place + 4.0), tick.text.as_str(), style);
    }
    let style = TextStyle { size: SMALL, anchor: Anchor::Middle, upwards: true, ..TextStyle::default() };
    let label = font::fitted(label, SMALL, Weight::Regular, (drawing.height - 8.0) / SLACK);
    // A label that is longer than its axis moves so that it stays on the drawing.
    let half = font::width(&label, SMALL, Weight::Regular) * SLACK / 2.0;
    let middle = ((top + bottom) / 2.0).clamp(half + 4.0, (drawing.height - half - 4.0).max(half + 4.0));
    drawing.text((16.0, middle), label, style);
}

/// The horizontal axis: lines behind the data from `top` to `bottom`, numbers and label below.
pub(super) fn horizontal(
    drawing: &mut Drawing,
    ticks: &[Tick],
    label: &str,
    (left, right): Place,
    (top, bottom): Place,
) {
    let middle = TextStyle { size: SMALL, anchor: Anchor::Middle, ..TextStyle::default() };
    // Numbers that would touch their neighbour or leave the drawing are left out.
    let mut free_from = 0.0;
    let mut in_order: Vec<&Tick> = ticks.iter().collect();
    in_order.sort_by(|one, other| one.place.total_cmp(&other.place));
    for tick in in_order {
        let width = if tick.text.is_empty() { 0.5 } else { 1.0 };
        drawing.line([(tick.place, top), (tick.place, bottom)], Stroke { width, ..GRID });
        let half = font::width(&tick.text, SMALL, Weight::Regular) * SLACK / 2.0;
        if !tick.text.is_empty() && tick.place - half >= free_from && tick.place + half <= drawing.width {
            drawing.text((tick.place, bottom + 17.0), tick.text.as_str(), middle);
            free_from = tick.place + half + 4.0;
        }
    }
    drawing.line([(left, bottom), (right, bottom)], RULE);
    let label = font::fitted(label, SMALL, Weight::Regular, (drawing.width - 8.0) / SLACK);
    let half = font::width(&label, SMALL, Weight::Regular) * SLACK / 2.0;
    let centre = ((left + right) / 2.0).clamp(half + 4.0, (drawing.width - half - 4.0).max(half + 4.0));
    drawing.text((centre, bottom + 36.0), label, middle);
}

/// Marks that fit along a horizontal axis of this many pixels, for numbers of usual length.
pub(super) fn marks_along(axis: &PlacedAxis, pixels: f64) -> Vec<Tick> {
    let mut most = ((pixels / 45.0) as usize).clamp(2, 9);
    loop {
        let ticks = axis.ticks(most);
        let room: f64 = ticks
            .iter()
            .filter(|tick| !tick.text.is_empty())
            .map(|tick| font::width(&tick.text, SMALL, Weight::Regular) * SLACK + 8.0)
            .sum();
        if room <= pixels || most <= 2 {
            return ticks;
        }
        most -= 1;
    }
}
