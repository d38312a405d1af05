//! Bitshuffle (HDF5 filter 32008): all lowest bits of a block's samples, then all second bits, and so on.
//!
//! A block of `n` samples (a multiple of 8) of `w` bytes becomes `8 w` rows of `n / 8` bytes. Row `8 b + k` holds
//! bit `k` of byte `b` of every sample, first sample in the lowest bit. Bits above a camera's real depth, and
//! high bits that neighbours share, become long runs of zeros or ones.
//!
//! ```text
//! chunk = blocks of `block` samples | one shorter block, a multiple of 8 samples | up to 7 samples as they are
//! ```
//!
//! The filter may compress each block itself (LZ4 or zstd); that form is read here and not written: a compressor
//! behind the filter sees the whole chunk and not 8 KiB of it, which is smaller.
//!
//! ```
//! use stack_container::filters::bitshuffle::{bitshuffle, bitunshuffle};
//! let samples = [1u8, 0, 1, 0, 0, 0, 0, 0x80];
//! assert_eq!(bitshuffle(&samples, 1, 0), [0b101, 0, 0, 0, 0, 0, 0, 0x80]);
//! assert_eq!(bitunshuffle(&bitshuffle(&samples, 1, 0), 1, 0), samples);
//! ```
//!
//! Source: K. Masui et al., "A compression scheme for radio data in high performance computing", Astronomy and
//! Computing 12 (2015), and the registered filter's parameters.

use super::{FilterError, lz4, zstandard};

/// Bytes that a block aims at when no block size is named.
const TARGET_BLOCK_BYTES: usize = 8192;
/// Fewest samples of a default block.
const MIN_BLOCK: usize = 128;
/// Blocks are multiples of this many samples: one byte of each row.
const GROUP: usize = 8;

/// A compressor inside the filter, by the number that the file stores.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockCompressor {
    /// Number 2: LZ4 blocks.
    Lz4,
    /// Number 3: zstd frames.
    Zstd,
}

/// Samples of a block when the file says 0: 8 KiB worth, rounded down to a multiple of 8, at least 128.
pub const fn default_block(word: usize) -> usize {
    let samples = match TARGET_BLOCK_BYTES.checked_div(word) {
        Some(samples) => samples / GROUP * GROUP,
        None => 0,
    };
    if samples < MIN_BLOCK { MIN_BLOCK } else { samples }
}

/// Transposes the bits of `raw`, samples of `word` bytes, in blocks of `block` samples (0: the default).
pub fn bitshuffle(raw: &[u8], word: usize, block: usize) -> Vec<u8> {
    by_blocks(raw, word, block, shuffle_block)
}

/// The inverse of [`bitshuffle`]. Any bytes are valid input.
pub fn bitunshuffle(shuffled: &[u8], word: usize, block: usize) -> Vec<u8> {
    by_blocks(shuffled, word, block, unshuffle_block)
}

/// [`bitshuffle`] bit by bit, as the module's text defines it.
pub fn bitshuffle_by_definition(raw: &[u8], word: usize, block: usize) -> Vec<u8> {
    by_blocks(raw, word, block, |raw, word, out| {
        let samples = raw.len() / word;
        for sample in 0..samples {
            for bit in 0..8 * word {
                let value = raw[sample * word + bit / 8] >> (bit % 8) & 1;
                out[bit * (samples / 8) + sample / 8] |= value << (sample % 8);
            }
        }
    })
}

/// Runs `block_form` on each block; samples behind the last group of 8, and odd bytes, are copied.
fn by_blocks(
    input: &[u8],
    word: usize,
    block: usize,
    block_form: impl Fn(&[u8], usize, &mut [u8]),
) -> Vec<u8> {
    let mut output = vec![0; input.len()];
    if word == 0 {
        output.copy_from_slice(input);
        return output;
    }
    let block = block_samples(word, block);
    let whole = input.len() / (word * GROUP) * (word * GROUP);
    let (body, tail) = input.split_at(whole);
    output[whole..].copy_from_slice(tail);
    for (from, to) in body.chunks(block * word).zip(output[..whole].chunks_mut(block * word)) {
        block_form(from, word, to);
    }
    output
}

/// The block size that a parameter means; one that is no multiple of 8 is rounded up.
fn block_samples(word: usize, block: usize) -> usize {
    if block == 0 { default_block(word) } else { block.next_multiple_of(GROUP) }
}

fn shuffle_block(raw: &[u8], word: usize, out: &mut [u8]) {
    let row = raw.len() / word / GROUP;
    for byte in 0..word {
        let rows = &mut out[byte * 8 * row..][..8 * row];
        for (column, samples) in raw.chunks_exact(GROUP * word).enumerate() {
            let mut group = [0; GROUP];
            for (sample, value) in group.iter_mut().enumerate() {
                *value = samples[sample * word + byte];
            }
            for (bit, value) in transposed(group).into_iter().enumerate() {
                rows[bit * row + column] = value;
            }
        }
    }
}

fn unshuffle_block(shuffled: &[u8], word: usize, out: &mut [u8]) {
    let row = shuffled.len() / word / GROUP;
    for byte in 0..word {
        let rows = &shuffled[byte * 8 * row..][..8 * row];
        for (column, samples) in out.chunks_exact_mut(GROUP * word).enumerate() {
            let mut group = [0; GROUP];
            for (bit, value) in group.iter_mut().enumerate() {
                *value = rows[bit * row + column];
            }
            for (sample, value) in transposed(group).into_iter().enumerate() {
                samples[sample * word + byte] = value;
            }
        }
    }
}

/// Transposes an 8 x 8 matrix of bits: bit `c` of byte `r` moves to bit `r` of byte `c`.
///
/// In one 64-bit word, bit (r, c) has the place 8 r + c, and its partner lies 7 (c - r) places away. Three swaps
/// exchange single bits, then 2 x 2 blocks, then 4 x 4 blocks across the diagonal.
const fn transposed(rows: [u8; 8]) -> [u8; 8] {
    let mut x = u64::from_le_bytes(rows);
    let mut swap = (x ^ (x >> 7)) & 0x00aa_00aa_00aa_00aa;
    x ^= swap ^ (swap << 7);
    swap = (x ^ (x >> 14)) & 0x0000_cccc_0000_cccc;
    x ^= swap ^ (swap << 14);
    swap = (x ^ (x >> 28)) & 0x0000_0000_f0f0_f0f0;
    x ^= swap ^ (swap << 28);
    x.to_le_bytes()
}

/// Reads a chunk whose blocks the filter compressed itself.
///
/// The header is big-endian: u64 bytes of the chunk, u32 bytes of a block, then for each block a u32 with its
/// stored bytes and the compressed block; samples behind the last group of 8 follow as they are.
///
/// # Errors
/// [`FilterError`] if the header contradicts `raw_bytes`, or a block is cut or damaged.
pub fn decompress(
    stored: &[u8],
    word: usize,
    compressor: BlockCompressor,
    raw_bytes: usize,
) -> Result<Vec<u8>, FilterError> {
    let damaged = |problem: String| FilterError::new("bitshuffle", problem);
    let cut = || damaged("the header is cut".into());
    let (total, rest) = stored.split_first_chunk::<8>().ok_or_else(cut)?;
    let (block_bytes, mut rest) = rest.split_first_chunk::<4>().ok_or_else(cut)?;
    let (total, block_bytes) = (u64::from_be_bytes(*total), u32::from_be_bytes(*block_bytes) as usize);
    if total != raw_bytes as u64 {
        return Err(damaged(format!("the header says {total} bytes, the chunk has {raw_bytes}")));
    }
    if word == 0 || block_bytes == 0 || !block_bytes.is_multiple_of(GROUP * word) {
        return Err(damaged(format!(
            "blocks of {block_bytes} bytes are no groups of 8 samples of {word} bytes"
        )));
    }
    let whole = raw_bytes / (word * GROUP) * (word * GROUP);
    let mut raw = vec![0; raw_bytes];
    let (body, tail) = raw.split_at_mut(whole);
    for (number, block) in body.chunks_mut(block_bytes).enumerate() {
        rest = decompress_block(rest, word, compressor, block)
            .map_err(|problem| damaged(format!("block {number}: {problem}")))?;
    }
    if rest.len() != tail.len() {
        return Err(damaged(format!("{} bytes follow the last block, not {}", rest.len(), tail.len())));
    }
    tail.copy_from_slice(rest);
    Ok(raw)
}

/// Fills `block` from the front of `stored` and returns what follows.
fn decompress_block<'a>(
    stored: &'a [u8],
    word: usize,
    compressor: BlockCompressor,
    block: &mut [u8],
) -> Result<&'a [u8], String> {
    let (length, rest) = stored.split_first_chunk::<4>().ok_or("its length is cut")?;
    let length = u32::from_be_bytes(*length) as usize;
    let (bytes, rest) = rest
        .split_at_checked(length)
        .ok_or_else(|| format!("{length} bytes are announced, {} are there", rest.len()))?;
    let shuffled = match compressor {
        BlockCompressor::Lz4 => lz4::decompress_bare(bytes, block.len()),
        BlockCompressor::Zstd => zstandard::decompress(bytes, block.len()),
    }
    .map_err(|error| error.to_string())?;
    unshuffle_block(&shuffled, word, block);
    Ok(rest)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn golden_bytes() {
        // Sixteen 12-bit samples; the four rows of zero at the end are the unused high bits.
        let raw: Vec<u8> = (0..16u16).flat_map(|n| (n * 273).to_le_bytes()).collect();
        let rows: [u8; 32] = [
            0xaa, 0xaa, 0xcc, 0xcc, 0xf0, 0xf0, 0x00, 0xff, 0xaa, 0xaa, 0xcc, 0xcc, 0xf0, 0xf0, 0x00,
            0xff, //
            0xaa, 0xaa, 0xcc, 0xcc, 0xf0, 0xf0, 0x00, 0xff, 0, 0, 0, 0, 0, 0, 0, 0,
        ];
        assert_eq!(bitshuffle(&raw, 2, 0), rows);
    }

    #[test]
    fn default_blocks_follow_the_registered_filter() {
        assert_eq!([1, 2, 3, 4, 8, 100].map(default_block), [8192, 4096, 2728, 2048, 1024, 128]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn the_fast_form_equals_the_definition(
            raw in prop::collection::vec(any::<u8>(), 0..5000), word in 0usize..10, block in 0usize..40,
        ) {
            let shuffled = bitshuffle(&raw, word, block * 8);
            prop_assert_eq!(&shuffled, &bitshuffle_by_definition(&raw, word, block * 8));
            prop_assert_eq!(&bitunshuffle(&shuffled, word, block * 8), &raw);
        }
    }

    /// A chunk as the filter's own LZ4 form stores it: two blocks, and three samples behind them.
    fn compressed() -> (Vec<u8>, Vec<u8>) {
        let raw: Vec<u8> = (0..27u16).flat_map(|n| (n * 7).to_le_bytes()).collect();
        let mut stored = (raw.len() as u64).to_be_bytes().to_vec();
        stored.extend_from_slice(&32u32.to_be_bytes());
        for block in [&raw[..32], &raw[32..48]] {
            let block = lz4_flex::block::compress(&bitshuffle(block, 2, 0));
            stored.extend_from_slice(&(block.len() as u32).to_be_bytes());
            stored.extend_from_slice(&block);
        }
        stored.extend_from_slice(&raw[48..]);
        (raw, stored)
    }

    #[test]
    fn blocks_that_the_filter_compressed_are_read() {
        let (raw, stored) = compressed();
        assert_eq!(decompress(&stored, 2, BlockCompressor::Lz4, raw.len()).unwrap(), raw);
        assert!(decompress(&stored, 2, BlockCompressor::Zstd, raw.len()).is_err());
        assert!(decompress(&stored, 0, BlockCompressor::Lz4, raw.len()).is_err());
    }

    #[test]
    fn truncations_are_found_and_bit_flips_do_no_harm() {
        let (raw, stored) = compressed();
        for length in 0..stored.len() {
            let cut = decompress(&stored[..length], 2, BlockCompressor::Lz4, raw.len());
            assert!(cut.is_err(), "cut to {length} bytes");
        }
        for bit in 0..stored.len() * 8 {
            let mut damaged = stored.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            if let Ok(decoded) = decompress(&damaged, 2, BlockCompressor::Lz4, raw.len()) {
                assert_eq!(decoded.len(), raw.len(), "bit {bit}");
            }
        }
    }
}
