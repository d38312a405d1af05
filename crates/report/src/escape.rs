//! How words of unknown origin (file names, messages of other programs) are written so that they stay words.

use base64::prelude::{BASE64_STANDARD, Engine};

/// Text inside Markdown: nothing in it can end a table cell or begin markup.
///
/// ```
/// assert_eq!(stack_report::escape::markdown("a|b_c*\nd"), "a\\|b_c\\* d");
/// ```
pub fn markdown(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut before = ' ';
    let line = one_line(text);
    for (index, character) in line.char_indices() {
        let after = line[index + character.len_utf8()..].chars().next().unwrap_or(' ');
        let special = match character {
            '\\' | '|' | '*' | '`' | '[' | ']' | '<' | '>' | '&' | '~' | '$' => true,
            // An underscore inside a word is no markup; file names are full of them.
            '_' => !(before.is_alphanumeric() && after.is_alphanumeric()),
            '#' | '+' | '-' => index == 0,
            _ => false,
        };
        if special {
            escaped.push('\\');
        }
        escaped.push(character);
        before = character;
    }
    escaped
}

/// Text as a code span inside a Markdown table.
///
/// Words with a backtick, which would end the span, are written as text.
///
/// ```
/// assert_eq!(stack_report::escape::code("hdf5:shuffle,gzip=9"), "`hdf5:shuffle,gzip=9`");
/// assert_eq!(stack_report::escape::code("a|b"), "`a\\|b`");
/// ```
pub fn code(text: &str) -> String {
    let text = one_line(text);
    if text.is_empty() || text.contains(['`', '\\']) {
        return markdown(&text);
    }
    // Tables are cut at bars before code spans are read, so a bar needs its backslash even here.
    format!("`{}`", text.replace('|', "\\|"))
}

/// A field of a CSV record after RFC 4180: quoted where it holds a comma, a quote or a line break.
///
/// A spreadsheet takes words that begin with `=`, `+`, `-`, `@` or a control character for a formula; such words get
/// an apostrophe before them. Numbers do not go through this function.
///
/// ```
/// use stack_report::escape::csv;
/// assert_eq!(csv("hdf5:shuffle,gzip=9"), "\"hdf5:shuffle,gzip=9\"");
/// assert_eq!(csv("say \"so\""), "\"say \"\"so\"\"\"");
/// assert_eq!(csv("=1+1"), "'=1+1");
/// ```
pub fn csv(text: &str) -> String {
    let formula = text.trim_start().starts_with(['=', '+', '-', '@']) || text.starts_with(['\t', '\r', '\n']);
    let text = if formula { format!("'{text}") } else { text.to_owned() };
    if text.contains([',', '"', '\r', '\n']) || text.starts_with(' ') || text.ends_with(' ') {
        return format!("\"{}\"", text.replace('"', "\"\""));
    }
    text
}

/// Text inside HTML, SVG or an attribute in quotes of either kind: nothing in it is markup.
///
/// Characters that XML cannot hold become the replacement character.
///
/// ```
/// assert_eq!(stack_report::escape::markup("<b a='\"'>&"), "&lt;b a=&#39;&quot;&#39;&gt;&amp;");
/// ```
pub fn markup(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '\t' | '\n' | '\r' => escaped.push(' '),
            '\u{fffe}' | '\u{ffff}' => escaped.push(char::REPLACEMENT_CHARACTER),
            control if control.is_control() => escaped.push(char::REPLACEMENT_CHARACTER),
            other => escaped.push(other),
        }
    }
    escaped
}

/// Bytes as a URL that holds them.
///
/// ```
/// assert_eq!(stack_report::escape::data_url("image/png", &[1, 2, 3]), "data:image/png;base64,AQID");
/// ```
pub fn data_url(media_type: &str, bytes: &[u8]) -> String {
    format!("data:{media_type};base64,{}", BASE64_STANDARD.encode(bytes))
}

/// The text with every run of control characters and line breaks turned into one space.
fn one_line(text: &str) -> String {
    let words = text.split(char::is_control).map(str::trim).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_and_html_stay_text() {
        for (text, escaped) in [
            ("my_file_name", "my_file_name"),
            ("_emphasis_", "\\_emphasis\\_"),
            ("<script>", "\\<script\\>"),
            ("[a](b)", "\\[a\\](b)"),
            ("# heading", "\\# heading"),
            ("a - b", "a - b"),
            ("&amp;", "\\&amp;"),
            ("C:\\x", "C:\\\\x"),
            ("line\r\n\r\nbreak\t", "line break"),
        ] {
            assert_eq!(markdown(text), escaped);
        }
    }

    #[test]
    fn a_backtick_cannot_end_a_code_span() {
        assert_eq!(code("a`b|c"), "a\\`b\\|c");
        assert_eq!(code(""), "");
        // A bar after a backslash would need two meanings of the backslash at once.
        assert_eq!(code("a\\|b"), "a\\\\\\|b");
    }

    #[test]
    fn formulas_become_words() {
        for text in ["=1", "+1", "-1", "@a", "\t=1", " =1", "\r\n=1"] {
            let field = csv(text);
            assert!(field.trim_start_matches('"').starts_with('\''), "{text:?} became {field:?}");
        }
        assert_eq!(csv("cells-1/"), "cells-1/");
    }

    proptest::proptest! {
        #[test]
        fn csv_fields_read_back(text in "[ -~\n\r\t\u{e4}]{0,20}") {
            let field = csv(&text);
            let content = match field.strip_prefix('"') {
                Some(quoted) => quoted.strip_suffix('"').unwrap().replace("\"\"", "\""),
                None => { proptest::prop_assert!(!field.contains([',', '"', '\r', '\n'])); field.clone() }
            };
            proptest::prop_assert_eq!(content.strip_prefix('\'').filter(|rest| *rest == text).unwrap_or(&content), &text);
        }

        #[test]
        fn a_markdown_cell_has_no_bare_bar_and_one_line(text in "\\PC{0,30}|[|`\\\\\n*]{0,10}") {
            for cell in [markdown(&text), code(&text)] {
                proptest::prop_assert!(!cell.contains(['\n', '\r']));
                let mut backslashes = 0;
                for character in cell.chars() {
                    proptest::prop_assert!(character != '|' || backslashes % 2 == 1, "{}", cell);
                    backslashes = if character == '\\' { backslashes + 1 } else { 0 };
                }
            }
        }
    }
}
