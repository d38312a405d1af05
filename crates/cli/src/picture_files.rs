//! Pictures and charts as files in a folder that the user names.

use std::io::Write;
use std::path::Path;

use stack_core::{Error, Result};

/// Pixels of the files for each pixel of a drawing, so that they are sharp on fine screens.
pub(crate) const FINENESS: f64 = 2.0;

/// A file that vanishes unless it is given its name; with the rights that any new file has.
fn temporary(folder: &Path) -> std::io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder)
}

/// Writes a file whole or not at all.
///
/// # Errors
/// [`Error::Parameter`] where the file exists and is not to be overwritten; [`Error::Io`].
pub(crate) fn save(folder: &Path, name: &str, bytes: &[u8], overwrite: bool) -> Result<()> {
    let target = folder.join(name);
    let mut file = temporary(folder).map_err(Error::io("write to", folder))?;
    file.write_all(bytes).map_err(Error::io("write", &target))?;
    let saved = if overwrite { file.persist(&target) } else { file.persist_noclobber(&target) };
    match saved {
        Ok(_) => Ok(()),
        Err(error) if error.error.kind() == std::io::ErrorKind::AlreadyExists => Err(Error::parameter(
            target.display().to_string(),
            "the picture exists",
            "name another folder with --pictures, or overwrite it with -f",
        )),
        Err(error) => Err(Error::io("write", &target)(error.error)),
    }
}
