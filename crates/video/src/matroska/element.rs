//! EBML elements: an identifier, a size, a payload.

use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use stack_core::{Error, Result};

/// Identifiers of the elements that are looked at, marker bits included (RFC 9559, section 5).
pub(super) mod id {
    pub(in crate::matroska) const EBML: u32 = 0x1A45_DFA3;
    pub(in crate::matroska) const DOC_TYPE: u32 = 0x4282;
    pub(in crate::matroska) const SEGMENT: u32 = 0x1853_8067;
    pub(in crate::matroska) const INFO: u32 = 0x1549_A966;
    pub(in crate::matroska) const TRACKS: u32 = 0x1654_AE6B;
    pub(in crate::matroska) const TRACK_ENTRY: u32 = 0xAE;
    pub(in crate::matroska) const TRACK_NUMBER: u32 = 0xD7;
    pub(in crate::matroska) const TRACK_TYPE: u32 = 0x83;
    pub(in crate::matroska) const CODEC_ID: u32 = 0x86;
    pub(in crate::matroska) const CODEC_PRIVATE: u32 = 0x63A2;
    pub(in crate::matroska) const VIDEO: u32 = 0xE0;
    pub(in crate::matroska) const PIXEL_WIDTH: u32 = 0xB0;
    pub(in crate::matroska) const PIXEL_HEIGHT: u32 = 0xBA;
    pub(in crate::matroska) const ATTACHMENTS: u32 = 0x1941_A469;
    pub(in crate::matroska) const ATTACHED_FILE: u32 = 0x61A7;
    pub(in crate::matroska) const FILE_NAME: u32 = 0x466E;
    pub(in crate::matroska) const FILE_MEDIA_TYPE: u32 = 0x4660;
    pub(in crate::matroska) const FILE_DATA: u32 = 0x465C;
    pub(in crate::matroska) const CLUSTER: u32 = 0x1F43_B675;
    pub(in crate::matroska) const TIMESTAMP: u32 = 0xE7;
    pub(in crate::matroska) const SIMPLE_BLOCK: u32 = 0xA3;
    pub(in crate::matroska) const BLOCK_GROUP: u32 = 0xA0;
    pub(in crate::matroska) const BLOCK: u32 = 0xA1;
    pub(in crate::matroska) const REFERENCE_BLOCK: u32 = 0xFB;
    pub(in crate::matroska) const CRC_32: u32 = 0xBF;
    pub(in crate::matroska) const VOID: u32 = 0xEC;
}

/// Longest text that is read: names, media types, codec names.
const TEXT_BYTES: u64 = 4096;

/// Where an element lies in the file, in bytes from its beginning.
#[derive(Debug, Clone, Copy)]
pub(super) struct Element {
    pub(super) id: u32,
    /// Where its size field begins.
    pub(super) size_field: u64,
    /// Where its payload begins.
    pub(super) payload: u64,
    /// Where its payload ends; `None` if the file says that the size is unknown.
    pub(super) end: Option<u64>,
}

impl Element {
    /// Where its identifier begins.
    pub(super) fn start(self) -> u64 {
        self.size_field - u64::from((self.id.ilog2() / 8) + 1)
    }
}

/// Reads elements at known places.
pub(super) struct Walker<R> {
    reader: BufReader<R>,
    position: u64,
    pub(super) length: u64,
    path: PathBuf,
}

impl<R: Read + Seek> Walker<R> {
    pub(super) fn new(mut reader: R, path: &Path) -> Result<Self> {
        let length = reader.seek(SeekFrom::End(0)).map_err(Error::io("read", path))?;
        reader.seek(SeekFrom::Start(0)).map_err(Error::io("read", path))?;
        // Small, so that skipping from block to block in a large file does not read it all.
        let reader = BufReader::with_capacity(512, reader);
        Ok(Self { reader, position: 0, length, path: path.to_path_buf() })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// A format error of this file.
    pub(super) fn wrong(&self, field: impl Into<String>, problem: impl Into<String>) -> Error {
        Error::format(
            &self.path,
            field,
            problem,
            "the file is damaged, cut off or not Matroska; restore it from a copy",
        )
    }

    /// Fills `buffer` with the bytes at `offset`.
    pub(super) fn read_at(&mut self, offset: u64, buffer: &mut [u8]) -> Result<()> {
        let moved = i128::from(offset) - i128::from(self.position);
        let reached = match i64::try_from(moved) {
            Ok(moved) => self.reader.seek_relative(moved),
            Err(_) => self.reader.seek(SeekFrom::Start(offset)).map(|_| ()),
        };
        self.position = offset;
        let read = reached.and_then(|()| self.reader.read_exact(buffer));
        match read {
            Ok(()) => {
                self.position += buffer.len() as u64;
                Ok(())
            }
            Err(error) => {
                // Wherever the failure left the reader, the next read starts from a known place.
                self.position = self.reader.stream_position().unwrap_or(0);
                if error.kind() == io::ErrorKind::UnexpectedEof {
                    Err(self.wrong(format!("byte {offset}"), "the file ends here"))
                } else {
                    Err(Error::io("read", &self.path)(error))
                }
            }
        }
    }

    /// The element at `offset` of a parent that ends at `parent_end`.
    ///
    /// An element of known size ends at or before `parent_end`, so that walking always comes to an end.
    pub(super) fn element(&mut self, offset: u64, parent_end: u64) -> Result<Element> {
        let element = self.element_of_any_size(offset, parent_end)?;
        if element.end.is_some_and(|end| end > parent_end) {
            return Err(self.wrong(format!("element at byte {offset}"), "it is longer than its parent"));
        }
        Ok(element)
    }

    /// The element at `offset`, whose identifier and size end at or before `parent_end`, but whose payload may
    /// not.
    pub(super) fn element_of_any_size(&mut self, offset: u64, parent_end: u64) -> Result<Element> {
        let mut bytes = [0; 12];
        let available = parent_end.saturating_sub(offset).min(12) as usize;
        let bytes = &mut bytes[..available];
        self.read_at(offset, bytes)?;
        let wrong = |problem| self.wrong(format!("element at byte {offset}"), problem);
        let cut = || wrong("its identifier or size is cut off");
        let id_bytes = bytes.first().ok_or_else(cut)?.leading_zeros() as usize + 1;
        if id_bytes > 4 {
            return Err(wrong("not an EBML identifier"));
        }
        let id_field = bytes.get(..id_bytes).ok_or_else(cut)?;
        let id = id_field.iter().fold(0, |id, &byte| (id << 8) | u32::from(byte));
        let (size, size_bytes) = variable_integer(&bytes[id_bytes..]).ok_or_else(cut)?;
        let size_field = offset + id_bytes as u64;
        let payload = size_field + size_bytes as u64;
        Ok(Element { id, size_field, payload, end: size.map(|size| payload.saturating_add(size)) })
    }

    /// Calls `visit` for each child of a parent whose payload lies at `payload..end`.
    pub(super) fn children(
        &mut self,
        payload: u64,
        end: u64,
        mut visit: impl FnMut(&mut Self, Element, u64) -> Result<()>,
    ) -> Result<()> {
        let mut offset = payload;
        while offset < end {
            let child = self.element(offset, end)?;
            let Some(child_end) = child.end else {
                let place = format!("element {:X} at byte {offset}", child.id);
                return Err(self.wrong(place, "its size is unknown"));
            };
            visit(self, child, child_end)?;
            offset = child_end;
        }
        Ok(())
    }

    /// An unsigned integer element's value.
    pub(super) fn unsigned(&mut self, element: Element, end: u64) -> Result<u64> {
        let length = end - element.payload;
        if length > 8 {
            let place = format!("integer at byte {}", element.payload);
            return Err(self.wrong(place, format!("{length} bytes long, at most 8 are possible")));
        }
        let mut bytes = [0; 8];
        self.read_at(element.payload, &mut bytes[8 - length as usize..])?;
        Ok(u64::from_be_bytes(bytes))
    }

    /// A text element's value, without the zeros that may follow it.
    pub(super) fn text(&mut self, element: Element, end: u64) -> Result<String> {
        let length = end - element.payload;
        let place = format!("text at byte {}", element.payload);
        if length > TEXT_BYTES {
            return Err(self.wrong(place, format!("{length} bytes long, at most {TEXT_BYTES} are read")));
        }
        let mut bytes = vec![0; length as usize];
        self.read_at(element.payload, &mut bytes)?;
        let text = bytes.split(|&byte| byte == 0).next().unwrap_or_default();
        String::from_utf8(text.to_vec()).map_err(|_| self.wrong(place, "not UTF-8"))
    }
}

/// A variable-length integer (RFC 8794, section 4): its value without the marker bit, and its length in bytes.
/// The value is `None` where all its bits are set, which means "unknown size".
pub(super) fn variable_integer(bytes: &[u8]) -> Option<(Option<u64>, usize)> {
    let length = bytes.first()?.leading_zeros() as usize + 1;
    let field = bytes.get(..length)?;
    let all = field.iter().fold(0_u64, |all, &byte| (all << 8) | u64::from(byte));
    let value_bits = 7 * length as u32;
    let mask = (1_u64 << value_bits) - 1;
    let value = all & mask;
    Some(((value != mask).then_some(value), length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variable_integers_by_the_definition() {
        assert_eq!(variable_integer(&[0x82]), Some((Some(2), 1)));
        assert_eq!(variable_integer(&[0x40, 0x02]), Some((Some(2), 2)));
        assert_eq!(variable_integer(&[0x01, 0, 0, 0, 0, 0, 1, 2]), Some((Some(258), 8)));
        assert_eq!(variable_integer(&[0xFF]), Some((None, 1)));
        assert_eq!(variable_integer(&[0x01, 255, 255, 255, 255, 255, 255, 255]), Some((None, 8)));
        assert_eq!(variable_integer(&[0x40]), None);
        assert_eq!(variable_integer(&[0]), None);
        assert_eq!(variable_integer(&[]), None);
    }
}
