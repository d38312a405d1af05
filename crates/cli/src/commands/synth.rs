//! `stackpress synth`: a synthetic stack as a file.

use std::process::ExitCode;

use stack_core::synthetic::Synthetic;
use stack_core::{FrameSource, Progress, Result, copy_frames};
use stack_sources::OutputOptions;

use crate::arguments::{Global, SynthWords};
use crate::progress::{Bar, or_cancelled};
use crate::shown::shown;
use crate::{exit, numbers};

pub(crate) fn run(words: &SynthWords, global: &Global) -> ExitCode {
    match or_cancelled(make(words, global)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => exit::report(&error),
    }
}

fn make(words: &SynthWords, global: &Global) -> Result<()> {
    let mut source = words.spec.parse::<Synthetic>()?.source()?;
    let header = source.header().clone();
    let options = OutputOptions { overwrite: global.force, ..OutputOptions::default() };
    let mut sink = stack_sources::open_output(&words.output, &header, &options)?;
    let bar = Bar::new(&words.spec, global);
    bar.phase("making", header.frames as u64);
    copy_frames(&mut source, sink.as_mut(), &bar)?;
    bar.clear();
    if !global.quiet {
        eprintln!(
            "{} -> {}  {}, {}",
            words.spec,
            shown(&words.output),
            header.describe(),
            numbers::bytes(header.raw_bytes())
        );
    }
    Ok(())
}
