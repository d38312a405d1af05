//! `cargo xtask report`: measures the methods by running `stackpress report`, and keeps what was measured.
//!
//! | file in `docs/results` | what it is |
//! |---|---|
//! | `results.md`, `.csv`, `.json` | every method on the stacks of [`STACKS`]; the README's table is made of the JSON |
//! | `report.html`, `plots/` | the same with charts and pictures; times are in them, so no check compares them |
//! | `quick.json` | every method on the small stacks of [`SMALL_STACKS`] |
//! | `quick-versions.json` | the versions of the libraries that `quick.json` was measured with |
//!
//! The check measures the small stacks again and compares sizes and errors, never times.

mod compare;
mod versions;

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::failure::{Failure, Result};
use crate::process::{read, run as run_command};
use crate::programs::{self, Profile, Programs};
use crate::setup::{self, Environment};
use crate::{block, workspace};
use versions::Versions;

/// The reference stacks, written to files first, so that making them costs no method time: file, specification.
const REFERENCE: &[(&str, &str)] = &[
    ("target/data/reference_u16.npy", "reference:type=u16"),
    ("target/data/reference_f32.npy", "reference:type=f32"),
];

/// What is measured in full.
const STACKS: &[&str] = &[
    "target/data/reference_u16.npy",
    "target/data/reference_f32.npy",
    "fixtures/brightfield.npz:stack",
    "fixtures/cell_migration.npz:stack",
    "fixtures/gfs_temperature.npz:stack",
];

/// What every test run measures again: reduced reference stacks.
const SMALL_STACKS: &[&str] =
    &["synth:reference:size=50x76,type=u16,steps=4", "synth:reference:size=50x76,steps=4"];

/// A stack with lossy rows and one with rows that cannot run, for a look at the page.
const PAGE_STACKS: &[&str] = &["fixtures/brightfield.npz:stack", "fixtures/gfs_temperature.npz:stack"];

/// Plots of stacks and methods that are no longer measured would stay there.
const PLOTS: &str = "docs/results/plots";

const RESULTS: &str = "docs/results/results.json";
const QUICK: &str = "docs/results/quick.json";
const QUICK_VERSIONS: &str = "docs/results/quick-versions.json";
const README: &str = "README.md";
const README_BLOCK: &str = "sizes";
const FIRST_SOURCE_BLOCK: &str = "first-source";

/// The task with its options.
pub(crate) fn run(options: &[&str]) -> Result<()> {
    let environment = setup::run()?;
    match options {
        [] => {
            let programs = programs::build(Profile::Release)?;
            measure_small(&programs)?;
            measure_all(&programs)
        }
        ["--quick"] => measure_small(&programs::build(Profile::Release)?),
        ["--check"] => check(&environment),
        _ => Err(Failure::new(
            format!("{}: not an option of `cargo xtask report`", options.join(" ")),
            "use --quick or --check, or none",
        )),
    }
}

/// Compares the README's table with the results, and the small stacks with a new measurement.
pub(crate) fn check(_: &Environment) -> Result<()> {
    let programs = programs::build(Profile::Development)?;
    let table = sizes_table(&programs)?;
    if !block::holds(&text_of(README)?, README_BLOCK, &table)? {
        return Err(Failure::new(
            format!("the table in {README} is not that of {RESULTS}"),
            "`cargo xtask report` writes both",
        ));
    }
    if !block::holds(&text_of(README)?, FIRST_SOURCE_BLOCK, &first_source_table(&programs)?)? {
        return Err(Failure::new(
            format!("the table of the first source in {README} is not that of {RESULTS}"),
            "`cargo xtask report` writes both",
        ));
    }
    println!("the tables in {README} are those of {RESULTS}");

    let folder = "target/results-check";
    stackpress_report(&programs, SMALL_STACKS, folder)?;
    let recorded = rows_of(QUICK)?;
    let measured = rows_of(&format!("{folder}/results.json"))?;
    let known = Versions::parse(&text_of(QUICK_VERSIONS)?)?;
    let outcome = compare::rows(&recorded, &measured, &known, &versions::installed()?);
    for line in &outcome.passed_over {
        println!("{line}");
    }
    if !outcome.differences.is_empty() {
        for line in &outcome.differences {
            println!("{line}");
        }
        return Err(Failure::new(
            format!("{} of the rows of {QUICK} are no longer what is measured", outcome.differences.len()),
            "if the change is meant, `cargo xtask report` measures anew",
        ));
    }
    if outcome.equal == 0 {
        return Err(Failure::new(
            format!("no row of {QUICK} could be compared"),
            "`cargo xtask report --quick`",
        ));
    }
    println!("{} rows have the sizes and errors of {QUICK}", outcome.equal);
    Ok(())
}

/// Makes a report of small real stacks; its page.
pub(crate) fn page() -> Result<PathBuf> {
    let folder = "target/results-browser";
    stackpress_report(&programs::build(Profile::Development)?, PAGE_STACKS, folder)?;
    Ok(at(folder).join("report.html"))
}

fn measure_small(programs: &Programs) -> Result<()> {
    let folder = "target/results-quick";
    stackpress_report(programs, SMALL_STACKS, folder)?;
    copy(&format!("{folder}/results.json"), QUICK)?;
    write(QUICK_VERSIONS, &versions::installed()?.to_string())
}

fn measure_all(programs: &Programs) -> Result<()> {
    create_folder("target/data")?;
    for (file, specification) in REFERENCE {
        let mut synth = programs.stackpress();
        synth.args(["--force", "synth", specification, "--output", file]);
        run_command(synth)?;
    }
    if at(PLOTS).exists() {
        fs::remove_dir_all(at(PLOTS)).map_err(Failure::of(PLOTS, "check its rights"))?;
    }
    stackpress_report(programs, STACKS, "docs/results")?;
    let page = block::replaced(&text_of(README)?, README_BLOCK, &sizes_table(programs)?)?;
    let first_source = first_source_table(programs)?;
    write(README, &block::replaced(&page, FIRST_SOURCE_BLOCK, &first_source)?)?;
    println!("{first_source}");
    Ok(())
}

/// Runs `stackpress report` with all methods; a broken promise fails it.
fn stackpress_report(programs: &Programs, stacks: &[&str], folder: &str) -> Result<()> {
    create_folder(folder)?;
    let mut report = programs.stackpress();
    report.arg("report").args(stacks).args(["--output", folder]);
    report.stdout(std::process::Stdio::null());
    run_command(report)
}

/// The short table of the results.
fn sizes_table(programs: &Programs) -> Result<String> {
    let mut command = programs.sizes();
    command.arg(RESULTS);
    read(command)
}

/// What the script that the project began with stores, and what it says of it.
fn first_source_table(programs: &Programs) -> Result<String> {
    let mut command = programs.sizes();
    command.args(["--first-source", RESULTS]);
    read(command)
}

fn rows_of(file: &str) -> Result<Vec<Value>> {
    serde_json::from_str(&text_of(file)?)
        .map_err(Failure::of(file, "`cargo xtask report --quick` writes it anew"))
}

fn text_of(file: &str) -> Result<String> {
    fs::read_to_string(at(file)).map_err(Failure::of(file, "`cargo xtask report` writes what it needs"))
}

fn write(file: &str, text: &str) -> Result<()> {
    fs::write(at(file), text).map_err(Failure::of(file, "check its rights"))
}

fn copy(from: &str, to: &str) -> Result<()> {
    create_folder(&Path::new(to).parent().unwrap_or(Path::new("")).to_string_lossy())?;
    fs::copy(at(from), at(to)).map(drop).map_err(Failure::of(to, "check its rights"))
}

fn create_folder(folder: &str) -> Result<()> {
    fs::create_dir_all(at(folder)).map_err(Failure::of(folder, "check its rights"))
}

fn at(file: &str) -> PathBuf {
    workspace::root().join(file)
}
