use super::{MOST_STRETCHED, squash};
use crate::Error;
use crate::binary::Probability;
use crate::error::in_range;

/// Weights beyond 16 tell nothing more, and would let sums overflow.
const MOST_WEIGHT: i64 = 16 << 16;

/// Weighs predictions and learns from each decision.
#[derive(Debug, Clone)]
pub struct Mixer {
    inputs: usize,
    /// Sets of weights in units of `1/65536`, one after the other.
    weights: Vec<i32>,
    rate: i64,
    /// What the last mix was made of, and what came of it.
    stretched: Vec<i32>,
    set: usize,
    mixed: Probability,
}

impl Mixer {
    /// A mixer of `inputs` predictions with as many sets of weights as `sets`, all equal at first; `rate` of 1 to 255
    /// says how fast it learns, in units of `1/1024`.
    ///
    /// # Errors
    ///
    /// [`Error::OutOfRange`] for no input or more than 256, no set or more than 65,536, and other rates.
    pub fn new(inputs: usize, sets: usize, rate: u32) -> Result<Self, Error> {
        let inputs = in_range("the number of predictions", inputs as u64, 1, 256)? as usize;
        let sets = in_range("the number of sets of weights", sets as u64, 1, 1 << 16)? as usize;
        let rate = in_range("the rate of learning", rate.into(), 1, 255)? as i64;
        let weights = vec![65_536 / inputs as i32; inputs * sets];
        Ok(Self { inputs, weights, rate, stretched: vec![0; inputs], set: 0, mixed: Probability::HALF })
    }

    /// The mix of stretched predictions with one of the sets of weights.
    ///
    /// # Panics
    ///
    /// If there is another number of predictions, or no such set.
    #[inline]
    pub fn mix(&mut self, stretched: &[i32], set: usize) -> Probability {
        self.stretched.copy_from_slice(stretched);
        self.set = set * self.inputs;
        let weights = &self.weights[self.set..self.set + self.inputs];
        let sum: i64 = weights.iter().zip(stretched).map(|(&w, &x)| i64::from(w) * i64::from(x)).sum();
        let most = i64::from(MOST_STRETCHED);
        self.mixed = squash((sum >> 16).clamp(-most, most) as i32);
        self.mixed
    }

    /// Learns the decision that was predicted last.
    #[inline]
    pub fn update(&mut self, bit: bool) {
        let error = i64::from(bit) * 65_536 - i64::from(self.mixed.parts());
        let step = error * self.rate;
        let weights = &mut self.weights[self.set..self.set + self.inputs];
        for (weight, &x) in weights.iter_mut().zip(&self.stretched) {
            // Units: 1/65536 of the error, 1/1024 of the rate and 1/256 of x against 1/65536 of the weight.
            let change = (i64::from(x) * step + (1 << 17)) >> 18;
            *weight = (i64::from(*weight) + change).clamp(-MOST_WEIGHT, MOST_WEIGHT) as i32;
        }
    }

    /// The weights of a set, in units of `1/65536`.
    ///
    /// # Panics
    ///
    /// If there is no such set.
    pub fn weights(&self, set: usize) -> &[i32] {
        &self.weights[set * self.inputs..][..self.inputs]
    }
}
