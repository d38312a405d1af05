//! Writes frames into one dataset: they are gathered into chunks, filtered in the pool, and written in order.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};

use hdf5::dataset::FillTime;
use hdf5::{Dataset, File};
use stack_core::{Error, Limits, Result, StackHeader};

use crate::element::Element;
use crate::failure;
use crate::filter::FilterPipeline;
use crate::filters::FilterError;
use crate::geometry::Geometry;
use crate::layout::Layout;
use crate::library::{self, Hyperslab, Steps};
use crate::pipeline::{self, EncodedChunk};
use crate::record::StoredFilter;
use crate::tasks::{Pending, in_flight};

/// How frames lie in a dataset: known and checked before there is a file.
#[derive(Debug, Clone)]
pub(crate) struct FramePlan {
    geometry: Geometry,
    frames: usize,
    frame_bytes: usize,
    filters: FilterPipeline,
    /// What the dataset is made of: samples, or codes as wide.
    pub(crate) element: Element,
    chunk_frames: usize,
    contiguous: bool,
}

impl FramePlan {
    /// A dataset of `frames` frames of the stack `header`.
    ///
    /// # Errors
    /// As [`Layout::frames_per_chunk`].
    pub(crate) fn new(
        header: &StackHeader,
        frames: usize,
        layout: &Layout,
        element: Element,
    ) -> Result<Self> {
        let rows = StackHeader::new(frames, header.shape, header.format)?;
        Ok(Self {
            geometry: Geometry::of_stack(frames, header.shape),
            frames,
            frame_bytes: header.frame_bytes(),
            filters: layout.filters.clone(),
            element,
            chunk_frames: layout.frames_per_chunk(&rows)?,
            contiguous: layout.is_contiguous(),
        })
    }

    fn chunk_bytes(&self) -> usize {
        self.chunk_frames * self.frame_bytes
    }

    fn create(&self, file: &File, name: &str) -> hdf5::Result<Dataset> {
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
}

/// Writes the frames of one dataset.
#[derive(Debug)]
pub(crate) struct FrameWriter {
    path: PathBuf,
    plan: FramePlan,
    dataset: Dataset,
    memory_bytes: u64,
    pushed: usize,
    /// Raw frames of the chunk that is being filled.
    filling: Vec<u8>,
    /// Chunks that are being filtered, in order.
    pending: VecDeque<Pending<Result<EncodedChunk, FilterError>>>,
    /// Number of the next chunk to be written.
    written: usize,
}

impl FrameWriter {
    /// Creates the dataset.
    pub(crate) fn create(path: &Path, file: &File, name: &str, plan: &FramePlan) -> Result<Self> {
        let dataset = plan.create(file, name).map_err(failure::writing(path))?;
        tracing::debug!(
            path = %path.display(),
            dataset = name,
            element = %plan.element,
            frames = plan.frames,
            chunk_frames = (!plan.contiguous).then_some(plan.chunk_frames),
            filters = %plan.filters,
            "created"
        );
        Ok(Self {
            path: path.to_path_buf(),
            plan: plan.clone(),
            dataset,
            memory_bytes: Limits::default().memory_bytes,
            pushed: 0,
            filling: Vec::new(),
            pending: VecDeque::new(),
            written: 0,
        })
    }

    /// Holds at most about so many bytes of chunks that are on their way, at least one chunk.
    pub(crate) fn set_memory(&mut self, bytes: u64) {
        self.memory_bytes = bytes;
    }

    pub(crate) fn dataset(&self) -> &Dataset {
        &self.dataset
    }

    /// Frames that were taken.
    pub(crate) fn pushed(&self) -> usize {
        self.pushed
    }

    /// Whether all frames were taken.
    pub(crate) fn is_full(&self) -> bool {
        self.pushed == self.plan.frames
    }

    /// Takes the bytes of the next frame; the caller has counted both.
    pub(crate) fn push(&mut self, bytes: &[u8]) -> Result<()> {
        if self.plan.contiguous {
            self.write_contiguous(bytes)?;
        } else {
            self.check_memory()?;
            if self.filling.capacity() == 0 {
                self.filling.reserve_exact(self.plan.chunk_bytes());
            }
            self.filling.extend_from_slice(bytes);
        }
        self.pushed += 1;
        if !self.plan.contiguous && self.filling.len() == self.plan.chunk_bytes() {
            self.start_chunk()?;
        }
        Ok(())
    }

    fn write_contiguous(&self, bytes: &[u8]) -> Result<()> {
        let [_, height, width, channels] = self.plan.geometry.lengths();
        let frame = [Steps::one(self.pushed), Steps::all(height), Steps::all(width), Steps::all(channels)];
        let slab = Hyperslab { axes: self.plan.geometry.present(frame) };
        library::write_elements(&self.dataset, &slab, self.plan.element, bytes)
            .map_err(failure::writing(&self.path))
    }

    /// Refuses chunks that alone are more than may be held.
    fn check_memory(&self) -> Result<()> {
        let bytes = self.plan.chunk_bytes() as u64;
        if bytes <= self.memory_bytes {
            return Ok(());
        }
        Err(Error::unsupported(
            "hdf5",
            format!(
                "a chunk of {} frames takes {bytes} bytes, above the limit of {} for memory",
                self.plan.chunk_frames, self.memory_bytes
            ),
            "use fewer frames in a chunk, or raise the limit",
        ))
    }

    /// Gives the gathered frames to the pool, and waits for the oldest chunk if enough are on their way.
    fn start_chunk(&mut self) -> Result<()> {
        if self.pending.len() >= in_flight(self.plan.chunk_bytes(), self.memory_bytes) {
            self.write_oldest()?;
        }
        let raw = std::mem::take(&mut self.filling);
        let (filters, word) = (self.plan.filters.clone(), self.plan.element.bytes());
        self.pending.push_back(Pending::spawn(move || pipeline::encode(&filters, word, raw)));
        Ok(())
    }

    fn write_oldest(&mut self) -> Result<()> {
        let Some(pending) = self.pending.pop_front() else { return Ok(()) };
        let refused = |problem: String| Error::unsupported("hdf5", problem, "use fewer frames in a chunk");
        let chunk = pending
            .wait()
            .ok_or_else(|| refused("filtering was given up".into()))?
            .map_err(|error| refused(error.to_string()))?;
        let first = self.written as u64 * self.plan.chunk_frames as u64;
        let offset = self.plan.geometry.present([first, 0, 0, 0]);
        library::write_chunk(&self.dataset, &offset, &chunk.bytes, chunk.filter_mask)
            .map_err(failure::writing(&self.path))?;
        self.written += 1;
        Ok(())
    }

    /// Writes all chunks that are on their way, so that what follows lies behind them in every run.
    pub(crate) fn write_pending(&mut self) -> Result<()> {
        while !self.pending.is_empty() {
            self.write_oldest()?;
        }
        Ok(())
    }

    /// Writes what is left.
    pub(crate) fn finish(&mut self) -> Result<()> {
        if !self.filling.is_empty() {
            // Chunks at the edge are full-sized in HDF5; nobody sees what lies behind the last frame.
            self.filling.resize(self.plan.chunk_bytes(), 0);
            self.start_chunk()?;
        }
        self.write_pending()
    }
}
