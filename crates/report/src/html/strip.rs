//! Original, decoded copy and difference of the frame with the largest error.

use stack_methods::{Figures, Measurement};

use super::table::method;
use super::{FigureList, RowPictures};
use crate::FramePictures;
use crate::numbers::{grouped, significant};
use crate::order::Group;
use crate::plot::{Drawing, Picture};

/// Width of a picture in pixels.
const WIDTH: f64 = 250.0;

/// The pictures of a stack: the original with the methods that gave it back, then three pictures for each other
/// method. `list` keeps their files.
pub(super) fn strips(group: &Group<'_>, pictures: &[RowPictures], list: &mut FigureList<'_>) -> String {
    let of = |row: &Measurement| {
        let same = |known: &&RowPictures| {
            (&known.dataset, &known.stack, &known.method) == (&row.dataset, &row.stack, &row.method)
        };
        pictures.iter().find(same).map(|row| &row.pictures)
    };
    let shown: Vec<(&Measurement, &Figures, Option<&FramePictures>)> =
        group.rows.iter().filter_map(|row| Some((*row, row.figures()?, of(row)))).collect();
    let mut text = String::new();
    let exact: Vec<_> = shown.iter().filter(|(_, figures, _)| figures.errors.bit_exact()).collect();
    if let Some(pictures) = exact.iter().find_map(|(_, _, pictures)| *pictures) {
        let methods: Vec<String> = exact.iter().map(|(row, ..)| method(&row.method)).collect();
        text += &format!(
            "<h4>Original, frame {}</h4>\n<p class=\"muted\">Bit-identical from {}{}</p>\n<div class=\"pictures\">\n",
            grouped(pictures.frame),
            methods.join(", "),
            reduced(pictures)
        );
        text += &list.picture(&original_name(pictures), &drawing(&pictures.original, "original"));
        text += "</div>\n";
    }
    for (row, figures, pictures) in shown {
        let Some((pictures, copy)) = pictures.and_then(|shown| Some((shown, shown.copy.as_ref()?))) else {
            continue;
        };
        let largest = figures.errors.frame_max.get(pictures.frame as usize).copied().unwrap_or(f64::NAN);
        text += &format!(
            "<h4>{}, frame {}</h4>\n<p class=\"muted\">Largest error of this frame and of the stack: {}{}</p>\n\
             <div class=\"pictures\">\n",
            method(&row.method),
            grouped(pictures.frame),
            significant(largest),
            reduced(pictures)
        );
        let words = super::file_words(&row.method);
        for (name, title, picture) in [
            (original_name(pictures), "original", &pictures.original),
            (format!("{words}-decoded"), "decoded", &copy.decoded),
            (format!("{words}-difference"), "decoded − original", &copy.difference),
        ] {
            text += &list.picture(&name, &drawing(picture, title));
        }
        text += "</div>\n";
    }
    if text.is_empty() { text } else { format!("<h3>Pictures</h3>\n{text}") }
}

/// One file serves all methods that show the same frame.
fn original_name(pictures: &FramePictures) -> String {
    format!("original-{}", pictures.frame)
}

fn drawing(picture: &Picture, title: &str) -> Drawing {
    picture.with_colour_bar(title, "sample values", WIDTH)
}

/// What a reader should know of reduced pictures.
fn reduced(pictures: &FramePictures) -> String {
    match pictures.samples_per_side {
        1 => ".".to_owned(),
        side => format!(
            ". Each pixel shows {side} × {side} samples: their mean, and of the differences the largest."
        ),
    }
}
