//! HDF5 and NetCDF-4 files, through the `stack-container` crate if this build has it.

use std::path::Path;

use stack_core::{Error, FrameSource, Limits, Result};

/// Opens dataset `name`, or a part of it (`name[:,0]`); without a name, a file of ours, or the only dataset that is a stack.
///
/// A file of ours is read as the frames that lie in it; a method that stores something else than frames has its own
/// reader in `stack-methods`.
#[cfg(feature = "hdf5")]
pub(crate) fn open(path: &Path, name: Option<&str>, limits: &Limits) -> Result<Box<dyn FrameSource>> {
    use stack_container::{DatasetSource, StackFile, is_stack_file, list_datasets};

    if let Some(name) = name {
        return Ok(Box::new(DatasetSource::open(path, name, limits)?));
    }
    if is_stack_file(path)? {
        return Ok(Box::new(StackFile::open(path, limits)?));
    }
    let datasets = list_datasets(path)?;
    let stacks: Vec<_> = datasets.iter().filter(|dataset| dataset.is_stack()).collect();
    if let [only] = stacks.as_slice() {
        return Ok(Box::new(DatasetSource::open(path, &only.path, limits)?));
    }
    let shown = path.display();
    let (problem, listed) = if stacks.is_empty() {
        ("no dataset of the file is a stack", datasets.iter().collect())
    } else {
        ("several datasets of the file are stacks", stacks)
    };
    let names: Vec<String> = listed.into_iter().map(ToString::to_string).collect();
    let there_are = if names.is_empty() { "none".into() } else { names.join(", ") };
    Err(Error::parameter(
        shown.to_string(),
        format!("{problem}; there are: {there_are}"),
        format!(
            "name one of numbers after a colon, as in {shown}:/name, or a part of one that has more than 3 axes, as in \
             {shown}:/name[:,0]"
        ),
    ))
}

#[cfg(not(feature = "hdf5"))]
pub(crate) fn open(path: &Path, _: Option<&str>, _: &Limits) -> Result<Box<dyn FrameSource>> {
    Err(Error::unavailable(
        "HDF5",
        format!("this build cannot read {}", path.display()),
        "build with the feature hdf5 (on by default), or save the dataset with numpy.save",
    ))
}
