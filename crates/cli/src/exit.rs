//! Errors on standard error, and what the exit code says.

use std::process::ExitCode;

use stack_core::Error;

use crate::shown::escaped;

/// Exit code of a verification that found the frames intact and the seal gone.
pub(crate) const SEAL_GONE: u8 = 9;

/// Prints an error and gives its exit code.
pub(crate) fn report(error: &Error) -> ExitCode {
    eprintln!("stackpress: {}", escaped(&error.to_string()));
    ExitCode::from(code(error))
}

/// The exit code of an error; the table stands in the help.
pub(crate) fn code(error: &Error) -> u8 {
    match error {
        Error::Parameter { .. } => 2,
        Error::Format { .. } => 3,
        Error::Limit { .. } => 4,
        Error::Unsupported { .. } => 5,
        Error::Unavailable { .. } => 6,
        Error::Mismatch { .. } => 7,
        Error::NotKept { .. } => 8,
        Error::Cancelled => 130,
        _ => 1,
    }
}

/// Runs `work` on every item, reports each error, and gives the code of the first one.
pub(crate) fn for_each<T>(
    items: impl IntoIterator<Item = T>,
    mut work: impl FnMut(T) -> stack_core::Result<u8>,
) -> ExitCode {
    let mut first = 0;
    for item in items {
        let code = work(item).unwrap_or_else(|error| {
            report(&error);
            code(&error)
        });
        if first == 0 {
            first = code;
        }
        if code == 130 {
            break;
        }
    }
    ExitCode::from(first)
}
