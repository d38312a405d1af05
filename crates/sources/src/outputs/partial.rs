//! Outputs that appear whole or not at all.
//!
//! A partial output lies beside its target, under a hidden name of its own, so that the last step is a rename
//! within one file system. Dropping it removes it.

use std::ffi::OsString;
use std::fs;
use std::io::{self, BufWriter, ErrorKind, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use stack_core::{Error, Result};
use tempfile::{NamedTempFile, TempDir};

use crate::images::folder::is_image_name;

/// A file that is renamed to its target when it is finished.
pub struct PartialFile {
    file: BufWriter<NamedTempFile>,
    target: PathBuf,
    overwrite: bool,
}

impl PartialFile {
    /// Begins a file beside `target`.
    ///
    /// # Errors
    /// As [`check_file_target`]; what the operating system refuses.
    pub fn create(target: &Path, overwrite: bool) -> Result<Self> {
        check_file_target(target, overwrite)?;
        let mut builder = tempfile::Builder::new();
        let prefix = hidden_prefix(target);
        builder.prefix(&prefix);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            // Not a secret: the target gets the permissions of any other new file.
            builder.permissions(fs::Permissions::from_mode(0o666));
        }
        let file = builder.tempfile_in(folder_of(target)).map_err(Error::io("create", target))?;
        Ok(Self { file: BufWriter::new(file), target: target.to_path_buf(), overwrite })
    }

    /// The file that this will be.
    pub fn target(&self) -> &Path {
        &self.target
    }

    /// Writes what is buffered and renames the file to its target.
    ///
    /// # Errors
    /// What the operating system refuses; a target that appeared meanwhile is left alone without `overwrite`.
    pub fn finish(self) -> Result<()> {
        let Self { file, target, overwrite } = self;
        let file = file.into_inner().map_err(|error| Error::io("write", &target)(error.into_error()))?;
        let renamed = if overwrite { file.persist(&target) } else { file.persist_noclobber(&target) };
        renamed.map(drop).map_err(|error| match error.error.kind() {
            ErrorKind::AlreadyExists => exists(&target),
            _ => Error::io("create", &target)(error.error),
        })
    }
}

impl Write for PartialFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Seek for PartialFile {
    fn seek(&mut self, position: SeekFrom) -> io::Result<u64> {
        self.file.seek(position)
    }
}

/// A folder that is renamed to its target when it is finished.
pub struct PartialFolder {
    folder: TempDir,
    target: PathBuf,
    overwrite: bool,
}

impl PartialFolder {
    /// Begins a folder beside `target`.
    ///
    /// # Errors
    /// As [`check_folder_target`]; what the operating system refuses.
    pub fn create(target: &Path, overwrite: bool) -> Result<Self> {
        check_folder_target(target, overwrite)?;
        let folder = tempfile::Builder::new()
            .prefix(&hidden_prefix(target))
            .tempdir_in(folder_of(target))
            .map_err(Error::io("create", target))?;
        Ok(Self { folder, target: target.to_path_buf(), overwrite })
    }

    /// Where files are put until the folder is finished.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Renames the folder to its target; what was there is removed afterwards.
    ///
    /// # Errors
    /// As [`check_folder_target`], once more; what the operating system refuses.
    pub fn finish(self) -> Result<()> {
        let Self { folder, target, overwrite } = self;
        check_folder_target(&target, overwrite)?;
        let old = if target.is_dir() { Some(move_aside(&target)?) } else { None };
        match fs::rename(folder.path(), &target) {
            Ok(()) => {
                // It has its final name, under which nothing must remove it.
                let _ = folder.keep();
                old.map_or(Ok(()), |old| old.close().map_err(Error::io("remove what was in", &target)))
            }
            Err(error) => {
                if let Some(old) = old {
                    fs::rename(old.path().join("old"), &target).map_err(Error::io("restore", &target))?;
                }
                Err(Error::io("create", &target)(error))
            }
        }
    }
}

/// Moves a folder into a new hidden folder beside it, as `old`.
fn move_aside(target: &Path) -> Result<TempDir> {
    let aside = tempfile::Builder::new()
        .prefix(&hidden_prefix(target))
        .tempdir_in(folder_of(target))
        .map_err(Error::io("create", target))?;
    fs::rename(target, aside.path().join("old")).map_err(Error::io("replace", target))?;
    Ok(aside)
}

/// Checks that a file can be written to `target`.
///
/// # Errors
/// [`Error::Parameter`] if it is a folder, or exists and `overwrite` is false.
pub fn check_file_target(target: &Path, overwrite: bool) -> Result<()> {
    match fs::symlink_metadata(target) {
        Ok(metadata) if metadata.is_dir() => Err(Error::parameter(
            target.display().to_string(),
            "it is a folder, and the output is a file",
            "name another output",
        )),
        Ok(_) if !overwrite => Err(exists(target)),
        _ => Ok(()),
    }
}

/// Checks that a folder can be made at `target`.
///
/// An empty folder may be there. With `overwrite`, a folder of images may be there too; a folder with anything
/// else in it is never replaced.
///
/// # Errors
/// [`Error::Parameter`] that says what is in the way; what the operating system refuses.
pub fn check_folder_target(target: &Path, overwrite: bool) -> Result<()> {
    match fs::symlink_metadata(target) {
        Ok(metadata) if metadata.is_dir() => {}
        Ok(_) => {
            return Err(Error::parameter(
                target.display().to_string(),
                "it is a file, and the output is a folder",
                "name another output",
            ));
        }
        Err(_) => return Ok(()),
    }
    for entry in fs::read_dir(target).map_err(Error::io("list", target))? {
        let entry = entry.map_err(Error::io("list", target))?;
        if !overwrite {
            return Err(exists(target));
        }
        let is_file = entry.file_type().map_err(Error::io("list", target))?.is_file();
        if !is_file || !is_image_name(&entry.path()) {
            return Err(Error::parameter(
                target.display().to_string(),
                format!("the folder also holds {}, which is no image", entry.file_name().display()),
                "name another folder; only folders of images are overwritten",
            ));
        }
    }
    Ok(())
}

fn exists(target: &Path) -> Error {
    Error::parameter(
        target.display().to_string(),
        "the output exists",
        "name another, or ask to overwrite it",
    )
}

/// The folder that holds `target`.
fn folder_of(target: &Path) -> &Path {
    match target.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    }
}

/// `.name.partial-`: hidden, and telling whose it is if the machine fails meanwhile.
fn hidden_prefix(target: &Path) -> OsString {
    let mut prefix = OsString::from(".");
    prefix.push(target.file_name().unwrap_or_default());
    // Names may have 255 bytes on most file systems; the random end needs some of them.
    if prefix.len() > 200 {
        prefix = OsString::from(".stack");
    }
    prefix.push(".partial-");
    prefix
}
