//! Golomb and Golomb-Rice codes: whole numbers that fall off geometrically, with one parameter and no table.
//!
//! They are Huffman codes for geometric sources, so that nothing has to be stored but the parameter; unlike
//! [`crate::universal`] codes they fit one scale of numbers. [`Golomb`] takes any parameter, with [`Golomb::rice`] a power
//! of two, and [`AdaptiveRice`] finds it from the numbers before.
//!
//! With the parameter `m`: `n = q m + r`; `q` ones and a zero, then `r` in `ceil(log2 m)` bits or one fewer (truncated
//! binary). For `P(n) = (1-p)^n p` the best `m` is the least with `(1-p)^m + (1-p)^(m+1) <= 1`. Where `q` would be 32 or
//! more, 32 ones, a zero and the 32 bits of `n` stand instead, so that no number is endless.
//!
//! Source: S. W. Golomb, *Run-length encodings*, IEEE Transactions on Information Theory 12, 1966; R. F. Rice, *Some
//! practical universal noiseless coding techniques*, JPL Publication 79-22, 1979; the best parameter: R. G. Gallager,
//! D. C. van Voorhis, IEEE Transactions on Information Theory 21, 1975; adapting: ITU-T T.87 (JPEG-LS), section A.5.1.
//!
//! ```
//! use stack_entropy::bits::BitWriter;
//! use stack_entropy::distributions::Geometric;
//! use stack_entropy::golomb::Golomb;
//!
//! let mut writer = BitWriter::new();
//! Golomb::rice(2)?.put(&mut writer, 9); // 110 01
//! Golomb::new(3)?.put(&mut writer, 5); // 10 11
//! assert_eq!(writer.finish(), [0b1100_1101, 0b1000_0000]);
//!
//! // Numbers of mean 10: 4.83 bits each by entropy.
//! let source = Geometric::with_mean(10.0)?;
//! let code = Golomb::for_geometric(&source);
//! let mean: f64 = (0..1000).map(|n| source.probability(n) * f64::from(code.bits(n))).sum();
//! assert_eq!((code.m(), format!("{mean:.2} {:.2}", source.entropy())), (7, "4.87 4.83".into()));
//! # Ok::<(), stack_entropy::Error>(())
//! ```
//!
//! **Worst case**: 65 bits for one number.
//!
//! **Exercise**: for which `p` does unary code (`m = 1`) reach the entropy exactly?

use crate::Error;
use crate::bits::{BitReader, BitWriter};
use crate::distributions::Geometric;
use crate::error::in_range;
use crate::universal::{get_gamma, put_gamma};

/// The quotient that says that the number follows as it is.
const ESCAPE: u32 = 32;

/// A Golomb code with a fixed parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Golomb {
    m: u32,
    /// Bits of the longer remainders.
    bits: u32,
    /// How many remainders take one bit less.
    short: u32,
}

impl Golomb {
    /// The code with the parameter `m`.
    ///
    /// # Errors
    ///
    /// [`Error::OutOfRange`] for 0 and above `2^31`.
    pub fn new(m: u32) -> Result<Self, Error> {
        in_range("the parameter of a Golomb code", m.into(), 1, 1 << 31)?;
        let bits = m.next_power_of_two().ilog2();
        Ok(Self { m, bits, short: (1 << bits) - m })
    }

    /// The code with `m = 2^k`.
    ///
    /// # Errors
    ///
    /// [`Error::OutOfRange`] for `k` above 31.
    pub fn rice(k: u32) -> Result<Self, Error> {
        let k = in_range("the parameter of a Rice code", k.into(), 0, 31)?;
        Self::new(1 << k)
    }

    /// The best code for a geometric source, up to the escape.
    pub fn for_geometric(source: &Geometric) -> Self {
        let q = 1.0 - source.p();
        // q^m (1 + q) <= 1
        let m = if q > 0.0 { (-(1.0 + q).ln() / q.ln()).ceil() } else { 1.0 };
        Self::new((m as u32).clamp(1, 1 << 31)).expect("in range")
    }

    /// The Rice code that takes the fewest bits for these numbers, by trying all; the smallest among equals.
    pub fn best_rice(numbers: &[u32]) -> Self {
        let codes = (0..=31).map(|k| Self::rice(k).expect("in range"));
        codes.min_by_key(|code| code.total_bits(numbers)).expect("there are 32")
    }

    /// The parameter.
    pub fn m(&self) -> u32 {
        self.m
    }

    /// Quotient and remainder; without a division where `m` is a power of two.
    #[inline]
    fn divide(&self, n: u32) -> (u32, u32) {
        if self.short == 0 { (n >> self.bits, n & (self.m - 1)) } else { (n / self.m, n % self.m) }
    }

    /// Bits that a number takes.
    #[inline]
    pub fn bits(&self, n: u32) -> u32 {
        let (q, r) = self.divide(n);
        if q < ESCAPE { q + 1 + self.bits - u32::from(r < self.short) } else { ESCAPE + 1 + 32 }
    }

    /// Bits that numbers take together.
    pub fn total_bits(&self, numbers: &[u32]) -> u64 {
        numbers.iter().map(|&n| u64::from(self.bits(n))).sum()
    }

    /// Appends a number.
    #[inline]
    pub fn put(&self, writer: &mut BitWriter, n: u32) {
        let (q, r) = self.divide(n);
        if q >= ESCAPE {
            writer.put(((1 << ESCAPE) - 1) << 1, ESCAPE + 1);
            writer.put(n.into(), 32);
            return;
        }
        let (r, bits) = if r < self.short { (r, self.bits - 1) } else { (r + self.short, self.bits) };
        // At most 32 bits of the quotient and 31 of the remainder.
        let quotient: u64 = ((1 << q) - 1) << 1;
        writer.put(quotient << bits | u64::from(r), q + 1 + bits);
    }

    /// Reads a number.
    ///
    /// # Errors
    ///
    /// [`Error::TruncatedBits`] where the bits end, [`Error::RunPastEnd`] for a quotient above the escape,
    /// [`Error::OutOfRange`] for a number of more than 32 bits.
    #[inline]
    pub fn get(&self, reader: &mut BitReader<'_>) -> Result<u32, Error> {
        let window = reader.window();
        let q = (!window).leading_zeros();
        let length = q + 1 + self.bits;
        if self.short == 0 && q < ESCAPE && length <= BitReader::WINDOW {
            reader.skip(length.into())?;
            // In two steps, because no remainder at all would be a shift by the whole word.
            let r = window << (q + 1) >> 1 >> (63 - self.bits);
            return in_range("a Golomb number", u64::from(q) << self.bits | r, 0, u32::MAX.into())
                .map(|n| n as u32);
        }
        self.get_long(reader)
    }

    /// Reads a number field by field.
    fn get_long(&self, reader: &mut BitReader<'_>) -> Result<u32, Error> {
        let q = reader.get_run(true, ESCAPE.into())?;
        if q == u64::from(ESCAPE) {
            return Ok(reader.get(32)? as u32);
        }
        if self.short == 0 {
            let n = q << self.bits | reader.get(self.bits)?;
            return in_range("a Golomb number", n, 0, u32::MAX.into()).map(|n| n as u32);
        }
        let mut r = reader.get(self.bits - 1)?;
        if r >= u64::from(self.short) {
            r = (r << 1 | reader.get(1)?) - u64::from(self.short);
        }
        in_range("a Golomb number", q * u64::from(self.m) + r, 0, u32::MAX.into()).map(|n| n as u32)
    }

    /// The bits of a number by the definition, as text: the quotient in unary, then the remainder.
    pub fn text_by_definition(&self, n: u32) -> String {
        let (q, r) = (n / self.m, n % self.m);
        let (value, width) =
            if r < self.short { (r, self.bits.saturating_sub(1)) } else { (r + self.short, self.bits) };
        let remainder = (0..width).rev().map(|place| if value >> place & 1 == 1 { '1' } else { '0' });
        (0..q).map(|_| '1').chain(['0']).chain(remainder).collect()
    }
}

/// A Rice code whose parameter follows the mean of the numbers before.
///
/// The parameter is the least `k` with `count 2^k >= sum`; both are halved after 64 numbers, so that old ones fade.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AdaptiveRice {
    sum: u64,
    count: u32,
}

impl Default for AdaptiveRice {
    fn default() -> Self {
        Self::new(4)
    }
}

impl AdaptiveRice {
    /// A code that expects numbers of this mean at first.
    pub fn new(mean: u32) -> Self {
        Self { sum: mean.into(), count: 1 }
    }

    /// The code for the next number.
    #[inline]
    pub fn code(&self) -> Golomb {
        let above = self.sum.div_ceil(self.count.into()).max(1);
        Golomb::rice(above.next_power_of_two().ilog2().min(31)).expect("in range")
    }

    /// Learns a number.
    #[inline]
    pub fn update(&mut self, n: u32) {
        self.sum += u64::from(n);
        self.count += 1;
        if self.count == 64 {
            self.sum /= 2;
            self.count /= 2;
        }
    }
}

/// Numbers as one block: how many plus one in gamma, the best `k` in five bits, the numbers.
pub fn compress(numbers: &[u32]) -> Vec<u8> {
    let code = Golomb::best_rice(numbers);
    let mut writer = BitWriter::with_capacity(code.total_bits(numbers) + 200);
    put_gamma(&mut writer, numbers.len() as u64 + 1);
    writer.put(code.bits.into(), 5);
    numbers.iter().for_each(|&n| code.put(&mut writer, n));
    writer.finish()
}

/// The numbers of a block that [`compress`] wrote, at most `most`.
///
/// # Errors
///
/// Those of [`Golomb::get`], [`Error::OutOfRange`] for more numbers than `most`, [`Error::TruncatedBits`] for more than
/// there are bits, [`Error::Trailing`] where the block is longer than its numbers.
pub fn decompress(block: &[u8], most: usize) -> Result<Vec<u32>, Error> {
    let mut reader = BitReader::new(block);
    let length = in_range("the number of numbers", get_gamma(&mut reader)? - 1, 0, most as u64)?;
    let code = Golomb::rice(reader.get(5)? as u32)?;
    // Each takes a bit at least.
    if length > reader.remaining() {
        return Err(Error::TruncatedBits {
            bit: reader.position(),
            needed: length,
            left: reader.remaining(),
        });
    }
    let numbers = (0..length).map(|_| code.get(&mut reader)).collect::<Result<_, _>>()?;
    reader.finish()?;
    Ok(numbers)
}
