//! `stackpress man`: manual pages, one a command.

use std::process::ExitCode;

use clap::CommandFactory;
use stack_core::{Error, Result};

use crate::arguments::{Arguments, Global, ManWords};
use crate::exit;
use crate::shown::shown;

pub(crate) fn run(words: &ManWords, global: &Global) -> ExitCode {
    match write_pages(words) {
        Ok(()) => {
            if !global.quiet {
                eprintln!("manual pages -> {}; read them with man -l FILE", shown(&words.output));
            }
            ExitCode::SUCCESS
        }
        Err(error) => exit::report(&error),
    }
}

fn write_pages(words: &ManWords) -> Result<()> {
    std::fs::create_dir_all(&words.output).map_err(Error::io("create", &words.output))?;
    clap_mangen::generate_to(Arguments::command(), &words.output)
        .map_err(Error::io("write to", &words.output))
}
