//! Chunks as they lie in the file, past the library's own filtering.

use hdf5::sync::sync;
use hdf5::{Dataset, Error, h5check};
use hdf5_sys::h5::{HADDR_UNDEF, haddr_t, herr_t, hsize_t};
use hdf5_sys::h5d::{H5Dget_chunk_info_by_coord, H5Dread_chunk1, H5Dwrite_chunk};
use hdf5_sys::h5i::hid_t;
use hdf5_sys::h5p::H5P_DEFAULT;

use super::check_rank;

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

/// A chunked dataset all of whose chunks pass through filters.
///
/// Only of such does the library take a chunk's length from the same place when it tells it and when it reads: of
/// chunks without filters it tells the length they should have and reads the one that the file claims.
#[derive(Debug)]
pub(crate) struct FilteredDataset(Dataset);

impl FilteredDataset {
    /// `dataset` in its new form, or as it is if some chunks have no filters, or there are no chunks.
    pub(crate) fn new(dataset: Dataset) -> hdf5::Result<Result<Self, Dataset>> {
        let creation = dataset.create_plist()?;
        // With this option, the chunks at the edges have no filters.
        let all = creation.get_chunk_opts()?.is_some_and(|options| options.is_empty());
        Ok(if all && creation.has_filters() { Ok(Self(dataset)) } else { Err(dataset) })
    }

    /// The dataset again.
    pub(crate) fn into_inner(self) -> Dataset {
        self.0
    }

    /// Reads one chunk without taking its filters off; `None` where the file has none.
    ///
    /// A chunk of more than `limit` bytes is an error before anything is allocated for it.
    pub(crate) fn read_chunk(&self, offset: &[hsize_t], limit: usize) -> hdf5::Result<Option<StoredChunk>> {
        let Self(dataset) = self;
        check_rank(dataset, offset.len())?;
        sync(|| {
            let Some(length) = stored_bytes(dataset, offset)? else { return Ok(None) };
            let length = usize::try_from(length).ok().filter(|&length| length <= limit).ok_or_else(|| {
                Error::Internal(format!(
                    "a chunk takes {length} bytes in the file, which is more than {limit}"
                ))
            })?;
            let mut bytes = vec![0u8; length];
            let mut filter_mask = 0;
            // SAFETY: `offset` has one value for each axis. `bytes` is as long as the library said under this
            // lock that the chunk is, and it has filters, so the library reads that many bytes.
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
