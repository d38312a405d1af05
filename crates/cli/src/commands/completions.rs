//! `stackpress completions`: completions for a shell.

use std::process::ExitCode;

use clap::CommandFactory;

use crate::arguments::{Arguments, CompletionsWords};
use crate::screen;

pub(crate) fn run(words: &CompletionsWords) -> ExitCode {
    let mut script = Vec::new();
    clap_complete::generate(words.shell, &mut Arguments::command(), "stackpress", &mut script);
    screen::print(String::from_utf8_lossy(&script).trim_end());
    ExitCode::SUCCESS
}
