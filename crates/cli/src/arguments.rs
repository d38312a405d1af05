//! The words of the command line.

mod compress;
mod group;
mod inputs;
mod measure;
mod reading;
mod report;
mod size;
mod stages;
mod synth;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{ArgAction, Args, Parser, Subcommand};
use clap_complete::Shell;
use stack_core::{Error, Limits, Result};

pub(crate) use compress::{CompressWords, Effort};
pub(crate) use group::GroupWords;
pub(crate) use inputs::InputWords;
pub(crate) use measure::{MeasureStep, MeasureWords};
pub(crate) use reading::{DecompressWords, FrameWords, InfoWords, VerifyWords};
pub(crate) use report::ReportWords;
use size::ByteSize;
pub(crate) use stages::{BitRate, Fraction, SizeWords, StagesWords};
pub(crate) use synth::SynthWords;

/// What the help says of inputs and exit codes, below the commands.
const AFTER_HELP: &str = "\
Inputs (IN):
  cells/  'cells/*.png'    a folder or pattern of images, in natural order
  a.npy  b.npz:name        NumPy arrays: (T,H,W), (T,H,W,C) or (H,W)
  c.tif                    a TIFF file, one frame a page
  d.h5:/path               a dataset of an HDF5 file; 'd.h5:/path[:,0]' a part of it
  e.stack.h5  e.stack.mkv  a file that stackpress wrote
  film.mp4                 a video, of any kind that FFmpeg reads
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
#[command(next_help_heading = "Options of every command")]
pub(crate) struct Global {
    /// Number of threads [default: one for each core]
    #[arg(short = 'j', long, global = true, value_name = "N")]
    pub(crate) threads: Option<usize>,
    /// Overwrite outputs, and keep those that are larger than their input
    #[arg(short, long, global = true)]
    pub(crate) force: bool,
    /// Print errors only
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Say what is being done, on standard error; twice for every detail
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub(crate) verbose: u8,
    /// Most memory for frames and chunks that are on their way, such as 512M or 2GiB
    #[arg(long, global = true, value_name = "SIZE", default_value = "2GiB")]
    pub(crate) max_memory: ByteSize,
    /// Print the result as JSON on standard output (compress, info, group, verify, methods, report, size, stages)
    #[arg(long, global = true)]
    pub(crate) json: bool,
}

impl Global {
    /// What files may ask for, with the memory that the user allows.
    pub(crate) fn limits(&self) -> Limits {
        Limits { memory_bytes: self.max_memory.bytes(), ..Limits::default() }
    }

    /// Threads and memory as words, for a process that works for this one.
    pub(crate) fn to_words(&self) -> Vec<OsString> {
        let mut words = vec!["--max-memory".into(), self.max_memory.bytes().to_string().into()];
        if let Some(threads) = self.threads {
            words.extend(["-j".into(), threads.to_string().into()]);
        }
        words
    }

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
    /// List equal pictures and near duplicates, whatever their sizes
    Group(GroupWords),
    /// Decode a stored stack and check every sample
    #[command(visible_aliases = ["checkpca", "checkvideo"])]
    Verify(VerifyWords),
    /// List the methods
    Methods,
    /// Make a synthetic stack
    Synth(SynthWords),
    /// Measure methods on stacks: sizes, speeds and errors in one table
    Report(ReportWords),
    /// Say what raw pictures take, and how long to send
    Size(SizeWords),
    /// Measure single stages on a stack: entropy, predictors, run lengths, transforms
    Stages(StagesWords),
    /// Print completions for a shell
    Completions(CompletionsWords),
    /// Write manual pages, one a command
    Man(ManWords),
    /// One step of a report, in a process of its own
    #[command(hide = true)]
    Measure(MeasureWords),
}

#[derive(Debug, Args)]
pub(crate) struct CompletionsWords {
    /// The shell
    pub(crate) shell: Shell,
}

#[derive(Debug, Args)]
pub(crate) struct ManWords {
    /// Folder for the pages, such as ~/.local/share/man/man1; it is made where it is missing
    #[arg(short, long, value_name = "DIR")]
    pub(crate) output: PathBuf,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_words_are_consistent() {
        Arguments::command().debug_assert();
    }
}
