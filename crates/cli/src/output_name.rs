//! Where an output goes when nobody says.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use stack_core::{Error, Result};

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
    if let Some((file, member)) = stack_sources::word::splits(input).find(|(file, _)| file.is_file()) {
        return for_member(&file, &member.to_string_lossy(), extension);
    }
    if text.contains(['*', '?', '[']) {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        return with_extension(folder.unwrap_or(Path::new("stack")), extension);
    }
    match text.rsplit_once(':') {
        Some((file, member)) => for_member(Path::new(file), member, extension),
        None => with_extension(path, extension),
    }
}

/// File and member, and the index of a part: `d.h5:/temp[:,3]` -> `d.temp.3.stack.h5`.
fn for_member(file: &Path, member: &str, extension: &str) -> PathBuf {
    let mut name = with_extension(file, "").into_os_string();
    let plain = |letter: char| letter.is_alphanumeric() || "-_".contains(letter);
    for part in member.split(|letter| !plain(letter)).filter(|part| !part.is_empty()) {
        name.push(".");
        name.push(part);
    }
    name.push(extension);
    PathBuf::from(name)
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

/// Whether `output` names a folder for outputs: there is one, or the name ends as a folder's does.
pub(crate) fn is_folder(output: &Path) -> bool {
    output.is_dir() || output.as_os_str().as_encoded_bytes().ends_with(b"/")
}

/// The same file names, all below `folder`.
///
/// # Errors
/// [`Error::Parameter`] where two outputs would have one name.
pub(crate) fn within(folder: &Path, names: Vec<PathBuf>) -> Result<Vec<PathBuf>> {
    let mut targets: Vec<PathBuf> = Vec::with_capacity(names.len());
    for name in names {
        let target = folder.join(name.file_name().unwrap_or(OsStr::new("stack")));
        if targets.contains(&target) {
            return Err(Error::parameter(
                format!("-o {}", folder.display()),
                format!("two inputs would become {}", target.display()),
                "store them one by one, under names of your choice",
            ));
        }
        targets.push(target);
    }
    Ok(targets)
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
    fn parts_of_a_dataset_have_names_of_their_own() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("d.h5"), "").unwrap();
        for (word, name) in
            [("d.h5:temp[:,3]", "d.temp.3.stack.h5"), ("d.h5:/g/temp[2:9]", "d.g.temp.2.9.stack.h5")]
        {
            let word = folder.path().join(word);
            assert_eq!(for_compressed(word.as_os_str(), ".stack.h5"), folder.path().join(name));
        }
    }

    #[test]
    fn a_folder_keeps_its_dots() {
        let folder = tempfile::tempdir().unwrap();
        let cells = folder.path().join("cells.v2");
        std::fs::create_dir(&cells).unwrap();
        assert_eq!(for_compressed(cells.as_os_str(), ".stack.h5"), folder.path().join("cells.v2.stack.h5"));
    }

    #[test]
    fn several_outputs_go_into_one_folder_under_names_of_their_own() {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path().join("new");
        let names = |names: &[&str]| within(&at, names.iter().map(PathBuf::from).collect());
        assert_eq!(names(&["x/a.h5", "y/b.h5"]).unwrap(), [at.join("a.h5"), at.join("b.h5")]);
        let error = names(&["x/a.h5", "y/a.h5"]).unwrap_err().to_string();
        assert!(error.contains("two inputs would become") && error.contains("a.h5"), "{error}");
        assert!(
            is_folder(folder.path()) && is_folder(Path::new("not there/")) && !is_folder(Path::new("a.h5"))
        );
    }

    #[test]
    fn frames_go_to_a_folder_of_the_same_name() {
        assert_eq!(for_decompressed(Path::new("x/cells.stack.h5")), Path::new("x/cells"));
        assert_eq!(for_decompressed(Path::new("cells")), Path::new("cells.frames"));
    }
}
