//! Reading the options of a specification, so that every method refuses bad ones in the same words.

use std::str::FromStr;

use stack_core::{Error, Result};

use crate::MethodSpec;

/// Takes options out of a specification one by one; [`OptionReader::finish`] refuses what is left.
pub(crate) struct OptionReader<'a> {
    spec: &'a MethodSpec,
    left: Vec<(&'a str, Option<&'a str>)>,
    known: Vec<String>,
}

impl<'a> OptionReader<'a> {
    pub(crate) fn new(spec: &'a MethodSpec) -> Self {
        Self { spec, left: spec.options().collect(), known: Vec::new() }
    }

    /// The value of an option, parsed; `None` where it is absent. `form` shows a valid use, for errors.
    pub(crate) fn value<T: FromStr>(&mut self, name: &str, form: &str) -> Result<Option<T>> {
        match self.take(name, form) {
            None => Ok(None),
            Some(value) => match value.and_then(|value| value.parse().ok()) {
                Some(value) => Ok(Some(value)),
                None => Err(self.refuse(format!("the option {name} has no usable value"))),
            },
        }
    }

    /// Every option that no reader has taken yet, as a comma list; they count as taken.
    pub(crate) fn rest(&mut self) -> String {
        let words: Vec<String> = self
            .left
            .drain(..)
            .map(|(name, value)| value.map_or_else(|| name.to_owned(), |value| format!("{name}={value}")))
            .collect();
        words.join(",")
    }

    fn take(&mut self, name: &str, form: &str) -> Option<Option<&'a str>> {
        self.known.push(form.to_owned());
        let position = self.left.iter().position(|(option, _)| *option == name)?;
        Some(self.left.remove(position).1)
    }

    fn refuse(&self, problem: String) -> Error {
        Error::parameter(
            format!("method \"{}\"", self.spec),
            problem,
            format!("the options of {} are {}", self.spec.family(), self.known.join(", ")),
        )
    }
}
