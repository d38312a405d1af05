//! Names beside points, where they hide nothing.

use super::drawing::{Anchor, Drawing, Place, Stroke, TextStyle};
use super::font::{self, SLACK};
use super::theme::Paint;

/// A box that is taken: left, top, right, bottom.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Taken(f64, f64, f64, f64);

impl Taken {
    fn meets(&self, other: &Self) -> bool {
        self.0 < other.2 && other.0 < self.2 && self.1 < other.3 && other.1 < self.3
    }

    fn inside(&self, other: &Self) -> bool {
        self.0 >= other.0 && self.1 >= other.1 && self.2 <= other.2 && self.3 <= other.3
    }
}

/// Puts names beside points, the important ones first: to the right or left, higher or lower, with a thin line to
/// the point where they are not at its height. A name that finds no place is left out.
#[derive(Debug, Clone)]
pub(super) struct Labels {
    area: Taken,
    taken: Vec<Taken>,
    /// Those of them that are names.
    names: Vec<Taken>,
}

const SIZE: f64 = 12.0;
const LINE: f64 = 14.0;
const GAP: f64 = 8.0;

impl Labels {
    /// Names stay between these corners.
    pub(super) fn within((left, top): Place, (right, bottom): Place) -> Self {
        Self { area: Taken(left, top, right, bottom), taken: Vec::new(), names: Vec::new() }
    }

    /// Keeps a point free.
    pub(super) fn keep_free(&mut self, (x, y): Place, radius: f64) {
        self.taken.push(Taken(x - radius, y - radius, x + radius, y + radius));
    }

    /// Keeps a line free.
    pub(super) fn keep_line_free(&mut self, points: &[Place]) {
        for pair in points.windows(2) {
            let (across, down) = (pair[1].0 - pair[0].0, pair[1].1 - pair[0].1);
            let steps = (across.abs().max(down.abs()) / 6.0).ceil().clamp(1.0, 200.0);
            for step in 0..=steps as u32 {
                let share = f64::from(step) / steps;
                self.keep_free((pair[0].0 + across * share, pair[0].1 + down * share), 2.0);
            }
        }
    }

    /// Whether a line to a name would go through another.
    fn crosses_a_name(&self, [from, to]: [Place; 2]) -> bool {
        (0..=20).map(|step| f64::from(step) / 20.0).any(|share| {
            let (x, y) = (from.0 + (to.0 - from.0) * share, from.1 + (to.1 - from.1) * share);
            let spot = Taken(x - 1.0, y - 1.0, x + 1.0, y + 1.0);
            self.names.iter().any(|name| name.meets(&spot))
        })
    }

    /// Writes the names of points that stand above one another to their right, in their order and as near to them
    /// as the names above and below allow. Of more names than there is room for, the first are written.
    pub(super) fn column(&mut self, drawing: &mut Drawing, points: &[(Place, &str, Paint)]) {
        let room = ((self.area.3 - self.area.1) / LINE) as usize;
        let mut points = points[..points.len().min(room)].to_vec();
        points.sort_by(|one, other| one.0.1.total_cmp(&other.0.1));
        let wanted: Vec<f64> = points.iter().map(|point| point.0.1).collect();
        let heights = spread(&wanted, LINE, (self.area.1 + LINE / 2.0, self.area.3 - LINE / 2.0));
        for ((place, text, paint), height) in points.into_iter().zip(heights) {
            let start = place.0 + GAP + 12.0;
            let knee = [(place.0 + 5.0, place.1), (start - 3.0, height)];
            drawing.line(knee, Stroke { paint, width: 0.75, dash: None });
            let style = TextStyle { size: SIZE, ..TextStyle::default() };
            let text = font::fitted(text, SIZE, style.weight, (self.area.2 - start) / SLACK);
            drawing.text((start, height + 4.0), text, style);
        }
    }

    /// Writes `text` near `place`; whether there was room.
    pub(super) fn put(&mut self, drawing: &mut Drawing, place: Place, text: &str, paint: Paint) -> bool {
        let style = TextStyle { size: SIZE, paint: Paint::Ink, ..TextStyle::default() };
        let width = font::width(text, SIZE, style.weight) * SLACK;
        // At the height of the point, then ever further away, above and below in turn.
        let heights = (0..12).flat_map(|step: i32| {
            let away = f64::from(step) * LINE / 2.0;
            if step == 0 { vec![0.0] } else { vec![-away, away] }
        });
        for height in heights {
            for rightwards in [true, false] {
                let y = place.1 + height;
                let aside = if height == 0.0 { GAP } else { GAP + 6.0 };
                let (left, anchor) = if rightwards {
                    (place.0 + aside, Anchor::Start)
                } else {
                    (place.0 - aside - width, Anchor::End)
                };
                let wanted = Taken(left, y - LINE / 2.0, left + width, y + LINE / 2.0);
                if !wanted.inside(&self.area) || self.taken.iter().any(|taken| taken.meets(&wanted)) {
                    continue;
                }
                let end = if rightwards { left } else { left + width };
                if height.abs() > LINE * 0.3 {
                    let line = [place, (if rightwards { end - 2.0 } else { end + 2.0 }, y)];
                    if self.crosses_a_name(line) {
                        continue;
                    }
                    drawing.line(line, Stroke { paint, width: 0.75, dash: None });
                    self.keep_line_free(&line);
                }
                self.taken.push(wanted);
                self.names.push(wanted);
                drawing.text((end, y + 4.0), text, TextStyle { anchor, ..style });
                return true;
            }
        }
        false
    }
}

/// Rising heights that are at least `apart` from each other and between the `ends`, with the least sum of squared
/// distances to the rising `wanted` ones: heights that would be too near are moved together, as a block around the
/// mean of what they want (the pool-adjacent-violators algorithm; Barlow et al., "Statistical Inference under Order
/// Restrictions", 1972).
fn spread(wanted: &[f64], apart: f64, ends: (f64, f64)) -> Vec<f64> {
    let mut blocks: Vec<(f64, usize)> = Vec::new();
    for (index, height) in wanted.iter().enumerate() {
        let mut block = (height - apart * index as f64, 1);
        while let Some((sum, count)) = blocks.pop() {
            if sum / count as f64 <= block.0 / block.1 as f64 {
                blocks.push((sum, count));
                break;
            }
            block = (block.0 + sum, block.1 + count);
        }
        blocks.push(block);
    }
    let last = ends.1 - apart * wanted.len().saturating_sub(1) as f64;
    let means = blocks.into_iter().flat_map(|(sum, count)| std::iter::repeat_n(sum / count as f64, count));
    let inside = means.map(|mean| mean.clamp(ends.0, last.max(ends.0)));
    inside.enumerate().map(|(index, height)| height + apart * index as f64).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn heights_are_apart_and_inside(mut wanted in proptest::collection::vec(0.0..100.0_f64, 1..10)) {
            wanted.sort_by(f64::total_cmp);
            let heights = spread(&wanted, 10.0, (0.0, 100.0));
            proptest::prop_assert_eq!(heights.len(), wanted.len());
            proptest::prop_assert!(heights.windows(2).all(|pair| pair[1] - pair[0] > 10.0 - 1e-9));
            proptest::prop_assert!(heights.iter().all(|height| (-1e-9..100.0 + 1e-9).contains(height)));
            if wanted.windows(2).all(|pair| pair[1] - pair[0] >= 10.0) {
                for (height, wanted) in heights.iter().zip(&wanted) {
                    proptest::prop_assert!((height - wanted).abs() < 1e-9);
                }
            }
        }
    }

    #[test]
    fn names_of_one_place_do_not_overlap_and_the_last_are_left_out() {
        let mut drawing = Drawing::new(300.0, 100.0, "", "");
        let mut labels = Labels::within((0.0, 0.0), (300.0, 100.0));
        labels.keep_free((20.0, 50.0), 5.0);
        let put =
            (0..10).filter(|_| labels.put(&mut drawing, (20.0, 50.0), "hdf5:gzip=9", Paint::Ink)).count();
        assert!((5..=7).contains(&put), "{put}");
        // Points and lines take small boxes.
        let names: Vec<&Taken> = labels.taken.iter().filter(|taken| taken.2 - taken.0 > 40.0).collect();
        assert_eq!(names.len(), put);
        for (index, one) in names.iter().enumerate() {
            assert!(names[..index].iter().all(|other| !one.meets(other)));
        }
    }
}
