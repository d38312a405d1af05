//! A run of frames as a stack of its own.

use std::ops::Range;

use crate::{FrameBuf, FrameSource, Result, StackHeader, check_frame_index};

/// Some frames in a row of a source, counted from 0.
///
/// ```
/// use stack_core::{FrameBuf, FrameSource, Part, Synthetic};
/// let spec: Synthetic = "gradient:frames=9,size=2x2".parse()?;
/// let mut part = Part::new(spec.source()?, 4..6)?;
/// assert_eq!(part.header().frames, 2);
/// # Ok::<(), stack_core::Error>(())
/// ```
pub struct Part<S> {
    source: S,
    header: StackHeader,
    first: usize,
}

impl<S: FrameSource> Part<S> {
    /// The frames `range` of `source`, with their names and blocks.
    ///
    /// # Errors
    /// As [`StackHeader::part`].
    pub fn new(source: S, range: Range<usize>) -> Result<Self> {
        let header = source.header().part(range.clone())?;
        Ok(Self { source, header, first: range.start })
    }

    /// At most the first `frames` frames; all of them where `frames` is `None`.
    ///
    /// # Errors
    /// [`Error::Parameter`](crate::Error::Parameter) for no frames.
    pub fn first(source: S, frames: Option<usize>) -> Result<Self> {
        let all = source.header().frames;
        Self::new(source, 0..frames.map_or(all, |frames| frames.min(all)))
    }

    /// Whether this is the whole source.
    fn is_whole(&self) -> bool {
        self.header.frames == self.source.header().frames
    }
}

impl<S: FrameSource> FrameSource for Part<S> {
    fn header(&self) -> &StackHeader {
        &self.header
    }

    fn read_frame(&mut self, index: usize, into: &mut FrameBuf) -> Result<()> {
        check_frame_index(&self.header, index)?;
        self.source.read_frame(self.first + index, into)
    }

    fn seeks(&self) -> bool {
        self.source.seeks()
    }

    /// What the source takes where this is all of it; a part has no size of its own on disk.
    fn disk_bytes(&self) -> Option<u64> {
        self.source.disk_bytes().filter(|_| self.is_whole())
    }
}
