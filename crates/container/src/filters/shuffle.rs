//! Shuffle (HDF5 filter 2): all first bytes of the samples, then all second bytes, and so on.
//!
//! Neighbouring samples differ little, so their high bytes are nearly equal; a compressor finds long matches
//! once they lie side by side. Bytes after the last whole sample stay where they are.
//!
//! ```
//! use stack_container::filters::shuffle::{shuffle, unshuffle};
//! let samples = [0x34, 0x12, 0x35, 0x12, 0x36, 0x12];
//! assert_eq!(shuffle(&samples, 2), [0x34, 0x35, 0x36, 0x12, 0x12, 0x12]);
//! assert_eq!(unshuffle(&shuffle(&samples, 2), 2), samples);
//! ```
//!
//! Source: the HDF5 File Format Specification, "Filter Pipeline Message", and the library's own output, which the
//! tests read and write.

/// Groups the bytes of `raw` by their place in a sample of `word` bytes.
pub fn shuffle(raw: &[u8], word: usize) -> Vec<u8> {
    match word {
        2 => split::<2>(raw),
        4 => split::<4>(raw),
        8 => split::<8>(raw),
        _ => shuffle_by_definition(raw, word),
    }
}

/// The inverse of [`shuffle`]. Any bytes are valid input.
pub fn unshuffle(shuffled: &[u8], word: usize) -> Vec<u8> {
    match word {
        2 => join::<2>(shuffled),
        4 => join::<4>(shuffled),
        8 => join::<8>(shuffled),
        _ => unshuffle_by_definition(shuffled, word),
    }
}

/// The definition: output byte `b * samples + i` is byte `b` of sample `i`.
pub fn shuffle_by_definition(raw: &[u8], word: usize) -> Vec<u8> {
    let mut shuffled = raw.to_vec();
    let samples = raw.len().checked_div(word).unwrap_or(0);
    for sample in 0..samples {
        for byte in 0..word {
            shuffled[byte * samples + sample] = raw[sample * word + byte];
        }
    }
    shuffled
}

/// The inverse by the definition.
pub fn unshuffle_by_definition(shuffled: &[u8], word: usize) -> Vec<u8> {
    let mut raw = shuffled.to_vec();
    let samples = shuffled.len().checked_div(word).unwrap_or(0);
    for sample in 0..samples {
        for byte in 0..word {
            raw[sample * word + byte] = shuffled[byte * samples + sample];
        }
    }
    raw
}

/// Samples that are moved between planes at once: small enough that all planes of a block stay in the cache.
const BLOCK: usize = 2048;

fn split<const WORD: usize>(raw: &[u8]) -> Vec<u8> {
    let (words, rest) = raw.as_chunks::<WORD>();
    let mut shuffled = vec![0; raw.len()];
    let (body, tail) = shuffled.split_at_mut(words.len() * WORD);
    tail.copy_from_slice(rest);
    if words.is_empty() {
        return shuffled;
    }
    for (block, words) in words.chunks(BLOCK).enumerate() {
        for (byte, plane) in body.chunks_exact_mut(body.len() / WORD).enumerate() {
            let plane = &mut plane[block * BLOCK..][..words.len()];
            for (out, word) in plane.iter_mut().zip(words) {
                *out = word[byte];
            }
        }
    }
    shuffled
}

fn join<const WORD: usize>(shuffled: &[u8]) -> Vec<u8> {
    let mut raw = vec![0; shuffled.len()];
    let (words, rest) = raw.as_chunks_mut::<WORD>();
    let (body, tail) = shuffled.split_at(words.len() * WORD);
    rest.copy_from_slice(tail);
    if words.is_empty() {
        return raw;
    }
    let samples = words.len();
    for (block, words) in words.chunks_mut(BLOCK).enumerate() {
        for (byte, plane) in body.chunks_exact(samples).enumerate() {
            let plane = &plane[block * BLOCK..][..words.len()];
            for (word, value) in words.iter_mut().zip(plane) {
                word[byte] = *value;
            }
        }
    }
    raw
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn the_fast_form_equals_the_definition(raw in prop::collection::vec(any::<u8>(), 0..9000), word in 0usize..10) {
            let shuffled = shuffle(&raw, word);
            prop_assert_eq!(&shuffled, &shuffle_by_definition(&raw, word));
            prop_assert_eq!(&unshuffle(&shuffled, word), &raw);
            prop_assert_eq!(&unshuffle_by_definition(&shuffled, word), &raw);
        }
    }

    #[test]
    fn bytes_after_the_last_whole_sample_stay() {
        assert_eq!(shuffle(&[1, 2, 3, 4, 5, 6, 7], 4), [1, 2, 3, 4, 5, 6, 7]);
        assert_eq!(shuffle(&[1, 2, 3, 4, 5], 2), [1, 3, 2, 4, 5]);
    }
}
