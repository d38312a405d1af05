//! From an IN word to a source of frames.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use stack_core::synthetic::Synthetic;
use stack_core::{Error, FrameSource, Limits, Result};
use stack_methods::CheckedStack;

use crate::arguments::InputWords;

/// Opens the stack that a word names: a synthetic one, a file of ours, or any input of stack-sources.
pub(crate) fn open(word: &OsStr, words: &InputWords, limits: &Limits) -> Result<Box<dyn FrameSource>> {
    if let Some(spec) = word.to_str().and_then(|text| text.strip_prefix("synth:")) {
        return Ok(Box::new(spec.parse::<Synthetic>()?.source()?));
    }
    let path = Path::new(word);
    if words.raw.is_none() && path.is_file() && stack_methods::may_be_ours(path)? {
        match stack_methods::open_stack(path, limits) {
            Ok(reader) => return Ok(Box::new(CheckedStack::new(reader)?)),
            // Another program's file of the same kind, which the sources may know how to read.
            Err(ours) => {
                return stack_sources::open_input(word, &words.options(), limits).map_err(|theirs| {
                    if stack_methods::is_ours(path).unwrap_or(true) { ours } else { theirs }
                });
            }
        }
    }
    stack_sources::open_input(word, &words.options(), limits)
}

/// The stacks that the words of a command line name: several pictures are one stack, as a shell expands `*.png`.
pub(crate) fn stacks(inputs: &[OsString]) -> Vec<Input> {
    let pictures: Vec<PathBuf> = inputs.iter().map(PathBuf::from).collect();
    if pictures.len() > 1 && pictures.iter().all(|path| stack_sources::is_picture(path)) {
        return vec![Input::Pictures(pictures)];
    }
    inputs.iter().cloned().map(Input::Word).collect()
}

/// One stack to be opened.
pub(crate) enum Input {
    /// A word.
    Word(OsString),
    /// Pictures in the order that the shell gave.
    Pictures(Vec<PathBuf>),
}

impl Input {
    pub(crate) fn open(&self, words: &InputWords, limits: &Limits) -> Result<Box<dyn FrameSource>> {
        match self {
            Self::Word(word) => open(word, words, limits),
            Self::Pictures(paths) => stack_sources::open_pictures(paths, &words.options(), limits),
        }
    }

    /// The word, or what stands for several pictures: the folder of the first with a star.
    pub(crate) fn word(&self) -> OsString {
        match self {
            Self::Word(word) => word.clone(),
            Self::Pictures(paths) => {
                let extension = paths[0].extension().unwrap_or_default();
                let mut star = OsString::from("*.");
                star.push(extension);
                paths[0].with_file_name(star).into_os_string()
            }
        }
    }
}

/// Whether both name the same file or folder.
pub(crate) fn is_same_file(input: &OsStr, output: &Path) -> bool {
    Path::new(input)
        .canonicalize()
        .is_ok_and(|input| output.canonicalize().is_ok_and(|output| input == output))
}

/// Refuses an output that is the input itself.
pub(crate) fn refuse_same_file(input: &OsStr, output: &Path) -> Result<()> {
    if is_same_file(input, output) {
        return Err(Error::parameter(
            output.display().to_string(),
            "the output is the input",
            "name another output with -o",
        ));
    }
    Ok(())
}
