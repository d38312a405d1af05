//! Reads the files that [`StackWriter`](crate::StackWriter) writes.

use std::io::Read;
use std::path::Path;

use hdf5::Dataset;
use stack_core::{
    Arrangement, Error, FrameBuf, FrameSource, Limits, Result, SampleFormat, StackHeader, check_frame_index,
};

use crate::arranged;
use crate::dataset::{Part, open_file, samples_of};
use crate::failure;
use crate::names;
use crate::samples::{Origin, SampleReader, Samples};
use crate::tables::Tables;

/// What an HDF5 file begins with, unless another program put a block before it.
const SIGNATURE: [u8; 8] = *b"\x89HDF\r\n\x1a\n";

/// A stack in an HDF5 file of ours.
///
/// Frames that are read in order are decoded ahead, in parallel; any other frame costs one chunk.
#[derive(Debug)]
pub struct StackFile {
    tables: Tables,
    stack: Dataset,
    header: StackHeader,
    /// The row of each frame, where that is not its own number.
    arrangement: Option<Arrangement>,
    reader: SampleReader,
}

impl StackFile {
    /// Opens a file and reads everything but samples and tables.
    ///
    /// That is little beside the names of the frames, of which all are read: their characters, as many for each as the
    /// longest has, and compressed where they are more than 16 KiB.
    ///
    /// # Errors
    /// [`Error::Io`] if it cannot be read; [`Error::Format`] if it is no HDF5 file, not one of ours, of a newer
    /// version, damaged or incomplete; [`Error::Limit`] if it claims more than `limits` allow.
    pub fn open(path: &Path, limits: &Limits) -> Result<Self> {
        Self::new(Tables::open(path, limits)?)
    }

    pub(crate) fn new(tables: Tables) -> Result<Self> {
        let (path, limits) = (tables.path(), tables.limits());
        let arrangement = arranged::read_index(&tables)?;
        let name = if arrangement.is_some() { names::FRAMES } else { names::STACK };
        let field = format!("/{name}");
        let stack = tables.file().dataset(name).map_err(failure::reading(path, field.as_str()))?;
        let Part { view, number, geometry, mut header } = samples_of(path, &field, &stack, None, limits)?;
        let bits = tables.significant_bits(&stack, &field)?;
        header.format = SampleFormat::new(header.format.pixel(), bits)
            .map_err(|error| failure::damaged(path, field.as_str(), error.to_string()))?;
        header.frames = arranged::frames(path, header.frames, &field, arrangement.as_ref())?;
        header.meta = tables.metadata(header.frames)?;
        limits.check_header(path, &header)?;
        let dataset = stack.clone();
        let samples = Samples { path, field: &field, dataset, view, geometry, number, origin: Origin::Ours };
        let reader = samples.open(limits)?;
        Ok(Self { tables, stack, header, arrangement, reader })
    }

    /// The bytes that were stored as table `name`; `None` if there is no such table.
    ///
    /// # Errors
    /// As [`Tables::table`].
    pub fn table(&self, name: &str) -> Result<Option<Vec<u8>>> {
        self.tables.table(name)
    }

    /// The tables of the file.
    pub fn tables(&self) -> &Tables {
        &self.tables
    }

    /// Rows that are stored for the frames of the stack: equal frames have one.
    pub fn stored_frames(&self) -> usize {
        self.arrangement.as_ref().map_or(self.header.frames, Arrangement::stored)
    }

    /// Bytes that the samples take in the file; the rest of it is structure, names and tables. Walks through the index
    /// of all chunks.
    pub fn stored_bytes_of_samples(&self) -> u64 {
        self.stack.storage_size()
    }
}

impl FrameSource for StackFile {
    fn header(&self) -> &StackHeader {
        &self.header
    }

    fn read_frame(&mut self, index: usize, into: &mut FrameBuf) -> Result<()> {
        check_frame_index(&self.header, index)?;
        into.fit(&self.header);
        let row = arranged::row(self.arrangement.as_ref(), index);
        into.fill_le_bytes(|bytes| self.reader.read_frame(row, bytes))
    }

    fn disk_bytes(&self) -> Option<u64> {
        std::fs::metadata(self.tables.path()).ok().map(|metadata| metadata.len())
    }
}

/// Whether `path` is an HDF5 file that [`StackWriter`](crate::StackWriter) wrote, by its content.
///
/// # Errors
/// [`Error::Io`] if it cannot be read; [`Error::Format`] if it begins as an HDF5 file and cannot be opened as
/// one, for example because its end is missing.
pub fn is_stack_file(path: &Path) -> Result<bool> {
    let mut start = Vec::with_capacity(SIGNATURE.len());
    std::fs::File::open(path)
        .and_then(|file| file.take(SIGNATURE.len() as u64).read_to_end(&mut start))
        .map_err(Error::io("read", path))?;
    if start != SIGNATURE {
        return Ok(false);
    }
    Ok(open_file(path)?.link_exists(names::GROUP))
}
