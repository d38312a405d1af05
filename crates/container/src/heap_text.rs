//! Text of any length in attributes, read from the file's own bytes.
//!
//! Such text lies in a global heap, and the library follows whatever a damaged file says of where. So its bytes are
//! found here, step by step and checked: object header, attribute message, heap collection, object. What is not in this
//! plain form (attributes in a fractal heap, shared messages, a block before the file's signature, addresses of other
//! widths) is left out.
//!
//! Source: the HDF5 File Format Specification, versions 2.0 and 3.0, sections III.E, IV.A.1, IV.A.2.m and IV.A.2.q.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

/// Most bytes of a block of messages, or of a heap collection, that are read.
const MAX_BLOCK: u64 = 1 << 20;
/// Most blocks of one object header.
const MAX_BLOCKS: usize = 64;

const ATTRIBUTE: u16 = 0x0c;
const CONTINUATION: u16 = 0x10;
/// Flag of a message whose content is elsewhere.
const SHARED: u8 = 0x02;

/// The text that attribute `name` of the object at `address` holds, if it is one text of any length.
pub(crate) fn read(path: &Path, address: u64, name: &str) -> Option<Vec<u8>> {
    let mut file = File::open(path).ok()?;
    check_superblock(&mut file)?;
    let messages = messages(&mut file, address)?;
    let data = messages.iter().find_map(|message| attribute_data(message, name))?;
    let mut bytes = Bytes(&data);
    let length = usize::try_from(bytes.number(4)?).ok()?;
    let (collection, object) = (bytes.number(8)?, bytes.number(4)?);
    if length == 0 {
        return Some(Vec::new());
    }
    let mut text = heap_object(&mut file, collection, object)?;
    (text.len() >= length).then(|| {
        text.truncate(length);
        text
    })
}

/// Whether the file begins with its signature, and has addresses of 8 bytes that count from there.
fn check_superblock(file: &mut File) -> Option<()> {
    let start = block(file, 0, 64)?;
    let mut bytes = Bytes(&start);
    let signature = bytes.take(8)? == b"\x89HDF\r\n\x1a\n";
    let (sizes, base) = match bytes.number(1)? {
        version @ (0 | 1) => {
            (start.get(13..15)?, if version == 0 { start.get(24..32)? } else { start.get(28..36)? })
        }
        2 | 3 => (start.get(9..11)?, start.get(12..20)?),
        _ => return None,
    };
    (signature && sizes == [8, 8] && base == [0; 8]).then_some(())
}

/// The contents of all attribute messages of the object header at `address`.
fn messages(file: &mut File, address: u64) -> Option<Vec<Vec<u8>>> {
    let prefix = block(file, address, 32)?;
    let mut bytes = Bytes(&prefix);
    let second = bytes.take(4)? == b"OHDR";
    let (first, flags) = if second {
        let flags = *bytes.take(2)?.last()?;
        bytes.take(if flags & 0x20 != 0 { 16 } else { 0 })?;
        bytes.take(if flags & 0x10 != 0 { 4 } else { 0 })?;
        let length = bytes.number(1 << (flags & 3))?;
        ((address.checked_add((prefix.len() - bytes.0.len()) as u64)?, length), flags)
    } else {
        (prefix[0] == 1).then_some(())?;
        let mut length = Bytes(prefix.get(8..12)?);
        ((address.checked_add(16)?, length.number(4)?), 0)
    };
    let mut blocks = vec![first];
    let mut found = Vec::new();
    let mut next = 0;
    while let Some(&(start, length)) = blocks.get(next).filter(|_| next < MAX_BLOCKS) {
        next += 1;
        let content = block(file, start, length)?;
        let mut bytes = Bytes(&content);
        if second && next > 1 {
            (bytes.take(4)? == b"OCHK").then_some(())?;
            bytes.0 = bytes.0.get(..bytes.0.len().checked_sub(4)?)?;
        }
        while let Some((kind, message_flags, data)) = message(&mut bytes, second, flags) {
            let mut data = Bytes(data);
            match kind {
                CONTINUATION => blocks.push((data.number(8)?, data.number(8)?)),
                ATTRIBUTE if message_flags & SHARED == 0 => found.push(data.0.to_vec()),
                _ => {}
            }
        }
    }
    Some(found)
}

/// The next message of a block: kind, flags and content; `None` at the end.
fn message<'a>(bytes: &mut Bytes<'a>, second: bool, header_flags: u8) -> Option<(u16, u8, &'a [u8])> {
    let kind = bytes.number(if second { 1 } else { 2 })?;
    let size = bytes.number(2)?;
    let flags = *bytes.take(1)?.first()?;
    let rest = match second {
        true if header_flags & 0x04 != 0 => 2,
        true => 0,
        false => 3,
    };
    bytes.take(rest)?;
    Some((u16::try_from(kind).ok()?, flags, bytes.take(usize::try_from(size).ok()?)?))
}

/// The value in an attribute message, if the attribute has this name.
fn attribute_data(message: &[u8], name: &str) -> Option<Vec<u8>> {
    let mut bytes = Bytes(message);
    let version = bytes.number(1)?;
    bytes.take(1)?;
    let sizes = [bytes.number(2)?, bytes.number(2)?, bytes.number(2)?];
    bytes.take(if version == 3 { 1 } else { 0 })?;
    let [name_bytes, datatype, dataspace] = sizes.map(|size| match version {
        1 => size.next_multiple_of(8) as usize,
        _ => size as usize,
    });
    (1..=3).contains(&version).then_some(())?;
    let found = bytes.take(name_bytes)?.split(|&byte| byte == 0).next()?;
    bytes.take(datatype)?;
    bytes.take(dataspace)?;
    (found == name.as_bytes()).then(|| bytes.0.to_vec())
}

/// An object of the global heap collection at `address`.
fn heap_object(file: &mut File, address: u64, object: u64) -> Option<Vec<u8>> {
    let start = block(file, address, 16)?;
    let mut bytes = Bytes(&start);
    (bytes.take(5)? == b"GCOL\x01").then_some(())?;
    bytes.take(3)?;
    let length = bytes.number(8)?;
    let collection = block(file, address, length)?;
    let mut bytes = Bytes(collection.get(16..)?);
    loop {
        let number = bytes.number(2)?;
        bytes.take(6)?;
        let size = bytes.number(8)?;
        // Number 0 is the free space at the end.
        (number != 0).then_some(())?;
        let content = bytes.take(usize::try_from(size).ok()?)?;
        if number == object {
            return Some(content.to_vec());
        }
        bytes.take(size.next_multiple_of(8).checked_sub(size)? as usize)?;
    }
}

/// `length` bytes of the file; `None` where they are too many or not there.
fn block(file: &mut File, address: u64, length: u64) -> Option<Vec<u8>> {
    let length = usize::try_from(length).ok().filter(|&length| length as u64 <= MAX_BLOCK)?;
    let mut bytes = vec![0; length];
    file.seek(SeekFrom::Start(address)).and_then(|_| file.read_exact(&mut bytes)).ok()?;
    Some(bytes)
}

/// Bytes that are taken from the front.
struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (front, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(front)
    }

    /// A little-endian number of at most 8 bytes.
    fn number(&mut self, count: usize) -> Option<u64> {
        Some(self.take(count)?.iter().rev().fold(0, |number, &byte| number << 8 | u64::from(byte)))
    }
}

#[cfg(test)]
mod tests {
    use hdf5::types::VarLenUnicode;

    use super::*;
    use crate::library;

    /// A file with one such attribute, and the address of its dataset.
    fn file(path: &Path) -> u64 {
        let file = hdf5::File::create(path).unwrap();
        let dataset = file.new_dataset::<u8>().shape(3).create("x").unwrap();
        for (name, words) in [("title", "a few words"), ("units", "kelvin"), ("empty", "")] {
            let value: VarLenUnicode = words.parse().unwrap();
            dataset.new_attr::<VarLenUnicode>().create(name).unwrap().write_scalar(&value).unwrap();
        }
        library::address(&dataset).unwrap()
    }

    #[test]
    fn text_is_found_and_damage_does_no_harm() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.h5");
        let address = file(&path);
        let found = |name: &str| read(&path, address, name).map(|text| String::from_utf8(text).unwrap());
        assert_eq!(found("units").unwrap(), "kelvin");
        assert_eq!(found("title").unwrap(), "a few words");
        assert_eq!(found("empty").unwrap(), "");
        assert_eq!(found("other"), None);
        let whole = std::fs::read(&path).unwrap();
        for length in (0..whole.len()).step_by(7) {
            std::fs::write(&path, &whole[..length]).unwrap();
            let text = read(&path, address, "units");
            assert!(text.is_none_or(|text| text == b"kelvin"), "cut to {length} bytes");
        }
        std::fs::write(&path, &whole).unwrap();
        let mut open = std::fs::OpenOptions::new().write(true).open(&path).unwrap();
        let mut write = |place: usize, byte: u8| {
            let written = open.seek(SeekFrom::Start(place as u64));
            written.and_then(|_| std::io::Write::write_all(&mut open, &[byte])).unwrap();
        };
        for (place, &byte) in whole.iter().enumerate().filter(|(_, byte)| **byte != 0) {
            for bit in 0..8 {
                write(place, byte ^ 1 << bit);
                let text = read(&path, address, "units");
                assert!(text.is_none_or(|text| text.len() <= whole.len()), "byte {place}, bit {bit}");
            }
            write(place, byte);
        }
        for address in [1, 96, u64::MAX, u64::MAX - 20] {
            assert_eq!(read(&path, address, "units"), None);
        }
    }
}
