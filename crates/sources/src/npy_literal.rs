//! The few Python literals that an `.npy` header is made of.
//!
//! ```text
//! dictionary = "{" [ entry { "," entry } [ "," ] ] "}"      entry = text ":" value
//! value      = text | "True" | "False" | tuple | other
//! tuple      = "(" [ number "," [ number { "," number } [ "," ] ] ] ")"     number = digits [ "L" ]
//! text       = "'" characters "'" | '"' characters '"'      (no escapes: NumPy writes none here)
//! other      = "[" anything up to the matching "]"           (the fields of a structured type)
//! ```
//! Blanks and newlines may stand between tokens.

/// A value in the header's dictionary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Literal {
    Text(String),
    Bool(bool),
    Tuple(Vec<u64>),
    /// A list; what is in it is not looked at.
    Other,
}

/// Reads the dictionary; what is wrong with it is the error, in words.
pub(crate) fn parse_dictionary(bytes: &[u8]) -> Result<Vec<(String, Literal)>, String> {
    // Versions 1 and 2 are Latin-1, version 3 is UTF-8; a header of plain numbers is ASCII in both.
    let text = std::str::from_utf8(bytes).map_err(|_| "it is not text".to_owned())?;
    let mut cursor = Cursor { text, rest: text };
    let entries = cursor.dictionary()?;
    cursor.skip_blanks();
    if cursor.rest.is_empty() { Ok(entries) } else { Err(cursor.expected("the end")) }
}

struct Cursor<'a> {
    text: &'a str,
    rest: &'a str,
}

impl<'a> Cursor<'a> {
    fn expected(&self, what: &str) -> String {
        format!("expected {what} at character {}", self.text.len() - self.rest.len())
    }

    fn skip_blanks(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\n', '\r']);
    }

    /// Takes `token` if it comes next, blanks before it included.
    fn take(&mut self, token: &str) -> bool {
        self.skip_blanks();
        match self.rest.strip_prefix(token) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn require(&mut self, token: &str) -> Result<(), String> {
        if self.take(token) { Ok(()) } else { Err(self.expected(&format!("{token:?}"))) }
    }

    fn dictionary(&mut self) -> Result<Vec<(String, Literal)>, String> {
        self.require("{")?;
        let mut entries = Vec::new();
        while !self.take("}") {
            let key = self.string()?.ok_or_else(|| self.expected("a key in quotes"))?;
            self.require(":")?;
            entries.push((key.to_owned(), self.value()?));
            if !self.take(",") {
                self.require("}")?;
                break;
            }
        }
        Ok(entries)
    }

    fn value(&mut self) -> Result<Literal, String> {
        if let Some(text) = self.string()? {
            Ok(Literal::Text(text.to_owned()))
        } else if self.take("True") {
            Ok(Literal::Bool(true))
        } else if self.take("False") {
            Ok(Literal::Bool(false))
        } else if self.take("(") {
            self.tuple().map(Literal::Tuple)
        } else if self.take("[") {
            self.list().map(|()| Literal::Other)
        } else {
            Err(self.expected("a text, True, False, a tuple or a list"))
        }
    }

    /// A text in quotes, or `None` if no quote comes next.
    fn string(&mut self) -> Result<Option<&'a str>, String> {
        for quote in ["'", "\""] {
            if self.take(quote) {
                let end = self.rest.find(quote).ok_or_else(|| self.expected("a closing quote"))?;
                let text = &self.rest[..end];
                if text.contains('\\') {
                    return Err(self.expected("a text without backslash"));
                }
                self.rest = &self.rest[end + 1..];
                return Ok(Some(text));
            }
        }
        Ok(None)
    }

    /// The inside of a tuple of numbers, after its opening parenthesis.
    fn tuple(&mut self) -> Result<Vec<u64>, String> {
        let mut numbers = Vec::new();
        while !self.take(")") {
            numbers.push(self.number()?);
            if !self.take(",") {
                // In Python, "(3)" is the number 3 and not a tuple.
                if numbers.len() == 1 {
                    return Err(self.expected("a comma"));
                }
                self.require(")")?;
                break;
            }
        }
        Ok(numbers)
    }

    fn number(&mut self) -> Result<u64, String> {
        self.skip_blanks();
        let end = self.rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(self.rest.len());
        let number = self.rest[..end].parse().map_err(|_| self.expected("a number that fits in 64 bits"))?;
        self.rest = &self.rest[end..];
        // Python 2 wrote its long integers with an L.
        self.rest = self.rest.strip_prefix('L').unwrap_or(self.rest);
        Ok(number)
    }

    /// Skips to the bracket that closes a list, past nested brackets.
    fn list(&mut self) -> Result<(), String> {
        let mut depth = 1_usize;
        for (at, character) in self.rest.char_indices() {
            match character {
                '[' => depth += 1,
                ']' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                self.rest = &self.rest[at + 1..];
                return Ok(());
            }
        }
        Err(self.expected("a closing bracket"))
    }
}
