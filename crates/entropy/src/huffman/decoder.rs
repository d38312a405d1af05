use super::Code;
use super::MAX_CODE_LENGTH;
use super::code::{counts_of_lengths, first_words};
use super::many::ManyTable;
use crate::Error;
use crate::bits::BitReader;

/// Bits that the first-level table looks at.
pub(super) const FIRST_LEVEL: u32 = 12;

/// Decodes a canonical Huffman code: one look at a table for code words of up to 12 bits, a search by length for longer.
#[derive(Debug, Clone)]
pub struct Decoder {
    /// By the next bits: `symbol << 8 | length`, 0 where the code word is longer.
    first: Vec<u32>,
    first_bits: u32,
    longest: u32,
    /// The first code word of each length.
    words: [u64; MAX_CODE_LENGTH as usize + 1],
    /// One more than the last code word of each length, or 0 where there is none.
    ends: [u64; MAX_CODE_LENGTH as usize + 1],
    /// Where the symbols of each length begin.
    places: [usize; MAX_CODE_LENGTH as usize + 1],
    /// Symbols in the order of their code words.
    symbols: Vec<u16>,
    /// Several symbols at a look, where all symbols are bytes.
    many: Option<ManyTable>,
}

impl Decoder {
    /// The decoder of a code.
    pub fn new(code: &Code) -> Self {
        let lengths = code.lengths();
        let (counts, words) = (counts_of_lengths(lengths), first_words(lengths));
        let mut places = [0; MAX_CODE_LENGTH as usize + 1];
        let mut ends = words;
        for length in 1..places.len() {
            places[length] = places[length - 1] + counts[length - 1] as usize;
            ends[length] = if counts[length] == 0 { 0 } else { words[length] + counts[length] };
        }
        let mut symbols: Vec<u16> = (0..=u16::MAX)
            .zip(lengths)
            .filter(|&(_, &length)| length > 0)
            .map(|(symbol, _)| symbol)
            .collect();
        symbols.sort_by_key(|&symbol| lengths[usize::from(symbol)]);
        let first_bits = code.longest().min(FIRST_LEVEL);
        let mut decoder = Self {
            first: vec![0; 1 << first_bits],
            first_bits,
            longest: code.longest(),
            words,
            ends,
            places,
            symbols,
            many: None,
        };
        decoder.fill_first_level(code);
        decoder.many = (lengths.len() <= 256).then(|| ManyTable::new(&decoder));
        decoder
    }

    fn fill_first_level(&mut self, code: &Code) {
        for &symbol in &self.symbols {
            let Some((word, length)) = code.word(symbol).filter(|&(_, length)| length <= self.first_bits)
            else {
                continue;
            };
            let rest = self.first_bits - length;
            let from = (word as usize) << rest;
            self.first[from..from + (1 << rest)].fill(u32::from(symbol) << 8 | length);
        }
    }

    /// The symbol and length of the code word at the upper end of `window`, which holds 32 bits at least.
    #[inline]
    pub(super) fn look(&self, window: u64) -> Option<(u16, u32)> {
        let entry = self.first[(window >> 1 >> (63 - self.first_bits)) as usize];
        if entry != 0 {
            Some(((entry >> 8) as u16, entry & 255))
        } else {
            self.search(window, self.first_bits + 1)
        }
    }

    /// The same for code words of at least `shortest` bits, by their length (ITU-T T.81, section F.2.2.3).
    #[cold]
    fn search(&self, window: u64, shortest: u32) -> Option<(u16, u32)> {
        (shortest.max(1)..=self.longest).find_map(|length| {
            let (word, at) = (window >> (64 - length), length as usize);
            let words = self.words[at]..self.ends[at];
            let place = words.contains(&word).then(|| self.places[at] + (word - words.start) as usize)?;
            Some((self.symbols[place], length))
        })
    }

    /// Decodes one symbol.
    ///
    /// # Errors
    ///
    /// [`Error::TruncatedBits`] where the bits end before the code word, and [`Error::NoSuchCode`] where no code word
    /// begins with them, which only codes of one symbol or none leave possible.
    #[inline]
    pub fn decode(&self, reader: &mut BitReader<'_>) -> Result<u16, Error> {
        let found = self.look(reader.window());
        self.take(found, reader)
    }

    /// The same by the definition: one bit longer until it is a code word.
    ///
    /// # Errors
    ///
    /// As [`Decoder::decode`].
    pub fn decode_by_definition(&self, reader: &mut BitReader<'_>) -> Result<u16, Error> {
        let found = self.search(reader.window(), 1);
        self.take(found, reader)
    }

    fn take(&self, found: Option<(u16, u32)>, reader: &mut BitReader<'_>) -> Result<u16, Error> {
        match found {
            Some((symbol, length)) => reader.skip(u64::from(length)).map(|()| symbol),
            None if reader.remaining() == 0 => {
                Err(Error::TruncatedBits { bit: reader.position(), needed: 1, left: 0 })
            }
            None => Err(Error::NoSuchCode { bit: reader.position() }),
        }
    }

    /// Decodes as many symbols as the slice holds.
    ///
    /// # Errors
    ///
    /// As [`Decoder::decode`].
    pub fn decode_words(&self, reader: &mut BitReader<'_>, symbols: &mut [u16]) -> Result<(), Error> {
        symbols.iter_mut().try_for_each(|symbol| self.decode(reader).map(|decoded| *symbol = decoded))
    }

    /// Decodes as many bytes as the slice holds, up to twelve for each load of bits.
    ///
    /// # Errors
    ///
    /// As [`Decoder::decode`], and [`Error::OutOfRange`] where a symbol is above 255.
    pub fn decode_bytes(&self, reader: &mut BitReader<'_>, bytes: &mut [u8]) -> Result<(), Error> {
        let done = match &self.many {
            Some(many) => many.decode(self, reader, bytes)?,
            None => 0,
        };
        for byte in &mut bytes[done..] {
            let symbol = self.decode(reader)?;
            *byte = crate::error::in_range("a symbol", symbol.into(), 0, 255)? as u8;
        }
        Ok(())
    }
}
