//! Why a task stopped, and what to do about it.

use std::fmt;

/// What every fallible function of this crate returns.
pub(crate) type Result<T> = std::result::Result<T, Failure>;

/// A problem and its remedy, both in words.
#[derive(Debug)]
pub(crate) struct Failure {
    problem: String,
    remedy: String,
}

impl Failure {
    pub(crate) fn new(problem: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { problem: problem.into(), remedy: remedy.into() }
    }

    /// For `map_err`: `subject` and the reason of the operating system or a parser.
    pub(crate) fn of<E: fmt::Display>(subject: impl fmt::Display, remedy: &str) -> impl FnOnce(E) -> Self {
        move |reason| Self::new(format!("{subject}: {reason}"), remedy)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; {}", self.problem, self.remedy)
    }
}
