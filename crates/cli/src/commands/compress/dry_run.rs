//! `stackpress compress --dry-run`: what would be written, and how large.

use serde::Serialize;
use stack_core::{Error, Result};
use stack_methods::Estimate;

use super::{Job, words};
use crate::progress::Bar;
use crate::{input, screen};

/// The estimate as JSON.
#[derive(Serialize)]
struct WouldStore {
    input: String,
    output: String,
    #[serde(flatten)]
    estimate: Estimate,
}

impl Job<'_> {
    /// Encodes a sample in the system's folder for temporary files, and says what the whole would take.
    pub(super) fn estimate(&self) -> Result<()> {
        let word = self.input.word();
        input::refuse_same_file(&word, self.target)?;
        if self.target.exists() && !self.global.force {
            return Err(Error::parameter(
                self.target.display().to_string(),
                "the output exists",
                "name another with -o, or overwrite it with -f",
            ));
        }
        let limits = self.global.limits();
        let mut source = self.input.open(&self.words.input, &limits)?;
        let bar = Bar::new(&word.to_string_lossy(), self.global);
        let wanted = self.wanted(source.as_mut(), &bar)?;
        let scratch = tempfile::tempdir().map_err(Error::io("create a folder in", std::env::temp_dir()))?;
        let found =
            stack_methods::estimate(source.as_mut(), self.method, wanted, scratch.path(), &limits, &bar);
        bar.clear();
        let found = found?;
        if self.global.json {
            screen::print_json(&WouldStore {
                input: word.to_string_lossy().into_owned(),
                output: self.target.to_string_lossy().into_owned(),
                estimate: found,
            });
        } else {
            screen::print(words::estimate_lines(&word, self.target, &found));
        }
        Ok(())
    }
}
