//! One frame's samples, owned by the caller and reused from frame to frame.

use std::borrow::Cow;

use crate::{PixelType, Sample, StackHeader};

/// The samples of one frame, row by row, channels innermost.
///
/// This is the only place where the type of a sample is dynamic; [`with_samples!`](crate::with_samples) leads
/// from here to generic code.
#[derive(Debug, Clone, PartialEq)]
pub enum FrameBuf {
    /// Unsigned 8-bit samples.
    U8(Vec<u8>),
    /// Unsigned 16-bit samples.
    U16(Vec<u16>),
    /// Signed 16-bit samples.
    I16(Vec<i16>),
    /// Signed 32-bit samples.
    I32(Vec<i32>),
    /// 32-bit floats.
    F32(Vec<f32>),
    /// 64-bit floats.
    F64(Vec<f64>),
}

/// Runs one expression on the samples of a [`FrameBuf`], whatever their type.
///
/// ```
/// use stack_core::{FrameBuf, Sample, with_samples};
/// let frame = FrameBuf::U16(vec![7, 9]);
/// let sum: f64 = with_samples!(&frame, samples => samples.iter().map(|s| s.to_f64()).sum());
/// assert_eq!(sum, 16.0);
/// ```
#[macro_export]
macro_rules! with_samples {
    ($frame:expr, $samples:ident => $body:expr) => {
        match $frame {
            $crate::FrameBuf::U8($samples) => $body,
            $crate::FrameBuf::U16($samples) => $body,
            $crate::FrameBuf::I16($samples) => $body,
            $crate::FrameBuf::I32($samples) => $body,
            $crate::FrameBuf::F32($samples) => $body,
            $crate::FrameBuf::F64($samples) => $body,
        }
    };
}

impl FrameBuf {
    /// A frame of `samples` zeros.
    pub fn zeros(pixel: PixelType, samples: usize) -> Self {
        match pixel {
            PixelType::U8 => Self::U8(vec![0; samples]),
            PixelType::U16 => Self::U16(vec![0; samples]),
            PixelType::I16 => Self::I16(vec![0; samples]),
            PixelType::I32 => Self::I32(vec![0; samples]),
            PixelType::F32 => Self::F32(vec![0.0; samples]),
            PixelType::F64 => Self::F64(vec![0.0; samples]),
        }
    }

    /// A buffer that fits the frames of `header`.
    pub fn for_header(header: &StackHeader) -> Self {
        Self::zeros(header.format.pixel(), header.shape.samples())
    }

    /// Makes this buffer fit the frames of `header`, keeping its memory where type and length already do.
    pub fn fit(&mut self, header: &StackHeader) {
        if self.pixel() != header.format.pixel() || self.len() != header.shape.samples() {
            *self = Self::for_header(header);
        }
    }

    /// The sample type.
    pub const fn pixel(&self) -> PixelType {
        match self {
            Self::U8(_) => PixelType::U8,
            Self::U16(_) => PixelType::U16,
            Self::I16(_) => PixelType::I16,
            Self::I32(_) => PixelType::I32,
            Self::F32(_) => PixelType::F32,
            Self::F64(_) => PixelType::F64,
        }
    }

    /// Number of samples.
    pub fn len(&self) -> usize {
        with_samples!(self, samples => samples.len())
    }

    /// Whether there are no samples.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The samples as little-endian bytes: borrowed on little-endian machines, converted on others.
    pub fn le_bytes(&self) -> Cow<'_, [u8]> {
        with_samples!(self, samples => {
            let native: &[u8] = bytemuck::cast_slice(samples);
            if cfg!(target_endian = "little") {
                Cow::Borrowed(native)
            } else {
                Cow::Owned(reversed_words(native, self.pixel().bytes()))
            }
        })
    }

    /// Lets `fill` write the samples as bytes, which are then taken as little-endian.
    ///
    /// `fill` gets exactly [`FrameBuf::len`] samples of [`PixelType::bytes`] each, with unspecified content.
    pub fn fill_le_bytes<E>(&mut self, fill: impl FnOnce(&mut [u8]) -> Result<(), E>) -> Result<(), E> {
        let word = self.pixel().bytes();
        with_samples!(self, samples => {
            let native: &mut [u8] = bytemuck::cast_slice_mut(samples);
            fill(native)?;
            if cfg!(target_endian = "big") {
                reverse_words(native, word);
            }
            Ok(())
        })
    }

    /// The bit pattern of sample `index`, zero-extended; `None` past the end.
    pub fn bits_at(&self, index: usize) -> Option<u64> {
        with_samples!(self, samples => samples.get(index).map(|sample| sample.to_bits_u64()))
    }
}

fn reverse_words(bytes: &mut [u8], word: usize) {
    bytes.chunks_exact_mut(word).for_each(<[u8]>::reverse);
}

fn reversed_words(bytes: &[u8], word: usize) -> Vec<u8> {
    let mut copy = bytes.to_vec();
    reverse_words(&mut copy, word);
    copy
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_little_endian_both_ways() {
        let frame = FrameBuf::I16(vec![1, -2]);
        assert_eq!(frame.le_bytes().as_ref(), [1, 0, 0xfe, 0xff]);
        let mut back = FrameBuf::zeros(PixelType::I16, 2);
        back.fill_le_bytes(|bytes| {
            bytes.copy_from_slice(&frame.le_bytes());
            Ok::<(), ()>(())
        })
        .unwrap();
        assert_eq!(back, frame);
    }

    #[test]
    fn words_are_reversed_for_other_machines() {
        assert_eq!(reversed_words(&[1, 2, 3, 4], 2), [2, 1, 4, 3]);
    }
}
