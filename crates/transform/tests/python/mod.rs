//! Asks Python for the same numbers.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Where Python with NumPy, SciPy, Pillow and netCDF4 is.
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
import sys
import numpy as np
data = np.frombuffer(sys.stdin.buffer.read(), '<f8')
def give(array):
    sys.stdout.buffer.write(np.ascontiguousarray(array, '<f8').tobytes())
";

/// Runs a script that finds numbers in `data` and passes its own to `give`; `None` where there is no Python.
pub(crate) fn ask(script: &str, data: &[f64]) -> Option<Vec<f64>> {
    let mut child = Command::new(interpreter()?)
        .args(["-c", &format!("{PRELUDE}{script}")])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let bytes: Vec<u8> = data.iter().flat_map(|number| number.to_le_bytes()).collect();
    let mut stdin = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || {
        // A script that fails early closes its end; its own message is told below.
        let _ = stdin.write_all(&bytes);
    });
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(output.stdout.as_chunks::<8>().0.iter().map(|bytes| f64::from_le_bytes(*bytes)).collect())
}
