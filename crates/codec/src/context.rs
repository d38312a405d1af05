//! How large the residuals near a place are: the context that its own magnitude is coded in.
//!
//! ```text
//! energy  = 2 W + 2 N + NW + NE + 2 X           of zigzag codes, each about twice a magnitude
//! context = floor(4 log2(energy + 1))           four contexts an octave
//! X       = the same place in the previous frame, or channel, or the mean of both; else the mean of W and N
//! ```

use stack_predict::Key;

/// Contexts an octave of the energy is cut into.
const PER_OCTAVE: usize = 4;

/// Bits that the energy has more than a code: eight codes are summed.
const SUM_BITS: usize = 3;

/// Where a magnitude is expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Context {
    /// The context.
    pub(crate) index: usize,
    /// The number of binary digits that about half of the magnitudes exceed.
    pub(crate) digits: u32,
}

impl Context {
    /// The number of contexts for codes of `bits` bits.
    pub(crate) const fn count(bits: u32) -> usize {
        PER_OCTAVE * (bits as usize + SUM_BITS + 1)
    }

    /// The context of an energy of codes of `bits` bits.
    #[inline]
    pub(crate) fn of(energy: u64, bits: u32) -> Self {
        let octave = (energy + 1).ilog2();
        let fraction = ((energy + 1) << 2 >> octave) & 3;
        // The mean magnitude is a sixteenth of the energy; half of it has this many digits.
        let digits = (octave + 1).saturating_sub(5).min(bits - 1);
        Self { index: PER_OCTAVE * octave as usize + fraction as usize, digits }
    }
}

/// A code as a summand of the energy: codes of 64 bits are cut so that eight of them do not overflow.
#[inline]
pub(crate) fn summand<K: Key>(code: K) -> u64 {
    let wide = code.widened() as u64;
    if K::BITS > 32 { wide.min(1 << 58) } else { wide }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contexts_grow_with_the_energy_and_stay_in_the_table() {
        let mut last = 0;
        for energy in 0..100_000 {
            let context = Context::of(energy, 16);
            assert!(context.index >= last && context.index < Context::count(16));
            last = context.index;
        }
        for (bits, highest) in [(8, 0xff), (16, 0xffff), (32, 0xffff_ffff), (64, 1 << 58)] {
            let context = Context::of(8 * highest, bits);
            assert!(context.index < Context::count(bits) && context.digits < bits);
        }
        assert_eq!(Context::of(0, 8), Context { index: 0, digits: 0 });
        assert_eq!(Context::of(31, 8).digits, 1); // 31 + 1 = 2^5: mean magnitude 2, half of it 1
    }

    #[test]
    fn summands_do_not_overflow() {
        assert_eq!(summand(u64::MAX), 1 << 58);
        assert_eq!(summand(u32::MAX), 0xffff_ffff);
        assert!(summand(u64::MAX).checked_mul(8).is_some());
    }
}
