//! Image file directories (TIFF 6.0, section 2; BigTIFF): the entries of one page, and the chain of pages.
//!
//! ```text
//!           classic  BigTIFF
//! header    8        16       "II" or "MM", 42 or 43, [8, 0 in BigTIFF], offset of the first directory
//! directory 2        8        number of entries
//!           12 each  20 each  tag (2), type (2), count (4 or 8), values or their offset (4 or 8)
//!           4        8        offset of the next directory, or 0
//! ```

use std::collections::{BTreeMap, HashSet};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use stack_core::{Error, Limits, Result};

use super::value::{ASCII, BYTE, IFD, IFD8, LONG, LONG8, SHORT, Value, little_endian, type_bytes};
use crate::array::ByteOrder;

/// Most entries that a directory may have; the standard knows about a hundred tags.
pub const MAX_ENTRIES: u64 = 4096;

/// Walks the directories of a TIFF file.
pub struct Directories<'a, R> {
    path: &'a Path,
    stream: R,
    /// Bytes of the file, which bound what its entries may claim.
    length: u64,
    byte_order: ByteOrder,
    big: bool,
    next: u64,
    seen: HashSet<u64>,
    most_pages: u64,
}

/// The entries of one page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directory {
    /// Number of the page, from 0.
    pub page: usize,
    entries: BTreeMap<u16, Entry>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Entry {
    kind: u16,
    count: u64,
    /// The values if they fit, otherwise their offset, in the file's byte order.
    inline: [u8; 8],
}

impl<'a, R: Read + Seek> Directories<'a, R> {
    /// Reads the file's header.
    ///
    /// # Errors
    /// [`Error::Format`] for anything but a TIFF header; what the operating system refuses.
    pub fn open(path: &'a Path, mut stream: R, limits: &Limits) -> Result<Self> {
        let mut head = [0; 8];
        let length = stream.seek(SeekFrom::End(0)).map_err(Error::io("read", path))?;
        stream.rewind().and_then(|()| stream.read_exact(&mut head)).map_err(|error| cut_off(path, error))?;
        let byte_order = match &head[..2] {
            b"II" => ByteOrder::Little,
            b"MM" => ByteOrder::Big,
            _ => return Err(damaged(path, "header", "it begins with neither II nor MM")),
        };
        let (big, next) = match number(&head[2..4], byte_order) {
            42 => (false, number(&head[4..], byte_order)),
            43 if number(&head[4..6], byte_order) == 8 && number(&head[6..], byte_order) == 0 => {
                let mut offset = [0; 8];
                stream.read_exact(&mut offset).map_err(|error| cut_off(path, error))?;
                (true, number(&offset, byte_order))
            }
            other => return Err(damaged(path, "header", &format!("version {other} is not TIFF or BigTIFF"))),
        };
        if next == 0 {
            return Err(damaged(path, "header", "there is no page"));
        }
        let (seen, most_pages) = (HashSet::new(), limits.frames);
        Ok(Self { path, stream, length, byte_order, big, next, seen, most_pages })
    }

    /// Byte order of the file.
    pub fn byte_order(&self) -> ByteOrder {
        self.byte_order
    }

    /// The next page's entries; `None` after the last page.
    ///
    /// # Errors
    /// [`Error::Format`] for a damaged or endless chain; [`Error::Limit`] for too many pages; what the operating
    /// system refuses.
    pub fn next_page(&mut self) -> Result<Option<Directory>> {
        if self.next == 0 {
            return Ok(None);
        }
        let page = self.seen.len();
        let field = format!("page {page}");
        if !self.seen.insert(self.next) {
            return Err(damaged(self.path, &field, "the chain of pages leads back to an earlier page"));
        }
        Limits::check(self.path, "the number of pages", self.seen.len() as u128, self.most_pages)?;
        let (entries, next) = self.read_directory(self.next, &field)?;
        if entries.is_empty() {
            return Err(damaged(self.path, &field, "it has 0 entries"));
        }
        self.next = next;
        Ok(Some(Directory { page, entries }))
    }

    /// A directory that belongs to page `page`, but is none: Exif data, for example.
    ///
    /// # Errors
    /// [`Error::Format`] for a damaged directory; what the operating system refuses.
    pub fn directory_at(&mut self, offset: u64, page: usize) -> Result<Directory> {
        let (entries, _) =
            self.read_directory(offset, &format!("page {page}, directory at byte {offset}"))?;
        Ok(Directory { page, entries })
    }

    /// The entries of the directory at `offset`, and the offset of the next one.
    fn read_directory(&mut self, offset: u64, field: &str) -> Result<(BTreeMap<u16, Entry>, u64)> {
        let (entry_bytes, count_bytes, offset_bytes) = if self.big { (20, 8, 8) } else { (12, 2, 4) };
        let mut count = [0; 8];
        let count = &mut count[..count_bytes];
        self.read_at(offset, count)?;
        let count = number(count, self.byte_order);
        if count > MAX_ENTRIES {
            return Err(damaged(self.path, field, &format!("it has {count} entries")));
        }
        let mut bytes = vec![0; count as usize * entry_bytes + offset_bytes];
        self.stream.read_exact(&mut bytes).map_err(|error| cut_off(self.path, error))?;
        let (table, next) = bytes.split_at(count as usize * entry_bytes);
        let next = number(next, self.byte_order);
        let mut entries = BTreeMap::new();
        for bytes in table.chunks_exact(entry_bytes) {
            let kind = number(&bytes[2..4], self.byte_order) as u16;
            // BigTIFF readers do not agree on how long an entry of an unknown type is.
            if self.big && type_bytes(kind).is_none() {
                return Err(damaged(self.path, field, &format!("an entry has the unknown type {kind}")));
            }
            let mut inline = [0; 8];
            inline[..offset_bytes].copy_from_slice(&bytes[entry_bytes - offset_bytes..]);
            let count = number(&bytes[4..entry_bytes - offset_bytes], self.byte_order);
            // A tag that comes twice has its first value, as readers take it: tifffile writes the user's description,
            // and then one of its own.
            let tag = number(&bytes[..2], self.byte_order) as u16;
            entries.entry(tag).or_insert(Entry { kind, count, inline });
        }
        Ok((entries, next))
    }

    /// The unsigned numbers of `tag`, at most `most` of them; `None` if the page does not have the tag.
    ///
    /// # Errors
    /// [`Error::Format`] for another type or more numbers; what the operating system refuses.
    pub fn numbers(&mut self, directory: &Directory, tag: u16, most: u64) -> Result<Option<Vec<u64>>> {
        let Some(&entry) = directory.entries.get(&tag) else { return Ok(None) };
        if !matches!(entry.kind, BYTE | SHORT | LONG | IFD | LONG8 | IFD8) {
            return Err(directory.damaged(self.path, tag, "it is not made of unsigned numbers"));
        }
        let bytes = self.values(directory, tag, entry, most)?;
        let word = type_bytes(entry.kind).unwrap_or(1);
        Ok(Some(bytes.chunks_exact(word).map(|bytes| number(bytes, self.byte_order)).collect()))
    }

    /// The only number of `tag`; `None` if the page does not have the tag.
    ///
    /// # Errors
    /// [`Error::Format`] for another type or number of values; what the operating system refuses.
    pub fn number(&mut self, directory: &Directory, tag: u16) -> Result<Option<u64>> {
        match self.numbers(directory, tag, 1)?.as_deref() {
            None => Ok(None),
            Some([number]) => Ok(Some(*number)),
            Some(_) => Err(directory.damaged(self.path, tag, "it does not hold one number")),
        }
    }

    /// The text of `tag`, up to its first NUL; `None` if the page does not have the tag, it is no text, or it is
    /// longer than `most` bytes.
    ///
    /// # Errors
    /// What the operating system refuses.
    pub fn text(&mut self, directory: &Directory, tag: u16, most: u64) -> Result<Option<String>> {
        match directory.entries.get(&tag) {
            Some(&entry) if entry.kind == ASCII && entry.count <= most => {
                let bytes = self.values(directory, tag, entry, most)?;
                let end = bytes.iter().position(|&byte| byte == 0).unwrap_or(bytes.len());
                Ok(Some(String::from_utf8_lossy(&bytes[..end]).into_owned()))
            }
            _ => Ok(None),
        }
    }

    /// The values of `tag`, whatever they are, in a form that does not depend on the file's byte order; `None` if
    /// the page does not have the tag, or its type is not known.
    ///
    /// # Errors
    /// [`Error::Limit`] for more than `most` bytes; [`Error::Format`] for values that lie outside of the file; what
    /// the operating system refuses.
    pub fn value(&mut self, directory: &Directory, tag: u16, most: u64) -> Result<Option<Value>> {
        let Some(&entry) = directory.entries.get(&tag) else { return Ok(None) };
        let Some(word) = type_bytes(entry.kind) else { return Ok(None) };
        let bytes = u128::from(entry.count) * word as u128;
        Limits::check(self.path, "the size of a tag in bytes", bytes, most)?;
        let mut bytes = self.values(directory, tag, entry, u64::MAX)?;
        if self.byte_order == ByteOrder::Big {
            little_endian(entry.kind, &mut bytes);
        }
        Ok(Some(Value { kind: entry.kind, bytes }))
    }

    fn values(&mut self, directory: &Directory, tag: u16, entry: Entry, most: u64) -> Result<Vec<u8>> {
        if entry.count > most {
            return Err(directory.damaged(self.path, tag, &format!("it has {} values", entry.count)));
        }
        let length = u128::from(entry.count) * type_bytes(entry.kind).unwrap_or(1) as u128;
        if length > u128::from(self.length) {
            return Err(directory.damaged(self.path, tag, "it is longer than the file"));
        }
        let mut bytes = vec![0; length as usize];
        let offset_bytes = if self.big { 8 } else { 4 };
        if bytes.len() <= offset_bytes {
            let length = bytes.len();
            bytes.copy_from_slice(&entry.inline[..length]);
        } else {
            self.read_at(number(&entry.inline[..offset_bytes], self.byte_order), &mut bytes)?;
        }
        Ok(bytes)
    }

    fn read_at(&mut self, offset: u64, into: &mut [u8]) -> Result<()> {
        self.stream
            .seek(SeekFrom::Start(offset))
            .and_then(|_| self.stream.read_exact(into))
            .map_err(|error| cut_off(self.path, error))
    }
}

impl Directory {
    /// Number of values of `tag`, whatever they are; `None` if the page does not have the tag.
    pub fn count(&self, tag: u16) -> Option<u64> {
        self.entries.get(&tag).map(|entry| entry.count)
    }

    /// The tags that the page has, in increasing order.
    pub fn tags(&self) -> Vec<u16> {
        self.entries.keys().copied().collect()
    }

    fn damaged(&self, path: &Path, tag: u16, problem: &str) -> Error {
        damaged(path, &format!("page {}, tag {tag}", self.page), problem)
    }
}

/// An unsigned number of at most 8 bytes.
fn number(bytes: &[u8], byte_order: ByteOrder) -> u64 {
    let append = |value: u64, byte: &u8| value << 8 | u64::from(*byte);
    match byte_order {
        ByteOrder::Big => bytes.iter().fold(0, append),
        ByteOrder::Little => bytes.iter().rev().fold(0, append),
    }
}

pub(crate) fn damaged(path: &Path, field: &str, problem: &str) -> Error {
    Error::format(path, field, problem, "the file is damaged; write it again")
}

fn cut_off(path: &Path, error: io::Error) -> Error {
    match error.kind() {
        // An offset past the end of what the system can address is as false as one past the end of the file.
        io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidInput => {
            damaged(path, "directory", "it leads past the end of the file")
        }
        _ => Error::io("read", path)(error),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use proptest::prelude::*;

    use super::*;

    /// Walks all pages and looks at a few tags of each: the body for fuzzing.
    fn walk(bytes: &[u8]) -> Result<usize> {
        let limits = Limits { frames: 1000, ..Limits::default() };
        let mut directories = Directories::open(Path::new("x.tif"), Cursor::new(bytes), &limits)?;
        let mut pages = 0;
        while let Some(page) = directories.next_page()? {
            let _ = directories.number(&page, 256)?;
            let _ = directories.numbers(&page, 258, 4)?;
            let _ = directories.text(&page, 270, 100)?;
            pages += 1;
        }
        Ok(pages)
    }

    fn classic(next: u32) -> Vec<u8> {
        let mut bytes = b"II\x2a\x00\x08\x00\x00\x00\x01\x00".to_vec();
        bytes.extend([0, 1, 3, 0, 1, 0, 0, 0, 7, 0, 0, 0]);
        bytes.extend(next.to_le_bytes());
        bytes
    }

    #[test]
    fn chains_end_or_are_refused() {
        assert_eq!(walk(&classic(0)).unwrap(), 1);
        assert!(walk(&classic(8)).unwrap_err().to_string().contains("page 1: the chain of pages leads back"));
        assert!(walk(&classic(4000)).unwrap_err().to_string().contains("past the end"));
        let mut empty = classic(0);
        empty[8] = 0;
        assert!(walk(&empty).unwrap_err().to_string().contains("it has 0 entries"));
    }

    #[test]
    fn big_tiff_is_read_in_both_byte_orders() {
        let mut bytes = b"MM\x00\x2b\x00\x08\x00\x00".to_vec();
        bytes.extend(16_u64.to_be_bytes());
        bytes.extend(1_u64.to_be_bytes());
        bytes.extend([1, 0, 0, 16]);
        bytes.extend(1_u64.to_be_bytes());
        bytes.extend(77_u64.to_be_bytes());
        bytes.extend(0_u64.to_be_bytes());
        let limits = Limits::default();
        let mut directories = Directories::open(Path::new("x.tif"), Cursor::new(&bytes), &limits).unwrap();
        let page = directories.next_page().unwrap().unwrap();
        assert_eq!(directories.number(&page, 256).unwrap(), Some(77));
        assert!(directories.next_page().unwrap().is_none());
        bytes[27] = 99;
        assert!(walk(&bytes).unwrap_err().to_string().contains("unknown type 99"));
    }

    #[test]
    fn every_cut_is_an_error() {
        let whole = classic(0);
        for length in 0..whole.len() {
            assert!(walk(&whole[..length]).is_err(), "{length}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_no_panic(big in any::<bool>(), tail in prop::collection::vec(any::<u8>(), 0..200)) {
            let mut bytes = if big { b"II\x2b\x00\x08\x00\x00\x00".to_vec() } else { b"MM\x00\x2a".to_vec() };
            bytes.extend(tail);
            let _ = walk(&bytes);
        }
    }
}
