//! Random numbers that are the same on every machine, and that any frame can start from.
//!
//! The generator is xoshiro256++, seeded by SplitMix64 as its authors advise. Every frame has a stream of its own,
//! so that frames can be made in any order.
//!
//! Sources: D. Blackman and S. Vigna, "Scrambled Linear Pseudorandom Number Generators", ACM Transactions on
//! Mathematical Software 47 (2021); G. L. Steele, D. Lea and C. H. Flood, "Fast Splittable Pseudorandom Number
//! Generators", OOPSLA 2014; G. E. P. Box and M. E. Muller, "A Note on the Generation of Random Normal Deviates",
//! Annals of Mathematical Statistics 29 (1958).

use rand_xoshiro::rand_core::{Rng, SeedableRng};
use rand_xoshiro::{SplitMix64, Xoshiro256PlusPlus};

/// A number that looks unrelated to `value`: the first output of SplitMix64 seeded with it.
pub(super) fn mix(value: u64) -> u64 {
    SplitMix64::from_seed(value.to_le_bytes()).next_u64()
}

/// The random numbers of one frame.
pub(super) struct Stream {
    generator: Xoshiro256PlusPlus,
    /// The second number of the last Box-Muller pair.
    spare: Option<f64>,
}

impl Stream {
    /// The stream of frame `frame` under `seed`.
    pub(super) fn new(seed: u64, frame: usize) -> Self {
        let mut words = SplitMix64::from_seed(mix(seed).wrapping_add(frame as u64).to_le_bytes());
        let mut state = [0; 32];
        for word in state.chunks_exact_mut(8) {
            word.copy_from_slice(&words.next_u64().to_le_bytes());
        }
        Self { generator: Xoshiro256PlusPlus::from_seed(state), spare: None }
    }

    /// The next 64 random bits.
    pub(super) fn word(&mut self) -> u64 {
        self.generator.next_u64()
    }

    /// A multiple of 2^-53, uniform in 0 to 1, 1 excluded.
    pub(super) fn uniform(&mut self) -> f64 {
        fraction(self.word())
    }

    /// A normal deviate of mean 0 and standard deviation 1, by Box and Muller's transform; at most 8.6 from 0.
    pub(super) fn normal(&mut self) -> f64 {
        if let Some(spare) = self.spare.take() {
            return spare;
        }
        // 1 - u is never 0, so its logarithm is finite.
        let radius = (-2.0 * libm::log(1.0 - self.uniform())).sqrt();
        let (sine, cosine) = libm::sincos(std::f64::consts::TAU * self.uniform());
        self.spare = Some(radius * sine);
        radius * cosine
    }
}

/// The top 53 bits of `word` as a multiple of 2^-53 below 1.
pub(super) fn fraction(word: u64) -> f64 {
    (word >> 11) as f64 * (1.0 / (1_u64 << 53) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splitmix_gives_the_numbers_of_its_reference_code() {
        // First output of splitmix64.c by S. Vigna for the state 0.
        assert_eq!(mix(0), 0xe220_a839_7b1d_cdaf);
    }

    #[test]
    fn normal_deviates_have_the_moments_of_the_normal_distribution() {
        let mut stream = Stream::new(1, 0);
        let count = 200_000;
        let (mut first, mut second, mut fourth) = (0.0, 0.0, 0.0);
        for _ in 0..count {
            let z = stream.normal();
            first += z;
            second += z * z;
            fourth += z * z * z * z;
        }
        let n = f64::from(count);
        // Within five standard errors: 1, sqrt(2) and sqrt(96) over sqrt(n).
        assert!((first / n).abs() < 5.0 / n.sqrt());
        assert!((second / n - 1.0).abs() < 5.0 * (2.0 / n).sqrt());
        assert!((fourth / n - 3.0).abs() < 5.0 * (96.0 / n).sqrt());
    }

    #[test]
    fn frames_have_streams_of_their_own() {
        let first = |seed, frame| Stream::new(seed, frame).word();
        assert_eq!(first(1, 2), first(1, 2));
        assert_ne!(first(1, 2), first(1, 3));
        assert_ne!(first(1, 2), first(2, 2));
    }
}
