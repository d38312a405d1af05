//! `stackpress decompress`: the frames of stored stacks, as files again.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use stack_core::{Error, FrameBuf, FrameSource, Progress, Result};
use stack_methods::{SealState, check_seal};
use stack_sources::OutputOptions;

use crate::arguments::{DecompressWords, Global};
use crate::progress::{Bar, or_cancelled};
use crate::shown::shown;
use crate::{exit, numbers, output_name};

pub(crate) fn run(words: &DecompressWords, global: &Global) -> ExitCode {
    let names: Vec<PathBuf> = words.files.iter().map(|file| output_name::for_decompressed(file)).collect();
    // A folder is what one stack of pictures goes to, so that only several files make it a folder of outputs.
    let targets = match &words.output {
        Some(output) if words.files.len() == 1 => Ok(vec![output.clone()]),
        Some(folder) => output_name::within(folder, names),
        None => Ok(names),
    };
    match targets {
        Ok(targets) => exit::for_each(words.files.iter().zip(&targets), |(file, target)| {
            or_cancelled(decompress_one(file, target, words, global))
        }),
        Err(error) => exit::report(&error),
    }
}

fn decompress_one(file: &Path, target: &Path, words: &DecompressWords, global: &Global) -> Result<u8> {
    let started = Instant::now();
    let mut reader = stack_methods::open_stack(file, &global.limits())?;
    let sealed = check_seal(file)? == SealState::Intact;
    if !sealed {
        eprintln!(
            "stackpress: {}: the seal does not fit: every frame is checked by its hash, but names, properties and \
             tags may have changed since the file was written",
            shown(file)
        );
    }
    let hashes = reader.frame_hashes()?;
    let all = reader.header().frames;
    if let (true, Some(folder)) = (words.files.len() > 1, &words.output) {
        std::fs::create_dir_all(folder).map_err(Error::io("create", folder))?;
    }
    let range = words.frames.map_or(0..all, |range| range.resolve(all));
    let header = reader.header().part(range.clone())?;
    let options = OutputOptions { overwrite: global.force, tiff_compression: words.tiff_compression };
    let mut sink = stack_sources::open_output(target, &header, &options)?;
    let bar = Bar::new(&file.display().to_string(), global);
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
            shown(file),
            shown(target),
            numbers::bytes(header.raw_bytes()),
            numbers::seconds(started.elapsed().as_secs_f64())
        );
    }
    Ok(if sealed { 0 } else { exit::SEAL_GONE })
}
