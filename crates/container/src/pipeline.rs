//! The filters of a chunk one after the other: forward when we write, backward for whatever a file holds.
//!
//! ```text
//! raw -> shuffle | bitshuffle -> gzip | zstd | lz4 -> fletcher32 -> stored bytes, filter mask
//! ```
//!
//! The filter mask has a bit for each filter that a chunk skipped: bit 0 is the first filter. A chunk that a
//! compressor cannot make smaller skips it here, as the library lets optional filters do.

use crate::filter::{Filter, FilterPipeline};
use crate::filters::{FilterError, bitshuffle, deflate, fletcher32, lz4, shuffle, zstandard};
use crate::record::{Inverse, StoredFilter};

/// How the chunks of one dataset are brought back to raw samples.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoder {
    inverses: Vec<Inverse>,
}

impl Decoder {
    /// A decoder for the filters that a file records; `None` if one of them is unknown here, or if several
    /// compress (the sizes between them would be unknown): such datasets are left to the library.
    pub fn new(filters: &[StoredFilter]) -> Option<Self> {
        let inverses = filters.iter().map(StoredFilter::inverse).collect::<Option<Vec<_>>>()?;
        let compressors = inverses.iter().filter(|inverse| inverse.compresses()).count();
        (compressors <= 1 && inverses.len() <= 32).then_some(Self { inverses })
    }

    /// Most bytes that a stored chunk of `raw_bytes` may take; more is damage. Leaves room for compressors that
    /// expand noise.
    pub const fn max_stored_bytes(raw_bytes: usize) -> usize {
        raw_bytes.saturating_add(raw_bytes / 4).saturating_add(4096)
    }

    /// Brings one chunk back to its `raw_bytes` raw bytes. Filters whose bit in `mask` is set were skipped.
    ///
    /// # Errors
    /// [`FilterError`] if the stored bytes are damaged or do not give exactly `raw_bytes` bytes.
    pub fn decode(&self, stored: Vec<u8>, mask: u32, raw_bytes: usize) -> Result<Vec<u8>, FilterError> {
        let used = self.inverses.iter().enumerate().filter(|(place, _)| mask >> place & 1 == 0);
        let used: Vec<Inverse> = used.map(|(_, inverse)| *inverse).collect();
        let mut bytes = stored;
        for (place, inverse) in used.iter().enumerate().rev() {
            // Of the filters before this one, only checksums change the size: at most one compresses.
            let checksums = used[..place].iter().filter(|before| **before == Inverse::Fletcher32).count();
            bytes = inverse.apply(bytes, raw_bytes + checksums * fletcher32::CHECKSUM_BYTES)?;
        }
        if bytes.len() == raw_bytes {
            Ok(bytes)
        } else {
            let problem = format!("{} bytes came out, not {raw_bytes}", bytes.len());
            Err(FilterError::new("filters", problem))
        }
    }
}

/// A chunk as it goes into the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EncodedChunk {
    /// The stored bytes.
    pub bytes: Vec<u8>,
    /// A bit for each filter that was skipped.
    pub filter_mask: u32,
}

/// Sends one raw chunk, samples of `word` bytes, through the filters.
///
/// # Errors
/// [`FilterError`] for a chunk that is too large for a compressor.
pub fn encode(pipeline: &FilterPipeline, word: usize, raw: Vec<u8>) -> Result<EncodedChunk, FilterError> {
    let mut bytes = raw;
    let mut filter_mask = 0;
    for (place, filter) in pipeline.filters().iter().enumerate() {
        let compressed = match filter {
            Filter::Shuffle => {
                bytes = shuffle::shuffle(&bytes, word);
                continue;
            }
            Filter::Bitshuffle => {
                bytes = bitshuffle::bitshuffle(&bytes, word, 0);
                continue;
            }
            Filter::Fletcher32 => {
                bytes = fletcher32::append(bytes);
                continue;
            }
            Filter::Gzip(level) => deflate::compress(&bytes, *level)?,
            Filter::Zstd(level) => zstandard::compress(&bytes, *level)?,
            Filter::Lz4 => lz4::compress(&bytes)?,
        };
        if compressed.len() < bytes.len() {
            bytes = compressed;
        } else {
            filter_mask |= 1 << place;
        }
    }
    Ok(EncodedChunk { bytes, filter_mask })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{BITSHUFFLE_ID, DEFLATE_ID, FLETCHER32_ID, SHUFFLE_ID, ZSTD_ID};

    fn decoder(pipeline: &FilterPipeline, word: usize) -> Decoder {
        let stored: Vec<_> =
            pipeline.filters().iter().map(|&filter| StoredFilter::for_writing(filter, word)).collect();
        Decoder::new(&stored).unwrap()
    }

    fn pipelines() -> Vec<FilterPipeline> {
        let mut all = Vec::new();
        for rearrange in ["", "shuffle", "bitshuffle"] {
            for compressor in ["", "gzip=0", "gzip=6", "zstd=3", "lz4"] {
                for checksum in ["", "fletcher32"] {
                    let words: Vec<&str> =
                        [rearrange, compressor, checksum].into_iter().filter(|w| !w.is_empty()).collect();
                    all.push(words.join(",").parse().unwrap());
                }
            }
        }
        all
    }

    #[test]
    fn every_pipeline_comes_back() {
        let raw: Vec<u8> = (0..1501u16).flat_map(|n| (n / 3).to_le_bytes()).collect();
        for pipeline in pipelines() {
            for word in [1, 2, 4, 8] {
                let chunk = encode(&pipeline, word, raw.clone()).unwrap();
                let back =
                    decoder(&pipeline, word).decode(chunk.bytes, chunk.filter_mask, raw.len()).unwrap();
                assert_eq!(back, raw, "{pipeline}, {word}-byte samples");
            }
        }
    }

    #[test]
    fn noise_skips_the_compressor_and_keeps_the_rest() {
        let mut state = 1u64;
        let noise: Vec<u8> = std::iter::repeat_with(|| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 56) as u8
        })
        .take(4000)
        .collect();
        let pipeline: FilterPipeline = "shuffle,gzip=9,fletcher32".parse().unwrap();
        let chunk = encode(&pipeline, 2, noise.clone()).unwrap();
        assert_eq!((chunk.filter_mask, chunk.bytes.len()), (0b010, 4004));
        assert_eq!(decoder(&pipeline, 2).decode(chunk.bytes, 0b010, 4000).unwrap(), noise);
    }

    #[test]
    fn damage_is_an_error_or_keeps_the_size() {
        let raw: Vec<u8> = (0..300u16).flat_map(|n| (n / 3).to_le_bytes()).collect();
        for pipeline in pipelines() {
            let decoder = decoder(&pipeline, 2);
            let chunk = encode(&pipeline, 2, raw.clone()).unwrap();
            for length in 0..chunk.bytes.len() {
                let cut = decoder.decode(chunk.bytes[..length].to_vec(), chunk.filter_mask, raw.len());
                assert!(cut.is_err(), "{pipeline} cut to {length} bytes");
            }
            for bit in 0..chunk.bytes.len() * 8 {
                let mut damaged = chunk.bytes.clone();
                damaged[bit / 8] ^= 1 << (bit % 8);
                match decoder.decode(damaged, chunk.filter_mask, raw.len()) {
                    Ok(back) if pipeline.to_string().contains("fletcher32") => assert_eq!(back, raw),
                    Ok(back) => assert_eq!(back.len(), raw.len()),
                    Err(_) => {}
                }
            }
            for mask in 0..8 {
                // A wrong mask must not panic either.
                let _ = decoder.decode(chunk.bytes.clone(), mask, raw.len());
            }
        }
    }

    #[test]
    fn pipelines_of_other_programs_are_judged() {
        let filter = |id, values: &[u32]| StoredFilter { id, values: values.to_vec() };
        // A checksum before the compressor is unusual and valid.
        let decoder = Decoder::new(&[filter(FLETCHER32_ID, &[]), filter(DEFLATE_ID, &[1])]).unwrap();
        let stored = deflate::compress(&fletcher32::append(vec![7; 100]), 1).unwrap();
        assert_eq!(decoder.decode(stored, 0, 100).unwrap(), [7; 100]);
        assert_eq!(Decoder::new(&[filter(DEFLATE_ID, &[1]), filter(ZSTD_ID, &[1])]), None);
        assert_eq!(Decoder::new(&[filter(32001, &[])]), None);
        assert_eq!(Decoder::new(&[filter(BITSHUFFLE_ID, &[0, 4, 2, 0, 9])]), None);
        assert_eq!(Decoder::new(&[filter(SHUFFLE_ID, &[])]), None);
    }
}
