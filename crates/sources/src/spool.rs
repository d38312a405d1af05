//! Temporary storage for samples that cannot be read in place: in memory while small, in a file when not.

use std::io::{self, Read, Seek, SeekFrom, Write};

use stack_core::{Error, Result};
use tempfile::SpooledTempFile;

/// A temporary file that stays in memory up to a bound, and is deleted when it is dropped.
pub(crate) struct Spool {
    file: SpooledTempFile,
}

impl Spool {
    /// An empty one that keeps up to `memory` bytes in memory.
    pub(crate) fn new(memory: usize) -> Self {
        Self { file: SpooledTempFile::new(memory) }
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
