//! Running programs.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use crate::failure::{Failure, Result};
use crate::workspace;

/// `cargo` as it was called, in the workspace's root.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(program);
    command.args(arguments).current_dir(workspace::root()).stdin(Stdio::null());
    command
}

/// `cargo` for the fuzz bodies: a workspace of its own that shares the compiled dependencies of the other.
pub(crate) fn fuzz_cargo(task: &str) -> Command {
    let mut command = cargo(&[task, "--manifest-path", "fuzz/Cargo.toml"]);
    if std::env::var_os("CARGO_TARGET_DIR").is_none() {
        command.args(["--target-dir", "target"]);
    }
    command
}

/// The command as one would type it.
pub(crate) fn shown(command: &Command) -> String {
    let mut words = Vec::new();
    for (name, value) in command.get_envs() {
        if let Some(value) = value {
            words.push(format!("{}={}", name.to_string_lossy(), quoted(&value.to_string_lossy())));
        }
    }
    let program = std::path::Path::new(command.get_program());
    words.push(program.file_name().unwrap_or(program.as_os_str()).to_string_lossy().into_owned());
    words.extend(command.get_args().map(|word| quoted(&word.to_string_lossy())));
    words.join(" ")
}

fn quoted(word: &str) -> String {
    if word.contains([' ', '*', '\'', '"', ';']) { format!("'{word}'") } else { word.to_owned() }
}

/// What `program` prints (standard output, then standard error), if it runs and exits with 0.
pub(crate) fn output_of(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).stdin(Stdio::null()).output().ok()?;
    let text =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    output.status.success().then_some(text)
}

/// Runs a command whose output goes to ours.
pub(crate) fn run(mut command: Command) -> Result<()> {
    announce(&command);
    let status = command.status().map_err(cannot_start(&command))?;
    finished(&command, status.success())
}

/// Runs a command whose standard output goes to ours; `line` sees each line of it, too.
pub(crate) fn run_reading(mut command: Command, mut line: impl FnMut(&str)) -> Result<()> {
    announce(&command);
    let mut child = command.stdout(Stdio::piped()).spawn().map_err(cannot_start(&command))?;
    let output = child.stdout.take().expect("standard output is piped");
    for text in BufReader::new(output).split(b'\n') {
        let text = text.map_err(Failure::of(shown(&command), "try again"))?;
        let text = String::from_utf8_lossy(&text);
        println!("{text}");
        line(&text);
    }
    let status = child.wait().map_err(cannot_start(&command))?;
    finished(&command, status.success())
}

/// Runs a command and returns its standard output; its standard error goes to ours.
pub(crate) fn read(mut command: Command) -> Result<String> {
    let output = command.stderr(Stdio::inherit()).output().map_err(cannot_start(&command))?;
    finished(&command, output.status.success())?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn announce(command: &Command) {
    println!("$ {}", shown(command));
}

fn cannot_start(command: &Command) -> impl FnOnce(std::io::Error) -> Failure + use<> {
    Failure::of(format!("{} does not start", shown(command)), "check that it is installed")
}

fn finished(command: &Command, success: bool) -> Result<()> {
    if success {
        return Ok(());
    }
    Err(Failure::new(format!("{} failed", shown(command)), "its messages stand above"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_passed_on_and_failures_are_told() {
        let mut lines = Vec::new();
        let mut shell = Command::new("sh");
        shell.args(["-c", "echo one; printf two"]);
        run_reading(shell, |line| lines.push(line.to_owned())).unwrap();
        assert_eq!(lines, ["one", "two"]);

        let mut shell = Command::new("sh");
        shell.args(["-c", "exit 3"]);
        assert_eq!(run(shell).unwrap_err().to_string(), "sh -c 'exit 3' failed; its messages stand above");
    }

    #[test]
    fn a_missing_program_has_no_output() {
        assert!(output_of("a program that nobody has", &[]).is_none());
    }
}
