//! What is known of a stack before its first frame is read.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::{Error, FrameShape, Metadata, Result, SampleFormat};

/// What a stack is, apart from its samples.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StackHeader {
    /// Number of frames; exact, never an estimate.
    pub frames: usize,
    /// Shape of every frame.
    pub shape: FrameShape,
    /// Type of every sample.
    pub format: SampleFormat,
    /// Names and free-text properties.
    #[serde(default)]
    pub meta: Metadata,
}

impl StackHeader {
    /// A header without metadata.
    ///
    /// # Errors
    /// [`Error::Parameter`] if there are no frames, or the stack's bytes do not fit in 64 bits.
    pub fn new(frames: usize, shape: FrameShape, format: SampleFormat) -> Result<Self> {
        let header = Self { frames, shape, format, meta: Metadata::default() };
        header.check()?;
        Ok(header)
    }

    /// Checks what the types alone cannot: at least one frame, a size that fits, one name per frame or none.
    ///
    /// # Errors
    /// [`Error::Parameter`] that names the field.
    pub fn check(&self) -> Result<()> {
        if self.frames == 0 {
            return Err(Error::parameter("frames", "a stack has no frames", "give at least one frame"));
        }
        let bytes = (self.frames as u128) * (self.frame_bytes() as u128);
        if u64::try_from(bytes).is_err() {
            return Err(Error::parameter(
                "frames",
                format!("{} frames of {} need {bytes} bytes", self.frames, self.shape),
                "the size of a stack must fit in 64 bits",
            ));
        }
        self.meta.check(self.frames)
    }

    /// The header of the frames in `range` alone: their number, names and blocks.
    ///
    /// # Errors
    /// [`Error::Parameter`] for a range that is empty or reaches past the last frame.
    pub fn part(&self, range: Range<usize>) -> Result<Self> {
        if range.is_empty() || range.end > self.frames {
            return Err(Error::parameter(
                format!("frames {}:{}", range.start, range.end),
                format!("the stack has frames 0 to {}", self.frames - 1),
                format!("give FIRST:END within 0:{}", self.frames),
            ));
        }
        Ok(Self { frames: range.len(), meta: self.meta.part(range), ..self.clone() })
    }

    /// Bytes of one frame's samples.
    pub const fn frame_bytes(&self) -> usize {
        self.shape.samples() * self.format.pixel().bytes()
    }

    /// Bytes of all samples.
    pub const fn raw_bytes(&self) -> u64 {
        self.frames as u64 * self.frame_bytes() as u64
    }

    /// Number of samples in the whole stack.
    pub const fn samples(&self) -> u64 {
        self.frames as u64 * self.shape.samples() as u64
    }

    /// Whether both describe samples of the same number, shape and type (metadata may differ).
    ///
    /// The number of significant bits is a hint and is not compared.
    pub fn same_samples_as(&self, other: &Self) -> bool {
        self.frames == other.frames
            && self.shape == other.shape
            && self.format.pixel() == other.format.pixel()
    }

    /// `1728 frames of 201 x 301, u16`.
    pub fn describe(&self) -> String {
        let plural = if self.frames == 1 { "" } else { "s" };
        format!("{} frame{plural} of {}, {}", self.frames, self.shape, self.format)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::PixelType;

    #[test]
    fn sizes_are_checked() {
        let shape = FrameShape::gray(1 << 20, 1 << 20).unwrap();
        let format = SampleFormat::full(PixelType::F64);
        assert!(StackHeader::new(0, shape, format).is_err());
        assert!(StackHeader::new(usize::MAX, shape, format).is_err());
        let header = StackHeader::new(3, FrameShape::gray(2, 5).unwrap(), format).unwrap();
        assert_eq!(header.raw_bytes(), 240);
        assert_eq!(header.describe(), "3 frames of 2 x 5, f64");
    }

    #[test]
    fn a_part_keeps_what_belongs_to_its_frames() {
        let shape = FrameShape::gray(2, 2).unwrap();
        let mut header = StackHeader::new(3, shape, SampleFormat::full(PixelType::U8)).unwrap();
        header.meta.frame_names = vec!["a".into(), "b".into(), "c".into()];
        let part = header.part(1..3).unwrap();
        assert_eq!((part.frames, part.meta.frame_names.as_slice()), (2, ["b".into(), "c".into()].as_slice()));
        assert!(header.part(1..1).is_err());
        assert!(header.part(2..4).is_err());
    }
}
