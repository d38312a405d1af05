//! How a file records filters: their numbers and parameters, and what each means.
//!
//! | number | filter | parameters |
//! |---|---|---|
//! | 1 | deflate | level |
//! | 2 | shuffle | bytes of a sample |
//! | 3 | Fletcher-32 | |
//! | 32004 | LZ4 | bytes of a block, 0: the whole chunk |
//! | 32008 | bitshuffle | two of its version, bytes of a sample, samples of a block (0: 8 KiB), compressor (0 none, 2 LZ4, 3 zstd), level |
//! | 32015 | Zstandard | level |
//!
//! Sources: the HDF5 File Format Specification, and The HDF Group's list of registered filters.

use hdf5::filters::Filter as LibraryFilter;

use crate::filter::Filter;
use crate::filters::bitshuffle::{self, BlockCompressor};
use crate::filters::{FilterError, deflate, fletcher32, lz4, shuffle, zstandard};

/// HDF5's number of the deflate filter.
pub const DEFLATE_ID: i32 = 1;
/// HDF5's number of the shuffle filter.
pub const SHUFFLE_ID: i32 = 2;
/// HDF5's number of the Fletcher-32 filter.
pub const FLETCHER32_ID: i32 = 3;
/// Registered number of the LZ4 filter.
pub const LZ4_ID: i32 = 32004;
/// Registered number of the bitshuffle filter.
pub const BITSHUFFLE_ID: i32 = 32008;
/// Registered number of the Zstandard filter.
pub const ZSTD_ID: i32 = 32015;

/// Version of the bitshuffle parameters that the registered filter writes now.
const BITSHUFFLE_VERSION: [u32; 2] = [0, 4];

/// A filter as a file records it: its number and its parameters, untrusted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredFilter {
    /// Number of the filter in HDF5's registry.
    pub id: i32,
    /// The client data values: levels, sizes of samples, block sizes.
    pub values: Vec<u32>,
}

/// What an inverse filter does, with its parameters checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Inverse {
    Deflate,
    Shuffle { word: usize },
    Fletcher32,
    Lz4,
    Zstd,
    Bitshuffle { word: usize, block: usize },
    CompressedBitshuffle { word: usize, compressor: BlockCompressor },
}

impl StoredFilter {
    /// How the library records `filter` for samples of `word` bytes.
    pub fn for_writing(filter: Filter, word: usize) -> Self {
        let word = word as u32;
        let (id, values) = match filter {
            Filter::Shuffle => (SHUFFLE_ID, vec![word]),
            Filter::Gzip(level) => (DEFLATE_ID, vec![u32::from(level)]),
            Filter::Fletcher32 => (FLETCHER32_ID, Vec::new()),
            Filter::Lz4 => (LZ4_ID, vec![0]),
            Filter::Zstd(level) => (ZSTD_ID, vec![level as u32]),
            // Block size 0: the default; compressor 0: none, because ours comes behind it.
            Filter::Bitshuffle => {
                (BITSHUFFLE_ID, vec![BITSHUFFLE_VERSION[0], BITSHUFFLE_VERSION[1], word, 0, 0])
            }
        };
        Self { id, values }
    }

    /// The record of a filter that the `hdf5` crate has interpreted, for samples of `word` bytes.
    pub(crate) fn from_library(filter: &LibraryFilter, word: usize) -> Self {
        let (id, values) = match filter {
            LibraryFilter::Deflate(level) => (DEFLATE_ID, vec![u32::from(*level)]),
            // The library itself sets the size of a sample here, and the crate drops it.
            LibraryFilter::Shuffle => (SHUFFLE_ID, vec![word as u32]),
            LibraryFilter::Fletcher32 => (FLETCHER32_ID, Vec::new()),
            LibraryFilter::User(id, values) => (*id, values.clone()),
            other => (other.id(), Vec::new()),
        };
        Self { id, values }
    }

    /// The same for the `hdf5` crate.
    pub(crate) fn into_library(self) -> LibraryFilter {
        match (self.id, self.values.first()) {
            (SHUFFLE_ID, _) => LibraryFilter::Shuffle,
            (FLETCHER32_ID, _) => LibraryFilter::Fletcher32,
            (DEFLATE_ID, Some(&level)) => LibraryFilter::Deflate(level.min(9) as u8),
            _ => LibraryFilter::User(self.id, self.values),
        }
    }

    /// The inverse that belongs to this record; `None` for filters and parameters that this crate does not know.
    pub(crate) fn inverse(&self) -> Option<Inverse> {
        let value = |place: usize| self.values.get(place).map(|&value| value as usize);
        match self.id {
            DEFLATE_ID => Some(Inverse::Deflate),
            SHUFFLE_ID => value(0).map(|word| Inverse::Shuffle { word }),
            FLETCHER32_ID => Some(Inverse::Fletcher32),
            LZ4_ID => Some(Inverse::Lz4),
            ZSTD_ID => Some(Inverse::Zstd),
            BITSHUFFLE_ID => {
                let word = value(2)?;
                match value(4).unwrap_or(0) {
                    0 => Some(Inverse::Bitshuffle { word, block: value(3).unwrap_or(0) }),
                    2 => Some(Inverse::CompressedBitshuffle { word, compressor: BlockCompressor::Lz4 }),
                    3 => Some(Inverse::CompressedBitshuffle { word, compressor: BlockCompressor::Zstd }),
                    _ => None,
                }
            }
            _ => None,
        }
    }
}

impl Inverse {
    /// Whether the size of what comes out cannot be told from the size of what goes in.
    pub(crate) const fn compresses(self) -> bool {
        matches!(self, Self::Deflate | Self::Lz4 | Self::Zstd | Self::CompressedBitshuffle { .. })
    }

    /// Takes the filter off; `raw_bytes` must come out.
    pub(crate) fn apply(self, mut stored: Vec<u8>, raw_bytes: usize) -> Result<Vec<u8>, FilterError> {
        match self {
            Self::Deflate => deflate::decompress(&stored, raw_bytes),
            Self::Lz4 => lz4::decompress(&stored, raw_bytes),
            Self::Zstd => zstandard::decompress(&stored, raw_bytes),
            Self::CompressedBitshuffle { word, compressor } => {
                bitshuffle::decompress(&stored, word, compressor, raw_bytes)
            }
            Self::Shuffle { word } => Ok(shuffle::unshuffle(&stored, word)),
            Self::Bitshuffle { word, block } => Ok(bitshuffle::bitunshuffle(&stored, word, block)),
            Self::Fletcher32 => {
                let checked = fletcher32::strip(&stored)?.len();
                stored.truncate(checked);
                Ok(stored)
            }
        }
    }
}

/// Takes one filter off for the library, which does not say how many bytes should come out: the size that the
/// stored bytes announce, if it is at most `limit`.
pub(crate) fn decode_one(
    id: i32,
    values: &[u32],
    stored: &[u8],
    limit: usize,
) -> Result<Vec<u8>, FilterError> {
    let inverse = StoredFilter { id, values: values.to_vec() }.inverse();
    let inverse = inverse.ok_or_else(|| FilterError::new("filters", "the parameters are not known"))?;
    let announced = match inverse {
        Inverse::Lz4 | Inverse::CompressedBitshuffle { .. } => {
            stored.first_chunk().map_or(0, |bytes| u64::from_be_bytes(*bytes))
        }
        Inverse::Zstd => zstandard::content_bytes(stored)?,
        _ => stored.len() as u64,
    };
    match usize::try_from(announced) {
        Ok(announced) if announced <= limit => inverse.apply(stored.to_vec(), announced),
        _ => {
            let problem = format!("{announced} bytes are announced, a chunk has at most {limit}");
            Err(FilterError::new("filters", problem))
        }
    }
}

/// Sends a chunk through one filter for the library.
pub(crate) fn encode_one(id: i32, values: &[u32], raw: &[u8]) -> Result<Vec<u8>, FilterError> {
    match (id, values) {
        (LZ4_ID, _) => lz4::compress(raw),
        (ZSTD_ID, &[level, ..]) => zstandard::compress(raw, level as i32),
        (BITSHUFFLE_ID, &[_, _, word, block] | &[_, _, word, block, 0, ..]) => {
            Ok(bitshuffle::bitshuffle(raw, word as usize, block as usize))
        }
        _ => Err(FilterError::new("filters", "the parameters are not known")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn single_filters_for_the_library_obey_their_limit() {
        let raw = vec![3; 1000];
        for filter in [Filter::Bitshuffle, Filter::Lz4, Filter::Zstd(3)] {
            let StoredFilter { id, values } = StoredFilter::for_writing(filter, 2);
            let stored = encode_one(id, &values, &raw).unwrap();
            assert_eq!(decode_one(id, &values, &stored, 1000).unwrap(), raw, "{filter}");
            assert!(decode_one(id, &values, &stored, 999).is_err(), "{filter}");
        }
        assert!(encode_one(BITSHUFFLE_ID, &[0, 4, 2, 0, 2], &raw).is_err());
        assert!(decode_one(5, &[], &raw, 1000).is_err());
    }

    #[test]
    fn records_pass_through_the_library_unchanged() {
        use Filter::{Bitshuffle, Fletcher32, Gzip, Lz4, Shuffle, Zstd};
        for filter in [Shuffle, Bitshuffle, Gzip(7), Zstd(19), Lz4, Fletcher32] {
            let record = StoredFilter::for_writing(filter, 4);
            assert_eq!(StoredFilter::from_library(&record.clone().into_library(), 4), record);
        }
    }
}
