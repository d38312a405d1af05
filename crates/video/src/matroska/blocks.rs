//! The packets of the video tracks.

use std::fs::File;
use std::io::{Read, Seek};
use std::ops::Range;
use std::path::Path;

use stack_core::{Error, Result};

use super::element::{Element, Walker, id, variable_integer};
use super::head::{Head, head};

/// What the video tracks hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StreamSummary {
    /// Each video track, in the order of [`Head::videos`].
    pub tracks: Vec<TrackSummary>,
}

/// What one video track holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TrackSummary {
    /// Number of packets; one a frame for every codec of this crate.
    pub packets: u64,
    /// Bytes of the packets, without the container's block headers.
    pub bytes: u64,
}

impl StreamSummary {
    /// Bytes of the packets of all video tracks.
    pub fn bytes(&self) -> u64 {
        self.tracks.iter().map(|track| track.bytes).sum()
    }
}

/// A packet of a video track, and the cluster that it lies in.
#[derive(Debug, Clone)]
pub(super) struct Packet {
    /// Index of its track in [`Head::videos`].
    pub(super) track: usize,
    /// When it is shown, in the file's units of time.
    pub(super) time: i64,
    /// Whether it is decoded without any other.
    pub(super) key: bool,
    /// Its bytes, without the block's header.
    pub(super) bytes: u64,
    /// Where its block or group of blocks lies, identifier included.
    pub(super) element: Range<u64>,
    /// Offset of its cluster, identifier included.
    pub(super) cluster: u64,
    /// Time of its cluster.
    pub(super) cluster_time: u64,
}

/// Counts the packets of the video tracks of the file at `path`, and their bytes.
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
    Ok(stream_summary(path)?.bytes())
}

/// [`stream_summary`] of anything that can be read; `path` is for error messages only.
///
/// # Errors
/// As [`stream_summary`].
pub fn walk_blocks(reader: impl Read + Seek, path: &Path) -> Result<StreamSummary> {
    let mut walker = Walker::new(reader, path)?;
    let head = head(&mut walker)?;
    let mut tracks = vec![TrackSummary::default(); head.videos.len()];
    packets(&mut walker, &head, head.segment.payload, |packet| {
        let track = &mut tracks[packet.track];
        track.packets += 1;
        track.bytes += packet.bytes;
        Ok(())
    })?;
    Ok(StreamSummary { tracks })
}

/// Calls `visit` for every packet of every video track from the element at `offset` on, in file order.
pub(super) fn packets<R: Read + Seek>(
    walker: &mut Walker<R>,
    head: &Head,
    offset: u64,
    mut visit: impl FnMut(Packet) -> Result<()>,
) -> Result<()> {
    if head.videos.is_empty() {
        return Err(walker.wrong("Tracks", "there is no video track"));
    }
    walker.children(offset, head.segment.end, |walker, child, end| {
        if child.id == id::CLUSTER { cluster(walker, head, child, end, &mut visit) } else { Ok(()) }
    })
}

fn cluster<R: Read + Seek>(
    walker: &mut Walker<R>,
    head: &Head,
    cluster: Element,
    cluster_end: u64,
    visit: &mut impl FnMut(Packet) -> Result<()>,
) -> Result<()> {
    let mut time = 0;
    walker.children(cluster.payload, cluster_end, |walker, child, end| {
        let mut found = None;
        match child.id {
            id::TIMESTAMP => time = walker.unsigned(child, end)?,
            id::SIMPLE_BLOCK => found = block(walker, head, child, end)?,
            id::BLOCK_GROUP => {
                let mut refers = false;
                walker.children(child.payload, end, |walker, child, end| {
                    match child.id {
                        id::BLOCK => found = block(walker, head, child, end)?,
                        id::REFERENCE_BLOCK => refers = true,
                        _ => {}
                    }
                    Ok(())
                })?;
                if let Some(packet) = &mut found {
                    packet.key = !refers;
                }
            }
            _ => {}
        }
        if let Some(packet) = found {
            let place = || format!("cluster at byte {}", cluster.start());
            let shown = i64::try_from(time).ok().and_then(|time| time.checked_add(packet.time));
            visit(Packet {
                time: shown.ok_or_else(|| walker.wrong(place(), "its time is out of range"))?,
                element: child.start()..end,
                cluster: cluster.start(),
                cluster_time: time,
                ..packet
            })?;
        }
        Ok(())
    })
}

/// A block: track number, 16-bit time, flags, data (RFC 9559, section 10.1). `None` for other tracks than video.
fn block<R: Read + Seek>(
    walker: &mut Walker<R>,
    head: &Head,
    block: Element,
    end: u64,
) -> Result<Option<Packet>> {
    let length = end - block.payload;
    let mut bytes = [0; 11];
    let available = length.min(11) as usize;
    walker.read_at(block.payload, &mut bytes[..available])?;
    let bytes = &bytes[..available];
    let place = format!("block at byte {}", block.payload);
    let Some((Some(number), number_bytes)) = variable_integer(bytes) else {
        return Err(walker.wrong(place, "its track number is cut off"));
    };
    let Some(&[high, low, flags]) = bytes.get(number_bytes..number_bytes + 3) else {
        return Err(walker.wrong(place, "its header is cut off"));
    };
    let Some(track) = head.videos.iter().position(|video| video.number == number) else {
        return Ok(None);
    };
    if flags & 0b0110 != 0 {
        return Err(walker.wrong(place, "several video frames share one block"));
    }
    Ok(Some(Packet {
        track,
        time: i16::from_be_bytes([high, low]).into(),
        key: flags & 0x80 != 0,
        bytes: length - (number_bytes as u64 + 3),
        element: 0..0,
        cluster: 0,
        cluster_time: 0,
    }))
}
