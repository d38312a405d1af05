//! Arrays inside a NumPy `.npz` file: a ZIP archive with one `.npy` member for each array.
//!
//! `numpy.savez` stores its members as they are; those are read in place, frame by frame. Their CRC is checked
//! without a pass of its own: whoever reads all frames in order gets an error with the last of them if it is wrong.
//! `numpy.savez_compressed` deflates them; such a member is
//! inflated once into a temporary file (in memory up to 64 MiB), its CRC is checked, and frames are read from there.
//! ZIP64 is read too.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use stack_core::{Error, Limits, Result};
use zip::result::ZipError;
use zip::{CompressionMethod, ZipArchive};

use crate::array::{ArraySource, Place, check_size, stack_header};
use crate::npy::NpyHeader;
use crate::spool::Spool;

/// Inflated members of at most this size stay in memory.
const SPOOL_MEMORY: u64 = 64 << 20;

/// Deflate cannot shrink more than this, so a larger claim is false (RFC 1951: 258 bytes for 2 bits).
const DEFLATE_MAXIMUM_RATIO: u128 = 1032;

/// Opens the array `name` of the archive at `path` (with or without `.npy`), or its only array.
///
/// # Errors
/// [`Error::Parameter`] that lists the arrays, if `name` is not there or is needed; [`Error::Format`] for a
/// damaged archive, an encrypted member, or an array that is not a stack; [`Error::Limit`]; what the operating
/// system refuses.
pub fn open_npz(path: &Path, name: Option<&str>, limits: &Limits) -> Result<ArraySource> {
    let file = File::open(path).map_err(Error::io("read", path))?;
    let mut archive = ZipArchive::new(file).map_err(|error| zip_error(path, "archive", error))?;
    let member = find_member(path, &archive, name)?;
    let field = format!("member {}", member.name);
    let refuse = |problem: String, remedy: &str| Err(Error::format(path, &field, problem, remedy));
    if member.encrypted {
        return refuse("it is encrypted".into(), "save the archive without a password");
    }
    match member.compression {
        CompressionMethod::Stored => {
            let mut storage = StoredMember {
                archive,
                index: member.index,
                position: 0,
                length: member.size,
                crc: member.crc,
                hashed: Some((0, crc32fast::Hasher::new())),
            };
            let header = NpyHeader::read(path, &mut storage)?;
            let start = storage.position;
            let available = storage.readable(path)?.saturating_sub(start);
            let place = Place { path, start, available, disk_bytes: member.compressed_size };
            ArraySource::of_npy(Box::new(storage), &header, &place, limits)
        }
        CompressionMethod::Deflated => {
            if u128::from(member.size) > u128::from(member.compressed_size) * DEFLATE_MAXIMUM_RATIO + 64 {
                let problem = format!("{} bytes cannot hold {} bytes", member.compressed_size, member.size);
                return refuse(problem, "the archive is damaged; write it again");
            }
            let mut stream =
                archive.by_index(member.index).map_err(|error| zip_error(path, &field, error))?;
            let mut front = stream.by_ref().take(member.size);
            let header = NpyHeader::read(path, &mut front)?;
            let stack = stack_header(path, &header.shape, header.pixel, limits)?;
            // The directory's claim is checked before anything is inflated, what comes out of it afterwards.
            check_size(path, &stack, front.limit())?;
            let (spool, available) = inflate(path, &field, &mut stream, stack.raw_bytes(), limits)?;
            check_size(path, &stack, available)?;
            let place = Place { path, start: 0, available, disk_bytes: member.compressed_size };
            ArraySource::of_npy(Box::new(spool), &header, &place, limits)
        }
        other => refuse(format!("compression {other} is not supported"), "use numpy.savez_compressed"),
    }
}

/// What is known of a member from the archive's directory.
struct Member {
    index: usize,
    name: String,
    encrypted: bool,
    compression: CompressionMethod,
    size: u64,
    compressed_size: u64,
    crc: u32,
}

fn find_member(path: &Path, archive: &ZipArchive<File>, name: Option<&str>) -> Result<Member> {
    let mut arrays = Vec::new();
    for index in 0..archive.len() {
        let entry = archive.by_index_data(index).map_err(|error| zip_error(path, "archive", error))?;
        // A name that is no text cannot be asked for; it is listed as far as it can be read.
        let name = String::from_utf8_lossy(entry.name_raw()).into_owned();
        if name.ends_with(".npy") {
            arrays.push(Member {
                index,
                name,
                encrypted: entry.encrypted(),
                compression: entry.compression(),
                size: entry.size(),
                compressed_size: entry.compressed_size(),
                crc: entry.crc32(),
            });
        }
    }
    let list =
        arrays.iter().map(|member| member.name.trim_end_matches(".npy")).collect::<Vec<_>>().join(", ");
    let there_are = if arrays.is_empty() { "it holds no arrays".into() } else { format!("it holds {list}") };
    let shown = path.display();
    match name {
        Some(wanted) => arrays
            .into_iter()
            .find(|member| member.name == wanted || member.name.strip_suffix(".npy") == Some(wanted))
            .ok_or_else(|| {
                let problem = format!("there is no such array in the archive; {there_are}");
                Error::parameter(format!("{shown}:{wanted}"), problem, "name one that is there")
            }),
        None if arrays.len() == 1 => Ok(arrays.remove(0)),
        None => Err(Error::parameter(
            shown.to_string(),
            format!("the archive does not hold exactly one array; {there_are}"),
            format!("name one after a colon, as in {shown}:name"),
        )),
    }
}

/// Copies the rest of `stream`, which should be `expected` bytes, and so checks its CRC.
fn inflate(
    path: &Path,
    field: &str,
    stream: &mut impl Read,
    expected: u64,
    limits: &Limits,
) -> Result<(Spool, u64)> {
    let mut spool = Spool::new(expected, SPOOL_MEMORY.min(limits.memory_bytes / 8));
    let mut buffer = vec![0; 1 << 16];
    let mut written = 0;
    loop {
        let count = match stream.read(&mut buffer) {
            Ok(0) => return Ok((spool, written)),
            Ok(count) => count,
            Err(error) => {
                let problem = format!("it cannot be inflated: {error}");
                return Err(Error::format(path, field, problem, "the archive is damaged; write it again"));
            }
        };
        // One buffer too many is enough to know that the member is too long.
        if written > expected {
            return Ok((spool, written + count as u64));
        }
        spool.write_at(written, &buffer[..count])?;
        written += count as u64;
    }
}

/// A stored member, read in place.
struct StoredMember {
    archive: ZipArchive<File>,
    index: usize,
    position: u64,
    length: u64,
    /// The CRC that the archive's directory tells.
    crc: u32,
    /// How many bytes from the beginning have been read in order, and their CRC; `None` once it was checked.
    hashed: Option<(u64, crc32fast::Hasher)>,
}

impl StoredMember {
    /// How many bytes of the member the file really holds: the archive's directory may claim more.
    fn readable(&mut self, path: &Path) -> Result<u64> {
        let Some(last) = self.length.checked_sub(1) else { return Ok(0) };
        let before = self.position;
        self.position = last;
        let mut byte = [0];
        let outcome = self.read(&mut byte);
        self.position = before;
        match outcome {
            Ok(1) => Ok(self.length),
            Ok(_) => Err(Error::format(
                path,
                "archive",
                format!("a member of {} bytes reaches past the end of the file", self.length),
                "the archive is cut off or damaged; write it again",
            )),
            Err(error) => Err(Error::io("read", path)(error)),
        }
    }
}

impl StoredMember {
    /// Takes note of bytes that were read at the current position.
    fn hash(&mut self, bytes: &[u8]) -> io::Result<()> {
        let Some((end, hasher)) = &mut self.hashed else { return Ok(()) };
        // Frames may be read twice; what is already known of them is left out.
        let Some(known) = end.checked_sub(self.position) else { return Ok(()) };
        let Some(fresh) = bytes.get(usize::try_from(known).unwrap_or(usize::MAX)..) else { return Ok(()) };
        hasher.update(fresh);
        *end += fresh.len() as u64;
        if *end < self.length {
            return Ok(());
        }
        let found = hasher.clone().finalize();
        if found != self.crc {
            let problem = format!("the member's checksum is {found:08x}, the archive says {:08x}", self.crc);
            return Err(io::Error::new(io::ErrorKind::InvalidData, problem));
        }
        self.hashed = None;
        Ok(())
    }
}

impl Read for StoredMember {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = {
            let mut member = self.archive.by_index_seek(self.index).map_err(io::Error::other)?;
            member.seek(SeekFrom::Start(self.position.min(self.length)))?;
            member.read(buffer)?
        };
        self.hash(&buffer[..count])?;
        self.position += count as u64;
        Ok(count)
    }
}

impl Seek for StoredMember {
    fn seek(&mut self, position: SeekFrom) -> io::Result<u64> {
        let target = match position {
            SeekFrom::Start(offset) => Some(offset),
            SeekFrom::Current(distance) => self.position.checked_add_signed(distance),
            SeekFrom::End(distance) => self.length.checked_add_signed(distance),
        };
        self.position = target.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        Ok(self.position)
    }
}

fn zip_error(path: &Path, field: &str, error: ZipError) -> Error {
    match error {
        ZipError::Io(error) if error.kind() != io::ErrorKind::UnexpectedEof => Error::io("read", path)(error),
        error => Error::format(path, field, error.to_string(), "the archive is damaged; write it again"),
    }
}
