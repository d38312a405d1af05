//! Exif data as directories: in a TIFF page, and as the small TIFF file that PNG, JPEG and WebP carry
//! (CIPA DC-008, Exif 2.32, section 4.5 and 4.6).
//!
//! ```text
//! main --34665--> Exif --40965--> interoperability
//!    \---34853--> GPS
//! ```
//!
//! A thumbnail (the second directory of the small file) is a picture of its own and is left out. Maker notes are
//! bytes of unknown structure: they are copied, but places inside the file that they speak of are no longer right.

use std::collections::BTreeSet;
use std::io::{self, Cursor, Read, Seek, Write};
use std::path::Path;

use stack_core::{Error, Limits, Result};

use super::directory::{Directories, Directory};
use super::layout::tag;
use super::tags::{Tags, is_kept};
use super::value::{IFD, IFD8};
use super::writer::TiffWriter;

/// The directory of interoperability, inside that of Exif.
const INTEROPERABILITY: u16 = 40965;

/// The directories of Exif data; empty ones are left out of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Exif {
    /// Tags that belong to a page: camera, orientation, resolution.
    pub(crate) main: Tags,
    exif: Tags,
    interoperability: Tags,
    gps: Tags,
}

impl Exif {
    /// The Exif and GPS directories of a page; `None` if it has none. The page's own tags are left out.
    ///
    /// A directory of interoperability that is not there is added to `not_kept`: Pillow, for one, writes TIFF files
    /// in which this place is wrong.
    pub(crate) fn of_page<R: Read + Seek>(
        directories: &mut Directories<'_, R>,
        page: &Directory,
        limits: &Limits,
        not_kept: &mut BTreeSet<u16>,
    ) -> Result<Option<Self>> {
        let mut found = Self::default();
        if let Some(offset) = directories.number(page, tag::EXIF)? {
            let directory = directories.directory_at(offset, page.page)?;
            match interoperability(directories, &directory, limits) {
                Err(Error::Format { .. }) => {
                    not_kept.insert(INTEROPERABILITY);
                }
                inner => found.interoperability = inner?,
            }
            found.exif = plain_tags(directories, &directory, limits)?;
        }
        if let Some(offset) = directories.number(page, tag::GPS)? {
            let directory = directories.directory_at(offset, page.page)?;
            found.gps = plain_tags(directories, &directory, limits)?;
        }
        Ok((found != Self::default()).then_some(found))
    }

    /// Reads a small TIFF file.
    ///
    /// # Errors
    /// Those of [`Directories`], with `exif` as the file's name.
    pub(crate) fn from_block(block: &[u8], limits: &Limits) -> Result<Self> {
        let path = Path::new(crate::blocks::EXIF);
        let mut directories = Directories::open(path, Cursor::new(block), limits)?;
        let Some(page) = directories.next_page()? else { return Ok(Self::default()) };
        let mut found =
            Self::of_page(&mut directories, &page, limits, &mut BTreeSet::new())?.unwrap_or_default();
        found.main = plain_tags(&mut directories, &page, limits)?;
        found.main.retain(|&tag, _| is_kept(tag) && !matches!(tag, tag::PHOTOMETRIC | tag::EXTRA_SAMPLES));
        Ok(found)
    }

    /// A small little-endian TIFF file.
    pub(crate) fn to_block(&self) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        let written = TiffWriter::new(&mut bytes, false).and_then(|mut writer| {
            let tags = self.write(&mut writer)?;
            writer.page(&tags)
        });
        // Values that came from a classic file or were checked against limits fit into 4 GiB of memory.
        written.map(|()| bytes.into_inner()).unwrap_or_default()
    }

    /// Writes the inner directories; gives the tags of the page, which lead to them.
    pub(crate) fn write<W: Write + Seek>(&self, writer: &mut TiffWriter<W>) -> io::Result<Tags> {
        let mut page = self.main.clone();
        let mut exif = self.exif.clone();
        if !self.interoperability.is_empty() {
            let offset = writer.directory(&self.interoperability)?;
            exif.insert(INTEROPERABILITY, writer.offset_value(offset)?);
        }
        for (tag, directory) in [(tag::EXIF, &exif), (tag::GPS, &self.gps)] {
            if !directory.is_empty() {
                let offset = writer.directory(directory)?;
                page.insert(tag, writer.offset_value(offset)?);
            }
        }
        Ok(page)
    }
}

fn interoperability<R: Read + Seek>(
    directories: &mut Directories<'_, R>,
    exif: &Directory,
    limits: &Limits,
) -> Result<Tags> {
    let Some(offset) = directories.number(exif, INTEROPERABILITY)? else { return Ok(Tags::new()) };
    let directory = directories.directory_at(offset, exif.page)?;
    plain_tags(directories, &directory, limits)
}

/// The tags of a directory that are values, not places.
fn plain_tags<R: Read + Seek>(
    directories: &mut Directories<'_, R>,
    directory: &Directory,
    limits: &Limits,
) -> Result<Tags> {
    let mut tags = Tags::new();
    for tag in directory.tags() {
        if matches!(tag, tag::EXIF | tag::GPS | INTEROPERABILITY) {
            continue;
        }
        if let Some(value) = directories.value(directory, tag, limits.metadata_bytes)?
            && !matches!(value.kind, IFD | IFD8)
        {
            tags.insert(tag, value);
        }
    }
    Ok(tags)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::pages::value::Value;

    pub(crate) fn example() -> Exif {
        let tags = |tag, value| Tags::from([(tag, value)]);
        Exif {
            main: tags(271, Value::text(b"a camera")),
            exif: tags(33434, Value { kind: 5, bytes: vec![1, 0, 0, 0, 60, 0, 0, 0] }),
            interoperability: tags(1, Value::text(b"R98")),
            gps: tags(1, Value::text(b"N")),
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let block = example().to_block();
        assert_eq!(Exif::from_block(&block, &Limits::default()).unwrap(), example());
        for length in 0..block.len() {
            let read = Exif::from_block(&block[..length], &Limits::default());
            assert!(read.is_err(), "{length} of {} bytes", block.len());
        }
        for bit in 0..block.len() * 8 {
            let mut bytes = block.clone();
            bytes[bit / 8] ^= 1 << (bit % 8);
            let _ = Exif::from_block(&bytes, &Limits::default());
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_no_panic(tail in prop::collection::vec(any::<u8>(), 0..200)) {
            let bytes = [b"MM\x00\x2a".as_slice(), &tail].concat();
            let _ = Exif::from_block(&bytes, &Limits::default());
        }
    }
}
