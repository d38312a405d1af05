//! Points and lines, each axis linear or logarithmic.

use super::axis::{Axis, End, PlacedAxis, Scale};
use super::drawing::{Anchor, Drawing, Place, Stroke, TextStyle};
use super::font::{self, SLACK, Weight};
use super::frame::{self, Entry, RIGHT, SMALL, WIDTH};
use super::labels::Labels;
use super::theme::Paint;

/// How the points of a series are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Form {
    /// A marker each.
    #[default]
    Points,
    /// A line through all.
    Lines,
    /// A marker each, and a line through all.
    LinesAndPoints,
    /// A level from each point to the next one's x: the outline of a histogram. The last point ends it.
    Steps,
}

/// A value pair, perhaps with a name.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Point {
    /// Along the horizontal axis.
    pub x: f64,
    /// Along the vertical axis.
    pub y: f64,
    /// A name that is written beside it where there is room, and that appears under the pointer.
    pub label: String,
}

/// Points that belong together.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Series {
    /// Its name in the legend; a series without a name has no entry.
    pub name: String,
    /// Which colour and marker, as for [`Paint::Series`].
    pub index: usize,
    /// How it is shown.
    pub form: Form,
    /// Its points. Those that have no place on an axis (not finite, or not above 0 on a logarithmic one) are left
    /// out, and a line has a gap there.
    pub points: Vec<Point>,
}

impl Series {
    /// A series of points without names, in the first colour.
    pub fn points(name: impl Into<String>, points: impl IntoIterator<Item = (f64, f64)>) -> Self {
        let points = points.into_iter().map(|(x, y)| Point { x, y, label: String::new() }).collect();
        Self { name: name.into(), points, ..Self::default() }
    }
}

/// Points and lines over two axes.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct XyChart {
    /// What it shows, in a few words.
    pub title: String,
    /// What it shows, for those who cannot see it.
    pub description: String,
    /// The horizontal axis.
    pub x: Axis,
    /// The vertical axis.
    pub y: Axis,
    /// The name of a lane to the left of a logarithmic horizontal axis, for points at exactly 0, which has no place
    /// on it; without a name such points are left out.
    pub zero_lane: String,
    /// The data.
    pub series: Vec<Series>,
}

/// Height of the part that holds the data, in pixels.
const DATA_HEIGHT: f64 = 270.0;

impl XyChart {
    /// Draws the chart, 500 pixels wide.
    pub fn draw(&self) -> Drawing {
        let entries: Vec<Entry<'_>> = self.series.iter().filter_map(entry).collect();
        let mut drawing = Drawing::new(WIDTH, 0.0, &self.title, &self.description);
        let top = frame::head(&mut drawing, &self.title, &entries);
        let bottom = top + DATA_HEIGHT;
        drawing.height = bottom + 46.0;

        let shown = || self.series.iter().flat_map(|series| &series.points).filter(|point| self.shows(point));
        let steps_to_bottom = self.series.iter().any(|series| series.form == Form::Steps);
        let (low, high) = self.y.extent(shown().map(|point| point.y));
        let low = if steps_to_bottom && self.y.range.is_none() { floor(low, self.y.scale) } else { low };
        let end = if self.y.range.is_some() || steps_to_bottom { End::Exact } else { End::Roomy };
        let high = if steps_to_bottom && self.y.range.is_none() { high * 1.3 } else { high };
        let y = self.y.between((low, high), (bottom, top), end);
        let y_ticks = y.ticks(8);
        let left = frame::gutter(&y_ticks);
        let right = WIDTH - RIGHT;
        frame::vertical(&mut drawing, &y_ticks, &self.y.label, (left, right), (top, bottom));

        let lane = self.lane_width();
        let start = left + lane;
        let end = if self.x.range.is_some() { End::Exact } else { End::Roomy };
        // The last step ends at a point without height.
        let steps = self.series.iter().filter(|series| series.form == Form::Steps);
        let across =
            shown().chain(steps.flat_map(|series| &series.points)).filter(|point| !self.in_lane(point));
        let extent = self.x.extent(across.map(|point| point.x));
        let x = self.x.between(extent, (start, right), end);
        let x_ticks = frame::marks_along(&x, right - start);
        frame::horizontal(&mut drawing, &x_ticks, &self.x.label, (start, right), (top, bottom));
        if lane > 0.0 {
            let small = TextStyle { size: SMALL, anchor: Anchor::Middle, ..TextStyle::default() };
            drawing.text(((left + start - 14.0) / 2.0, bottom + 17.0), self.zero_lane.as_str(), small);
            drawing.line([(left, bottom), (start - 14.0, bottom)], frame::RULE);
            let edge = Stroke { paint: Paint::Muted, width: 1.0, dash: Some((3.0, 3.0)) };
            drawing.line([(start - 7.0, top), (start - 7.0, bottom)], edge);
        }
        let at = |point: &Point| -> Place {
            let across = if self.in_lane(point) { left + 16.0 } else { x.at(point.x) };
            (across, y.at(point.y))
        };
        self.draw_series(&mut drawing, &at, &y, bottom);
        let named = |in_lane: bool| {
            let points =
                self.series.iter().flat_map(|series| series.points.iter().map(move |point| (series, point)));
            points.filter(move |(_, point)| self.shows(point) && self.in_lane(point) == in_lane)
        };
        let mut labels = Labels::within((left, top - 2.0), (start - 8.0, bottom - 1.0));
        let in_lane: Vec<(Place, &str, Paint)> = named(true)
            .filter(|(_, point)| !point.label.is_empty())
            .map(|(series, point)| (at(point), point.label.as_str(), Paint::Series(series.index)))
            .collect();
        labels.column(&mut drawing, &in_lane);
        let mut labels = Labels::within((start, top - 2.0), (right + 4.0, bottom + 4.0));
        for (_, point) in named(false) {
            labels.keep_free(at(point), 5.0);
        }
        for series in
            self.series.iter().filter(|series| series.form != Form::Steps && series.form != Form::Points)
        {
            for part in series.points.split(|point| !self.shows(point)) {
                labels.keep_line_free(&part.iter().map(at).collect::<Vec<_>>());
            }
        }
        for (series, point) in named(false).filter(|(_, point)| !point.label.is_empty()) {
            labels.put(&mut drawing, at(point), &point.label, Paint::Series(series.index));
        }
        drawing
    }

    fn draw_series(&self, drawing: &mut Drawing, at: &dyn Fn(&Point) -> Place, y: &PlacedAxis, bottom: f64) {
        for series in &self.series {
            let stroke = frame::line_of(series.index);
            if matches!(series.form, Form::Lines | Form::LinesAndPoints) {
                for part in series.points.split(|point| !self.shows(point)).filter(|part| part.len() > 1) {
                    drawing.line(part.iter().map(at).collect::<Vec<_>>(), stroke);
                }
            }
            if series.form == Form::Steps {
                let mut line = Vec::new();
                let mut level = bottom;
                for point in
                    series.points.iter().filter(|point| self.x.holds(point.x) && !self.in_lane(point))
                {
                    let across = at(&Point { y: 1.0, ..point.clone() }).0;
                    line.push((across, level));
                    level = if self.y.holds(point.y) { y.at(point.y) } else { bottom };
                    line.push((across, level));
                }
                drawing.line(line, stroke);
            }
            for point in series.points.iter().filter(|point| self.shows(point)) {
                let marked = match series.form {
                    Form::Points | Form::LinesAndPoints => true,
                    Form::Lines => false,
                    Form::Steps => self.in_lane(point),
                };
                if marked {
                    let words = [&series.name, &point.label].into_iter().filter(|word| !word.is_empty());
                    let title = words.map(String::as_str).collect::<Vec<_>>().join(" ");
                    frame::marker(drawing, series.index, at(point), &title);
                }
            }
            // A line of one point would be invisible.
            if series.form == Form::Lines
                && series.points.iter().filter(|point| self.shows(point)).count() == 1
            {
                for point in series.points.iter().filter(|point| self.shows(point)) {
                    frame::marker(drawing, series.index, at(point), &series.name);
                }
            }
        }
    }

    fn in_lane(&self, point: &Point) -> bool {
        self.x.scale == Scale::Logarithmic && point.x == 0.0
    }

    fn shows(&self, point: &Point) -> bool {
        let across = if self.in_lane(point) { !self.zero_lane.is_empty() } else { self.x.holds(point.x) };
        across && self.y.holds(point.y)
    }

    /// The width of the lane with the longest name in it; 0 where nothing is in it.
    fn lane_width(&self) -> f64 {
        if self.zero_lane.is_empty() {
            return 0.0;
        }
        let points = self.series.iter().flat_map(|series| &series.points).filter(|point| self.in_lane(point));
        let widths = points.map(|point| font::width(&point.label, SMALL, Weight::Regular) * SLACK + 44.0);
        let title = font::width(&self.zero_lane, SMALL, Weight::Regular) * SLACK + 16.0;
        widths.reduce(f64::max).map_or(0.0, |widest| widest.clamp(title, 210.0) + 14.0)
    }
}

fn entry(series: &Series) -> Option<Entry<'_>> {
    let entry = Entry {
        name: &series.name,
        index: series.index,
        line: series.form != Form::Points,
        marker: matches!(series.form, Form::Points | Form::LinesAndPoints),
    };
    (!series.name.is_empty()).then_some(entry)
}

/// Where the levels of steps rise from.
fn floor(low: f64, scale: Scale) -> f64 {
    match scale {
        Scale::Linear => low.min(0.0),
        Scale::Logarithmic => low / 2.0,
    }
}
