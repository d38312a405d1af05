//! `stackpress completions`: completions for a shell.

use std::process::ExitCode;

use clap::CommandFactory;

use crate::arguments::{Arguments, CompletionsWords};

pub(crate) fn run(words: &CompletionsWords) -> ExitCode {
    clap_complete::generate(words.shell, &mut Arguments::command(), "stackpress", &mut std::io::stdout());
    ExitCode::SUCCESS
}
