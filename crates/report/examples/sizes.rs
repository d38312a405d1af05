//! Prints the short table of measurements that `stackpress report` wrote, or the table of the first source:
//! `cargo run -p stack-report --example sizes -- [--first-source] docs/results/results.json`.

use std::process::ExitCode;

fn main() -> ExitCode {
    let (options, files): (Vec<String>, Vec<String>) =
        std::env::args().skip(1).partition(|word| word == "--first-source");
    match table(!options.is_empty(), &files) {
        Ok(table) => {
            print!("{table}");
            ExitCode::SUCCESS
        }
        Err(problem) => {
            eprintln!("error: {problem}");
            ExitCode::FAILURE
        }
    }
}

fn table(first_source: bool, files: &[String]) -> Result<String, String> {
    let mut rows = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(file).map_err(|reason| format!("{file}: {reason}"))?;
        rows.extend(stack_report::from_json(&text).map_err(|reason| format!("{file}: {reason}"))?);
    }
    if rows.is_empty() {
        return Err("there are no measurements; name JSON files that `stackpress report` wrote".into());
    }
    if !first_source {
        return Ok(stack_report::sizes(&rows));
    }
    stack_report::first_source(&rows).ok_or_else(|| {
        "the reference stack is not among the measurements; name those of a full report".into()
    })
}
