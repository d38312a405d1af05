//! ImageJ stacks of more than 4 GiB: one page in the file, and a note that more frames follow it.
//!
//! The classic TIFF offsets of ImageJ end at 4 GiB. Its larger stacks have one directory, whose description says
//! `ImageJ=...` and `images=N`, and N uncompressed frames one after the other from the first strip on. Reading the
//! one page would lose the others without a word.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use stack_core::{Error, Limits, Result, SampleFormat, StackHeader};

use super::directory::Directories;
use super::layout::{PageStorage, UNCOMPRESSED, page_layout, tag};
use crate::array::Samples;

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
    let header = StackHeader::new(images as usize, layout.shape, SampleFormat::full(layout.pixel))?;
    let start = directories.number(&page, tag::STRIP_OFFSETS)?.unwrap_or(0);
    if start.checked_add(header.raw_bytes()).is_none_or(|end| end > file_bytes) {
        let (needed, held) = (header.raw_bytes(), file_bytes.saturating_sub(start));
        return refuse(format!("it speaks of {images} images of {needed} bytes, the file holds {held}"));
    }
    drop(directories);
    let samples = Samples { storage: Box::new(file), start, byte_order, column_major: false };
    Ok(Some((header, samples)))
}
