//! The words of `report`.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::Args;

use super::InputWords;

/// Shown below the options of `report`.
const EXAMPLES: &str = "\
Examples:
  stackpress report cells/ cube.npy -o results/            every method on your own data
  stackpress report cube.npy -o results/ --quick -m hdf5:shuffle,gzip=9 -m hdf5:bitshuffle,zstd=19";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
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
