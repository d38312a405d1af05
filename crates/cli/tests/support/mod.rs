//! What the tests of the program share: running it, and looking at what it leaves behind.

// Each test file is a program of its own and uses a part of this.
#![allow(dead_code)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The program, in `folder`.
pub(crate) fn stackpress(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stackpress"));
    command.current_dir(folder);
    command
}

/// Runs the program with these words.
pub(crate) fn run(folder: &Path, words: &[&str]) -> Output {
    stackpress(folder).args(words).output().unwrap()
}

/// Runs the program, which must succeed, and gives what it printed on both streams.
pub(crate) fn succeed(folder: &Path, words: &[&str]) -> String {
    let output = run(folder, words);
    let text = text_of(&output);
    assert!(output.status.success(), "{words:?}: {}\n{text}", output.status);
    text
}

/// Runs the program, which must fail with `code`, say all of `expected`, and leave no new file behind.
pub(crate) fn fail(folder: &Path, words: &[&str], code: i32, expected: &[&str]) -> String {
    let before = files_below(folder);
    let output = run(folder, words);
    let text = text_of(&output);
    assert_eq!(output.status.code(), Some(code), "{words:?}\n{text}");
    assert!(!text.contains("panicked"), "{words:?}\n{text}");
    for words_of_error in expected {
        assert!(text.contains(words_of_error), "{words:?}: {words_of_error:?} is missing in\n{text}");
    }
    assert_eq!(files_below(folder), before, "{words:?} left something behind\n{text}");
    text
}

/// Standard output, then standard error.
pub(crate) fn text_of(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Every file and folder below `folder`, sorted.
pub(crate) fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files_below(&path));
        }
        found.push(path);
    }
    found.sort();
    found
}

/// A small stack as `name` in `folder`, made by the program itself.
pub(crate) fn make(folder: &Path, spec: &str, name: &str) -> PathBuf {
    succeed(folder, &["synth", spec, "-o", name]);
    folder.join(name)
}

/// Whether a program can be started; where the tools are required, it must be.
pub(crate) fn have(program: &str) -> bool {
    let found = Command::new(program).arg("-version").output().is_ok();
    require_or_skip(found, program)
}

/// The Python with h5py and its friends; `None`, with a line that says so, where there is none.
pub(crate) fn python() -> Option<PathBuf> {
    let fallback = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/venv/bin/python");
    let python = std::env::var_os("STACKPRESS_PYTHON").map_or(fallback, PathBuf::from);
    require_or_skip(python.exists(), "the Python of `cargo xtask setup`").then_some(python)
}

fn require_or_skip(found: bool, what: &str) -> bool {
    if !found {
        assert!(std::env::var_os("STACKPRESS_REQUIRE_TOOLS").is_none(), "{what} is missing");
        println!("skipped: {what} is missing");
    }
    found
}

/// Changes one bit of a file.
pub(crate) fn flip_bit(path: &Path, bit: usize) {
    let mut bytes = fs::read(path).unwrap();
    bytes[bit / 8] ^= 1 << (bit % 8);
    fs::write(path, bytes).unwrap();
}

/// Cuts a file to a part of its length.
pub(crate) fn cut(path: &Path, numerator: usize, denominator: usize) {
    let bytes = fs::read(path).unwrap();
    fs::write(path, &bytes[..bytes.len() * numerator / denominator]).unwrap();
}
