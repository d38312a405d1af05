//! Which filters a chunk goes through, in valid orders only, and how specifications name them.
//!
//! ```text
//! pipeline   = [ rearrange ] [ "," compressor ] [ "," "fletcher32" ]
//! rearrange  = "shuffle" | "bitshuffle"
//! compressor = "gzip" [ "=" 0..9 ] | "zstd" [ "=" 1..22 ] | "lz4"
//! ```
//!
//! A compressor before a rearrangement would leave nothing to rearrange, two compressors cost time for nothing,
//! and a checksum guards only what lies before it: other orders are refused before HDF5 hears of them.

use std::fmt;
use std::str::FromStr;

use stack_core::{Error, Result};

use crate::filters::{deflate, zstandard};

/// What a user is told about valid pipelines.
const VALID: &str = "use at most one of each group, in this order: shuffle or bitshuffle; \
                     gzip=0..9, zstd=1..22 or lz4; fletcher32";

/// One stage that each chunk goes through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Filter {
    /// Bytes of equal weight side by side (HDF5 filter 2).
    Shuffle,
    /// Bits of equal weight side by side (registered filter 32008).
    Bitshuffle,
    /// zlib stream, level 0 to 9 (HDF5 filter 1).
    Gzip(u8),
    /// Zstandard frame, level 1 to 22 (registered filter 32015).
    Zstd(i32),
    /// LZ4 block (registered filter 32004).
    Lz4,
    /// Checksum of the stored chunk (HDF5 filter 3).
    Fletcher32,
}

impl Filter {
    /// The level of `gzip` without a level: the usual one of gzip itself.
    pub const DEFAULT_GZIP_LEVEL: u8 = 6;
    /// The level of `zstd` without a level: the usual one of zstd itself.
    pub const DEFAULT_ZSTD_LEVEL: i32 = 3;

    /// The name in specifications, without a level.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Shuffle => "shuffle",
            Self::Bitshuffle => "bitshuffle",
            Self::Gzip(_) => "gzip",
            Self::Zstd(_) => "zstd",
            Self::Lz4 => "lz4",
            Self::Fletcher32 => "fletcher32",
        }
    }

    /// The group that the filter belongs to; groups must follow each other in rising order.
    const fn group(self) -> u8 {
        match self {
            Self::Shuffle | Self::Bitshuffle => 0,
            Self::Gzip(_) | Self::Zstd(_) | Self::Lz4 => 1,
            Self::Fletcher32 => 2,
        }
    }

    fn check_level(self) -> Result<()> {
        let (valid, levels) = match self {
            Self::Gzip(level) => (level <= deflate::MAX_LEVEL, "0 to 9"),
            Self::Zstd(level) => ((zstandard::MIN_LEVEL..=zstandard::MAX_LEVEL).contains(&level), "1 to 22"),
            _ => return Ok(()),
        };
        if valid {
            return Ok(());
        }
        Err(Error::parameter(
            self.to_string(),
            "there is no such level",
            format!("use {}={levels}", self.name()),
        ))
    }
}

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Gzip(level) => f.pad(&format!("gzip={level}")),
            Self::Zstd(level) => f.pad(&format!("zstd={level}")),
            other => f.pad(other.name()),
        }
    }
}

impl FromStr for Filter {
    type Err = Error;

    fn from_str(word: &str) -> Result<Self> {
        let (name, level) = match word.split_once('=') {
            Some((name, level)) => (name, Some(level)),
            None => (word, None),
        };
        let number = |default: i32| match level {
            None => Ok(default),
            Some(text) => text.parse().map_err(|_| {
                Error::parameter(word, format!("{text:?} is not a level"), format!("write {name}={default}"))
            }),
        };
        let filter = match (name, level) {
            ("shuffle", None) => Self::Shuffle,
            ("bitshuffle", None) => Self::Bitshuffle,
            ("lz4", None) => Self::Lz4,
            ("fletcher32", None) => Self::Fletcher32,
            ("gzip", _) => {
                let level = number(i32::from(Self::DEFAULT_GZIP_LEVEL))?;
                // A level that is no u8 is out of range in any case; the check below words the error.
                Self::Gzip(u8::try_from(level).unwrap_or(u8::MAX))
            }
            ("zstd", _) => Self::Zstd(number(Self::DEFAULT_ZSTD_LEVEL)?),
            ("shuffle" | "bitshuffle" | "lz4" | "fletcher32", Some(_)) => {
                return Err(Error::parameter(word, format!("{name} has no level"), format!("write {name}")));
            }
            _ => return Err(Error::parameter(word, "there is no such filter", VALID)),
        };
        filter.check_level().map(|()| filter)
    }
}

/// Filters in a valid order; none at all is valid too.
///
/// ```
/// use stack_container::{Filter, FilterPipeline};
/// let pipeline: FilterPipeline = "shuffle,gzip=9".parse()?;
/// assert_eq!(pipeline.filters(), [Filter::Shuffle, Filter::Gzip(9)]);
/// assert_eq!(pipeline.to_string(), "shuffle,gzip=9");
/// assert!("gzip,shuffle".parse::<FilterPipeline>().is_err());
/// # Ok::<(), stack_core::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct FilterPipeline {
    filters: Vec<Filter>,
}

impl FilterPipeline {
    /// A pipeline of these filters, first one first on the way into the file.
    ///
    /// # Errors
    /// [`Error::Parameter`] for an order or a level that is not valid; the remedy names the valid orders.
    pub fn new(filters: Vec<Filter>) -> Result<Self> {
        for filter in &filters {
            filter.check_level()?;
        }
        let pipeline = Self { filters };
        for pair in pipeline.filters.windows(2) {
            let problem = match pair[0].group().cmp(&pair[1].group()) {
                std::cmp::Ordering::Less => continue,
                std::cmp::Ordering::Equal => format!("{} and {} do the same work", pair[0], pair[1]),
                std::cmp::Ordering::Greater => format!("{} must come before {}", pair[1], pair[0]),
            };
            return Err(Error::parameter(format!("filters {pipeline}"), problem, VALID));
        }
        Ok(pipeline)
    }

    /// The filters, first one first on the way into the file.
    pub fn filters(&self) -> &[Filter] {
        &self.filters
    }

    /// Whether chunks are stored as they are.
    pub fn is_empty(&self) -> bool {
        self.filters.is_empty()
    }
}

impl fmt::Display for FilterPipeline {
    /// The comma list that parses back; nothing for no filters.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, filter) in self.filters.iter().enumerate() {
            if place > 0 {
                f.write_str(",")?;
            }
            write!(f, "{filter}")?;
        }
        Ok(())
    }
}

impl FromStr for FilterPipeline {
    type Err = Error;

    fn from_str(words: &str) -> Result<Self> {
        if words.is_empty() {
            return Ok(Self::default());
        }
        Self::new(words.split(',').map(str::parse).collect::<Result<_>>()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(words: &str) -> String {
        words.parse::<FilterPipeline>().unwrap_err().to_string()
    }

    #[test]
    fn specifications_parse_and_print_back() {
        for words in [
            "",
            "shuffle",
            "shuffle,gzip=9",
            "bitshuffle,zstd=3",
            "lz4,fletcher32",
            "bitshuffle,gzip=0,fletcher32",
        ] {
            assert_eq!(words.parse::<FilterPipeline>().unwrap().to_string(), words);
        }
        assert_eq!("gzip".parse::<FilterPipeline>().unwrap().to_string(), "gzip=6");
        assert_eq!("zstd".parse::<FilterPipeline>().unwrap().to_string(), "zstd=3");
    }

    #[test]
    fn other_orders_are_refused_with_the_valid_one() {
        assert!(refusal("gzip=9,shuffle").contains("shuffle must come before gzip=9"));
        assert!(refusal("gzip=9,zstd=3").contains("do the same work"));
        assert!(refusal("shuffle,shuffle").contains("do the same work"));
        assert!(refusal("fletcher32,lz4").contains("in this order: shuffle or bitshuffle"));
    }

    #[test]
    fn unknown_words_and_levels_are_refused_with_a_remedy() {
        assert!(refusal("gzip=10").contains("use gzip=0 to 9"));
        assert!(refusal("gzip=-1").contains("no such level"));
        assert!(refusal("gzip=high").contains("write gzip=6"));
        assert!(refusal("zstd=0").contains("use zstd=1 to 22"));
        assert!(refusal("shuffle=2").contains("write shuffle"));
        assert!(refusal("shuffle,").contains("no such filter"));
        assert!(refusal("blosc").contains("no such filter"));
    }
}
