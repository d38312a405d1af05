//! Frequencies: a distribution as whole numbers that sum to a power of two, which [`crate::rans`] and [`crate::range`]
//! code with.
//!
//! Where a Huffman code rounds each probability to a power of 1/2, these round it to a multiple of `2^-bits`. They differ
//! from a [`crate::histogram`] in that the sum is fixed, and that every symbol that occurs has 1 at least.
//!
//! Symbol `a` has the frequency `f(a)`, `sum f(a) = 2^bits`, and the slots from `F(a) = sum over b < a of f(b)` on; it
//! costs `bits - log2 f(a)` bits. From counts: `f(a)` is `count(a) 2^bits / total` rounded, and what is then too much or
//! too little in the sum is taken from or given to the symbol that it costs least or helps most.
//!
//! Source: the last step after J. Duda, *Asymmetric numeral systems*, arXiv:1311.2540, 2013, section 4, by comparison
//! of `count / f`.
//!
//! ```
//! use stack_entropy::frequencies::Frequencies;
//!
//! let frequencies = Frequencies::from_counts(&[90, 0, 9, 1], 4)?;
//! assert_eq!((0..4).map(|symbol| frequencies.of(symbol)).collect::<Vec<_>>(), [14, 0, 1, 1]);
//! assert_eq!((frequencies.start(2), frequencies.symbol_at(14)), (14, 2));
//! // 0.5156 bits by entropy; the coarse frequencies cost a little more.
//! assert_eq!(format!("{:.4}", frequencies.mean_bits(&[90, 0, 9, 1])), "0.5734");
//! # Ok::<(), stack_entropy::Error>(())
//! ```
//!
//! **Worst case**: `n log n` for `n` symbols; the table takes 4 bytes a symbol and 8 KiB to find symbols by slot.
//!
//! **Exercise**: a symbol of probability `2^-20` gets the frequency 1 of 4096. What does that cost the others?

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::Error;
use crate::bits::{BitReader, BitWriter};
use crate::error::in_range;
use crate::universal::{get_gamma, put_gamma};

/// Most bits of the sum.
pub const MOST_BITS: u32 = 16;

/// Bits of a slot by which a symbol is looked up at first.
const LOOK_BITS: u32 = 12;

/// Frequencies of symbols 0 to at most 65,535 that sum to a power of two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frequencies {
    bits: u32,
    /// Where the slots of each symbol begin; one more for the end.
    starts: Vec<u32>,
    /// By the upper bits of a slot, the symbol that has the first slot with them.
    look: Vec<u16>,
}

impl Frequencies {
    /// Frequencies that sum to `2^bits` in proportion to counts.
    ///
    /// # Errors
    ///
    /// [`Error::OutOfRange`] for bits outside 1 to 16, for no symbol that occurs or more than `2^bits`, for more than
    /// 65,536 symbols, and for counts that sum to more than `2^47`.
    pub fn from_counts(counts: &[u64], bits: u32) -> Result<Self, Error> {
        in_range("the bits of a sum of frequencies", bits.into(), 1, MOST_BITS.into())?;
        in_range("the number of symbols", counts.len() as u64, 1, 1 << 16)?;
        let total = counts.iter().try_fold(0_u64, |sum, &count| sum.checked_add(count)).unwrap_or(u64::MAX);
        in_range("the sum of counts", total, 1, 1 << 47)?;
        let kinds = counts.iter().filter(|&&count| count > 0).count();
        in_range("the number of symbols that occur", kinds as u64, 1, 1 << bits)?;
        let rounded = |&count: &u64| ((count << bits).saturating_add(total / 2) / total) as u32;
        let mut frequencies: Vec<u32> =
            counts.iter().map(|count| if *count == 0 { 0 } else { rounded(count).max(1) }).collect();
        correct_sum(&mut frequencies, counts, 1 << bits);
        Ok(Self::with(bits, &frequencies))
    }

    /// Frequencies that sum to a power of two already.
    ///
    /// # Errors
    ///
    /// [`Error::OutOfRange`] for bits outside 1 to 16, for more than 65,536 symbols, and where the sum is another.
    pub fn new(frequencies: &[u32], bits: u32) -> Result<Self, Error> {
        in_range("the bits of a sum of frequencies", bits.into(), 1, MOST_BITS.into())?;
        in_range("the number of symbols", frequencies.len() as u64, 1, 1 << 16)?;
        let sum = frequencies.iter().map(|&frequency| u64::from(frequency)).sum();
        in_range("the sum of frequencies", sum, 1 << bits, 1 << bits)?;
        Ok(Self::with(bits, frequencies))
    }

    fn with(bits: u32, frequencies: &[u32]) -> Self {
        let mut made =
            Self { bits, starts: vec![0; frequencies.len() + 1], look: vec![0; 1 << bits.min(LOOK_BITS)] };
        made.set(frequencies.iter().copied());
        made
    }

    /// Replaces all frequencies by as many others of the same sum.
    pub(crate) fn set(&mut self, frequencies: impl Iterator<Item = u32>) {
        let shift = self.bits - self.bits.min(LOOK_BITS);
        let mut start = 0;
        for (symbol, frequency) in frequencies.enumerate() {
            let end = start + frequency;
            self.starts[symbol + 1] = end;
            // The looks whose first slot is one of these.
            let first = |slot: u32| (slot as usize).div_ceil(1 << shift);
            self.look[first(start)..first(end)].fill(symbol as u16);
            start = end;
        }
        debug_assert_eq!(start, 1 << self.bits, "the sum");
    }

    /// The logarithm of the sum to base 2.
    #[inline]
    pub fn bits(&self) -> u32 {
        self.bits
    }

    /// The number of symbols, with those of frequency 0.
    pub fn symbols(&self) -> usize {
        self.starts.len() - 1
    }

    /// The frequency of a symbol; 0 for one that is not there.
    #[inline]
    pub fn of(&self, symbol: u16) -> u32 {
        let at = usize::from(symbol);
        self.starts.get(at + 1).map_or(0, |end| end - self.starts[at])
    }

    /// The first slot of a symbol.
    ///
    /// # Panics
    ///
    /// If there is no such symbol.
    #[inline]
    pub fn start(&self, symbol: u16) -> u32 {
        self.starts[usize::from(symbol)]
    }

    /// The symbol that a slot belongs to.
    ///
    /// # Panics
    ///
    /// If the slot is not below the sum.
    #[inline]
    pub fn symbol_at(&self, slot: u32) -> u16 {
        let shift = self.bits - self.bits.min(LOOK_BITS);
        let mut symbol = self.look[(slot >> shift) as usize];
        while self.starts[usize::from(symbol) + 1] <= slot {
            symbol += 1;
        }
        symbol
    }

    /// The same by the definition: the first symbol that ends after the slot.
    ///
    /// # Panics
    ///
    /// As [`Frequencies::symbol_at`].
    pub fn symbol_at_by_definition(&self, slot: u32) -> u16 {
        let place = self.starts[1..].iter().position(|&end| end > slot);
        place.expect("a slot below the sum") as u16
    }

    /// Bits for each symbol of a message with these counts, on average; infinite where one of them has no frequency.
    pub fn mean_bits(&self, counts: &[u64]) -> f64 {
        let total: u64 = counts.iter().sum();
        let cost = |(symbol, &count): (u16, &u64)| match count {
            0 => 0.0,
            _ => count as f64 * (f64::from(self.bits) - f64::from(self.of(symbol)).log2()),
        };
        if total == 0 { 0.0 } else { (0..=u16::MAX).zip(counts).map(cost).sum::<f64>() / total as f64 }
    }

    /// Appends the table: the bits of the sum minus one in four bits, the number of symbols in gamma, then for each one
    /// its frequency plus one in gamma; a zero is followed by the length of the run of zeros in gamma.
    pub fn write(&self, writer: &mut BitWriter) {
        let used = self.starts.iter().position(|&start| start == 1 << self.bits).unwrap_or(0);
        writer.put(u64::from(self.bits) - 1, 4);
        put_gamma(writer, used as u64);
        let mut symbol = 0;
        while symbol < used {
            let frequency = self.of(symbol as u16);
            put_gamma(writer, u64::from(frequency) + 1);
            if frequency > 0 {
                symbol += 1;
                continue;
            }
            let run = (symbol..used).take_while(|&symbol| self.of(symbol as u16) == 0).count();
            put_gamma(writer, run as u64);
            symbol += run;
        }
    }

    /// Reads a table that [`Frequencies::write`] wrote, of at most `most` symbols.
    ///
    /// # Errors
    ///
    /// [`Error::TruncatedBits`] where the bits end, [`Error::OutOfRange`] for too many symbols and for a wrong sum,
    /// [`Error::RunPastEnd`] for a run of zeros past the last symbol.
    pub fn read(reader: &mut BitReader<'_>, most: usize) -> Result<Self, Error> {
        let bits = reader.get(4)? as u32 + 1;
        let most = most.min(1 << 16) as u64;
        let used =
            in_range("the number of symbols in the stored table", get_gamma(reader)?, 1, most)? as usize;
        let mut frequencies = Vec::with_capacity(used);
        while frequencies.len() < used {
            let at = reader.position();
            let frequency = in_range("a stored frequency", get_gamma(reader)? - 1, 0, 1 << bits)? as u32;
            let run = if frequency == 0 { get_gamma(reader)? } else { 1 };
            let room = (used - frequencies.len()) as u64;
            if run > room {
                return Err(Error::RunPastEnd { unit: "bit", at, run, room });
            }
            frequencies.resize(frequencies.len() + run as usize, frequency);
        }
        Self::new(&frequencies, bits)
    }
}

/// Gives to, or takes from, the symbols that change their cost most, or least, until the sum is right.
fn correct_sum(frequencies: &mut [u32], counts: &[u64], wanted: u64) {
    // Going from f to f + 1 saves about count / f bits; compared as whole numbers.
    let gain = |symbol: usize, frequency: u32| (counts[symbol] << 16) / u64::from(frequency);
    let sum: u64 = frequencies.iter().map(|&frequency| u64::from(frequency)).sum();
    let occurs = |frequencies: &[u32], above: u32| -> Vec<usize> {
        (0..frequencies.len()).filter(|&symbol| frequencies[symbol] > above).collect()
    };
    if sum < wanted {
        let mut heap: BinaryHeap<_> = occurs(frequencies, 0)
            .into_iter()
            .map(|symbol| (gain(symbol, frequencies[symbol]), Reverse(symbol)))
            .collect();
        for _ in sum..wanted {
            let (_, Reverse(symbol)) = heap.pop().expect("a symbol occurs");
            frequencies[symbol] += 1;
            heap.push((gain(symbol, frequencies[symbol]), Reverse(symbol)));
        }
    } else {
        let mut heap: BinaryHeap<_> = occurs(frequencies, 1)
            .into_iter()
            .map(|symbol| Reverse((gain(symbol, frequencies[symbol] - 1), symbol)))
            .collect();
        for _ in wanted..sum {
            let Reverse((_, symbol)) = heap.pop().expect("there are no more symbols than slots");
            frequencies[symbol] -= 1;
            if frequencies[symbol] > 1 {
                heap.push(Reverse((gain(symbol, frequencies[symbol] - 1), symbol)));
            }
        }
    }
}
