//! From an INPUT word to a stack.
//!
//! ```text
//! word --> an existing path?  folder -> images        file -> by its bytes: TIFF, image, npy, npz, HDF5, video
//!     \-> file:member?        npz:array, h5:/dataset, h5:/dataset[:,0], nc:variable
//!      \-> a pattern?         images, in natural order; or the one file that matches
//! ```

use std::ffi::OsStr;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use stack_core::{Error, FrameSource, Limits, Result};

use crate::array::ArraySource;
use crate::images::folder::{ImageFolder, Unreadable, images_in, is_image_name};
use crate::kind::FileKind;
use crate::npz::open_npz;
use crate::pages::stack::open_tiff;
use crate::raw::{RawFormat, open_raw};
use crate::{hdf5, natural, video, word};

/// What the caller says about an input besides its word.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InputOptions {
    /// The file is bare samples of this format, whatever its bytes look like.
    pub raw: Option<RawFormat>,
    /// Among several images, those that cannot be decoded are left out, and listed in the stack's property
    /// `skipped`; see [`Unreadable::Skip`] for what that costs.
    pub skip_unreadable: bool,
}

impl InputOptions {
    fn unreadable(&self) -> Unreadable {
        if self.skip_unreadable { Unreadable::Skip } else { Unreadable::Refuse }
    }
}

/// Opens what an INPUT word names.
///
/// A word is, in this order: an existing file or folder; `file:member` where the file exists (an array of an
/// `.npz`; a dataset of an HDF5 or NetCDF-4 file, or a part of it: `file.h5:/name[:,0]`); a pattern with `*`, `?`, `[..]` or `**`. What a file is, its
/// bytes decide; a name that says something else is an error.
///
/// # Errors
/// [`Error::Parameter`] for a word that names nothing, or not enough; [`Error::Format`] for damaged or unsupported
/// files; [`Error::Limit`]; [`Error::Unavailable`] for HDF5 or video in a build without
/// it, and for video without FFmpeg; what the operating system
/// refuses.
pub fn open_input(word: &OsStr, options: &InputOptions, limits: &Limits) -> Result<Box<dyn FrameSource>> {
    if word.is_empty() {
        return Err(Error::parameter("input", "the name is empty", "give a file, a folder or a pattern"));
    }
    let path = Path::new(word);
    match fs::metadata(path) {
        Ok(metadata) if metadata.is_dir() => {
            if options.raw.is_some() {
                return Err(not_raw(path, "it is a folder"));
            }
            Ok(Box::new(ImageFolder::open(path, options.unreadable(), limits)?))
        }
        Ok(metadata) if metadata.is_file() => open_file(path, None, options, limits),
        Ok(_) => Err(Error::parameter(
            path.display().to_string(),
            "it is neither a file nor a folder",
            "save the data to a file first",
        )),
        Err(error) if names_nothing(error.kind()) => open_other(word, options, limits),
        Err(error) => Err(Error::io("read", path)(error)),
    }
}

/// Opens several image files as one stack, in natural order.
///
/// # Errors
/// As [`ImageFolder::from_files`].
pub fn open_pictures(
    paths: &[PathBuf],
    options: &InputOptions,
    limits: &Limits,
) -> Result<Box<dyn FrameSource>> {
    Ok(Box::new(ImageFolder::from_files(paths.to_vec(), options.unreadable(), limits)?))
}

/// The image files that a word names, in natural order: those of a folder, or those that match a pattern. `None` for any
/// other word, which names one stack.
///
/// # Errors
/// [`Error::Parameter`] for a folder without images and for a pattern that is none; what the operating system refuses.
pub fn picture_files(word: &OsStr) -> Result<Option<Vec<PathBuf>>> {
    let path = Path::new(word);
    let mut files = match fs::metadata(path) {
        Ok(metadata) if metadata.is_dir() => images_in(path)?,
        Ok(_) => return Ok(None),
        Err(_) if word::splits(word).any(|(file, _)| file.is_file()) => return Ok(None),
        Err(_) if word::is_pattern(word) => matching_files(word)?,
        Err(_) => return Ok(None),
    };
    files.retain(|path| is_image_name(path));
    files.sort_by(|a, b| natural::compare(a, b));
    Ok((!files.is_empty()).then_some(files))
}

/// Whether the error says that there is no such file, rather than that it cannot be looked at.
fn names_nothing(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::NotFound | ErrorKind::NotADirectory | ErrorKind::InvalidFilename)
}

/// A word that is no existing path: a member of a file, or a pattern.
fn open_other(word: &OsStr, options: &InputOptions, limits: &Limits) -> Result<Box<dyn FrameSource>> {
    for (file, member) in word::splits(word) {
        if file.is_file() {
            let member = member.to_str().ok_or_else(|| {
                Error::parameter(
                    Path::new(word).display().to_string(),
                    "the name after the colon is no Unicode text",
                    "rename the array or dataset",
                )
            })?;
            return open_file(&file, Some(member), options, limits);
        }
    }
    if word::is_pattern(word) {
        return open_pattern(word, options, limits);
    }
    Err(Error::parameter(
        Path::new(word).display().to_string(),
        "there is no such file or folder",
        "check the spelling; a pattern needs * or ?, an array of an .npz or .h5 file a colon: file.npz:name",
    ))
}

fn open_file(
    path: &Path,
    member: Option<&str>,
    options: &InputOptions,
    limits: &Limits,
) -> Result<Box<dyn FrameSource>> {
    if let Some(format) = &options.raw {
        return match member {
            None => Ok(Box::new(open_raw(path, format, limits)?)),
            Some(_) => Err(not_raw(path, "a raw file has no arrays to choose from")),
        };
    }
    let kind = FileKind::checked(path)?;
    match (kind, member) {
        (FileKind::Hdf5, member) => hdf5::open(path, member, limits),
        (FileKind::Npz, member) => Ok(Box::new(open_npz(path, member, limits)?)),
        (kind, Some(member)) => Err(Error::parameter(
            format!("{}:{member}", path.display()),
            format!("{} has no arrays or datasets to choose from", kind.describe()),
            "leave out the colon and what follows it",
        )),
        (FileKind::Npy, None) => Ok(Box::new(ArraySource::open_npy(path, limits)?)),
        (FileKind::Tiff, None) => open_tiff(path, limits),
        (kind, None) if kind.is_video() => video::open(path, limits),
        (kind, None) if kind.is_image() => {
            Ok(Box::new(ImageFolder::from_files(vec![path.to_path_buf()], Unreadable::Refuse, limits)?))
        }
        (kind, None) => Err(Error::format(
            path,
            "content",
            format!("{} cannot be read here", kind.describe()),
            remedy_for(kind),
        )),
    }
}

/// What can be done with a file that is recognised, but not read by this crate.
fn remedy_for(kind: FileKind) -> &'static str {
    match kind {
        FileKind::NetCdfClassic => "convert it to NetCDF-4: nccopy -k nc4 in.nc out.nc",
        _ => "save its frames as PNG or TIFF",
    }
}

/// The files that match a pattern.
fn matching_files(word: &OsStr) -> Result<Vec<PathBuf>> {
    let shown = Path::new(word).display().to_string();
    let refuse = |problem: String, remedy: &str| Err(Error::parameter(&shown, problem, remedy));
    let Some(pattern) = word.to_str() else {
        return refuse("a pattern must be Unicode text".into(), "name the folder instead");
    };
    // A dot in front hides a file from patterns, as in a shell.
    let matching = glob::MatchOptions { require_literal_leading_dot: true, ..glob::MatchOptions::new() };
    let matches = match glob::glob_with(pattern, matching) {
        Ok(matches) => matches,
        Err(error) => {
            return refuse(format!("the pattern is not valid: {}", error.msg), "close every bracket");
        }
    };
    let mut files = Vec::new();
    for path in matches {
        let path = path.map_err(|error| {
            let path = error.path().to_path_buf();
            Error::io("list", path)(error.into())
        })?;
        if path.is_file() {
            files.push(path);
        }
    }
    Ok(files)
}

fn open_pattern(word: &OsStr, options: &InputOptions, limits: &Limits) -> Result<Box<dyn FrameSource>> {
    let shown = Path::new(word).display().to_string();
    let refuse = |problem: String, remedy: &str| Err(Error::parameter(&shown, problem, remedy));
    let files = matching_files(word)?;
    let images: Vec<PathBuf> = files.iter().filter(|path| is_image_name(path)).cloned().collect();
    match (files.as_slice(), images.is_empty()) {
        ([], _) => {
            refuse("no file matches this pattern".into(), "check the pattern, and quote it for the shell")
        }
        ([file], _) => open_file(file, None, options, limits),
        (_, false) if options.raw.is_none() => {
            Ok(Box::new(ImageFolder::from_files(images, options.unreadable(), limits)?))
        }
        (files, _) => {
            refuse(format!("{} files match, and they are not images", files.len()), "name one file")
        }
    }
}

fn not_raw(path: &Path, problem: &str) -> Error {
    Error::parameter(format!("--raw with {}", path.display()), problem, "give one file of bare samples")
}
