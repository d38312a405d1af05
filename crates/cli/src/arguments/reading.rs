//! The words of the commands that read: `decompress`, `frame`, `info`, `verify`.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::Args;
use stack_sources::TiffCompression;

use super::InputWords;

/// Shown below the options of `decompress`.
const DECOMPRESS_EXAMPLES: &str = "\
Examples:
  stackpress decompress cells.stack.h5                     cells.stack.h5 -> cells/, with the pictures' own names
  stackpress decompress cells.stack.h5 -o cells.tif        one file of many pages
  stackpress decompress cube.stack.h5 -o cube.npy --frames 10:20
  stackpress decompress a.stack.h5 b.stack.h5 -o back/     several files, each below back/";

#[derive(Debug, Args)]
#[command(after_help = DECOMPRESS_EXAMPLES)]
pub(crate) struct DecompressWords {
    /// Files that stackpress wrote
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Folder of pictures, or a file ending in .npy or .tif; for several files, the folder for them all
    /// [default: cells.stack.h5 -> cells/]
    #[arg(short, long, value_name = "OUT")]
    pub(crate) output: Option<PathBuf>,
    /// Only these frames: the first, and the one behind the last
    #[arg(long, value_name = "FIRST:END")]
    pub(crate) frames: Option<FrameRange>,
    /// How pages of TIFF files are compressed: none, deflate, lzw or packbits
    #[arg(long, value_name = "NAME", default_value = "none")]
    pub(crate) tiff_compression: TiffCompression,
}

/// A half-open range of frames, as `10:20`, `10:` or `:20`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FrameRange {
    first: usize,
    end: Option<usize>,
}

impl FrameRange {
    /// The frames of a stack of `frames` that are meant.
    pub(crate) fn resolve(self, frames: usize) -> std::ops::Range<usize> {
        self.first..self.end.unwrap_or(frames)
    }
}

impl std::str::FromStr for FrameRange {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let number =
            |word: &str| word.parse::<usize>().map_err(|_| format!("{word:?} is not a frame number"));
        let (first, end) = text.split_once(':').ok_or("write FIRST:END, such as 10:20")?;
        Ok(Self {
            first: if first.is_empty() { 0 } else { number(first)? },
            end: if end.is_empty() { None } else { Some(number(end)?) },
        })
    }
}

/// Shown below the options of `frame`.
const FRAME_EXAMPLES: &str = "\
Examples:
  stackpress frame cells.stack.h5 17                       cells.stack.h5.17.png
  stackpress frame film.stack.mkv 0 -o first.tif";

#[derive(Debug, Args)]
#[command(after_help = FRAME_EXAMPLES)]
pub(crate) struct FrameWords {
    /// A file that stackpress wrote
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Number of the frame, from 0
    #[arg(value_name = "N")]
    pub(crate) number: usize,
    /// Picture to write, .png, .tif or .npy [default: FILE.N.png, or FILE.N.tif for types that PNG has not]
    #[arg(short, long, value_name = "PICTURE")]
    pub(crate) output: Option<PathBuf>,
}

/// Shown below the options of `info`.
const INFO_EXAMPLES: &str = "\
Examples:
  stackpress info cells.stack.h5
  stackpress info run.npz:stack --json
  stackpress info cells/ --pictures look/                  contact sheet, mean, minimum, maximum, deviation, histogram";

#[derive(Debug, Args)]
#[command(after_help = INFO_EXAMPLES)]
pub(crate) struct InfoWords {
    /// Files that stackpress wrote, or any input
    #[arg(required = true, value_name = "FILE")]
    pub(crate) inputs: Vec<OsString>,
    /// Look at every frame: contact sheet, mean, minimum, maximum and standard deviation, and histogram, as
    /// pictures in this folder
    #[arg(long, value_name = "DIR")]
    pub(crate) pictures: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) input: InputWords,
}

/// Shown below the options of `verify`.
const VERIFY_EXAMPLES: &str = "\
Examples:
  stackpress verify cells.stack.h5                         seal, and the hash of every decoded frame
  stackpress verify cells.stack.h5 --against cells/        and every sample against the source
  stackpress verify cells.stack.h5 --against cells/ --pictures look/
                                                           frames beside their originals, and what differs, as pictures";

#[derive(Debug, Args)]
#[command(after_help = VERIFY_EXAMPLES)]
pub(crate) struct VerifyWords {
    /// Files that stackpress wrote
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Compare with the stack that the file was made from, too
    #[arg(long, value_name = "IN")]
    pub(crate) against: Option<OsString>,
    /// Draw what was compared into this folder: the worst frame and a few others beside their originals, errors over
    /// the frames, and how differences are spread; of principal components, also eigenimages, variance and error
    #[arg(long, value_name = "DIR", requires = "against")]
    pub(crate) pictures: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) input: InputWords,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frame_ranges() {
        let range = |text: &str| text.parse::<FrameRange>().unwrap().resolve(10);
        assert_eq!(range("2:5"), 2..5);
        assert_eq!(range(":"), 0..10);
        assert_eq!(range("7:"), 7..10);
        assert!("5".parse::<FrameRange>().is_err());
    }
}
