//! Writes a stack: frames are gathered into chunks, filtered in the pool, and written in order by this thread.

use std::collections::VecDeque;
use std::io;
use std::path::{Path, PathBuf};

use hdf5::dataset::FillTime;
use hdf5::{Dataset, File, Group};
use stack_core::{Arrangement, Error, FrameBuf, Limits, Result, StackHeader};

use crate::coded::{self, Coding};
use crate::element::Element;
use crate::failure;
use crate::filter::FilterPipeline;
use crate::filters::FilterError;
use crate::geometry::Geometry;
use crate::layout::Layout;
use crate::library::{self, Hyperslab, Steps};
use crate::metadata;
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
    /// What the main dataset is made of: samples, or codes as wide.
    element: Element,
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

fn check_arrangement(header: &StackHeader, arrangement: &Arrangement) -> Result<()> {
    if arrangement.frames() == header.frames && arrangement.is_identity() {
        return Ok(());
    }
    Err(Error::unsupported("hdf5", "arranged stacks are to come", "use order=none"))
}

impl StackWriter {
    /// Creates `path`, replacing a file of that name, for the stack that `header` describes.
    ///
    /// # Errors
    /// [`Error::Parameter`] or [`Error::Unsupported`] for a header or layout that cannot be stored, before the
    /// file is touched; [`Error::Io`] if the file cannot be created or is a device or folder.
    pub fn create(path: &Path, header: &StackHeader, layout: &Layout) -> Result<Self> {
        let mut writer = Self::new(path, header, layout, Element::of_samples(header.format.pixel()))?;
        writer.begin(names::STACK)?;
        writer.write_metadata()?;
        Ok(writer)
    }

    /// Creates `path` for a stack whose frames are pushed in stored order: [`StackWriter::push`] takes those that
    /// `arrangement` stores, in its order. Readers get the frames of the stack.
    ///
    /// # Errors
    /// As [`StackWriter::create`]; [`Error::Parameter`] too for an arrangement of another number of frames.
    pub fn create_arranged(
        path: &Path,
        header: &StackHeader,
        layout: &Layout,
        arrangement: &Arrangement,
    ) -> Result<Self> {
        check_arrangement(header, arrangement)?;
        Self::create(path, header, layout)
    }

    /// Creates `path` for codes in place of samples: [`StackWriter::push_codes`] takes them. `planes` are the frames
    /// that decoding needs, one for each plane of `coding`.
    ///
    /// # Errors
    /// As [`StackWriter::create`]; [`Error::Parameter`] too for planes that do not fit.
    pub fn create_coded(
        path: &Path,
        header: &StackHeader,
        layout: &Layout,
        coding: &Coding,
        planes: &[FrameBuf],
        arrangement: &Arrangement,
    ) -> Result<Self> {
        check_arrangement(header, arrangement)?;
        let mut writer = Self::new(path, header, layout, Element::of_codes(header.format.pixel()))?;
        if planes.len() != coding.planes.len() || !planes.iter().all(|plane| writer.fits(plane)) {
            return Err(Error::parameter(
                "planes",
                "they do not fit the stack",
                format!("give {} frames of {}", coding.planes.len(), header.describe()),
            ));
        }
        writer.begin(coding.codes)?;
        let failed = || failure::writing(path);
        if let Some(open) = &writer.open {
            for (name, words) in [(names::MEANING, coding.meaning), (names::FORMULA, coding.formula)] {
                text::write_attribute(&open.stack, name, words).map_err(failed())?;
            }
            for (&plane, frame) in coding.planes.iter().zip(planes) {
                coded::write_plane(&open.file, plane, header.shape, frame).map_err(failed())?;
            }
        }
        writer.write_metadata()?;
        Ok(writer)
    }

    /// A writer whose file does not exist yet.
    fn new(path: &Path, header: &StackHeader, layout: &Layout, element: Element) -> Result<Self> {
        header.check()?;
        let chunk_frames = layout.frames_per_chunk(header)?;
        Ok(Self {
            path: path.to_path_buf(),
            header: header.clone(),
            geometry: Geometry::of_stack(header.frames, header.shape),
            open: None,
            finished: false,
            filters: layout.filters.clone(),
            element,
            chunk_frames,
            memory_bytes: Limits::default().memory_bytes,
            contiguous: layout.is_contiguous(),
            pushed: 0,
            filling: Vec::new(),
            pending: VecDeque::new(),
            written: 0,
        })
    }

    /// Creates the file and its main dataset.
    fn begin(&mut self, name: &str) -> Result<()> {
        let path = self.path.clone();
        let failed = || failure::writing(&path);
        create_empty(&path)?;
        // From here on there is a file to be removed if the rest fails.
        let file = library::create_file(&path).map_err(failed())?;
        let stack = self.create_main(&file, name).map_err(failed())?;
        let tables = create_tables(&file).map_err(failed())?;
        self.open = Some(Open { stack, tables, file });
        tracing::debug!(
            path = %path.display(),
            dataset = name,
            element = %self.element,
            frames = self.header.frames,
            chunk_frames = (!self.contiguous).then_some(self.chunk_frames),
            filters = %self.filters,
            "created"
        );
        Ok(())
    }

    /// Holds at most about so many bytes of chunks that are on their way, at least one chunk.
    #[must_use]
    pub fn with_memory(mut self, bytes: u64) -> Self {
        self.memory_bytes = bytes;
        self
    }

    fn create_main(&self, file: &File, name: &str) -> hdf5::Result<Dataset> {
        let [_, height, width, channels] = self.geometry.lengths();
        let mut builder = file.new_dataset_builder().obj_track_times(false).fill_time(FillTime::Never);
        if !self.contiguous {
            let filters: Vec<_> = self
                .filters
                .filters()
                .iter()
                .map(|&filter| StoredFilter::for_writing(filter, self.element.bytes()).into_library())
                .collect();
            let chunk = self.geometry.present([self.chunk_frames, height, width, channels]);
            builder = builder.set_filters(&filters).chunk(chunk);
        }
        let dims = self.geometry.present(self.geometry.lengths());
        builder.empty_as(library::little_endian(self.element)?).shape(dims).create(name)
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
        for (name, words) in [
            (names::AXES, axes),
            (names::SAMPLE_TYPE, names::sample_words(format.pixel())),
            (names::WRITTEN_BY, written_by),
        ] {
            text::write_attribute(&open.stack, name, words).map_err(failed())?;
        }
        open.stack
            .new_attr::<u8>()
            .create(names::SIGNIFICANT_BITS)
            .and_then(|attribute| attribute.write_scalar(&format.significant_bits()))
            .map_err(failed())?;
        metadata::write(&self.path, &open.file, &self.header.meta)
    }

    /// Takes the next frame.
    ///
    /// # Errors
    /// [`Error::Parameter`] if the frame does not fit the header, there are more frames than it says, or the file is
    /// for codes; [`Error::Io`] if the disk is full.
    pub fn push(&mut self, frame: &FrameBuf) -> Result<()> {
        if !self.fits(frame) || self.element != Element::of_samples(frame.pixel()) {
            let problem = format!("{} samples of {} do not fit the stack", frame.len(), frame.pixel());
            return Err(self.refused(problem));
        }
        self.push_bytes(&frame.le_bytes())
    }

    /// Takes the codes of the next frame, little-endian, as many bytes as a frame of samples has.
    ///
    /// # Errors
    /// [`Error::Parameter`] if they are not so many, or there are more frames than the header says; [`Error::Io`] if
    /// the disk is full.
    pub fn push_codes(&mut self, codes: &[u8]) -> Result<()> {
        if codes.len() != self.header.frame_bytes() {
            return Err(self.refused(format!("{} bytes of codes do not fit the stack", codes.len())));
        }
        self.push_bytes(codes)
    }

    fn fits(&self, frame: &FrameBuf) -> bool {
        frame.pixel() == self.header.format.pixel() && frame.len() == self.header.shape.samples()
    }

    fn refused(&self, problem: String) -> Error {
        Error::parameter(
            format!("frame {}", self.pushed),
            problem,
            format!("give {}", self.header.describe()),
        )
    }

    fn push_bytes(&mut self, bytes: &[u8]) -> Result<()> {
        if self.pushed == self.header.frames {
            return Err(self.refused("the stack is complete".to_owned()));
        }
        if self.contiguous {
            self.write_contiguous(bytes)?;
        } else {
            self.check_memory()?;
            if self.filling.capacity() == 0 {
                self.filling.reserve_exact(self.chunk_bytes());
            }
            self.filling.extend_from_slice(bytes);
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
        let frame = [Steps::one(self.pushed), Steps::all(height), Steps::all(width), Steps::all(channels)];
        let slab = Hyperslab { axes: self.geometry.present(frame) };
        library::write_elements(&open.stack, &slab, self.element, bytes).map_err(failure::writing(&self.path))
    }

    /// Refuses chunks that alone are more than may be held.
    fn check_memory(&self) -> Result<()> {
        let bytes = self.chunk_bytes() as u64;
        if bytes <= self.memory_bytes {
            return Ok(());
        }
        Err(Error::unsupported(
            "hdf5",
            format!(
                "a chunk of {} frames takes {bytes} bytes, above the limit of {} for memory",
                self.chunk_frames, self.memory_bytes
            ),
            "use fewer frames in a chunk, or raise the limit",
        ))
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
        let (filters, word) = (self.filters.clone(), self.element.bytes());
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
pub(crate) fn create_empty(path: &Path) -> Result<()> {
    // A device must be neither written to nor removed.
    if std::fs::metadata(path).is_ok_and(|metadata| !metadata.is_file()) {
        let problem =
            io::Error::new(io::ErrorKind::InvalidInput, "this is no regular file; name another output");
        return Err(Error::io("create", path)(problem));
    }
    std::fs::File::create(path).map(drop).map_err(Error::io("create", path))
}

pub(crate) fn create_tables(file: &File) -> hdf5::Result<Group> {
    let group = file.create_group_builder().obj_track_times(false).create(names::GROUP)?;
    group.new_attr::<u32>().create(names::FORMAT_VERSION)?.write_scalar(&names::CURRENT_VERSION)?;
    Ok(group)
}
