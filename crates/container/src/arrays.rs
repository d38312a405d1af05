//! Files whose stack is made of arrays of numbers and, where they are not enough, records of bytes.
//!
//! ```text
//! /<array>             numbers, little-endian, in one piece, with attributes in words
//! /<records>           bytes of all records, one after the other
//! /stackpress/<ends>   for each record the number of bytes up to its end, 64 bits
//! ```
//!
//! Names, properties, blocks and tables are where all our files have them. Whoever knows the arrays makes samples of
//! them.

use std::fs::File as Spool;
use std::io::{BufReader, BufWriter, Read, Seek, Write};
use std::path::{Path, PathBuf};

use hdf5::{Dataset, File, Group};
use stack_core::{Arrangement, Error, FrameBuf, Limits, Metadata, PixelType, Result};

use crate::arranged;
use crate::element::Element;
use crate::failure;
use crate::library::{self, Hyperslab, Steps};
use crate::metadata;
use crate::names;
use crate::tables::{self, Tables};
use crate::text;
use crate::writer::{create_empty, create_tables};

/// Bytes of records that are copied at once.
const COPIED: usize = 1 << 20;

/// Writes one file of arrays. A writer that is dropped before [`ArraysWriter::finish`] removes its file.
#[derive(Debug)]
pub struct ArraysWriter {
    path: PathBuf,
    /// The file is closed before it is removed.
    open: Option<Open>,
    records: Option<Records>,
    finished: bool,
}

/// The tables close before their file.
#[derive(Debug)]
struct Open {
    tables: Group,
    file: File,
}

/// Records wait beside the file until their number and size are known.
#[derive(Debug)]
struct Records {
    spool: BufWriter<Spool>,
    ends: Vec<u64>,
}

impl ArraysWriter {
    /// Creates `path`, replacing a file of that name, with what the source knew beside the samples.
    ///
    /// # Errors
    /// [`Error::Parameter`] for names that cannot be stored; [`Error::Io`] if the file cannot be created.
    pub fn create(path: &Path, meta: &Metadata) -> Result<Self> {
        create_empty(path)?;
        let mut writer = Self { path: path.to_path_buf(), open: None, records: None, finished: false };
        let failed = || failure::writing(path);
        let file = library::create_file(path).map_err(failed())?;
        let tables = create_tables(&file).map_err(failed())?;
        let open = writer.open.insert(Open { tables, file });
        metadata::write(path, &open.file, meta)?;
        Ok(writer)
    }

    /// Writes the array `name` with these lengths of its axes, and with attributes of at most 256 bytes.
    ///
    /// # Errors
    /// [`Error::Parameter`] if there are not as many numbers as the lengths say, or the name cannot be one or is taken;
    /// [`Error::Io`] if the disk is full.
    pub fn write_array(
        &mut self,
        name: &str,
        dims: &[usize],
        numbers: &FrameBuf,
        attributes: &[(&str, &str)],
    ) -> Result<()> {
        let wanted = dims.iter().try_fold(1_usize, |product, length| product.checked_mul(*length));
        if wanted != Some(numbers.len()) {
            return Err(Error::parameter(
                format!("array {name}"),
                format!("{} numbers do not fill {dims:?}", numbers.len()),
                "give as many as its axes have",
            ));
        }
        let element = Element::of_samples(numbers.pixel());
        let path = self.path.clone();
        let Some(dataset) = self.create_dataset(name, element, dims)? else { return Ok(()) };
        let write = || {
            for (attribute, words) in attributes {
                text::write_attribute(&dataset, attribute, words)?;
            }
            if numbers.is_empty() {
                return Ok(());
            }
            library::write_elements(&dataset, &Hyperslab::whole(dims), element, &numbers.le_bytes())
        };
        write().map_err(failure::writing(&path))
    }

    fn create_dataset(&self, name: &str, element: Element, dims: &[usize]) -> Result<Option<Dataset>> {
        names::check_table(name)?;
        let Some(open) = &self.open else { return Ok(None) };
        if open.file.link_exists(name) {
            return Err(Error::parameter(
                format!("array {name}"),
                "there is one of that name",
                "use another name",
            ));
        }
        let create = || {
            open.file
                .new_dataset_builder()
                .obj_track_times(false)
                .empty_as(library::little_endian(element)?)
                .shape(dims)
                .create(name)
        };
        create().map(Some).map_err(failure::writing(&self.path))
    }

    /// Writes `/index` for an array whose rows are frames in stored order; nothing where every frame is its own row.
    ///
    /// # Errors
    /// [`Error::Io`] if the disk is full; [`Error::Parameter`] if there is no such array.
    pub fn write_index(&mut self, rows: &str, arrangement: &Arrangement) -> Result<()> {
        let Some(open) = self.open.as_ref().filter(|_| !arrangement.is_identity()) else { return Ok(()) };
        let dataset = open.file.dataset(rows).map_err(|_| {
            Error::parameter(
                format!("array {rows}"),
                "there is none of that name",
                "write it before its index",
            )
        })?;
        arranged::write_index(&self.path, &open.file, &dataset, rows, arrangement)
    }

    /// Adds a record.
    ///
    /// # Errors
    /// [`Error::Io`] if the disk is full.
    pub fn push_record(&mut self, bytes: &[u8]) -> Result<()> {
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new("."));
        let records = match &mut self.records {
            Some(records) => records,
            none => {
                let spool = tempfile::tempfile_in(folder).map_err(Error::io("create a file in", folder))?;
                none.insert(Records { spool: BufWriter::new(spool), ends: Vec::new() })
            }
        };
        records.spool.write_all(bytes).map_err(Error::io("write beside", &self.path))?;
        let before = records.ends.last().copied().unwrap_or(0);
        records.ends.push(before + bytes.len() as u64);
        Ok(())
    }

    /// Writes all records that were pushed as the array `name`, and their ends as the table `ends`.
    ///
    /// # Errors
    /// As [`ArraysWriter::write_array`].
    pub fn write_records(&mut self, name: &str, ends: &str, attributes: &[(&str, &str)]) -> Result<()> {
        let Some(Records { spool, ends: places }) = self.records.take() else { return Ok(()) };
        let path = self.path.clone();
        let spooled = || Error::io("read beside", &path);
        let mut spool = spool.into_inner().map_err(|error| spooled()(error.into_error()))?;
        spool.rewind().map_err(spooled())?;
        let mut spool = BufReader::new(spool);
        let total = places.last().copied().unwrap_or(0) as usize;
        if let Some(dataset) = self.create_dataset(name, Element::U8, &[total])? {
            let failed = || failure::writing(&path);
            for (attribute, words) in attributes {
                text::write_attribute(&dataset, attribute, words).map_err(failed())?;
            }
            let mut buffer = vec![0; COPIED.min(total)];
            for start in (0..total).step_by(COPIED) {
                let part = &mut buffer[..COPIED.min(total - start)];
                spool.read_exact(part).map_err(spooled())?;
                let slab = Hyperslab { axes: vec![Steps { start, step: 1, count: part.len() }] };
                library::write_elements(&dataset, &slab, Element::U8, part).map_err(failed())?;
            }
        }
        let bytes: Vec<u8> = places.iter().flat_map(|end| end.to_le_bytes()).collect();
        self.add_table(ends, &bytes)
    }

    /// Stores `bytes` under `/stackpress/<name>`.
    ///
    /// # Errors
    /// [`Error::Parameter`] for a name that cannot be one, or is taken; [`Error::Io`] if the disk is full.
    pub fn add_table(&mut self, name: &str, bytes: &[u8]) -> Result<()> {
        names::check_table(name)?;
        let Some(open) = &self.open else { return Ok(()) };
        tables::write(&self.path, &open.tables, name, bytes)
    }

    /// Closes the file; only then is it complete.
    ///
    /// # Errors
    /// [`Error::Io`] if the disk is full. The file is removed then.
    pub fn finish(mut self) -> Result<()> {
        let close = |open: Open| {
            open.file.flush()?;
            drop(open.tables);
            open.file.close()
        };
        if let Some(open) = self.open.take() {
            close(open).map_err(failure::writing(&self.path))?;
        }
        self.finished = true;
        Ok(())
    }
}

impl Drop for ArraysWriter {
    fn drop(&mut self) {
        if !self.finished {
            self.open = None;
            // The error that led here is the one to report; a file that cannot be removed is plain to see.
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

/// A file of arrays, open: nothing is read until it is asked for.
#[derive(Debug)]
pub struct ArraysFile {
    tables: Tables,
}

impl ArraysFile {
    /// The arrays of an open file.
    pub fn new(tables: Tables) -> Self {
        Self { tables }
    }

    /// The tables of the file.
    pub fn tables(&self) -> &Tables {
        &self.tables
    }

    /// Names, properties and blocks of a stack of so many frames.
    ///
    /// # Errors
    /// [`Error::Format`] or [`Error::Limit`] where they are damaged or too large.
    pub fn metadata(&self, frames: usize) -> Result<Metadata> {
        self.tables.metadata(frames)
    }

    /// The row of each frame; `None` where every frame is its own row.
    ///
    /// # Errors
    /// [`Error::Format`] or [`Error::Limit`] where that is damaged or too large.
    pub fn arrangement(&self) -> Result<Option<Arrangement>> {
        arranged::read_index(&self.tables)
    }

    /// Lengths of the axes and type of the numbers of array `name`.
    ///
    /// # Errors
    /// [`Error::Format`] if there is none, or it is not one that we write.
    pub fn shape(&self, name: &str) -> Result<(Vec<usize>, PixelType)> {
        let (_, dims, pixel) = self.open_array(name)?;
        Ok((dims, pixel))
    }

    /// The numbers of array `name`.
    ///
    /// # Errors
    /// As [`ArraysFile::shape`]; [`Error::Limit`] if they take more than may be held.
    pub fn read(&self, name: &str) -> Result<FrameBuf> {
        let (dataset, dims, pixel) = self.open_array(name)?;
        let path = self.tables.path();
        let (numbers, limit) = (dataset.size(), self.tables.limits().memory_bytes);
        Limits::check(path, "the size of an array in bytes", numbers as u128 * pixel.bytes() as u128, limit)?;
        let mut array = FrameBuf::zeros(pixel, numbers);
        if numbers > 0 {
            let (slab, element) = (Hyperslab::whole(&dims), Element::of_samples(pixel));
            array
                .fill_le_bytes(|bytes| library::read_elements(&dataset, &slab, element, bytes))
                .map_err(failure::reading(path, format!("/{name}")))?;
        }
        Ok(array)
    }

    fn open_array(&self, name: &str) -> Result<(Dataset, Vec<usize>, PixelType)> {
        let (path, field) = (self.tables.path(), format!("/{name}"));
        let failed = || failure::reading(path, field.as_str());
        let damaged = |problem: String| failure::damaged(path, field.as_str(), problem);
        let dataset = self.tables.file().dataset(name).map_err(failed())?;
        let dims = dataset.get_shape().map_err(failed())?;
        let datatype = dataset.dtype().map_err(failed())?;
        let pixel = PixelType::ALL.into_iter().find(|&pixel| {
            library::little_endian(Element::of_samples(pixel)).is_ok_and(|standard| standard == datatype)
        });
        let pixel = pixel.ok_or_else(|| damaged("its elements are not those that we write".into()))?;
        let raw_bytes =
            dims.iter().try_fold(pixel.bytes() as u128, |product, &n| product.checked_mul(n as u128));
        let stored = dataset.storage_size();
        // The library gives arrays without numbers a layout in chunks.
        let in_one_piece = !dataset.is_chunked() || raw_bytes == Some(0);
        if !in_one_piece || raw_bytes != Some(u128::from(stored)) {
            return Err(damaged(format!("{stored} bytes do not hold numbers of the shape {dims:?}")));
        }
        Ok((dataset, dims, pixel))
    }

    /// The records in array `name`, whose ends are in table `ends`.
    ///
    /// # Errors
    /// [`Error::Format`] if they are not there, or contradict each other.
    pub fn records(&self, name: &str, ends: &str) -> Result<RecordsFile> {
        let (dataset, dims, pixel) = self.open_array(name)?;
        let path = self.tables.path();
        let damaged = |problem: &str| failure::damaged(path, format!("/{}/{ends}", names::GROUP), problem);
        let bytes = self.tables.table(ends)?.ok_or_else(|| damaged("the table is missing"))?;
        let (places, rest) = bytes.as_chunks::<8>();
        let ends: Vec<u64> = places.iter().map(|end| u64::from_le_bytes(*end)).collect();
        let total = ends.last().copied().unwrap_or(0);
        let fits = matches!(*dims, [length] if length as u64 == total) && pixel == PixelType::U8;
        if !rest.is_empty() || !ends.is_sorted() || !fits {
            return Err(damaged("the ends are not those of the records"));
        }
        let field = format!("/{name}");
        Ok(RecordsFile { path: path.to_path_buf(), field, dataset, ends, limits: *self.tables.limits() })
    }
}

/// Records of bytes in an open file.
#[derive(Debug)]
pub struct RecordsFile {
    path: PathBuf,
    field: String,
    dataset: Dataset,
    ends: Vec<u64>,
    limits: Limits,
}

impl RecordsFile {
    /// Number of records.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Bytes of all records.
    pub fn bytes(&self) -> u64 {
        self.ends.last().copied().unwrap_or(0)
    }

    /// Record `index`.
    ///
    /// # Errors
    /// [`Error::Format`] if there is none, or it cannot be read; [`Error::Limit`] if it is larger than a chunk may be.
    pub fn read(&self, index: usize) -> Result<Vec<u8>> {
        let Some(&end) = self.ends.get(index) else {
            let problem = format!("there is no record {index}, there are {}", self.ends.len());
            return Err(failure::damaged(&self.path, self.field.as_str(), problem));
        };
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        let length = u128::from(end - start);
        Limits::check(&self.path, "the size of a record in bytes", length, self.limits.chunk_bytes)?;
        // Both are at most the length of the dataset, which is a usize.
        library::read_bytes(&self.dataset, start as usize..end as usize)
            .map_err(failure::reading(&self.path, self.field.as_str()))
    }
}
