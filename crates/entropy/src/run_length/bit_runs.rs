//! Bits as the lengths of runs of zeros and of ones in turn, beginning with zeros.
//!
//! Each length is bytes that sum to it: 255 goes on with the next byte, any other ends the run. A first bit of one is
//! told by a run of no zeros.
//!
//! ```
//! use stack_entropy::run_length::bit_runs;
//!
//! // Four zeros, three ones, nine zeros.
//! assert_eq!(bit_runs::encode(&[0b0000_1110, 0], 16)?, [4, 3, 9]);
//! assert_eq!(bit_runs::decode(&[4, 3, 9], 16)?, [0b0000_1110, 0]);
//! // Alternating bits: eight times the size.
//! assert_eq!(bit_runs::encode(&[0b0101_0101], 8)?.len(), 8);
//! # Ok::<(), stack_entropy::Error>(())
//! ```

use crate::Error;
use crate::bits::{BitWriter, view};
use crate::error::in_range;

/// The first `bits` bits of bytes as runs.
///
/// # Errors
///
/// [`Error::OutOfRange`] for more bits than there are.
pub fn encode(bytes: &[u8], bits: usize) -> Result<Vec<u8>, Error> {
    in_range("the number of bits", bits as u64, 0, 8 * bytes.len() as u64)?;
    let mut code = Vec::new();
    let mut rest = &view(bytes)[..bits];
    let mut bit = false;
    while !rest.is_empty() {
        let run = if bit { rest.leading_ones() } else { rest.leading_zeros() };
        code.extend(std::iter::repeat_n(255, run / 255));
        code.push((run % 255) as u8);
        rest = &rest[run..];
        bit = !bit;
    }
    Ok(code)
}

/// The `bits` bits of runs as bytes; the last byte is filled up with zeros.
///
/// # Errors
///
/// [`Error::RunPastEnd`] for a run past the last bit, [`Error::TruncatedBytes`] where runs are missing,
/// [`Error::Trailing`] where there are too many.
pub fn decode(code: &[u8], bits: usize) -> Result<Vec<u8>, Error> {
    let mut writer = BitWriter::new();
    let mut bit = false;
    let mut next = 0;
    let mut ended = true;
    while writer.bit_len() < bits as u64 || !ended {
        let Some(&length) = code.get(next) else {
            return Err(Error::TruncatedBytes { byte: next, needed: 1, left: 0 });
        };
        let (run, room) = (u64::from(length), bits as u64 - writer.bit_len());
        if run > room {
            return Err(Error::RunPastEnd { unit: "byte", at: next as u64, run, room });
        }
        writer.put_run(bit, run);
        ended = length < 255;
        bit ^= ended;
        next += 1;
    }
    if next < code.len() {
        return Err(Error::Trailing { byte: next, left: code.len() - next });
    }
    Ok(writer.finish())
}
