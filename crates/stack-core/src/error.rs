//! The one error type of the project: it says whose fault it is, where, and what to do about it.

use std::io;
use std::path::{Path, PathBuf};

/// What every fallible function of the project returns.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why something did not happen.
///
/// The variants are sorted by *whose fault it is*: the machine ([`Error::Io`]), the input file
/// ([`Error::Format`], [`Error::Limit`]), the caller ([`Error::Parameter`], [`Error::Unsupported`]), a missing
/// program ([`Error::Unavailable`]), or the promise itself ([`Error::Mismatch`]).
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The operating system refused to read, write, create or rename.
    #[error("{path}: cannot {action}: {source}", path = path.display())]
    Io {
        /// The file or folder that was touched.
        path: PathBuf,
        /// What was tried, as a verb: "read", "create".
        action: &'static str,
        /// The operating system's own reason.
        source: io::Error,
    },
    /// A file does not hold what its format or its header says.
    #[error("{path}: {field}: {problem}; {remedy}", path = path.display())]
    Format {
        /// The file that is wrong.
        path: PathBuf,
        /// The field, dataset, page or frame inside the file.
        field: String,
        /// What is wrong with it.
        problem: String,
        /// What the user can do.
        remedy: String,
    },
    /// A file asks for more than the caller's [`Limits`](crate::Limits) allow.
    #[error("{path}: {quantity} is {asked}, above the limit of {limit}; {remedy}", path = path.display())]
    Limit {
        /// The file whose header asks for it.
        path: PathBuf,
        /// Which quantity is too large.
        quantity: &'static str,
        /// What the file asks for.
        asked: u128,
        /// What is allowed.
        limit: u128,
        /// What the user can do.
        remedy: String,
    },
    /// An option, argument or specification is not valid.
    #[error("{parameter}: {problem}; {remedy}")]
    Parameter {
        /// The option or argument, as the user wrote it.
        parameter: String,
        /// What is wrong with it.
        problem: String,
        /// What the user can write instead.
        remedy: String,
    },
    /// The method cannot hold this stack, or cannot keep the promise that was asked for.
    #[error("{method} cannot store this stack: {problem}; {remedy}")]
    Unsupported {
        /// The method that refuses.
        method: String,
        /// What it cannot hold.
        problem: String,
        /// Which method or option would do.
        remedy: String,
    },
    /// An external program or library is missing, too old, or failed.
    #[error("{tool} is not available: {problem}; {remedy}")]
    Unavailable {
        /// The program, encoder or library.
        tool: String,
        /// What was seen.
        problem: String,
        /// The line that installs it.
        remedy: String,
    },
    /// Decoded samples, or the bytes of a file, are not what was promised.
    #[error("{path}: verification failed: {problem}; {remedy}", path = path.display())]
    Mismatch {
        /// The file that was verified.
        path: PathBuf,
        /// What differs, and where first.
        problem: String,
        /// What the user can do.
        remedy: String,
    },
    /// The output is larger than the files it would replace, so it was not kept.
    #[error("{path}: not kept: the output would take {after} bytes, the input takes {before} on disk; \
             use another method, or keep it with -f", path = path.display())]
    NotKept {
        /// The output that was asked for.
        path: PathBuf,
        /// Bytes of the input's files.
        before: u64,
        /// Bytes that the output would take.
        after: u64,
    },
    /// The user asked to stop.
    #[error("stopped on request; no output was written")]
    Cancelled,
}

impl Error {
    /// An [`Error::Io`] for `path`, for use in `map_err`.
    pub fn io(action: &'static str, path: impl AsRef<Path>) -> impl FnOnce(io::Error) -> Self {
        let path = path.as_ref().to_path_buf();
        move |source| Self::Io { path, action, source }
    }

    /// An [`Error::Format`]: file, field, problem, remedy.
    pub fn format(
        path: impl AsRef<Path>,
        field: impl Into<String>,
        problem: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self::Format {
            path: path.as_ref().to_path_buf(),
            field: field.into(),
            problem: problem.into(),
            remedy: remedy.into(),
        }
    }

    /// An [`Error::Parameter`]: parameter, problem, remedy.
    pub fn parameter(
        parameter: impl Into<String>,
        problem: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self::Parameter { parameter: parameter.into(), problem: problem.into(), remedy: remedy.into() }
    }

    /// An [`Error::Unsupported`]: method, problem, remedy.
    pub fn unsupported(
        method: impl Into<String>,
        problem: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self::Unsupported { method: method.into(), problem: problem.into(), remedy: remedy.into() }
    }

    /// An [`Error::Unavailable`]: tool, problem, remedy.
    pub fn unavailable(
        tool: impl Into<String>,
        problem: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self::Unavailable { tool: tool.into(), problem: problem.into(), remedy: remedy.into() }
    }

    /// An [`Error::Mismatch`]: file, problem, remedy.
    pub fn mismatch(path: impl AsRef<Path>, problem: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::Mismatch { path: path.as_ref().to_path_buf(), problem: problem.into(), remedy: remedy.into() }
    }
}
