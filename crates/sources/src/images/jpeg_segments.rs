//! The application segments of a JPEG file that are kept: Exif data, XMP, the colour profile.
//!
//! | segment | begins with | content |
//! |---|---|---|
//! | APP1 | `Exif`, NUL, NUL | a small TIFF file (CIPA DC-008, section 4.7.2) |
//! | APP1 | `http://ns.adobe.com/xap/1.0/`, NUL | an XMP packet (XMP, part 3, section 1.1.3) |
//! | APP2 | `ICC_PROFILE`, NUL, number from 1, count | a part of a profile (ICC.1, annex B.4) |
//!
//! Read are the segments before the image data. Parts of a profile may come in any order.

use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use stack_core::{Error, Limits, Result};

use super::jpeg_header::{END_OF_IMAGE, START_OF_SCAN, next_marker};
use crate::blocks::{EXIF, FrameBlocks, ICC, XMP};

const EXIF_HEAD: &[u8] = b"Exif\0\0";
const XMP_HEAD: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";
const ICC_HEAD: &[u8] = b"ICC_PROFILE\0";

/// Reads what is kept of the JPEG file that `stream` is at the beginning of.
///
/// # Errors
/// [`Error::Format`] for segments that are cut off and for a profile with missing parts; [`Error::Limit`]; what the
/// operating system refuses.
pub(crate) fn read<R: Read + Seek>(path: &Path, stream: &mut R, limits: &Limits) -> Result<FrameBlocks> {
    let cut_off = |error: io::Error| match error.kind() {
        io::ErrorKind::UnexpectedEof => damaged(path, "JPEG segments", "the file ends inside of one"),
        _ => Error::io("read", path)(error),
    };
    stream.seek(SeekFrom::Start(2)).map_err(cut_off)?;
    let (mut blocks, mut profile, mut total) = (FrameBlocks::new(), Profile::default(), 0);
    while let Some(marker) = next_marker(stream).map_err(cut_off)? {
        match marker {
            0x01 | 0xd0..=0xd7 => continue,
            START_OF_SCAN | END_OF_IMAGE => break,
            _ => {}
        }
        let mut length = [0; 2];
        stream.read_exact(&mut length).map_err(cut_off)?;
        let Some(length) = u16::from_be_bytes(length).checked_sub(2) else {
            return Err(damaged(path, "JPEG segments", "one is shorter than its own length"));
        };
        if !matches!(marker, 0xe1 | 0xe2) {
            stream.seek(SeekFrom::Current(i64::from(length))).map_err(cut_off)?;
            continue;
        }
        let mut data = vec![0; usize::from(length)];
        stream.read_exact(&mut data).map_err(cut_off)?;
        let kept = |name: &str| blocks.iter().any(|(known, _)| known == name);
        if let (0xe1, Some(exif)) = (marker, data.strip_prefix(EXIF_HEAD)) {
            if !kept(EXIF) {
                blocks.push((EXIF.into(), exif.to_vec()));
            }
        } else if let (0xe1, Some(packet)) = (marker, data.strip_prefix(XMP_HEAD)) {
            if !kept(XMP) {
                blocks.push((XMP.into(), packet.to_vec()));
            }
        } else if let (0xe2, Some([number, count, part @ ..])) = (marker, data.strip_prefix(ICC_HEAD)) {
            profile.add(path, *number, *count, part)?;
        } else {
            continue;
        }
        total += u128::from(length);
        Limits::check(path, "the size of JPEG segments in bytes", total, limits.metadata_bytes)?;
    }
    if let Some(icc) = profile.whole(path)? {
        blocks.push((ICC.into(), icc));
    }
    Ok(blocks)
}

/// A profile in parts; each has its place.
#[derive(Default)]
struct Profile {
    parts: Vec<Option<Vec<u8>>>,
}

impl Profile {
    fn add(&mut self, path: &Path, number: u8, count: u8, part: &[u8]) -> Result<()> {
        if self.parts.is_empty() {
            self.parts = vec![None; usize::from(count)];
        }
        let known = self.parts.len() == usize::from(count);
        let place = usize::from(number).checked_sub(1).and_then(|index| self.parts.get_mut(index));
        match place {
            Some(place) if known && place.is_none() => {
                *place = Some(part.to_vec());
                Ok(())
            }
            _ => {
                let problem = format!("there is a part {number} of {count} that does not fit the others");
                Err(damaged(path, "ICC profile", &problem))
            }
        }
    }

    /// The parts in their order; `None` if there are none.
    fn whole(self, path: &Path) -> Result<Option<Vec<u8>>> {
        if self.parts.is_empty() {
            return Ok(None);
        }
        let count = self.parts.len();
        match self.parts.into_iter().collect::<Option<Vec<_>>>() {
            Some(parts) => Ok(Some(parts.concat())),
            None => Err(damaged(path, "ICC profile", &format!("not all of its {count} parts are there"))),
        }
    }
}

fn damaged(path: &Path, field: &str, problem: &str) -> Error {
    Error::format(path, field, problem, "save the image again, or take it out")
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use proptest::prelude::*;

    use super::*;

    fn file(segments: &[(u8, &[u8])]) -> Vec<u8> {
        let mut bytes = vec![0xff, 0xd8];
        for (marker, data) in segments {
            bytes.extend([0xff, *marker]);
            bytes.extend((data.len() as u16 + 2).to_be_bytes());
            bytes.extend(*data);
        }
        bytes.extend([0xff, 0xda]);
        bytes
    }

    fn read_bytes(bytes: &[u8]) -> Result<FrameBlocks> {
        read(Path::new("x.jpg"), &mut Cursor::new(bytes), &Limits::default())
    }

    fn part(number: u8, count: u8, data: &[u8]) -> Vec<u8> {
        [ICC_HEAD, &[number, count], data].concat()
    }

    #[test]
    fn a_profile_in_parts_is_put_together() {
        let (first, second) = (part(1, 2, b"pro"), part(2, 2, b"file"));
        let exif = [EXIF_HEAD, b"II..."].concat();
        let xmp = [XMP_HEAD, b"<x/>"].concat();
        let bytes = file(&[(0xe0, b"JFIF"), (0xe2, &second), (0xe1, &exif), (0xe1, &xmp), (0xe2, &first)]);
        let blocks = read_bytes(&bytes).unwrap();
        let expected = [("exif", &b"II..."[..]), ("xmp", b"<x/>"), ("icc", b"profile")];
        assert_eq!(blocks, expected.map(|(name, bytes)| (name.to_owned(), bytes.to_vec())));
        for length in 2..bytes.len() {
            assert!(read_bytes(&bytes[..length]).is_err(), "{length} of {} bytes", bytes.len());
        }
        let error = read_bytes(&file(&[(0xe2, &second)])).unwrap_err().to_string();
        assert!(error.contains("ICC profile: not all of its 2 parts are there"), "{error}");
        for wrong in [part(3, 2, b""), part(0, 2, b""), part(1, 3, b""), part(2, 2, b"")] {
            let error = read_bytes(&file(&[(0xe2, &second), (0xe2, &wrong)])).unwrap_err().to_string();
            assert!(error.contains("does not fit the others"), "{error}");
        }
        let limits = Limits { metadata_bytes: 30, ..Limits::default() };
        let error = read(Path::new("x.jpg"), &mut Cursor::new(&bytes), &limits).unwrap_err().to_string();
        assert!(error.contains("the size of JPEG segments in bytes"), "{error}");
    }

    proptest! {
        #[test]
        fn any_bytes_are_no_panic(tail in prop::collection::vec(prop_oneof![Just(0xff_u8), any::<u8>()], 0..80)) {
            let _ = read_bytes(&[&[0xff, 0xd8], tail.as_slice()].concat());
            let _ = read_bytes(&file(&[(0xe2, &[ICC_HEAD, &tail].concat())]));
        }
    }
}
