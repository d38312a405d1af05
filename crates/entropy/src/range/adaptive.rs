use super::{Decoder, Encoder};
use crate::Error;
use crate::binary::{head, split};
use crate::error::in_range;
use crate::frequencies::Frequencies;

/// Bits of the sum of frequencies.
const BITS: u32 = 16;

/// What an occurrence adds to a count; every symbol begins with 1, so that none is impossible.
const STEP: u32 = 32;

/// The sum of counts from which on they are halved, so that old data fade.
const MOST_COUNTED: u32 = 1 << 20;

/// Most symbols from one table of frequencies to the next.
const LONGEST_WAIT: u32 = 2048;

/// Frequencies that follow the data: counts, made into a new table now and then.
///
/// A table after every symbol would cost more than coding. The waits are 16, 32, ... 2048 symbols: often at first, while
/// the tables are still poor. The encoder and the decoder keep the same step.
#[derive(Debug, Clone)]
pub struct Adaptive {
    counts: Vec<u32>,
    total: u32,
    frequencies: Frequencies,
    wait: u32,
    left: u32,
}

impl Adaptive {
    /// A model of as many symbols, all alike.
    ///
    /// # Errors
    ///
    /// [`Error::OutOfRange`] for fewer than 1 or more than 4096.
    pub fn new(symbols: usize) -> Result<Self, Error> {
        let symbols =
            in_range("the number of symbols of an adaptive model", symbols as u64, 1, 4096)? as usize;
        let frequencies = Frequencies::from_counts(&vec![1; symbols], BITS)?;
        Ok(Self { counts: vec![1; symbols], total: symbols as u32, frequencies, wait: 16, left: 16 })
    }

    /// The frequencies for the next symbol.
    #[inline]
    pub fn frequencies(&self) -> &Frequencies {
        &self.frequencies
    }

    /// Learns a symbol.
    ///
    /// # Panics
    ///
    /// If there is no such symbol.
    #[inline]
    pub fn update(&mut self, symbol: u16) {
        self.counts[usize::from(symbol)] += STEP;
        self.total += STEP;
        self.left -= 1;
        if self.left == 0 {
            self.renew();
        }
    }

    fn renew(&mut self) {
        if self.total > MOST_COUNTED {
            self.counts.iter_mut().for_each(|count| *count = count.div_ceil(2));
            self.total = self.counts.iter().sum();
        }
        // One slot for each symbol, the others in proportion; what rounding leaves goes to the first of the most frequent.
        let (most, shared) = (1_u32 << BITS, u64::from((1 << BITS) - self.counts.len() as u32));
        let total = u64::from(self.total);
        let frequency = |count: u32| 1 + (u64::from(count) * shared / total) as u32;
        let rest = most - self.counts.iter().map(|&count| frequency(count)).sum::<u32>();
        let best = (0..self.counts.len()).rev().max_by_key(|&symbol| self.counts[symbol]).unwrap_or(0);
        let frequencies = self.counts.iter().enumerate();
        self.frequencies.set(
            frequencies.map(|(symbol, &count)| frequency(count) + if symbol == best { rest } else { 0 }),
        );
        self.wait = (2 * self.wait).min(LONGEST_WAIT);
        self.left = self.wait;
    }
}

/// Bytes as one block: their number plus one in gamma, zero bits to a whole byte, the code of an [`Adaptive`] model.
///
/// There is no table: the model begins with all bytes alike.
pub fn compress(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = Encoder::after(head(bytes.len()));
    let mut model = Adaptive::new(256).expect("a model of bytes");
    for &byte in bytes {
        encoder.encode(byte.into(), model.frequencies()).expect("every byte has a frequency");
        model.update(byte.into());
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
    let mut model = Adaptive::new(256)?;
    // Grows with what is decoded: equal bytes are nearly free, so the code does not bound their number.
    let mut bytes = Vec::new();
    for _ in 0..length {
        let symbol = decoder.decode(model.frequencies())?;
        model.update(symbol);
        bytes.push(symbol as u8);
    }
    decoder.finish()?;
    Ok(bytes)
}
