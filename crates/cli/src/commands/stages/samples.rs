//! The samples before any stage: their information, and run lengths of their bytes.

use serde::Serialize;
use stack_core::{Progress, Result};
use stack_entropy::information::entropy_of_counts;
use stack_entropy::run_length::{packbits, pairs};

use super::excerpt::{Excerpt, Stored};

/// What an ideal coder must spend on a sample that knows the shares of all values, and nothing else or the value to the
/// west; means over the channels.
#[derive(Serialize)]
pub(super) struct Information {
    pub(super) bits: f64,
    /// `None` where no sample has a neighbour.
    pub(super) bits_given_west: Option<f64>,
    pub(super) distinct_values: usize,
    /// Pairs of neighbours for each pair of values that occurs.
    pub(super) pairs_a_kind: Option<f64>,
}

pub(super) fn entropy<S: Stored>(excerpt: &Excerpt<S>) -> Information {
    let width = excerpt.extent.width;
    let mut values = Vec::new();
    let (mut alone, mut given_west, mut pairs_seen, mut kinds) = (0.0, 0.0, 0, 0);
    for planes in &excerpt.channels {
        let mut keys: Vec<S::Key> = planes.iter().flatten().map(|sample| sample.to_key()).collect();
        let rows = keys.chunks_exact(width);
        let mut pairs: Vec<_> = rows.flat_map(|row| row.array_windows::<2>().copied()).collect();
        let mut wests: Vec<S::Key> = pairs.iter().map(|pair| pair[0]).collect();
        (pairs_seen, kinds) = (pairs_seen + pairs.len(), kinds + counts(&mut pairs).count());
        // H(X given Y) = H(X, Y) - H(Y), here from counts in order, which takes less memory than a joint histogram.
        given_west += entropy_of_counts(counts(&mut pairs)) - entropy_of_counts(counts(&mut wests));
        alone += entropy_of_counts(counts(&mut keys));
        keys.dedup();
        values.append(&mut keys);
    }
    let channels = excerpt.channels.len() as f64;
    Information {
        bits: alone / channels,
        bits_given_west: (pairs_seen > 0).then_some((given_west / channels).max(0.0)),
        distinct_values: counts(&mut values).count(),
        pairs_a_kind: (pairs_seen > 0).then_some(pairs_seen as f64 / kinds as f64),
    }
}

/// How often each value occurs; puts them in order.
fn counts<T: Ord>(values: &mut [T]) -> impl Iterator<Item = u64> {
    values.sort_unstable();
    values.chunk_by(|a, b| a == b).map(|equal| equal.len() as u64)
}

/// The size under one way to write run lengths.
#[derive(Serialize)]
pub(super) struct RunLength {
    pub(super) name: &'static str,
    pub(super) bytes: u64,
}

/// Bytes as they are stored, and for wider samples also first all lowest bytes, then all of the next place.
pub(super) fn run_lengths<S: Stored>(
    excerpt: &Excerpt<S>,
    progress: &dyn Progress,
) -> Result<Vec<RunLength>> {
    let word = S::PIXEL.bytes();
    let (mut stored, mut by_place) = ([0; 2], [0; 2]);
    let measure = |bytes: &[u8], sums: &mut [u64; 2]| {
        sums[0] += pairs::encode(bytes).len() as u64;
        sums[1] += packbits::encode(bytes).len() as u64;
    };
    for frame in 0..excerpt.extent.frames {
        progress.check()?;
        for planes in &excerpt.channels {
            let bits = planes[frame].iter().map(|sample| sample.to_bits_u64().to_le_bytes());
            let bytes: Vec<u8> = bits.flat_map(|bytes| bytes.into_iter().take(word)).collect();
            measure(&bytes, &mut stored);
            if word > 1 {
                let places = (0..word).flat_map(|place| bytes.iter().skip(place).step_by(word).copied());
                measure(&places.collect::<Vec<u8>>(), &mut by_place);
            }
        }
        progress.advance(1, 0);
    }
    let mut found =
        vec![RunLength { name: "pairs", bytes: stored[0] }, RunLength { name: "packbits", bytes: stored[1] }];
    if word > 1 {
        found.push(RunLength { name: "pairs, bytes by place", bytes: by_place[0] });
        found.push(RunLength { name: "packbits, bytes by place", bytes: by_place[1] });
    }
    found.sort_by_key(|found| found.bytes);
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_counted_once() {
        assert_eq!(counts(&mut [3, 1, 3, 3]).collect::<Vec<_>>(), [1, 3]);
        assert_eq!(counts::<u8>(&mut []).count(), 0);
    }
}
