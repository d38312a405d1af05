//! Writes a stack: frames are gathered into chunks, filtered in the pool, and written in order by this thread.

use std::collections::VecDeque;
use std::io;
use std::path::{Path, PathBuf};

use hdf5::dataset::FillTime;
use hdf5::{Dataset, File, Group};
use stack_core::{Error, FrameBuf, Limits, PixelType, Result, StackHeader};

use crate::failure;
use crate::filter::FilterPipeline;
use crate::filters::FilterError;
use crate::geometry::Geometry;
use crate::layout::Layout;
use crate::library::{self, Hyperslab};
use crate::names;
use crate::pipeline::{self, EncodedChunk};
use crate::record::StoredFilter;
use crate::tasks::{Pending, in_flight};
use crate::text;

/// Writes one stack into a new HDF5 file.
///
/// The same frames and the same layout give the same bytes on every run and with any number of threads. A writer
/// that is dropped before [`StackWriter::finish`] removes its file.
#[derive(Debug)]
pub struct StackWriter {
    path: PathBuf,
    header: StackHeader,
    geometry: Geometry,
    /// The file is closed before it is removed.
    open: Option<Open>,
    finished: bool,
    filters: FilterPipeline,
    chunk_frames: usize,
    memory_bytes: u64,
    contiguous: bool,
    pushed: usize,
    /// Raw frames of the chunk that is being filled.
    filling: Vec<u8>,
    /// Chunks that are being filtered, in order.
    pending: VecDeque<Pending<Result<EncodedChunk, FilterError>>>,
    /// Number of the next chunk to be written.
    written: usize,
}

/// The open file. Its objects close before it does: the library may crash over an object that is closed after its
/// file when the disk is full.
#[derive(Debug)]
struct Open {
    stack: Dataset,
    tables: Group,
    file: File,
}

impl StackWriter {
    /// Creates `path`, replacing a file of that name, for the stack that `header` describes.
    ///
    /// # Errors
    /// [`Error::Parameter`] or [`Error::Unsupported`] for a header or layout that cannot be stored, before the
    /// file is touched; [`Error::Io`] if the file cannot be created or is a device or folder.
    pub fn create(path: &Path, header: &StackHeader, layout: &Layout) -> Result<Self> {
        header.check()?;
        let chunk_frames = layout.frames_per_chunk(header)?;
        let failed = || failure::writing(path);
        create_empty(path)?;
        let mut writer = Self {
            path: path.to_path_buf(),
            header: header.clone(),
            geometry: Geometry::of_stack(header.frames, header.shape),
            open: None,
            finished: false,
            filters: layout.filters.clone(),
            chunk_frames,
            memory_bytes: Limits::default().memory_bytes,
            contiguous: layout.is_contiguous(),
            pushed: 0,
            filling: Vec::new(),
            pending: VecDeque::new(),
            written: 0,
        };
        let file = library::create_file(path).map_err(failed())?;
        let stack = writer.create_stack(&file).map_err(failed())?;
        let tables = create_tables(&file).map_err(failed())?;
        writer.open = Some(Open { stack, tables, file });
        writer.write_metadata()?;
        Ok(writer)
    }

    /// Holds at most about so many bytes of chunks that are on their way, at least one chunk.
    #[must_use]
    pub fn with_memory(mut self, bytes: u64) -> Self {
        self.memory_bytes = bytes;
        self
    }

    fn create_stack(&self, file: &File) -> hdf5::Result<Dataset> {
        let pixel = self.header.format.pixel();
        let [_, height, width, channels] = self.geometry.lengths();
        let mut builder = file.new_dataset_builder().obj_track_times(false).fill_time(FillTime::Never);
        if !self.contiguous {
            let filters: Vec<_> = self
                .filters
                .filters()
                .iter()
                .map(|&filter| StoredFilter::for_writing(filter, pixel.bytes()).into_library())
                .collect();
            let chunk = self.geometry.present([self.chunk_frames, height, width, channels]);
            builder = builder.set_filters(&filters).chunk(chunk);
        }
        let dims = self.geometry.present(self.geometry.lengths());
        builder.empty_as(library::little_endian(pixel)?).shape(dims).create(names::STACK)
    }

    fn write_metadata(&self) -> Result<()> {
        let Some(open) = &self.open else { return Ok(()) };
        let failed = || failure::writing(&self.path);
        let format = self.header.format;
        let axes = if self.header.shape.channels() > 1 {
            "frame, row, column, channel"
        } else {
            "frame, row, column"
        };
        let written_by = concat!("stackpress ", env!("CARGO_PKG_VERSION"));
        for (name, words) in
            [("axes", axes), ("sample_type", sample_words(format.pixel())), ("written_by", written_by)]
        {
            text::write_attribute(&open.stack, name, words).map_err(failed())?;
        }
        open.stack
            .new_attr::<u8>()
            .create(names::SIGNIFICANT_BITS)
            .and_then(|attribute| attribute.write_scalar(&format.significant_bits()))
            .map_err(failed())?;
        let meta = &self.header.meta;
        if !meta.frame_names.is_empty() {
            text::write_list(&self.path, &open.file, names::FRAME_NAMES, &meta.frame_names)?;
        }
        let json = |name: &str, value: serde_json::Result<String>| {
            value.map_err(|error| Error::parameter(name, error.to_string(), "use text for names and values"))
        };
        if !meta.properties.is_empty() {
            let document = json("properties", serde_json::to_string(&meta.properties))?;
            text::write_document(&open.file, names::PROPERTIES, &document).map_err(failed())?;
        }
        if !meta.blocks.is_empty() {
            let document = json("blocks", serde_json::to_string(&meta.blocks))?;
            text::write_document(&open.file, names::BLOCKS, &document).map_err(failed())?;
        }
        Ok(())
    }

    /// Takes the next frame.
    ///
    /// # Errors
    /// [`Error::Parameter`] if the frame does not fit the header, or there are more frames than it says;
    /// [`Error::Io`] if the disk is full.
    pub fn push(&mut self, frame: &FrameBuf) -> Result<()> {
        let fits = frame.pixel() == self.header.format.pixel() && frame.len() == self.header.shape.samples();
        if !fits || self.pushed == self.header.frames {
            let problem = if fits {
                "the stack is complete".to_owned()
            } else {
                format!("{} samples of {} do not fit the stack", frame.len(), frame.pixel())
            };
            return Err(Error::parameter(
                format!("frame {}", self.pushed),
                problem,
                format!("give {}", self.header.describe()),
            ));
        }
        let bytes = frame.le_bytes();
        if self.contiguous {
            self.write_contiguous(&bytes)?;
        } else {
            if self.filling.capacity() == 0 {
                self.filling.reserve_exact(self.chunk_bytes());
            }
            self.filling.extend_from_slice(&bytes);
        }
        self.pushed += 1;
        if !self.contiguous && self.filling.len() == self.chunk_bytes() {
            self.start_chunk()?;
        }
        Ok(())
    }

    fn write_contiguous(&self, bytes: &[u8]) -> Result<()> {
        let Some(open) = &self.open else { return Ok(()) };
        let [_, height, width, channels] = self.geometry.lengths();
        let start = self.geometry.present([self.pushed, 0, 0, 0]);
        let count = self.geometry.present([1, height, width, channels]);
        let slab = Hyperslab { start: &start, count: &count };
        library::write_samples(&open.stack, slab, self.header.format.pixel(), bytes)
            .map_err(failure::writing(&self.path))
    }

    fn chunk_bytes(&self) -> usize {
        self.chunk_frames * self.header.frame_bytes()
    }

    /// Gives the gathered frames to the pool, and waits for the oldest chunk if enough are on their way.
    fn start_chunk(&mut self) -> Result<()> {
        if self.pending.len() >= in_flight(self.chunk_bytes(), self.memory_bytes) {
            self.write_oldest()?;
        }
        let raw = std::mem::take(&mut self.filling);
        let (filters, word) = (self.filters.clone(), self.header.format.pixel().bytes());
        self.pending.push_back(Pending::spawn(move || pipeline::encode(&filters, word, raw)));
        Ok(())
    }

    fn write_oldest(&mut self) -> Result<()> {
        let (Some(pending), Some(open)) = (self.pending.pop_front(), &self.open) else { return Ok(()) };
        let refused = |problem: String| Error::unsupported("hdf5", problem, "use fewer frames in a chunk");
        let chunk = pending
            .wait()
            .ok_or_else(|| refused("filtering was given up".into()))?
            .map_err(|error| refused(error.to_string()))?;
        let offset = self.geometry.present([self.written as u64 * self.chunk_frames as u64, 0, 0, 0]);
        library::write_chunk(&open.stack, &offset, &chunk.bytes, chunk.filter_mask)
            .map_err(failure::writing(&self.path))?;
        self.written += 1;
        Ok(())
    }

    /// Writes all chunks that are on their way, so that what follows lies behind them in every run.
    fn write_pending(&mut self) -> Result<()> {
        while !self.pending.is_empty() {
            self.write_oldest()?;
        }
        Ok(())
    }

    /// Stores `bytes` under `/stackpress/<name>`; they come back from [`StackFile::table`](crate::StackFile).
    ///
    /// # Errors
    /// [`Error::Parameter`] for a name that is empty, has a slash, a dot alone or a zero byte, or is taken;
    /// [`Error::Io`] if the disk is full.
    pub fn add_table(&mut self, name: &str, bytes: &[u8]) -> Result<()> {
        names::check_table(name)?;
        self.write_pending()?;
        let Some(open) = &self.open else { return Ok(()) };
        if open.tables.link_exists(name) {
            return Err(Error::parameter(
                format!("table {name}"),
                "there is one of that name",
                "use another name",
            ));
        }
        let create = || {
            let builder = open.tables.new_dataset_builder().obj_track_times(false);
            let dataset = builder.empty::<u8>().shape(bytes.len()).create(name)?;
            if bytes.is_empty() { Ok(()) } else { library::write_whole(&dataset, bytes) }
        };
        create().map_err(failure::writing(&self.path))
    }

    /// Writes what is left and closes the file; only then is it complete.
    ///
    /// # Errors
    /// [`Error::Parameter`] if frames are missing; [`Error::Io`] if the disk is full. The file is removed then.
    pub fn finish(mut self) -> Result<()> {
        if self.pushed != self.header.frames {
            return Err(Error::parameter(
                "frames",
                format!("{} were given, the header says {}", self.pushed, self.header.frames),
                "give as many frames as the header says",
            ));
        }
        if !self.filling.is_empty() {
            // Chunks at the edge are full-sized in HDF5; nobody sees what lies behind the last frame.
            self.filling.resize(self.chunk_bytes(), 0);
            self.start_chunk()?;
        }
        self.write_pending()?;
        let close = |open: Open| {
            open.file.flush()?;
            drop((open.stack, open.tables));
            open.file.close()
        };
        if let Some(open) = self.open.take() {
            close(open).map_err(failure::writing(&self.path))?;
        }
        self.finished = true;
        Ok(())
    }
}

impl Drop for StackWriter {
    fn drop(&mut self) {
        if !self.finished {
            self.open = None;
            // The error that led here is the one to report; a file that cannot be removed is plain to see.
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

/// Creates or empties the file: the operating system words its refusals better than the library does.
fn create_empty(path: &Path) -> Result<()> {
    // A device must be neither written to nor removed.
    if std::fs::metadata(path).is_ok_and(|metadata| !metadata.is_file()) {
        let problem =
            io::Error::new(io::ErrorKind::InvalidInput, "this is no regular file; name another output");
        return Err(Error::io("create", path)(problem));
    }
    std::fs::File::create(path).map(drop).map_err(Error::io("create", path))
}

fn create_tables(file: &File) -> hdf5::Result<Group> {
    let group = file.create_group_builder().obj_track_times(false).create(names::GROUP)?;
    group.new_attr::<u32>().create(names::FORMAT_VERSION)?.write_scalar(&names::CURRENT_VERSION)?;
    Ok(group)
}

const fn sample_words(pixel: PixelType) -> &'static str {
    match pixel {
        PixelType::U8 => "unsigned 8-bit integer",
        PixelType::U16 => "unsigned 16-bit integer, little-endian",
        PixelType::I16 => "signed 16-bit integer, little-endian",
        PixelType::I32 => "signed 32-bit integer, little-endian",
        PixelType::F32 => "32-bit float (IEEE 754), little-endian",
        PixelType::F64 => "64-bit float (IEEE 754), little-endian",
    }
}
