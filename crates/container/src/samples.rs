//! The frames of one dataset, by the fastest way that fits it.
//!
//! Chunked datasets of standard numbers whose filters we know are read chunk by chunk and decoded in parallel.
//! Everything else (contiguous, unknown filters, numbers of odd widths) goes through the library. That is not only
//! slower: HDF5 1.10 trusts a filter to give a whole chunk, and reads past the end of one that is damaged.

use std::path::{Path, PathBuf};

use hdf5::Dataset;
use hdf5::filters::Filter as LibraryFilter;
use hdf5::plist::DatasetCreate;
use stack_core::{Error, Limits, PixelType, Result};

use crate::chunk_reader::{ChunkReader, ChunkedDataset};
use crate::failure;
use crate::geometry::{ChunkGrid, Geometry};
use crate::library::{self, FilteredDataset, Hyperslab};
use crate::pipeline::Decoder;
use crate::record::StoredFilter;

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
    Chunks {
        /// The reader of the file's own bytes.
        reader: ChunkReader,
        /// Bytes of a sample, where they must be turned round.
        big_endian: Option<usize>,
    },
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
    pub(crate) geometry: Geometry,
    pub(crate) pixel: PixelType,
    pub(crate) origin: Origin,
}

impl Samples<'_> {
    /// Chooses the way to read them.
    pub(crate) fn open(self, limits: &Limits) -> Result<SampleReader> {
        let failed = || failure::reading(self.path, self.field);
        let ours = self.origin == Origin::Ours;
        let element = self.dataset.dtype().map_err(failed())?;
        let little = element == library::little_endian(self.pixel).map_err(failed())?;
        let big = !little && element == library::big_endian(self.pixel).map_err(failed())?;
        if ours && !little {
            return Err(self.damaged("its elements are not those that we write"));
        }
        let creation = self.dataset.create_plist().map_err(failed())?;
        let word = self.pixel.bytes();
        let Some(chunk) = creation.get_chunk().map_err(failed())? else {
            let samples = self.geometry.samples();
            return self.open_unfiltered(1, samples);
        };
        let grid = ChunkGrid::new(self.path, self.field, self.geometry.clone(), &chunk, word, limits)?;
        if ours && grid.tiles() != 1 {
            return Err(self.damaged(&format!("chunks of {chunk:?} do not hold whole frames")));
        }
        let filters = creation.get_filters().map_err(failed())?;
        if filters.is_empty() {
            return self.open_unfiltered(grid.slabs(), grid.chunk_bytes() as u128 / word as u128);
        }
        if grid.tiles() > MAX_TILES {
            return Err(Error::format(
                self.path,
                self.field,
                format!("chunks of {chunk:?} cut a frame into more than {MAX_TILES} pieces"),
                "copy the dataset with larger chunks: h5repack -l CHUNK=... IN OUT",
            ));
        }
        let stored: Vec<_> = filters.iter().map(|filter| StoredFilter::from_library(filter, word)).collect();
        let decoder = Decoder::new(&stored).filter(|_| little || big);
        let dataset = match (decoder, FilteredDataset::new(self.dataset).map_err(failed())?) {
            (Some(decoder), Ok(dataset)) => {
                let fill = (!ours).then(|| fill_bytes(&creation, self.pixel, big));
                let (path, field) = (self.path.to_path_buf(), self.field.to_owned());
                let source = ChunkedDataset { path, field, dataset, grid, decoder, fill };
                let reader = ChunkReader::new(source, limits.memory_bytes);
                return Ok(SampleReader::Chunks { reader, big_endian: big.then_some(word) });
            }
            (_, Ok(dataset)) => dataset.into_inner(),
            (_, Err(dataset)) => dataset,
        };
        if ours {
            return Err(failure::damaged(self.path, self.field, "its filters are not those that we write"));
        }
        for filter in &filters {
            check_available(self.path, self.field, filter)?;
        }
        let dataset = library::with_cache(dataset).map_err(failed())?;
        let limit = Decoder::max_stored_bytes(grid.chunk_bytes());
        Ok(SampleReader::Library(Self { dataset, ..self }.library_reader(Some(limit))))
    }

    /// Samples without filters, in `pieces` pieces of `samples` samples.
    fn open_unfiltered(self, pieces: usize, samples: u128) -> Result<SampleReader> {
        let raw_bytes = samples * pieces as u128 * self.pixel.bytes() as u128;
        let stored = self.dataset.storage_size();
        if self.origin == Origin::Ours && u128::from(stored) != raw_bytes {
            return Err(self.damaged(&format!("{stored} bytes of {raw_bytes} are in the file")));
        }
        Ok(SampleReader::Library(self.library_reader(None)))
    }

    fn library_reader(self, chunk_limit: Option<usize>) -> LibraryReader {
        LibraryReader {
            path: self.path.to_path_buf(),
            field: self.field.to_owned(),
            dataset: self.dataset,
            geometry: self.geometry,
            pixel: self.pixel,
            chunk_limit,
        }
    }

    fn damaged(&self, problem: &str) -> Error {
        failure::damaged(self.path, self.field, problem)
    }
}

impl SampleReader {
    /// Copies frame `frame`, which exists, into `into`, which has the size of a frame, in little-endian.
    pub(crate) fn read_frame(&mut self, frame: usize, into: &mut [u8]) -> Result<()> {
        match self {
            Self::Chunks { reader, big_endian } => {
                reader.read_frame(frame, into)?;
                if let Some(word) = *big_endian {
                    into.chunks_exact_mut(word).for_each(<[u8]>::reverse);
                }
                Ok(())
            }
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

/// The fill value as bytes of the file; zero where none is defined.
fn fill_bytes(creation: &DatasetCreate, pixel: PixelType, big_endian: bool) -> Vec<u8> {
    macro_rules! fill {
        ($type:ty) => {
            creation.fill_value_as::<$type>().unwrap_or_default().to_le_bytes().to_vec()
        };
    }
    let mut bytes = match pixel {
        PixelType::U8 => fill!(u8),
        PixelType::U16 => fill!(u16),
        PixelType::I16 => fill!(i16),
        PixelType::I32 => fill!(i32),
        PixelType::F32 => fill!(f32),
        PixelType::F64 => fill!(f64),
    };
    if big_endian {
        bytes.reverse();
    }
    bytes
}
