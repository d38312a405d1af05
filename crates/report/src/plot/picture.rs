//! Samples to pixels: grey, signed differences, RGB.
//!
//! A value v of a plane is shown as level round((v - low) / (high - low) x 254), kept within 0 and 254: an odd
//! number of levels, so that the middle of a diverging map is one colour, and zero difference has it. Level 255 is
//! for values that are not finite.

use base64::prelude::{BASE64_STANDARD, Engine};
use png::Filter;
use serde::{Deserialize, Serialize};

use super::encode::encode;
use super::theme::Rgb;

/// The highest level of a finite value.
const TOP: u8 = 254;
/// The level of NaN and the infinities.
const NOT_FINITE: u8 = 255;
/// The colour of that level, in no map.
const NOT_FINITE_COLOUR: Rgb = [0xff, 0x2f, 0xd6];

/// From which value to which a picture shows: below `low` all is the first colour, above `high` all the last.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Range {
    /// The value of the first colour.
    pub low: f64,
    /// The value of the last colour.
    pub high: f64,
}

impl Range {
    /// From the smallest to the largest finite value; 0 to 1 if there is none.
    pub fn of(plane: &[f64]) -> Self {
        let finite = plane.iter().copied().filter(|value| value.is_finite());
        let (low, high) = finite
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
        if low <= high { Self { low, high } } else { Self { low: 0.0, high: 1.0 } }
    }

    /// As far below zero as above it, and wide enough for all finite values.
    pub fn around_zero(plane: &[f64]) -> Self {
        let all = Self::of(plane);
        let size =
            if plane.iter().any(|value| value.is_finite()) { all.low.abs().max(all.high.abs()) } else { 1.0 };
        Self { low: -size, high: size }
    }

    /// The level of a value; a range without width shows all values in its middle.
    fn level(self, value: f64) -> u8 {
        if !value.is_finite() {
            return NOT_FINITE;
        }
        // Halves, so that the width of the widest range is finite.
        let width = self.high / 2.0 - self.low / 2.0;
        if width.is_nan() || width <= 0.0 {
            return TOP / 2;
        }
        let share = ((value / 2.0 - self.low / 2.0) / width).clamp(0.0, 1.0);
        (share * f64::from(TOP)).round() as u8
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Colours {
    Grey,
    Diverging,
    Rgb,
}

/// An 8-bit picture, and what its levels mean.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct Picture {
    width: usize,
    height: usize,
    colours: Colours,
    range: Range,
    /// One level a pixel, or three bytes.
    bytes: Vec<u8>,
}

/// A picture as it is written.
#[derive(Serialize, Deserialize)]
struct Written {
    width: usize,
    height: usize,
    colours: Colours,
    range: Range,
    /// In Base64.
    bytes: String,
}

impl From<Picture> for Written {
    fn from(picture: Picture) -> Self {
        let Picture { width, height, colours, range, bytes } = picture;
        Self { width, height, colours, range, bytes: BASE64_STANDARD.encode(bytes) }
    }
}

impl TryFrom<Written> for Picture {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, String> {
        let Written { width, height, colours, range, bytes } = written;
        let bytes = BASE64_STANDARD.decode(bytes).map_err(|problem| format!("picture: {problem}"))?;
        let samples = if colours == Colours::Rgb { 3 } else { 1 };
        let wanted = width.checked_mul(height).and_then(|pixels| pixels.checked_mul(samples));
        if wanted != Some(bytes.len()) || bytes.is_empty() || width.max(height) > u32::MAX as usize {
            return Err(format!("picture: {} bytes for {height} x {width} pixels", bytes.len()));
        }
        Ok(Self { width, height, colours, range, bytes })
    }
}

impl Picture {
    /// A grey picture of a plane: rows from the top, `width` values each. Black is `range.low`, white `range.high`.
    ///
    /// ```
    /// use stack_report::plot::{Picture, Range};
    /// let picture = Picture::grey(&[0.0, 100.0, 200.0, f64::NAN], 2, Range { low: 0.0, high: 200.0 });
    /// assert_eq!((picture.width(), picture.height()), (2, 2));
    /// assert_eq!(picture.rgb()[..9], [0, 0, 0, 128, 128, 128, 255, 255, 255]);
    /// ```
    ///
    /// # Panics
    /// If `width` is 0, or the plane is empty or no whole number of rows.
    pub fn grey(plane: &[f64], width: usize, range: Range) -> Self {
        Self::levels(plane, width, range, Colours::Grey)
    }

    /// A picture of signed differences: blue below the middle of the range, red above it, white at it. Give a range
    /// [around zero](Range::around_zero).
    ///
    /// # Panics
    /// As [`Picture::grey`].
    pub fn signed(plane: &[f64], width: usize, range: Range) -> Self {
        Self::levels(plane, width, range, Colours::Diverging)
    }

    /// A picture of red, green and blue values, one after the other; each is mapped with the same range.
    ///
    /// # Panics
    /// As [`Picture::grey`], for three values a pixel.
    pub fn rgb_of(values: &[f64], width: usize, range: Range) -> Self {
        // Values that are not finite are black here: every colour may occur in such a picture.
        let byte = |value: &f64| match range.level(*value) {
            NOT_FINITE => 0,
            level => grey_of(level),
        };
        Self::new(values.iter().map(byte).collect(), width, range, Colours::Rgb)
    }

    fn levels(plane: &[f64], width: usize, range: Range, colours: Colours) -> Self {
        Self::new(plane.iter().map(|value| range.level(*value)).collect(), width, range, colours)
    }

    fn new(bytes: Vec<u8>, width: usize, range: Range, colours: Colours) -> Self {
        let row = width * if colours == Colours::Rgb { 3 } else { 1 };
        assert!(row > 0 && !bytes.is_empty() && bytes.len().is_multiple_of(row), "a picture has whole rows");
        Self { width, height: bytes.len() / row, colours, range, bytes }
    }

    /// Pixels in a row.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Rows.
    pub fn height(&self) -> usize {
        self.height
    }

    /// The values of the first and the last colour.
    pub fn range(&self) -> Range {
        self.range
    }

    /// Red, green and blue of every pixel.
    pub fn rgb(&self) -> Vec<u8> {
        if self.colours == Colours::Rgb {
            return self.bytes.clone();
        }
        let palette = self.palette();
        self.bytes.iter().flat_map(|level| palette[usize::from(*level)]).collect()
    }

    fn palette(&self) -> Vec<Rgb> {
        (0..=u8::MAX).map(|level| colour(self.colours, level)).collect()
    }

    /// One pixel of each colour that finite values have, that of the largest at the top; `None` for RGB.
    pub(super) fn all_colours(&self) -> Option<Self> {
        let levels: Vec<f64> = (0..=TOP).rev().map(f64::from).collect();
        let range = Range { low: 0.0, high: f64::from(TOP) };
        (self.colours != Colours::Rgb).then(|| Self::levels(&levels, 1, range, self.colours))
    }

    /// The picture as a PNG file of its own, without a colour bar: one byte a pixel and a palette, or RGB.
    pub fn png(&self) -> Vec<u8> {
        let (width, height) = (self.width as u32, self.height as u32);
        if self.colours == Colours::Rgb {
            return encode(width, height, &self.bytes, None, Filter::Adaptive);
        }
        encode(width, height, &self.bytes, Some(self.palette().concat()), Filter::Adaptive)
    }
}

fn colour(colours: Colours, level: u8) -> Rgb {
    match colours {
        _ if level == NOT_FINITE => NOT_FINITE_COLOUR,
        Colours::Diverging => diverging(level),
        Colours::Grey | Colours::Rgb => [grey_of(level); 3],
    }
}

/// Levels 0 to 254 as bytes 0 to 255.
fn grey_of(level: u8) -> u8 {
    ((u16::from(level) * 255 + 127) / u16::from(TOP)) as u8
}

/// Blue, white, red: straight lines in RGB between five colours of falling and rising lightness.
fn diverging(level: u8) -> Rgb {
    const STOPS: [[i32; 3]; 5] =
        [[0x06, 0x2a, 0x6b], [0x3c, 0x86, 0xc9], [0xf7, 0xf7, 0xf7], [0xdd, 0x6a, 0x45], [0x6b, 0x06, 0x18]];
    // 254 levels in 4 pieces: 63.5 each, so in halves 127 each.
    let doubled = i32::from(level) * 2;
    let piece = (doubled / 127).min(3);
    let within = doubled - piece * 127;
    let (from, to) = (STOPS[piece as usize], STOPS[piece as usize + 1]);
    std::array::from_fn(|channel| (from[channel] + (to[channel] - from[channel]) * within / 127) as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zero_difference_is_white_and_signs_are_told_apart() {
        let range = Range::around_zero(&[-2.0, 0.5]);
        assert_eq!(range, Range { low: -2.0, high: 2.0 });
        let picture = Picture::signed(&[-2.0, 0.0, 2.0, 9.0, f64::INFINITY], 5, range);
        let rgb = picture.rgb();
        assert_eq!(rgb[..3], [0x06, 0x2a, 0x6b]);
        assert_eq!(rgb[3..6], [0xf7; 3]);
        assert_eq!(rgb[6..9], rgb[9..12]);
        assert_eq!(rgb[6..9], [0x6b, 0x06, 0x18]);
        assert_eq!(rgb[12..], NOT_FINITE_COLOUR);
    }

    #[test]
    fn a_plane_of_one_value_or_of_none_is_shown() {
        for plane in [[7.0; 4], [f64::NAN; 4]] {
            let picture = Picture::grey(&plane, 2, Range::of(&plane));
            assert_eq!(picture.rgb().len(), 12);
            assert!(!picture.png().is_empty());
        }
        let widest = Range { low: -f64::MAX, high: f64::MAX };
        assert_eq!([-f64::MAX, 0.0, f64::MAX].map(|value| widest.level(value)), [0, 127, 254]);
    }

    #[test]
    fn pictures_read_back() {
        let plane: Vec<f64> = (0..12).map(f64::from).collect();
        for picture in [
            Picture::grey(&plane, 4, Range::of(&plane)),
            Picture::signed(&plane, 3, Range::around_zero(&plane)),
            Picture::rgb_of(&plane, 2, Range::of(&plane)),
        ] {
            let file = picture.png();
            let mut decoder = png::Decoder::new(std::io::Cursor::new(&file));
            decoder.set_transformations(png::Transformations::EXPAND);
            let mut reader = decoder.read_info().unwrap();
            let mut bytes = vec![0; reader.output_buffer_size().unwrap()];
            let info = reader.next_frame(&mut bytes).unwrap();
            assert_eq!((info.width as usize, info.height as usize), (picture.width(), picture.height()));
            assert_eq!(bytes, picture.rgb());
        }
    }

    proptest::proptest! {
        #[test]
        fn levels_rise_with_values(low in -1e6..1e6_f64, size in 1e-3..1e6_f64, one: f64, other: f64) {
            let range = Range { low, high: low + size };
            if one.is_finite() && other.is_finite() {
                let (less, more) = (one.min(other), one.max(other));
                proptest::prop_assert!(range.level(less) <= range.level(more));
                proptest::prop_assert!(range.level(more) <= TOP);
            }
        }
    }
}
