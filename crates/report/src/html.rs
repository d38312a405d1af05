//! A report as one HTML page that needs no network: tables, charts and pictures are inside it.
//!
//! The page is readable without scripts; a few lines of script let a click on a column's name sort the table. All
//! words from outside (names of files, methods, messages) are escaped. The charts are also files of their own
//! ([`Page::plots`]), which the page links but does not load.

mod strip;
mod table;

use stack_methods::Measurement;

use crate::FramePictures;
use crate::charts::{Chart, charts};
use crate::escape::{data_url, markup};
use crate::numbers::{grouped, significant};
use crate::order::{Group, groups};
use crate::plot::{Drawing, Theme, font, style};

/// The folder, beside the page, that its links to the plots lead to.
pub const PLOTS: &str = "plots";

const STYLE: &str = include_str!("html/style.css");
const SCRIPT: &str = include_str!("html/sort.js");

/// The pictures that belong to a measurement.
#[derive(Debug, Clone, PartialEq)]
pub struct RowPictures {
    /// The stack, as in [`Measurement::dataset`].
    pub dataset: String,
    /// The stack in words, as in [`Measurement::stack`].
    pub stack: String,
    /// The method, as in [`Measurement::method`].
    pub method: String,
    /// The frame with the largest error.
    pub pictures: FramePictures,
}

/// A page and the files that its links lead to.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// The page.
    pub html: String,
    /// The charts and pictures.
    pub plots: Vec<Plot>,
}

/// A chart or picture as files of their own.
#[derive(Debug, Clone, PartialEq)]
pub struct Plot {
    /// The name without an extension: `1-brightfield-npz-stack-sizes`.
    pub name: String,
    /// An SVG file; pictures of frames have none.
    pub svg: Option<String>,
    /// A PNG file, on light ground.
    pub png: Vec<u8>,
}

/// The page of a report.
///
/// `machine` is a line about where and with which versions was measured. Pictures without a measurement are left
/// out.
///
/// ```
/// let page = stack_report::html(&[], &[], "stackpress 0.1.0, 2 cores");
/// assert!(page.html.starts_with("<!doctype html>") && page.plots.is_empty());
/// ```
pub fn html(measurements: &[Measurement], pictures: &[RowPictures], machine: &str) -> Page {
    let groups = groups(measurements);
    let mut plots = Vec::new();
    let mut body = format!(
        "<header><h1>Measurements</h1>\n<p>{}</p>\n{}</header>\n<main>\n",
        markup(machine),
        contents(&groups)
    );
    for (index, group) in groups.iter().enumerate() {
        body += &section(index + 1, group, pictures, &mut plots);
    }
    body += "</main>\n<footer><p class=\"muted\">Every method was asked to store the stack, the file was decoded, and every \
             decoded sample was compared with its original. Sizes are those of the finished files, everything included; \
             errors are in sample values; MB are 10<sup>6</sup> bytes. RMSE is the root of the mean squared error.</p></footer>\n";
    let fonts = [(font::REGULAR, 400), (font::BOLD, 700)].map(|(bytes, weight)| {
        let url = data_url("font/ttf", bytes);
        format!("@font-face{{font-family:Roboto;font-weight:{weight};src:url({url})}}")
    });
    let html = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>Measurements</title>\n\
         <style>\n{}\n{}\nbody{{font-family:{}}}\n{STYLE}</style>\n</head>\n<body>\n{body}<script>\n{SCRIPT}</script>\n</body>\n</html>\n",
        fonts.join("\n"),
        style(),
        font::FAMILY,
    );
    Page { html, plots }
}

/// Links to the stacks, if they are several.
fn contents(groups: &[Group<'_>]) -> String {
    if groups.len() < 2 {
        return String::new();
    }
    let links: String = groups
        .iter()
        .enumerate()
        .map(|(index, group)| {
            format!("<li><a href=\"#stack-{}\">{}</a></li>\n", index + 1, markup(group.dataset))
        })
        .collect();
    format!("<nav aria-label=\"Stacks\"><ul>\n{links}</ul></nav>\n")
}

fn section(number: usize, group: &Group<'_>, pictures: &[RowPictures], plots: &mut Vec<Plot>) -> String {
    let mut figures = FigureList { stem: format!("{number}-{}", file_words(group.dataset)), plots };
    let mut text = format!(
        "<section aria-labelledby=\"stack-{number}\">\n<h2 id=\"stack-{number}\">{}</h2>\n<p>{}</p>\n",
        markup(group.dataset),
        description(group)
    );
    let drawn: String = charts(group).iter().map(|chart| figures.chart(chart)).collect();
    if !drawn.is_empty() {
        text += &format!("<div class=\"charts\">\n{drawn}</div>\n");
    }
    text += &table::table(group);
    text += &table::without_figures(group);
    text += &strip::strips(group, pictures, &mut figures);
    text + "</section>\n"
}

/// The figures of one stack as they are made.
struct FigureList<'a> {
    /// How their files' names begin.
    stem: String,
    plots: &'a mut Vec<Plot>,
}

impl FigureList<'_> {
    /// Keeps a chart as files; the figure with links to them.
    fn chart(&mut self, chart: &Chart) -> String {
        let svg = Some(chart.drawing.to_svg());
        let name = self.keep(chart.name, svg, chart.drawing.to_png(Theme::Light, 1.5));
        let space = if chart.caption.is_empty() { "" } else { " " };
        let caption = format!(
            "{}{space}<a href=\"{PLOTS}/{name}.svg\">SVG</a> · <a href=\"{PLOTS}/{name}.png\">PNG</a>",
            markup(&chart.caption)
        );
        figure(&chart.drawing, &caption)
    }

    /// Keeps a picture as a file; the figure with a link to it.
    fn picture(&mut self, name: &str, drawing: &Drawing) -> String {
        let name = self.keep(name, None, drawing.to_png(Theme::Light, 1.0));
        figure(drawing, &format!("<a href=\"{PLOTS}/{name}.png\">PNG</a>"))
    }

    /// The whole name; a plot that is known by it is not kept again.
    fn keep(&mut self, name: &str, svg: Option<String>, png: Vec<u8>) -> String {
        let name = format!("{}-{name}", self.stem);
        if self.plots.iter().all(|plot| plot.name != name) {
            self.plots.push(Plot { name: name.clone(), svg, png });
        }
        name
    }
}

fn figure(drawing: &Drawing, caption: &str) -> String {
    format!(
        "<figure><div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{}\">{}</div>\
         <figcaption>{caption}</figcaption></figure>\n",
        markup(&drawing.title),
        drawing.to_inline_svg()
    )
}

/// The stack and its sizes in a sentence or two.
fn description(group: &Group<'_>) -> String {
    let first = group.first();
    let mut text = format!("{}: {} bytes of samples", markup(group.stack), grouped(first.raw_bytes));
    if let Some(bytes) = first.disk_bytes_before {
        text += &format!(", {} bytes on disk before", grouped(bytes));
    }
    if let Some(figures) = group.rows.iter().find_map(|row| row.figures()) {
        let errors = &figures.errors;
        if errors.minimum <= errors.maximum {
            text +=
                &format!("; values from {} to {}", significant(errors.minimum), significant(errors.maximum));
        }
        text +=
            &format!(". PSNR peak: {} ({})", significant(errors.psnr_peak), markup(&errors.psnr_peak_name));
    }
    text + "."
}

/// A name as words of a file name: small letters and digits of ASCII, the rest as single hyphens.
///
/// ```
/// assert_eq!(stack_report::html::file_words("../Cells <1>.npz:stack"), "cells-1-npz-stack");
/// ```
pub fn file_words(name: &str) -> String {
    const LONGEST: usize = 60;
    let words =
        name.split(|character: char| !character.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let mut text = words.collect::<Vec<_>>().join("-").to_ascii_lowercase();
    text.truncate(LONGEST);
    let text = text.trim_matches('-');
    if text.is_empty() { "stack".to_owned() } else { text.to_owned() }
}
