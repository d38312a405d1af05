//! The frames of one dataset, by the fastest way that fits it.
//!
//! Chunked datasets in little-endian whose filters we know are read chunk by chunk and decoded in parallel.
//! Everything else (contiguous, big-endian, unknown filters, chunks too large to hold) goes through the library.

use std::path::{Path, PathBuf};

use hdf5::Dataset;
use hdf5::filters::Filter as LibraryFilter;
use hdf5::plist::DatasetCreate;
use stack_core::{Error, Limits, PixelType, Result};

use crate::chunk_reader::ChunkReader;
use crate::failure;
use crate::geometry::{ChunkGrid, Geometry};
use crate::library::{self, Hyperslab};
use crate::pipeline::{DEFLATE_ID, Decoder, FLETCHER32_ID, SHUFFLE_ID, StoredFilter};

/// Most tiles that a frame may be cut into for direct reading; beyond, their bookkeeping outweighs the samples.
const MAX_TILES: usize = 1 << 16;

/// A reader of frames.
#[derive(Debug)]
pub(crate) enum SampleReader {
    /// Direct chunks, decoded here.
    Chunks(ChunkReader),
    /// Boxes of elements, decoded and converted by the library.
    Library(LibraryReader),
}

impl SampleReader {
    /// Opens `dataset` (called `field` in errors), whose samples are `pixel` and whose axes are `geometry`.
    pub(crate) fn open(
        path: &Path,
        field: &str,
        dataset: Dataset,
        geometry: Geometry,
        pixel: PixelType,
        limits: &Limits,
    ) -> Result<Self> {
        let failed = || failure::reading(path, field);
        let creation = dataset.create_plist().map_err(failed())?;
        let Some(chunk) = creation.get_chunk().map_err(failed())? else {
            return Ok(Self::Library(LibraryReader::new(path, field, dataset, geometry, pixel, None)));
        };
        let grid = ChunkGrid::new(path, field, geometry.clone(), &chunk, pixel.bytes(), limits)?;
        let filters = creation.get_filters().map_err(failed())?;
        let stored: Vec<_> = filters.iter().map(|filter| stored_filter(filter, pixel.bytes())).collect();
        let same_type =
            dataset.dtype().map_err(failed())? == library::little_endian(pixel).map_err(failed())?;
        // Stored and raw bytes of two slabs are held at once at least.
        let held = (grid.chunk_bytes() as u128) * (grid.tiles() as u128) * 4;
        let holdable = grid.tiles() <= MAX_TILES && held <= u128::from(limits.memory_bytes);
        if let Some(decoder) = Decoder::new(&stored).filter(|_| same_type && holdable) {
            let fill = fill_bytes(&creation, pixel);
            let frames = geometry.lengths()[0];
            return Ok(Self::Chunks(ChunkReader::new(path, field, dataset, frames, grid, decoder, fill)));
        }
        for filter in &filters {
            check_available(path, field, filter)?;
        }
        let limit = Some(Decoder::max_stored_bytes(grid.chunk_bytes()));
        Ok(Self::Library(LibraryReader::new(path, field, dataset, geometry, pixel, limit)))
    }

    /// Copies frame `frame`, which exists, into `into`, which has the size of a frame, in little-endian.
    pub(crate) fn read_frame(&mut self, frame: usize, into: &mut [u8]) -> Result<()> {
        match self {
            Self::Chunks(reader) => reader.read_frame(frame, into),
            Self::Library(reader) => reader.read_frame(frame, into),
        }
    }
}

/// Reads frames as boxes of elements.
#[derive(Debug)]
pub(crate) struct LibraryReader {
    path: PathBuf,
    field: String,
    dataset: Dataset,
    geometry: Geometry,
    pixel: PixelType,
    /// Most bytes that a filter of ours may give while the library decodes a chunk.
    chunk_limit: Option<usize>,
}

impl LibraryReader {
    fn new(
        path: &Path,
        field: &str,
        dataset: Dataset,
        geometry: Geometry,
        pixel: PixelType,
        chunk_limit: Option<usize>,
    ) -> Self {
        Self { path: path.to_path_buf(), field: field.to_owned(), dataset, geometry, pixel, chunk_limit }
    }

    fn read_frame(&self, frame: usize, into: &mut [u8]) -> Result<()> {
        let [_, height, width, channels] = self.geometry.lengths();
        let start = self.geometry.present([frame, 0, 0, 0]);
        let count = self.geometry.present([1, height, width, channels]);
        let slab = Hyperslab { start: &start, count: &count };
        let mut read = || library::read_samples(&self.dataset, slab, self.pixel, into);
        let outcome = match self.chunk_limit {
            Some(limit) => library::with_chunk_limit(limit, read),
            None => read(),
        };
        outcome.map_err(failure::reading(&self.path, format!("{}, frame {frame}", self.field)))
    }
}

/// The record of a filter that the `hdf5` crate has interpreted, for samples of `word` bytes.
pub(crate) fn stored_filter(filter: &LibraryFilter, word: usize) -> StoredFilter {
    let (id, values) = match filter {
        LibraryFilter::Deflate(level) => (DEFLATE_ID, vec![u32::from(*level)]),
        // The library itself sets the size of a sample here, and the crate drops it.
        LibraryFilter::Shuffle => (SHUFFLE_ID, vec![word as u32]),
        LibraryFilter::Fletcher32 => (FLETCHER32_ID, Vec::new()),
        LibraryFilter::User(id, values) => (*id, values.clone()),
        other => (other.id(), Vec::new()),
    };
    StoredFilter { id, values }
}

fn check_available(path: &Path, field: &str, filter: &LibraryFilter) -> Result<()> {
    if filter.is_available() {
        return Ok(());
    }
    Err(Error::unavailable(
        format!("HDF5 filter {}", filter.id()),
        format!(
            "{}: {field} was written with it, and the HDF5 library here does not have it",
            path.display()
        ),
        "point HDF5_PLUGIN_PATH to the filter's plugin, or copy the dataset without it: h5repack -f NONE IN OUT",
    ))
}

/// The fill value as little-endian bytes; zero where none is defined.
fn fill_bytes(creation: &DatasetCreate, pixel: PixelType) -> Vec<u8> {
    macro_rules! fill {
        ($type:ty) => {
            creation.fill_value_as::<$type>().unwrap_or_default().to_le_bytes().to_vec()
        };
    }
    match pixel {
        PixelType::U8 => fill!(u8),
        PixelType::U16 => fill!(u16),
        PixelType::I16 => fill!(i16),
        PixelType::I32 => fill!(i32),
        PixelType::F32 => fill!(f32),
        PixelType::F64 => fill!(f64),
    }
}
