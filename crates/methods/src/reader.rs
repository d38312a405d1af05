//! A finished file, open for reading.

use std::ops::Range;
use std::path::{Path, PathBuf};

use stack_core::{Error, FrameBuf, FrameSource, Result, StackHeader, check_frame_index};

use crate::envelope::{ENVELOPE_TABLE, Envelope, FrameHashes, HASHES_TABLE, wrong_hash};

/// What a container offers a method when it reads: frames, tables by name, and what its bytes are spent on.
pub trait Storage: FrameSource {
    /// The bytes of a table; `None` where the file has none of that name.
    ///
    /// # Errors
    /// What the file or the operating system refuses.
    fn table(&mut self, name: &str) -> Result<Option<Vec<u8>>>;

    /// The bytes `range` of a table; `None` where the file has none of that name.
    ///
    /// Containers that can read a part of a table do so; this reads all of it.
    ///
    /// # Errors
    /// What the file or the operating system refuses, or a range that the table does not have.
    fn table_part(&mut self, name: &str, range: Range<u64>) -> Result<Option<Vec<u8>>> {
        let Some(table) = self.table(name)? else { return Ok(None) };
        let part = usize::try_from(range.start)
            .and_then(|start| usize::try_from(range.end).map(|end| start..end))
            .ok()
            .and_then(|range| table.get(range));
        part.map(|part| Some(part.to_vec())).ok_or_else(|| {
            Error::parameter(
                format!("bytes {}..{} of table {name}", range.start, range.end),
                format!("it has {} bytes", table.len()),
                "restore the file from a copy",
            )
        })
    }

    /// Bytes of the file that are compressed samples; the rest is overhead.
    ///
    /// # Errors
    /// What the file or the operating system refuses.
    fn sample_bytes(&mut self) -> Result<u64>;

    /// Frames that the file holds: equal ones are stored once.
    fn stored_frames(&self) -> usize {
        self.header().frames
    }

    /// What was really encoded, where that differs from the stack: `H.264 High 10, gray10le`.
    fn encoded_as(&self) -> Option<String> {
        None
    }
}

/// An open Stackpress file: a source of its decoded frames, with its envelope and its frame hashes.
pub struct StackReader {
    path: PathBuf,
    storage: Box<dyn Storage>,
    envelope: Envelope,
}

impl StackReader {
    /// Reads the envelope of an open container.
    ///
    /// # Errors
    /// [`Error::Format`] where it is missing or damaged.
    pub fn new(path: &Path, mut storage: Box<dyn Storage>) -> Result<Self> {
        let bytes = storage.table(ENVELOPE_TABLE)?.ok_or_else(|| {
            Error::format(
                path,
                ENVELOPE_TABLE,
                "the table is missing",
                "the file was not written by stackpress",
            )
        })?;
        let envelope = Envelope::from_bytes(path, &bytes)?;
        Ok(Self { path: path.to_path_buf(), storage, envelope })
    }

    /// Method and promise of the file.
    pub fn envelope(&self) -> &Envelope {
        &self.envelope
    }

    /// The hashes of all decoded frames.
    ///
    /// # Errors
    /// [`Error::Format`] where the table is missing or has not one hash a frame.
    pub fn frame_hashes(&mut self) -> Result<FrameHashes> {
        let frames = self.header().frames;
        let bytes = self.storage.table(HASHES_TABLE)?.ok_or_else(|| {
            Error::format(&self.path, HASHES_TABLE, "the table is missing", "restore the file from a copy")
        })?;
        FrameHashes::from_bytes(&self.path, bytes, frames)
    }

    /// The stored hash of frame `index` alone; where the container allows, no other is read.
    ///
    /// # Errors
    /// [`Error::Parameter`] for a frame past the end; [`Error::Format`] where the table is missing or too short.
    pub fn frame_hash(&mut self, index: usize) -> Result<[u8; FrameHashes::HASH_BYTES]> {
        check_frame_index(self.header(), index)?;
        let start = index as u64 * FrameHashes::HASH_BYTES as u64;
        let part = self.storage.table_part(HASHES_TABLE, start..start + FrameHashes::HASH_BYTES as u64)?;
        part.and_then(|bytes| bytes.try_into().ok()).ok_or_else(|| {
            Error::format(&self.path, HASHES_TABLE, "the table is missing", "restore the file from a copy")
        })
    }

    /// Refuses decoded samples of frame `index` that have not the hash that is stored for it.
    ///
    /// # Errors
    /// [`Error::Mismatch`] that names the frame; those of [`StackReader::frame_hash`].
    pub fn check_frame(&mut self, index: usize, frame: &FrameBuf) -> Result<()> {
        if self.frame_hash(index)? == FrameHashes::hash(frame) {
            return Ok(());
        }
        Err(Error::mismatch(&self.path, wrong_hash(index), "restore the file from a copy"))
    }

    /// Bytes of the file that are compressed samples.
    ///
    /// # Errors
    /// What the file or the operating system refuses.
    pub fn sample_bytes(&mut self) -> Result<u64> {
        self.storage.sample_bytes()
    }

    /// Frames that the file holds: equal ones are stored once.
    pub fn stored_frames(&self) -> usize {
        self.storage.stored_frames()
    }

    /// What was really encoded, where that differs from the stack.
    pub fn encoded_as(&self) -> Option<String> {
        self.storage.encoded_as()
    }

    /// The open file.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// A finished file as the source of another one: every frame that is read has the hash that is stored for it.
pub struct CheckedStack {
    reader: StackReader,
    hashes: FrameHashes,
}

impl CheckedStack {
    /// Reads the hashes of all frames: 32 bytes each are held.
    ///
    /// # Errors
    /// As [`StackReader::frame_hashes`].
    pub fn new(mut reader: StackReader) -> Result<Self> {
        let hashes = reader.frame_hashes()?;
        Ok(Self { reader, hashes })
    }
}

impl FrameSource for CheckedStack {
    fn header(&self) -> &StackHeader {
        self.reader.header()
    }

    /// [`Error::Mismatch`] too where the samples are not those that were stored.
    fn read_frame(&mut self, index: usize, into: &mut FrameBuf) -> Result<()> {
        self.reader.read_frame(index, into)?;
        self.hashes.check(self.reader.path(), index, into)
    }

    fn seeks(&self) -> bool {
        self.reader.seeks()
    }

    fn disk_bytes(&self) -> Option<u64> {
        self.reader.disk_bytes()
    }
}

impl FrameSource for StackReader {
    fn header(&self) -> &StackHeader {
        self.storage.header()
    }

    fn read_frame(&mut self, index: usize, into: &mut FrameBuf) -> Result<()> {
        self.storage.read_frame(index, into)
    }

    fn seeks(&self) -> bool {
        self.storage.seeks()
    }

    fn disk_bytes(&self) -> Option<u64> {
        std::fs::metadata(&self.path).ok().map(|metadata| metadata.len())
    }
}
