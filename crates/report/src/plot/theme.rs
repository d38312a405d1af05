//! The colours, on light and on dark ground.

/// A colour as red, green and blue.
pub type Rgb = [u8; 3];

/// What is painted; which colour that is depends on the [`Theme`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paint {
    /// The ground.
    Paper,
    /// Text and axes.
    Ink,
    /// Text of less weight.
    Muted,
    /// Lines behind the data.
    Grid,
    /// One series of data; after the last colour they begin again.
    Series(usize),
}

/// Light or dark ground.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// Dark on light, for paper and for light pages.
    #[default]
    Light,
    /// Light on dark.
    Dark,
}

/// Colours of series, for light and for dark ground. Each has a contrast of at least 3:1 with its ground, the
/// least that WCAG 2.1 (1.4.11) asks of graphics; neighbours differ in hue and in lightness.
const SERIES: [(Rgb, Rgb); 8] = [
    ([0x0b, 0x62, 0xb8], [0x6d, 0xb3, 0xf5]),
    ([0xc8, 0x5a, 0x00], [0xff, 0x9d, 0x4d]),
    ([0x13, 0x80, 0x4a], [0x5f, 0xd0, 0x8f]),
    ([0x7d, 0x3f, 0xb2], [0xc4, 0x9b, 0xf0]),
    ([0xc4, 0x28, 0x3f], [0xff, 0x7d, 0x8a]),
    ([0x0a, 0x7a, 0x88], [0x4f, 0xd0, 0xde]),
    ([0x7a, 0x52, 0x30], [0xd3, 0xa6, 0x79]),
    ([0xb0, 0x3a, 0x8c], [0xf0, 0x8f, 0xcf]),
];

/// Colours of series before they begin again.
pub const SERIES_COLOURS: usize = SERIES.len();

impl Theme {
    /// The colour of `paint`.
    pub fn colour(self, paint: Paint) -> Rgb {
        let (light, dark) = match paint {
            Paint::Paper => ([0xff, 0xff, 0xff], [0x14, 0x17, 0x1b]),
            Paint::Ink => ([0x1c, 0x21, 0x27], [0xe8, 0xea, 0xed]),
            Paint::Muted => ([0x55, 0x5d, 0x66], [0xa9, 0xb1, 0xba]),
            Paint::Grid => ([0xdd, 0xe1, 0xe6], [0x33, 0x39, 0x41]),
            Paint::Series(index) => SERIES[index % SERIES.len()],
        };
        match self {
            Self::Light => light,
            Self::Dark => dark,
        }
    }
}

/// A colour as style sheets write it: `#0b62b8`.
pub fn hexadecimal([red, green, blue]: Rgb) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The relative luminance of WCAG 2.1.
    fn luminance(colour: Rgb) -> f64 {
        let linear = colour.map(|value| {
            let value = f64::from(value) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    }

    fn contrast(one: Rgb, other: Rgb) -> f64 {
        let (one, other) = (luminance(one), luminance(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    #[test]
    fn everything_stands_out_from_its_ground() {
        for theme in [Theme::Light, Theme::Dark] {
            let paper = theme.colour(Paint::Paper);
            for (paint, least) in [(Paint::Ink, 7.0), (Paint::Muted, 4.5)] {
                assert!(contrast(theme.colour(paint), paper) >= least, "{theme:?} {paint:?}");
            }
            for index in 0..SERIES_COLOURS {
                let contrast = contrast(theme.colour(Paint::Series(index)), paper);
                assert!(contrast >= 3.0, "{theme:?} series {index}: {contrast}");
            }
        }
    }
}
