//! Streams of frames: where they come from, where they go, and how long work reports and stops.

use crate::{Error, FrameBuf, Result, StackHeader};

/// A stack that can be read frame by frame, in any order.
///
/// Sources that seek (arrays, folders, HDF5) read any frame at the same cost. A source that only streams (video)
/// says so in [`FrameSource::seeks`]: going back starts it over. Finished Stackpress files are sources too, so
/// every output can be an input.
pub trait FrameSource: Send {
    /// What is in the stack.
    fn header(&self) -> &StackHeader;

    /// Reads frame `index` (0-based) into `into`, which is resized to fit.
    ///
    /// # Errors
    /// What the file or the operating system refuses; an `index` past the end is [`Error::Parameter`].
    fn read_frame(&mut self, index: usize, into: &mut FrameBuf) -> Result<()>;

    /// Whether any frame can be read at about the same cost.
    fn seeks(&self) -> bool {
        true
    }

    /// Bytes that the stack takes on disk now; `None` where that is unknown or nothing is on disk.
    fn disk_bytes(&self) -> Option<u64> {
        None
    }
}

impl<S: FrameSource + ?Sized> FrameSource for Box<S> {
    fn header(&self) -> &StackHeader {
        (**self).header()
    }
    fn read_frame(&mut self, index: usize, into: &mut FrameBuf) -> Result<()> {
        (**self).read_frame(index, into)
    }
    fn seeks(&self) -> bool {
        (**self).seeks()
    }
    fn disk_bytes(&self) -> Option<u64> {
        (**self).disk_bytes()
    }
}

impl<S: FrameSource + ?Sized> FrameSource for &mut S {
    fn header(&self) -> &StackHeader {
        (**self).header()
    }
    fn read_frame(&mut self, index: usize, into: &mut FrameBuf) -> Result<()> {
        (**self).read_frame(index, into)
    }
    fn seeks(&self) -> bool {
        (**self).seeks()
    }
    fn disk_bytes(&self) -> Option<u64> {
        (**self).disk_bytes()
    }
}

/// Something that takes the frames of a stack in order.
pub trait FrameSink {
    /// Called once, before the first frame.
    ///
    /// # Errors
    /// [`Error::Unsupported`] where the sink cannot hold such a stack; what the operating system refuses.
    fn start(&mut self, header: &StackHeader) -> Result<()>;

    /// Takes the next frame.
    ///
    /// # Errors
    /// What the operating system refuses.
    fn push(&mut self, frame: &FrameBuf) -> Result<()>;

    /// Called once, after the last frame; only then is the output complete.
    ///
    /// # Errors
    /// What the operating system refuses.
    fn finish(&mut self) -> Result<()>;
}

/// Checks a frame number against the header; sources call it first in `read_frame`.
///
/// # Errors
/// [`Error::Parameter`] that tells how many frames there are.
pub fn check_frame_index(header: &StackHeader, index: usize) -> Result<()> {
    if index < header.frames {
        return Ok(());
    }
    Err(Error::parameter(
        format!("frame {index}"),
        format!("the stack has {} frames", header.frames),
        format!("use 0 to {}", header.frames - 1),
    ))
}

/// Where long work reports to, and where it learns that it should stop.
pub trait Progress: Sync {
    /// A new phase begins: `total` frames are to come.
    fn phase(&self, name: &str, total: u64);

    /// `frames` more frames are done; `bytes` of samples with them.
    fn advance(&self, frames: u64, bytes: u64);

    /// Whether the user asked to stop.
    fn stopped(&self) -> bool {
        false
    }

    /// # Errors
    /// [`Error::Cancelled`] once the user asked to stop; long loops call this for every frame.
    fn check(&self) -> Result<()> {
        if self.stopped() { Err(Error::Cancelled) } else { Ok(()) }
    }
}

/// Reports nothing and never stops.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Progress for Silent {
    fn phase(&self, _: &str, _: u64) {}
    fn advance(&self, _: u64, _: u64) {}
}

/// Calls `work` with the number and the samples of every frame of `source`, in order, and tells `progress`.
///
/// # Errors
/// Those of the source and of `work`, and [`Error::Cancelled`].
pub fn for_each_frame(
    source: &mut dyn FrameSource,
    progress: &dyn Progress,
    mut work: impl FnMut(usize, &FrameBuf) -> Result<()>,
) -> Result<()> {
    let header = source.header().clone();
    let mut frame = FrameBuf::for_header(&header);
    for index in 0..header.frames {
        progress.check()?;
        source.read_frame(index, &mut frame)?;
        work(index, &frame)?;
        progress.advance(1, header.frame_bytes() as u64);
    }
    Ok(())
}

/// Copies all frames of `source` to `sink`, in order.
///
/// # Errors
/// Those of the source and the sink, and [`Error::Cancelled`].
pub fn copy_frames(
    source: &mut dyn FrameSource,
    sink: &mut dyn FrameSink,
    progress: &dyn Progress,
) -> Result<()> {
    sink.start(source.header())?;
    for_each_frame(source, progress, |_, frame| sink.push(frame))?;
    sink.finish()
}
