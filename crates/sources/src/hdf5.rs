//! HDF5 and NetCDF-4 files, through the `stack-container` crate if this build has it.

use std::path::Path;

use stack_core::{Error, FrameSource, Limits, Result};

pub(crate) fn open(path: &Path, _: Option<&str>, _: &Limits) -> Result<Box<dyn FrameSource>> {
    Err(Error::unavailable(
        "HDF5",
        format!("this build cannot read {}", path.display()),
        "build with the feature hdf5 (on by default), or save the dataset with numpy.save",
    ))
}
