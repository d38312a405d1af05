//! Temporary storage for samples that cannot be read in place: in memory if small, in a file if not.

use std::io::{self, Read, Seek, SeekFrom, Write};

use stack_core::{Error, Result};
use tempfile::SpooledTempFile;

/// A temporary file, or memory that is read like one; it is gone when it is dropped.
pub(crate) struct Spool {
    file: SpooledTempFile,
}

impl Spool {
    /// An empty one for `bytes` bytes: in memory if these are at most `memory`, otherwise in a file from the start.
    pub(crate) fn new(bytes: u64, memory: u64) -> Self {
        let in_memory = if bytes <= memory { usize::try_from(bytes).unwrap_or(0) } else { 0 };
        Self { file: SpooledTempFile::new(in_memory) }
    }

    /// Writes `bytes` at `offset`; a gap before them reads as zeros.
    pub(crate) fn write_at(&mut self, offset: u64, bytes: &[u8]) -> Result<()> {
        self.file
            .seek(SeekFrom::Start(offset))
            .and_then(|_| self.file.write_all(bytes))
            .map_err(Error::io("write temporary samples to", std::env::temp_dir()))
    }
}

impl Read for Spool {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.file.read(buffer)
    }
}

impl Seek for Spool {
    fn seek(&mut self, position: SeekFrom) -> io::Result<u64> {
        self.file.seek(position)
    }
}
