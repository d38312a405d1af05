//! The programs of the workspace that a report runs.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::failure::{Failure, Result};
use crate::process::{cargo, read};
use crate::workspace;

/// How the programs are built.
#[derive(Clone, Copy)]
pub(crate) enum Profile {
    /// As for the tests: sizes and errors are the same, times are not worth reading.
    Development,
    /// For times that are worth reading.
    Release,
}

/// Where the programs are.
pub(crate) struct Programs {
    stackpress: PathBuf,
    sizes: PathBuf,
}

impl Programs {
    /// The command-line tool, to be run in the workspace's root.
    pub(crate) fn stackpress(&self) -> Command {
        in_root(&self.stackpress)
    }

    /// The example of stack-report that prints the short table, or with `--first-source` that of the first source.
    pub(crate) fn sizes(&self) -> Command {
        in_root(&self.sizes)
    }
}

/// Builds them with the features that the whole workspace has, as the tests do.
pub(crate) fn build(profile: Profile) -> Result<Programs> {
    let mut command = cargo(&["build", "--workspace", "--bin", "stackpress", "--example", "sizes"]);
    command.args(["--message-format", "json-render-diagnostics"]);
    if matches!(profile, Profile::Release) {
        command.arg("--release");
    }
    let messages = read(command)?;
    Ok(Programs { stackpress: executable(&messages, "stackpress")?, sizes: executable(&messages, "sizes")? })
}

/// The file that Cargo's messages, one JSON object a line, name for a target.
fn executable(messages: &str, target: &str) -> Result<PathBuf> {
    messages
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter(|message| message["target"]["name"] == target)
        .find_map(|message| message["executable"].as_str().map(PathBuf::from))
        .ok_or_else(|| {
            Failure::new(format!("cargo built no program {target}"), "check the names of the targets")
        })
}

fn in_root(program: &PathBuf) -> Command {
    let mut command = Command::new(program);
    command.current_dir(workspace::root()).stdin(Stdio::null());
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_are_found_in_the_messages() {
        let messages = r#"{"reason":"compiler-artifact","target":{"name":"a"},"executable":null}
{"reason":"compiler-artifact","target":{"name":"sizes"},"executable":"/t/examples/sizes"}"#;
        assert_eq!(executable(messages, "sizes").unwrap(), PathBuf::from("/t/examples/sizes"));
        assert!(executable(messages, "a").is_err());
    }
}
