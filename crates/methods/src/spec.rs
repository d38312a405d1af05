//! Specification strings: one short line that names a method and its options.
//!
//! The same string is the argument of `-m`, a row of a report, the name of a bench, and what a file says of
//! itself. The grammar, in EBNF (ISO/IEC 14977):
//!
//! ```text
//! spec   = family, [ ":", option, { ",", option } ] ;
//! option = name, [ "=", value ] ;
//! family = name ;
//! name   = letter, { letter | digit | "-" } ;
//! value  = character, { character } ;
//! character = letter | digit | "-" | "+" | "." | "_" ;
//! letter = "a" | ... | "z" ;    digit = "0" | ... | "9" ;
//! ```
//!
//! Values may also hold capital letters. A method prints its options in its own canonical order, so that equal
//! methods print equal strings.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use stack_core::{Error, Result};

/// Longest specification that is read, in bytes: files are untrusted.
const MAX_LENGTH: usize = 1024;

/// A parsed specification string.
///
/// ```
/// use stack_methods::MethodSpec;
/// let spec: MethodSpec = "hdf5:shuffle,gzip=9".parse()?;
/// assert_eq!(spec.family(), "hdf5");
/// assert_eq!(spec.option("gzip"), Some(Some("9")));
/// assert_eq!(spec.to_string(), "hdf5:shuffle,gzip=9");
/// # Ok::<(), stack_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MethodSpec {
    family: String,
    options: Vec<(String, Option<String>)>,
}

impl MethodSpec {
    /// A specification from its parts, in the order given.
    ///
    /// # Errors
    /// [`Error::Parameter`] where a part does not follow the grammar, or an option is named twice.
    pub fn new(family: &str, options: &[(&str, Option<&str>)]) -> Result<Self> {
        let mut text = family.to_owned();
        for (index, (name, value)) in options.iter().enumerate() {
            text.push(if index == 0 { ':' } else { ',' });
            text.push_str(name);
            if let Some(value) = value {
                text.push('=');
                text.push_str(value);
            }
        }
        text.parse()
    }

    /// The family of methods: `hdf5`, `video`.
    pub fn family(&self) -> &str {
        &self.family
    }

    /// The options with their values, in the order they were written.
    pub fn options(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        self.options.iter().map(|(name, value)| (name.as_str(), value.as_deref()))
    }

    /// `None` where the option is absent, `Some(None)` where it has no value.
    pub fn option(&self, name: &str) -> Option<Option<&str>> {
        self.options().find(|(option, _)| *option == name).map(|(_, value)| value)
    }

    /// The same with one more option at the end.
    ///
    /// # Errors
    /// [`Error::Parameter`] where the option does not follow the grammar, or is there already.
    pub fn with_option(&self, name: &str, value: Option<&str>) -> Result<Self> {
        let mut options: Vec<_> = self.options().collect();
        options.push((name, value));
        Self::new(&self.family, &options)
    }

    /// The same without an option; and its value, if it was there.
    pub fn without_option(&self, name: &str) -> (Self, Option<Option<String>>) {
        let mut rest = self.clone();
        let place = rest.options.iter().position(|(option, _)| option == name);
        let value = place.map(|place| rest.options.remove(place).1);
        (rest, value)
    }

    /// The options as they stand behind the colon; empty where there are none.
    pub fn options_text(&self) -> String {
        let words: Vec<String> = self
            .options()
            .map(|(name, value)| value.map_or_else(|| name.to_owned(), |value| format!("{name}={value}")))
            .collect();
        words.join(",")
    }
}

impl fmt::Display for MethodSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let options = self.options_text();
        if options.is_empty() { f.pad(&self.family) } else { f.pad(&format!("{}:{options}", self.family)) }
    }
}

impl From<MethodSpec> for String {
    fn from(spec: MethodSpec) -> Self {
        spec.to_string()
    }
}

impl TryFrom<String> for MethodSpec {
    type Error = Error;

    fn try_from(text: String) -> Result<Self> {
        text.parse()
    }
}

impl FromStr for MethodSpec {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let refuse = |problem: String| {
            Error::parameter(
                format!("method {text:?}"),
                problem,
                "write FAMILY or FAMILY:OPTION,OPTION=VALUE; `stackpress methods` lists them",
            )
        };
        if text.len() > MAX_LENGTH {
            return Err(Error::parameter(
                "method",
                format!("the specification is {} bytes long", text.len()),
                format!("use at most {MAX_LENGTH} bytes"),
            ));
        }
        let (family, rest) = match text.split_once(':') {
            Some((_, "")) => return Err(refuse("no option follows the colon".into())),
            Some((family, rest)) => (family, Some(rest)),
            None => (text, None),
        };
        if !is_name(family) {
            return Err(refuse(format!("{family:?} is not the name of a family")));
        }
        let mut options: Vec<(String, Option<String>)> = Vec::new();
        for word in rest.into_iter().flat_map(|rest| rest.split(',')) {
            let (name, value) = match word.split_once('=') {
                Some((name, value)) => (name, Some(value)),
                None => (word, None),
            };
            if !is_name(name) {
                return Err(refuse(format!("{name:?} is not the name of an option")));
            }
            if let Some(value) = value.filter(|value| !is_value(value)) {
                return Err(refuse(format!("{value:?} is not a value for {name}")));
            }
            if options.iter().any(|(known, _)| known == name) {
                return Err(refuse(format!("the option {name} is given twice")));
            }
            options.push((name.to_owned(), value.map(str::to_owned)));
        }
        Ok(Self { family: family.to_owned(), options })
    }
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

fn is_value(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "-+._".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn malformed_specifications_are_refused() {
        for text in ["", ":", "hdf5:", "hdf5:,", "hdf5:gzip=", "HDF5", "hdf5:gzip=9,gzip=9", "a b", "a:b=c=d"]
        {
            assert!(text.parse::<MethodSpec>().is_err(), "{text:?}");
        }
        assert!("x".repeat(5000).parse::<MethodSpec>().is_err());
    }

    proptest! {
        #[test]
        fn printing_and_parsing_are_inverse(text in "[a-z][a-z0-9-]{0,6}(:[a-z]{1,4}(=[0-9.]{1,3})?)?") {
            let spec: MethodSpec = text.parse().unwrap();
            prop_assert_eq!(spec.to_string(), text);
        }

        #[test]
        fn any_text_is_parsed_or_refused(text in ".{0,40}") {
            if let Ok(spec) = text.parse::<MethodSpec>() {
                prop_assert_eq!(spec.to_string().parse::<MethodSpec>().unwrap(), spec);
            }
        }
    }
}
