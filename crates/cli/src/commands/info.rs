//! `stackpress info`: what a stack is, stored or not, without decoding it; with `--pictures`, what it looks like.

mod pictures;

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::Path;
use std::process::ExitCode;

use serde::Serialize;
use stack_core::{Error, ErrorBound, FrameSource, Limits, Metadata, Result, StackHeader};
use stack_methods::MethodSpec;

use crate::arguments::{Global, InfoWords};
use crate::progress::{Bar, or_cancelled};
use crate::shown::escaped;
use crate::{exit, input, numbers, screen};
use pictures::Seen;

/// What is known of a stack without decoding it.
#[derive(Serialize)]
struct Info {
    name: String,
    frames: usize,
    height: usize,
    width: usize,
    channels: usize,
    sample_type: String,
    significant_bits: u8,
    raw_bytes: u64,
    disk_bytes: Option<u64>,
    #[serde(flatten)]
    stored: Option<Stored>,
    first_frame_name: Option<String>,
    last_frame_name: Option<String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    properties: BTreeMap<String, String>,
    #[serde(flatten)]
    seen: Option<Seen>,
}

/// What only a file of ours says.
#[derive(Serialize)]
struct Stored {
    method: MethodSpec,
    promise: ErrorBound,
    encoded_as: Option<String>,
    stored_frames: usize,
    bits_per_sample: f64,
}

pub(crate) fn run(words: &InfoWords, global: &Global) -> ExitCode {
    if words.pictures.is_some() && words.inputs.len() > 1 {
        return exit::report(&Error::parameter(
            "--pictures",
            format!("one folder is named for {} stacks", words.inputs.len()),
            "look at them one by one",
        ));
    }
    exit::for_each(&words.inputs, |word| {
        let mut info = look(word, words, &global.limits())?;
        if let Some(folder) = &words.pictures {
            info.seen = Some(or_cancelled(draw(word, words, folder, global))?);
        }
        if global.json {
            screen::print_json(&info);
        } else {
            print(&info);
        }
        Ok(0)
    })
}

/// Reads every frame, and writes the pictures.
fn draw(word: &OsStr, words: &InfoWords, folder: &Path, global: &Global) -> Result<Seen> {
    if input::is_same_file(word, folder) {
        return Err(Error::parameter(
            "--pictures",
            "the pictures would lie among those of the stack",
            "name another folder",
        ));
    }
    let mut source = input::open(word, &words.input, &global.limits())?;
    let bar = Bar::new(&word.to_string_lossy(), global);
    let seen = pictures::write(source.as_mut(), folder, &bar, global);
    bar.clear();
    seen
}

fn look(word: &OsStr, words: &InfoWords, limits: &Limits) -> Result<Info> {
    let path = Path::new(word);
    if words.input.raw.is_none()
        && path.is_file()
        && stack_methods::may_be_ours(path)?
        && let Ok(reader) = stack_methods::open_stack(path, limits)
    {
        let header = reader.header().clone();
        let disk_bytes = reader.disk_bytes();
        let stored = Stored {
            method: reader.envelope().method.clone(),
            promise: reader.envelope().promise,
            encoded_as: reader.encoded_as(),
            stored_frames: reader.stored_frames(),
            bits_per_sample: disk_bytes.unwrap_or(0) as f64 * 8.0 / header.samples() as f64,
        };
        return Ok(describe(word, header, disk_bytes, Some(stored)));
    }
    let source = input::open(word, &words.input, limits)?;
    Ok(describe(word, source.header().clone(), source.disk_bytes(), None))
}

fn describe(word: &OsStr, header: StackHeader, disk_bytes: Option<u64>, stored: Option<Stored>) -> Info {
    let raw_bytes = header.raw_bytes();
    let Metadata { frame_names, properties, .. } = header.meta;
    Info {
        name: word.to_string_lossy().into_owned(),
        frames: header.frames,
        height: header.shape.height(),
        width: header.shape.width(),
        channels: header.shape.channels(),
        sample_type: header.format.pixel().to_string(),
        significant_bits: header.format.significant_bits(),
        raw_bytes,
        disk_bytes,
        stored,
        first_frame_name: frame_names.first().cloned(),
        last_frame_name: frame_names.last().cloned(),
        properties,
        seen: None,
    }
}

fn print(info: &Info) {
    let line = |name: &str, value: String| screen::print(format!("  {name:12} {value}"));
    screen::print(escaped(&info.name));
    line("frames", numbers::count(info.frames as u64));
    let channels = if info.channels > 1 { format!(" x {} channels", info.channels) } else { String::new() };
    line("frame", format!("{} x {} (height x width){channels}", info.height, info.width));
    line("samples", format!("{}, {} bits used", info.sample_type, info.significant_bits));
    line("raw", numbers::bytes(info.raw_bytes));
    if let Some(disk) = info.disk_bytes {
        let ratio = numbers::three_digits(info.raw_bytes as f64 / disk.max(1) as f64);
        line("on disk", format!("{} ({ratio}x smaller than raw)", numbers::bytes(disk)));
    }
    if let Some(stored) = &info.stored {
        line("method", stored.method.to_string());
        let promise = match stored.promise {
            ErrorBound::Unbounded => "none: the method is lossy".to_owned(),
            promise => promise.to_string(),
        };
        line("promise", promise);
        if stored.stored_frames < info.frames {
            let (distinct, all) = (stored.stored_frames as u64, info.frames as u64);
            line(
                "stored",
                format!("{} of {} frames: equal ones once", numbers::count(distinct), numbers::count(all)),
            );
        }
        if let Some(encoded) = &stored.encoded_as {
            line("encoded as", encoded.clone());
        }
        line("bits", format!("{:.3} a sample", stored.bits_per_sample));
    }
    if let (Some(first), Some(last)) = (&info.first_frame_name, &info.last_frame_name) {
        line("names", if first == last { escaped(first) } else { escaped(&format!("{first} ... {last}")) });
    }
    for (name, value) in &info.properties {
        line(name, escaped(value));
    }
    if let Some(seen) = &info.seen {
        let unit = seen.unit.as_deref().map(|unit| format!(" {unit}")).unwrap_or_default();
        let range = seen.range_in_words.as_deref().unwrap_or("no finite sample");
        line("range", format!("{range}{unit}"));
        if seen.not_finite > 0 {
            line("not finite", format!("{} samples are NaN or infinite", numbers::count(seen.not_finite)));
        }
    }
}
