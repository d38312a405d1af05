use crate::Error;

/// Reads numbers of 0 to 64 bits, the most significant bit first.
#[derive(Debug, Clone)]
pub struct BitReader<'a> {
    bytes: &'a [u8],
    position: u64,
}

impl<'a> BitReader<'a> {
    /// Bits that [`BitReader::window`] holds at least, while there are so many.
    pub const WINDOW: u32 = 57;

    /// A reader of all bits of the bytes.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, position: 0 }
    }

    /// The number of bits read so far.
    #[inline]
    pub fn position(&self) -> u64 {
        self.position
    }

    /// The number of bits that are left.
    #[inline]
    pub fn remaining(&self) -> u64 {
        self.bytes.len() as u64 * 8 - self.position
    }

    /// The next 57 bits or more at the upper end of a word, with zeros after the last bit.
    #[inline]
    pub fn window(&self) -> u64 {
        let byte = (self.position / 8) as usize;
        let word = match self.bytes.get(byte..byte + 8) {
            Some(eight) => u64::from_be_bytes(eight.try_into().expect("eight bytes")),
            None => self.last_word(byte),
        };
        word << (self.position % 8)
    }

    #[cold]
    fn last_word(&self, byte: usize) -> u64 {
        let rest = self.bytes.get(byte..).unwrap_or_default();
        let mut eight = [0; 8];
        eight[..rest.len()].copy_from_slice(rest);
        u64::from_be_bytes(eight)
    }

    /// Steps over `count` bits.
    ///
    /// # Errors
    ///
    /// [`Error::TruncatedBits`] where fewer are left.
    #[inline]
    pub fn skip(&mut self, count: u64) -> Result<(), Error> {
        let left = self.remaining();
        if count > left {
            return Err(Error::TruncatedBits { bit: self.position, needed: count, left });
        }
        self.position += count;
        Ok(())
    }

    /// The number in the next `count` bits.
    ///
    /// # Errors
    ///
    /// [`Error::TruncatedBits`] where fewer are left; nothing is read then.
    ///
    /// # Panics
    ///
    /// If `count` is above 64.
    #[inline]
    pub fn get(&mut self, count: u32) -> Result<u64, Error> {
        assert!(count <= 64, "a word has 64 bits");
        let window = self.window();
        let before = self.position;
        self.skip(u64::from(count))?;
        if count == 0 {
            return Ok(0);
        }
        if count <= Self::WINDOW {
            return Ok(window >> (64 - count));
        }
        let upper = window >> 32;
        let second = Self { bytes: self.bytes, position: before + 32 };
        Ok(upper << (count - 32) | second.window() >> (96 - count))
    }

    /// The next bit.
    ///
    /// # Errors
    ///
    /// [`Error::TruncatedBits`] where none is left.
    #[inline]
    pub fn get_bit(&mut self) -> Result<bool, Error> {
        Ok(self.get(1)? == 1)
    }

    /// Reads bits equal to `bit` and the other one that ends them; how many there were.
    ///
    /// # Errors
    ///
    /// [`Error::TruncatedBits`] where the bits end before the run does, and [`Error::RunPastEnd`] where it is longer
    /// than `most`.
    #[inline]
    pub fn get_run(&mut self, bit: bool, most: u64) -> Result<u64, Error> {
        let start = self.position;
        let mut run = 0;
        loop {
            let window = if bit { !self.window() } else { self.window() };
            let same = u64::from(window.leading_zeros().min(Self::WINDOW));
            run += same;
            if run > most {
                return Err(Error::RunPastEnd { unit: "bit", at: start, run, room: most });
            }
            if same < u64::from(Self::WINDOW) {
                self.skip(same + 1)?;
                return Ok(run);
            }
            self.skip(same)?;
        }
    }

    /// Steps to the next whole byte, over bits that must be zero; what is left from there on.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchCode`] where one of the bits is set.
    pub fn align(&mut self) -> Result<&'a [u8], Error> {
        let start = self.position;
        let padding = (8 - start % 8) % 8;
        if self.get(padding as u32)? != 0 {
            return Err(Error::NoSuchCode { bit: start });
        }
        Ok(&self.bytes[(self.position / 8) as usize..])
    }

    /// Checks that nothing but the zero bits that fill the last byte is left.
    ///
    /// # Errors
    ///
    /// [`Error::Trailing`] where bytes are left, [`Error::NoSuchCode`] where a padding bit is set.
    pub fn finish(mut self) -> Result<(), Error> {
        let rest = self.align()?;
        if rest.is_empty() {
            return Ok(());
        }
        Err(Error::Trailing { byte: self.bytes.len() - rest.len(), left: rest.len() })
    }
}
