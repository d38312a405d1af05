//! The words of `measure`, which a report starts for itself.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::InputWords;

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
