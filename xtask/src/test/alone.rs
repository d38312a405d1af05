//! Each library crate by itself, as somebody who depends on it alone gets it.
//!
//! In the whole workspace Cargo gives a crate the union of all features that anybody asks for, so a crate may
//! lean on a feature that only another crate switches on. Here each is built alone, first as a dependency is, then
//! with its tests. Where the test programs are the very files that the `test` step ran (Cargo's file names hold a
//! hash of features, profile and dependencies), they are not run a second time.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Counts;
use super::steps::with_tools;
use crate::failure::{Failure, Result};
use crate::process::{self, cargo, read, run_reading};
use crate::setup::Environment;

pub(super) fn run(environment: &Environment, _: &mut Counts) -> Result<()> {
    let together = test_programs(&["--workspace"], environment)?;
    for package in packages()? {
        process::run(cargo(&["check", "--package", &package]))?;
        let programs = test_programs(&["--package", &package], environment)?;
        let other = programs.difference(&together).count();
        if other == 0 {
            println!("{package}: alone it has the same {} test programs as in the workspace", programs.len());
            continue;
        }
        println!("{package}: alone {other} of its {} test programs differ, so they run here", programs.len());
        let command = cargo(&["test", "--package", &package, "--tests"]);
        let mut counts = Counts::default();
        run_reading(with_tools(command, environment), |line| counts.read_line(line))?;
        println!("{package}: alone {counts}");
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

/// Builds test programs and returns their files.
fn test_programs(selection: &[&str], environment: &Environment) -> Result<BTreeSet<String>> {
    let mut command = cargo(&["test", "--no-run", "--tests", "--message-format", "json-render-diagnostics"]);
    command.args(selection);
    Ok(executables(&read(with_tools(command, environment))?))
}

/// The test programs that Cargo's messages, one JSON object a line, tell of.
fn executables(messages: &str) -> BTreeSet<String> {
    messages
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter(|message| message["reason"] == "compiler-artifact" && message["profile"]["test"] == true)
        .filter_map(|message| Some(message["executable"].as_str()?.to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_test_programs_are_taken_from_the_messages() {
        let messages = r#"
{"reason":"compiler-artifact","profile":{"test":true},"executable":"/t/a-1"}
{"reason":"compiler-artifact","profile":{"test":false},"executable":"/t/tool"}
{"reason":"compiler-artifact","profile":{"test":true},"executable":null}
{"reason":"build-finished","success":true}
"#;
        assert_eq!(executables(messages), BTreeSet::from(["/t/a-1".to_owned()]));
    }

    #[test]
    fn every_library_crate_is_listed_and_no_program() {
        let names = packages().unwrap();
        for name in ["stack-core", "stack-entropy", "stack-methods"] {
            assert!(names.iter().any(|listed| listed == name), "{name}");
        }
        assert!(names.iter().all(|listed| listed != "xtask" && listed != "stackpress"));
    }
}
