//! From values to places.

use super::ticks;

/// How values are spread along an axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scale {
    /// Evenly.
    #[default]
    Linear,
    /// By their logarithms; only values above 0 have a place.
    Logarithmic,
}

/// An axis before it has a place.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Axis {
    /// What it shows, with the unit in brackets: `stored size (MB)`.
    pub label: String,
    /// How values are spread.
    pub scale: Scale,
    /// The first and the last value; `None` for those of the data with some room.
    pub range: Option<(f64, f64)>,
    /// Whether only whole numbers are marked, as for counts.
    pub whole: bool,
}

impl Axis {
    /// A linear axis as wide as the data.
    pub fn linear(label: impl Into<String>) -> Self {
        Self { label: label.into(), scale: Scale::Linear, ..Self::default() }
    }

    /// A logarithmic axis as wide as the data.
    pub fn logarithmic(label: impl Into<String>) -> Self {
        Self { label: label.into(), scale: Scale::Logarithmic, ..Self::default() }
    }

    /// Whether a value has a place on this axis.
    pub fn holds(&self, value: f64) -> bool {
        value.is_finite() && (self.scale == Scale::Linear || value > 0.0)
    }

    /// The smallest and the largest of the values that have a place.
    pub(super) fn extent(&self, values: impl Iterator<Item = f64>) -> (f64, f64) {
        self.range.unwrap_or_else(|| {
            values
                .filter(|value| self.holds(*value))
                .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
                    (low.min(value), high.max(value))
                })
        })
    }

    /// The axis with `values` between two `places` in pixels.
    pub(super) fn between(&self, values: (f64, f64), places: (f64, f64), end: End) -> PlacedAxis {
        let (low, high) = whole(self.scale, values);
        let (mut low, mut high) = (position(self.scale, low), position(self.scale, high));
        if end == End::Roomy {
            let room = (high - low) * 0.05;
            // An axis that begins at zero shows that it does.
            if !(self.scale == Scale::Linear && low == 0.0) {
                low -= room;
            }
            high += room;
        }
        PlacedAxis { scale: self.scale, whole: self.whole, low, high, places }
    }
}

/// Whether an axis ends at its values or a little beyond.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Exact,
    Roomy,
}

/// A range with two different ends that the scale can show, and whose width is a finite number.
fn whole(scale: Scale, (low, high): (f64, f64)) -> (f64, f64) {
    const FAR: f64 = 1e300;
    let near = |end: f64| if end.is_finite() { end.clamp(-FAR, FAR) } else { end };
    let (low, high) = (near(low), near(high));
    match scale {
        _ if !(low.is_finite() && high.is_finite() && low <= high) => (0.1, 1.0),
        Scale::Logarithmic if low <= 0.0 => (0.1, 1.0),
        Scale::Logarithmic if high / low < 1.2 => (low / 1.2, high * 1.2),
        Scale::Linear if high - low <= 1e-12 * high.abs() => {
            (low - low.abs().max(1.0) * 0.1, high + high.abs().max(1.0) * 0.1)
        }
        _ => (low, high),
    }
}

fn position(scale: Scale, value: f64) -> f64 {
    match scale {
        Scale::Linear => value,
        Scale::Logarithmic => libm::log10(value),
    }
}

/// A mark on an axis.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Tick {
    /// Where it is, in pixels.
    pub(super) place: f64,
    /// What it says; empty for a thin line between marks.
    pub(super) text: String,
}

/// An axis between two places.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct PlacedAxis {
    scale: Scale,
    whole: bool,
    /// The ends, on a logarithmic axis their logarithms.
    low: f64,
    high: f64,
    places: (f64, f64),
}

impl PlacedAxis {
    /// The place of a value in pixels, kept between the ends.
    pub(super) fn at(&self, value: f64) -> f64 {
        let (low, high) = (self.low / 2.0, self.high / 2.0);
        let share = ((position(self.scale, value) / 2.0 - low) / (high - low)).clamp(0.0, 1.0);
        self.places.0 + share * (self.places.1 - self.places.0)
    }

    /// At most `most` marks, and on a logarithmic axis thin lines between them.
    pub(super) fn ticks(&self, most: usize) -> Vec<Tick> {
        let marked = match self.scale {
            // With no more marks than whole numbers, steps are 1 or more.
            Scale::Linear if self.whole => {
                let numbers = self.high.floor() - self.low.ceil() + 1.0;
                ticks::linear_with_texts(self.low, self.high, most.min(numbers.max(1.0) as usize))
            }
            Scale::Linear => ticks::linear_with_texts(self.low, self.high, most),
            Scale::Logarithmic => {
                let (low, high) = (libm::pow(10.0, self.low), libm::pow(10.0, self.high));
                let marked = ticks::logarithmic(low, high, most);
                let thin = ticks::between_powers(low, high).into_iter().filter(|tick| !marked.contains(tick));
                let thin: Vec<_> = thin.map(|tick| (tick, String::new())).collect();
                marked.into_iter().map(|tick| (tick, ticks::plain(tick))).chain(thin).collect()
            }
        };
        marked.into_iter().map(|(value, text)| Tick { place: self.at(value), text }).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_find_their_places() {
        let axis = Axis::linear("").between((0.0, 10.0), (100.0, 200.0), End::Exact);
        assert_eq!([0.0, 5.0, 10.0, 99.0].map(|value| axis.at(value)), [100.0, 150.0, 200.0, 200.0]);
        let axis = Axis::logarithmic("").between((1.0, 100.0), (200.0, 100.0), End::Exact);
        assert_eq!([1.0, 10.0, 100.0].map(|value| axis.at(value)), [200.0, 150.0, 100.0]);
        assert_eq!(axis.ticks(5).iter().filter(|tick| !tick.text.is_empty()).count(), 3);
    }

    #[test]
    fn counts_are_marked_at_whole_numbers() {
        let axis = Axis { whole: true, ..Axis::linear("") };
        for frames in 1..30 {
            let ticks = axis.between((0.0, frames.into()), (0.0, 100.0), End::Exact).ticks(7);
            assert!(
                ticks.len() > 1 && ticks.iter().all(|tick| tick.text.parse::<u32>().is_ok()),
                "{ticks:?}"
            );
        }
    }

    #[test]
    fn ranges_without_width_are_widened() {
        for (axis, value) in [(Axis::linear(""), 0.0), (Axis::linear(""), -3.0), (Axis::logarithmic(""), 2.0)]
        {
            let placed = axis.between((value, value), (0.0, 100.0), End::Roomy);
            assert!((20.0..80.0).contains(&placed.at(value)), "{axis:?} {}", placed.at(value));
            assert!(!placed.ticks(5).is_empty());
        }
        let nothing = Axis::logarithmic("").extent(std::iter::empty());
        assert!(!Axis::logarithmic("").between(nothing, (0.0, 1.0), End::Roomy).ticks(5).is_empty());
    }
}
