//! `cargo xtask soak`: the mutation and property tests with many more cases than a change is asked to pass, and the tests
//! of each crate alone.
//!
//! Mutations are deterministic: case number n of a decoder is the same on every machine, so that a number is
//! enough to see a finding again. Property tests draw new cases in each round; proptest writes a failing case down.

use crate::failure::{Failure, Result};
use crate::process::{cargo, fuzz_cargo, run_reading};
use crate::setup;
use crate::test::{Counts, alone, with_tools};

const DEFAULT_ITERATIONS: u64 = 2_000_000;
const DEFAULT_ROUNDS: u64 = 10;

/// Cases of each decoder in `cargo xtask test`.
const BRIEF_ITERATIONS: u64 = 20_000;

/// Runs both kinds of tests for long, and the tests of each library crate by itself.
pub(crate) fn run(options: &[&str]) -> Result<()> {
    let (iterations, rounds) = parse(options)?;
    let environment = setup::run()?;
    let mut counts = Counts::default();

    println!("\n== mutations: {iterations} cases of each decoder");
    mutate(iterations, &["--release"], &mut counts)?;
    for round in 1..=rounds {
        println!("\n== property tests: round {round} of {rounds}");
        let mut command = cargo(&["test", "--workspace", "--release", "--lib", "--bins", "--tests"]);
        command.env("STACKPRESS_SOAK", "1");
        run_reading(with_tools(command, &environment), |line| counts.read_line(line))?;
    }
    println!("\n== each library crate alone");
    alone::test(&environment, &mut counts)?;
    println!("\n{counts}");
    Ok(())
}

/// The few cases that every change must pass.
pub(crate) fn briefly(counts: &mut Counts) -> Result<()> {
    mutate(BRIEF_ITERATIONS, &[], counts)
}

/// `cargo test` of the fuzz crate, which is a workspace of its own.
fn mutate(iterations: u64, options: &[&str], counts: &mut Counts) -> Result<()> {
    let mut command = fuzz_cargo("test");
    command.args(options).args(["--", "--nocapture"]).env("STACKPRESS_MUTATIONS", iterations.to_string());
    let before = counts.passed();
    run_reading(command, |line| counts.read_line(line))?;
    if counts.passed() == before {
        return Err(Failure::new("no mutation test ran", "check fuzz/tests"));
    }
    Ok(())
}

/// Iterations of each decoder and rounds of property tests.
fn parse(options: &[&str]) -> Result<(u64, u64)> {
    let (mut iterations, mut rounds) = (DEFAULT_ITERATIONS, DEFAULT_ROUNDS);
    for pair in options.chunks(2) {
        let (place, number) = match pair {
            ["--iterations", number] => (&mut iterations, number),
            ["--rounds", number] => (&mut rounds, number),
            _ => {
                return Err(Failure::new(
                    format!("{}: not an option of `cargo xtask soak`", pair.join(" ")),
                    "use --iterations N or --rounds N",
                ));
            }
        };
        *place = number.parse().map_err(Failure::of(pair.join(" "), "give a whole number"))?;
    }
    Ok((iterations, rounds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_parsed() {
        assert_eq!(parse(&[]).unwrap(), (DEFAULT_ITERATIONS, DEFAULT_ROUNDS));
        assert_eq!(parse(&["--rounds", "2", "--iterations", "7"]).unwrap(), (7, 2));
        for wrong in [&["--iterations"][..], &["--iterations", "-1"], &["7"]] {
            assert!(parse(wrong).is_err(), "{wrong:?}");
        }
    }
}
