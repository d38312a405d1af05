//! `cargo xtask setup`: finds what building and testing needs, and installs what it may.
//!
//! Programs and libraries of the system are installed only by root and only through `apt-get`; everybody else is
//! told the line to type. Python packages go to `target/venv` and touch nothing else.

mod python;
mod system;

use std::path::PathBuf;

use crate::failure::Result;

/// What the tests are given by the setup.
pub(crate) struct Environment {
    /// The Python that has the packages of `requirements.txt`.
    pub(crate) python: PathBuf,
}

/// Finds or installs everything; prints a line for each item.
pub(crate) fn run() -> Result<Environment> {
    system::ensure()?;
    let python = python::ensure()?;
    Ok(Environment { python })
}

/// Finds or installs the browser that looks at pages; nothing else needs it.
pub(crate) fn browser() -> Result<()> {
    system::ensure_browser()
}

/// One line: what, and its version or state.
fn tell(name: &str, state: &str) {
    println!("  {name:<16} {state}");
}
