//! The tables of a report, to be read: rows sorted by size, numbers rounded.

use stack_core::ErrorBound;
use stack_methods::{Figures, Measurement, Outcome};

use crate::first_source::first_source;
use crate::numbers::{fixed, grouped, significant};
use crate::order::{Group, groups};
use crate::{escape, numbers};

/// What the columns mean; stands once above all tables.
const LEGEND: &str = "\
*Promised* is what the method guarantees for each sample, *measured* is what comparing every decoded sample with its
original showed. Stored bytes are those of the finished file, everything included; the ratio is bytes of samples to
stored bytes. CPU seconds are user and system time of all processes; MB/s are 10^6 bytes of samples per second of wall
time; the peak is the memory of the largest process in 10^6 bytes. RMSE is in sample values.";

/// The measurements as a page of Markdown: for each stack a table of sizes and errors and one of time and memory.
///
/// `machine` is a line about where and with which versions they were taken. Rows without figures say why.
///
/// ```
/// let page = stack_report::markdown(&[], "stackpress 0.1.0, ffmpeg 5.1, 2 cores");
/// assert!(page.starts_with("# Measurements\n\nstackpress 0.1.0, ffmpeg 5.1, 2 cores\n"));
/// ```
pub fn markdown(measurements: &[Measurement], machine: &str) -> String {
    let mut page = format!("# Measurements\n\n{}\n\n{LEGEND}\n", escape::markdown(machine));
    if let Some(table) = first_source(measurements) {
        page += &format!("\n## The table of the first source\n\n{table}");
    }
    for group in groups(measurements) {
        page += &format!("\n## {}\n\n{}\n\n", escape::markdown(group.dataset), description(&group));
        let mut notes = Vec::new();
        page += &sizes_and_errors(&group, &mut notes);
        for (index, note) in notes.iter().enumerate() {
            page += &format!("\n<sup>{}</sup> encoded as {}\n", index + 1, escape::markdown(note));
        }
        page += &time_and_memory(&group);
    }
    page
}

/// The stack and its sizes in a sentence or two.
pub(crate) fn description(group: &Group<'_>) -> String {
    let first = group.first();
    let mut text =
        format!("{}: {} bytes of samples", escape::markdown(group.stack), grouped(first.raw_bytes));
    if let Some(bytes) = first.disk_bytes_before {
        text += &format!(", {} bytes on disk before", grouped(bytes));
    }
    let figures = group.rows.iter().find_map(|row| row.figures());
    if let Some(errors) = figures.map(|figures| &figures.errors) {
        let peak = significant(errors.psnr_peak);
        text += &format!(". PSNR peak: {peak} ({})", escape::markdown(&errors.psnr_peak_name));
    }
    text + "."
}

/// What was measured of the promise, in words.
pub(crate) fn measured(figures: &Figures) -> String {
    let errors = &figures.errors;
    if errors.bit_exact() {
        return format!("bit-exact, {0}/{0} frames", grouped(errors.frames));
    }
    let mut text = if figures.promise_kept() { String::new() } else { "**promise broken:** ".to_owned() };
    text += &format!("max error {}", significant(errors.max_abs));
    if !matches!(figures.promise, ErrorBound::MaxAbs(_)) {
        let share = errors.differing as f64 / errors.samples.max(1) as f64 * 100.0;
        text += &format!(", {} % of samples differ", significant(share));
    }
    if errors.nonfinite_mismatches > 0 {
        text += &format!(", {} NaN or infinite values changed", grouped(errors.nonfinite_mismatches));
    }
    if errors.missing_frames > 0 {
        text += &format!(", {} frames missing", grouped(errors.missing_frames));
    }
    text
}

/// Why a row has no figures, in words; `None` if it has.
pub(crate) fn why_not(row: &Measurement) -> Option<String> {
    match &row.outcome {
        Outcome::Measured(_) => None,
        Outcome::NotRun { reason } => Some(format!("not run: {}", escape::markdown(reason))),
        Outcome::Failed { reason } => Some(format!("**failed:** {}", escape::markdown(reason))),
    }
}

fn sizes_and_errors<'a>(group: &Group<'a>, notes: &mut Vec<&'a str>) -> String {
    let mut table = header(&[
        ("method", Left),
        ("promised", Left),
        ("measured", Left),
        ("stored bytes", Right),
        ("ratio", Right),
        ("bits/sample", Right),
        ("RMSE", Right),
        ("PSNR dB", Right),
    ]);
    for row in &group.rows {
        let method = escape::code(&row.method);
        let Some(figures) = row.figures() else {
            let reason = why_not(row).unwrap_or_default();
            table += &record(&[method, String::new(), reason].into_iter().chain(none(5)).collect::<Vec<_>>());
            continue;
        };
        table += &record(&[
            method + &note_mark(figures, notes),
            promised(figures.promise),
            measured(figures),
            grouped(figures.stored_bytes),
            fixed(row.ratio().unwrap_or(f64::NAN), 2),
            fixed(row.bits_per_sample().unwrap_or(f64::NAN), 3),
            significant(figures.errors.rmse),
            figures.errors.psnr.map_or_else(|| "∞".to_owned(), |decibels| fixed(decibels, 2)),
        ]);
    }
    table
}

/// The table of the methods that ran; empty if none did.
fn time_and_memory(group: &Group<'_>) -> String {
    if group.rows.iter().all(|row| row.figures().is_none()) {
        return String::new();
    }
    let mut table = "\n".to_owned()
        + &header(&[
            ("method", Left),
            ("encode CPU s", Right),
            ("encode MB/s", Right),
            ("decode CPU s", Right),
            ("decode MB/s", Right),
            ("encode peak MB", Right),
            ("decode peak MB", Right),
        ]);
    for row in &group.rows {
        let Some(figures) = row.figures() else { continue };
        let megabytes = row.raw_bytes as f64 / 1e6;
        table += &record(&[
            escape::code(&row.method),
            fixed(figures.encode_cpu_seconds, 2),
            fixed(megabytes / figures.encode_wall_seconds, 1),
            fixed(figures.decode_cpu_seconds, 2),
            fixed(megabytes / figures.decode_wall_seconds, 1),
            fixed(figures.encode_peak_memory as f64 / 1e6, 0),
            fixed(figures.decode_peak_memory as f64 / 1e6, 0),
        ]);
    }
    table
}

fn promised(promise: ErrorBound) -> String {
    match promise {
        ErrorBound::MaxAbs(bound) => format!("max error {}", numbers::exact(bound)),
        ErrorBound::Lossless | ErrorBound::Unbounded => promise.to_string(),
    }
}

/// The mark of what was really encoded; rows that were encoded alike share a note.
fn note_mark<'a>(figures: &'a Figures, notes: &mut Vec<&'a str>) -> String {
    let Some(note) = figures.encoded_as.as_deref() else { return String::new() };
    let index = notes.iter().position(|known| *known == note).unwrap_or_else(|| {
        notes.push(note);
        notes.len() - 1
    });
    format!(" <sup>{}</sup>", index + 1)
}

#[derive(Clone, Copy)]
pub(crate) enum Align {
    Left,
    Right,
}
pub(crate) use Align::{Left, Right};

/// The two lines that begin a table.
pub(crate) fn header(columns: &[(&str, Align)]) -> String {
    let names: Vec<String> = columns.iter().map(|(name, _)| (*name).to_owned()).collect();
    let rules = columns.iter().map(|(_, align)| if matches!(align, Left) { "---|" } else { "---:|" });
    format!("{}|{}\n", record(&names), rules.collect::<String>())
}

/// One line of a table.
pub(crate) fn record(cells: &[String]) -> String {
    let mut line = "|".to_owned();
    for cell in cells {
        let space = if cell.is_empty() { "" } else { " " };
        line += &format!(" {cell}{space}|");
    }
    line + "\n"
}

/// Empty cells.
pub(crate) fn none(count: usize) -> impl Iterator<Item = String> {
    std::iter::repeat_n(String::new(), count)
}
