//! Key frames: where decoding can begin, and the rest of a file from there on.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::Path;

use stack_core::{Error, Result};

use super::blocks::packets;
use super::element::{Walker, id};
use super::head::{Head, head};

/// Most key frames that are kept; of more, every second one is forgotten, again and again.
const MOST_KEYS: usize = 1 << 20;

/// A frame that is decoded without any other, and before which none is shown that follows it in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyFrame {
    /// Its number in its track, from 0, in the order of showing.
    pub frame: u64,
    /// When it is shown.
    time: i64,
    /// Index of its track in [`Head::videos`].
    track: usize,
    /// Offset of its block or group of blocks.
    block: u64,
    /// Offset of the cluster that it lies in.
    cluster: u64,
}

/// The key frames of one track.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeyFrames {
    /// Number of packets, which is the number of frames.
    pub frames: u64,
    /// The key frames, ascending.
    pub keys: Vec<KeyFrame>,
}

impl KeyFrames {
    /// The last key frame at or before `frame`.
    pub fn before(&self, frame: u64) -> Option<&KeyFrame> {
        let after = self.keys.partition_point(|key| key.frame <= frame);
        after.checked_sub(1).map(|last| &self.keys[last])
    }
}

/// The key frames of every video track, in the order of [`Head::videos`]; `path` is for error messages only.
///
/// # Errors
/// [`Error::Format`] if an element does not fit into its parent, or there is no video track; [`Error::Io`].
pub fn key_frames(reader: impl Read + Seek, path: &Path) -> Result<Vec<KeyFrames>> {
    let mut walker = Walker::new(reader, path)?;
    let head = head(&mut walker)?;
    let mut tracks = vec![Collector::default(); head.videos.len()];
    packets(&mut walker, &head, head.segment.payload, |packet| {
        let key = KeyFrame {
            frame: tracks[packet.track].found.frames,
            time: packet.time,
            track: packet.track,
            block: packet.element.start,
            cluster: packet.cluster,
        };
        tracks[packet.track].take(key, packet.key);
        Ok(())
    })?;
    Ok(tracks.into_iter().map(|track| track.found).collect())
}

#[derive(Debug, Clone, Default)]
struct Collector {
    found: KeyFrames,
    latest: Option<i64>,
    key_packets: usize,
    /// Every so many key frames one is kept.
    stride: usize,
}

impl Collector {
    fn take(&mut self, packet: KeyFrame, is_key: bool) {
        let keys = &mut self.found.keys;
        // A frame that is shown before an earlier key frame needs what lies before that one.
        while keys.last().is_some_and(|key| key.time >= packet.time) {
            keys.pop();
        }
        if is_key && self.latest.is_none_or(|latest| latest < packet.time) {
            self.stride = self.stride.max(1);
            if self.key_packets.is_multiple_of(self.stride) {
                keys.push(packet);
            }
            self.key_packets += 1;
            if keys.len() == MOST_KEYS {
                let mut index = 0;
                keys.retain(|_| {
                    index += 1;
                    index % 2 == 1
                });
                self.stride *= 2;
            }
        }
        self.latest = self.latest.max(Some(packet.time));
        self.found.frames += 1;
    }
}

/// Writes one track from a key frame on as a Matroska stream of its own, which needs no seeking: head, description
/// of this track alone, and all its packets from `key` to the end. The packets are passed on as they are.
///
/// `head` and `key` came from [`read_head`](super::read_head) and [`key_frames`] of the same file.
///
/// # Errors
/// [`Error::Format`] if the file is damaged; [`Error::Io`], also where `out` takes no more.
pub fn write_from(path: &Path, head: &Head, key: &KeyFrame, out: &mut impl Write) -> Result<()> {
    let open = || File::open(path).map_err(Error::io("open", path));
    // Each has its own place in the file.
    let (mut file, mut walker) = (open()?, Walker::new(open()?, path)?);
    let Some(video) = head.videos.get(key.track) else {
        return Err(walker.wrong("Tracks", "the track is missing"));
    };
    let failed = || Error::io("pass on", path);
    let mut copy = |range: &Range<u64>, out: &mut _| copy_bytes(&mut file, range, out).map_err(failed());
    copy(&(0..head.segment.size_field), out)?;
    out.write_all(&UNKNOWN_SIZE).map_err(failed())?;
    if let Some(info) = &head.info {
        copy(info, out)?;
    }
    let tracks =
        [id::TRACKS.to_be_bytes().to_vec(), eight_bytes(video.entry.end - video.entry.start).to_vec()];
    out.write_all(&tracks.concat()).map_err(failed())?;
    copy(&video.entry, out)?;
    let mut cluster = None;
    packets(&mut walker, head, key.cluster, |packet| {
        if packet.track != key.track || packet.element.start < key.block {
            return Ok(());
        }
        if cluster.replace(packet.cluster) != Some(packet.cluster) {
            let time = [&[id::TIMESTAMP as u8, 0x88][..], &packet.cluster_time.to_be_bytes()].concat();
            let start = [&id::CLUSTER.to_be_bytes()[..], &UNKNOWN_SIZE, &time].concat();
            out.write_all(&start).map_err(failed())?;
        }
        copy(&packet.element, out)
    })
}

/// A size field with all its bits set: the element ends where the next one of its kind begins.
const UNKNOWN_SIZE: [u8; 8] = [1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];

fn eight_bytes(size: u64) -> [u8; 8] {
    (size | (1 << 56)).to_be_bytes()
}

fn copy_bytes(file: &mut File, range: &Range<u64>, out: &mut impl Write) -> io::Result<()> {
    let length = range.end - range.start;
    file.seek(SeekFrom::Start(range.start))?;
    let copied = io::copy(&mut file.take(length), out)?;
    if copied == length { Ok(()) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
}
