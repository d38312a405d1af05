//! The packets of the video track.

use std::fs::File;
use std::io::{Read, Seek};
use std::path::Path;

use stack_core::{Error, Result};

use super::element::{Element, Walker, id, variable_integer};
use super::head::head;

/// What the video track holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct StreamSummary {
    /// Number of packets; one a frame for every codec of this crate.
    pub packets: u64,
    /// Bytes of the packets, without the container's block headers.
    pub bytes: u64,
}

/// Counts the packets of the video track of the file at `path`, and their bytes.
///
/// # Errors
/// [`Error::Format`] if an element does not fit into its parent, or there is no video track; [`Error::Io`].
pub fn stream_summary(path: &Path) -> Result<StreamSummary> {
    walk_blocks(File::open(path).map_err(Error::io("open", path))?, path)
}

/// Bytes of the video packets in the file at `path`: the compressed samples without container, tables and index.
///
/// # Errors
/// As [`stream_summary`].
pub fn stream_bytes(path: &Path) -> Result<u64> {
    Ok(stream_summary(path)?.bytes)
}

/// [`stream_summary`] of anything that can be read; `path` is for error messages only.
///
/// # Errors
/// As [`stream_summary`].
pub fn walk_blocks(reader: impl Read + Seek, path: &Path) -> Result<StreamSummary> {
    let mut walker = Walker::new(reader, path)?;
    let head = head(&mut walker)?;
    let Some(video) = head.video else {
        return Err(walker.wrong("Tracks", "there is no video track"));
    };
    let mut summary = StreamSummary::default();
    walker.children(head.segment.payload, head.segment.end, |walker, child, end| {
        if child.id == id::CLUSTER {
            cluster(walker, child, end, video.number, &mut summary)?;
        }
        Ok(())
    })?;
    Ok(summary)
}

fn cluster<R: Read + Seek>(
    walker: &mut Walker<R>,
    cluster: Element,
    end: u64,
    track: u64,
    summary: &mut StreamSummary,
) -> Result<()> {
    walker.children(cluster.payload, end, |walker, child, end| match child.id {
        id::SIMPLE_BLOCK => block(walker, child, end, track, summary),
        id::BLOCK_GROUP => walker.children(child.payload, end, |walker, child, end| match child.id {
            id::BLOCK => block(walker, child, end, track, summary),
            _ => Ok(()),
        }),
        _ => Ok(()),
    })
}

/// A block: track number, 16-bit time, flags, data (RFC 9559, section 10.1).
fn block<R: Read + Seek>(
    walker: &mut Walker<R>,
    block: Element,
    end: u64,
    track: u64,
    summary: &mut StreamSummary,
) -> Result<()> {
    let length = end - block.payload;
    let mut bytes = [0; 11];
    let available = length.min(11) as usize;
    walker.read_at(block.payload, &mut bytes[..available])?;
    let place = format!("block at byte {}", block.payload);
    let Some((Some(number), number_bytes)) = variable_integer(&bytes[..available]) else {
        return Err(walker.wrong(place, "its track number is cut off"));
    };
    let Some(&flags) = bytes[..available].get(number_bytes + 2) else {
        return Err(walker.wrong(place, "its header is cut off"));
    };
    if number != track {
        return Ok(());
    }
    if flags & 0b0110 != 0 {
        return Err(walker.wrong(place, "several video frames share one block"));
    }
    summary.packets += 1;
    summary.bytes += length - (number_bytes as u64 + 3);
    Ok(())
}
