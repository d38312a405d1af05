//! The calls of the HDF5 library that the `hdf5` crate does not offer: direct chunks, raw bytes and filters.
//!
//! This is the crate's only module with unsafe code. Every call runs inside [`sync`], the `hdf5` crate's global
//! lock, because the library itself may be built without threads; `sync` also keeps the library from printing
//! its errors. Handles come from the `hdf5` crate and so are open for as long as they are borrowed.

#![allow(unsafe_code)]

use hdf5::sync::sync;
use hdf5::types::TypeDescriptor;
use hdf5::{Dataset, Dataspace, Datatype, Error, Selection, SliceOrIndex, h5check};
use hdf5_sys::h5::{HADDR_UNDEF, haddr_t, herr_t, hsize_t};
use hdf5_sys::h5d::{H5Dget_chunk_info_by_coord, H5Dread, H5Dread_chunk1, H5Dwrite, H5Dwrite_chunk};
use hdf5_sys::h5i::hid_t;
use hdf5_sys::h5p::H5P_DEFAULT;
use hdf5_sys::h5s::H5S_ALL;
use hdf5_sys::h5t::{
    H5T_IEEE_F32LE, H5T_IEEE_F64LE, H5T_STD_I16LE, H5T_STD_I32LE, H5T_STD_U8LE, H5T_STD_U16LE, H5Tcopy,
};
use stack_core::PixelType;

mod registration;

pub(crate) use registration::{register_filters, with_chunk_limit};

unsafe extern "C" {
    // In the library since 1.10.2; the sys crate does not declare it.
    fn H5Dget_chunk_storage_size(dataset: hid_t, offset: *const hsize_t, chunk_bytes: *mut hsize_t)
    -> herr_t;
}

/// One chunk as it lies in the file.
#[derive(Debug)]
pub(crate) struct StoredChunk {
    /// The filtered bytes.
    pub(crate) bytes: Vec<u8>,
    /// A bit for each filter that was skipped.
    pub(crate) filter_mask: u32,
}

/// Writes one filtered chunk; `offset` is the first element of the chunk along each axis.
pub(crate) fn write_chunk(
    dataset: &Dataset,
    offset: &[hsize_t],
    bytes: &[u8],
    filter_mask: u32,
) -> hdf5::Result<()> {
    check_rank(dataset, offset.len())?;
    sync(|| {
        // SAFETY: `offset` has one value for each axis (checked above), and the library reads `bytes.len()` bytes.
        h5check(unsafe {
            H5Dwrite_chunk(
                dataset.id(),
                H5P_DEFAULT,
                filter_mask,
                offset.as_ptr(),
                bytes.len(),
                bytes.as_ptr().cast(),
            )
        })
        .map(drop)
    })
}

/// Reads one chunk without filtering it; `None` where the file has none.
///
/// A chunk of more than `limit` bytes is an error before anything is allocated for it.
pub(crate) fn read_chunk(
    dataset: &Dataset,
    offset: &[hsize_t],
    limit: usize,
) -> hdf5::Result<Option<StoredChunk>> {
    check_rank(dataset, offset.len())?;
    sync(|| {
        let Some(length) = stored_bytes(dataset, offset)? else { return Ok(None) };
        let length = usize::try_from(length).ok().filter(|&length| length <= limit).ok_or_else(|| {
            Error::Internal(format!("a chunk takes {length} bytes in the file, which is more than {limit}"))
        })?;
        let mut bytes = vec![0u8; length];
        let mut filter_mask = 0;
        // SAFETY: `offset` has one value for each axis; `bytes` is as long as the library said under this lock
        // that the chunk is.
        h5check(unsafe {
            H5Dread_chunk1(
                dataset.id(),
                H5P_DEFAULT,
                offset.as_ptr(),
                &mut filter_mask,
                bytes.as_mut_ptr().cast(),
            )
        })?;
        Ok(Some(StoredChunk { bytes, filter_mask }))
    })
}

/// Bytes of a chunk in the file; `None` where the file has none. The caller holds the lock.
fn stored_bytes(dataset: &Dataset, offset: &[hsize_t]) -> hdf5::Result<Option<hsize_t>> {
    let mut bytes: hsize_t = 0;
    // SAFETY: `offset` has one value for each axis, as the callers checked; `bytes` outlives the call.
    let found = h5check(unsafe { H5Dget_chunk_storage_size(dataset.id(), offset.as_ptr(), &mut bytes) });
    match found {
        Ok(_) => Ok((bytes > 0).then_some(bytes)),
        // The call fails for a hole as for a damaged index; this slower one tells them apart.
        Err(error) => {
            let (mut mask, mut address): (u32, haddr_t) = (0, 0);
            // SAFETY: as above; the library writes one value through each pointer.
            h5check(unsafe {
                H5Dget_chunk_info_by_coord(dataset.id(), offset.as_ptr(), &mut mask, &mut address, &mut bytes)
            })?;
            if address == HADDR_UNDEF { Ok(None) } else { Err(error) }
        }
    }
}

fn check_rank(dataset: &Dataset, rank: usize) -> hdf5::Result<()> {
    if dataset.ndim() == rank {
        return Ok(());
    }
    Err(Error::Internal(format!("{rank} coordinates for a dataset of rank {}", dataset.ndim())))
}

/// The file's type for samples: little-endian on every machine.
pub(crate) fn little_endian(pixel: PixelType) -> hdf5::Result<Datatype> {
    sync(|| {
        // SAFETY: these identifiers are set when the library starts, which `sync` saw to; the copy is owned by
        // the returned handle.
        unsafe {
            let predefined = match pixel {
                PixelType::U8 => *H5T_STD_U8LE,
                PixelType::U16 => *H5T_STD_U16LE,
                PixelType::I16 => *H5T_STD_I16LE,
                PixelType::I32 => *H5T_STD_I32LE,
                PixelType::F32 => *H5T_IEEE_F32LE,
                PixelType::F64 => *H5T_IEEE_F64LE,
            };
            hdf5::from_id(h5check(H5Tcopy(predefined))?)
        }
    })
}

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

/// The dataset's type, if it is made of bytes or fixed-length text and all elements take `bytes` bytes.
fn checked_plain_type(dataset: &Dataset, bytes: usize) -> hdf5::Result<Datatype> {
    let file_type = dataset.dtype()?;
    let plain = matches!(
        file_type.to_descriptor()?,
        TypeDescriptor::Unsigned(hdf5::types::IntSize::U1)
            | TypeDescriptor::FixedUnicode(_)
            | TypeDescriptor::FixedAscii(_)
    );
    let expected = dataset.space()?.size().checked_mul(file_type.size());
    if plain && expected == Some(bytes) {
        return Ok(file_type);
    }
    Err(Error::Internal(format!("{bytes} bytes do not match the dataset's type and size")))
}
