//! Numbers that are not finite as words: JSON has no other place for them.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A number as it is written: itself, or a word.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Written {
    Finite(f64),
    Word(Word),
}

#[derive(Serialize, Deserialize)]
enum Word {
    #[serde(rename = "inf")]
    Infinity,
    #[serde(rename = "-inf")]
    MinusInfinity,
    #[serde(rename = "nan")]
    NotANumber,
}

impl From<f64> for Written {
    fn from(value: f64) -> Self {
        if value.is_finite() {
            Self::Finite(value)
        } else if value.is_nan() {
            Self::Word(Word::NotANumber)
        } else if value > 0.0 {
            Self::Word(Word::Infinity)
        } else {
            Self::Word(Word::MinusInfinity)
        }
    }
}

impl From<Written> for f64 {
    fn from(written: Written) -> Self {
        match written {
            Written::Finite(value) => value,
            Written::Word(Word::Infinity) => Self::INFINITY,
            Written::Word(Word::MinusInfinity) => Self::NEG_INFINITY,
            Written::Word(Word::NotANumber) => Self::NAN,
        }
    }
}

/// One number, for `#[serde(with = "json::number")]`.
pub mod number {
    use super::{Deserialize, Deserializer, Serialize, Serializer, Written};

    /// Writes it.
    ///
    /// # Errors
    /// Those of `to`.
    pub fn serialize<S: Serializer>(value: &f64, to: S) -> Result<S::Ok, S::Error> {
        Written::from(*value).serialize(to)
    }

    /// Reads it.
    ///
    /// # Errors
    /// Those of `from`, and where it is neither a number nor one of the words.
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<f64, D::Error> {
        Written::deserialize(from).map(f64::from)
    }
}

/// A number or none.
pub mod optional {
    use super::{Deserialize, Deserializer, Serialize, Serializer, Written};

    /// Writes it.
    ///
    /// # Errors
    /// Those of `to`.
    pub fn serialize<S: Serializer>(value: &Option<f64>, to: S) -> Result<S::Ok, S::Error> {
        value.map(Written::from).serialize(to)
    }

    /// Reads it.
    ///
    /// # Errors
    /// Those of `from`, and where it is neither a number nor one of the words.
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<f64>, D::Error> {
        Ok(Option::<Written>::deserialize(from)?.map(f64::from))
    }
}

/// A list of numbers.
pub mod list {
    use super::{Deserialize, Deserializer, Serializer, Written};

    /// Writes it.
    ///
    /// # Errors
    /// Those of `to`.
    pub fn serialize<S: Serializer>(values: &[f64], to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(values.iter().copied().map(Written::from))
    }

    /// Reads it.
    ///
    /// # Errors
    /// Those of `from`, and where it is neither a number nor one of the words.
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<f64>, D::Error> {
        Ok(Vec::<Written>::deserialize(from)?.into_iter().map(f64::from).collect())
    }
}
