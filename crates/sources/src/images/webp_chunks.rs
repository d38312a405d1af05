//! The chunks of a WebP file that are kept: colour profile, Exif data, XMP (RFC 9649, section 2.7).
//!
//! ```text
//! "RIFF", length (4), "WEBP", { type (4), length (4, little-endian), data, a byte more if the length is odd }
//! ```

use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use stack_core::{Error, Limits, Result};

use crate::blocks::{EXIF, FrameBlocks, ICC, XMP};

/// Reads what is kept of the WebP file that `stream` is at the beginning of.
///
/// # Errors
/// [`Error::Format`] for chunks that reach past the end of the file; [`Error::Limit`]; what the operating system
/// refuses.
pub(crate) fn read<R: Read + Seek>(path: &Path, stream: &mut R, limits: &Limits) -> Result<FrameBlocks> {
    let length = stream.seek(SeekFrom::End(0)).map_err(Error::io("read", path))?;
    let (mut blocks, mut total) = (FrameBlocks::new(), 0);
    let mut at = 12;
    loop {
        stream.seek(SeekFrom::Start(at)).map_err(Error::io("read", path))?;
        let mut head = [0; 8];
        match stream.read_exact(&mut head) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(blocks),
            Err(error) => return Err(Error::io("read", path)(error)),
        }
        let [name @ .., l0, l1, l2, l3] = head;
        let data_length = u32::from_le_bytes([l0, l1, l2, l3]);
        let start = at + 8;
        at = start + u64::from(data_length).next_multiple_of(2);
        let name = match &name {
            b"ICCP" => ICC,
            b"EXIF" => EXIF,
            b"XMP " => XMP,
            _ => continue,
        };
        if start + u64::from(data_length) > length {
            let problem = format!("the chunk of its {name} data reaches past the end of the file");
            return Err(Error::format(path, "WebP", problem, "save the image again, or take it out"));
        }
        total += u128::from(data_length);
        Limits::check(path, "the size of WebP chunks in bytes", total, limits.metadata_bytes)?;
        let mut data = vec![0; data_length as usize];
        stream.read_exact(&mut data).map_err(Error::io("read", path))?;
        // Some programs put the head of a JPEG segment in front.
        if name == EXIF && data.starts_with(b"Exif\0\0") {
            data.drain(..6);
        }
        if !blocks.iter().any(|(known, _)| known == name) {
            blocks.push((name.into(), data));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use proptest::prelude::*;

    use super::*;

    fn read_bytes(bytes: &[u8], metadata_bytes: u64) -> Result<FrameBlocks> {
        let limits = Limits { metadata_bytes, ..Limits::default() };
        read(Path::new("x.webp"), &mut Cursor::new(bytes), &limits)
    }

    #[test]
    fn chunks_are_found_and_checked() {
        let bytes = b"RIFF\0\0\0\0WEBPVP8X\x02\0\0\0abICCP\x03\0\0\0icc\0EXIF\x08\0\0\0Exif\0\0II";
        let blocks = read_bytes(bytes, 100).unwrap();
        assert_eq!(blocks, [("icc".to_owned(), b"icc".to_vec()), ("exif".to_owned(), b"II".to_vec())]);
        let error = read_bytes(bytes, 10).unwrap_err().to_string();
        assert!(error.contains("the size of WebP chunks in bytes is 11"), "{error}");
        let error = read_bytes(&bytes[..bytes.len() - 1], 100).unwrap_err().to_string();
        assert!(error.contains("its exif data reaches past the end"), "{error}");
    }

    proptest! {
        #[test]
        fn any_bytes_are_no_panic(tail in prop::collection::vec(any::<u8>(), 0..80)) {
            let _ = read_bytes(&[b"RIFF\0\0\0\0WEBPICCP".as_slice(), &tail].concat(), 1 << 20);
        }
    }
}
