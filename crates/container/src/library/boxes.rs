//! Boxes of elements, and whole datasets as bytes.

use hdf5::sync::sync;
use hdf5::types::{IntSize, TypeDescriptor};
use hdf5::{Dataset, Dataspace, Datatype, Error, Selection, SliceOrIndex, h5check};
use hdf5_sys::h5d::{H5Dread, H5Dwrite};
use hdf5_sys::h5p::H5P_DEFAULT;
use hdf5_sys::h5s::H5S_ALL;
use stack_core::PixelType;

use super::{check_rank, little_endian};

/// A box of elements inside a dataset: first element and number of elements along each axis.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hyperslab<'a> {
    pub(crate) start: &'a [usize],
    pub(crate) count: &'a [usize],
}

impl Hyperslab<'_> {
    /// Dataspaces of the box in memory and in the file, after a check that `bytes` bytes of samples fill it.
    fn spaces(
        self,
        dataset: &Dataset,
        pixel: PixelType,
        bytes: usize,
    ) -> hdf5::Result<(Dataspace, Dataspace)> {
        let wanted = self.count.iter().try_fold(pixel.bytes(), |product, n| product.checked_mul(*n));
        if self.start.len() != self.count.len() || wanted != Some(bytes) {
            return Err(Error::Internal(format!(
                "{bytes} bytes do not fill a box of {:?} {pixel}",
                self.count
            )));
        }
        check_rank(dataset, self.start.len())?;
        let ranges = self.start.iter().zip(self.count).map(|(&start, &count)| (start..start + count).into());
        let slices: Vec<SliceOrIndex> = ranges.collect();
        let file = dataset.space()?.select(Selection::from(hdf5::Hyperslab::from(slices)))?;
        let memory = Dataspace::try_new(self.count)?;
        if file.selection_size() == memory.size() {
            Ok((memory, file))
        } else {
            Err(Error::Internal("the box reaches outside the dataset".into()))
        }
    }
}

/// Reads a box as little-endian samples; the library converts from the file's type.
pub(crate) fn read_samples(
    dataset: &Dataset,
    slab: Hyperslab<'_>,
    pixel: PixelType,
    into: &mut [u8],
) -> hdf5::Result<()> {
    let memory_type = little_endian(pixel)?;
    let (memory, file) = slab.spaces(dataset, pixel, into.len())?;
    sync(|| {
        // SAFETY: all handles are open. Both spaces select as many elements as `into` holds samples of the
        // memory type, which has no pointers in it.
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

/// Writes little-endian samples into a box.
pub(crate) fn write_samples(
    dataset: &Dataset,
    slab: Hyperslab<'_>,
    pixel: PixelType,
    from: &[u8],
) -> hdf5::Result<()> {
    let memory_type = little_endian(pixel)?;
    let (memory, file) = slab.spaces(dataset, pixel, from.len())?;
    sync(|| {
        // SAFETY: as in `read_samples`; the library only reads `from`.
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
