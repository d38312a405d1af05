//! The calls of the HDF5 library that the `hdf5` crate does not offer: direct chunks, raw bytes, filters, virtual
//! datasets; and how files are opened.
//!
//! This module (with its parts) is the crate's only one with unsafe code. Every call runs inside [`sync`], the `hdf5` crate's global
//! lock, because the library itself may be built without threads; `sync` also keeps the library from printing
//! its errors. Handles come from the `hdf5` crate and so are open for as long as they are borrowed.

#![allow(unsafe_code)]

use std::ffi::CString;
use std::path::Path;

use hdf5::file::LibraryVersion;
use hdf5::plist::DatasetAccess;
use hdf5::sync::sync;
use hdf5::{Dataset, Error, File, h5check};
use hdf5_sys::h5d::H5Dopen2;

mod boxes;
mod chunks;
mod registration;
mod types;
mod virtual_dataset;

pub(crate) use boxes::{
    Hyperslab, Steps, read_bytes, read_elements, read_whole, write_elements, write_whole,
};
pub(crate) use chunks::{FilteredDataset, StoredChunk, write_chunk};
use registration::register_filters;
pub(crate) use registration::with_chunk_limit;
pub(crate) use types::{
    StoredType, address, big_endian, convert, fill_value, is_fixed_text, is_text, little_endian,
    read_attribute, stored_type, type_words,
};
pub(crate) use virtual_dataset::create_virtual;

/// Most bytes of decoded chunks that the library may keep for a dataset that it decodes itself.
const CACHE_BYTES: usize = 64 << 20;
/// Places in that cache; a prime far above the number of chunks it holds, as HDF5 advises.
const CACHE_PLACES: usize = 12_421;
/// How eagerly the library drops chunks that were read to their end; its own default.
const CACHE_PREEMPTION: f64 = 0.75;

/// Opens an HDF5 file for reading.
///
/// Without the library's lock, here as in the writer: a lock lives on in child processes that are started while
/// the file is open, so our own next opening would be refused; and some network file systems have no locks.
///
/// And without a cache of chunks: chunks with filters of ours do not pass through it; chunks without filters then
/// are read straight from their place in the file, and not by the length that the file claims for them.
pub(crate) fn open_file(path: &Path) -> hdf5::Result<File> {
    register_filters()?;
    File::with_options()
        .with_fapl(|access| access.file_locking(false).chunk_cache(1, 0, CACHE_PREEMPTION))
        .open(path)
}

/// Creates an HDF5 file that replaces `path`.
///
/// In the format of HDF5 1.10: its index of chunks is several kilobytes smaller than the oldest one, and checksums
/// guard all structure. No object gets a time stamp. Raw data are written at once and not kept for later, so that a
/// full disk is an error of the frame that no longer fits.
pub(crate) fn create_file(path: &Path) -> hdf5::Result<File> {
    register_filters()?;
    File::with_options()
        .with_fapl(|access| {
            access
                .file_locking(false)
                .sieve_buf_size(0)
                .libver_bounds(LibraryVersion::V110, LibraryVersion::V110)
        })
        .with_fcpl(|creation| creation.obj_track_times(false))
        .create(path)
}

/// The same dataset with a cache for chunks of `chunk_bytes` that the library decodes, which takes a quarter of
/// `memory_bytes` at most, or one chunk; `dataset` must be its only handle.
pub(crate) fn with_cache(dataset: Dataset, chunk_bytes: usize, memory_bytes: u64) -> hdf5::Result<Dataset> {
    let bytes = usize::try_from(memory_bytes / 4).unwrap_or(usize::MAX).min(CACHE_BYTES).max(chunk_bytes);
    let (file, name) = (dataset.file()?, dataset.name());
    drop(dataset);
    let access = DatasetAccess::build().chunk_cache(CACHE_PLACES, bytes, CACHE_PREEMPTION).finish()?;
    let name = CString::new(name).map_err(|error| Error::Internal(error.to_string()))?;
    // SAFETY: all handles are open, the name ends with a zero, and the new identifier belongs to the new handle.
    sync(|| unsafe { hdf5::from_id(h5check(H5Dopen2(file.id(), name.as_ptr(), access.id()))?) })
}

fn check_rank(dataset: &Dataset, rank: usize) -> hdf5::Result<()> {
    if dataset.ndim() == rank {
        return Ok(());
    }
    Err(Error::Internal(format!("{rank} coordinates for a dataset of rank {}", dataset.ndim())))
}
