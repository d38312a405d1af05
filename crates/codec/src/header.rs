//! The fields of a chunk before its code.

use crate::Error;
use crate::error::Result;
use crate::prediction::Prediction;

/// The version that is written.
const VERSION: u8 = 1;

/// Bytes before the weights.
const BYTES: usize = 32;

/// What is stored of a chunk, but its code.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Header {
    pub(crate) sample_type: u8,
    pub(crate) prediction: Prediction,
    pub(crate) channels: u8,
    pub(crate) frames: u32,
    pub(crate) bound: f64,
    pub(crate) exceptions: u64,
    pub(crate) code_length: u64,
}

impl Header {
    /// The bytes, those of the weights included.
    pub(crate) fn write(&self) -> Vec<u8> {
        let mut bytes = vec![VERSION, self.sample_type, self.prediction.byte(), self.channels];
        bytes.extend(self.frames.to_le_bytes());
        bytes.extend(self.bound.to_bits().to_le_bytes());
        bytes.extend(self.exceptions.to_le_bytes());
        bytes.extend(self.code_length.to_le_bytes());
        bytes.extend(self.prediction.write());
        bytes
    }

    /// The header, the code and the raw bits of a chunk of frames that have so many channels.
    pub(crate) fn read(bytes: &[u8], channels: usize) -> Result<(Self, &[u8], &[u8])> {
        let Some((head, rest)) = bytes.split_first_chunk::<BYTES>() else {
            return Err(Error::Truncated { what: "the header", needed: BYTES, found: bytes.len() });
        };
        expect("version", head[0].into(), VERSION.into())?;
        expect("channels", head[3].into(), channels as u64)?;
        let long = |start: usize| u64::from_le_bytes(*head[start..].first_chunk().expect("eight bytes"));
        let (prediction, rest) = Prediction::read(head[2], rest, channels)?;
        let header = Self {
            sample_type: head[1],
            prediction,
            channels: head[3],
            frames: u32::from_le_bytes(*head[4..].first_chunk().expect("four bytes")),
            bound: f64::from_bits(long(8)),
            exceptions: long(16),
            code_length: long(24),
        };
        let length = usize::try_from(header.code_length).unwrap_or(usize::MAX);
        let Some((code, raw)) = rest.split_at_checked(length) else {
            return Err(Error::Truncated { what: "the code", needed: length, found: rest.len() });
        };
        Ok((header, code, raw))
    }
}

/// Checks a field that can have one value only.
pub(crate) fn expect(field: &'static str, found: u64, wanted: u64) -> Result<()> {
    if found == wanted {
        return Ok(());
    }
    Err(Error::Field { field, found, wanted: format!("it must be {wanted}") })
}
