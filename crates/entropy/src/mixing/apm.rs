use super::{MOST_STRETCHED, squash, stretch};
use crate::Error;
use crate::binary::Probability;
use crate::error::in_range;

/// Points of the map, at equal distances in the stretched domain.
const POINTS: usize = 33;

/// The distance of two points; 32 of them reach over the whole domain.
const DISTANCE: i32 = 192;

/// An adaptive probability map: what a prediction was worth before, in the same context.
#[derive(Debug, Clone)]
pub struct Apm {
    /// For each context its points, as probabilities in units of `1/65536`.
    points: Vec<u16>,
    rate: u32,
    /// The point nearest to the last prediction.
    nearest: usize,
}

impl Apm {
    /// A map for as many contexts that changes nothing at first, and moves a point by `2^-rate` of its error.
    ///
    /// # Errors
    ///
    /// [`Error::OutOfRange`] for no context or more than `2^20`, and for rates outside 1 to 12.
    pub fn new(contexts: usize, rate: u32) -> Result<Self, Error> {
        let contexts = in_range("the number of contexts", contexts as u64, 1, 1 << 20)? as usize;
        let rate = in_range("the rate of learning", rate.into(), 1, 12)? as u32;
        let map: [u16; POINTS] = std::array::from_fn(|place| squash((place as i32 - 16) * DISTANCE).parts());
        Ok(Self { points: map.repeat(contexts), rate, nearest: 0 })
    }

    /// The corrected prediction, between those of the two nearest points.
    ///
    /// # Panics
    ///
    /// If there is no such context.
    #[inline]
    pub fn refine(&mut self, p: Probability, context: usize) -> Probability {
        let x = stretch(p).clamp(-MOST_STRETCHED, MOST_STRETCHED) + 16 * DISTANCE;
        let (place, weight) = ((x / DISTANCE) as usize, x % DISTANCE);
        let lower = context * POINTS + place;
        self.nearest = lower + usize::from(2 * weight >= DISTANCE);
        let [below, above] = [self.points[lower], self.points[lower + 1]].map(i32::from);
        Probability::clamped((below * (DISTANCE - weight) + above * weight) / DISTANCE)
    }

    /// Learns the decision that was refined last.
    #[inline]
    pub fn update(&mut self, bit: bool) {
        let point = &mut self.points[self.nearest];
        if bit {
            *point += (65_535 - *point) >> self.rate;
        } else {
            *point -= *point >> self.rate;
        }
    }
}
