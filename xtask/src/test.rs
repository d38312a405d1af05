//! `cargo xtask test`: everything a change must pass, step after step; it stops at the first failure.
//!
//! Tools that tests would skip when they are missing are required here: the setup installs them, and
//! `STACKPRESS_REQUIRE_TOOLS` turns a skip into a failure.

pub(crate) mod alone;
mod browser;
mod counts;
mod steps;

use std::time::{Duration, Instant};

use crate::failure::{Failure, Result};
use crate::setup;

pub(crate) use counts::Counts;
pub(crate) use steps::with_tools;
use steps::{BROWSER, STEPS, Step};

/// Runs all steps, or those named with `--step`.
pub(crate) fn run(options: &[&str]) -> Result<()> {
    let wanted = wanted_steps(options)?;
    if wanted.is_empty() {
        for step in STEPS.iter().chain([&BROWSER]) {
            println!("{:<12} {}", step.name, step.purpose);
        }
        println!("{} runs only with --browser or by its name", BROWSER.name);
        return Ok(());
    }

    println!("== setup: the programs and packages that the tests call");
    let begin = Instant::now();
    let environment = setup::run()?;
    let mut times = vec![("setup", begin.elapsed())];
    let mut counts = Counts::default();
    for (number, step) in wanted.iter().enumerate() {
        println!("\n== {}/{} {}: {}", number + 1, wanted.len(), step.name, step.purpose);
        let begin = Instant::now();
        let outcome = (step.run)(&environment, &mut counts);
        times.push((step.name, begin.elapsed()));
        println!(
            "-- {}: {}, {}",
            step.name,
            if outcome.is_ok() { "ok" } else { "FAILED" },
            seconds(begin.elapsed())
        );
        if let Err(failure) = outcome {
            print_summary(&times, "FAILED");
            println!("{}", counts.after_a_failure());
            return Err(Failure::new(
                format!("step {} failed: {failure}", step.name),
                format!("`cargo xtask test --step {}` runs it alone", step.name),
            ));
        }
    }
    print_summary(&times, "ok");
    println!("{counts}");
    Ok(())
}

/// The steps to run; none means that the list is asked for.
fn wanted_steps(options: &[&str]) -> Result<Vec<&'static Step>> {
    match options {
        [] => return Ok(STEPS.iter().collect()),
        ["--list"] => return Ok(Vec::new()),
        ["--browser"] => return Ok(STEPS.iter().chain([&BROWSER]).collect()),
        _ => {}
    }
    let mut wanted = Vec::new();
    for pair in options.chunks(2) {
        let ["--step", name] = pair else {
            return Err(Failure::new(
                format!("{}: not an option of `cargo xtask test`", pair.join(" ")),
                "use --step NAME, --browser or --list",
            ));
        };
        wanted.push(STEPS.iter().chain([&BROWSER]).find(|step| step.name == *name).ok_or_else(|| {
            Failure::new(format!("--step {name}: no such step"), "`cargo xtask test --list` names them")
        })?);
    }
    Ok(wanted)
}

/// A table of the steps that ran; `last` is how the last of them ended.
fn print_summary(times: &[(&str, Duration)], last: &str) {
    println!("\nstep         result  time");
    for (index, (name, time)) in times.iter().enumerate() {
        let result = if index + 1 == times.len() { last } else { "ok" };
        println!("{name:<12} {result:<6} {:>9}", seconds(*time));
    }
    println!("{:<12} {:<6} {:>9}\n", "all", "", seconds(times.iter().map(|(_, time)| *time).sum()));
}

fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_chosen_by_name() {
        assert_eq!(wanted_steps(&[]).unwrap().len(), STEPS.len());
        let chosen = wanted_steps(&["--step", "doc", "--step", "format"]).unwrap();
        assert_eq!(chosen.iter().map(|step| step.name).collect::<Vec<_>>(), ["doc", "format"]);
        assert_eq!(wanted_steps(&["--browser"]).unwrap().len(), STEPS.len() + 1);
        assert_eq!(wanted_steps(&["--step", "browser"]).unwrap()[0].name, "browser");
        for wrong in [&["--step"][..], &["--step", "dance"], &["doc"]] {
            assert!(wanted_steps(wrong).is_err(), "{wrong:?}");
        }
    }
}
