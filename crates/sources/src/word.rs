//! The parts of an INPUT word: `file:member`, where the member of an HDF5 file may end in an index: `file.h5:/x[:,0]`.
//!
//! A bracket is a pattern's character too. A word is, in this order: a file or folder of just that name; a member, or a
//! part of one, of a file that exists; a pattern.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

/// Ways to read `word` as a file and a member of it, longest file first.
///
/// A colon may belong to the file's name, to the member's name or its index, or to a Windows drive: the caller takes
/// the first file that exists. Colons at either end separate nothing.
///
/// ```
/// # use std::{ffi::OsStr, path::PathBuf};
/// use stack_sources::word::splits;
/// let ways: Vec<_> = splits(OsStr::new("C:/a.h5:/x")).collect();
/// assert_eq!(ways[0], (PathBuf::from("C:/a.h5"), "/x".into()));
/// assert_eq!(ways[1], (PathBuf::from("C"), "/a.h5:/x".into()));
/// assert!(splits(OsStr::new("a.h5:/x[2:9,0]")).any(|way| way == (PathBuf::from("a.h5"), "/x[2:9,0]".into())));
/// ```
pub fn splits(word: &OsStr) -> impl Iterator<Item = (PathBuf, OsString)> {
    let bytes = word.as_encoded_bytes();
    let colons: Vec<usize> = (1..bytes.len().saturating_sub(1)).filter(|&at| bytes[at] == b':').collect();
    colons.into_iter().rev().filter_map(|at| {
        let (file, member) = split_at_colon(word, at)?;
        Some((PathBuf::from(file), member))
    })
}

#[cfg(unix)]
fn split_at_colon(word: &OsStr, at: usize) -> Option<(OsString, OsString)> {
    use std::os::unix::ffi::OsStrExt;
    let bytes = word.as_bytes();
    Some((OsStr::from_bytes(&bytes[..at]).to_owned(), OsStr::from_bytes(&bytes[at + 1..]).to_owned()))
}

/// Elsewhere a word that is no Unicode cannot be cut without unsafe code, so it has no members.
#[cfg(not(unix))]
fn split_at_colon(word: &OsStr, at: usize) -> Option<(OsString, OsString)> {
    let text = word.to_str()?;
    Some((text[..at].into(), text[at + 1..].into()))
}

/// Whether the word has the characters of a pattern: `*`, `?` or `[`.
pub fn is_pattern(word: &OsStr) -> bool {
    word.as_encoded_bytes().iter().any(|byte| b"*?[".contains(byte))
}
