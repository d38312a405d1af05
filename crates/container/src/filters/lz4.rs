//! LZ4 (HDF5 filter 32004): LZ4 blocks behind a big-endian header.
//!
//! ```text
//! u64  bytes of the chunk before compression
//! u32  bytes of a block before compression (the last one may be shorter)
//! then for each block:
//! u32  stored bytes n of the block; n = bytes of the block: stored as it is
//! n    the LZ4 block, without LZ4's own frame
//! ```
//!
//! One block holds the whole chunk here, as the registered filter does it up to 1 GiB.
//! Source: the description of registered filter 32004 by The HDF Group (`HDF5_LZ4.pdf`).

use super::FilterError;

/// Bytes before the first block.
const HEADER: usize = 12;

/// Largest chunk that is stored: LZ4's own limit for a block.
pub const MAX_BYTES: usize = 0x7e00_0000;

/// The chunk `raw` in the registered filter's format.
///
/// # Errors
/// [`FilterError`] for a chunk above [`MAX_BYTES`].
pub fn compress(raw: &[u8]) -> Result<Vec<u8>, FilterError> {
    if raw.len() > MAX_BYTES {
        return Err(FilterError::new("lz4", format!("a chunk of {} bytes is above {MAX_BYTES}", raw.len())));
    }
    let block_bytes = raw.len() as u32;
    let mut stored = Vec::with_capacity(HEADER + 4 + raw.len());
    stored.extend_from_slice(&(raw.len() as u64).to_be_bytes());
    stored.extend_from_slice(&block_bytes.to_be_bytes());
    if raw.is_empty() {
        return Ok(stored);
    }
    let block = lz4_flex::block::compress(raw);
    let block = if block.len() < raw.len() { &block } else { raw };
    stored.extend_from_slice(&(block.len() as u32).to_be_bytes());
    stored.extend_from_slice(block);
    Ok(stored)
}

/// The `raw_bytes` bytes of a chunk in the registered filter's format, with blocks of any size.
///
/// # Errors
/// [`FilterError`] if the header names another size, a block is cut or damaged, or bytes are left over.
pub fn decompress(stored: &[u8], raw_bytes: usize) -> Result<Vec<u8>, FilterError> {
    let damaged = |problem: String| FilterError::new("lz4", problem);
    let (total, rest) = stored.split_first_chunk::<8>().ok_or_else(|| damaged("the header is cut".into()))?;
    let (block_bytes, mut rest) =
        rest.split_first_chunk::<4>().ok_or_else(|| damaged("the header is cut".into()))?;
    let total = u64::from_be_bytes(*total);
    if total != raw_bytes as u64 {
        return Err(damaged(format!("the header says {total} bytes, the chunk has {raw_bytes}")));
    }
    let block_bytes = u32::from_be_bytes(*block_bytes) as usize;
    if block_bytes == 0 && raw_bytes > 0 {
        return Err(damaged("the header says blocks of 0 bytes".into()));
    }
    let mut raw = vec![0; raw_bytes];
    for (number, block) in raw.chunks_mut(block_bytes.max(1)).enumerate() {
        rest =
            decompress_block(rest, block).map_err(|problem| damaged(format!("block {number}: {problem}")))?;
    }
    if rest.is_empty() { Ok(raw) } else { Err(damaged(format!("{} bytes are left over", rest.len()))) }
}

/// The `raw_bytes` bytes of one LZ4 block without a header.
///
/// # Errors
/// [`FilterError`] if the block is damaged, or holds more or fewer bytes.
pub fn decompress_bare(block: &[u8], raw_bytes: usize) -> Result<Vec<u8>, FilterError> {
    let mut raw = vec![0; raw_bytes];
    fill(block, &mut raw).map_err(|problem| FilterError::new("lz4", problem))?;
    Ok(raw)
}

/// Decompresses one LZ4 block into `raw`, which it must fill.
fn fill(block: &[u8], raw: &mut [u8]) -> Result<(), String> {
    let written = lz4_flex::block::decompress_into(block, raw).map_err(|error| error.to_string())?;
    if written == raw.len() { Ok(()) } else { Err(format!("{written} bytes came out, not {}", raw.len())) }
}

/// Fills `block` from the front of `stored` and returns what follows.
fn decompress_block<'a>(stored: &'a [u8], block: &mut [u8]) -> Result<&'a [u8], String> {
    let (length, rest) = stored.split_first_chunk::<4>().ok_or("its length is cut")?;
    let length = u32::from_be_bytes(*length) as usize;
    let (bytes, rest) = rest
        .split_at_checked(length)
        .ok_or_else(|| format!("{length} bytes are announced, {} are there", rest.len()))?;
    if length == block.len() {
        block.copy_from_slice(bytes);
    } else {
        fill(bytes, block)?;
    }
    Ok(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Vec<u8> {
        (0..3000u32).map(|n| (n * n / 70_000) as u8).collect()
    }

    #[test]
    fn comes_back_compressed_or_stored() {
        let stored = compress(&sample()).unwrap();
        assert!(stored.len() < 1000);
        assert_eq!(decompress(&stored, 3000).unwrap(), sample());
        let noise: Vec<u8> = (0..64u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
        let stored = compress(&noise).unwrap();
        assert_eq!(stored.len(), noise.len() + 16);
        assert_eq!(decompress(&stored, 64).unwrap(), noise);
        assert_eq!(decompress(&compress(&[]).unwrap(), 0).unwrap(), [0; 0]);
    }

    #[test]
    fn several_blocks_are_read() {
        let mut stored = 5u64.to_be_bytes().to_vec();
        stored.extend_from_slice(&[0, 0, 0, 2]);
        for block in [&b"ab"[..], b"cd", b"e"] {
            stored.extend_from_slice(&(block.len() as u32).to_be_bytes());
            stored.extend_from_slice(block);
        }
        assert_eq!(decompress(&stored, 5).unwrap(), b"abcde");
    }

    #[test]
    fn truncations_are_found_and_bit_flips_do_no_harm() {
        let stored = compress(&sample()).unwrap();
        for length in 0..stored.len() {
            assert!(decompress(&stored[..length], 3000).is_err(), "cut to {length} bytes");
        }
        for bit in 0..stored.len() * 8 {
            let mut damaged = stored.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            if let Ok(raw) = decompress(&damaged, 3000) {
                assert_eq!(raw.len(), 3000, "bit {bit}");
            }
        }
    }

    #[test]
    fn a_bomb_is_refused_by_its_header() {
        let bomb = compress(&vec![0; 1 << 20]).unwrap();
        let error = decompress(&bomb, 1000).unwrap_err();
        assert!(error.to_string().contains("says 1048576 bytes"), "{error}");
    }
}
