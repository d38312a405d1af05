//! Methods that store a stack as one HDF5 dataset: `hdf5`, `hdf5:shuffle,gzip=9`, `hdf5:bitshuffle,zstd`.
//!
//! All of them are lossless for every sample type, and plainly readable by other programs as dataset `/stack`.

use std::ops::Range;
use std::path::Path;

use stack_container::{FilterPipeline, Layout, StackFile, StackWriter, Tables};
use stack_core::{Error, ErrorBound, FrameSource, Limits, Result, StackHeader, StoredOrder, for_each_frame};

use crate::envelope::{ENVELOPE_TABLE, Envelope, HASHES_TABLE, HashingSource};
use crate::options::OptionReader;
use crate::reader::Storage;
use crate::{Job, Method, MethodSpec, StackReader, hdf5diff, pca, piles, seal};

/// Name of the family.
pub(crate) const FAMILY: &str = "hdf5";
const CHUNK_OPTION: &str = "chunk-frames";

/// HDF5 with a pipeline of filters.
struct Hdf5 {
    layout: Layout,
}

/// Makes the method from its specification.
pub(crate) fn build(spec: &MethodSpec) -> Result<Box<dyn Method>> {
    Ok(Box::new(Hdf5 { layout: layout_from(spec, "")? }))
}

/// Filters and frames in a chunk, from the options of a specification; `default` are the filters where none is named.
///
/// # Errors
/// [`Error::Parameter`] for unknown options, and for chunks without frames.
pub(crate) fn layout_from(spec: &MethodSpec, default: &str) -> Result<Layout> {
    layout_of(&mut OptionReader::new(spec), default)
}

/// The same from the options that are left.
///
/// # Errors
/// As [`layout_from`].
pub(crate) fn layout_of(options: &mut OptionReader<'_>, default: &str) -> Result<Layout> {
    let chunk_frames = options.value(CHUNK_OPTION, "chunk-frames=N")?;
    let named = options.rest();
    let filters: FilterPipeline = if named.is_empty() { default } else { &named }.parse()?;
    if chunk_frames == Some(0) {
        return Err(Error::parameter(CHUNK_OPTION, "a chunk has no frames", "give at least one frame"));
    }
    Ok(Layout { filters, chunk_frames })
}

/// The specification that [`layout_from`] reads back, after the options that only this family has.
pub(crate) fn spec_of(family: &str, own: &[String], layout: &Layout) -> MethodSpec {
    let mut words = own.to_vec();
    let filters = layout.filters.to_string();
    if !filters.is_empty() {
        words.push(filters);
    }
    if let Some(frames) = layout.chunk_frames {
        words.push(format!("{CHUNK_OPTION}={frames}"));
    }
    let text = if words.is_empty() { family.to_owned() } else { format!("{family}:{}", words.join(",")) };
    text.parse().expect("filters print as options of a specification")
}

impl Method for Hdf5 {
    fn spec(&self) -> MethodSpec {
        spec_of(FAMILY, &[], &self.layout)
    }

    fn extension(&self) -> &'static str {
        ".stack.h5"
    }

    fn promise(&self, _: &StackHeader) -> Result<ErrorBound> {
        Ok(ErrorBound::Lossless)
    }

    fn encode(&self, source: &mut dyn FrameSource, dest: &Path, job: &Job<'_>) -> Result<()> {
        let header = source.header().clone();
        let envelope = job.envelope(self.promise(&header)?);
        let mut stored = StoredOrder::new(source, &job.arrangement)?;
        let mut stored = HashingSource::new(&mut stored);
        let mut writer = StackWriter::create_arranged(dest, &header, &self.layout, &job.arrangement)?
            .with_memory(job.limits.memory_bytes);
        for_each_frame(&mut stored, job.progress, |_, frame| writer.push(frame))?;
        writer.add_table(ENVELOPE_TABLE, &envelope.to_bytes())?;
        writer.add_table(HASHES_TABLE, stored.into_hashes().spread(&job.arrangement).as_bytes())?;
        writer.finish()?;
        seal::append_seal(dest)
    }

    fn open(&self, file: &Path, limits: &Limits) -> Result<StackReader> {
        open(file, limits)
    }
}

/// Opens an HDF5 file of ours, whatever its filters: the envelope says which family wrote it.
pub(crate) fn open(file: &Path, limits: &Limits) -> Result<StackReader> {
    let tables = Tables::open(file, limits)?;
    let envelope =
        tables.table(ENVELOPE_TABLE)?.map(|bytes| Envelope::from_bytes(file, &bytes)).transpose()?;
    let storage: Box<dyn Storage> = match envelope {
        Some(envelope) if envelope.method.family() == hdf5diff::FAMILY => hdf5diff::open(tables)?,
        Some(envelope) if piles::has_means(&envelope.method)? => piles::open(tables)?,
        Some(envelope) if envelope.method.family() == pca::FAMILY => pca::open(tables, limits)?,
        _ => Box::new(tables.into_stack()?),
    };
    StackReader::new(file, storage)
}

impl Storage for StackFile {
    fn table(&mut self, name: &str) -> Result<Option<Vec<u8>>> {
        Self::table(self, name)
    }

    fn table_part(&mut self, name: &str, range: Range<u64>) -> Result<Option<Vec<u8>>> {
        self.tables().table_part(name, range)
    }

    fn sample_bytes(&mut self) -> Result<u64> {
        Ok(self.stored_bytes_of_samples())
    }

    fn stored_frames(&self) -> usize {
        Self::stored_frames(self)
    }
}
