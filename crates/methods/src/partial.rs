//! Output that is either whole or not there: written beside the target, then renamed.
//!
//! Work happens in a folder `.NAME.stackpress-partial` beside the target, so that the last step is a rename within
//! one file system. The folder holds a lock: a run that was killed leaves a folder that nobody holds, and the next
//! run to the same target removes it; a run that is alive is left alone.

use std::ffi::OsString;
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use stack_core::{Error, Result};

/// A target that is being written. Dropping it without [`Partial::commit`] removes all traces.
pub struct Partial {
    target: PathBuf,
    folder: PathBuf,
    _lock: File,
}

impl Partial {
    /// Prepares to write `target`.
    ///
    /// # Errors
    /// [`Error::Parameter`] where the target exists and `overwrite` is off, or another run is writing it;
    /// [`Error::Io`] where its folder does not exist or cannot be written.
    pub fn begin(target: &Path, overwrite: bool) -> Result<Self> {
        refuse_existing(target, overwrite)?;
        let folder = folder_for(target)?;
        if folder.exists() {
            take_over(&folder, target)?;
        }
        fs::create_dir(&folder).map_err(Error::io("create", &folder))?;
        let lock_path = folder.join("lock");
        let lock = File::create_new(&lock_path).map_err(Error::io("create", &lock_path))?;
        lock.lock().map_err(Error::io("lock", &lock_path))?;
        Ok(Self { target: target.to_path_buf(), folder, _lock: lock })
    }

    /// Where to write: a file of this run alone, with the extension of the target.
    pub fn path(&self) -> PathBuf {
        let mut name = OsString::from("output");
        if let Some(extension) = self.target.extension() {
            name.push(".");
            name.push(extension);
        }
        self.folder.join(name)
    }

    /// Moves the finished file to its target.
    ///
    /// # Errors
    /// [`Error::Parameter`] where the target came into being meanwhile and `overwrite` is off; [`Error::Io`].
    pub fn commit(self, overwrite: bool) -> Result<()> {
        refuse_existing(&self.target, overwrite)?;
        fs::rename(self.path(), &self.target).map_err(Error::io("create", &self.target))
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        // Nothing useful can be done where this fails; the next run to the same target tries again.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn refuse_existing(target: &Path, overwrite: bool) -> Result<()> {
    if target.exists() && !overwrite {
        return Err(Error::parameter(
            target.display().to_string(),
            "the output exists",
            "name another with -o, or overwrite it with -f",
        ));
    }
    if target.is_dir() {
        return Err(Error::parameter(
            target.display().to_string(),
            "the output is a folder",
            "name a file with -o",
        ));
    }
    Ok(())
}

fn folder_for(target: &Path) -> Result<PathBuf> {
    let parent = target.parent().filter(|parent| !parent.as_os_str().is_empty());
    if let Some(parent) = parent.filter(|parent| !parent.exists()) {
        return Err(Error::parameter(
            target.display().to_string(),
            format!("there is no folder {}", parent.display()),
            "make it, or name another output with -o",
        ));
    }
    let name = target.file_name().ok_or_else(|| {
        Error::parameter(target.display().to_string(), "not the name of a file", "name a file with -o")
    })?;
    let mut folder = OsString::from(".");
    folder.push(name);
    folder.push(".stackpress-partial");
    Ok(target.with_file_name(folder))
}

/// Removes what a killed run left; refuses while the run is alive.
fn take_over(folder: &Path, target: &Path) -> Result<()> {
    if let Ok(lock) = File::open(folder.join("lock"))
        && let Err(TryLockError::WouldBlock) = lock.try_lock()
    {
        return Err(Error::parameter(
            target.display().to_string(),
            "another run is writing this output",
            "wait for it, or name another output with -o",
        ));
    }
    fs::remove_dir_all(folder).map_err(Error::io("remove what an earlier run left in", folder))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_left_without_commit() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("out.h5");
        let partial = Partial::begin(&target, false).unwrap();
        fs::write(partial.path(), b"half").unwrap();
        drop(partial);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn commit_renames_and_cleans() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("out.h5");
        let partial = Partial::begin(&target, false).unwrap();
        fs::write(partial.path(), b"whole").unwrap();
        partial.commit(false).unwrap();
        assert_eq!(fs::read(&target).unwrap(), b"whole");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        assert!(Partial::begin(&target, false).is_err());
        assert!(Partial::begin(&target, true).is_ok());
    }

    #[test]
    fn the_rest_of_a_killed_run_is_removed_and_a_living_one_respected() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("out.h5");
        let alive = Partial::begin(&target, false).unwrap();
        let error = Partial::begin(&target, false).err().unwrap().to_string();
        assert!(error.contains("another run"), "{error}");
        drop(alive);
        let left_over = folder_for(&target).unwrap();
        fs::create_dir(&left_over).unwrap();
        fs::write(left_over.join("lock"), b"").unwrap();
        fs::write(left_over.join("output.h5"), b"half").unwrap();
        drop(Partial::begin(&target, false).unwrap());
        assert!(!left_over.exists());
    }
}
