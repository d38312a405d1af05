//! Adaptive binary arithmetic coding: one decision at a time, each with its own probability.
//!
//! It differs from [`crate::range`] in having two symbols only, so that the model is a single number which may change
//! with every decision and every context; [`crate::mixing`] is about finding a good one. A byte is eight decisions on
//! the way down a binary tree of 255 nodes.
//!
//! With `P(1) = p / 65536`, the interval `[low, low + range)` becomes its lower part of the width
//! `floor(range / 65536) p` for a one, and the rest for a zero; a decision costs `-log2` of its probability. The adaptive
//! estimate after `n` decisions moves by `p += (bit - p) / (min(n, limit) + 1.5)`, the mean at first, and a forgetting
//! mean in the long run.
//!
//! Source: J. Rissanen, G. G. Langdon, *Arithmetic coding*, IBM Journal of Research and Development 23, 1979; counts
//! with forgetting as M. Mahoney describes them, *Data Compression Explained*, 2013, section 4.1.
//!
//! ```
//! use stack_entropy::binary::{AdaptiveBit, Decoder, Encoder, Probability};
//!
//! let decisions: Vec<bool> = (0..8000).map(|n| n % 16 == 0).collect(); // h(1/16) = 0.3373 bits each: 338 bytes
//! let mut encoder = Encoder::new();
//! let mut model = AdaptiveBit::new(255);
//! for &bit in &decisions {
//!     encoder.encode(bit, model.probability());
//!     model.update(bit);
//! }
//! let bytes = encoder.finish();
//! assert_eq!(bytes.len(), 348);
//!
//! let mut decoder = Decoder::new(&bytes)?;
//! let mut model = AdaptiveBit::new(255);
//! for &bit in &decisions {
//!     assert_eq!(decoder.decode(model.probability())?, bit);
//!     model.update(bit);
//! }
//! decoder.finish()?;
//! assert!(Probability::new(0).is_err() && Probability::new(65_536).is_err());
//! # Ok::<(), stack_entropy::Error>(())
//! ```
//!
//! **Worst case**: 16 bits for a decision that had `p = 1/65536`; 8 bytes at the end. Constant time for each decision.
//!
//! **Exercise**: the decisions above repeat exactly, but the coder pays for each. Which context makes them almost free?

use crate::Error;
use crate::bits::{BitReader, BitWriter};
use crate::carry::{Following, Narrowing};
use crate::error::in_range;
use crate::universal::{get_gamma, put_gamma};

/// The probability of a one in units of `1/65536`; neither 0 nor 1, because either would make a symbol impossible.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Probability(u16);

impl Probability {
    /// One half.
    pub const HALF: Self = Self(1 << 15);

    /// `parts / 65536`.
    ///
    /// # Errors
    ///
    /// [`Error::OutOfRange`] outside 1 to 65,535.
    pub fn new(parts: u32) -> Result<Self, Error> {
        in_range("a probability in units of 1/65536", parts.into(), 1, 65_535).map(|parts| Self(parts as u16))
    }

    /// The nearest to `parts / 65536` that there is.
    #[inline]
    pub const fn clamped(parts: i32) -> Self {
        if parts < 1 {
            Self(1)
        } else if parts > 65_535 {
            Self(65_535)
        } else {
            Self(parts as u16)
        }
    }

    /// In units of `1/65536`.
    #[inline]
    pub const fn parts(self) -> u16 {
        self.0
    }
}

/// Writes decisions.
#[derive(Debug, Clone)]
pub struct Encoder(Narrowing);

impl Default for Encoder {
    fn default() -> Self {
        Self::new()
    }
}

impl Encoder {
    /// An encoder of nothing yet.
    pub fn new() -> Self {
        Self::after(Vec::new())
    }

    /// An encoder whose bytes follow others.
    pub(crate) fn after(bytes: Vec<u8>) -> Self {
        Self(Narrowing::new(bytes))
    }

    /// Codes a decision that was a one with this probability.
    #[inline]
    pub fn encode(&mut self, bit: bool, p: Probability) {
        let range = self.0.range();
        let ones = (range >> 16) * u64::from(p.0);
        if bit {
            self.0.narrow(0, ones);
        } else {
            self.0.narrow(ones, range - ones);
        }
    }

    /// The code.
    pub fn finish(self) -> Vec<u8> {
        self.0.finish()
    }
}

/// Reads the decisions that an [`Encoder`] wrote, with the same probabilities.
#[derive(Debug, Clone)]
pub struct Decoder<'a>(Following<'a>);

impl<'a> Decoder<'a> {
    /// A decoder of a code.
    ///
    /// # Errors
    ///
    /// [`Error::TruncatedBytes`] for fewer than eight bytes, [`Error::WrongEnd`] for a first bit that is set.
    pub fn new(bytes: &'a [u8]) -> Result<Self, Error> {
        Following::new(bytes).map(Self)
    }

    /// The next decision, which was a one with this probability.
    ///
    /// # Errors
    ///
    /// [`Error::TruncatedBytes`] where the code ends.
    #[inline]
    pub fn decode(&mut self, p: Probability) -> Result<bool, Error> {
        let range = self.0.range();
        let ones = (range >> 16) * u64::from(p.0);
        let bit = self.0.offset() < ones;
        if bit {
            self.0.narrow(0, ones)?;
        } else {
            self.0.narrow(ones, range - ones)?;
        }
        Ok(bit)
    }

    /// Checks that this was all.
    ///
    /// # Errors
    ///
    /// [`Error::Trailing`] where the code goes on, [`Error::WrongEnd`] where it was changed.
    pub fn finish(self) -> Result<(), Error> {
        self.0.finish()
    }
}

/// An estimate of the probability of a one that learns from decisions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AdaptiveBit {
    /// In units of `2^-22`.
    p: u32,
    seen: u8,
    limit: u8,
}

/// `65536 / (n + 1.5)`.
const STEPS: [u32; 256] = {
    let mut steps = [0; 256];
    let mut n = 0;
    while n < 256 {
        steps[n] = (2 * 65_536) / (2 * n as u32 + 3);
        n += 1;
    }
    steps
};

impl AdaptiveBit {
    /// An estimate of one half that forgets the more, the lower the limit is: decisions count with weights that fall by
    /// `1 - 1/(limit + 1.5)`.
    pub const fn new(limit: u8) -> Self {
        Self { p: 1 << 21, seen: 0, limit }
    }

    /// The estimate.
    #[inline]
    pub const fn probability(self) -> Probability {
        Probability::clamped((self.p >> 6) as i32)
    }

    /// Learns from a decision.
    #[inline]
    pub const fn update(&mut self, bit: bool) {
        let step = STEPS[self.seen as usize] as u64;
        if bit {
            self.p += ((((1 << 22) - self.p) as u64 * step) >> 16) as u32;
        } else {
            self.p -= ((self.p as u64 * step) >> 16) as u32;
        }
        if self.seen < self.limit {
            self.seen += 1;
        }
    }
}

/// Decisions of a byte, the upper bit first, each with the node of the tree (1 to 255) that it is made in.
#[inline]
pub(crate) fn decisions(byte: u8) -> impl Iterator<Item = (usize, bool)> {
    (0..8).rev().map(move |place| ((usize::from(byte) | 256) >> (place + 1), byte >> place & 1 == 1))
}

/// Bytes as one block: their number plus one in gamma, zero bits to a whole byte, eight decisions each.
pub fn compress(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = Encoder::after(head(bytes.len()));
    let mut nodes = [AdaptiveBit::new(255); 256];
    for &byte in bytes {
        for (node, bit) in decisions(byte) {
            encoder.encode(bit, nodes[node].probability());
            nodes[node].update(bit);
        }
    }
    encoder.finish()
}

/// The bytes of a block that [`compress`] wrote, at most `most`.
///
/// # Errors
///
/// [`Error::OutOfRange`] for more bytes than `most`, and those of [`Decoder`].
pub fn decompress(block: &[u8], most: usize) -> Result<Vec<u8>, Error> {
    let (length, code) = split(block, most)?;
    let mut decoder = Decoder::new(code)?;
    let mut nodes = [AdaptiveBit::new(255); 256];
    // Grows with what is decoded: equal bytes are nearly free, so the code does not bound their number.
    let mut bytes = Vec::new();
    for _ in 0..length {
        let mut node = 1;
        while node < 256 {
            let bit = decoder.decode(nodes[node].probability())?;
            nodes[node].update(bit);
            node = 2 * node + usize::from(bit);
        }
        bytes.push(node as u8);
    }
    decoder.finish()?;
    Ok(bytes)
}

/// The beginning of a block: a number in whole bytes.
pub(crate) fn head(length: usize) -> Vec<u8> {
    let mut writer = BitWriter::new();
    put_gamma(&mut writer, length as u64 + 1);
    writer.finish()
}

/// The number at the beginning of a block, and what follows.
pub(crate) fn split(block: &[u8], most: usize) -> Result<(usize, &[u8]), Error> {
    let mut reader = BitReader::new(block);
    let length = in_range("the number of bytes", get_gamma(&mut reader)? - 1, 0, most as u64)?;
    Ok((length as usize, reader.align()?))
}
