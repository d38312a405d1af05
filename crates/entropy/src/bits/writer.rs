/// Packs numbers of 0 to 64 bits, the most significant bit first.
#[derive(Debug, Clone, Default)]
pub struct BitWriter {
    bytes: Vec<u8>,
    /// Bits that wait, at the upper end.
    word: u64,
    /// How many wait, fewer than 64.
    filled: u32,
}

impl BitWriter {
    /// A writer of nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A writer with room for `bits`, so that it need not grow.
    pub fn with_capacity(bits: u64) -> Self {
        let bytes = usize::try_from(bits / 8 + 16).unwrap_or(0);
        Self { bytes: Vec::with_capacity(bytes), ..Self::default() }
    }

    /// Appends the lower `count` bits of `value`; the bits above them are ignored.
    ///
    /// # Panics
    ///
    /// If `count` is above 64.
    #[inline]
    pub fn put(&mut self, value: u64, count: u32) {
        assert!(count <= 64, "a word has 64 bits");
        if count == 0 {
            return;
        }
        let aligned = value << (64 - count);
        self.word |= aligned >> self.filled;
        let filled = self.filled + count;
        if filled < 64 {
            self.filled = filled;
            return;
        }
        self.bytes.extend_from_slice(&self.word.to_be_bytes());
        self.filled = filled - 64;
        // The bits that did not fit; none, where the shift would be as wide as the word.
        self.word = aligned.checked_shl(count - self.filled).unwrap_or(0);
    }

    /// Appends one bit.
    #[inline]
    pub fn put_bit(&mut self, bit: bool) {
        self.put(u64::from(bit), 1);
    }

    /// Appends `count` equal bits.
    pub fn put_run(&mut self, bit: bool, count: u64) {
        let word = if bit { u64::MAX } else { 0 };
        for _ in 0..count / 64 {
            self.put(word, 64);
        }
        self.put(word, (count % 64) as u32);
    }

    /// Bits written so far.
    pub fn bit_len(&self) -> u64 {
        self.bytes.len() as u64 * 8 + u64::from(self.filled)
    }

    /// Appends zero bits until the length is a whole number of bytes.
    pub fn align(&mut self) {
        self.put(0, (8 - self.filled % 8) % 8);
    }

    /// The bytes; the last one is filled up with zero bits.
    pub fn finish(mut self) -> Vec<u8> {
        let rest = self.filled.div_ceil(8) as usize;
        self.bytes.extend_from_slice(&self.word.to_be_bytes()[..rest]);
        self.bytes
    }
}
