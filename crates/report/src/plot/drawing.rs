//! Lines, areas, text and pictures on a plane: what all charts are made of.

use super::font::Weight;
use super::picture::Picture;
use super::theme::{Paint, Theme};
use super::{raster, svg};

/// A drawing with a title for those who cannot see it.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawing {
    /// Width in pixels.
    pub width: f64,
    /// Height in pixels.
    pub height: f64,
    /// What it shows, in a few words.
    pub title: String,
    /// What it shows, in a sentence or two; may be empty.
    pub description: String,
    pub(super) marks: Vec<Mark>,
}

/// A place: x to the right, y downwards, in pixels.
pub type Place = (f64, f64);

/// Which end of a text stands at its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Anchor {
    /// The left end.
    #[default]
    Start,
    /// The middle.
    Middle,
    /// The right end.
    End,
}

/// How a text is written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TextStyle {
    /// Pixels to the em.
    pub size: f64,
    /// Regular or bold.
    pub weight: Weight,
    /// Which end stands at the place.
    pub anchor: Anchor,
    /// The colour.
    pub paint: Paint,
    /// Whether it is written from bottom to top.
    pub upwards: bool,
}

impl Default for TextStyle {
    fn default() -> Self {
        Self { size: 13.0, weight: Weight::Regular, anchor: Anchor::Start, paint: Paint::Ink, upwards: false }
    }
}

/// How a line is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stroke {
    /// The colour.
    pub paint: Paint,
    /// Width in pixels.
    pub width: f64,
    /// Lengths of dash and gap; none for a solid line.
    pub dash: Option<(f64, f64)>,
}

impl Stroke {
    /// A solid line.
    pub fn solid(paint: Paint, width: f64) -> Self {
        Self { paint, width, dash: None }
    }
}

/// One thing drawn.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Mark {
    Line {
        points: Vec<Place>,
        stroke: Stroke,
    },
    /// A closed area, with words that appear where the pointer rests on it.
    Area {
        points: Vec<Place>,
        paint: Paint,
        title: String,
    },
    Disc {
        centre: Place,
        radius: f64,
        paint: Paint,
        title: String,
    },
    Text {
        place: Place,
        text: String,
        style: TextStyle,
    },
    Picture {
        corner: Place,
        size: (f64, f64),
        picture: Box<Picture>,
    },
}

impl Drawing {
    /// An empty drawing.
    pub fn new(width: f64, height: f64, title: impl Into<String>, description: impl Into<String>) -> Self {
        Self { width, height, title: title.into(), description: description.into(), marks: Vec::new() }
    }

    /// A line through all points.
    pub fn line(&mut self, points: impl Into<Vec<Place>>, stroke: Stroke) {
        self.marks.push(Mark::Line { points: points.into(), stroke });
    }

    /// A closed area; `title` appears where the pointer rests on it, unless it is empty.
    pub fn area(&mut self, points: impl Into<Vec<Place>>, paint: Paint, title: impl Into<String>) {
        self.marks.push(Mark::Area { points: points.into(), paint, title: title.into() });
    }

    /// An area between two corners.
    pub fn rectangle(&mut self, (x0, y0): Place, (x1, y1): Place, paint: Paint, title: impl Into<String>) {
        self.area([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], paint, title);
    }

    /// A filled circle.
    pub fn disc(&mut self, centre: Place, radius: f64, paint: Paint, title: impl Into<String>) {
        self.marks.push(Mark::Disc { centre, radius, paint, title: title.into() });
    }

    /// A line of text; `place` is on its base line.
    pub fn text(&mut self, place: Place, text: impl Into<String>, style: TextStyle) {
        let text = text.into();
        if !text.is_empty() {
            self.marks.push(Mark::Text { place, text, style });
        }
    }

    /// A picture, stretched to `size`; its pixels stay squares with sharp edges.
    pub fn picture(&mut self, corner: Place, size: (f64, f64), picture: Picture) {
        self.marks.push(Mark::Picture { corner, size, picture: Box::new(picture) });
    }

    /// An SVG file: it holds its own colours for light and dark ground.
    pub fn to_svg(&self) -> String {
        svg::file(self)
    }

    /// An SVG element for an HTML page that has [`style`](super::style) in its style sheet.
    pub fn to_inline_svg(&self) -> String {
        svg::inline(self)
    }

    /// A PNG file of `scale` device pixels a pixel. The same drawing gives the same bytes on every machine.
    ///
    /// `scale` is kept between 0.25 and 8.
    pub fn to_png(&self, theme: Theme, scale: f64) -> Vec<u8> {
        raster::png(self, theme, scale)
    }
}
