//! The embedded font: widths and outlines.
//!
//! Layout never depends on the fonts of a machine: text is measured with this font, and PNG files are drawn with
//! it. SVG files name a stack of fonts ([`FAMILY`]), which may be a little wider, so layouts leave some room.

use std::sync::LazyLock;

use ttf_parser::{Face, GlyphId, OutlineBuilder};

/// The regular weight, a part of Roboto: Latin, Greek, Cyrillic, superscripts and common signs.
pub const REGULAR: &[u8] = include_bytes!("../../fonts/roboto-regular.ttf");

/// The bold weight, a part of Roboto: Latin-1.
pub const BOLD: &[u8] = include_bytes!("../../fonts/roboto-bold.ttf");

/// The stack of fonts that SVG files and pages name.
pub const FAMILY: &str = "Roboto,\"Helvetica Neue\",Arial,\"Liberation Sans\",\"DejaVu Sans\",sans-serif";

/// How much wider than measured a line may be where another font of [`FAMILY`] takes the place of the first.
pub const SLACK: f64 = 1.17;

static FACES: LazyLock<[Face<'static>; 2]> = LazyLock::new(|| {
    [REGULAR, BOLD].map(|bytes| Face::parse(bytes, 0).expect("the embedded fonts are whole"))
});

/// Regular or bold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Weight {
    /// Regular, 400.
    #[default]
    Regular,
    /// Bold, 700.
    Bold,
}

/// The face that has `character`: the bold font is small, and leaves what it lacks to the regular one. Characters
/// that neither has are drawn as an empty box.
fn glyph(weight: Weight, character: char) -> (&'static Face<'static>, GlyphId) {
    let [regular, bold] = &*FACES;
    let bold = (weight == Weight::Bold).then_some(bold);
    let found = bold.into_iter().chain([regular]).find_map(|face| Some((face, face.glyph_index(character)?)));
    found.unwrap_or((regular, GlyphId(0)))
}

/// The width of `text` in pixels at `size` pixels to the em.
///
/// ```
/// use stack_report::plot::font::{Weight, width};
/// let (one, two) = (width("m", 13.0, Weight::Regular), width("mm", 13.0, Weight::Regular));
/// assert!(one > 5.0 && (two - 2.0 * one).abs() < 1e-9);
/// ```
pub fn width(text: &str, size: f64, weight: Weight) -> f64 {
    text.chars()
        .map(|character| {
            let (face, glyph) = glyph(weight, character);
            f64::from(face.glyph_hor_advance(glyph).unwrap_or(0)) * size / f64::from(face.units_per_em())
        })
        .sum()
}

/// `text`, shortened with an ellipsis until it is at most `most` pixels wide.
pub fn fitted(text: &str, size: f64, weight: Weight, most: f64) -> String {
    if width(text, size, weight) <= most {
        return text.to_owned();
    }
    let mut kept: Vec<char> = text.chars().collect();
    while kept.pop().is_some() {
        let shorter = kept.iter().collect::<String>() + "…";
        if width(&shorter, size, weight) <= most {
            return shorter;
        }
    }
    String::new()
}

/// Draws the outlines of `text` from the left end `x` of its base line `y`.
pub(super) fn outline(text: &str, size: f64, weight: Weight, to: &mut dyn OutlineBuilder, x: f64, y: f64) {
    let mut x = x;
    for character in text.chars() {
        let (face, glyph) = glyph(weight, character);
        let scale = size / f64::from(face.units_per_em());
        face.outline_glyph(glyph, &mut Placed { to, x, y, scale });
        x += f64::from(face.glyph_hor_advance(glyph).unwrap_or(0)) * scale;
    }
}

/// Outlines in font units with y upwards, moved to their place with y downwards.
struct Placed<'a> {
    to: &'a mut dyn OutlineBuilder,
    x: f64,
    y: f64,
    scale: f64,
}

impl Placed<'_> {
    fn at(&self, x: f32, y: f32) -> (f32, f32) {
        ((self.x + f64::from(x) * self.scale) as f32, (self.y - f64::from(y) * self.scale) as f32)
    }
}

impl OutlineBuilder for Placed<'_> {
    fn move_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.at(x, y);
        self.to.move_to(x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.at(x, y);
        self.to.line_to(x, y);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let ((x1, y1), (x, y)) = (self.at(x1, y1), self.at(x, y));
        self.to.quad_to(x1, y1, x, y);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let ((x1, y1), (x2, y2), (x, y)) = (self.at(x1, y1), self.at(x2, y2), self.at(x, y));
        self.to.curve_to(x1, y1, x2, y2, x, y);
    }

    fn close(&mut self) {
        self.to.close();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_text_is_shortened_to_its_place() {
        assert_eq!(fitted("hdf5", 13.0, Weight::Regular, 100.0), "hdf5");
        let short = fitted("hdf5:bitshuffle,zstd=19", 13.0, Weight::Regular, 60.0);
        assert!(short.starts_with("hdf5") && short.ends_with('…'));
        assert!(width(&short, 13.0, Weight::Regular) <= 60.0);
        assert_eq!(fitted("hdf5", 13.0, Weight::Regular, 1.0), "");
    }

    #[test]
    fn the_signs_of_axes_are_there() {
        for character in "0123456789⁰¹²³⁴⁵⁶⁷⁸⁹⁻−×.,µ°%∞αЖé".chars() {
            assert!(FACES[0].glyph_index(character).is_some(), "{character}");
        }
    }
}
