//! `stackpress decompress`: the frames of stored stacks, as files again.

use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use stack_core::{Error, FrameBuf, FrameSource, Limits, Progress, Result};
use stack_sources::OutputOptions;

use crate::arguments::{DecompressWords, Global};
use crate::progress::{Bar, or_cancelled};
use crate::{exit, numbers, output_name};

pub(crate) fn run(words: &DecompressWords, global: &Global) -> ExitCode {
    if words.files.len() > 1 && words.output.is_some() {
        return exit::report(&Error::parameter(
            "-o",
            format!("one output is named for {} files", words.files.len()),
            "leave -o out, or decompress them one by one",
        ));
    }
    exit::for_each(&words.files, |file| or_cancelled(decompress_one(file, words, global)).map(|()| 0))
}

fn decompress_one(file: &Path, words: &DecompressWords, global: &Global) -> Result<()> {
    let started = Instant::now();
    let mut reader = stack_methods::open_stack(file, &Limits::default())?;
    let hashes = reader.frame_hashes()?;
    let all = reader.header().frames;
    let range = words.frames.map_or(0..all, |range| range.resolve(all));
    let header = reader.header().part(range.clone())?;
    let target = words.output.clone().unwrap_or_else(|| output_name::for_decompressed(file));
    let options = OutputOptions { overwrite: global.force, ..OutputOptions::default() };
    let mut sink = stack_sources::open_output(&target, &header, &options)?;
    let bar = Bar::new(&file.display().to_string(), global.quiet);
    bar.phase("decoding", header.frames as u64);
    let mut frame = FrameBuf::for_header(&header);
    sink.start(&header)?;
    for index in range {
        bar.check()?;
        reader.read_frame(index, &mut frame)?;
        hashes.check(file, index, &frame)?;
        sink.push(&frame)?;
        bar.advance(1, header.frame_bytes() as u64);
    }
    sink.finish()?;
    bar.clear();
    if !global.quiet {
        let frames = numbers::count(header.frames as u64);
        eprintln!(
            "{} -> {}  {frames} frames, {}, every frame's hash checked  {}",
            file.display(),
            target.display(),
            numbers::bytes(header.raw_bytes()),
            numbers::seconds(started.elapsed().as_secs_f64())
        );
    }
    Ok(())
}
