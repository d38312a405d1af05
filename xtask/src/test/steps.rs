//! The steps of `cargo xtask test`, in the order in which they run: the quick ones first.

use std::process::Command;

use super::{Counts, alone, browser};
use crate::failure::{Failure, Result};
use crate::process::{cargo, fuzz_cargo, read, run, run_reading};
use crate::setup::Environment;
use crate::{report, soak};

/// One step.
pub(super) struct Step {
    pub(super) name: &'static str,
    pub(super) purpose: &'static str,
    pub(super) run: fn(&Environment, &mut Counts) -> Result<()>,
}

pub(super) const STEPS: &[Step] = &[
    Step { name: "format", purpose: "the layout of the code", run: format },
    Step { name: "clippy", purpose: "lints of all targets and features", run: clippy },
    Step { name: "test", purpose: "unit, property, format and interoperability tests", run: test },
    Step { name: "doctest", purpose: "the examples in the documentation", run: doctest },
    Step { name: "doc", purpose: "the documentation builds without a warning", run: doc },
    Step { name: "alone", purpose: "each library crate and its tests build alone", run: alone::check },
    Step { name: "no-default", purpose: "the tool builds without HDF5 and FFmpeg", run: no_default },
    Step { name: "mutations", purpose: "decoders survive damaged input", run: mutations },
    Step { name: "results", purpose: "the README's table is what was measured", run: results },
];

/// Runs only where it is asked for: it needs a browser, which is large.
pub(super) const BROWSER: Step =
    Step { name: "browser", purpose: "the page of a report in Chromium", run: browser::run };

fn format(_: &Environment, _: &mut Counts) -> Result<()> {
    run(cargo(&["fmt", "--all", "--check"]))?;
    run(cargo(&["fmt", "--manifest-path", "fuzz/Cargo.toml", "--check"]))
}

fn clippy(_: &Environment, _: &mut Counts) -> Result<()> {
    run(cargo(&["clippy", "--workspace", "--all-targets", "--all-features", "--", "-D", "warnings"]))?;
    let mut fuzz = fuzz_cargo("clippy");
    fuzz.args(["--all-targets", "--", "-D", "warnings"]);
    run(fuzz)
}

fn test(environment: &Environment, counts: &mut Counts) -> Result<()> {
    let command = cargo(&["test", "--workspace", "--no-fail-fast", "--tests"]);
    let before = counts.passed();
    run_reading(with_tools(command, environment), |line| counts.read_line(line))?;
    if counts.passed() == before {
        return Err(Failure::new("cargo test ran no test", "check its output above"));
    }
    Ok(())
}

fn doctest(environment: &Environment, counts: &mut Counts) -> Result<()> {
    let command = cargo(&["test", "--workspace", "--no-fail-fast", "--doc"]);
    run_reading(with_tools(command, environment), |line| counts.read_line(line))
}

fn doc(_: &Environment, _: &mut Counts) -> Result<()> {
    let mut command = cargo(&["doc", "--workspace", "--no-deps"]);
    command.env("RUSTDOCFLAGS", "-Dwarnings");
    run(command)
}

fn no_default(_: &Environment, _: &mut Counts) -> Result<()> {
    let tree = ["tree", "--package", "stackpress", "--no-default-features", "--edges", "normal,build"];
    let tree = read(cargo(&[&tree[..], &["--prefix", "none"]].concat()))?;
    if let Some(line) = tree.lines().find(|line| line.contains("hdf5") || line.contains("ffmpeg")) {
        return Err(Failure::new(
            format!("without default features stackpress still depends on {}", line.trim()),
            "make the dependency optional",
        ));
    }
    run(cargo(&["build", "--package", "stackpress", "--no-default-features"]))
}

fn mutations(_: &Environment, counts: &mut Counts) -> Result<()> {
    soak::briefly(counts)
}

fn results(environment: &Environment, _: &mut Counts) -> Result<()> {
    report::check(environment)
}

/// Gives the tests their tools, and makes a missing tool a failure.
pub(crate) fn with_tools(mut command: Command, environment: &Environment) -> Command {
    command.env("STACKPRESS_PYTHON", &environment.python).env("STACKPRESS_REQUIRE_TOOLS", "1");
    command
}
