//! Each library crate by itself, as somebody who depends on it alone gets it.
//!
//! In the whole workspace Cargo gives a crate the union of all features that anybody asks for, so a crate may
//! lean on a feature that only another crate switches on. Here the compiler looks at each alone, first as a dependency
//! is, then with its tests. The tests are the same as in the workspace, so only `cargo xtask soak` runs them again.

use serde_json::Value;

use super::Counts;
use super::steps::with_tools;
use crate::failure::{Failure, Result};
use crate::process::{cargo, read, run, run_reading};
use crate::setup::Environment;

/// Lets the compiler check each crate and its tests.
pub(super) fn check(_: &Environment, _: &mut Counts) -> Result<()> {
    for package in packages()? {
        run(cargo(&["check", "--quiet", "--package", &package]))?;
        run(cargo(&["check", "--quiet", "--package", &package, "--tests"]))?;
        println!("{package}: builds alone, and so do its tests");
    }
    Ok(())
}

/// Runs the tests of each crate.
pub(crate) fn test(environment: &Environment, counts: &mut Counts) -> Result<()> {
    for package in packages()? {
        let command = cargo(&["test", "--package", &package, "--tests"]);
        run_reading(with_tools(command, environment), |line| counts.read_line(line))?;
    }
    Ok(())
}

/// The names of the workspace's library crates; nobody depends on the programs.
fn packages() -> Result<Vec<String>> {
    let text = read(cargo(&["metadata", "--no-deps", "--format-version", "1"]))?;
    let metadata: Value = serde_json::from_str(&text)
        .map_err(Failure::of("`cargo metadata` cannot be read", "check the version of cargo"))?;
    let packages = metadata["packages"].as_array().into_iter().flatten();
    let is_library = |package: &&Value| {
        let targets = package["targets"].as_array().into_iter().flatten();
        targets.flat_map(|target| target["kind"].as_array().into_iter().flatten()).any(|kind| kind == "lib")
    };
    let names: Vec<String> =
        packages.filter(is_library).filter_map(|p| Some(p["name"].as_str()?.to_owned())).collect();
    if names.is_empty() {
        return Err(Failure::new("`cargo metadata` names no package", "check the version of cargo"));
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_library_crate_is_listed_and_no_program() {
        let names = packages().unwrap();
        for name in ["stack-core", "stack-entropy", "stack-methods"] {
            assert!(names.iter().any(|listed| listed == name), "{name}");
        }
        assert!(names.iter().all(|listed| listed != "xtask" && listed != "stackpress"));
    }
}
