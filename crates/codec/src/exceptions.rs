//! Samples that no code stands for: where they are, and their bits.
//!
//! ```text
//! flag of each sample, in the context of the flags at W, N, NW, NE and of the previous frame
//! bits of each exception: the same as the last one of the channel?  else w bits as they are
//! ```
//!
//! Masks of missing values (the same NaN, in coherent areas) so cost next to nothing.

use stack_entropy::binary::AdaptiveBit;
use stack_predict::Shape;

use crate::error::Result;
use crate::number::Coder;

/// Estimates for the exceptions of one channel.
#[derive(Debug, Clone)]
pub(crate) struct ExceptionModel {
    flag: [AdaptiveBit; 32],
    same: AdaptiveBit,
    last: u64,
}

impl ExceptionModel {
    pub(crate) fn new() -> Self {
        Self { flag: [AdaptiveBit::new(255); 32], same: AdaptiveBit::new(255), last: 0 }
    }

    /// Codes which samples of a plane are exceptions, and the `bits` bits of each; returns how many there are.
    ///
    /// `raw` holds the bits of all samples for a writer, and gets those of the exceptions from a reader.
    pub(crate) fn code(
        &mut self,
        coder: &mut impl Coder,
        shape: Shape,
        earlier: Option<&[bool]>,
        flags: &mut [bool],
        raw: &mut [u64],
        bits: u32,
    ) -> Result<u64> {
        let width = shape.width();
        let mut count = 0;
        for here in 0..flags.len() {
            let x = here % width;
            let at = |there: bool, distance: usize| there && here >= distance && flags[here - distance];
            let around = [
                at(x > 0, 1),
                at(true, width),
                at(x > 0, width + 1),
                at(x + 1 < width, width - 1),
                earlier.is_some_and(|earlier| earlier[here]),
            ];
            let context = around.iter().fold(0, |context, &flag| context << 1 | usize::from(flag));
            flags[here] = coder.decide(flags[here], &mut self.flag[context])?;
            if flags[here] {
                count += 1;
                if !coder.decide(raw[here] == self.last, &mut self.same)? {
                    self.last = coder.raw(raw[here], bits)?;
                }
                raw[here] = self.last;
            }
        }
        Ok(count)
    }
}
