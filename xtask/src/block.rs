//! Generated blocks in hand-written Markdown.
//!
//! ```text
//! <!-- generated: NAME -->
//! replaced by a task
//! <!-- end -->
//! ```

use crate::failure::{Failure, Result};

const END: &str = "<!-- end -->";

/// `text` with the block `name` replaced by `content`.
pub(crate) fn replaced(text: &str, name: &str, content: &str) -> Result<String> {
    let (before, _, after) = split(text, name)?;
    Ok(format!("{before}\n{}\n{after}", content.trim_end()))
}

/// Whether the block `name` holds just `content`.
pub(crate) fn holds(text: &str, name: &str, content: &str) -> Result<bool> {
    Ok(split(text, name)?.1.trim() == content.trim())
}

/// What stands up to the end of the first mark, between the marks, and from the second mark on.
fn split<'a>(text: &'a str, name: &str) -> Result<(&'a str, &'a str, &'a str)> {
    let begin = format!("<!-- generated: {name} -->");
    let start = text.find(&begin).map(|at| at + begin.len());
    let start = start.ok_or_else(|| Failure::new(format!("the line {begin} is missing"), "put it back"))?;
    let end = text[start..].find(END).map(|at| start + at);
    let end = end.ok_or_else(|| Failure::new(format!("{begin} has no {END} after it"), "put it back"))?;
    if text[start..end].contains("<!-- generated:") {
        return Err(Failure::new(
            format!("another block begins before {begin} ends"),
            format!("put {END} back"),
        ));
    }
    Ok((&text[..start], &text[start..end], &text[end..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str =
        "# A\n<!-- generated: sizes -->\nold\n<!-- end -->\ntext\n<!-- generated: b -->\n<!-- end -->\n";

    #[test]
    fn only_the_named_block_changes() {
        let page = replaced(PAGE, "sizes", "| new |\n").unwrap();
        assert_eq!(page, PAGE.replace("old", "| new |"));
        assert!(holds(&page, "sizes", "| new |\n").unwrap());
        assert!(!holds(&page, "sizes", "| newer |\n").unwrap());
        assert_eq!(replaced(&page, "sizes", "| new |").unwrap(), page);
    }

    #[test]
    fn broken_marks_are_refused() {
        assert!(replaced(PAGE, "c", "").is_err());
        assert!(replaced("<!-- generated: a -->\n", "a", "").is_err());
        assert!(replaced("<!-- generated: a -->\n<!-- generated: b -->\n<!-- end -->\n", "a", "").is_err());
    }
}
