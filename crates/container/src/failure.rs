//! From the `hdf5` crate's errors to ours: the file, the object inside it, and a remedy.

use std::io;
use std::path::Path;

use stack_core::Error;

const RESTORE: &str = "the file is damaged or incomplete: restore it from its source";

/// Reading `field` failed: the operating system refused, or the file does not hold what it says.
pub(crate) fn reading(path: &Path, field: impl Into<String>) -> impl FnOnce(hdf5::Error) -> Error {
    let field = field.into();
    move |error| match system_error(&error) {
        Some(source) => Error::io("read", path)(source),
        None => damaged(path, field, words(&error)),
    }
}

/// Writing failed: the disk is full, or the operating system refused otherwise.
pub(crate) fn writing(path: &Path) -> impl FnOnce(hdf5::Error) -> Error {
    move |error| {
        let source = system_error(&error).unwrap_or_else(|| io::Error::other(words(&error)));
        Error::io("write", path)(source)
    }
}

/// Something in `field` contradicts the format or itself.
pub(crate) fn damaged(path: &Path, field: impl Into<String>, problem: impl Into<String>) -> Error {
    Error::format(path, field, problem, RESTORE)
}

/// The error on one line.
pub(crate) fn words(error: &hdf5::Error) -> String {
    error.to_string().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The operating system's error, which the library quotes in its text.
fn system_error(error: &hdf5::Error) -> Option<io::Error> {
    let text = error.to_string();
    let (_, number) = text.split_once("errno = ")?;
    let digits = number.split(|c: char| !c.is_ascii_digit()).next()?;
    // Number 0 is the library's way to say that the operating system did not refuse: the file just ended.
    digits.parse().ok().filter(|&number| number != 0).map(io::Error::from_raw_os_error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_told_in_the_system_s_words() {
        let text = "H5Dwrite(): can't write data: file write failed: time = Sun Nov  2\n, filename = 'a.h5', \
                    file descriptor = 3, errno = 28, error message = 'No space left on device', buf = 0x7f";
        let error = writing(Path::new("a.h5"))(hdf5::Error::Internal(text.into()));
        assert!(matches!(&error, Error::Io { source, .. } if source.raw_os_error() == Some(28)), "{error}");
        assert!(!error.to_string().contains("H5Dwrite"), "{error}");
    }

    #[test]
    fn other_errors_keep_their_words_on_one_line() {
        let error = || hdf5::Error::Internal("H5Fopen(): truncated\n file, errno = 0, and so on".into());
        let told = reading(Path::new("a.h5"), "/stack")(error()).to_string();
        assert!(told.starts_with("a.h5: /stack: H5Fopen(): truncated file, errno = 0"), "{told}");
        assert!(writing(Path::new("a.h5"))(error()).to_string().contains("truncated file"));
    }
}
