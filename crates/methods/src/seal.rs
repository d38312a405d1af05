//! The seal: the last 48 bytes of every output file, by which a single flipped bit anywhere is found.
//!
//! ```text
//! bytes  content
//!   0-7  magic: "STKSEAL" and the version, 1
//!  8-15  length of the whole file in bytes, seal included; little-endian
//! 16-47  BLAKE3 of all bytes before the seal
//! ```
//!
//! In an HDF5 file the seal lies behind the end-of-file address, where the library does not look; a program that
//! opens the file for writing cuts it off, and then the seal is [`SealState::Missing`]. In a Matroska file the seal
//! is the payload of a Void element at the end of the segment.
//!
//! Source of the hash: O'Connor, Aumasson, Neves, Wilcox-O'Hearn, *BLAKE3*, 2020.

use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;

use stack_core::{Error, Result};

/// Bytes of a seal.
pub const SEAL_BYTES: u64 = 48;
const MAGIC: &[u8; 8] = b"STKSEAL\x01";

/// What the seal says of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SealState {
    /// All bytes are as they were written.
    Intact,
    /// There is a seal, and the bytes are not those it was made for.
    Broken,
    /// There is no seal at the end: the file was changed by another program, cut, or is not ours.
    Missing,
}

/// Adds a seal behind the last byte of `path`.
///
/// # Errors
/// [`Error::Io`].
pub fn append_seal(path: &Path) -> Result<()> {
    let length = std::fs::metadata(path).map_err(Error::io("read", path))?.len();
    let seal = seal_of(path, length)?;
    let mut file = OpenOptions::new().append(true).open(path).map_err(Error::io("write", path))?;
    file.write_all(&seal).and_then(|()| file.sync_all()).map_err(Error::io("write", path))
}

/// Writes a seal into the last 48 bytes of `path`, which were reserved for it.
///
/// # Errors
/// [`Error::Io`]; [`Error::Format`] where the file is shorter than a seal.
pub fn fill_seal(path: &Path) -> Result<()> {
    let length = std::fs::metadata(path).map_err(Error::io("read", path))?.len();
    let before = length.checked_sub(SEAL_BYTES).ok_or_else(|| {
        Error::format(path, "seal", "the file is shorter than a seal", "reserve 48 bytes at its end")
    })?;
    let seal = seal_of(path, before)?;
    let mut file = OpenOptions::new().write(true).open(path).map_err(Error::io("write", path))?;
    file.seek(SeekFrom::Start(before))
        .and_then(|_| file.write_all(&seal))
        .and_then(|()| file.sync_all())
        .map_err(Error::io("write", path))
}

/// Reads the whole file once and compares it with its seal.
///
/// # Errors
/// [`Error::Io`].
pub fn check_seal(path: &Path) -> Result<SealState> {
    let mut file = File::open(path).map_err(Error::io("open", path))?;
    let length = file.metadata().map_err(Error::io("read", path))?.len();
    let Some(before) = length.checked_sub(SEAL_BYTES) else {
        return Ok(SealState::Missing);
    };
    let mut stored = [0; SEAL_BYTES as usize];
    file.seek(SeekFrom::Start(before))
        .and_then(|_| file.read_exact(&mut stored))
        .map_err(Error::io("read", path))?;
    if !stored.starts_with(MAGIC) {
        return Ok(SealState::Missing);
    }
    Ok(if stored == seal_of(path, before)? { SealState::Intact } else { SealState::Broken })
}

/// The seal for the first `before` bytes of `path`.
fn seal_of(path: &Path, before: u64) -> Result<[u8; SEAL_BYTES as usize]> {
    let file = File::open(path).map_err(Error::io("open", path))?;
    let mut hasher = blake3::Hasher::new();
    std::io::copy(&mut file.take(before), &mut hasher).map_err(Error::io("read", path))?;
    let mut seal = [0; SEAL_BYTES as usize];
    seal[..8].copy_from_slice(MAGIC);
    seal[8..16].copy_from_slice(&(before + SEAL_BYTES).to_le_bytes());
    seal[16..].copy_from_slice(hasher.finalize().as_bytes());
    Ok(seal)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn every_flipped_bit_and_every_cut_is_found() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sealed");
        fs::write(&path, b"content").unwrap();
        append_seal(&path).unwrap();
        assert_eq!(check_seal(&path).unwrap(), SealState::Intact);
        let sealed = fs::read(&path).unwrap();
        for bit in 0..sealed.len() * 8 {
            let mut damaged = sealed.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            fs::write(&path, damaged).unwrap();
            assert_ne!(check_seal(&path).unwrap(), SealState::Intact, "bit {bit}");
        }
        for length in 0..sealed.len() {
            fs::write(&path, &sealed[..length]).unwrap();
            assert_eq!(check_seal(&path).unwrap(), SealState::Missing, "length {length}");
        }
    }

    #[test]
    fn a_reserved_place_is_filled() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sealed");
        fs::write(&path, [vec![1; 9], vec![0; SEAL_BYTES as usize]].concat()).unwrap();
        fill_seal(&path).unwrap();
        assert_eq!(check_seal(&path).unwrap(), SealState::Intact);
        fs::write(&path, b"short").unwrap();
        assert!(fill_seal(&path).is_err());
    }

    #[test]
    fn the_bytes_of_a_seal_are_fixed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("empty");
        fs::write(&path, b"").unwrap();
        append_seal(&path).unwrap();
        let seal = fs::read(&path).unwrap();
        assert_eq!(&seal[..16], b"STKSEAL\x01\x30\0\0\0\0\0\0\0");
        // BLAKE3 of nothing, from the test vectors of the BLAKE3 specification.
        assert_eq!(seal[16..20], [0xaf, 0x13, 0x49, 0xb9]);
    }
}
