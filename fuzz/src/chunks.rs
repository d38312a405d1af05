//! The inverse filters of HDF5 chunks.

use stack_container::FilterPipeline;
use stack_container::pipeline::{Decoder, encode};
use stack_container::record::StoredFilter;

/// The pipelines that the first byte of an input chooses from.
const PIPELINES: [&str; 10] = [
    "gzip=6",
    "zstd=3",
    "lz4",
    "shuffle,gzip=9",
    "shuffle,zstd=3,fletcher32",
    "shuffle,lz4",
    "bitshuffle,gzip=1",
    "bitshuffle,zstd=3",
    "bitshuffle,lz4,fletcher32",
    "fletcher32",
];

/// Bytes of a chunk before its filters; no multiple of the block sizes, so that there are remainders.
const RAW_BYTES: usize = 1_230;

/// Most values of a filter's record that an input may overwrite.
const VALUES: usize = 5;

/// A chunk: pipeline, bytes of a sample, filter mask, then the stored bytes.
pub fn filter_chunk_seeds() -> Vec<Vec<u8>> {
    let raw: Vec<u8> = (0..RAW_BYTES / 2).flat_map(|n| ((n / 7 + n % 3) as u16).to_le_bytes()).collect();
    let chunk = |(index, words): (usize, &&str)| {
        let word = 1 << (index % 4);
        let pipeline: FilterPipeline = words.parse().expect("a pipeline");
        let chunk = encode(&pipeline, word, raw.clone()).expect("a small chunk");
        let mut bytes = vec![index as u8, word as u8, chunk.filter_mask as u8];
        bytes.extend(chunk.bytes);
        bytes
    };
    PIPELINES.iter().enumerate().map(chunk).collect()
}

/// A chunk that is accepted has exactly as many bytes as its dataset says.
pub fn filter_chunk(bytes: &[u8]) -> bool {
    let [index, word, mask, stored @ ..] = bytes else { return false };
    let words = PIPELINES[usize::from(*index) % PIPELINES.len()];
    let pipeline: FilterPipeline = words.parse().expect("a pipeline");
    let record = |&filter| StoredFilter::for_writing(filter, usize::from(*word));
    let stored_filters: Vec<StoredFilter> = pipeline.filters().iter().map(record).collect();
    decoded(&stored_filters, u32::from(*mask), stored)
}

/// Records of filters with any numbers in them: identity, five values, then the stored bytes.
pub fn filter_record_seeds() -> Vec<Vec<u8>> {
    filter_chunk_seeds()
        .iter()
        .map(|chunk| {
            let pipeline: FilterPipeline = PIPELINES[usize::from(chunk[0])].parse().expect("a pipeline");
            let mut bytes = vec![chunk[2], pipeline.filters().len() as u8];
            for &filter in pipeline.filters() {
                let record = StoredFilter::for_writing(filter, usize::from(chunk[1]));
                bytes.extend(record.id.to_le_bytes());
                for place in 0..VALUES {
                    bytes.extend(record.values.get(place).copied().unwrap_or(0).to_le_bytes());
                }
            }
            bytes.extend(&chunk[3..]);
            bytes
        })
        .collect()
}

/// A file may record its filters with any parameters: sample sizes and block sizes of any number.
pub fn filter_record(bytes: &[u8]) -> bool {
    let [mask, count, rest @ ..] = bytes else { return false };
    let (records, stored) = rest
        .as_chunks::<4>()
        .0
        .split_at_checked(usize::from(*count) * (1 + VALUES))
        .map_or((Vec::new(), rest), |(numbers, _)| {
            let record = |numbers: &[[u8; 4]]| StoredFilter {
                id: i32::from_le_bytes(numbers[0]),
                values: numbers[1..].iter().map(|value| u32::from_le_bytes(*value)).collect(),
            };
            (numbers.chunks(1 + VALUES).map(record).collect(), &rest[numbers.len() * 4..])
        });
    decoded(&records, u32::from(*mask), stored)
}

fn decoded(records: &[StoredFilter], mask: u32, stored: &[u8]) -> bool {
    let Some(decoder) = Decoder::new(records) else { return false };
    if stored.len() > Decoder::max_stored_bytes(RAW_BYTES) {
        return false;
    }
    match decoder.decode(stored.to_vec(), mask, RAW_BYTES) {
        Ok(raw) => {
            assert_eq!(raw.len(), RAW_BYTES);
            true
        }
        Err(_) => false,
    }
}
