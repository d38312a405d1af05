//! Virtual datasets: datasets without samples, whose frames are rows of others in the same file.

use std::ffi::CString;
use std::ptr;

use hdf5::plist::DatasetCreate;
use hdf5::sync::sync;
use hdf5::{Dataset, Dataspace, Error, File, h5check};
use hdf5_sys::h5::hsize_t;
use hdf5_sys::h5d::H5Dcreate2;
use hdf5_sys::h5p::{H5P_DEFAULT, H5Pset_virtual};
use hdf5_sys::h5s::{H5S_SELECT_OR, H5S_SELECT_SET, H5Sselect_hyperslab};

use super::little_endian;
use crate::element::Element;
use crate::virtual_stack::Mapping;

/// How HDF5 writes "this file".
const THIS_FILE: &std::ffi::CStr = c".";

/// Creates a virtual dataset of the shape `dims`, whose first axis counts the frames.
pub(crate) fn create_virtual(
    file: &File,
    name: &str,
    element: Element,
    dims: &[usize],
    mappings: &[Mapping],
) -> hdf5::Result<Dataset> {
    let [frames, frame @ ..] = dims else {
        return Err(Error::Internal("a virtual dataset has frames".into()));
    };
    let creation = DatasetCreate::build().obj_track_times(false).finish()?;
    for mapping in mappings {
        let inside = mapping.blocks.iter().all(|block| {
            let within =
                |start: usize, length: usize| start.checked_add(block.count).is_some_and(|end| end <= length);
            block.count > 0 && within(block.frame, *frames) && within(block.row, mapping.rows)
        });
        if !inside || mapping.blocks.is_empty() {
            return Err(Error::Internal("a mapping reaches outside its datasets".into()));
        }
        let stack = select(*frames, frame, mapping.blocks.iter().map(|block| (block.frame, block.count)))?;
        let rows = select(mapping.rows, frame, mapping.blocks.iter().map(|block| (block.row, block.count)))?;
        let dataset = text(&mapping.dataset)?;
        sync(|| {
            // SAFETY: the list and both spaces are open; the library copies them and the names, which end with a zero.
            h5check(unsafe {
                H5Pset_virtual(creation.id(), stack.id(), THIS_FILE.as_ptr(), dataset.as_ptr(), rows.id())
            })
        })?;
    }
    let (datatype, space, name) = (little_endian(element)?, Dataspace::try_new(dims)?, text(name)?);
    sync(|| {
        // SAFETY: all handles are open, the name ends with a zero, and the new identifier belongs to the new handle.
        unsafe {
            hdf5::from_id(h5check(H5Dcreate2(
                file.id(),
                name.as_ptr(),
                datatype.id(),
                space.id(),
                H5P_DEFAULT,
                creation.id(),
                H5P_DEFAULT,
            ))?)
        }
    })
}

/// A space of `rows` frames of the shape `frame`, in which these runs (first row and number of rows) are selected.
fn select(
    rows: usize,
    frame: &[usize],
    runs: impl Iterator<Item = (usize, usize)>,
) -> hdf5::Result<Dataspace> {
    let with_rows = |rows: usize| [&[rows], frame].concat();
    let space = Dataspace::try_new(with_rows(rows))?;
    let ones = vec![1 as hsize_t; frame.len() + 1];
    let mut operation = H5S_SELECT_SET;
    for (first, count) in joined(runs) {
        let mut start = vec![0 as hsize_t; ones.len()];
        start[0] = first as hsize_t;
        let block: Vec<hsize_t> = with_rows(count).into_iter().map(|length| length as hsize_t).collect();
        sync(|| {
            // SAFETY: all arrays have a value for each axis of the space; without steps the library takes 1.
            h5check(unsafe {
                H5Sselect_hyperslab(
                    space.id(),
                    operation,
                    start.as_ptr(),
                    ptr::null(),
                    ones.as_ptr(),
                    block.as_ptr(),
                )
            })
        })?;
        operation = H5S_SELECT_OR;
    }
    Ok(space)
}

/// Joins runs that touch.
fn joined(runs: impl Iterator<Item = (usize, usize)>) -> Vec<(usize, usize)> {
    let mut all: Vec<(usize, usize)> = Vec::new();
    for (first, count) in runs {
        match all.last_mut() {
            Some((start, length)) if *start + *length == first => *length += count,
            _ => all.push((first, count)),
        }
    }
    all
}

fn text(words: &str) -> hdf5::Result<CString> {
    CString::new(words).map_err(|error| Error::Internal(error.to_string()))
}
