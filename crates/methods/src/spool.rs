//! Decoded frames in a temporary file, for readers that want them in another order than they can be made in.

use std::io::{Read, Seek, SeekFrom, Write};

use stack_core::{
    Error, FrameBuf, FrameSource, Limits, Progress, Result, StackHeader, check_frame_index, for_each_frame,
};
use tempfile::SpooledTempFile;

use crate::{Method, Order};

/// All frames of a stack: in memory if they are few, in a temporary file if not. It is gone when it is dropped.
pub(crate) struct FrameSpool {
    header: StackHeader,
    file: SpooledTempFile,
    disk_bytes: Option<u64>,
}

impl FrameSpool {
    /// Reads all frames of `source`, in order.
    pub(crate) fn fill(
        source: &mut dyn FrameSource,
        limits: &Limits,
        progress: &dyn Progress,
    ) -> Result<Self> {
        let header = source.header().clone();
        let disk_bytes = source.disk_bytes();
        let raw = header.raw_bytes();
        let in_memory = if raw <= limits.memory_bytes / 4 { usize::try_from(raw).unwrap_or(0) } else { 0 };
        tracing::debug!(raw, in_memory = in_memory > 0, "spooling frames");
        let mut file = SpooledTempFile::new(in_memory);
        for_each_frame(source, progress, |_, frame| {
            file.write_all(&frame.le_bytes())
                .map_err(Error::io("write temporary frames to", std::env::temp_dir()))
        })?;
        Ok(Self { header, file, disk_bytes })
    }
}

/// The frames of a source that only streams, where a method wants them in another order; `None` where it does not.
pub(crate) fn for_order(
    source: &mut dyn FrameSource,
    method: &dyn Method,
    limits: &Limits,
    progress: &dyn Progress,
) -> Result<Option<FrameSpool>> {
    if source.seeks() || method.order() == Order::None {
        return Ok(None);
    }
    progress.phase("decoding the source", source.header().frames as u64);
    FrameSpool::fill(source, limits, progress).map(Some)
}

impl FrameSource for FrameSpool {
    fn header(&self) -> &StackHeader {
        &self.header
    }

    fn read_frame(&mut self, index: usize, into: &mut FrameBuf) -> Result<()> {
        check_frame_index(&self.header, index)?;
        into.fit(&self.header);
        let start = index as u64 * self.header.frame_bytes() as u64;
        let read = |file: &mut SpooledTempFile, bytes: &mut [u8]| {
            file.seek(SeekFrom::Start(start)).and_then(|_| file.read_exact(bytes))
        };
        into.fill_le_bytes(|bytes| {
            read(&mut self.file, bytes).map_err(Error::io("read temporary frames from", std::env::temp_dir()))
        })
    }

    fn disk_bytes(&self) -> Option<u64> {
        self.disk_bytes
    }
}
