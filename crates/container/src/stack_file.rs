//! Reads the files that [`StackWriter`](crate::StackWriter) writes.

use std::io::Read;
use std::path::{Path, PathBuf};

use hdf5::File;
use serde::de::DeserializeOwned;
use stack_core::{
    Error, FrameBuf, FrameSource, Limits, Metadata, Result, SampleFormat, StackHeader, check_frame_index,
};

use crate::dataset::{open_file, samples_of};
use crate::failure;
use crate::library;
use crate::names;
use crate::samples::{Origin, SampleReader, Samples};
use crate::text;

/// What an HDF5 file begins with, unless another program put a block before it.
const SIGNATURE: [u8; 8] = *b"\x89HDF\r\n\x1a\n";

/// A stack in an HDF5 file of ours.
///
/// Frames that are read in order are decoded ahead, in parallel; any other frame costs one chunk.
#[derive(Debug)]
pub struct StackFile {
    path: PathBuf,
    file: File,
    stored_bytes: u64,
    header: StackHeader,
    limits: Limits,
    reader: SampleReader,
}

impl StackFile {
    /// Opens a file and reads everything but samples and tables.
    ///
    /// # Errors
    /// [`Error::Io`] if it cannot be read; [`Error::Format`] if it is no HDF5 file, not one of ours, of a newer
    /// version, damaged or incomplete; [`Error::Limit`] if it claims more than `limits` allow.
    pub fn open(path: &Path, limits: &Limits) -> Result<Self> {
        let file = open_file(path)?;
        check_version(path, &file)?;
        let field = format!("/{}", names::STACK);
        let stack = file.dataset(names::STACK).map_err(failure::reading(path, field.as_str()))?;
        let (geometry, mut header) = samples_of(path, &field, &stack, limits)?;
        let bits = stack
            .attr(names::SIGNIFICANT_BITS)
            .and_then(|attribute| attribute.read_scalar::<u8>())
            .map_err(failure::reading(path, format!("{field}, attribute {}", names::SIGNIFICANT_BITS)))?;
        header.format = SampleFormat::new(header.format.pixel(), bits)
            .map_err(|error| failure::damaged(path, field.as_str(), error.to_string()))?;
        header.meta = read_metadata(path, &file, header.frames, limits)?;
        limits.check_header(path, &header)?;
        let stored_bytes = stack.storage_size();
        let samples = Samples {
            path,
            field: &field,
            dataset: stack,
            geometry,
            pixel: header.format.pixel(),
            origin: Origin::Ours,
        };
        let reader = samples.open(limits)?;
        Ok(Self { path: path.to_path_buf(), file, stored_bytes, header, limits: *limits, reader })
    }

    /// The bytes that were stored as table `name`; `None` if there is no such table.
    ///
    /// # Errors
    /// [`Error::Parameter`] for a name that no table can have; [`Error::Limit`] or [`Error::Format`] for a table
    /// that is too large or damaged.
    pub fn table(&mut self, name: &str) -> Result<Option<Vec<u8>>> {
        names::check_table(name)?;
        let field = format!("/{}/{name}", names::GROUP);
        let failed = || failure::reading(&self.path, field.as_str());
        let group = self.file.group(names::GROUP).map_err(failed())?;
        if !group.link_exists(name) {
            return Ok(None);
        }
        let dataset = group.dataset(name).map_err(failed())?;
        let bytes = dataset.size();
        Limits::check(&self.path, "the size of a table in bytes", bytes as u128, self.limits.metadata_bytes)?;
        let mut table = vec![0; bytes];
        if bytes > 0 {
            library::read_whole(&dataset, &mut table).map_err(failed())?;
        }
        Ok(Some(table))
    }

    /// Bytes that the samples take in the file; the rest of it is structure, names and tables.
    pub fn stored_bytes_of_samples(&self) -> u64 {
        self.stored_bytes
    }
}

impl FrameSource for StackFile {
    fn header(&self) -> &StackHeader {
        &self.header
    }

    fn read_frame(&mut self, index: usize, into: &mut FrameBuf) -> Result<()> {
        check_frame_index(&self.header, index)?;
        into.fit(&self.header);
        into.fill_le_bytes(|bytes| self.reader.read_frame(index, bytes))
    }

    fn disk_bytes(&self) -> Option<u64> {
        std::fs::metadata(&self.path).ok().map(|metadata| metadata.len())
    }
}

fn read_metadata(path: &Path, file: &File, frames: usize, limits: &Limits) -> Result<Metadata> {
    let mut meta = Metadata::default();
    if file.link_exists(names::FRAME_NAMES) {
        let field = format!("/{}", names::FRAME_NAMES);
        let dataset = file.dataset(names::FRAME_NAMES).map_err(failure::reading(path, field.as_str()))?;
        meta.frame_names = text::read_list(path, &field, dataset, frames, limits)?;
    }
    if let Some(properties) = read_json(path, file, names::PROPERTIES, limits)? {
        meta.properties = properties;
    }
    if let Some(blocks) = read_json(path, file, names::BLOCKS, limits)? {
        meta.blocks = blocks;
    }
    Ok(meta)
}

/// A dataset that is one JSON text; `None` where there is none of that name.
fn read_json<T: DeserializeOwned>(
    path: &Path,
    file: &File,
    name: &str,
    limits: &Limits,
) -> Result<Option<T>> {
    if !file.link_exists(name) {
        return Ok(None);
    }
    let field = format!("/{name}");
    let dataset = file.dataset(name).map_err(failure::reading(path, field.as_str()))?;
    let document = text::read_document(path, &field, &dataset, limits)?;
    let value = serde_json::from_str(&document)
        .map_err(|error| failure::damaged(path, field.as_str(), error.to_string()))?;
    Ok(Some(value))
}

fn check_version(path: &Path, file: &File) -> Result<()> {
    let field = format!("/{}, attribute {}", names::GROUP, names::FORMAT_VERSION);
    if !file.link_exists(names::GROUP) {
        return Err(Error::format(
            path,
            format!("/{}", names::GROUP),
            "this HDF5 file was not written by stackpress",
            format!("name the dataset to read it as a source: {}:/DATASET", path.display()),
        ));
    }
    let version = file
        .group(names::GROUP)
        .and_then(|group| group.attr(names::FORMAT_VERSION))
        .and_then(|attribute| attribute.read_scalar::<u32>())
        .map_err(failure::reading(path, field.as_str()))?;
    if (1..=names::CURRENT_VERSION).contains(&version) {
        return Ok(());
    }
    Err(Error::format(
        path,
        field,
        format!("version {version} is unknown, this program reads up to {}", names::CURRENT_VERSION),
        "install a newer stackpress",
    ))
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
