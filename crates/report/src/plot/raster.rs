//! Drawings as pixels.

use tiny_skia::{
    Color, FillRule, FilterQuality, LineCap, LineJoin, Paint as Brush, PathBuilder, Pixmap, PixmapPaint,
    Stroke as Pen, StrokeDash, Transform,
};
use ttf_parser::OutlineBuilder;

use super::drawing::{Anchor, Drawing, Mark, Place, Stroke};
use super::encode::encode_drawing;
use super::font;
use super::theme::{Paint, Rgb, Theme};

/// The drawing as a PNG file.
pub(super) fn png(drawing: &Drawing, theme: Theme, scale: f64) -> Vec<u8> {
    let scale = if scale.is_finite() { scale.clamp(0.25, 8.0) } else { 1.0 };
    let pixels = |length: f64| (length * scale).ceil().clamp(1.0, 16_384.0) as u32;
    let mut pixmap = Pixmap::new(pixels(drawing.width), pixels(drawing.height))
        .expect("the sides are between 1 and 16,384 pixels");
    pixmap.fill(colour(theme.colour(Paint::Paper)));
    let transform = Transform::from_scale(scale as f32, scale as f32);
    for mark in &drawing.marks {
        draw(mark, theme, transform, &mut pixmap);
    }
    let rgb: Vec<u8> = pixmap.pixels().iter().flat_map(|p| [p.red(), p.green(), p.blue()]).collect();
    encode_drawing(pixmap.width(), pixmap.height(), &rgb)
}

fn draw(mark: &Mark, theme: Theme, transform: Transform, pixmap: &mut Pixmap) {
    match mark {
        Mark::Line { points, stroke } => {
            if let Some(path) = path(points, false) {
                let (brush, pen) = (brush(theme, stroke.paint), pen(stroke));
                pixmap.stroke_path(&path, &brush, &pen, transform, None);
            }
        }
        Mark::Area { points, paint, .. } => {
            if let Some(path) = path(points, true) {
                pixmap.fill_path(&path, &brush(theme, *paint), FillRule::Winding, transform, None);
            }
        }
        Mark::Disc { centre, radius, paint, .. } => {
            let circle = PathBuilder::from_circle(centre.0 as f32, centre.1 as f32, *radius as f32);
            if let Some(path) = circle {
                pixmap.fill_path(&path, &brush(theme, *paint), FillRule::Winding, transform, None);
            }
        }
        Mark::Text { place: (x, y), text, style } => {
            let width = font::width(text, style.size, style.weight);
            let start = match style.anchor {
                Anchor::Start => 0.0,
                Anchor::Middle => -width / 2.0,
                Anchor::End => -width,
            };
            let mut outline = Outline(PathBuilder::new());
            font::outline(text, style.size, style.weight, &mut outline, start, 0.0);
            if let Some(path) = outline.0.finish() {
                let turn = if style.upwards { Transform::from_rotate(-90.0) } else { Transform::identity() };
                let transform = turn.post_translate(*x as f32, *y as f32).post_concat(transform);
                pixmap.fill_path(&path, &brush(theme, style.paint), FillRule::Winding, transform, None);
            }
        }
        Mark::Picture { corner, size, picture } => {
            let Some(mut pixels) = Pixmap::new(picture.width() as u32, picture.height() as u32) else {
                return;
            };
            for (to, rgb) in pixels.pixels_mut().iter_mut().zip(picture.rgb().as_chunks().0) {
                *to = colour(*rgb).premultiply().to_color_u8();
            }
            let scale_x = size.0 as f32 / picture.width() as f32;
            let scale_y = size.1 as f32 / picture.height() as f32;
            let place = Transform::from_scale(scale_x, scale_y)
                .post_translate(corner.0 as f32, corner.1 as f32)
                .post_concat(transform);
            let paint = PixmapPaint { quality: FilterQuality::Nearest, ..PixmapPaint::default() };
            pixmap.draw_pixmap(0, 0, pixels.as_ref(), &paint, place, None);
        }
    }
}

fn colour([red, green, blue]: Rgb) -> Color {
    Color::from_rgba8(red, green, blue, 255)
}

fn brush(theme: Theme, paint: Paint) -> Brush<'static> {
    let mut brush = Brush::default();
    brush.set_color(colour(theme.colour(paint)));
    brush.anti_alias = true;
    brush
}

fn pen(stroke: &Stroke) -> Pen {
    Pen {
        width: stroke.width as f32,
        line_join: LineJoin::Round,
        line_cap: LineCap::Butt,
        dash: stroke.dash.and_then(|(dash, gap)| StrokeDash::new(vec![dash as f32, gap as f32], 0.0)),
        ..Pen::default()
    }
}

fn path(points: &[Place], closed: bool) -> Option<tiny_skia::Path> {
    let mut path = PathBuilder::new();
    for (index, (x, y)) in points.iter().enumerate() {
        let (x, y) = (*x as f32, *y as f32);
        if index == 0 { path.move_to(x, y) } else { path.line_to(x, y) }
    }
    if closed {
        path.close();
    }
    path.finish()
}

/// Outlines of letters as a path.
struct Outline(PathBuilder);

impl OutlineBuilder for Outline {
    fn move_to(&mut self, x: f32, y: f32) {
        self.0.move_to(x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.0.line_to(x, y);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        self.0.quad_to(x1, y1, x, y);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.0.cubic_to(x1, y1, x2, y2, x, y);
    }

    fn close(&mut self) {
        self.0.close();
    }
}
