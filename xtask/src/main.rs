//! Development tasks: `cargo xtask TASK`.
//!
//! | task | module |
//! |---|---|
//! | `setup` | [`setup`]: finds or installs what building and testing needs |
//! | `test` | [`mod@test`]: everything a change must pass, step after step |
//! | `report` | [`report`]: measures the methods and writes `docs/results` and the README's table |
//! | `memory` | [`memory`]: the peak memory of the methods on stacks of growing size, for `docs/memory.md` |
//! | `soak` | [`soak`]: the mutation and property tests, for long |
//!
//! It depends on little, so that it compiles in seconds; what needs the library is done by running `stackpress`.

#![forbid(unsafe_code)]

mod block;
mod failure;
mod memory;
mod process;
mod programs;
mod report;
mod setup;
mod soak;
mod test;
mod workspace;

use std::process::ExitCode;

use failure::{Failure, Result};

const HELP: &str = "\
Usage: cargo xtask TASK

  setup                   find or install what building and testing needs
  test                    everything a change must pass; the last line counts the tests
  test --step NAME        one step of it (may be repeated)
  test --browser          the same, and a look at the page of a report with Chromium
  test --list             the names of the steps
  report                  measure the methods; write docs/results and the README's table (takes long)
  report --quick          the same of small stacks only, which `report --check` measures again
  report --check          compare the README's table and a new quick measurement with docs/results
  memory [--up-to SIZE]   the peak memory of every method on 100 MB, 1 GB and 10 GB (takes hours)
  soak [--iterations N]   mutation and property tests with many more cases
       [--rounds N]
";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match run(&words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("\nerror: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(words: &[&str]) -> Result<()> {
    match words {
        [] | ["help" | "--help" | "-h"] => {
            print!("{HELP}");
            Ok(())
        }
        ["setup"] => setup::run().map(drop),
        ["test", options @ ..] => test::run(options),
        ["report", options @ ..] => report::run(options),
        ["memory", options @ ..] => memory::run(options),
        ["soak", options @ ..] => soak::run(options),
        [other, ..] => Err(Failure::new(format!("{other}: no such task"), "`cargo xtask help` lists them")),
    }
}
