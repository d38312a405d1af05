//! The mean of one pile, of any sample type.

use stack_core::{FrameBuf, StackHeader};
use stack_predict::FrameMean;

/// The sums of the frames of one pile, of any sample type.
pub(super) enum PileMean {
    U8(FrameMean<u8>),
    U16(FrameMean<u16>),
    I16(FrameMean<i16>),
    I32(FrameMean<i32>),
    F32(FrameMean<f32>),
    F64(FrameMean<f64>),
}

/// Runs one expression on sums and frames of one sample type.
macro_rules! with_mean {
    ($mean:expr, $frame:expr, ($sums:ident, $samples:ident) => $body:expr) => {
        match ($mean, $frame) {
            (PileMean::U8($sums), FrameBuf::U8($samples)) => $body,
            (PileMean::U16($sums), FrameBuf::U16($samples)) => $body,
            (PileMean::I16($sums), FrameBuf::I16($samples)) => $body,
            (PileMean::I32($sums), FrameBuf::I32($samples)) => $body,
            (PileMean::F32($sums), FrameBuf::F32($samples)) => $body,
            (PileMean::F64($sums), FrameBuf::F64($samples)) => $body,
            _ => Err(stack_predict::Error::NoFrames),
        }
    };
}

impl PileMean {
    pub(super) fn for_header(header: &StackHeader) -> Self {
        let samples = header.shape.samples();
        match FrameBuf::zeros(header.format.pixel(), 0) {
            FrameBuf::U8(_) => Self::U8(FrameMean::new(samples)),
            FrameBuf::U16(_) => Self::U16(FrameMean::new(samples)),
            FrameBuf::I16(_) => Self::I16(FrameMean::new(samples)),
            FrameBuf::I32(_) => Self::I32(FrameMean::new(samples)),
            FrameBuf::F32(_) => Self::F32(FrameMean::new(samples)),
            FrameBuf::F64(_) => Self::F64(FrameMean::new(samples)),
        }
    }

    pub(super) fn push(&mut self, frame: &FrameBuf) -> Result<(), stack_predict::Error> {
        with_mean!(self, frame, (sums, samples) => sums.push(samples))
    }

    pub(super) fn write(&mut self, mean: &mut FrameBuf) -> Result<(), stack_predict::Error> {
        with_mean!(self, mean, (sums, samples) => sums.write(samples))
    }
}
