//! The engine that the binary coder and the range coder share: an interval that narrows.
//!
//! The interval `low..low + range` has 64 bits. When its width falls below `2^32`, the upper 32 bits of `low` go out and
//! both are shifted up. A later carry runs back through the bytes that went out: it turns each `ff` that it meets to
//! `00`, so that all carries together cost no more than the bytes.

use crate::Error;

/// The width at the beginning: a power of two, so that short messages have their exact interval.
const FIRST_RANGE: u64 = 1 << 63;

/// The width below which 32 bits go out.
const LEAST_RANGE: u64 = 1 << 32;

/// Narrows an interval and writes its lower end.
#[derive(Debug, Clone)]
pub(crate) struct Narrowing {
    bytes: Vec<u8>,
    low: u64,
    range: u64,
}

impl Narrowing {
    pub(crate) fn new(bytes: Vec<u8>) -> Self {
        Self { bytes, low: 0, range: FIRST_RANGE }
    }

    #[inline]
    pub(crate) fn range(&self) -> u64 {
        self.range
    }

    /// Keeps the part of the interval that begins at `start` and is `width` wide, which is above 0.
    #[inline]
    pub(crate) fn narrow(&mut self, start: u64, width: u64) {
        let (low, carry) = self.low.overflowing_add(start);
        if carry {
            self.carry();
        }
        (self.low, self.range) = (low, width);
        if width < LEAST_RANGE {
            self.bytes.extend_from_slice(&((low >> 32) as u32).to_be_bytes());
            self.low <<= 32;
            self.range <<= 32;
        }
    }

    #[cold]
    fn carry(&mut self) {
        for byte in self.bytes.iter_mut().rev() {
            *byte = byte.wrapping_add(1);
            if *byte != 0 {
                break;
            }
        }
    }

    /// The bytes with the whole lower end of the interval, so that a decoder ends at its very beginning.
    pub(crate) fn finish(mut self) -> Vec<u8> {
        self.bytes.extend_from_slice(&self.low.to_be_bytes());
        self.bytes
    }
}

/// Follows the same interval from the bytes.
#[derive(Debug, Clone)]
pub(crate) struct Following<'a> {
    bytes: &'a [u8],
    next: usize,
    /// Where the code lies above the lower end.
    offset: u64,
    range: u64,
}

impl<'a> Following<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Result<Self, Error> {
        let Some(first) = bytes.first_chunk::<8>() else {
            return Err(Error::TruncatedBytes { byte: 0, needed: 8, left: bytes.len() });
        };
        let offset = u64::from_be_bytes(*first);
        if offset >= FIRST_RANGE {
            return Err(Error::WrongEnd { byte: 0 });
        }
        Ok(Self { bytes, next: 8, offset, range: FIRST_RANGE })
    }

    #[inline]
    pub(crate) fn range(&self) -> u64 {
        self.range
    }

    #[inline]
    pub(crate) fn offset(&self) -> u64 {
        self.offset
    }

    pub(crate) fn position(&self) -> usize {
        self.next
    }

    /// Keeps the part of the interval that the encoder kept; the offset must lie in it.
    #[inline]
    pub(crate) fn narrow(&mut self, start: u64, width: u64) -> Result<(), Error> {
        self.offset -= start;
        self.range = width;
        if width < LEAST_RANGE {
            let Some(word) = self.bytes[self.next..].first_chunk::<4>() else {
                let left = self.bytes.len() - self.next;
                return Err(Error::TruncatedBytes { byte: self.next, needed: 4, left });
            };
            self.next += 4;
            self.offset = self.offset << 32 | u64::from(u32::from_be_bytes(*word));
            self.range <<= 32;
        }
        Ok(())
    }

    /// Checks that the bytes are used up and that the code is the lower end of the interval.
    pub(crate) fn finish(&self) -> Result<(), Error> {
        if self.next < self.bytes.len() {
            return Err(Error::Trailing { byte: self.next, left: self.bytes.len() - self.next });
        }
        if self.offset != 0 {
            return Err(Error::WrongEnd { byte: self.next });
        }
        Ok(())
    }
}
