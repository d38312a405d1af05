//! Changing a finished file in place.

use std::fs::{File, OpenOptions};
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;

use stack_core::{Error, Result};

use super::element::id;
use super::head::read_head;

/// Length of the `Void` element's own header: identifier and an 8-byte size.
const VOID_HEADER: u64 = 9;
/// Largest size that an 8-byte size field holds; all bits set would mean "unknown".
const LARGEST_SIZE: u64 = (1 << 56) - 2;

/// Overwrites the attachment `name` of the file at `path` with `data`, which must be as long as it is.
///
/// So a table that is known only after the last frame gets its place before the first one.
///
/// # Errors
/// [`Error::Parameter`] if there is no such attachment, or its length is another; [`Error::Format`] if the file
/// is damaged or its attachments carry a checksum; [`Error::Io`].
pub fn replace_attachment(path: &Path, name: &str, data: &[u8]) -> Result<()> {
    let mut file = open(path)?;
    let head = read_head(&mut file, path)?;
    let Some(attachment) = head.attachment(name) else {
        return Err(Error::parameter(
            format!("attachment {name:?}"),
            format!("{} has none of this name", path.display()),
            "reserve its place when the file is made",
        ));
    };
    if attachment.length != data.len() as u64 {
        return Err(Error::parameter(
            format!("attachment {name:?}"),
            format!("{} bytes are given for a place of {}", data.len(), attachment.length),
            "give exactly as many bytes as were reserved",
        ));
    }
    if head.attachments_have_checksum {
        return Err(Error::format(
            path,
            "Attachments",
            "a checksum covers them, so they cannot be changed in place",
            "write the file with -write_crc32 0",
        ));
    }
    write_at(&mut file, path, attachment.offset, data)
}

/// Adds a `Void` element with `length` zero bytes of payload to the end of the file at `path`, inside its segment;
/// returns the offset of the payload.
///
/// Players skip a `Void` element, and warn about bytes behind the segment; so a seal belongs here.
///
/// # Errors
/// [`Error::Format`] if the file is damaged, unfinished, or does not end with its segment; [`Error::Parameter`]
/// if the sizes overflow; [`Error::Io`].
pub fn append_seal_space(path: &Path, length: u64) -> Result<u64> {
    let mut file = open(path)?;
    let segment = read_head(&mut file, path)?.segment;
    let refuse = |problem: &str| {
        Err(Error::format(
            path,
            "Segment",
            problem,
            "write the file anew, and seal it once, as the last step",
        ))
    };
    if !segment.size_is_known {
        return refuse("its size is unknown: the file was not finished");
    }
    if segment.end != segment.file_length {
        return refuse("other bytes follow it");
    }
    if segment.payload - segment.size_field != 8 {
        return refuse("its size field has fewer than 8 bytes");
    }
    let payload = segment.end.checked_add(VOID_HEADER);
    let end = payload.and_then(|payload| payload.checked_add(length)).filter(|&end| end <= LARGEST_SIZE);
    let (Some(payload), Some(end)) = (payload, end) else {
        return Err(Error::parameter(
            "seal space",
            format!("{length} bytes do not fit in a segment"),
            "ask for less",
        ));
    };
    let mut header = vec![id::VOID as u8];
    header.extend(eight_byte_size(length));
    file.set_len(end).map_err(Error::io("write", path))?;
    write_at(&mut file, path, segment.end, &header)?;
    write_at(&mut file, path, segment.size_field, &eight_byte_size(end - segment.payload))?;
    Ok(payload)
}

fn eight_byte_size(size: u64) -> [u8; 8] {
    (size | (1 << 56)).to_be_bytes()
}

fn open(path: &Path) -> Result<File> {
    OpenOptions::new().read(true).write(true).open(path).map_err(Error::io("open", path))
}

fn write_at(file: &mut File, path: &Path, offset: u64, bytes: &[u8]) -> Result<()> {
    file.seek(SeekFrom::Start(offset)).map_err(Error::io("write", path))?;
    file.write_all(bytes).map_err(Error::io("write", path))
}
