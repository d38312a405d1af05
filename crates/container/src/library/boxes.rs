//! Boxes of elements, and whole datasets as bytes.

use std::ops::Range;

use super::{check_rank, little_endian};
use crate::element::Element;
use hdf5::sync::sync;
use hdf5::types::{IntSize, TypeDescriptor};
use hdf5::{Dataset, Dataspace, Datatype, Error, Selection, SliceOrIndex, h5check};
use hdf5_sys::h5d::{H5Dread, H5Dwrite};
use hdf5_sys::h5p::H5P_DEFAULT;
use hdf5_sys::h5s::H5S_ALL;

/// A box of elements inside a dataset: along each axis the first element, the distance to the next one, and how many.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hyperslab {
    pub(crate) axes: Vec<Steps>,
}

/// Elements at equal distances along one axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Steps {
    pub(crate) start: usize,
    /// At least 1.
    pub(crate) step: usize,
    pub(crate) count: usize,
}

impl Steps {
    /// One element after the other, from the first.
    pub(crate) const fn all(count: usize) -> Self {
        Self { start: 0, step: 1, count }
    }

    /// One element.
    pub(crate) const fn one(start: usize) -> Self {
        Self { start, step: 1, count: 1 }
    }
}

impl Hyperslab {
    /// All elements of a dataset with these axes.
    pub(crate) fn whole(dims: &[usize]) -> Self {
        Self { axes: dims.iter().map(|&length| Steps::all(length)).collect() }
    }

    /// Dataspaces of the box in memory and in the file, after a check that `bytes` bytes of elements fill it.
    fn spaces(
        &self,
        dataset: &Dataset,
        element: Element,
        bytes: usize,
    ) -> hdf5::Result<(Dataspace, Dataspace)> {
        let counts: Vec<usize> = self.axes.iter().map(|axis| axis.count).collect();
        let wanted = counts.iter().try_fold(element.bytes(), |product, n| product.checked_mul(*n));
        if wanted != Some(bytes) {
            return Err(Error::Internal(format!("{bytes} bytes do not fill a box of {counts:?} {element}")));
        }
        check_rank(dataset, self.axes.len())?;
        let inside = self.axes.iter().zip(dataset.get_shape()?).all(|(axis, length)| {
            let last = axis.count.checked_sub(1).and_then(|steps| steps.checked_mul(axis.step));
            last.and_then(|last| last.checked_add(axis.start)).is_some_and(|last| last < length)
        });
        if !inside {
            return Err(Error::Internal("the box reaches outside the dataset".into()));
        }
        let slices: Vec<SliceOrIndex> = self
            .axes
            .iter()
            .map(|&Steps { start, step, count }| SliceOrIndex::SliceCount { start, step, count, block: 1 })
            .collect();
        let file = dataset.space()?.select(Selection::from(hdf5::Hyperslab::from(slices)))?;
        let memory = Dataspace::try_new(&counts[..])?;
        if file.selection_size() == memory.size() {
            Ok((memory, file))
        } else {
            Err(Error::Internal("the box reaches outside the dataset".into()))
        }
    }
}

/// Reads a box as little-endian elements of the type `element`; the library converts from the file's type.
pub(crate) fn read_elements(
    dataset: &Dataset,
    slab: &Hyperslab,
    element: Element,
    into: &mut [u8],
) -> hdf5::Result<()> {
    let memory_type = little_endian(element)?;
    let (memory, file) = slab.spaces(dataset, element, into.len())?;
    sync(|| {
        // SAFETY: all handles are open. Both spaces select as many elements as `into` holds of the memory type,
        // which has no pointers in it.
        h5check(unsafe {
            H5Dread(
                dataset.id(),
                memory_type.id(),
                memory.id(),
                file.id(),
                H5P_DEFAULT,
                into.as_mut_ptr().cast(),
            )
        })
        .map(drop)
    })
}

/// Writes little-endian elements into a box.
pub(crate) fn write_elements(
    dataset: &Dataset,
    slab: &Hyperslab,
    element: Element,
    from: &[u8],
) -> hdf5::Result<()> {
    let memory_type = little_endian(element)?;
    let (memory, file) = slab.spaces(dataset, element, from.len())?;
    sync(|| {
        // SAFETY: as in `read_elements`; the library only reads `from`.
        h5check(unsafe {
            H5Dwrite(
                dataset.id(),
                memory_type.id(),
                memory.id(),
                file.id(),
                H5P_DEFAULT,
                from.as_ptr().cast(),
            )
        })
        .map(drop)
    })
}

/// Reads the bytes `range` of a dataset of bytes in one piece.
pub(crate) fn read_bytes(dataset: &Dataset, range: Range<usize>) -> hdf5::Result<Vec<u8>> {
    checked_plain_type(dataset, dataset.size())?;
    let mut bytes = vec![0; range.len()];
    if !bytes.is_empty() {
        let slab = Hyperslab { axes: vec![Steps { start: range.start, step: 1, count: range.len() }] };
        read_elements(dataset, &slab, Element::U8, &mut bytes)?;
    }
    Ok(bytes)
}

/// Reads a whole dataset as the file's own bytes, without conversion: tables and fixed-length text.
///
/// Chunked ones are refused: the library would trust the lengths of their chunks.
pub(crate) fn read_whole(dataset: &Dataset, into: &mut [u8]) -> hdf5::Result<()> {
    let file_type = checked_plain_type(dataset, into.len())?;
    sync(|| {
        // SAFETY: `checked_plain_type` made sure that the dataset's elements fill `into` exactly and that the
        // type has no pointers.
        h5check(unsafe {
            H5Dread(dataset.id(), file_type.id(), H5S_ALL, H5S_ALL, H5P_DEFAULT, into.as_mut_ptr().cast())
        })
        .map(drop)
    })
}

/// Writes a whole dataset from the file's own bytes, without conversion.
pub(crate) fn write_whole(dataset: &Dataset, from: &[u8]) -> hdf5::Result<()> {
    let file_type = checked_plain_type(dataset, from.len())?;
    sync(|| {
        // SAFETY: as in `read_whole`; the library only reads `from`.
        h5check(unsafe {
            H5Dwrite(dataset.id(), file_type.id(), H5S_ALL, H5S_ALL, H5P_DEFAULT, from.as_ptr().cast())
        })
        .map(drop)
    })
}

/// The dataset's type, if it is made of bytes or fixed-length text in one piece, `bytes` bytes in all.
fn checked_plain_type(dataset: &Dataset, bytes: usize) -> hdf5::Result<Datatype> {
    let file_type = dataset.dtype()?;
    let plain = matches!(
        file_type.to_descriptor()?,
        TypeDescriptor::Unsigned(IntSize::U1)
            | TypeDescriptor::FixedUnicode(_)
            | TypeDescriptor::FixedAscii(_)
    );
    let plain = plain && !dataset.is_chunked();
    let expected = dataset.space()?.size().checked_mul(file_type.size());
    if plain && expected == Some(bytes) {
        return Ok(file_type);
    }
    Err(Error::Internal(format!("{bytes} bytes do not match the dataset's type and size")))
}
