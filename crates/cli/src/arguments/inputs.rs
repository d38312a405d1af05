//! How IN words are read.

use clap::Args;
use stack_sources::{InputOptions, RawFormat};

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
