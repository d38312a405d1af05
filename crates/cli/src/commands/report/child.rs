//! One row of a report: three processes that encode, decode and compare, measured by the operating system.

use std::ffi::{OsStr, OsString};
use std::path::Path;
use std::process::{Command, Stdio};

use stack_core::{Error, Result, StackHeader};
use stack_methods::{Figures, Method, Outcome};
use stack_report::FramePictures;
use wait4::Wait4;

use crate::arguments::{Global, InputWords};
use crate::commands::measure::{Compared, Found};
use crate::exit;

/// What to measure.
pub(super) struct Row<'a> {
    pub(super) input: &'a OsStr,
    pub(super) words: &'a InputWords,
    pub(super) method: &'a dyn Method,
    pub(super) header: &'a StackHeader,
    pub(super) first: Option<usize>,
}

/// Time and memory of a finished process and of those it waited for.
struct Used {
    found: Found,
    cpu_seconds: f64,
    peak_memory: u64,
}

/// Why a process gave no result.
enum Failure {
    CannotRun(String),
    Failed(String),
}

/// The outcome, and pictures of the frame with the largest error.
pub(super) fn measure_row(
    row: &Row<'_>,
    scratch: &Path,
    global: &Global,
) -> Result<(Outcome, Option<FramePictures>)> {
    let promise =
        match row.method.promise(row.header).and_then(|promise| row.method.available().map(|()| promise)) {
            Ok(promise) => promise,
            Err(error) => return Ok((Outcome::NotRun { reason: in_short(&error) }, None)),
        };
    let file = scratch.join(format!("row{}", row.method.extension()));
    let outcome = run_steps(row, &file, global).map(|(encoded, decoded, compared)| {
        let stored_bytes = std::fs::metadata(&file).map_or(0, |metadata| metadata.len());
        figures(&encoded, &decoded, compared, promise, stored_bytes)
    });
    if file.exists() {
        std::fs::remove_file(&file).map_err(Error::io("remove", &file))?;
    }
    let without = |outcome| (outcome, None);
    Ok(match outcome {
        Ok(Some((figures, pictures))) => (Outcome::Measured(Box::new(figures)), pictures),
        Ok(None) => {
            without(Outcome::Failed { reason: "a step of the measurement gave the result of another".into() })
        }
        Err(Failure::CannotRun(reason)) => without(Outcome::NotRun { reason }),
        Err(Failure::Failed(reason)) => without(Outcome::Failed { reason }),
    })
}

/// Why a method cannot run: its name stands beside the reason, and other methods stand around it.
fn in_short(error: &Error) -> String {
    match error {
        Error::Unsupported { problem, .. } => problem.clone(),
        other => other.to_string(),
    }
}

fn run_steps(row: &Row<'_>, file: &Path, global: &Global) -> Result<(Used, Used, Found), Failure> {
    let spec = row.method.spec().to_string();
    let part: Vec<OsString> = row
        .first
        .iter()
        .flat_map(|first| [OsString::from("--first"), OsString::from(first.to_string())])
        .chain(row.words.to_words())
        .collect();
    let options: Vec<&OsStr> = part.iter().map(OsString::as_os_str).collect();
    let run = |step: &str, options: &[&OsStr], operands: &[&OsStr]| {
        let mut words = vec![OsStr::new(step)];
        words.extend(options);
        words.push(OsStr::new("--"));
        words.extend(operands);
        run_step(&words, &spec, global)
    };
    let encoded = run("encode", &options, &[row.input, OsStr::new(&spec), file.as_os_str()])?;
    let decoded = run("decode", &[], &[file.as_os_str()])?;
    let compared = run("compare", &options, &[row.input, file.as_os_str()])?;
    Ok((encoded, decoded, compared.found))
}

fn run_step(words: &[&OsStr], spec: &str, global: &Global) -> Result<Used, Failure> {
    let failed = |error: &dyn std::fmt::Display| Failure::Failed(error.to_string());
    let program = std::env::current_exe().map_err(|error| failed(&error))?;
    let mut command = Command::new(program);
    command.args(global.to_words());
    command.arg("measure").args(words).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| failed(&error))?;
    let mut stdout = child.stdout.take().expect("the output is a pipe");
    let mut stderr = child.stderr.take().expect("the errors are a pipe");
    // Both are read while the child runs: a full pipe would stop it.
    let reader = std::thread::spawn(move || std::io::read_to_string(&mut stderr));
    let text = std::io::read_to_string(&mut stdout).map_err(|error| failed(&error))?;
    let messages = reader.join().ok().and_then(std::result::Result::ok).unwrap_or_default();
    let used = child.wait4().map_err(|error| failed(&error))?;
    if !used.status.success() {
        let last = messages.lines().last().unwrap_or("no message");
        let message = last.strip_prefix("stackpress: ").unwrap_or(last).to_owned();
        let unable = [Error::unsupported("", "", ""), Error::unavailable("", "", "")];
        let cannot_run = used
            .status
            .code()
            .is_some_and(|code| unable.iter().any(|error| i32::from(exit::code(error)) == code));
        return Err(if cannot_run {
            // The name of the method stands beside the reason.
            let begin = format!("{} cannot store this stack: ", spec);
            Failure::CannotRun(message.strip_prefix(&begin).unwrap_or(&message).to_owned())
        } else {
            Failure::Failed(format!("{message} ({})", used.status))
        });
    }
    Ok(Used {
        found: serde_json::from_str(&text).map_err(|error| failed(&error))?,
        cpu_seconds: (used.rusage.utime + used.rusage.stime).as_secs_f64(),
        peak_memory: used.rusage.maxrss,
    })
}

fn figures(
    encoded: &Used,
    decoded: &Used,
    compared: Found,
    promise: stack_core::ErrorBound,
    stored_bytes: u64,
) -> Option<(Figures, Option<FramePictures>)> {
    let Found::Encoded { wall_seconds: encode_wall_seconds } = encoded.found else { return None };
    let Found::Decoded { wall_seconds: decode_wall_seconds } = decoded.found else { return None };
    let Found::Compared(compared) = compared else { return None };
    let Compared { errors, spread, pictures, encoded_as, sample_bytes } = *compared;
    let figures = Figures {
        stored_bytes,
        overhead_bytes: stored_bytes.saturating_sub(sample_bytes),
        encoded_as,
        promise,
        errors,
        spread,
        encode_cpu_seconds: encoded.cpu_seconds,
        encode_wall_seconds,
        decode_cpu_seconds: decoded.cpu_seconds,
        decode_wall_seconds,
        encode_peak_memory: encoded.peak_memory,
        decode_peak_memory: decoded.peak_memory,
    };
    Some((figures, pictures))
}
