//! How IN words are read.

use std::ffi::OsString;

use clap::Args;
use stack_sources::{InputOptions, RawFormat};

/// How IN words are read.
#[derive(Debug, Clone, Args)]
pub(crate) struct InputWords {
    /// IN is a file of raw samples: TYPE:TxHxW or TYPE:TxHxWxC, TYPE one of u8, u16le, i16be, f32le, ...
    #[arg(long, value_name = "TYPE:TxHxW")]
    pub(crate) raw: Option<RawFormat>,
    /// Go on without pictures of a folder that cannot be read, and list them in the output; each is decoded once
    /// more, to know before the first frame
    #[arg(long)]
    pub(crate) skip_unreadable: bool,
}

impl InputWords {
    pub(crate) fn options(&self) -> InputOptions {
        InputOptions { raw: self.raw, skip_unreadable: self.skip_unreadable }
    }

    /// The words again, for a process that opens the same input.
    pub(crate) fn to_words(&self) -> Vec<OsString> {
        let mut words = Vec::new();
        if let Some(raw) = &self.raw {
            words.extend(["--raw".into(), raw.to_string().into()]);
        }
        if self.skip_unreadable {
            words.push("--skip-unreadable".into());
        }
        words
    }
}
