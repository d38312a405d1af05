//! How much each bit of floats tells about the next sample: which of them are worth keeping.
//!
//! ```text
//! I(i) = sum over r, s of p(r, s) log2(p(r, s) / (p(r) p(s)))      bit i is r in a sample and s in its neighbour
//! chance: 1 - H(1/2 + z / (2 sqrt n)),  H(p) = -p log2 p - (1 - p) log2(1 - p)      for n pairs; less is noise
//! kept:   the fewest leading bits whose I is more than 99 % (or 99.9 %) of the sum
//! ```
//!
//! Real information is what bits have in common with the same bits of neighbours: in the last bits of a measurement,
//! noise, there is none. `z` is the quantile of the normal distribution for the confidence asked for, 2.576 at 99 %. Pairs
//! with NaN are left out. The result goes to [`crate::bit_round::round`]. It is an estimate: it assumes that
//! neighbours are alike, and is misled where trailing bits were made regular, by rounding or packing before (see
//! [`crate::lattice`]); no error bound follows from it.
//!
//! The exponent of floats changes many of its bits from 1.9 to 2.1; as sign and magnitude ([`Exponent::Signed`]) fewer
//! change, and information moves to the front. The paper has both; xbitinfo computes the second.
//!
//! Sources: Klöwer, Razinger, Dominguez, Düben, Palmer, "Compressing atmospheric data into its real information content",
//! Nature Computational Science 1 (2021), methods; Shannon, "A mathematical theory of communication" (1948), for mutual
//! information.
//!
//! ```
//! use stack_transform::information_bits::{BitPairs, Exponent};
//!
//! // Slow changes in steps of 2^-10, and noise below.
//! let noise = |x: u32| (x.wrapping_mul(x).wrapping_mul(2_654_435_761) >> 20) as f32 / 4_194_304.0;
//! let row: Vec<f32> = (0..10_000).map(|x| 1.0 + (x % 512) as f32 / 1024.0 + noise(x)).collect();
//! let mut pairs = BitPairs::new(Exponent::Biased);
//! pairs.along_rows(&row, row.len())?;
//! let information = pairs.significant(0.99)?;
//! assert!(information[10] > 0.9 && information[31] == 0.0);
//! assert_eq!(information.kept_mantissa_bits(0.99), 10);
//! # Ok::<(), stack_transform::Error>(())
//! ```
//!
//! Cost: three additions for each bit of a pair.
//!
//! Exercise: what does the measure say of floats with four decimal digits, whose last bits depend on the first ones?

use std::marker::PhantomData;
use std::ops::Index;

use crate::error::{Error, Result, check_length};
use crate::float::Float;

/// How exponents are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exponent {
    /// With the bias, as floats hold them.
    Biased,
    /// As a sign and a magnitude.
    Signed,
}

/// Counts of equal and different bits in pairs of neighbours.
#[derive(Debug, Clone)]
pub struct BitPairs<T> {
    exponent: Exponent,
    pairs: u64,
    /// For each bit, the last first: ones in the first samples, in the second, and in both.
    ones: [[u64; 3]; 64],
    samples: PhantomData<T>,
}

/// Information of each bit position, in bits, from the sign to the end of the mantissa.
#[derive(Debug, Clone, PartialEq)]
pub struct Information {
    bits: Vec<f64>,
    mantissa_bits: usize,
}

/// Pairs that are counted together.
const BLOCK: usize = 1024;

impl<T: Float> BitPairs<T> {
    /// No pairs yet.
    #[must_use]
    pub fn new(exponent: Exponent) -> Self {
        Self { exponent, pairs: 0, ones: [[0; 3]; 64], samples: PhantomData }
    }

    /// Pairs that were counted.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.pairs
    }

    /// Whether nothing was counted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pairs == 0
    }

    /// Counts the pairs of equal positions, for example of a frame and the next one.
    ///
    /// # Errors
    /// [`Error::Length`] if the slices are not of one length.
    pub fn push(&mut self, first: &[T], second: &[T]) -> Result<()> {
        check_length("the second list of samples", first.len(), second.len())?;
        let (mut a, mut b) = ([0_u64; BLOCK], [0_u64; BLOCK]);
        for (first, second) in first.chunks(BLOCK).zip(second.chunks(BLOCK)) {
            let mut count = 0;
            for (x, y) in first.iter().zip(second) {
                // NaN is the only value that is not equal to itself.
                #[expect(clippy::eq_op, reason = "NaN")]
                if x == x && y == y {
                    (a[count], b[count]) = (self.pattern(*x), self.pattern(*y));
                    count += 1;
                }
            }
            self.pairs += count as u64;
            for (bit, ones) in self.ones.iter_mut().enumerate().take(T::BITS as usize) {
                let mut sums = [0; 3];
                for (a, b) in a[..count].iter().zip(&b[..count]) {
                    let (a, b) = (a >> bit & 1, b >> bit & 1);
                    sums = [sums[0] + a, sums[1] + b, sums[2] + (a & b)];
                }
                for (total, sum) in ones.iter_mut().zip(sums) {
                    *total += sum;
                }
            }
        }
        Ok(())
    }

    /// Counts the pairs of each sample and the next in its row, for rows of `width` samples.
    ///
    /// # Errors
    /// [`Error::Length`] if the last row is not whole, or the width is zero.
    pub fn along_rows(&mut self, samples: &[T], width: usize) -> Result<()> {
        check_rows(samples, width)?;
        for row in samples.chunks_exact(width).filter(|row| row.len() > 1) {
            self.push(&row[..width - 1], &row[1..])?;
        }
        Ok(())
    }

    /// Counts the pairs of each sample and the one below it, for rows of `width` samples.
    ///
    /// # Errors
    /// As [`BitPairs::along_rows`].
    pub fn along_columns(&mut self, samples: &[T], width: usize) -> Result<()> {
        check_rows(samples, width)?;
        match samples.len().checked_sub(width) {
            Some(end) => self.push(&samples[..end], &samples[width..]),
            None => Ok(()),
        }
    }

    /// The mutual information of each bit.
    #[must_use]
    pub fn information(&self) -> Information {
        let bits = self.ones[..T::BITS as usize].iter().rev();
        Information {
            bits: bits.map(|ones| mutual_information(*ones, self.pairs)).collect(),
            mantissa_bits: T::MANTISSA_BITS as usize,
        }
    }

    /// The mutual information of each bit, zero where it is not more than independent bits of as many pairs reach by
    /// chance with this confidence, for example 0.99.
    ///
    /// # Errors
    /// [`Error::Parameter`] if the confidence is not above 0 and below 1.
    pub fn significant(&self, confidence: f64) -> Result<Information> {
        let chance = chance(self.pairs, confidence)?;
        let mut information = self.information();
        for bit in &mut information.bits {
            if *bit <= chance {
                *bit = 0.0;
            }
        }
        Ok(information)
    }

    /// The bits of a sample, its exponent as asked for.
    fn pattern(&self, sample: T) -> u64 {
        let bits = sample.bits();
        match self.exponent {
            Exponent::Biased => bits,
            Exponent::Signed => {
                let ones = T::EXPONENT >> T::MANTISSA_BITS;
                let (biased, bias) = ((bits & T::EXPONENT) >> T::MANTISSA_BITS, ones >> 1);
                // Infinity is the one exponent whose magnitude takes the place of the sign too.
                let sign = if biased < bias { (ones >> 1) + 1 } else { 0 };
                bits & !T::EXPONENT | (sign | biased.abs_diff(bias)) << T::MANTISSA_BITS
            }
        }
    }
}

impl Information {
    /// The bits of information, from the sign to the end of the mantissa.
    #[must_use]
    pub fn as_slice(&self) -> &[f64] {
        &self.bits
    }

    /// The sum over all bits.
    #[must_use]
    pub fn total(&self) -> f64 {
        self.bits.iter().sum()
    }

    /// Zero where a bit has not more than 1.5 times what the best of the last four has; the rule of xbitinfo. Where last
    /// bits were made regular, it drops more than [`BitPairs::significant`].
    #[must_use]
    pub fn above_last_bits(&self) -> Self {
        let last = self.bits[self.bits.len() - 4..].iter().fold(0.0, |most: f64, bit| most.max(*bit));
        let bits = self.bits.iter().map(|bit| if *bit > 1.5 * last { *bit } else { 0.0 });
        Self { bits: bits.collect(), mantissa_bits: self.mantissa_bits }
    }

    /// The fewest mantissa bits that hold, with sign and exponent, more than `share` (0 to 1) of the information; all of
    /// them if the share is 1, none if there is no information.
    #[must_use]
    pub fn kept_mantissa_bits(&self, share: f64) -> u32 {
        if share >= 1.0 {
            return self.mantissa_bits as u32;
        }
        let total = self.total();
        let mut sum = 0.0;
        let enough = self.bits.iter().position(|bit| {
            sum += bit;
            sum / total > share
        });
        let before = self.bits.len() - self.mantissa_bits;
        enough.map_or(0, |last| (last + 1).saturating_sub(before)) as u32
    }
}

impl Index<usize> for Information {
    type Output = f64;

    /// The information of one bit; 0 is the sign.
    fn index(&self, bit: usize) -> &f64 {
        &self.bits[bit]
    }
}

fn check_rows<T>(samples: &[T], width: usize) -> Result<()> {
    match samples.len().checked_rem(width) {
        Some(0) => Ok(()),
        _ => {
            let expected = samples.len().div_ceil(width.max(1)) * width;
            Err(Error::Length { what: "the list of samples", expected, found: samples.len() })
        }
    }
}

/// From ones in the first of two bits, in the second, and in both.
fn mutual_information([first, second, both]: [u64; 3], pairs: u64) -> f64 {
    let share = |count: u64| count as f64 / pairs as f64;
    let counts = [
        (both, first, second),
        (first - both, first, pairs - second),
        (second - both, pairs - first, second),
        (pairs - first - (second - both), pairs - first, pairs - second),
    ];
    counts
        .iter()
        .filter(|(joint, ..)| *joint != 0)
        .map(|(joint, a, b)| share(*joint) * libm::log2(share(*joint) / (share(*a) * share(*b))))
        .sum::<f64>()
        // Rounding may leave a little less than nothing.
        .max(0.0)
}

/// What independent bits may seem to tell: the free entropy of the binomial distribution's bound.
fn chance(pairs: u64, confidence: f64) -> Result<f64> {
    if !(confidence > 0.0 && confidence < 1.0) {
        let rule = "it must be above 0 and below 1, for example 0.99";
        return Err(Error::parameter("the confidence", confidence, rule));
    }
    let p = 0.5 + normal_quantile(confidence) / (2.0 * (pairs as f64).sqrt());
    if p.is_nan() || p >= 1.0 {
        return Ok(1.0);
    }
    Ok(1.0 + p * libm::log2(p) + (1.0 - p) * libm::log2(1.0 - p))
}

/// The number of standard deviations within which, on both sides, so much of a normal distribution lies.
fn normal_quantile(confidence: f64) -> f64 {
    // erfc falls, and is below 2^-53 from 6 times sqrt 2 on; halving takes as many steps as there are bits.
    let (mut low, mut high) = (0.0, 12.0);
    for _ in 0..64 {
        let middle = (low + high) / 2.0;
        if libm::erfc(middle / std::f64::consts::SQRT_2) > 1.0 - confidence {
            low = middle;
        } else {
            high = middle;
        }
    }
    high
}
