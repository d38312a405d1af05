//! Bytes as pairs: how often a value repeats, 1 to 256 times, and the value.

use crate::Error;

/// Bytes as pairs `length - 1, value`.
pub fn encode(bytes: &[u8]) -> Vec<u8> {
    let equal = bytes.chunk_by(|a, b| a == b);
    equal.flat_map(|run| run.chunks(256)).flat_map(|run| [(run.len() - 1) as u8, run[0]]).collect()
}

/// The bytes of pairs, at most `most`.
///
/// # Errors
///
/// [`Error::TruncatedBytes`] where a pair is cut, [`Error::RunPastEnd`] for more bytes than `most`.
pub fn decode(code: &[u8], most: usize) -> Result<Vec<u8>, Error> {
    let (pairs, half) = code.as_chunks::<2>();
    if !half.is_empty() {
        return Err(Error::TruncatedBytes { byte: code.len() - 1, needed: 2, left: 1 });
    }
    let mut bytes = Vec::new();
    for (place, &[length, value]) in pairs.iter().enumerate() {
        super::extend(&mut bytes, usize::from(length) + 1, value, 2 * place, most)?;
    }
    Ok(bytes)
}
