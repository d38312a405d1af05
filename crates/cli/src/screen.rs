//! Standard output: results, and nothing else.

use std::io::{ErrorKind, Write};
use std::process;

/// Writes a result and ends the line.
///
/// A reader that has seen enough (`stackpress methods | head -1`) closes the pipe: that ends the program quietly.
pub(crate) fn print(result: impl std::fmt::Display) {
    let mut output = std::io::stdout().lock();
    if let Err(error) = writeln!(output, "{result}").and_then(|()| output.flush()) {
        if error.kind() == ErrorKind::BrokenPipe {
            process::exit(0);
        }
        eprintln!("stackpress: cannot write to standard output: {error}");
        process::exit(1);
    }
}

/// Writes a result as JSON.
pub(crate) fn print_json(result: &impl serde::Serialize) {
    print(serde_json::to_string_pretty(result).expect("results have only JSON values"));
}
