//! Writes TIFF and BigTIFF files, little-endian on every machine.
//!
//! Samples, long values and directories are put one after the other, each at a multiple of 8 bytes; only the link
//! from one directory to the next is filled in afterwards. (The `tiff` crate writes in the machine's byte order, so
//! it compresses, and the directories are written here.)

use std::io::{self, Seek, SeekFrom, Write};

use super::tags::Tags;
use super::value::{LONG, LONG8, Value};

/// A file under construction.
pub(crate) struct TiffWriter<W> {
    stream: W,
    /// Where the next bytes go.
    end: u64,
    big: bool,
    /// Where the offset of the next page's directory goes.
    link: u64,
}

impl<W: Write + Seek> TiffWriter<W> {
    /// Begins a file at the beginning of `stream`.
    pub(crate) fn new(mut stream: W, big: bool) -> io::Result<Self> {
        let (head, link): (&[u8], u64) =
            if big { (b"II\x2b\0\x08\0\0\0\0\0\0\0\0\0\0\0", 8) } else { (b"II\x2a\0\0\0\0\0", 4) };
        stream.write_all(head)?;
        Ok(Self { stream, end: head.len() as u64, big, link })
    }

    /// What the file was written to.
    pub(crate) fn into_inner(self) -> W {
        self.stream
    }

    /// Appends bytes; gives their offset.
    pub(crate) fn data(&mut self, bytes: &[u8]) -> io::Result<u64> {
        let padding = self.end.next_multiple_of(8) - self.end;
        self.stream.write_all(&[0; 8][..padding as usize])?;
        self.stream.write_all(bytes)?;
        let offset = self.end + padding;
        self.end = offset + bytes.len() as u64;
        Ok(offset)
    }

    /// A number in the width that offsets have in this file.
    pub(crate) fn offset_value(&self, offset: u64) -> io::Result<Value> {
        let kind = if self.big { LONG8 } else { LONG };
        Ok(Value { kind, bytes: self.offset_bytes(offset)?.to_vec() })
    }

    /// Appends a directory that is no page; gives its offset. Tags without values are left out.
    pub(crate) fn directory(&mut self, tags: &Tags) -> io::Result<u64> {
        let (directory, _) = self.entries(tags)?;
        self.data(&directory)
    }

    /// Appends a directory and links it to the page before.
    pub(crate) fn page(&mut self, tags: &Tags) -> io::Result<()> {
        let (directory, link) = self.entries(tags)?;
        let offset = self.data(&directory)?;
        let bytes = self.offset_bytes(offset)?;
        self.stream.seek(SeekFrom::Start(self.link))?;
        self.stream.write_all(&bytes)?;
        self.stream.seek(SeekFrom::Start(self.end))?;
        self.link = offset + link;
        Ok(())
    }

    /// Appends values that do not fit into entries; gives the directory, and where in it the link is.
    fn entries(&mut self, tags: &Tags) -> io::Result<(Vec<u8>, u64)> {
        let tags: Vec<_> = tags.iter().filter(|(_, value)| value.count() > 0).collect();
        let count = tags.len() as u64;
        let mut directory =
            if self.big { count.to_le_bytes().to_vec() } else { (count as u16).to_le_bytes().to_vec() };
        for (tag, value) in tags {
            directory.extend(tag.to_le_bytes());
            directory.extend(value.kind.to_le_bytes());
            directory.extend(self.offset_bytes(value.count())?);
            let width = if self.big { 8 } else { 4 };
            if value.bytes.len() <= width {
                directory.extend(&value.bytes);
                directory.resize(directory.len() + width - value.bytes.len(), 0);
            } else {
                let offset = self.data(&value.bytes)?;
                directory.extend(self.offset_bytes(offset)?);
            }
        }
        let link = directory.len() as u64;
        directory.extend(self.offset_bytes(0)?);
        Ok((directory, link))
    }

    /// An offset or a count, as wide as the file has them.
    fn offset_bytes(&self, number: u64) -> io::Result<Vec<u8>> {
        if self.big {
            return Ok(number.to_le_bytes().to_vec());
        }
        let narrow = u32::try_from(number)
            .map_err(|_| io::Error::new(io::ErrorKind::FileTooLarge, "a classic TIFF file ends at 4 GiB"))?;
        Ok(narrow.to_le_bytes().to_vec())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;
    use std::path::Path;

    use stack_core::Limits;

    use super::*;
    use crate::pages::directory::Directories;

    #[test]
    fn a_classic_file_byte_by_byte() {
        let mut bytes = Cursor::new(Vec::new());
        let mut writer = TiffWriter::new(&mut bytes, false).unwrap();
        let tags = Tags::from([
            (256, Value::shorts(&[7])),
            (270, Value::text(b"ten bytes")),
            (271, Value::shorts(&[])),
        ]);
        writer.page(&tags).unwrap();
        let expected: &[u8] = b"II\x2a\0\x18\0\0\0ten bytes\0\0\0\0\0\0\0\x02\0\
            \0\x01\x03\0\x01\0\0\0\x07\0\0\0\x0e\x01\x02\0\x0a\0\0\0\x08\0\0\0\0\0\0\0";
        assert_eq!(bytes.into_inner(), expected);
    }

    #[test]
    fn pages_are_linked_in_both_kinds() {
        for big in [false, true] {
            let mut bytes = Cursor::new(Vec::new());
            let mut writer = TiffWriter::new(&mut bytes, big).unwrap();
            let values = [Value::text(b"a"), Value::text(b"a longer text"), Value::long(1 << 20)];
            for value in &values {
                writer.page(&Tags::from([(305, value.clone())])).unwrap();
            }
            let path = Path::new("x.tif");
            let mut directories = Directories::open(path, &mut bytes, &Limits::default()).unwrap();
            for value in &values {
                let page = directories.next_page().unwrap().unwrap();
                assert_eq!(directories.value(&page, 305, 99).unwrap().as_ref(), Some(value));
            }
            assert!(directories.next_page().unwrap().is_none());
        }
    }
}
