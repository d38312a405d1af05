//! What `compress` says when it is done.

use std::ffi::OsStr;
use std::path::Path;

use stack_core::ErrorBound;
use stack_methods::{Compressed, Estimate};

use crate::numbers;
use crate::shown::{escaped, shown};

/// What the owner wants to know, disk bytes first.
pub(super) fn last_line(word: &OsStr, target: &Path, done: &Compressed, seconds: f64) -> String {
    let sizes = sizes(done.disk_bytes_before, done.stored_bytes, done.header.raw_bytes());
    format!(
        "{} -> {}  {sizes}  {}  {}",
        shown(word),
        shown(target),
        promise_words(done),
        numbers::seconds(seconds)
    )
}

/// What the user did not say, a line each: equal frames, pictures that were skipped, colours that were converted.
pub(super) fn notes(done: &Compressed) -> Vec<String> {
    let properties = &done.header.meta.properties;
    let mut notes = Vec::new();
    let equal = done.header.frames - done.stored_frames;
    if equal > 0 {
        let words = if equal == 1 { "frame is" } else { "frames are" };
        notes.push(format!("  {} {words} equal to another one: stored once", numbers::count(equal as u64)));
    }
    if let Some(order) = done.method.option("order").flatten() {
        notes.push(format!("  stored in another order ({}), and read back in its own", escaped(order)));
    }
    if done.method.family() == "video" && !notes.is_empty() {
        notes.push("  players show the stored frames in the stored order".to_owned());
    }
    if let Some(skipped) = properties.get("skipped") {
        let count = numbers::count(skipped.lines().count() as u64);
        let first = skipped.lines().next().unwrap_or_default();
        notes.push(format!("  {count} skipped, listed in the output: {}", escaped(first)));
    }
    for (name, words) in
        [("converted", "stored as converted"), ("expanded", "expanded"), ("not_kept", "not kept")]
    {
        if let Some(value) = properties.get(name) {
            notes.push(format!("  {words}: {}", escaped(value)));
        }
    }
    notes
}

/// `disk 612 -> 402 MB (-34 %; samples 1.21 GB, 3.0x)`.
fn sizes(before: Option<u64>, after: u64, raw: u64) -> String {
    let ratio = numbers::three_digits(raw as f64 / after as f64);
    match before {
        Some(before) => format!(
            "disk {} ({}; samples {}, {ratio}x)",
            numbers::bytes_change(before, after),
            numbers::percent_change(before, after),
            numbers::bytes(raw),
        ),
        None => format!("disk {} (samples {}, {ratio}x)", numbers::bytes(after), numbers::bytes(raw)),
    }
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

/// What a dry run says; nothing was written.
pub(super) fn estimate_lines(word: &OsStr, target: &Path, found: &Estimate) -> String {
    let promise = match found.promise {
        ErrorBound::Unbounded => "lossy".to_owned(),
        promise => promise.to_string(),
    };
    let sampled = numbers::count(found.sampled_frames as u64);
    let basis = if found.is_exact() {
        format!("all {sampled} frames were encoded: the size is exact")
    } else {
        format!(
            "an estimate from {sampled} of {} frames, which alone would give {} to {}",
            numbers::count(found.frames as u64),
            numbers::bytes(found.lowest_bytes),
            numbers::bytes(found.highest_bytes),
        )
    };
    let kept = match found.disk_bytes_before {
        Some(before) if found.stored_bytes > before => {
            "\n  larger than the input's files: it would not be kept without -f"
        }
        _ => "",
    };
    format!(
        "{} -> {}  would take: {}  {promise}  {}\n  {basis}; nothing was written{kept}",
        shown(word),
        shown(target),
        sizes(found.disk_bytes_before, found.stored_bytes, found.raw_bytes),
        found.method,
    )
}
