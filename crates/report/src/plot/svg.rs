//! Drawings as SVG.

use super::drawing::{Anchor, Drawing, Mark, Place};
use super::font::{FAMILY, Weight};
use super::theme::{Paint, SERIES_COLOURS, Theme, hexadecimal};
use crate::escape::{data_url, markup};

/// The rules that inline drawings need in the style sheet of their page: colours for light and dark ground.
pub fn style() -> String {
    format!(
        ".plot text{{font-family:{FAMILY}}}.plot image{{image-rendering:pixelated}}{}\
         @media (prefers-color-scheme:dark){{{}}}",
        colours(Theme::Light),
        colours(Theme::Dark)
    )
}

fn colours(theme: Theme) -> String {
    let series = (0..SERIES_COLOURS).map(Paint::Series);
    [Paint::Paper, Paint::Ink, Paint::Muted, Paint::Grid]
        .into_iter()
        .chain(series)
        .map(|paint| {
            let (name, colour) = (name(paint), hexadecimal(theme.colour(paint)));
            format!(".f-{name}{{fill:{colour}}}.s-{name}{{stroke:{colour}}}")
        })
        .collect()
}

fn name(paint: Paint) -> String {
    match paint {
        Paint::Paper => "paper".into(),
        Paint::Ink => "ink".into(),
        Paint::Muted => "muted".into(),
        Paint::Grid => "grid".into(),
        Paint::Series(index) => (index % SERIES_COLOURS).to_string(),
    }
}

/// A file of its own.
pub(super) fn file(drawing: &Drawing) -> String {
    let (width, height) = (number(drawing.width), number(drawing.height));
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"plot\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\" role=\"img\">\n{}<style>{}</style>\n\
         <rect class=\"f-paper\" width=\"{width}\" height=\"{height}\"/>\n{}</svg>\n",
        words(drawing),
        style(),
        body(drawing)
    )
}

/// An element of a page.
pub(super) fn inline(drawing: &Drawing) -> String {
    let (width, height) = (number(drawing.width), number(drawing.height));
    format!(
        "<svg class=\"plot\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" role=\"img\" \
         aria-label=\"{}\">\n{}</svg>",
        markup(&[drawing.title.as_str(), drawing.description.as_str()].join(". ")),
        body(drawing)
    )
}

fn words(drawing: &Drawing) -> String {
    let mut text = format!("<title>{}</title>\n", markup(&drawing.title));
    if !drawing.description.is_empty() {
        text += &format!("<desc>{}</desc>\n", markup(&drawing.description));
    }
    text
}

fn body(drawing: &Drawing) -> String {
    drawing.marks.iter().map(|mark| element(mark) + "\n").collect()
}

fn element(mark: &Mark) -> String {
    match mark {
        Mark::Line { points, stroke } => {
            let dash = stroke.dash.map_or(String::new(), |(dash, gap)| {
                format!(" stroke-dasharray=\"{} {}\"", number(dash), number(gap))
            });
            format!(
                "<path class=\"s-{}\" fill=\"none\" stroke-width=\"{}\" stroke-linejoin=\"round\"{dash} d=\"{}\"/>",
                name(stroke.paint),
                number(stroke.width),
                path(points)
            )
        }
        Mark::Area { points, paint, title } => {
            titled("path", &format!("class=\"f-{}\" d=\"{}Z\"", name(*paint), path(points)), title)
        }
        Mark::Disc { centre: (x, y), radius, paint, title } => {
            let (x, y, radius) = (number(*x), number(*y), number(*radius));
            titled(
                "circle",
                &format!("class=\"f-{}\" cx=\"{x}\" cy=\"{y}\" r=\"{radius}\"", name(*paint)),
                title,
            )
        }
        Mark::Text { place: (x, y), text, style } => {
            let (x, y) = (number(*x), number(*y));
            let anchor = match style.anchor {
                Anchor::Start => "",
                Anchor::Middle => " text-anchor=\"middle\"",
                Anchor::End => " text-anchor=\"end\"",
            };
            let weight = if style.weight == Weight::Bold { " font-weight=\"700\"" } else { "" };
            let turn =
                if style.upwards { format!(" transform=\"rotate(-90 {x} {y})\"") } else { String::new() };
            format!(
                "<text class=\"f-{}\" x=\"{x}\" y=\"{y}\" font-size=\"{}\"{weight}{anchor}{turn}>{}</text>",
                name(style.paint),
                number(style.size),
                markup(text)
            )
        }
        Mark::Picture { corner: (x, y), size: (width, height), picture } => format!(
            "<image x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" preserveAspectRatio=\"none\" \
             href=\"{}\"/>",
            number(*x),
            number(*y),
            number(*width),
            number(*height),
            data_url("image/png", &picture.png())
        ),
    }
}

fn titled(name: &str, attributes: &str, title: &str) -> String {
    if title.is_empty() {
        return format!("<{name} {attributes}/>");
    }
    format!("<{name} {attributes}><title>{}</title></{name}>", markup(title))
}

fn path(points: &[Place]) -> String {
    let mut text = String::new();
    for (index, (x, y)) in points.iter().enumerate() {
        text.push(if index == 0 { 'M' } else { 'L' });
        text += &format!("{} {}", number(*x), number(*y));
    }
    text
}

/// A coordinate with at most two decimals.
fn number(value: f64) -> String {
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coordinates_are_short() {
        assert_eq!([1.0, 0.5, 1.0 / 3.0, -0.001, 100.0].map(number), ["1", "0.5", "0.33", "0", "100"]);
    }
}
