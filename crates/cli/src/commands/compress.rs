//! `stackpress compress`: from an input to one verified file.

mod dry_run;
mod words;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use serde::Serialize;
use stack_core::{Error, ErrorBound, ErrorMeter, Errors, FrameSource, Progress, Result, for_each_frame};
use stack_methods::{CompressOptions, Compressed, Method, MethodSpec, Order};

use crate::arguments::{CompressWords, Effort, Global};
use crate::input::{self, Input};
use crate::progress::{Bar, or_cancelled};
use crate::{exit, output_name, screen};

pub(crate) fn run(words: &CompressWords, global: &Global) -> ExitCode {
    let inputs = input::stacks(&words.inputs);
    match prepare(&inputs, words) {
        Ok((method, targets)) => exit::for_each(inputs.iter().zip(&targets), |(input, target)| {
            let job = Job { input, target, method: method.as_ref(), words, global };
            or_cancelled(if words.dry_run { job.estimate() } else { job.compress() }).map(|()| 0)
        }),
        Err(error) => exit::report(&error),
    }
}

/// Everything that can be refused before an input is touched.
fn prepare(inputs: &[Input], words: &CompressWords) -> Result<(Box<dyn Method>, Vec<PathBuf>)> {
    words.promise.absolute()?;
    if let Some(bound) = words.promise.max_range_error {
        ErrorBound::max_abs(bound)?;
    }
    let spec =
        words.method.as_deref().or(words.effort.map(Effort::method)).unwrap_or(stack_methods::DEFAULT_METHOD);
    let method = stack_methods::method(spec)?;
    let method = match words.order {
        Some(order) => stack_methods::ordered(method, Order::from(order))?,
        None => method,
    };
    let targets = targets(inputs, method.extension(), words)?;
    Ok((method, targets))
}

/// Where each stack goes.
fn targets(inputs: &[Input], extension: &str, words: &CompressWords) -> Result<Vec<PathBuf>> {
    let names = || inputs.iter().map(|input| output_name::for_compressed(&input.word(), extension)).collect();
    match &words.output {
        None => Ok(names()),
        Some(output) if output_name::is_folder(output) => output_name::within(output, names()),
        Some(output) if inputs.len() == 1 => Ok(vec![output.clone()]),
        Some(output) => Err(Error::parameter(
            format!("-o {}", output.display()),
            format!("one output is named for {} stacks", inputs.len()),
            "name a folder, with a slash at its end, or leave -o out",
        )),
    }
}

/// One stack to be stored.
struct Job<'a> {
    input: &'a Input,
    target: &'a Path,
    method: &'a dyn Method,
    words: &'a CompressWords,
    global: &'a Global,
}

/// The result as JSON.
#[derive(Serialize)]
struct Stored<'a> {
    input: String,
    output: String,
    method: &'a MethodSpec,
    promise: ErrorBound,
    frames: usize,
    stored_frames: usize,
    raw_bytes: u64,
    disk_bytes_before: Option<u64>,
    stored_bytes: u64,
    errors: Option<&'a Errors>,
    seconds: f64,
}

impl Job<'_> {
    fn compress(&self) -> Result<()> {
        let started = Instant::now();
        let word = self.input.word();
        input::refuse_same_file(&word, self.target)?;
        let limits = self.global.limits();
        let mut source = self.input.open(&self.words.input, &limits)?;
        let bar = Bar::new(&word.to_string_lossy(), self.global);
        let options = CompressOptions {
            wanted: self.wanted(source.as_mut(), &bar)?,
            verify: !self.words.no_verify,
            overwrite: self.global.force,
            keep_larger: self.global.force,
            limits,
        };
        if let Some(folder) = self.words.output.as_deref().filter(|output| output_name::is_folder(output)) {
            std::fs::create_dir_all(folder).map_err(Error::io("create", folder))?;
        }
        let result = stack_methods::compress(source.as_mut(), self.method, self.target, &options, &bar);
        bar.clear();
        let done = result?;
        let seconds = started.elapsed().as_secs_f64();
        if self.global.json {
            screen::print_json(&self.stored(&done, seconds));
        } else if !self.global.quiet {
            for note in words::notes(&done) {
                eprintln!("{note}");
            }
            eprintln!("{}", words::last_line(&word, self.target, &done, seconds));
        }
        Ok(())
    }

    fn stored<'a>(&self, done: &'a Compressed, seconds: f64) -> Stored<'a> {
        Stored {
            input: self.input.word().to_string_lossy().into_owned(),
            output: self.target.to_string_lossy().into_owned(),
            method: &done.method,
            promise: done.promise,
            frames: done.header.frames,
            stored_frames: done.stored_frames,
            raw_bytes: done.header.raw_bytes(),
            disk_bytes_before: done.disk_bytes_before,
            stored_bytes: done.stored_bytes,
            errors: done.errors.as_ref(),
            seconds,
        }
    }

    /// The promise asked for; a bound relative to the range needs a pass over the stack.
    fn wanted(&self, source: &mut dyn FrameSource, bar: &Bar) -> Result<ErrorBound> {
        let Some(relative) = self.words.promise.max_range_error else {
            return self.words.promise.absolute();
        };
        let header = source.header().clone();
        bar.phase("range", header.frames as u64);
        let mut meter = ErrorMeter::new(&header);
        for_each_frame(source, bar, |_, frame| meter.compare(frame, frame))?;
        let range = meter.finish();
        let bound = relative * (range.maximum - range.minimum);
        // A constant stack has no range: then only the samples themselves are within the bound.
        if bound > 0.0 { ErrorBound::max_abs(bound) } else { Ok(ErrorBound::Lossless) }
    }
}
