//! Size and colours of a JPEG file, from its frame header (ITU-T T.81, annex B).
//!
//! The decoder reads a whole file before it tells the size; a folder of thousands of photographs is looked through
//! with this instead, which reads the segments before the image data and nothing else.

use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use stack_core::{Error, Result};

/// What the frame header says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JpegHeader {
    /// Rows.
    pub height: u16,
    /// Columns.
    pub width: u16,
    /// 1 (grey) or 3 (which are read as RGB).
    pub channels: usize,
}

pub(super) const START_OF_SCAN: u8 = 0xda;
pub(super) const END_OF_IMAGE: u8 = 0xd9;

/// Reads segments up to the frame header.
///
/// # Errors
/// [`Error::Format`] for anything but an 8-bit grey or three-colour JPEG; what the operating system refuses.
pub fn read<R: Read + Seek>(path: &Path, stream: &mut R) -> Result<JpegHeader> {
    let refuse = |problem: &str| {
        Error::format(path, "JPEG header", problem, "save it again as 8-bit grey or RGB, or take it out")
    };
    let broken = |error: io::Error| match error.kind() {
        io::ErrorKind::UnexpectedEof => refuse("the file ends before its frame header"),
        _ => Error::io("read", path)(error),
    };
    let mut start = [0; 2];
    stream.read_exact(&mut start).map_err(broken)?;
    if start != [0xff, 0xd8] {
        return Err(refuse("it does not begin with a start of image"));
    }
    loop {
        let marker = next_marker(stream).map_err(broken)?.ok_or_else(|| refuse("a marker is missing"))?;
        match marker {
            // Markers without a segment: TEM and the restart markers.
            0x01 | 0xd0..=0xd7 => continue,
            START_OF_SCAN | END_OF_IMAGE => return Err(refuse("there is no frame header")),
            _ => {}
        }
        let mut length = [0; 2];
        stream.read_exact(&mut length).map_err(broken)?;
        let Some(length) = u16::from_be_bytes(length).checked_sub(2) else {
            return Err(refuse("a segment is shorter than its own length"));
        };
        // Frame headers are C0 to CF without C4 (tables), C8 (reserved) and CC (conditioning).
        if !matches!(marker, 0xc0..=0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf) {
            stream.seek(SeekFrom::Current(i64::from(length))).map_err(broken)?;
            continue;
        }
        let mut frame = [0; 6];
        stream.read_exact(&mut frame).map_err(broken)?;
        let [bits, height_1, height_0, width_1, width_0, components] = frame;
        let height = u16::from_be_bytes([height_1, height_0]);
        let width = u16::from_be_bytes([width_1, width_0]);
        return match (bits, components) {
            (8, 1 | 3) if height > 0 && width > 0 => {
                Ok(JpegHeader { height, width, channels: usize::from(components) })
            }
            (8, 1 | 3) => Err(refuse("its height or width is zero")),
            (8, _) => Err(refuse(&format!("{components} colour components (CMYK?) are not supported"))),
            _ => Err(refuse(&format!("{bits}-bit samples are not supported"))),
        };
    }
}

/// The next marker's second byte; fill bytes (FF) may come before it. `None` if no marker comes next.
pub(super) fn next_marker(stream: &mut impl Read) -> io::Result<Option<u8>> {
    let mut byte = [0];
    stream.read_exact(&mut byte)?;
    if byte[0] != 0xff {
        return Ok(None);
    }
    while byte[0] == 0xff {
        stream.read_exact(&mut byte)?;
    }
    Ok(Some(byte[0]))
}

/// Whether an end of image follows the first start of scan.
///
/// In the coded data, FF is always followed by 00 or a restart marker, so the search cannot be misled by it.
pub fn reaches_end(bytes: &[u8]) -> bool {
    let mut at = 2;
    while let Some(&[0xff, marker]) = bytes.get(at..at + 2) {
        match marker {
            START_OF_SCAN => return bytes[at..].windows(2).any(|pair| pair == [0xff, END_OF_IMAGE]),
            0xff => at += 1,
            0x01 | 0xd0..=0xd7 => at += 2,
            _ => match bytes.get(at + 2..at + 4) {
                Some(&[high, low]) => at += 2 + usize::from(u16::from_be_bytes([high, low])).max(2),
                _ => return false,
            },
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use proptest::prelude::*;

    use super::*;

    const SMALL: [u8; 31] = [
        0xff, 0xd8, 0xff, 0xe0, 0, 4, 0xff, 0xd9, 0xff, 0xff, 0xc0, 0, 11, 8, 0, 5, 0, 7, 1, 1, 0x11, 0,
        0xff, 0xda, 0, 2, 0x12, 0xff, 0, 0xff, 0xd9,
    ];

    fn header(bytes: &[u8]) -> Result<JpegHeader> {
        read(Path::new("x.jpg"), &mut Cursor::new(bytes))
    }

    #[test]
    fn the_frame_header_is_found() {
        assert_eq!(header(&SMALL).unwrap(), JpegHeader { height: 5, width: 7, channels: 1 });
        assert!(reaches_end(&SMALL));
        for (at, value, problem) in
            [(13, 12, "12-bit"), (18, 4, "CMYK"), (17, 0, "zero"), (1, 0, "start of image"), (8, 0, "marker")]
        {
            let mut bytes = SMALL;
            bytes[at] = value;
            let error = header(&bytes).unwrap_err().to_string();
            assert!(error.contains(problem), "{error}");
        }
    }

    #[test]
    fn every_cut_is_noticed() {
        for length in 0..SMALL.len() {
            assert!(!reaches_end(&SMALL[..length]), "{length}");
            assert_eq!(header(&SMALL[..length]).is_ok(), length >= 19, "{length}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_no_panic(tail in prop::collection::vec(prop_oneof![Just(0xff_u8), any::<u8>()], 0..80)) {
            let mut bytes = vec![0xff, 0xd8];
            bytes.extend(tail);
            let _ = (header(&bytes), reaches_end(&bytes));
        }
    }
}
