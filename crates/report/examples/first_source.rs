//! Prints the table of the first source from measurements that `stackpress report` wrote:
//! `cargo run -p stack-report --example first_source -- docs/results/results.json`.

use std::process::ExitCode;

fn main() -> ExitCode {
    let files: Vec<String> = std::env::args().skip(1).collect();
    match table(&files) {
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

fn table(files: &[String]) -> Result<String, String> {
    let mut rows = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(file).map_err(|reason| format!("{file}: {reason}"))?;
        rows.extend(stack_report::from_json(&text).map_err(|reason| format!("{file}: {reason}"))?);
    }
    stack_report::first_source(&rows).ok_or_else(|| {
        "the reference stack is not among the measurements; name the JSON of a full report".into()
    })
}
