//! One residual as decisions: its number of binary digits, its sign, its digits.
//!
//! ```text
//! magnitude   0    1    2..3   4..7   ...  2^(w-1)
//! digits      0    1     2      3     ...     w            searched from the expected number, up or down
//!                  sign ─> the three digits after the first, each with a probability ─> the others as they are
//! ```
//!
//! Encoder and decoder walk through the same function: [`Coder`] says whether decisions are written or read, so both
//! cannot differ. The code `2^w - 1` (the magnitude `2^(w-1)`, which has one sign only) ends with its number of digits.

use stack_entropy::binary::{AdaptiveBit, Decoder, Encoder};
use stack_entropy::bits::{BitReader, BitWriter};
use stack_predict::Key;

use crate::context::Context;
use crate::error::Result;

/// Digits after the first one that have probabilities.
const LEARNT_DIGITS: u32 = 2;

/// Places around the expected number of digits that the digits' probabilities depend on.
const DISTANCES: usize = 6;

/// How fast estimates forget: the highest that there is, for long chunks.
const LIMIT: u8 = 255;

/// Writes or reads decisions; what it is given is the truth for a writer, and ignored by a reader.
pub(crate) trait Coder {
    /// A decision that is estimated and learnt.
    fn decide(&mut self, bit: bool, model: &mut AdaptiveBit) -> Result<bool>;
    /// The lowest `count` bits of a number as they are, 64 at most.
    fn raw(&mut self, value: u64, count: u32) -> Result<u64>;
}

/// Writes the two parts of a chunk.
#[derive(Debug, Default)]
pub(crate) struct Writer {
    pub(crate) decisions: Encoder,
    pub(crate) raw: BitWriter,
}

impl Coder for Writer {
    #[inline]
    fn decide(&mut self, bit: bool, model: &mut AdaptiveBit) -> Result<bool> {
        self.decisions.encode(bit, model.probability());
        model.update(bit);
        Ok(bit)
    }

    #[inline]
    fn raw(&mut self, value: u64, count: u32) -> Result<u64> {
        self.raw.put(value, count);
        Ok(value)
    }
}

/// Reads the two parts of a chunk.
#[derive(Debug)]
pub(crate) struct Reader<'a> {
    pub(crate) decisions: Decoder<'a>,
    pub(crate) raw: BitReader<'a>,
}

impl Coder for Reader<'_> {
    #[inline]
    fn decide(&mut self, _: bool, model: &mut AdaptiveBit) -> Result<bool> {
        let bit = self.decisions.decode(model.probability())?;
        model.update(bit);
        Ok(bit)
    }

    #[inline]
    fn raw(&mut self, _: u64, count: u32) -> Result<u64> {
        Ok(self.raw.get(count)?)
    }
}

/// Whether a code is that of a positive, a negative or no number: 0, 1 for negative, 2 for positive.
#[inline]
pub(crate) fn sign_of<K: Key>(code: K) -> usize {
    if code == K::ZERO { 0 } else { 2 - usize::from(code.is_odd()) }
}

/// Estimates for the numbers of one channel.
#[derive(Debug, Clone)]
pub(crate) struct NumberModel {
    /// Bits of a code.
    bits: u32,
    /// For each context and each number of digits: whether there are more.
    more: Vec<AdaptiveBit>,
    /// For the signs around.
    sign: [AdaptiveBit; 27],
    /// For each number of digits, its distance to the expected one, and the digits before.
    digits: Vec<AdaptiveBit>,
}

impl NumberModel {
    pub(crate) fn new(bits: u32) -> Self {
        let fresh = AdaptiveBit::new(LIMIT);
        let wide = bits as usize;
        Self {
            bits,
            more: vec![fresh; Context::count(bits) * wide],
            sign: [fresh; 27],
            digits: vec![fresh; (wide * DISTANCES) << LEARNT_DIGITS],
        }
    }

    /// Codes one residual in a context; `signs` is one of 27 combinations of signs around it.
    #[inline]
    pub(crate) fn code<K: Key>(
        &mut self,
        coder: &mut impl Coder,
        truth: K,
        context: Context,
        signs: usize,
    ) -> Result<K> {
        let truth = truth.widened() as u64;
        let (true_magnitude, true_sign) = ((truth >> 1) + (truth & 1), truth & 1 == 1);
        let true_digits = u64::BITS - true_magnitude.leading_zeros();

        let more = &mut self.more[context.index * self.bits as usize..][..self.bits as usize];
        let mut digits = context.digits;
        if coder.decide(true_digits > digits, &mut more[digits as usize])? {
            digits += 1;
            while digits < self.bits && coder.decide(true_digits > digits, &mut more[digits as usize])? {
                digits += 1;
            }
        } else {
            while digits > 0 && !coder.decide(true_digits > digits - 1, &mut more[digits as usize - 1])? {
                digits -= 1;
            }
        }
        if digits == 0 {
            return Ok(K::ZERO);
        }
        if digits == self.bits {
            return Ok(K::HIGHEST);
        }

        let negative = coder.decide(true_sign, &mut self.sign[signs])?;
        let distance = (digits + 2).saturating_sub(context.digits).min(DISTANCES as u32 - 1);
        let place = (digits as usize * DISTANCES + distance as usize) << LEARNT_DIGITS;
        let estimates = &mut self.digits[place..][..1 << LEARNT_DIGITS];
        let learnt = (digits - 1).min(LEARNT_DIGITS);
        let mut left = digits - 1;
        let mut magnitude = 1;
        for _ in 0..learnt {
            left -= 1;
            let bit = coder.decide(true_magnitude >> left & 1 == 1, &mut estimates[magnitude as usize])?;
            magnitude = magnitude << 1 | u64::from(bit);
        }
        if left > 0 {
            let low = coder.raw(true_magnitude & ((1 << left) - 1), left)?;
            magnitude = magnitude << left | low;
        }
        Ok(K::narrowed(u128::from((magnitude << 1) - u64::from(negative))))
    }
}
