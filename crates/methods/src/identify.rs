//! Which method wrote a file: by its content, never by its name.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use stack_core::{Error, Limits, Result};

use crate::{MethodSpec, StackReader, registry};

/// First bytes of an HDF5 file.
#[cfg(feature = "hdf5")]
const HDF5_MAGIC: &[u8] = b"\x89HDF\r\n\x1a\n";
/// First bytes of an EBML document, which Matroska is.
#[cfg(feature = "video")]
const EBML_MAGIC: &[u8] = b"\x1a\x45\xdf\xa3";

/// A kind of container: its first bytes, the way to open it, and whether a file of it is one of ours.
type Container = (&'static [u8], Open, fn(&Path) -> Result<bool>);
type Open = fn(&Path, &Limits) -> Result<StackReader>;
static CONTAINERS: &[Container] = &[
    #[cfg(feature = "hdf5")]
    (HDF5_MAGIC, crate::hdf5::open, stack_container::is_stack_file),
    #[cfg(feature = "video")]
    (EBML_MAGIC, crate::video::open, stack_video::is_stack_video),
];

/// Whether the first bytes are those of a container that we write. The file may still be somebody else's.
///
/// # Errors
/// [`Error::Io`].
pub fn may_be_ours(file: &Path) -> Result<bool> {
    Ok(container(file)?.is_some())
}

/// Whether the file carries our tables, whole or damaged; another program's file of the same kind does not.
///
/// # Errors
/// [`Error::Io`]; [`Error::Format`] where that cannot be told.
pub fn is_ours(file: &Path) -> Result<bool> {
    let Some((_, _, is_ours)) = container(file)? else { return Ok(false) };
    is_ours(file)
}

/// The method that wrote `file`.
///
/// # Errors
/// [`Error::Format`] where the file is not one of ours.
pub fn identify(file: &Path) -> Result<MethodSpec> {
    Ok(open_container(file, &Limits::default())?.envelope().method.clone())
}

/// Opens a file of any method.
///
/// # Errors
/// Those of [`identify`] and of [`Method::open`](crate::Method::open).
pub fn open_stack(file: &Path, limits: &Limits) -> Result<StackReader> {
    let reader = open_container(file, limits)?;
    registry::from_spec(&reader.envelope().method).map_err(|error| {
        Error::format(file, "method", error.to_string(), "use a build of stackpress that has this method")
    })?;
    Ok(reader)
}

fn open_container(file: &Path, limits: &Limits) -> Result<StackReader> {
    let (_, open, _) = container(file)?.ok_or_else(|| {
        Error::format(
            file,
            "first bytes",
            "neither an HDF5 nor a Matroska file",
            "give a file that stackpress wrote (.stack.h5, .stack.mkv)",
        )
    })?;
    open(file, limits)
}

fn container(file: &Path) -> Result<Option<&'static Container>> {
    let mut start = Vec::new();
    File::open(file)
        .and_then(|opened| opened.take(8).read_to_end(&mut start))
        .map_err(Error::io("read", file))?;
    Ok(CONTAINERS.iter().find(|(magic, ..)| start.starts_with(magic)))
}
