//! Lists of unsigned integers: in which row each frame is found.
//!
//! 16 bits each where that holds all of them, otherwise 32, little-endian. Short lists lie in one piece; longer ones
//! in chunks behind shuffle and gzip, which every program reads.

use std::path::Path;

use hdf5::{Dataset, Group};
use stack_core::{Error, Limits, Result};

use crate::chunk_reader::{ChunkReader, ChunkedDataset};
use crate::element::Element;
use crate::failure;
use crate::filter::{Filter, FilterPipeline};
use crate::geometry::{ChunkGrid, Geometry};
use crate::library::{self, FilteredDataset, Hyperslab};
use crate::pipeline::{self, Decoder};
use crate::record::StoredFilter;

/// Lists up to this size are stored as they are: below it the index of chunks would outweigh what gzip saves.
const PLAIN_BYTES: usize = 256;

/// Numbers in a chunk.
const CHUNK: usize = 1 << 16;

/// Writes a list and gives its dataset.
pub(crate) fn write(path: &Path, group: &Group, name: &str, numbers: &[u32]) -> Result<Dataset> {
    let failed = || failure::writing(path);
    let narrow = numbers.iter().all(|&number| u16::try_from(number).is_ok());
    let element = if narrow { Element::U16 } else { Element::U32 };
    let datatype = library::little_endian(element).map_err(failed())?;
    let bytes = |numbers: &[u32]| -> Vec<u8> {
        numbers.iter().flat_map(|number| number.to_le_bytes().into_iter().take(element.bytes())).collect()
    };
    let builder = group.new_dataset_builder().obj_track_times(false);
    if numbers.len() * element.bytes() <= PLAIN_BYTES {
        let dataset = builder.empty_as(datatype).shape(numbers.len()).create(name).map_err(failed())?;
        library::write_elements(&dataset, &Hyperslab::whole(&[numbers.len()]), element, &bytes(numbers))
            .map_err(failed())?;
        return Ok(dataset);
    }
    let pipeline = FilterPipeline::new(vec![Filter::Shuffle, Filter::Gzip(9)])?;
    let filters: Vec<_> = pipeline
        .filters()
        .iter()
        .map(|&filter| StoredFilter::for_writing(filter, element.bytes()).into_library())
        .collect();
    let rows = CHUNK.min(numbers.len());
    let dataset = builder
        .set_filters(&filters)
        .chunk(rows)
        .empty_as(datatype)
        .shape(numbers.len())
        .create(name)
        .map_err(failed())?;
    for (chunk, part) in numbers.chunks(rows).enumerate() {
        let mut raw = bytes(part);
        raw.resize(rows * element.bytes(), 0);
        let chunk_bytes = pipeline::encode(&pipeline, element.bytes(), raw)
            .map_err(|error| Error::unsupported("hdf5", error.to_string(), "store the stack in parts"))?;
        library::write_chunk(&dataset, &[(chunk * rows) as u64], &chunk_bytes.bytes, chunk_bytes.filter_mask)
            .map_err(failed())?;
    }
    Ok(dataset)
}

/// Reads a list; `field` names it in errors.
pub(crate) fn read(path: &Path, field: &str, dataset: Dataset, limits: &Limits) -> Result<Vec<u32>> {
    let failed = || failure::reading(path, field);
    let damaged = |problem: String| failure::damaged(path, field, problem);
    let dims = dataset.get_shape().map_err(failed())?;
    let [count] = *dims else {
        return Err(damaged(format!("the shape {dims:?} is not that of a list")));
    };
    Limits::check(path, "the number of frames", count as u128, limits.frames)?;
    let datatype = dataset.dtype().map_err(failed())?;
    let element = [Element::U16, Element::U32]
        .into_iter()
        .find(|&element| library::little_endian(element).is_ok_and(|standard| standard == datatype))
        .ok_or_else(|| damaged("its numbers are not unsigned, little-endian and of 16 or 32 bits".into()))?;
    // The bytes and the numbers.
    Limits::check(path, "the size of the index in bytes", count as u128 * 8, limits.memory_bytes)?;
    let bytes = count * element.bytes();
    let mut stored = vec![0; bytes];
    let creation = dataset.create_plist().map_err(failed())?;
    match creation.get_chunk().map_err(failed())? {
        None => {
            let found = dataset.storage_size();
            if found != bytes as u64 {
                return Err(damaged(format!("{found} bytes of {bytes} are in the file")));
            }
            if bytes > 0 {
                library::read_elements(&dataset, &Hyperslab::whole(&dims), element, &mut stored)
                    .map_err(failed())?;
            }
        }
        Some(chunk) => {
            let (word, geometry) = (element.bytes(), Geometry::of_list(count));
            let grid = ChunkGrid::new(path, field, geometry, &chunk, word, limits)?;
            let filters = creation.get_filters().map_err(failed())?;
            let filters: Vec<_> =
                filters.iter().map(|filter| StoredFilter::from_library(filter, word)).collect();
            let foreign = || failure::damaged(path, field, "its filters are not the ones that we write");
            let decoder = Decoder::new(&filters).ok_or_else(foreign)?;
            let dataset = FilteredDataset::new(dataset).map_err(failed())?.map_err(|_| foreign())?;
            let (path, field) = (path.to_path_buf(), field.to_owned());
            let source = ChunkedDataset { path, field, dataset, grid, decoder, fill: None };
            let mut reader = ChunkReader::new(source, limits.memory_bytes);
            for (number, into) in stored.chunks_exact_mut(word).enumerate() {
                reader.read_frame(number, into)?;
            }
        }
    }
    Ok(match element {
        Element::U16 => numbers(&stored, |bytes| u32::from(u16::from_le_bytes(bytes))),
        _ => numbers(&stored, u32::from_le_bytes),
    })
}

fn numbers<const N: usize>(bytes: &[u8], number: impl Fn([u8; N]) -> u32) -> Vec<u32> {
    let (words, _) = bytes.as_chunks::<N>();
    words.iter().map(|&word| number(word)).collect()
}
