//! A stack as one `.npy` file in C order: (frames, height, width), and channels if there are several.

use std::io::Write;
use std::path::{Path, PathBuf};

use stack_core::{Error, FrameBuf, FrameSink, Result, StackHeader};

use super::partial::{PartialFile, check_file_target};
use super::{Count, not_started};
use crate::array::ByteOrder;
use crate::npy::NpyHeader;

/// Writes a `.npy` file, frame after frame, little-endian.
pub struct NpySink {
    target: PathBuf,
    overwrite: bool,
    begun: Option<(PartialFile, Count)>,
}

impl NpySink {
    /// A sink for the file `target`.
    ///
    /// # Errors
    /// [`Error::Parameter`] if the file is there and `overwrite` is false, or it is a folder.
    pub fn new(target: &Path, overwrite: bool) -> Result<Self> {
        check_file_target(target, overwrite)?;
        Ok(Self { target: target.to_path_buf(), overwrite, begun: None })
    }
}

/// The `.npy` header of a stack.
pub(super) fn npy_header(header: &StackHeader) -> NpyHeader {
    let mut shape = vec![header.frames as u64, header.shape.height() as u64, header.shape.width() as u64];
    if header.shape.channels() > 1 {
        shape.push(header.shape.channels() as u64);
    }
    let pixel = header.format.pixel();
    NpyHeader { pixel, byte_order: ByteOrder::Little, fortran_order: false, shape }
}

impl FrameSink for NpySink {
    fn start(&mut self, header: &StackHeader) -> Result<()> {
        let count = Count::new(header)?;
        let mut file = PartialFile::create(&self.target, self.overwrite)?;
        file.write_all(&npy_header(header).to_bytes()?).map_err(Error::io("write", &self.target))?;
        self.begun = Some((file, count));
        Ok(())
    }

    fn push(&mut self, frame: &FrameBuf) -> Result<()> {
        let (file, count) = self.begun.as_mut().ok_or_else(not_started)?;
        count.next(frame)?;
        file.write_all(&frame.le_bytes()).map_err(Error::io("write", &self.target))
    }

    fn finish(&mut self) -> Result<()> {
        let (file, count) = self.begun.take().ok_or_else(not_started)?;
        count.complete()?;
        file.finish()
    }
}
