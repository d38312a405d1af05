//! Zstandard (HDF5 filter 32015): one plain zstd frame a chunk, with its content size.
//!
//! Source: RFC 8878; the registered filter hands the chunk to the library as it is, and so does this.

use super::FilterError;

/// The lowest level that a specification may name.
pub const MIN_LEVEL: i32 = 1;
/// The highest level that a specification may name.
pub const MAX_LEVEL: i32 = 22;

/// One zstd frame of `raw`; `level` 1 (fastest) to 22 (smallest).
///
/// # Errors
/// [`FilterError`] for other levels, or if memory runs out.
pub fn compress(raw: &[u8], level: i32) -> Result<Vec<u8>, FilterError> {
    if !(MIN_LEVEL..=MAX_LEVEL).contains(&level) {
        return Err(FilterError::new("zstd", format!("level {level} is not {MIN_LEVEL} to {MAX_LEVEL}")));
    }
    zstd::bulk::compress(raw, level).map_err(|error| FilterError::new("zstd", error.to_string()))
}

/// The `raw_bytes` bytes inside a zstd frame, or inside several one after the other.
///
/// # Errors
/// [`FilterError`] if a frame is damaged, or holds more or fewer bytes.
pub fn decompress(frame: &[u8], raw_bytes: usize) -> Result<Vec<u8>, FilterError> {
    let mut raw = vec![0; raw_bytes];
    let length = zstd::bulk::decompress_to_buffer(frame, raw.as_mut_slice())
        .map_err(|error| FilterError::new("zstd", error.to_string()))?;
    if length == raw_bytes {
        Ok(raw)
    } else {
        Err(FilterError::new("zstd", format!("{length} bytes came out, not {raw_bytes}")))
    }
}

/// The bytes that the first frame says it holds.
///
/// # Errors
/// [`FilterError`] if it is no zstd frame, or one that was written as a stream and does not say.
pub fn content_bytes(frame: &[u8]) -> Result<u64, FilterError> {
    match zstd::zstd_safe::get_frame_content_size(frame) {
        Ok(Some(bytes)) => Ok(bytes),
        Ok(None) => Err(FilterError::new("zstd", "the frame does not say how many bytes it holds")),
        Err(_) => Err(FilterError::new("zstd", "the frame is damaged")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Vec<u8> {
        (0..3000u32).map(|n| (n * n / 700) as u8).collect()
    }

    #[test]
    fn levels_come_back() {
        for level in [1, 3, 9, 19, 22] {
            let frame = compress(&sample(), level).unwrap();
            assert_eq!(decompress(&frame, 3000).unwrap(), sample(), "level {level}");
        }
        assert!(compress(&sample(), 0).is_err());
        assert!(compress(&sample(), 23).is_err());
    }

    #[test]
    fn truncations_are_found_and_bit_flips_do_no_harm() {
        let frame = compress(&sample(), 3).unwrap();
        for length in 0..frame.len() {
            assert!(decompress(&frame[..length], 3000).is_err(), "cut to {length} bytes");
        }
        // Frames carry no checksum, so a flip may go unseen here; the length must hold nevertheless.
        for bit in 0..frame.len() * 8 {
            let mut damaged = frame.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            if let Ok(raw) = decompress(&damaged, 3000) {
                assert_eq!(raw.len(), 3000, "bit {bit}");
            }
        }
    }

    #[test]
    fn a_bomb_stays_in_its_buffer() {
        let bomb = compress(&vec![0; 1 << 20], 19).unwrap();
        assert!(decompress(&bomb, 1000).is_err());
    }
}
