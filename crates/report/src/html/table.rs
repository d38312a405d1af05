//! The table of one stack: rows that a few lines of script can sort.

use stack_core::ErrorBound;
use stack_methods::{Figures, Measurement, Outcome};

use crate::escape::markup;
use crate::numbers::{exact, fixed, grouped, significant};
use crate::order::Group;

/// A cell: what it shows, and what it is sorted by (empty: last, whichever way).
struct Cell {
    html: String,
    value: String,
    class: &'static str,
}

/// Columns: the name, whether it holds words, and what it means.
const COLUMNS: &[(&str, bool, &str)] = &[
    ("method", true, "the specification that compress -m takes"),
    ("promised", true, "what the method guarantees for each sample"),
    ("measured", true, "what comparing every decoded sample with its original showed"),
    ("stored bytes", false, "bytes of the finished file, everything included"),
    ("ratio", false, "bytes of samples to stored bytes"),
    ("bits/sample", false, "stored bits divided by samples"),
    ("RMSE", false, "root mean squared error, in sample values"),
    ("PSNR dB", false, "peak signal-to-noise ratio"),
    ("encode MB/s", false, "10^6 bytes of samples per second of wall time"),
    ("decode MB/s", false, "10^6 bytes of samples per second of wall time"),
    ("encode CPU s", false, "user and system time of all processes"),
    ("decode CPU s", false, "user and system time of all processes"),
    ("encode peak MB", false, "memory of the largest process, in 10^6 bytes"),
    ("decode peak MB", false, "memory of the largest process, in 10^6 bytes"),
];

/// The table of the methods that ran; empty if none did.
pub(super) fn table(group: &Group<'_>) -> String {
    let rows: String =
        group.rows.iter().filter_map(|row| row.figures().map(|figures| line(row, figures))).collect();
    if rows.is_empty() {
        return String::new();
    }
    let heads: String = COLUMNS
        .iter()
        .map(|(name, words, meaning)| {
            let class = if *words { " class=\"text\"" } else { "" };
            format!("<th scope=\"col\"{class} title=\"{}\">{name}</th>", markup(meaning))
        })
        .collect();
    let name = markup(group.dataset);
    format!(
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Figures of {name}\">\n\
         <table class=\"sortable\"><caption>All figures, the smallest file first</caption>\n\
         <thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}</tbody></table></div>\n"
    )
}

fn line(row: &Measurement, figures: &Figures) -> String {
    let (first, others) = cells(row, figures);
    let mut html =
        format!("<tr><th scope=\"row\" data-value=\"{}\">{}</th>", markup(&first.value), first.html);
    for cell in others {
        html += &format!("<td{} data-value=\"{}\">{}</td>", cell.class, markup(&cell.value), cell.html);
    }
    html + "</tr>\n"
}

fn cells(row: &Measurement, figures: &Figures) -> (Cell, Vec<Cell>) {
    let megabytes = row.raw_bytes as f64 / 1e6;
    let errors = &figures.errors;
    let method = Cell { html: method(&row.method), value: row.method.clone(), class: "" };
    let psnr = match errors.psnr {
        // Without error there is no finite ratio; it is better than every other.
        None => Cell { html: "∞".into(), value: "Infinity".into(), class: "" },
        Some(decibels) => number(decibels, fixed(decibels, 2)),
    };
    let ratio = row.ratio().unwrap_or(f64::NAN);
    let bits = row.bits_per_sample().unwrap_or(f64::NAN);
    let encode = megabytes / figures.encode_wall_seconds;
    let decode = megabytes / figures.decode_wall_seconds;
    let others = vec![
        promised(figures.promise),
        measured(figures),
        number(figures.stored_bytes as f64, grouped(figures.stored_bytes)),
        number(ratio, fixed(ratio, 2)),
        number(bits, fixed(bits, 3)),
        number(errors.rmse, significant(errors.rmse)),
        psnr,
        number(encode, fixed(encode, 1)),
        number(decode, fixed(decode, 1)),
        number(figures.encode_cpu_seconds, fixed(figures.encode_cpu_seconds, 2)),
        number(figures.decode_cpu_seconds, fixed(figures.decode_cpu_seconds, 2)),
        number(figures.encode_peak_memory as f64, fixed(figures.encode_peak_memory as f64 / 1e6, 0)),
        number(figures.decode_peak_memory as f64, fixed(figures.decode_peak_memory as f64 / 1e6, 0)),
    ];
    (method, others)
}

/// A method as code.
pub(super) fn method(spec: &str) -> String {
    format!("<code>{}</code>", markup(spec))
}

fn number(value: f64, shown: String) -> Cell {
    // As JavaScript reads numbers.
    let value = match value {
        f64::INFINITY => "Infinity".to_owned(),
        f64::NEG_INFINITY => "-Infinity".to_owned(),
        _ if value.is_nan() => String::new(),
        _ => exact(value),
    };
    Cell { html: shown, value, class: "" }
}

fn promised(promise: ErrorBound) -> Cell {
    let (html, value) = match promise {
        ErrorBound::Lossless => ("lossless".to_owned(), "0".to_owned()),
        ErrorBound::MaxAbs(bound) => (format!("max error {}", exact(bound)), exact(bound)),
        ErrorBound::Unbounded => ("nothing".to_owned(), "Infinity".to_owned()),
    };
    Cell { html, value, class: " class=\"text\"" }
}

fn measured(figures: &Figures) -> Cell {
    let errors = &figures.errors;
    let mut html = if errors.bit_exact() {
        format!("<span class=\"kept\">bit-exact</span>, {} frames", grouped(errors.frames))
    } else {
        let share = errors.differing as f64 / errors.samples.max(1) as f64 * 100.0;
        format!("max error {}, {} % of samples differ", significant(errors.max_abs), significant(share))
    };
    if errors.nonfinite_mismatches > 0 {
        html += &format!(", {} NaN or infinite values changed", grouped(errors.nonfinite_mismatches));
    }
    if errors.missing_frames > 0 {
        html += &format!(", {} frames missing", grouped(errors.missing_frames));
    }
    if let Some(what) = &figures.encoded_as {
        html += &format!("; encoded as {}", markup(what));
    }
    if !figures.promise_kept() {
        html = format!("<span class=\"broken\">promise broken:</span> {html}");
    }
    // A copy that differs in bits but in no number comes behind the exact ones.
    let value = if errors.bit_exact() { 0.0 } else { errors.max_abs.max(f64::MIN_POSITIVE) };
    Cell { class: " class=\"text wrap\"", ..number(value, html) }
}

/// Methods without figures, those of one reason together; empty if there are none.
pub(super) fn without_figures(group: &Group<'_>) -> String {
    let mut reasons: Vec<(&str, &str, Vec<String>)> = Vec::new();
    for row in &group.rows {
        let (what, reason) = match &row.outcome {
            Outcome::Measured(_) => continue,
            Outcome::NotRun { reason } => ("Not run", reason.as_str()),
            Outcome::Failed { reason } => ("Failed", reason.as_str()),
        };
        match reasons.iter_mut().find(|known| (known.0, known.1) == (what, reason)) {
            Some(known) => known.2.push(method(&row.method)),
            None => reasons.push((what, reason, vec![method(&row.method)])),
        }
    }
    let lines = reasons.into_iter().map(|(what, reason, methods)| {
        let class = if what == "Failed" { " class=\"broken\"" } else { "" };
        format!("<p><span{class}>{what}:</span> {} — {}</p>\n", methods.join(", "), markup(reason))
    });
    lines.collect()
}
