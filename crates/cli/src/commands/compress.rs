//! `stackpress compress`: stacks in, one verified file each out.

use std::ffi::OsStr;
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use stack_core::{Error, ErrorBound, ErrorMeter, FrameSource, Progress, Result, for_each_frame};
use stack_methods::{CompressOptions, Compressed, Method};

use crate::arguments::{CompressWords, Global};
use crate::input::{self, Input};
use crate::progress::{Bar, or_cancelled};
use crate::{exit, numbers, output_name};

pub(crate) fn run(words: &CompressWords, global: &Global) -> ExitCode {
    let inputs = input::stacks(&words.inputs);
    match prepare(words, inputs.len()) {
        Ok(method) => exit::for_each(&inputs, |input| {
            or_cancelled(compress_one(input, method.as_ref(), words, global)).map(|()| 0)
        }),
        Err(error) => exit::report(&error),
    }
}

/// Everything that can be refused before an input is touched.
fn prepare(words: &CompressWords, inputs: usize) -> Result<Box<dyn Method>> {
    if inputs > 1 && words.output.is_some() {
        return Err(Error::parameter(
            "-o",
            format!("one output is named for {inputs} stacks"),
            "leave -o out, or compress them one by one",
        ));
    }
    words.promise.absolute()?;
    if let Some(bound) = words.promise.max_range_error {
        ErrorBound::max_abs(bound)?;
    }
    let spec = words
        .method
        .as_deref()
        .or(words.effort.map(crate::arguments::Effort::method))
        .unwrap_or(stack_methods::DEFAULT_METHOD);
    stack_methods::method(spec)
}

fn compress_one(input: &Input, method: &dyn Method, words: &CompressWords, global: &Global) -> Result<()> {
    let started = Instant::now();
    let word = input.word();
    let label = word.to_string_lossy().into_owned();
    let target = match &words.output {
        Some(output) => output.clone(),
        None => output_name::for_compressed(&word, method.extension()),
    };
    input::refuse_same_file(&word, &target)?;
    let mut source = input.open(&words.input)?;
    let bar = Bar::new(&label, global.quiet);
    let options = CompressOptions {
        wanted: wanted(words, source.as_mut(), &bar)?,
        verify: !words.no_verify,
        overwrite: global.force,
        keep_larger: global.force,
        ..CompressOptions::default()
    };
    let result = stack_methods::compress(source.as_mut(), method, &target, &options, &bar);
    bar.clear();
    let done = result?;
    if !global.quiet {
        eprintln!("{}", last_line(&word, &target, &done, started.elapsed().as_secs_f64()));
    }
    Ok(())
}

/// The promise asked for; a bound relative to the range needs a pass over the stack.
fn wanted(words: &CompressWords, source: &mut dyn FrameSource, bar: &Bar) -> Result<ErrorBound> {
    let Some(relative) = words.promise.max_range_error else {
        return words.promise.absolute();
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

/// What the owner wants to know, disk bytes first.
fn last_line(word: &OsStr, target: &Path, done: &Compressed, seconds: f64) -> String {
    let raw = done.header.raw_bytes();
    let ratio = numbers::three_digits(raw as f64 / done.stored_bytes as f64);
    let disk = match done.disk_bytes_before {
        Some(before) => format!(
            "disk {} ({}; samples {}, {ratio}x)",
            numbers::bytes_change(before, done.stored_bytes),
            numbers::percent_change(before, done.stored_bytes),
            numbers::bytes(raw),
        ),
        None => {
            format!("disk {} (samples {}, {ratio}x)", numbers::bytes(done.stored_bytes), numbers::bytes(raw))
        }
    };
    format!(
        "{} -> {}  {disk}  {}  {}",
        word.to_string_lossy(),
        target.display(),
        promise_words(done),
        numbers::seconds(seconds)
    )
}

fn promise_words(done: &Compressed) -> String {
    let frames = numbers::count(done.header.frames as u64);
    match (&done.errors, done.promise) {
        (None, promise) => format!("{promise}: not verified"),
        (Some(errors), ErrorBound::Lossless) if errors.bit_exact() => {
            format!("lossless: {frames}/{frames} frames read back identical")
        }
        (Some(errors), ErrorBound::MaxAbs(bound)) => {
            format!(
                "max error {} of {bound}: measured on {} samples",
                errors.max_abs,
                numbers::count(errors.samples)
            )
        }
        (Some(errors), _) => {
            let psnr = errors.psnr.map_or_else(|| "exact".to_owned(), |psnr| format!("PSNR {psnr:.1} dB"));
            format!("lossy: {psnr}, max error {} measured on {frames} frames", errors.max_abs)
        }
    }
}
