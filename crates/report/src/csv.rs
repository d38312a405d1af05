//! Comma-separated values after RFC 4180: a header, one record a measurement, lines that end with CR LF.
//!
//! Numbers are written as they were measured, in bytes, seconds and sample values; fields that do not apply are
//! empty. Rows keep the order in which they were given.

use stack_core::ErrorBound;
use stack_methods::{Figures, Measurement, Outcome};

use crate::{escape, numbers};

/// The columns of [`csv()`], in order.
pub const COLUMNS: &[&str] = &[
    "dataset",
    "stack",
    "method",
    "status",
    "reason",
    "raw_bytes",
    "samples",
    "disk_bytes_before",
    "stored_bytes",
    "overhead_bytes",
    "ratio",
    "bits_per_sample",
    "encoded_as",
    "promise",
    "promised_max_abs",
    "promise_kept",
    "bit_exact",
    "frames",
    "differing_samples",
    "nonfinite_mismatches",
    "max_abs",
    "mean_abs",
    "rmse",
    "relative_max",
    "psnr_db",
    "psnr_peak",
    "psnr_peak_name",
    "encode_cpu_seconds",
    "encode_wall_seconds",
    "decode_cpu_seconds",
    "decode_wall_seconds",
    "encode_peak_memory_bytes",
    "decode_peak_memory_bytes",
];

/// Columns that every row has; the others need figures.
const FIRST_COLUMNS: usize = 8;

/// The measurements as comma-separated values.
///
/// ```
/// let text = stack_report::csv(&[]);
/// assert!(text.starts_with("dataset,stack,method,status,") && text.ends_with("\r\n"));
/// ```
pub fn csv(measurements: &[Measurement]) -> String {
    let mut text = COLUMNS.join(",") + "\r\n";
    for row in measurements {
        text += &record(row).join(",");
        text += "\r\n";
    }
    text
}

fn record(row: &Measurement) -> Vec<String> {
    let (status, reason) = match &row.outcome {
        Outcome::Measured(_) => ("measured", ""),
        Outcome::NotRun { reason } => ("not_run", reason.as_str()),
        Outcome::Failed { reason } => ("failed", reason.as_str()),
    };
    let mut fields = vec![
        escape::csv(&row.dataset),
        escape::csv(&row.stack),
        escape::csv(&row.method),
        status.to_owned(),
        escape::csv(reason),
        row.raw_bytes.to_string(),
        row.samples.to_string(),
        optional(row.disk_bytes_before),
    ];
    debug_assert_eq!(fields.len(), FIRST_COLUMNS);
    match row.figures() {
        Some(figures) => fields.extend(measured(row, figures)),
        None => fields.resize(COLUMNS.len(), String::new()),
    }
    fields
}

fn measured(row: &Measurement, figures: &Figures) -> [String; COLUMNS.len() - FIRST_COLUMNS] {
    let errors = &figures.errors;
    let (promise, promised_max_abs) = match figures.promise {
        ErrorBound::Lossless => ("lossless", String::new()),
        ErrorBound::MaxAbs(bound) => ("max_abs", numbers::exact(bound)),
        ErrorBound::Unbounded => ("none", String::new()),
    };
    [
        figures.stored_bytes.to_string(),
        figures.overhead_bytes.to_string(),
        row.ratio().map(numbers::exact).unwrap_or_default(),
        row.bits_per_sample().map(numbers::exact).unwrap_or_default(),
        escape::csv(figures.encoded_as.as_deref().unwrap_or_default()),
        promise.to_owned(),
        promised_max_abs,
        figures.promise_kept().to_string(),
        errors.bit_exact().to_string(),
        errors.frames.to_string(),
        errors.differing.to_string(),
        errors.nonfinite_mismatches.to_string(),
        numbers::exact(errors.max_abs),
        numbers::exact(errors.mean_abs),
        numbers::exact(errors.rmse),
        numbers::exact(errors.relative_max),
        errors.psnr.map(numbers::exact).unwrap_or_default(),
        numbers::exact(errors.psnr_peak),
        escape::csv(&errors.psnr_peak_name),
        numbers::exact(figures.encode_cpu_seconds),
        numbers::exact(figures.encode_wall_seconds),
        numbers::exact(figures.decode_cpu_seconds),
        numbers::exact(figures.decode_wall_seconds),
        figures.encode_peak_memory.to_string(),
        figures.decode_peak_memory.to_string(),
    ]
}

fn optional(value: Option<u64>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}
