//! Names and messages on a terminal: what a file is called must not move the cursor.

use std::ffi::OsStr;

/// A name for people: control characters are written as escapes, and what is no Unicode as replacement characters.
pub(crate) fn shown(name: impl AsRef<OsStr>) -> String {
    escaped(&name.as_ref().to_string_lossy())
}

/// A text of one line: control characters are written as escapes.
pub(crate) fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_control() {
            safe.extend(letter.escape_default());
        } else {
            safe.push(letter);
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_on_their_line() {
        assert_eq!(shown("two\nlines \u{1b}[31m.npy"), "two\\nlines \\u{1b}[31m.npy");
        assert_eq!(shown("plain \u{e9}"), "plain \u{e9}");
    }
}
