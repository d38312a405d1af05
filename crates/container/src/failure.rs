//! From the `hdf5` crate's errors to ours: the file, the object inside it, and a remedy.

use std::io;
use std::path::Path;

use stack_core::Error;

const RESTORE: &str = "the file is damaged or incomplete: restore it from its source";

/// Reading `field` failed: the file does not hold what it says.
pub(crate) fn reading(path: &Path, field: impl Into<String>) -> impl FnOnce(hdf5::Error) -> Error {
    let field = field.into();
    move |error| Error::format(path, field, error.to_string(), RESTORE)
}

/// Writing failed: the disk is full, or the operating system refused.
pub(crate) fn writing(path: &Path) -> impl FnOnce(hdf5::Error) -> Error {
    move |error| Error::io("write", path)(io::Error::other(error.to_string()))
}

/// Something in `field` contradicts the format or itself.
pub(crate) fn damaged(path: &Path, field: impl Into<String>, problem: impl Into<String>) -> Error {
    Error::format(path, field, problem, RESTORE)
}
