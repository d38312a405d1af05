//! Where an output goes when nobody says.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

/// Where to store the stack that `input` names: `cells/` -> `cells.stack.h5`, beside the input.
///
/// A pattern gives the folder's name, a member (`b.npz:name`, `d.h5:/path`) that of file and member.
pub(crate) fn for_compressed(input: &OsStr, extension: &str) -> PathBuf {
    let text = input.to_string_lossy();
    if let Some(spec) = text.strip_prefix("synth:") {
        let kind = spec.split(':').next().unwrap_or("synthetic");
        return PathBuf::from(format!("{kind}{extension}"));
    }
    let path = Path::new(input);
    if path.exists() {
        return with_extension(path, extension);
    }
    if text.contains(['*', '?', '[']) {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        return with_extension(folder.unwrap_or(Path::new("stack")), extension);
    }
    match text.rsplit_once(':') {
        Some((file, member)) => {
            let member: Vec<&str> = member.split('/').filter(|part| !part.is_empty()).collect();
            let stem = with_extension(Path::new(file), "");
            let mut name = stem.into_os_string();
            if !member.is_empty() {
                name.push(".");
                name.push(member.join("."));
            }
            name.push(extension);
            PathBuf::from(name)
        }
        None => with_extension(path, extension),
    }
}

/// The folder for the frames of `file`: `cells.stack.h5` -> `cells`.
pub(crate) fn for_decompressed(file: &Path) -> PathBuf {
    let name = file.file_name().unwrap_or(OsStr::new("stack")).to_string_lossy();
    let stem = [".stack.h5", ".stack.mkv", ".h5", ".mkv"].iter().find_map(|ending| name.strip_suffix(ending));
    match stem.filter(|stem| !stem.is_empty()) {
        Some(stem) => file.with_file_name(stem),
        None => file.with_file_name(format!("{name}.frames")),
    }
}

/// Replaces the last extension of a file, or adds one to a folder's name.
fn with_extension(path: &Path, extension: &str) -> PathBuf {
    let absolute;
    let named = if path.file_name().is_some() {
        path
    } else {
        absolute = path.canonicalize().unwrap_or_else(|_| path.join("stack"));
        &absolute
    };
    let stem = if named.is_dir() { named.file_name() } else { named.file_stem() };
    let mut name = OsString::from(stem.unwrap_or(OsStr::new("stack")));
    name.push(extension);
    named.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_input() {
        let name =
            |input: &str| for_compressed(OsStr::new(input), ".stack.h5").to_string_lossy().into_owned();
        assert_eq!(name("data/cube.npy"), "data/cube.stack.h5");
        assert_eq!(name("a/b.npz:stack"), "a/b.stack.stack.h5");
        assert_eq!(name("d.h5:/group/set"), "d.group.set.stack.h5");
        assert_eq!(name("cells/*.png"), "cells.stack.h5");
        assert_eq!(name("*.png"), "stack.stack.h5");
        assert_eq!(name("synth:gradient:frames=3"), "gradient.stack.h5");
    }

    #[test]
    fn a_folder_keeps_its_dots() {
        let folder = tempfile::tempdir().unwrap();
        let cells = folder.path().join("cells.v2");
        std::fs::create_dir(&cells).unwrap();
        assert_eq!(for_compressed(cells.as_os_str(), ".stack.h5"), folder.path().join("cells.v2.stack.h5"));
    }

    #[test]
    fn frames_go_to_a_folder_of_the_same_name() {
        assert_eq!(for_decompressed(Path::new("x/cells.stack.h5")), Path::new("x/cells"));
        assert_eq!(for_decompressed(Path::new("cells")), Path::new("cells.frames"));
    }
}
