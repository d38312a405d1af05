//! An array of measurements, one on a line, so that differences between two reports are readable.

use stack_core::{Error, Result};
use stack_methods::Measurement;

/// The measurements as a JSON array, in the order given, with everything that was measured.
///
/// Numbers that are not finite are the words `"inf"`, `"-inf"` and `"nan"`.
///
/// ```
/// assert_eq!(stack_report::json(&[]), "[\n]\n");
/// ```
pub fn json(measurements: &[Measurement]) -> String {
    let lines: Vec<String> = measurements
        .iter()
        .map(|row| {
            serde_json::to_string(row).expect("a measurement has string keys only and no failing parts")
        })
        .collect();
    let separator = if lines.is_empty() { "" } else { "\n" };
    format!("[\n{}{separator}]\n", lines.join(",\n"))
}

/// Reads what [`json()`] wrote.
///
/// # Errors
/// [`Error::Parameter`] with line and column where the text is not an array of measurements.
pub fn from_json(text: &str) -> Result<Vec<Measurement>> {
    serde_json::from_str(text).map_err(|problem| {
        Error::parameter("measurements", problem.to_string(), "give a file that `stackpress report` wrote")
    })
}
