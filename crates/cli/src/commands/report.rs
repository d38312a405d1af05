//! `stackpress report`: every method on every stack, each row measured in fresh processes.

mod child;

use std::path::Path;
use std::process::ExitCode;

use stack_core::{Error, FrameSource, Part, Result};
use stack_methods::{GROUPED, METHODS, Measurement, Method, Outcome};
use stack_report::FramePictures;
use stack_report::html::RowPictures;

use crate::arguments::{Global, ReportWords};
use crate::input::Input;
use crate::progress::{or_cancelled, stopped};
use crate::{exit, input, numbers, screen};
use child::{Row, measure_row};

/// What was measured, and the pictures that belong to it.
#[derive(Default)]
struct Results {
    rows: Vec<Measurement>,
    pictures: Vec<RowPictures>,
}

/// Frames that `--quick` measures.
const QUICK_FRAMES: usize = 100;

pub(crate) fn run(words: &ReportWords, global: &Global) -> ExitCode {
    match or_cancelled(report(words, global)) {
        Ok(code) => ExitCode::from(code),
        Err(error) => exit::report(&error),
    }
}

fn report(words: &ReportWords, global: &Global) -> Result<u8> {
    let methods = methods(words)?;
    std::fs::create_dir_all(&words.output).map_err(Error::io("create", &words.output))?;
    let scratch = tempfile::Builder::new()
        .prefix(".stackpress-report-")
        .tempdir_in(&words.output)
        .map_err(Error::io("create a folder in", &words.output))?;
    let mut results = Results::default();
    for word in &words.inputs {
        let stack = Input::Word(word.clone());
        measure_stack(&stack, &methods, words, scratch.path(), global, &mut results)?;
    }
    let conditions = conditions();
    write_files(&results, &conditions, &words.output)?;
    let rows = &results.rows;
    if global.json {
        screen::print(stack_report::json(rows));
    } else if !global.quiet {
        screen::print(stack_report::markdown(rows, &conditions));
    }
    Ok(u8::from(rows.iter().any(broken)))
}

fn methods(words: &ReportWords) -> Result<Vec<Box<dyn Method>>> {
    if words.methods.is_empty() {
        METHODS.iter().chain(GROUPED).map(|info| stack_methods::method(info.spec)).collect()
    } else {
        words.methods.iter().map(|spec| stack_methods::method(spec)).collect()
    }
}

fn measure_stack(
    stack: &Input,
    methods: &[Box<dyn Method>],
    words: &ReportWords,
    scratch: &Path,
    global: &Global,
    results: &mut Results,
) -> Result<()> {
    let first = words.quick.then_some(QUICK_FRAMES);
    let word = stack.word();
    let source = Part::first(input::open(&word, &words.input, &global.limits())?, first)?;
    let header = source.header().clone();
    let disk_bytes_before = source.disk_bytes();
    drop(source);
    let dataset = word.to_string_lossy().into_owned();
    for method in methods {
        if stopped() {
            return Err(Error::Cancelled);
        }
        let row = Row { input: &word, words: &words.input, method: method.as_ref(), header: &header, first };
        let (outcome, pictures) = measure_row(&row, scratch, global)?;
        if !global.quiet || matches!(outcome, Outcome::Failed { .. }) {
            eprintln!(
                "{dataset}  {:26} {}",
                method.spec().to_string(),
                in_short(&outcome, header.raw_bytes())
            );
        }
        let (spec, stack) = (method.spec().to_string(), header.describe());
        // Bit-exact copies share the picture of the original.
        let shown = |known: &RowPictures| known.dataset == dataset && known.pictures.copy.is_none();
        let wanted = |new: &FramePictures| new.copy.is_some() || !results.pictures.iter().any(shown);
        if let Some(pictures) = pictures.filter(wanted) {
            let (dataset, stack, method) = (dataset.clone(), stack.clone(), spec.clone());
            results.pictures.push(RowPictures { dataset, stack, method, pictures });
        }
        results.rows.push(Measurement {
            method: spec,
            dataset: dataset.clone(),
            stack,
            raw_bytes: header.raw_bytes(),
            samples: header.samples(),
            disk_bytes_before,
            outcome,
        });
    }
    Ok(())
}

fn in_short(outcome: &Outcome, raw_bytes: u64) -> String {
    match outcome {
        Outcome::Measured(figures) => format!(
            "{:>9}  {:>6}x  encode {}, decode {} CPU{}",
            numbers::bytes(figures.stored_bytes),
            numbers::three_digits(raw_bytes as f64 / figures.stored_bytes as f64),
            numbers::seconds(figures.encode_cpu_seconds),
            numbers::seconds(figures.decode_cpu_seconds),
            if figures.promise_kept() { "" } else { "  PROMISE BROKEN" },
        ),
        Outcome::NotRun { reason } => format!("not run: {reason}"),
        Outcome::Failed { reason } => format!("FAILED: {reason}"),
    }
}

/// A method that fails or breaks its promise fails the report; one that cannot run does not.
fn broken(row: &Measurement) -> bool {
    match &row.outcome {
        Outcome::Measured(figures) => !figures.promise_kept(),
        Outcome::NotRun { .. } => false,
        Outcome::Failed { .. } => true,
    }
}

fn write_files(results: &Results, conditions: &str, folder: &Path) -> Result<()> {
    let rows = &results.rows;
    let page = stack_report::html(rows, &results.pictures, conditions);
    let plots = folder.join(stack_report::html::PLOTS);
    std::fs::create_dir_all(&plots).map_err(Error::io("create", &plots))?;
    for plot in &page.plots {
        if let Some(svg) = &plot.svg {
            write(&plots.join(format!("{}.svg", plot.name)), svg.as_bytes())?;
        }
        write(&plots.join(format!("{}.png", plot.name)), &plot.png)?;
    }
    for (name, text) in [
        ("results.md", stack_report::markdown(rows, conditions)),
        ("results.csv", stack_report::csv(rows)),
        ("results.json", stack_report::json(rows)),
        ("report.html", page.html),
    ] {
        write(&folder.join(name), text.as_bytes())?;
    }
    Ok(())
}

fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    std::fs::write(path, bytes).map_err(Error::io("write", path))
}

/// Under which conditions the figures were measured.
fn conditions() -> String {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let libraries: String =
        stack_methods::library_versions().into_iter().map(|version| format!(", {version}")).collect();
    format!(
        "stackpress {}{libraries}, {} {}, {cores} cores; every row was encoded, decoded and compared in processes of its own",
        env!("CARGO_PKG_VERSION"),
        std::env::consts::OS,
        std::env::consts::ARCH,
    )
}
