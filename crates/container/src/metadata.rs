//! What a source knew beside the samples, into a file: names, properties, blocks.

use std::path::Path;

use hdf5::File;
use stack_core::{Error, Metadata, Result};

use crate::failure;
use crate::names;
use crate::text;

/// Writes all that there is.
///
/// # Errors
/// [`Error::Parameter`] for names that HDF5 cannot hold; [`Error::Io`] if the disk is full.
pub(crate) fn write(path: &Path, file: &File, meta: &Metadata) -> Result<()> {
    if !meta.frame_names.is_empty() {
        text::write_list(path, file, names::FRAME_NAMES, &meta.frame_names)?;
    }
    let json = |name: &str, value: serde_json::Result<String>| {
        value.map_err(|error| Error::parameter(name, error.to_string(), "use text for names and values"))
    };
    if !meta.properties.is_empty() {
        let document = json("properties", serde_json::to_string(&meta.properties))?;
        text::write_document(file, names::PROPERTIES, &document).map_err(failure::writing(path))?;
    }
    if !meta.blocks.is_empty() {
        let document = json("blocks", serde_json::to_string(&meta.blocks))?;
        text::write_document(file, names::BLOCKS, &document).map_err(failure::writing(path))?;
    }
    Ok(())
}
