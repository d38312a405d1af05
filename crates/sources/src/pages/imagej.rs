//! ImageJ stacks of more than 4 GiB: one page in the file, and a note that more frames follow it; ImageJ's metadata.
//!
//! The classic TIFF offsets of ImageJ end at 4 GiB. Its larger stacks have one directory, whose description says
//! `ImageJ=...` and `images=N`, and N uncompressed frames one after the other from the first strip on. Reading the
//! one page would lose the others without a word.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use stack_core::{Error, Limits, Result, SampleFormat, StackHeader};

use super::directory::Directories;
use super::layout::{PageStorage, UNCOMPRESSED, page_layout, tag};
use super::tags::{not_kept_property, page_blocks};
use crate::array::Samples;
use crate::blocks::BlockList;

/// Longest description that is looked at.
const LONGEST_DESCRIPTION: u64 = 1 << 20;

/// How the one page must be stored for other frames to follow it.
const PLAIN: PageStorage = PageStorage { compression: UNCOMPRESSED, planar: false, white_is_zero: false };

/// The number of frames that an ImageJ description speaks of; `None` for other descriptions.
///
/// ```
/// use stack_sources::pages::imagej::image_count;
/// assert_eq!(image_count("ImageJ=1.54f\nimages=900\nslices=900\n"), Some(900));
/// assert_eq!(image_count("images=900"), None);
/// ```
pub fn image_count(description: &str) -> Option<u64> {
    let mut lines = description.lines();
    lines.next()?.strip_prefix("ImageJ=")?;
    lines.find_map(|line| line.strip_prefix("images=")?.trim().parse().ok())
}

/// Turns ImageJ's metadata (tag 50839) from big-endian to little-endian; `lengths` are those of tag 50838.
///
/// ```text
/// magic "IJIJ", { type (4 bytes), number of values (4 bytes) }, values of all types in this order
/// lengths: of the part before the values, of each value
/// ```
///
/// Texts (`info`, `labl`, `prop`) are UTF-16, ranges (`rang`) are doubles; all others are bytes. Gives false, and
/// leaves some of the bytes turned, if the parts do not fit together.
pub(crate) fn turn_metadata(bytes: &mut [u8], lengths: &[u64]) -> bool {
    turn(bytes, lengths).is_some()
}

fn turn(bytes: &mut [u8], lengths: &[u64]) -> Option<()> {
    let (&head_length, mut lengths) = lengths.split_first()?;
    let (head, mut values) = bytes.split_at_mut_checked(usize::try_from(head_length).ok()?)?;
    let (magic, kinds) = head.split_at_mut_checked(4)?;
    if magic != b"IJIJ" || !kinds.len().is_multiple_of(8) {
        return None;
    }
    magic.reverse();
    for kind in kinds.chunks_exact_mut(8) {
        let (name, count) = kind.split_at_mut(4);
        let word = match &*name {
            b"info" | b"labl" | b"prop" => 2,
            b"rang" => 8,
            _ => 1,
        };
        let number = count.iter().fold(0, |number, byte| number << 8 | usize::from(*byte));
        let (these, others) = lengths.split_at_checked(number)?;
        for &length in these {
            let (value, rest) = values.split_at_mut_checked(usize::try_from(length).ok()?)?;
            value.chunks_exact_mut(word).for_each(<[u8]>::reverse);
            values = rest;
        }
        name.reverse();
        count.reverse();
        lengths = others;
    }
    Some(())
}

/// The frames behind the single page of an ImageJ file; `None` for any other file.
pub(crate) fn hidden_frames(
    path: &Path,
    file: File,
    file_bytes: u64,
    limits: &Limits,
) -> Result<Option<(StackHeader, Samples)>> {
    let mut directories = Directories::open(path, BufReader::with_capacity(512, &file), limits)?;
    let byte_order = directories.byte_order();
    let Some(page) = directories.next_page()? else { return Ok(None) };
    let description = directories.text(&page, tag::DESCRIPTION, LONGEST_DESCRIPTION)?;
    let Some(images) = description.as_deref().and_then(image_count).filter(|&images| images > 1) else {
        return Ok(None);
    };
    if directories.next_page()?.is_some() {
        return Ok(None);
    }
    let (layout, storage) = page_layout(path, &mut directories, &page, limits)?;
    let refuse = |problem: String| {
        let remedy = "save the stack as BigTIFF or as an image sequence";
        Err(Error::format(path, "ImageJ description", problem, remedy))
    };
    if storage != PLAIN || page.count(tag::STRIP_OFFSETS) != Some(1) {
        return refuse(format!(
            "it speaks of {images} images, but the file has one page that is not bare samples"
        ));
    }
    Limits::check(path, "the number of frames", images.into(), limits.frames)?;
    let mut header = StackHeader::new(images as usize, layout.shape, SampleFormat::full(layout.pixel))?;
    let start = directories.number(&page, tag::STRIP_OFFSETS)?.unwrap_or(0);
    if start.checked_add(header.raw_bytes()).is_none_or(|end| end > file_bytes) {
        let (needed, held) = (header.raw_bytes(), file_bytes.saturating_sub(start));
        return refuse(format!("it speaks of {images} images of {needed} bytes, the file holds {held}"));
    }
    let mut not_kept = BTreeSet::new();
    let mut blocks = BlockList::new(limits);
    blocks.add(path, 0, page_blocks(&mut directories, &page, &layout, limits, &mut not_kept)?)?;
    header.meta.blocks = blocks.into_blocks();
    if !not_kept.is_empty() {
        header.meta.properties.insert("not_kept".into(), not_kept_property(&not_kept));
    }
    drop(directories);
    let samples = Samples { storage: Box::new(file), start, byte_order, column_major: false };
    Ok(Some((header, samples)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A text and two ranges.
    fn metadata() -> (Vec<u8>, [u64; 3]) {
        let mut bytes = b"IJIJinfo\0\0\0\x01rang\0\0\0\x01".to_vec();
        bytes.extend(b"\0h\0i");
        bytes.extend([1.5_f64, -2.0].iter().flat_map(|range| range.to_be_bytes()));
        (bytes, [20, 4, 16])
    }

    #[test]
    fn metadata_is_turned() {
        let (mut bytes, lengths) = metadata();
        assert!(turn_metadata(&mut bytes, &lengths));
        let mut expected = b"JIJIofni\x01\0\0\0gnar\x01\0\0\0h\0i\0".to_vec();
        expected.extend([1.5_f64, -2.0].iter().flat_map(|range| range.to_le_bytes()));
        assert_eq!(bytes, expected);
        assert!(!turn_metadata(&mut bytes, &lengths), "it is no longer big-endian");
        for length in 0..expected.len() {
            assert!(!turn_metadata(&mut metadata().0[..length], &lengths), "{length}");
        }
        assert!(!turn_metadata(&mut metadata().0, &lengths[..2]));
        assert!(!turn_metadata(&mut metadata().0, &[u64::MAX, 4, 16]));
    }

    proptest! {
        #[test]
        fn any_bytes_are_no_panic(
            tail in prop::collection::vec(any::<u8>(), 0..60),
            lengths in prop::collection::vec(prop_oneof![0..40_u64, any::<u64>()], 0..6),
        ) {
            let _ = turn_metadata(&mut [b"IJIJ".as_slice(), &tail].concat(), &lengths);
        }
    }
}
