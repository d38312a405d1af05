//! The frames of one dataset, by the fastest way that fits it.
//!
//! Chunked datasets whose filters we know are read chunk by chunk and decoded in parallel. Everything else (contiguous,
//! unknown filters) goes through the library. That is not only
//! slower: HDF5 1.10 trusts a filter to give a whole chunk, and reads past the end of one that is damaged.

use std::path::{Path, PathBuf};

use hdf5::Dataset;
use hdf5::filters::Filter as LibraryFilter;
use stack_core::{Error, Limits, Result};

use crate::chunk_reader::{ChunkReader, ChunkedDataset};
use crate::element::Element;
use crate::failure;
use crate::geometry::{ChunkGrid, Geometry};
use crate::library::{self, FilteredDataset};
use crate::missing_filter;
use crate::number::{Encoding, Number};
use crate::pipeline::Decoder;
use crate::record::StoredFilter;
use crate::region::{RegionReader, RegionSource};
use crate::view::View;

/// Most tiles that a frame may be cut into: beyond, the file's index is larger than its samples.
const MAX_TILES: usize = 1 << 16;

/// What a reader may take for granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// Our own writer: all samples are there, in chunks of whole frames or in one piece.
    Ours,
    /// Any program: chunks may have any shape, and missing ones stand for the fill value.
    Any,
}

/// A reader of frames.
#[derive(Debug)]
pub(crate) enum SampleReader {
    /// Direct chunks, decoded here.
    Chunks(Box<DecodedChunks>),
    /// Boxes of elements, decoded and converted by the library.
    Library(LibraryReader),
}

/// A dataset to be read as frames.
#[derive(Debug)]
pub(crate) struct Samples<'a> {
    /// The file, for errors.
    pub(crate) path: &'a Path,
    /// The dataset's path in it, for errors.
    pub(crate) field: &'a str,
    pub(crate) dataset: Dataset,
    pub(crate) view: View,
    /// The dataset's own axes, where the view has whole frames.
    pub(crate) geometry: Option<Geometry>,
    pub(crate) number: Number,
    pub(crate) origin: Origin,
}

impl Samples<'_> {
    /// Chooses the way to read them.
    pub(crate) fn open(self, limits: &Limits) -> Result<SampleReader> {
        self.open_shared(limits).map(|(_, reader)| reader)
    }

    /// The same, with a handle of the dataset beside the reader.
    pub(crate) fn open_shared(self, limits: &Limits) -> Result<(Dataset, SampleReader)> {
        let failed = || failure::reading(self.path, self.field);
        let ours = self.origin == Origin::Ours;
        if ours && !matches!(self.number.encoding, Encoding::Little) {
            return Err(self.damaged("its elements are not those that we write"));
        }
        let creation = self.dataset.create_plist().map_err(failed())?;
        let word = self.number.file_bytes();
        let Some(chunk) = creation.get_chunk().map_err(failed())? else {
            return self.open_unfiltered(1, None);
        };
        if ours {
            let grid = self.grid(&chunk, limits)?;
            if grid.is_none_or(|grid| grid.tiles() != 1) {
                return Err(self.damaged(&format!("chunks of {chunk:?} do not hold whole frames")));
            }
        }
        let chunk_bytes = self.chunk_bytes(&chunk, limits)?;
        let filters = creation.get_filters().map_err(failed())?;
        trace(&self, &chunk, &filters);
        if filters.is_empty() {
            let slabs = self.grid(&chunk, limits)?.map_or(1, |grid| grid.slabs());
            return self.open_unfiltered(slabs, Some(chunk_bytes as u128));
        }
        let stored: Vec<_> = filters.iter().map(|filter| StoredFilter::from_library(filter, word)).collect();
        let decoder = Decoder::new(&stored);
        let shared = self.dataset.clone();
        let dataset = match (decoder, FilteredDataset::new(self.dataset.clone()).map_err(failed())?) {
            (Some(decoder), Ok(dataset)) => {
                let fill = (!ours).then(|| library::fill_value(&creation, &shared, word));
                let source = DirectChunks { dataset, decoder, fill };
                let chunks = self.direct(source, &chunk, limits)?;
                let (path, field) = (self.path.to_path_buf(), self.field.to_owned());
                let stored = Vec::new();
                let decoded = DecodedChunks { path, field, chunks, number: self.number, stored };
                return Ok((shared, SampleReader::Chunks(Box::new(decoded))));
            }
            (_, Ok(dataset)) => dataset.into_inner(),
            (_, Err(dataset)) => dataset,
        };
        if ours {
            return Err(failure::damaged(self.path, self.field, "its filters are not those that we write"));
        }
        for filter in &filters {
            missing_filter::check(self.path, self.field, filter)?;
        }
        drop((shared, dataset));
        let Self { path, field, dataset, .. } = self;
        let dataset = library::with_cache(dataset, chunk_bytes, limits.memory_bytes)
            .map_err(failure::reading(path, field))?;
        let limit = Decoder::max_stored_bytes(chunk_bytes);
        let reader = LibraryReader::new((path, field), dataset.clone(), self.view, &self.number, Some(limit));
        Ok((dataset, SampleReader::Library(reader)))
    }

    /// The chunks on the axes of a stack, where the view has whole frames.
    fn grid(&self, chunk: &[usize], limits: &Limits) -> Result<Option<ChunkGrid>> {
        let grid = |geometry: &Geometry| {
            let word = self.number.file_bytes();
            ChunkGrid::new(self.path, self.field, geometry.clone(), chunk, word, limits)
        };
        self.geometry.as_ref().map(grid).transpose()
    }

    /// Bytes of a chunk before filtering, checked: they are what the file claims.
    fn chunk_bytes(&self, chunk: &[usize], limits: &Limits) -> Result<usize> {
        let word = self.number.file_bytes() as u128;
        let bytes = chunk.iter().try_fold(word, |product, &length| product.checked_mul(length as u128));
        let bytes = bytes.filter(|&bytes| bytes > 0);
        let bytes = bytes.ok_or_else(|| self.damaged(&format!("chunks of the shape {chunk:?} cannot be")))?;
        Limits::check(self.path, "the size of a chunk in bytes", bytes, limits.chunk_bytes)?;
        Limits::check(self.path, "the size of a chunk in bytes", bytes, limits.memory_bytes)?;
        usize::try_from(bytes).map_err(|_| self.damaged("its chunks are too large for this machine"))
    }

    /// The reader of chunks that are decoded here.
    fn direct(&self, source: DirectChunks, chunk: &[usize], limits: &Limits) -> Result<Chunks> {
        let (path, field) = (self.path.to_path_buf(), self.field.to_owned());
        let DirectChunks { dataset, decoder, fill } = source;
        if let Some(grid) = self.grid(chunk, limits)? {
            if grid.tiles() > MAX_TILES {
                return Err(self.too_many_tiles(chunk));
            }
            let source = ChunkedDataset { path, field, dataset, grid, decoder, fill };
            let reader = ChunkReader::new(source, limits.memory_bytes);
            return Ok(Chunks::Slabs { reader, view: self.view.clone() });
        }
        let word = self.number.file_bytes();
        let source = RegionSource { path, field, dataset, decoder, fill, word, chunk: chunk.to_vec() };
        let reader = RegionReader::new(source, self.view.clone(), limits.memory_bytes);
        if reader.chunks_per_frame() > MAX_TILES {
            return Err(self.too_many_tiles(chunk));
        }
        Ok(Chunks::Regions(reader))
    }

    fn too_many_tiles(&self, chunk: &[usize]) -> Error {
        Error::format(
            self.path,
            self.field,
            format!("chunks of {chunk:?} cut a frame into more than {MAX_TILES} pieces"),
            "copy the dataset with larger chunks: h5repack -l CHUNK=... IN OUT",
        )
    }

    /// Samples without filters: in one piece, or in `pieces` chunks of so many bytes.
    fn open_unfiltered(self, pieces: usize, piece_bytes: Option<u128>) -> Result<(Dataset, SampleReader)> {
        if self.origin == Origin::Ours {
            let samples = self.geometry.as_ref().map_or(0, Geometry::samples);
            let whole = samples * self.number.element.bytes() as u128;
            let raw_bytes = piece_bytes.map_or(whole, |bytes| bytes * pieces as u128);
            let stored = self.dataset.storage_size();
            if u128::from(stored) != raw_bytes {
                return Err(self.damaged(&format!("{stored} bytes of {raw_bytes} are in the file")));
            }
        }
        let place = (self.path, self.field);
        let reader = LibraryReader::new(place, self.dataset.clone(), self.view, &self.number, None);
        Ok((self.dataset, SampleReader::Library(reader)))
    }

    fn damaged(&self, problem: &str) -> Error {
        failure::damaged(self.path, self.field, problem)
    }
}

/// A dataset all of whose chunks can be decoded here.
struct DirectChunks {
    dataset: FilteredDataset,
    decoder: Decoder,
    fill: Option<Vec<u8>>,
}

/// Readers of chunks that are decoded here.
#[derive(Debug)]
pub(crate) enum Chunks {
    /// Whole frames: chunk by chunk, the next ones ahead.
    Slabs { reader: ChunkReader, view: View },
    /// Parts of frames, or frames across other axes.
    Regions(RegionReader),
}

impl SampleReader {
    /// Copies frame `frame`, which exists, into `into`, which has the size of a frame, in little-endian.
    pub(crate) fn read_frame(&mut self, frame: usize, into: &mut [u8]) -> Result<()> {
        match self {
            Self::Chunks(reader) => reader.read_frame(frame, into),
            Self::Library(reader) => reader.read_frame(frame, into),
        }
    }
}

/// Reads frames from chunks that are decoded here, and brings their numbers into the form that was asked for.
#[derive(Debug)]
pub(crate) struct DecodedChunks {
    path: PathBuf,
    field: String,
    chunks: Chunks,
    number: Number,
    /// A frame in the file's own type, where that is of an odd width.
    stored: Vec<u8>,
}

impl DecodedChunks {
    fn read_frame(&mut self, frame: usize, into: &mut [u8]) -> Result<()> {
        match &self.number.encoding {
            Encoding::Little => self.chunks.read_frame(frame, into),
            Encoding::Big => {
                self.chunks.read_frame(frame, into)?;
                into.chunks_exact_mut(self.number.element.bytes()).for_each(<[u8]>::reverse);
                Ok(())
            }
            Encoding::Odd(datatype) => {
                let element = self.number.element;
                let count = into.len() / element.bytes();
                let bytes = count * self.number.file_bytes();
                self.stored.resize(bytes.max(into.len()), 0);
                self.chunks.read_frame(frame, &mut self.stored[..bytes])?;
                library::convert(datatype, element, count, &mut self.stored)
                    .map_err(failure::reading(&self.path, format!("{}, frame {frame}", self.field)))?;
                into.copy_from_slice(&self.stored[..into.len()]);
                Ok(())
            }
        }
    }
}

impl Chunks {
    fn read_frame(&mut self, frame: usize, into: &mut [u8]) -> Result<()> {
        match self {
            Self::Slabs { reader, view } => reader.read_frame(view.position(frame), into),
            Self::Regions(reader) => reader.read_frame(frame, into),
        }
    }
}

/// Reads frames as boxes of elements.
#[derive(Debug)]
pub(crate) struct LibraryReader {
    path: PathBuf,
    field: String,
    dataset: Dataset,
    view: View,
    element: Element,
    /// Most bytes that a filter of ours may give while the library decodes a chunk.
    chunk_limit: Option<usize>,
}

impl LibraryReader {
    fn new(
        (path, field): (&Path, &str),
        dataset: Dataset,
        view: View,
        number: &Number,
        chunk_limit: Option<usize>,
    ) -> Self {
        let (path, field) = (path.to_path_buf(), field.to_owned());
        Self { path, field, dataset, view, element: number.element, chunk_limit }
    }

    fn read_frame(&self, frame: usize, into: &mut [u8]) -> Result<()> {
        let slab = self.view.frame(frame);
        let mut read = || library::read_elements(&self.dataset, &slab, self.element, into);
        let outcome = match self.chunk_limit {
            Some(limit) => library::with_chunk_limit(limit, read),
            None => read(),
        };
        outcome.map_err(failure::reading(&self.path, format!("{}, frame {frame}", self.field)))
    }
}

fn trace(samples: &Samples<'_>, chunk: &[usize], filters: &[LibraryFilter]) {
    tracing::debug!(
        path = %samples.path.display(),
        dataset = samples.field,
        element = %samples.number.element,
        ?chunk,
        ?filters,
        "opened chunks"
    );
}
