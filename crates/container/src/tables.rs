//! What all our files have beside the samples: version, names, properties, blocks, and tables of bytes.

use std::ops::Range;
use std::path::{Path, PathBuf};

use hdf5::{Dataset, File, Group};
use serde::de::DeserializeOwned;
use stack_core::{Error, Limits, Metadata, Result};

use crate::coded::{CodedFile, Coding};
use crate::dataset::open_file;
use crate::failure;
use crate::library;
use crate::names;
use crate::piles::PilesFile;
use crate::stack_file::StackFile;
use crate::text;

/// An HDF5 file of ours, open: its tables, before it is known how the samples are stored.
///
/// Nothing but the structure of the file is read until something is asked for.
#[derive(Debug)]
pub struct Tables {
    path: PathBuf,
    file: File,
    limits: Limits,
}

impl Tables {
    /// Opens a file and checks its version.
    ///
    /// # Errors
    /// [`Error::Io`] if it cannot be read; [`Error::Format`] if it is no HDF5 file, not one of ours, of a newer
    /// version, damaged or incomplete.
    pub fn open(path: &Path, limits: &Limits) -> Result<Self> {
        let file = open_file(path)?;
        check_version(path, &file)?;
        Ok(Self { path: path.to_path_buf(), file, limits: *limits })
    }

    /// The stack whose samples lie in `/stack`.
    ///
    /// # Errors
    /// As [`StackFile::open`].
    pub fn into_stack(self) -> Result<StackFile> {
        StackFile::new(self)
    }

    /// The stack whose codes lie in the datasets of `coding`.
    ///
    /// # Errors
    /// [`Error::Format`] if they are not there, or contradict each other; [`Error::Limit`] if they claim more than the
    /// limits allow.
    pub fn into_coded(self, coding: &Coding) -> Result<CodedFile> {
        CodedFile::new(self, coding)
    }

    /// The stack that lies in piles, as differences to their means.
    ///
    /// # Errors
    /// As [`Tables::into_coded`].
    pub fn into_piles(self) -> Result<PilesFile> {
        PilesFile::new(self)
    }

    /// The bytes that were stored as table `name`; `None` if there is no such table.
    ///
    /// # Errors
    /// [`Error::Parameter`] for a name that no table can have; [`Error::Limit`] or [`Error::Format`] for a table
    /// that is too large or damaged.
    pub fn table(&self, name: &str) -> Result<Option<Vec<u8>>> {
        let Some(dataset) = self.dataset(name)? else { return Ok(None) };
        let bytes = dataset.size();
        Limits::check(&self.path, "the size of a table in bytes", bytes as u128, self.limits.metadata_bytes)?;
        let mut table = vec![0; bytes];
        if bytes > 0 {
            library::read_whole(&dataset, &mut table).map_err(failure::reading(&self.path, field(name)))?;
        }
        Ok(Some(table))
    }

    /// The bytes `range` of table `name`, without reading the others; `None` if there is no such table.
    ///
    /// # Errors
    /// As [`Tables::table`]; [`Error::Format`] too where the table has not so many bytes.
    pub fn table_part(&self, name: &str, range: Range<u64>) -> Result<Option<Vec<u8>>> {
        let Some(dataset) = self.dataset(name)? else { return Ok(None) };
        let bytes = dataset.size();
        let length = range.end.saturating_sub(range.start);
        Limits::check(&self.path, "the size of a table in bytes", length.into(), self.limits.metadata_bytes)?;
        match (usize::try_from(range.start), usize::try_from(range.end)) {
            (Ok(start), Ok(end)) if start <= end && end <= bytes => library::read_bytes(&dataset, start..end)
                .map(Some)
                .map_err(failure::reading(&self.path, field(name))),
            _ => {
                let problem =
                    format!("it has {bytes} bytes, and {}..{} were asked for", range.start, range.end);
                Err(failure::damaged(&self.path, field(name), problem))
            }
        }
    }

    fn dataset(&self, name: &str) -> Result<Option<Dataset>> {
        names::check_table(name)?;
        let failed = || failure::reading(&self.path, field(name));
        let group = self.file.group(names::GROUP).map_err(failed())?;
        if !group.link_exists(name) {
            return Ok(None);
        }
        group.dataset(name).map(Some).map_err(failed())
    }

    /// The open file's path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn file(&self) -> &File {
        &self.file
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.limits
    }

    /// The attribute of the main dataset that says how many bits of a sample are in use.
    pub(crate) fn significant_bits(&self, dataset: &Dataset, field: &str) -> Result<u8> {
        dataset
            .attr(names::SIGNIFICANT_BITS)
            .and_then(|attribute| attribute.read_scalar::<u8>())
            .map_err(failure::reading(&self.path, format!("{field}, attribute {}", names::SIGNIFICANT_BITS)))
    }

    /// Names, properties and blocks of a stack of `frames`; all names are read.
    pub(crate) fn metadata(&self, frames: usize) -> Result<Metadata> {
        let Self { path, file, limits } = self;
        let mut meta = Metadata::default();
        if file.link_exists(names::FRAME_NAMES) {
            let field = format!("/{}", names::FRAME_NAMES);
            let dataset = file.dataset(names::FRAME_NAMES).map_err(failure::reading(path, field.as_str()))?;
            meta.frame_names = text::read_list(path, &field, dataset, frames, limits)?;
        }
        if let Some(properties) = self.json(names::PROPERTIES)? {
            meta.properties = properties;
        }
        if let Some(blocks) = self.json(names::BLOCKS)? {
            meta.blocks = blocks;
        }
        Ok(meta)
    }

    /// A dataset that is one JSON text; `None` where there is none of that name.
    fn json<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>> {
        let Self { path, file, limits } = self;
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
}

/// Stores `bytes` as table `name` of the group of tables; writers have checked the name.
///
/// # Errors
/// [`Error::Parameter`] for a name that is taken; [`Error::Io`] if the disk is full.
pub(crate) fn write(path: &Path, tables: &Group, name: &str, bytes: &[u8]) -> Result<()> {
    if tables.link_exists(name) {
        return Err(Error::parameter(
            format!("table {name}"),
            "there is one of that name",
            "use another name",
        ));
    }
    let create = || {
        let dataset = tables.new_dataset_builder().obj_track_times(false).empty::<u8>().shape(bytes.len());
        let dataset = dataset.create(name)?;
        if bytes.is_empty() { Ok(()) } else { library::write_whole(&dataset, bytes) }
    };
    create().map_err(failure::writing(path))
}

fn field(table: &str) -> String {
    format!("/{}/{table}", names::GROUP)
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
