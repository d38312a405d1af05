//! The words of the command line.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use stack_core::synthetic::KINDS;
use stack_core::{Error, ErrorBound, Result};
use stack_sources::{InputOptions, RawFormat};

/// What the help says of inputs and exit codes, below the commands.
const AFTER_HELP: &str = "\
Inputs (IN):
  cells/  'cells/*.png'    a folder or pattern of images, in natural order
  a.npy  b.npz:name        NumPy arrays: (T,H,W), (T,H,W,C) or (H,W)
  c.tif                    a TIFF file, one frame a page
  d.h5:/path               a dataset of an HDF5 file
  e.stack.h5  e.stack.mkv  a file that stackpress wrote
  f.bin --raw u16le:TxHxW  raw samples
  synth:SPEC               a synthetic stack, see `stackpress synth --help`

Exit codes:
  0 done                   5 the method cannot hold the stack or the promise
  1 the machine refused    6 a program or library is missing
  2 wrong words            7 verification failed
  3 damaged or wrong file  8 output larger than the input, not kept
  4 a limit was reached    9 intact frames, but the seal is gone    130 stopped

Examples:
  stackpress compress cells/                      cells/ -> cells.stack.h5, verified
  stackpress compress cube.npy -m hdf5:shuffle,gzip=9 -o cube.h5
  stackpress decompress cells.stack.h5 -o back/
  stackpress report cube.npy -o results/          every method in one table";

/// Stores large stacks of similar images and numeric cubes in the least space.
///
/// Every output is decoded again and compared with the input before the command ends.
#[derive(Debug, Parser)]
#[command(name = "stackpress", version, after_help = AFTER_HELP, max_term_width = 110)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Options that every command has.
#[derive(Debug, Args)]
pub(crate) struct Global {
    /// Number of threads [default: one for each core]
    #[arg(short = 'j', long, global = true, value_name = "N")]
    pub(crate) threads: Option<usize>,
    /// Overwrite outputs, and keep those that are larger than their input
    #[arg(short, long, global = true)]
    pub(crate) force: bool,
    /// Print errors only
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,
    /// Print the result as JSON on standard output (info, verify, methods, report)
    #[arg(long, global = true)]
    pub(crate) json: bool,
}

impl Global {
    /// Starts the pool of threads that compress and decompress.
    pub(crate) fn start_threads(&self) -> Result<()> {
        let Some(threads) = self.threads else { return Ok(()) };
        rayon::ThreadPoolBuilder::new().num_threads(threads).build_global().map_err(|error| {
            Error::parameter("-j", error.to_string(), "give the number of threads, or leave it out")
        })
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Store stacks, verified, each in one file
    Compress(CompressWords),
    /// Give the frames of a stored stack back as files
    Decompress(DecompressWords),
    /// Write one frame of a stored stack as a picture
    Frame(FrameWords),
    /// Say what a stored or unstored stack is
    Info(InfoWords),
    /// Decode a stored stack and check every sample
    Verify(VerifyWords),
    /// List the methods
    Methods,
    /// Make a synthetic stack
    Synth(SynthWords),
    /// Measure methods on stacks: sizes, speeds and errors in one table
    Report(ReportWords),
    /// Print completions for a shell
    Completions(CompletionsWords),
    /// One step of a report, in a process of its own
    #[command(hide = true)]
    Measure(MeasureWords),
}

/// How IN words are read.
#[derive(Debug, Clone, Args)]
pub(crate) struct InputWords {
    /// IN is a file of raw samples: TYPE:TxHxW or TYPE:TxHxWxC, TYPE one of u8, u16le, i16be, f32le, ...
    #[arg(long, value_name = "TYPE:TxHxW")]
    pub(crate) raw: Option<RawFormat>,
}

impl InputWords {
    pub(crate) fn options(&self) -> InputOptions {
        InputOptions { raw: self.raw }
    }
}

#[derive(Debug, Args)]
pub(crate) struct CompressWords {
    /// Stacks to store: folders, patterns, arrays, TIFF, HDF5, raw samples
    #[arg(required = true, value_name = "IN")]
    pub(crate) inputs: Vec<OsString>,
    /// Output file [default: beside the input, cells/ -> cells.stack.h5]
    #[arg(short, long, value_name = "OUT")]
    pub(crate) output: Option<PathBuf>,
    /// Method, as `stackpress methods` lists them [default: hdf5:bitshuffle,zstd]
    #[arg(short, long, value_name = "SPEC", conflicts_with = "effort")]
    pub(crate) method: Option<String>,
    /// How much time a smaller file is worth, instead of a method
    #[arg(short, long, value_enum, value_name = "EFFORT")]
    pub(crate) effort: Option<Effort>,
    #[command(flatten)]
    pub(crate) promise: PromiseWords,
    /// Do not decode and compare the finished file
    #[arg(long)]
    pub(crate) no_verify: bool,
    #[command(flatten)]
    pub(crate) input: InputWords,
}

/// How much time a smaller file is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Effort {
    /// hdf5:bitshuffle,lz4
    Fast,
    /// hdf5:bitshuffle,zstd
    Default,
    /// hdf5:bitshuffle,zstd=19
    Max,
}

impl Effort {
    pub(crate) fn method(self) -> &'static str {
        match self {
            Self::Fast => "hdf5:bitshuffle,lz4",
            Self::Default => stack_methods::DEFAULT_METHOD,
            Self::Max => "hdf5:bitshuffle,zstd=19",
        }
    }
}

/// The promise that is asked for; a method that cannot give it is refused.
#[derive(Debug, Args)]
#[group(multiple = false)]
pub(crate) struct PromiseWords {
    /// Every sample must come back with the same bits
    #[arg(long)]
    pub(crate) lossless: bool,
    /// Every sample must come back within E
    #[arg(long, value_name = "E")]
    pub(crate) max_error: Option<f64>,
    /// The same, with E = R x (largest - smallest finite sample)
    #[arg(long, value_name = "R")]
    pub(crate) max_range_error: Option<f64>,
}

impl PromiseWords {
    /// The promise, where it does not depend on the stack.
    pub(crate) fn absolute(&self) -> Result<ErrorBound> {
        match self.max_error {
            Some(bound) => ErrorBound::max_abs(bound),
            None if self.lossless => Ok(ErrorBound::Lossless),
            None => Ok(ErrorBound::Unbounded),
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct DecompressWords {
    /// Files that stackpress wrote
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Folder of pictures, or a file ending in .npy or .tif [default: cells.stack.h5 -> cells/]
    #[arg(short, long, value_name = "OUT")]
    pub(crate) output: Option<PathBuf>,
    /// Only these frames: the first, and the one behind the last
    #[arg(long, value_name = "FIRST:END")]
    pub(crate) frames: Option<FrameRange>,
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

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        let number =
            |word: &str| word.parse::<usize>().map_err(|_| format!("{word:?} is not a frame number"));
        let (first, end) = text.split_once(':').ok_or("write FIRST:END, such as 10:20")?;
        Ok(Self {
            first: if first.is_empty() { 0 } else { number(first)? },
            end: if end.is_empty() { None } else { Some(number(end)?) },
        })
    }
}

#[derive(Debug, Args)]
pub(crate) struct FrameWords {
    /// A file that stackpress wrote
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Number of the frame, from 0
    #[arg(value_name = "N")]
    pub(crate) number: usize,
    /// Picture to write, .png, .tif or .npy [default: the frame's own name, or FILE.N.png]
    #[arg(short, long, value_name = "PICTURE")]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct InfoWords {
    /// Files that stackpress wrote, or any input
    #[arg(required = true, value_name = "FILE")]
    pub(crate) inputs: Vec<OsString>,
    #[command(flatten)]
    pub(crate) input: InputWords,
}

#[derive(Debug, Args)]
pub(crate) struct VerifyWords {
    /// Files that stackpress wrote
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Compare with the stack that the file was made from, too
    #[arg(long, value_name = "IN")]
    pub(crate) against: Option<OsString>,
    #[command(flatten)]
    pub(crate) input: InputWords,
}

/// Kinds and options of synthetic stacks, as the help lists them.
fn synthetic_kinds() -> String {
    let mut text = String::from("SPEC is KIND[:OPTION=VALUE,...]. Kinds:\n");
    let mut meanings: Vec<(&str, &str)> = Vec::new();
    for kind in KINDS {
        let options: Vec<&str> = kind.options.iter().map(|option| option.name).collect();
        text +=
            &format!("  {:15} {}\n  {:15} options: {}\n", kind.name, kind.summary, "", options.join(", "));
        for option in kind.options {
            if !meanings.iter().any(|(name, _)| *name == option.name) {
                meanings.push((option.name, option.meaning));
            }
        }
    }
    text += "\nOptions:\n";
    for (name, meaning) in meanings {
        text += &format!("  {name:15} {meaning}\n");
    }
    text + "\nExample: stackpress synth texture:frames=200,size=128x128,type=u16,seed=7 -o texture.npy"
}

#[derive(Debug, Args)]
#[command(after_help = synthetic_kinds())]
pub(crate) struct SynthWords {
    /// What to make; see the kinds below
    #[arg(value_name = "SPEC", default_value = "reference")]
    pub(crate) spec: String,
    /// .npy or .tif file, or folder of pictures
    #[arg(short, long, value_name = "OUT")]
    pub(crate) output: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct ReportWords {
    /// Stacks to measure on
    #[arg(required = true, value_name = "IN")]
    pub(crate) inputs: Vec<OsString>,
    /// Methods to measure, may be given again [default: all]
    #[arg(short, long = "method", value_name = "SPEC")]
    pub(crate) methods: Vec<String>,
    /// Folder for report.html, results.md, results.csv, results.json and plots/
    #[arg(short, long, value_name = "DIR")]
    pub(crate) output: PathBuf,
    /// Measure the first 100 frames only
    #[arg(long)]
    pub(crate) quick: bool,
    #[command(flatten)]
    pub(crate) input: InputWords,
}

#[derive(Debug, Args)]
pub(crate) struct CompletionsWords {
    /// The shell
    pub(crate) shell: Shell,
}

#[derive(Debug, Args)]
pub(crate) struct MeasureWords {
    /// What to do
    #[command(subcommand)]
    pub(crate) step: MeasureStep,
}

/// The steps of one row of a report; each runs in a fresh process, whose time and memory its parent measures.
#[derive(Debug, Subcommand)]
pub(crate) enum MeasureStep {
    /// Encode IN to FILE, without looking at the result
    Encode {
        /// The stack
        input: OsString,
        /// The method
        method: String,
        /// The new file
        file: PathBuf,
        /// Only so many frames
        #[arg(long)]
        first: Option<usize>,
        #[command(flatten)]
        words: InputWords,
    },
    /// Decode all frames of FILE, and do nothing with them
    Decode {
        /// The file
        file: PathBuf,
    },
    /// Compare FILE with IN
    Compare {
        /// The stack
        input: OsString,
        /// The file
        file: PathBuf,
        /// Only so many frames
        #[arg(long)]
        first: Option<usize>,
        #[command(flatten)]
        words: InputWords,
    },
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_words_are_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn frame_ranges() {
        let range = |text: &str| text.parse::<FrameRange>().unwrap().resolve(10);
        assert_eq!(range("2:5"), 2..5);
        assert_eq!(range(":"), 0..10);
        assert_eq!(range("7:"), 7..10);
        assert!("5".parse::<FrameRange>().is_err());
    }
}
