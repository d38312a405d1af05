//! Text in the file: attributes in plain words, a list of names, and one document.
//!
//! All of it is fixed-length UTF-8, padded with zeros: that is the same bytes on every run, and h5py, `HDFView`
//! and h5dump show it.

use std::path::Path;

use hdf5::plist::DatasetCreate;
use hdf5::types::{FixedUnicode, TypeDescriptor};
use hdf5::{Dataset, Group, Location};
use stack_core::{Error, Limits, Result};

use crate::chunk_reader::{ChunkReader, ChunkedDataset};
use crate::failure;
use crate::filter::{Filter, FilterPipeline};
use crate::geometry::{ChunkGrid, Geometry};
use crate::library::{self, FilteredDataset};
use crate::pipeline::{self, Decoder};
use crate::record::StoredFilter;

/// Longest text of an attribute, in bytes.
const MAX_ATTRIBUTE: usize = 256;

/// Lists up to this size are stored as they are: below it the index of chunks would outweigh what gzip saves.
const PLAIN_LIST_BYTES: usize = 16 << 10;

/// Bytes that a chunk of a list aims at.
const LIST_CHUNK_BYTES: usize = 1 << 18;

/// Adds a text attribute; `text` is one of ours and short.
pub(crate) fn write_attribute(place: &Location, name: &str, text: &str) -> hdf5::Result<()> {
    let value: FixedUnicode<MAX_ATTRIBUTE> =
        text.parse().map_err(|_| hdf5::Error::Internal(format!("attribute {name} is too long")))?;
    let attribute =
        place.new_attr_builder().empty_as(TypeDescriptor::FixedUnicode(text.len().max(1))).create(name)?;
    attribute.as_writer().write_scalar(&value)
}

/// Writes `document` as one scalar text.
pub(crate) fn write_document(group: &Group, name: &str, document: &str) -> hdf5::Result<()> {
    let dataset = group
        .new_dataset_builder()
        .obj_track_times(false)
        .empty_as(TypeDescriptor::FixedUnicode(document.len().max(1)))
        .create(name)?;
    library::write_whole(&dataset, document.as_bytes())
}

/// Reads what [`write_document`] wrote.
pub(crate) fn read_document(path: &Path, field: &str, dataset: &Dataset, limits: &Limits) -> Result<String> {
    let width = text_width(path, field, dataset)?;
    if dataset.size() != 1 {
        return Err(failure::damaged(path, field, "this is no single text"));
    }
    Limits::check(path, "the size of the properties in bytes", width as u128, limits.metadata_bytes)?;
    let mut bytes = vec![0; width];
    library::read_whole(dataset, &mut bytes).map_err(failure::reading(path, field))?;
    unpadded(&bytes).ok_or_else(|| failure::damaged(path, field, "the text is not UTF-8"))
}

/// Writes a list of names.
///
/// # Errors
/// [`Error::Parameter`] for a name with a zero byte, which ends a text in HDF5.
pub(crate) fn write_list(path: &Path, group: &Group, name: &str, items: &[String]) -> Result<()> {
    if let Some(item) = items.iter().find(|item| item.contains('\0')) {
        return Err(Error::parameter(
            format!("frame name {item:?}"),
            "a name contains a zero byte",
            "rename the frame",
        ));
    }
    let width = items.iter().map(String::len).max().unwrap_or(0).max(1);
    let builder = group.new_dataset_builder().obj_track_times(false);
    let failed = || failure::writing(path);
    if width.saturating_mul(items.len()) <= PLAIN_LIST_BYTES {
        let dataset = builder
            .empty_as(TypeDescriptor::FixedUnicode(width))
            .shape(items.len())
            .create(name)
            .map_err(failed())?;
        return library::write_whole(&dataset, &padded(items, width, items.len())).map_err(failed());
    }
    let pipeline = FilterPipeline::new(vec![Filter::Gzip(9)])?;
    let rows = (LIST_CHUNK_BYTES / width).clamp(1, items.len());
    let dataset = builder
        .deflate(9)
        .chunk(rows)
        .empty_as(TypeDescriptor::FixedUnicode(width))
        .shape(items.len())
        .create(name)
        .map_err(failed())?;
    for (number, block) in items.chunks(rows).enumerate() {
        let chunk = pipeline::encode(&pipeline, 1, padded(block, width, rows))
            .map_err(|error| Error::unsupported("hdf5", error.to_string(), "use shorter frame names"))?;
        let offset = [(number * rows) as u64];
        library::write_chunk(&dataset, &offset, &chunk.bytes, chunk.filter_mask).map_err(failed())?;
    }
    Ok(())
}

/// Reads a list of exactly `items` names.
pub(crate) fn read_list(
    path: &Path,
    field: &str,
    dataset: Dataset,
    items: usize,
    limits: &Limits,
) -> Result<Vec<String>> {
    let width = text_width(path, field, &dataset)?;
    if dataset.shape() != [items] {
        let problem = format!("it has the shape {:?}, the stack has {items} frames", dataset.shape());
        return Err(failure::damaged(path, field, problem));
    }
    let bytes = width as u128 * items as u128;
    Limits::check(path, "the size of the frame names in bytes", bytes, limits.metadata_bytes)?;
    let text =
        |bytes: &[u8]| unpadded(bytes).ok_or_else(|| failure::damaged(path, field, "a name is not UTF-8"));
    let creation = dataset.create_plist().map_err(failure::reading(path, field))?;
    if creation.get_chunk().map_err(failure::reading(path, field))?.is_none() {
        let mut all = vec![0; width * items];
        library::read_whole(&dataset, &mut all).map_err(failure::reading(path, field))?;
        return all.chunks_exact(width).map(text).collect();
    }
    let mut reader = list_reader(path, field, dataset, &creation, (items, width), limits)?;
    let mut item = vec![0; width];
    (0..items)
        .map(|number| {
            reader.read_frame(number, &mut item)?;
            text(&item)
        })
        .collect()
}

/// A reader that takes each of `items` texts of `width` bytes for a frame.
fn list_reader(
    path: &Path,
    field: &str,
    dataset: Dataset,
    creation: &DatasetCreate,
    (items, width): (usize, usize),
    limits: &Limits,
) -> Result<ChunkReader> {
    let chunk = creation.get_chunk().map_err(failure::reading(path, field))?.unwrap_or_default();
    let grid = ChunkGrid::new(path, field, Geometry::of_list(items), &chunk, width, limits)?;
    let filters = creation.get_filters().map_err(failure::reading(path, field))?;
    let stored: Vec<_> = filters.iter().map(|filter| StoredFilter::from_library(filter, width)).collect();
    let foreign = || failure::damaged(path, field, "its filters are not the ones that we write");
    let decoder = Decoder::new(&stored).ok_or_else(foreign)?;
    let dataset =
        FilteredDataset::new(dataset).map_err(failure::reading(path, field))?.map_err(|_| foreign())?;
    let source = ChunkedDataset {
        path: path.to_path_buf(),
        field: field.to_owned(),
        dataset,
        grid,
        decoder,
        fill: None,
    };
    Ok(ChunkReader::new(source, limits.memory_bytes))
}

/// Bytes of one text of a dataset.
fn text_width(path: &Path, field: &str, dataset: &Dataset) -> Result<usize> {
    let descriptor = dataset.dtype().and_then(|dtype| dtype.to_descriptor());
    match descriptor.map_err(failure::reading(path, field))? {
        TypeDescriptor::FixedUnicode(width) | TypeDescriptor::FixedAscii(width) if width > 0 => Ok(width),
        other => Err(failure::damaged(path, field, format!("it holds {other}, not fixed-length text"))),
    }
}

/// `rows` texts of `width` bytes; the ones behind the items are empty.
fn padded(items: &[String], width: usize, rows: usize) -> Vec<u8> {
    let mut bytes = vec![0; width * rows];
    for (item, slot) in items.iter().zip(bytes.chunks_exact_mut(width)) {
        slot[..item.len()].copy_from_slice(item.as_bytes());
    }
    bytes
}

fn unpadded(bytes: &[u8]) -> Option<String> {
    let end = bytes.iter().rposition(|&byte| byte != 0).map_or(0, |last| last + 1);
    String::from_utf8(bytes[..end].to_vec()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn padding_goes_on_and_off() {
        let items = ["ab".to_owned(), String::new(), "\u{e9}".to_owned()];
        let bytes = padded(&items, 2, 4);
        assert_eq!(bytes, b"ab\0\0\xc3\xa9\0\0");
        let back: Vec<_> = bytes.chunks(2).map(|text| unpadded(text).unwrap()).collect();
        assert_eq!(back, ["ab", "", "\u{e9}", ""]);
        assert_eq!(unpadded(b"\xff"), None);
    }
}
