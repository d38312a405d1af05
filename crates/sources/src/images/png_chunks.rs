//! The chunks of a PNG file that say something about the picture beside its samples (PNG, third edition,
//! sections 5.3 and 11.3).
//!
//! Read are the chunks' heads, and the data of those that are kept; image data is stepped over. A kept chunk whose
//! CRC is wrong is an error.

use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use stack_core::{Error, Limits, Result};

use crate::blocks::{EXIF, FrameBlocks, ICC, XMP};

/// Chunks that are kept as they are, in the order in which they are written.
pub(crate) const KEPT: [[u8; 4]; 6] = [*b"cICP", *b"gAMA", *b"cHRM", *b"sRGB", *b"pHYs", *b"tIME"];

/// The block of all text chunks.
pub(crate) const TEXT: &str = "png:text";

/// What an uncompressed XMP packet begins with in an iTXt chunk: keyword, no compression, no language, no translation.
pub(crate) const XMP_HEAD: &[u8] = b"XML:com.adobe.xmp\0\0\0\0\0";

/// Largest profile that is inflated. Those of printers have a few megabytes.
const LARGEST_PROFILE: u64 = 64 << 20;

/// Reads what is kept of the PNG file that `stream` is at the beginning of.
///
/// # Errors
/// [`Error::Format`] for chunks that are damaged or reach past the end of the file; [`Error::Limit`]; what the
/// operating system refuses.
pub(crate) fn read<R: Read + Seek>(path: &Path, stream: &mut R, limits: &Limits) -> Result<FrameBlocks> {
    let length = stream.seek(SeekFrom::End(0)).map_err(Error::io("read", path))?;
    stream.seek(SeekFrom::Start(8)).map_err(Error::io("read", path))?;
    let mut at = 8_u64;
    let (mut blocks, mut text) = (FrameBlocks::new(), Vec::new());
    let mut total = 0;
    loop {
        let mut head = [0; 8];
        match stream.read_exact(&mut head) {
            Ok(()) => {}
            // The decoder says what an end without image data means; one without a last chunk is no loss.
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => break,
            Err(error) => return Err(Error::io("read", path)(error)),
        }
        let [l3, l2, l1, l0, name @ ..] = head;
        let data_length = u32::from_be_bytes([l3, l2, l1, l0]);
        let end = at + 12 + u64::from(data_length);
        if !(KEPT.contains(&name) || matches!(&name, b"iCCP" | b"eXIf" | b"tEXt" | b"zTXt" | b"iTXt")) {
            if &name == b"IEND" || end >= length {
                break;
            }
            at = stream.seek(SeekFrom::Start(end)).map_err(Error::io("read", path))?;
            continue;
        }
        let shown = format!("chunk {}", name.escape_ascii());
        if end > length {
            return Err(damaged(path, &shown, "it reaches past the end of the file"));
        }
        total += u128::from(data_length);
        Limits::check(path, "the size of PNG chunks in bytes", total, limits.metadata_bytes)?;
        let mut data = vec![0; data_length as usize + 4];
        stream.read_exact(&mut data).map_err(Error::io("read", path))?;
        let crc = data.split_off(data_length as usize);
        let mut hasher = crc32fast::Hasher::new();
        hasher.update(&name);
        hasher.update(&data);
        if hasher.finalize().to_be_bytes() != crc[..] {
            return Err(damaged(path, &shown, "its checksum is wrong"));
        }
        at = end;
        match &name {
            b"iCCP" => {
                if !blocks.iter().any(|(known, _)| known == ICC) {
                    blocks.push((ICC.into(), inflate_profile(path, &data, limits)?));
                }
            }
            b"eXIf" => add_once(&mut blocks, EXIF, data),
            b"iTXt" if data.starts_with(XMP_HEAD) => {
                add_once(&mut blocks, XMP, data.split_off(XMP_HEAD.len()));
            }
            b"tEXt" | b"zTXt" | b"iTXt" => {
                text.extend(data_length.to_be_bytes());
                text.extend(name);
                text.extend(data);
            }
            _ => add_once(&mut blocks, &format!("png:{}", name.escape_ascii()), data),
        }
    }
    if !text.is_empty() {
        blocks.push((TEXT.into(), text));
    }
    Ok(blocks)
}

/// The standard allows one chunk of these types; readers take the first one.
fn add_once(blocks: &mut FrameBlocks, name: &str, data: Vec<u8>) {
    if !blocks.iter().any(|(known, _)| known == name) {
        blocks.push((name.into(), data));
    }
}

/// An iCCP chunk: name, NUL, compression 0, a zlib stream.
fn inflate_profile(path: &Path, data: &[u8], limits: &Limits) -> Result<Vec<u8>> {
    let name_length = data.iter().take(80).position(|&byte| byte == 0);
    let Some([0, stream @ ..]) = name_length.map(|length| &data[length + 1..]) else {
        return Err(damaged(path, "chunk iCCP", "it is no compressed profile"));
    };
    let limit = LARGEST_PROFILE.min(limits.metadata_bytes);
    let most = usize::try_from(limit).unwrap_or(usize::MAX);
    match fdeflate::decompress_to_vec_bounded(stream, most) {
        Ok(profile) => Ok(profile),
        Err(fdeflate::BoundedDecompressionError::OutputTooLarge { .. }) => {
            let quantity = "the size of a colour profile in bytes, of which at least";
            Limits::check(path, quantity, u128::from(limit) + 1, limit).map(|()| Vec::new())
        }
        Err(fdeflate::BoundedDecompressionError::DecompressionError { inner }) => {
            Err(damaged(path, "chunk iCCP", &format!("it cannot be inflated: {inner:?}")))
        }
    }
}

/// Takes a block of text chunks apart; what does not fit is left out.
pub(crate) fn chunks_of_text(mut block: &[u8]) -> Vec<([u8; 4], &[u8])> {
    let mut chunks = Vec::new();
    while let Some(([l3, l2, l1, l0, name @ ..], rest)) = block.split_first_chunk::<8>() {
        let length = u32::from_be_bytes([*l3, *l2, *l1, *l0]) as usize;
        let Some((data, rest)) = rest.split_at_checked(length) else { break };
        if matches!(name, b"tEXt" | b"zTXt" | b"iTXt") {
            chunks.push((*name, data));
        }
        block = rest;
    }
    chunks
}

fn damaged(path: &Path, field: &str, problem: &str) -> Error {
    Error::format(path, field, problem, "save the image again, or take it out")
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use proptest::prelude::*;

    use super::*;

    fn chunk(name: &[u8; 4], data: &[u8]) -> Vec<u8> {
        let mut hasher = crc32fast::Hasher::new();
        hasher.update(name);
        hasher.update(data);
        [&(data.len() as u32).to_be_bytes(), &name[..], data, &hasher.finalize().to_be_bytes()].concat()
    }

    fn file(chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
        let chunks = chunks.iter().flat_map(|(name, data)| chunk(name, data));
        b"\x89PNG\r\n\x1a\n".iter().copied().chain(chunks).collect()
    }

    fn read_bytes(bytes: &[u8]) -> Result<FrameBlocks> {
        read(Path::new("x.png"), &mut Cursor::new(bytes), &Limits::default())
    }

    fn profile(bytes: &[u8]) -> Vec<u8> {
        [b"name\0\0".as_slice(), &fdeflate::compress_to_vec(bytes)].concat()
    }

    #[test]
    fn kept_chunks_are_found_before_and_after_the_image() {
        let icc = profile(b"a profile");
        let xmp = [XMP_HEAD, b"<x/>"].concat();
        let bytes = file(&[
            (b"IHDR", &[0; 13]),
            (b"iCCP", &icc),
            (b"pHYs", &[1; 9]),
            (b"tEXt", b"Title\0one"),
            (b"IDAT", &[0; 50]),
            (b"eXIf", b"MM..."),
            (b"iTXt", &xmp),
            (b"tEXt", b"Title\0two"),
            (b"IEND", &[]),
        ]);
        let blocks = read_bytes(&bytes).unwrap();
        let names: Vec<_> = blocks.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["icc", "png:pHYs", "exif", "xmp", "png:text"]);
        assert_eq!(blocks[0].1, b"a profile");
        assert_eq!(blocks[3].1, b"<x/>");
        let text = chunks_of_text(&blocks[4].1);
        assert_eq!(text, [(*b"tEXt", &b"Title\0one"[..]), (*b"tEXt", b"Title\0two")]);
        for length in 8..bytes.len() {
            let _ = read_bytes(&bytes[..length]);
        }
        let at = bytes.windows(3).position(|window| window == b"two").unwrap();
        let mut flipped = bytes;
        flipped[at] ^= 1;
        assert!(read_bytes(&flipped).unwrap_err().to_string().contains("chunk tEXt: its checksum is wrong"));
    }

    #[test]
    fn a_profile_is_not_inflated_past_the_limit() {
        let bytes = file(&[(b"iCCP", &profile(&[0; 100_000]))]);
        assert!(bytes.len() < 1000);
        let limits = Limits { metadata_bytes: 10_000, ..Limits::default() };
        let error = read(Path::new("x.png"), &mut Cursor::new(&bytes), &limits).unwrap_err().to_string();
        assert!(error.contains("the size of a colour profile"), "{error}");
        assert!(error.contains("above the limit of 10000"), "{error}");
        let error = read_bytes(&file(&[(b"iCCP", b"name\0\0no stream")])).unwrap_err().to_string();
        assert!(error.contains("chunk iCCP: it cannot be inflated"), "{error}");
        let error = read_bytes(&file(&[(b"iCCP", b"name\0\x01")])).unwrap_err().to_string();
        assert!(error.contains("no compressed profile"), "{error}");
    }

    #[test]
    fn a_chunk_is_not_allocated_before_it_is_there() {
        let mut bytes = file(&[]);
        bytes.extend(b"\xff\xff\xff\xffeXIfMM");
        let error = read_bytes(&bytes).unwrap_err().to_string();
        assert!(error.contains("chunk eXIf: it reaches past the end of the file"), "{error}");
        let bytes = file(&[(b"eXIf", &[7; 101])]);
        let limits = Limits { metadata_bytes: 100, ..Limits::default() };
        let error = read(Path::new("x.png"), &mut Cursor::new(&bytes), &limits).unwrap_err().to_string();
        assert!(error.contains("the size of PNG chunks in bytes is 101"), "{error}");
    }

    proptest! {
        #[test]
        fn any_bytes_are_no_panic(tail in prop::collection::vec(any::<u8>(), 0..80), name in 0..6_usize) {
            let name = [b"iCCP", b"eXIf", b"tEXt", b"iTXt", b"pHYs", b"IDAT"][name];
            let _ = read_bytes(&file(&[(name, &tail)]));
            let _ = read_bytes(&[b"\x89PNG\r\n\x1a\n\0\0\0".as_slice(), &tail].concat());
            let _ = chunks_of_text(&tail);
        }
    }
}
