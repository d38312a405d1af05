//! `PackBits`: runs and stretches without runs in turn, as in TIFF 6.0, section 9.
//!
//! A head `h` of 0 to 127 is followed by `h + 1` bytes as they are; one of 129 to 255 by a byte that occurs `257 - h`
//! times; 128 is skipped.

use crate::Error;

/// Bytes as runs of three or more, and stretches between them.
pub fn encode(bytes: &[u8]) -> Vec<u8> {
    let mut code = Vec::new();
    let mut plain = 0..0;
    let mut start = 0;
    for run in bytes.chunk_by(|a, b| a == b) {
        let end = start + run.len();
        if run.len() < 3 {
            plain.end = end;
        } else {
            put_plain(&bytes[plain], &mut code);
            for part in run.chunks(128) {
                // The rest of a long run may be a single byte, which has no head for runs.
                code.push(if part.len() == 1 { 0 } else { (257 - part.len()) as u8 });
                code.push(part[0]);
            }
            plain = end..end;
        }
        start = end;
    }
    put_plain(&bytes[plain], &mut code);
    code
}

fn put_plain(bytes: &[u8], code: &mut Vec<u8>) {
    for part in bytes.chunks(128) {
        code.push((part.len() - 1) as u8);
        code.extend_from_slice(part);
    }
}

/// The bytes of a code, at most `most`.
///
/// # Errors
///
/// [`Error::TruncatedBytes`] where the code ends within a run or a stretch, [`Error::RunPastEnd`] for more bytes than
/// `most`.
pub fn decode(code: &[u8], most: usize) -> Result<Vec<u8>, Error> {
    let mut bytes: Vec<u8> = Vec::new();
    let mut next = 0;
    while let Some(&head) = code.get(next) {
        let needed = match head {
            0..128 => usize::from(head) + 1,
            128 => 0,
            129.. => 1,
        };
        let left = code.len() - next - 1;
        let Some(following) = code.get(next + 1..next + 1 + needed) else {
            return Err(Error::TruncatedBytes { byte: next, needed, left });
        };
        match head {
            0..128 => {
                let room = most - bytes.len();
                if needed > room {
                    let (at, run, room) = (next as u64, needed as u64, room as u64);
                    return Err(Error::RunPastEnd { unit: "byte", at, run, room });
                }
                bytes.extend_from_slice(following);
            }
            128 => {}
            129.. => super::extend(&mut bytes, 257 - usize::from(head), following[0], next, most)?,
        }
        next += 1 + needed;
    }
    Ok(bytes)
}
