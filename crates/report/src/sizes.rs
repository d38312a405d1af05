//! A short table of what is the same on every machine: sizes and errors, and no times.

use stack_methods::Measurement;

use crate::escape;
use crate::markdown::{Left, Right, description, header, measured, none, record, why_not};
use crate::numbers::{fixed, grouped};
use crate::order::groups;

/// The measurements as Markdown for a README: one table for each stack, smallest file first.
///
/// ```
/// assert_eq!(stack_report::sizes(&[]), "");
/// ```
pub fn sizes(measurements: &[Measurement]) -> String {
    let tables = groups(measurements).into_iter().map(|group| {
        let mut table = format!("**{}**: {}\n\n", escape::markdown(group.dataset), description(&group));
        table += &header(&[
            ("method", Left),
            ("stored bytes", Right),
            ("ratio", Right),
            ("bits/sample", Right),
            ("decoded samples", Left),
        ]);
        for row in &group.rows {
            let method = escape::code(&row.method);
            table += &match row.figures() {
                Some(figures) => record(&[
                    method,
                    grouped(figures.stored_bytes),
                    fixed(row.ratio().unwrap_or(f64::NAN), 2),
                    fixed(row.bits_per_sample().unwrap_or(f64::NAN), 3),
                    measured(figures),
                ]),
                None => {
                    let cells = [method].into_iter().chain(none(3)).chain(why_not(row));
                    record(&cells.collect::<Vec<_>>())
                }
            };
        }
        table
    });
    tables.collect::<Vec<_>>().join("\n")
}
