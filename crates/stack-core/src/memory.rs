//! A stack held in memory: for tests, examples and small results.

use crate::stream::check_frame_index;
use crate::{Error, FrameBuf, FrameSink, FrameSource, Result, StackHeader};

/// Frames in memory, as a source and as a sink.
///
/// ```
/// use stack_core::{FrameBuf, FrameShape, FrameSource, PixelType, SampleFormat, StackHeader, StackInMemory};
/// let header = StackHeader::new(2, FrameShape::gray(1, 2)?, SampleFormat::full(PixelType::U8))?;
/// let frames = vec![FrameBuf::U8(vec![1, 2]), FrameBuf::U8(vec![3, 4])];
/// let mut stack = StackInMemory::new(header, frames)?;
/// let mut frame = FrameBuf::for_header(stack.header());
/// stack.read_frame(1, &mut frame)?;
/// assert_eq!(frame, FrameBuf::U8(vec![3, 4]));
/// # Ok::<(), stack_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct StackInMemory {
    header: StackHeader,
    frames: Vec<FrameBuf>,
}

impl StackInMemory {
    /// A stack of these frames.
    ///
    /// # Errors
    /// [`Error::Parameter`] if a frame's type or length, or the number of frames, differs from the header.
    pub fn new(header: StackHeader, frames: Vec<FrameBuf>) -> Result<Self> {
        header.check()?;
        if frames.len() != header.frames {
            return Err(Error::parameter(
                "frames",
                format!("{} frames given, {} in the header", frames.len(), header.frames),
                "make both equal",
            ));
        }
        for (index, frame) in frames.iter().enumerate() {
            if frame.pixel() != header.format.pixel() || frame.len() != header.shape.samples() {
                return Err(Error::parameter(
                    format!("frame {index}"),
                    format!("{} samples of {} do not fit the header", frame.len(), frame.pixel()),
                    format!("give {}", header.describe()),
                ));
            }
        }
        Ok(Self { header, frames })
    }

    /// An empty sink; [`FrameSink::start`] gives it its header.
    pub fn collect(source: &mut dyn FrameSource) -> Result<Self> {
        let header = source.header().clone();
        let mut frames = Vec::new();
        for index in 0..header.frames {
            let mut frame = FrameBuf::for_header(&header);
            source.read_frame(index, &mut frame)?;
            frames.push(frame);
        }
        Self::new(header, frames)
    }

    /// All frames, in order.
    pub fn frames(&self) -> &[FrameBuf] {
        &self.frames
    }

    /// All frames, for changing samples in place.
    pub fn frames_mut(&mut self) -> &mut [FrameBuf] {
        &mut self.frames
    }
}

impl FrameSource for StackInMemory {
    fn header(&self) -> &StackHeader {
        &self.header
    }

    fn read_frame(&mut self, index: usize, into: &mut FrameBuf) -> Result<()> {
        check_frame_index(&self.header, index)?;
        into.clone_from(&self.frames[index]);
        Ok(())
    }
}

impl FrameSink for StackInMemory {
    fn start(&mut self, header: &StackHeader) -> Result<()> {
        self.header = header.clone();
        self.frames.clear();
        Ok(())
    }

    fn push(&mut self, frame: &FrameBuf) -> Result<()> {
        self.frames.push(frame.clone());
        Ok(())
    }

    fn finish(&mut self) -> Result<()> {
        self.header.frames = self.frames.len();
        Ok(())
    }
}
