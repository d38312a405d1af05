//! The virtual environment of the interoperability tests.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use super::tell;
use crate::failure::{Failure, Result};
use crate::process::{output_of, read};
use crate::workspace;

/// The pinned packages: a copy of this file in the environment says that it is complete.
const REQUIREMENTS: &str = "xtask/requirements.txt";

/// Makes `target/venv` unless it is there with just these packages; returns its Python.
pub(super) fn ensure() -> Result<PathBuf> {
    let wanted = fs::read_to_string(workspace::root().join(REQUIREMENTS))
        .map_err(Failure::of(REQUIREMENTS, "restore it from the repository"))?;
    // The tests look here too, so the folder does not follow CARGO_TARGET_DIR.
    let folder = workspace::root().join("target/venv");
    let python = folder.join("bin/python");
    let stamp = folder.join("requirements.txt");

    let complete = fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted);
    if complete && output_of(&python.to_string_lossy(), &["--version"]).is_some() {
        tell("python packages", &format!("in {}", workspace::shown(&folder)));
        return Ok(python);
    }

    tell("python packages", &format!("are being installed into {}", workspace::shown(&folder)));
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(Failure::of(folder.display(), "remove the folder by hand"))?;
    }
    let mut create = Command::new("python3");
    create.args(["-m", "venv"]).arg(&folder);
    read(create)?;
    let mut install = Command::new(&python);
    install
        .args(["-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"])
        .args(["--requirement", REQUIREMENTS])
        .current_dir(workspace::root());
    read(install)?;
    fs::write(&stamp, wanted).map_err(Failure::of(stamp.display(), "check the rights of target/"))?;
    tell("python packages", &package_list().join(", "));
    Ok(python)
}

/// The packages with their versions, for the line of the setup.
fn package_list() -> Vec<String> {
    let text = fs::read_to_string(workspace::root().join(REQUIREMENTS)).unwrap_or_default();
    packages(&text).map(|(name, version)| format!("{name} {version}")).collect()
}

fn packages(requirements: &str) -> impl Iterator<Item = (&str, &str)> {
    requirements.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once("=="))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_package_is_pinned() {
        let text = fs::read_to_string(workspace::root().join(REQUIREMENTS)).unwrap();
        let lines = text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')).count();
        assert_eq!(packages(&text).count(), lines);
        assert!(packages(&text).any(|(name, _)| name == "h5py"));
    }
}
