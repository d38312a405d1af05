//! `cargo xtask memory`: the peak memory of every method on stacks of growing size, for `docs/memory.md`.
//!
//! A method that streams needs as much memory for 10 GB as for 100 MB. The stacks are made while they are read, so
//! that nothing large lies on the disk but the outputs.

use std::fs;

use serde_json::Value;

use crate::failure::{Failure, Result};
use crate::process::run as run_command;
use crate::programs::{self, Profile};
use crate::{block, setup, workspace};

/// Height and width of the frames, u16: half a MiB each.
const SIDE: u64 = 512;
/// The sizes of the table, in bytes of samples.
const SIZES: &[(&str, u64)] = &[("100 MB", 100_000_000), ("1 GB", 1_000_000_000), ("10 GB", 10_000_000_000)];
/// What the program is told to stay within.
const MAX_MEMORY: &str = "64MiB";
/// How many seconds a method may take for a size, to be measured at the next, which takes ten times as long.
const PATIENCE: f64 = 30.0;
const FOLDER: &str = "target/memory";
const PAGE: &str = "docs/memory.md";
const BLOCK: &str = "memory";

/// The task: all sizes, or those up to the one named (`--up-to "1 GB"`).
pub(crate) fn run(options: &[&str]) -> Result<()> {
    let sizes = match options {
        [] => SIZES,
        ["--up-to", last] => match SIZES.iter().position(|(name, _)| name == last) {
            Some(place) => &SIZES[..=place],
            None => return Err(usage(options)),
        },
        _ => return Err(usage(options)),
    };
    setup::run()?;
    let programs = programs::build(Profile::Release)?;
    let mut columns: Vec<(&str, Vec<Row>)> = Vec::new();
    for (name, bytes) in sizes {
        let quick = columns.last().map(|(_, rows)| quick_ones(rows));
        let folder = format!("{FOLDER}/{}", name.replace(' ', ""));
        let frames = bytes / (SIDE * SIDE * 2);
        let stack = format!("synth:gradient:frames={frames},size={SIDE}x{SIDE},type=u16");
        let mut report = programs.stackpress();
        report.args(["--max-memory", MAX_MEMORY, "report", &stack, "--output", &folder]);
        for method in quick.iter().flatten() {
            report.args(["--method", method]);
        }
        report.stdout(std::process::Stdio::null());
        run_command(report)?;
        columns.push((*name, rows(&format!("{folder}/results.json"))?));
    }
    let page = workspace::root().join(PAGE);
    let text = fs::read_to_string(&page).map_err(Failure::of(PAGE, "restore it from the repository"))?;
    let table = block::replaced(&text, BLOCK, &table(&columns))?;
    fs::write(&page, table).map_err(Failure::of(PAGE, "check its rights"))
}

fn usage(options: &[&str]) -> Failure {
    Failure::new(
        format!("{}: not an option of `cargo xtask memory`", options.join(" ")),
        "use none, or --up-to \"1 GB\"",
    )
}

/// What was measured of a method.
#[derive(Clone)]
struct Row {
    method: String,
    /// The peaks while encoding and decoding, in bytes; `None` where it did not run.
    peaks: Option<(u64, u64)>,
    /// Wall time of encoding and decoding.
    seconds: f64,
}

/// The methods that are worth waiting for at ten times the size.
fn quick_ones(rows: &[Row]) -> Vec<String> {
    rows.iter().filter(|row| row.seconds <= PATIENCE).map(|row| row.method.clone()).collect()
}

fn rows(file: &str) -> Result<Vec<Row>> {
    let text = fs::read_to_string(workspace::root().join(file)).map_err(Failure::of(file, "run it again"))?;
    let rows: Vec<Value> = serde_json::from_str(&text).map_err(Failure::of(file, "run it again"))?;
    Ok(rows.iter().map(row).collect())
}

fn row(row: &Value) -> Row {
    let peak = |name: &str| row["outcome"][name].as_u64();
    let seconds = |name: &str| row["outcome"][name].as_f64().unwrap_or(0.0);
    Row {
        method: row["method"].as_str().unwrap_or_default().to_owned(),
        peaks: peak("encode_peak_memory").zip(peak("decode_peak_memory")),
        seconds: seconds("encode_wall_seconds") + seconds("decode_wall_seconds"),
    }
}

/// One line a method, one column a size: `encode / decode` in MB.
fn table(columns: &[(&str, Vec<Row>)]) -> String {
    let mut text = String::from("| method |");
    for (name, _) in columns {
        text += &format!(" {name} |");
    }
    text += "\n|---|";
    text += &"---:|".repeat(columns.len());
    text += "\n";
    let Some((_, first)) = columns.first() else { return text };
    for Row { method, .. } in first {
        text += &format!("| `{method}` |");
        for (_, rows) in columns {
            text += &match rows.iter().find(|row| row.method == *method).map(|row| row.peaks) {
                Some(Some((encode, decode))) => format!(" {} / {} |", megabytes(encode), megabytes(decode)),
                Some(None) => " not run |".to_owned(),
                None => " not waited for |".to_owned(),
            };
        }
        text += "\n";
    }
    text
}

fn megabytes(bytes: u64) -> u64 {
    (bytes + 500_000) / 1_000_000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_read_and_printed() {
        let measured = serde_json::json!({
            "method": "hdf5",
            "outcome": { "encode_wall_seconds": 30.0, "encode_peak_memory": 17_400_000, "decode_peak_memory": 20_600_000 },
        });
        let slow = serde_json::json!({ "encode_wall_seconds": 31.0, "status": "failed" });
        let refused = serde_json::json!({ "method": "video:mp4", "outcome": slow });
        let column = vec![row(&measured), row(&refused)];
        assert_eq!(quick_ones(&column), ["hdf5"]);
        let text = table(&[("1 GB", column.clone()), ("10 GB", column[..1].to_vec())]);
        assert_eq!(
            text,
            "| method | 1 GB | 10 GB |\n|---|---:|---:|\n| `hdf5` | 17 / 21 | 17 / 21 |\n\
             | `video:mp4` | not run | not waited for |\n"
        );
    }
}
