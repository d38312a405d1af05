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

/// The exceptions of one plane.
#[derive(Debug, Clone)]
pub(crate) struct Exceptions {
    /// A flag for each sample.
    flags: Vec<bool>,
    /// The bits of each exception, in order.
    bits: Vec<u64>,
}

impl Exceptions {
    /// None among so many samples.
    pub(crate) fn none(samples: usize) -> Self {
        Self { flags: vec![false; samples], bits: Vec::new() }
    }

    /// Makes the sample at a place after all others an exception.
    pub(crate) fn push(&mut self, place: usize, bits: u64) {
        self.flags[place] = true;
        self.bits.push(bits);
    }

    /// Which samples are exceptions.
    pub(crate) fn flags(&self) -> &[bool] {
        &self.flags
    }

    /// Their bits, in order.
    pub(crate) fn bits(&self) -> &[u64] {
        &self.bits
    }
}

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

    /// Codes which samples of a plane are exceptions, and the `width` bits of each: of those that are given for a
    /// writer; a reader gives them back.
    pub(crate) fn code(
        &mut self,
        coder: &mut impl Coder,
        shape: Shape,
        earlier: Option<&Exceptions>,
        truth: &Exceptions,
        width: u32,
    ) -> Result<Exceptions> {
        let row = shape.width();
        let mut coded = Exceptions::none(truth.flags.len());
        for here in 0..truth.flags.len() {
            let x = here % row;
            let at = |there: bool, distance: usize| there && here >= distance && coded.flags[here - distance];
            let around = [
                at(x > 0, 1),
                at(true, row),
                at(x > 0, row + 1),
                at(x + 1 < row, row - 1),
                earlier.is_some_and(|earlier| earlier.flags[here]),
            ];
            let context = around.iter().fold(0, |context, &flag| context << 1 | usize::from(flag));
            if coder.decide(truth.flags[here], &mut self.flag[context])? {
                // A reader is given none and ignores the truth.
                let bits = truth.bits.get(coded.bits.len()).copied().unwrap_or_default();
                if !coder.decide(bits == self.last, &mut self.same)? {
                    self.last = coder.raw(bits, width)?;
                }
                coded.push(here, self.last);
            }
        }
        Ok(coded)
    }
}
