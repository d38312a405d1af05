//! The `stackpress` program: it parses, calls the libraries, and prints.
//!
//! | module | subject |
//! |---|---|
//! | [`arguments`] | the words of the command line |
//! | [`commands`] | one file a command |
//! | [`input`] | from an IN word to a source of frames |
//! | [`output_name`] | where the output goes when nobody says |
//! | [`picture_files`] | pictures and charts in a folder |
//! | [`progress`] | the bar on a terminal, and Ctrl-C |
//! | [`exit`] | errors and exit codes |
//! | [`numbers`] | bytes, counts and seconds as people read them |
//! | [`shown`] | names that cannot move the cursor |
//! | [`logging`] | what `-v` says |
//! | [`screen`] | results on standard output |

#![forbid(unsafe_code)]

mod arguments;
mod commands;
mod exit;
mod input;
mod logging;
mod numbers;
mod output_name;
mod picture_files;
mod progress;
mod screen;
mod shown;

use std::process::ExitCode;

use clap::Parser;

use arguments::{Arguments, Command};

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let global = &arguments.global;
    logging::start(global.verbose);
    if let Err(error) = progress::listen_for_interrupts().and_then(|()| global.start_threads()) {
        return exit::report(&error);
    }
    match &arguments.command {
        Command::Compress(words) => commands::compress::run(words, global),
        Command::Decompress(words) => commands::decompress::run(words, global),
        Command::Frame(words) => commands::frame::run(words, global),
        Command::Info(words) => commands::info::run(words, global),
        Command::Verify(words) => commands::verify::run(words, global),
        Command::Methods => commands::methods::run(global),
        Command::Synth(words) => commands::synth::run(words, global),
        Command::Report(words) => commands::report::run(words, global),
        Command::Size(words) => commands::size::run(words, global),
        Command::Stages(words) => commands::stages::run(words, global),
        Command::Completions(words) => commands::completions::run(words),
        Command::Man(words) => commands::man::run(words, global),
        Command::Measure(words) => commands::measure::run(words, global),
    }
}
