//! Asks Python for pictures and their hashes.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Where Python with NumPy, Pillow and `ImageHash` is.
fn interpreter() -> Option<PathBuf> {
    let found = std::env::var_os("STACKPRESS_PYTHON").map(PathBuf::from).or_else(|| {
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2)?;
        let local = workspace.join("target/venv/bin/python");
        local.is_file().then_some(local)
    });
    if found.is_none() {
        assert!(std::env::var_os("STACKPRESS_REQUIRE_TOOLS").is_none(), "no Python; run cargo xtask setup");
        println!("skipped: no Python (set STACKPRESS_PYTHON, or run cargo xtask setup)");
    }
    found
}

const PRELUDE: &str = "
import struct, sys
import numpy as np
import imagehash
from PIL import Image
def write(*parts):
    for part in parts:
        sys.stdout.buffer.write(struct.pack('<Q', part) if isinstance(part, int) else part)
";

/// What a script wrote with `write`; `None` where there is no Python.
pub(crate) fn ask(script: &str, arguments: &[&str]) -> Option<Answer> {
    let output = Command::new(interpreter()?)
        .args(["-c", &format!("{PRELUDE}{script}")])
        .args(arguments)
        .output()
        .expect("Python starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(Answer { bytes: output.stdout, at: 0 })
}

/// Whole numbers and bytes, to be read as they were written.
pub(crate) struct Answer {
    bytes: Vec<u8>,
    at: usize,
}

impl Answer {
    pub(crate) fn bytes(&mut self, count: usize) -> &[u8] {
        self.at += count;
        &self.bytes[self.at - count..self.at]
    }

    pub(crate) fn number(&mut self) -> usize {
        let bytes = self.bytes(8).try_into().expect("eight bytes");
        u64::from_le_bytes(bytes).try_into().expect("a length")
    }

    pub(crate) fn is_at_end(&self) -> bool {
        self.at == self.bytes.len()
    }
}
