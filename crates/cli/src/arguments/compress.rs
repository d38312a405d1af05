//! The words of `compress`.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use stack_core::{ErrorBound, Result};
use stack_methods::Order;

use super::InputWords;

/// Shown below the options of `compress`.
const EXAMPLES: &str = "\
Examples:
  stackpress compress cells/                               cells/ -> cells.stack.h5, verified
  stackpress compress cells/ --dry-run -e max              how large would it be, without writing it
  stackpress compress cube.npy -m hdf5:shuffle,gzip=9 -o cube.h5
  stackpress compress run.npz:stack --max-error 0.5        refused unless the method keeps it
  stackpress compress 'scan.h5:/raw[:,0]'                  the first channel of a 4-D dataset
  stackpress compress film.npy -m video:ffv1               a lossless video that plays
  stackpress compress photos/ -m video:x264-lossless --order nearest
  stackpress compress a.npy b.npy c/ -o archive/           several stacks into one folder
  stackpress compress --raw u16le:100x480x640 camera.bin
  stackpress compress -o x.stack.h5 -- -odd-name.npy       a name that begins with a dash";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct CompressWords {
    /// Stacks to store: folders, patterns, arrays, TIFF, HDF5, video, raw samples
    #[arg(required = true, value_name = "IN")]
    pub(crate) inputs: Vec<OsString>,
    /// Output file, or a folder for the outputs of several stacks [default: beside the input, cells/ ->
    /// cells.stack.h5]
    #[arg(short, long, value_name = "OUT")]
    pub(crate) output: Option<PathBuf>,
    /// Method, as `stackpress methods` lists them [default: hdf5:bitshuffle,zstd]
    #[arg(short, long, value_name = "SPEC", conflicts_with = "effort")]
    pub(crate) method: Option<String>,
    /// How much time a smaller file is worth, instead of a method
    #[arg(short, long, value_enum, value_name = "EFFORT")]
    pub(crate) effort: Option<Effort>,
    /// In which order frames are stored; they come back in their own. Like order= in the method
    #[arg(long, value_enum, value_name = "ORDER")]
    pub(crate) order: Option<OrderWord>,
    #[command(flatten)]
    pub(crate) promise: PromiseWords,
    /// Write nothing: say what would be written and how large, from a sample of the frames
    #[arg(long, conflicts_with = "no_verify")]
    pub(crate) dry_run: bool,
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

/// In which order frames are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum OrderWord {
    /// As they come
    None,
    /// Sorted by perceptual, average and difference hash
    Hash,
    /// A chain in which neighbours are alike
    Nearest,
    /// Whichever of these is smallest on a sample
    Auto,
}

impl From<OrderWord> for Order {
    fn from(word: OrderWord) -> Self {
        match word {
            OrderWord::None => Self::None,
            OrderWord::Hash => Self::Hash,
            OrderWord::Nearest => Self::Nearest,
            OrderWord::Auto => Self::Auto,
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
