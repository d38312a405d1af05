//! Every picture once: its hash and its look.

use std::collections::HashSet;
use std::ffi::OsString;
use std::path::Path;

use serde::Serialize;
use stack_core::{Error, FrameBuf, FrameShape, FrameSource, Limits, PixelType, Progress, Result};
use stack_grouping::near_duplicates::Looks;
use stack_methods::FrameHashes;

use crate::arguments::{GroupWords, InputWords};
use crate::input;
use crate::progress::Bar;

/// Bytes that are held of each picture beside its name.
const BYTES_A_PICTURE: u64 = 1024 + 128;

/// What is known of all pictures of the words.
pub(super) struct Pictures {
    inputs: Vec<Input>,
    kinds: Vec<Kind>,
    pub(super) looks: Looks,
    pub(super) skipped: Vec<String>,
}

/// What was opened: a picture file, or a stack.
struct Input {
    word: OsString,
    first: u32,
    frames: usize,
}

struct Kind {
    shape: FrameShape,
    pixel: PixelType,
    hash: [u8; FrameHashes::HASH_BYTES],
}

/// A picture for people and programs.
#[derive(Serialize, Clone)]
pub(super) struct Description {
    pub(super) name: String,
    pub(super) height: usize,
    pub(super) width: usize,
    pub(super) channels: usize,
    pub(super) sample_type: PixelType,
}

impl Pictures {
    /// Looks at the pictures of all words; each file is opened on its own, so that sizes may differ.
    pub(super) fn looked_at(words: &GroupWords, limits: &Limits, bar: &Bar) -> Result<Self> {
        let mut pictures =
            Self { inputs: Vec::new(), kinds: Vec::new(), looks: Looks::default(), skipped: Vec::new() };
        // A file that two words name is one picture.
        let mut seen = HashSet::new();
        for word in &words.inputs {
            let files = match words.input.raw {
                None => stack_sources::picture_files(word)?,
                Some(_) => None,
            };
            let Some(files) = files else {
                pictures.add(word.clone(), &words.input, limits, bar, true)?;
                continue;
            };
            bar.phase("looking", files.len() as u64);
            for file in files {
                if !seen.insert(file.canonicalize().unwrap_or_else(|_| file.clone())) {
                    continue;
                }
                match pictures.add(file.clone().into_os_string(), &words.input, limits, bar, false) {
                    Err(error) if words.input.skip_unreadable && is_of_the_file(&error) => {
                        pictures.skipped.push(error.to_string());
                    }
                    Err(error) if is_of_the_file(&error) => {
                        eprintln!(
                            "stackpress: --skip-unreadable goes on without pictures that cannot be read"
                        );
                        return Err(error);
                    }
                    added => added?,
                }
                bar.advance(1, 0);
            }
        }
        if pictures.kinds.is_empty() {
            return Err(Error::parameter("IN", "no picture can be read", "give pictures that can"));
        }
        Ok(pictures)
    }

    fn add(
        &mut self,
        word: OsString,
        words: &InputWords,
        limits: &Limits,
        bar: &Bar,
        shown: bool,
    ) -> Result<()> {
        bar.check()?;
        let mut source = input::open(&word, words, limits)?;
        let header = source.header().clone();
        let path = Path::new(&word);
        limits.check_header(path, &header)?;
        let held = (self.kinds.len() + header.frames) as u128 * u128::from(BYTES_A_PICTURE);
        Limits::check(path, "the memory for looks of pictures in bytes", held, limits.memory_bytes)?;
        if shown {
            bar.phase("looking", header.frames as u64);
        }
        let first = self.kinds.len();
        let mut looks = Looks::default();
        let mut frame = FrameBuf::for_header(&header);
        for index in 0..header.frames {
            bar.check()?;
            if let Err(error) =
                source.read_frame(index, &mut frame).and_then(|()| looks.push(&frame, header.shape))
            {
                self.kinds.truncate(first);
                return Err(error);
            }
            self.kinds.push(Kind {
                shape: header.shape,
                pixel: header.format.pixel(),
                hash: FrameHashes::hash(&frame),
            });
            if shown {
                bar.advance(1, header.frame_bytes() as u64);
            }
        }
        self.looks.append(looks);
        self.inputs.push(Input { word, first: first as u32, frames: header.frames });
        Ok(())
    }

    pub(super) fn len(&self) -> usize {
        self.kinds.len()
    }

    /// What equal pictures have in common.
    pub(super) fn content(&self, number: u32) -> (FrameShape, PixelType, [u8; FrameHashes::HASH_BYTES]) {
        let kind = &self.kinds[number as usize];
        (kind.shape, kind.pixel, kind.hash)
    }

    /// The looks of some pictures.
    pub(super) fn looks_of(&self, numbers: &[u32]) -> Looks {
        self.looks.chosen(numbers)
    }

    fn input(&self, number: u32) -> &Input {
        &self.inputs[self.inputs.partition_point(|input| input.first <= number) - 1]
    }

    /// The file, and the frame of a stack.
    pub(super) fn name(&self, number: u32) -> String {
        let input = self.input(number);
        let word = input.word.to_string_lossy();
        if input.frames == 1 { word.into_owned() } else { format!("{word} frame {}", number - input.first) }
    }

    pub(super) fn describe(&self, number: u32) -> Description {
        let Kind { shape, pixel, .. } = &self.kinds[number as usize];
        Description {
            name: self.name(number),
            height: shape.height(),
            width: shape.width(),
            channels: shape.channels(),
            sample_type: *pixel,
        }
    }

    /// Opens the input of a picture again, and tells which of its frames the picture is.
    pub(super) fn open(
        &self,
        number: u32,
        words: &InputWords,
        limits: &Limits,
    ) -> Result<(Box<dyn FrameSource>, usize)> {
        let input = self.input(number);
        Ok((input::open(&input.word, words, limits)?, (number - input.first) as usize))
    }
}

/// Whether an error says that one file cannot be read, so that others can be looked at.
fn is_of_the_file(error: &Error) -> bool {
    matches!(error, Error::Format { .. } | Error::Limit { .. } | Error::Io { .. } | Error::Unsupported { .. })
}
