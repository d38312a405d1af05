//! A stack video as a source of frames.

use std::fs::{self, File};
use std::path::Path;
use std::sync::Arc;

use stack_core::{Error, FrameBuf, FrameSource, Limits, Result, StackHeader, check_frame_index};

use crate::codec::Codec;
use crate::decoder::{Decoder, Decoding};
use crate::encoding::Encoding;
use crate::ffmpeg::Ffmpeg;
use crate::matroska::{self, Head, KeyFrame};
use crate::record::{self, EncodingRecord};

/// Going forward by fewer frames than this, decoding what lies between is faster than a new start of FFmpeg.
const NEAR: usize = 16;

/// A finished stack video.
///
/// Header, tables and what was encoded are read without FFmpeg; the first frame starts it. Any frame is found by
/// its number: a look at the packets tells which key frame is the last at or before it, the file from there on is
/// given to FFmpeg through a pipe, and what lies between is decoded. Reading the last frame also checks that no
/// more follow and that the decoder reported no damage.
pub struct VideoFile {
    decoding: Decoding,
    record: EncodingRecord,
    limits: Limits,
    ffmpeg: Option<Ffmpeg>,
    decoder: Option<Decoder>,
    /// The frames that can be begun with: one key frame for each track. `None` until they were looked for.
    starts: Option<Vec<Vec<KeyFrame>>>,
    decoded: u64,
}

/// Whether the file at `path` is a stack video, by its content.
///
/// # Errors
/// [`Error::Io`] if it cannot be read.
pub fn is_stack_video(path: &Path) -> Result<bool> {
    let file = File::open(path).map_err(Error::io("open", path))?;
    match matroska::read_head(file, path) {
        Ok(head) => Ok([record::HEADER, record::ENCODING].iter().all(|name| head.attachment(name).is_some())),
        Err(error @ Error::Io { .. }) => Err(error),
        Err(_) => Ok(false),
    }
}

impl VideoFile {
    /// Opens the stack video at `path`.
    ///
    /// # Errors
    /// [`Error::Format`] if it is not one, was cut off or is damaged; [`Error::Limit`] if its header claims more
    /// than `limits`; [`Error::Io`].
    pub fn open(path: &Path, limits: &Limits) -> Result<Self> {
        let file = File::open(path).map_err(Error::io("open", path))?;
        let head = matroska::read_head(file, path)?;
        if !head.segment.size_is_known {
            return Err(Error::format(
                path,
                "Segment",
                "its size is unknown, so the file was not finished",
                "make it again",
            ));
        }
        let read = |name: &str| match head.attachment(name) {
            Some(attachment) => matroska::read_attachment(path, attachment, limits),
            None => Err(Error::format(
                path,
                format!("attachment {name}"),
                "it is missing",
                "only stack videos written by us can be opened",
            )),
        };
        let header = record::header_from_bytes(path, &read(record::HEADER)?, limits)?;
        let record = EncodingRecord::from_bytes(path, &read(record::ENCODING)?)?;
        record.check_finished(path)?;
        let encoding = record.encoding(path)?;
        let route = encoding.route(&header).map_err(|error| {
            Error::format(
                path,
                record::HEADER,
                error.to_string(),
                "the file is damaged or was not written by us",
            )
        })?;
        check_tracks(path, &header, encoding, &head)?;
        let decoding = Decoding { path: Arc::from(path), header, head: Arc::new(head), encoding, route };
        Ok(Self { decoding, record, limits: *limits, ffmpeg: None, decoder: None, starts: None, decoded: 0 })
    }

    /// Decodes with this FFmpeg instead of the one that [`Ffmpeg::locate`] finds.
    #[must_use]
    pub fn with_ffmpeg(mut self, ffmpeg: Ffmpeg) -> Self {
        self.ffmpeg = Some(ffmpeg);
        self
    }

    /// The codec that made the file.
    pub fn codec(&self) -> Codec {
        self.decoding.encoding.codec()
    }

    /// The codec that made the file, with what was chosen about it.
    pub fn encoding(&self) -> Encoding {
        self.decoding.encoding
    }

    /// What was really encoded: `H.264 High 10, gray10le`.
    pub fn encoded_description(&self) -> &str {
        &self.record.description
    }

    /// How many frames were taken from decoders so far, with those that lay before the ones asked for.
    pub fn frames_decoded(&self) -> u64 {
        self.decoded
    }

    /// The table of this name; `None` if there is none.
    ///
    /// # Errors
    /// [`Error::Limit`] if it is longer than [`Limits::metadata_bytes`]; [`Error::Io`].
    pub fn table(&self, name: &str) -> Result<Option<Vec<u8>>> {
        let attachment = self.decoding.head.attachment(name);
        attachment
            .map(|table| matroska::read_attachment(&self.decoding.path, table, &self.limits))
            .transpose()
    }

    /// Bytes of the video packets, without container, tables and index.
    ///
    /// # Errors
    /// [`Error::Format`] if the file is damaged; [`Error::Io`].
    pub fn stream_bytes(&self) -> Result<u64> {
        matroska::stream_bytes(&self.decoding.path)
    }

    /// A decoder whose next frame is at or before `index`: `current` if going on with it is the shortest way.
    fn decoder_for(&mut self, index: usize, current: Option<Decoder>) -> Result<Decoder> {
        let current = current.filter(|decoder| decoder.next <= index);
        let at = current.as_ref().map_or(0, |decoder| decoder.next);
        let near = if current.is_some() { NEAR } else { 1 };
        let start = if index - at < near { None } else { self.last_start(index)? };
        let start = start.filter(|keys| keys[0].frame as usize > at);
        match (current, start) {
            (Some(decoder), None) => Ok(decoder),
            (earlier, start) => {
                drop(earlier);
                let ffmpeg = match &self.ffmpeg {
                    Some(ffmpeg) => ffmpeg,
                    None => self.ffmpeg.insert(Ffmpeg::locate()?),
                };
                self.decoding.start(ffmpeg, start.as_deref())
            }
        }
    }

    /// The last frame at or before `index` that is a key frame in every track.
    fn last_start(&mut self, index: usize) -> Result<Option<Vec<KeyFrame>>> {
        let starts = match &self.starts {
            Some(starts) => starts,
            None => self.starts.insert(find_starts(&self.decoding)?),
        };
        let after = starts.partition_point(|keys| keys[0].frame <= index as u64);
        Ok(after.checked_sub(1).map(|last| starts[last].clone()))
    }
}

/// The key frames that all tracks have in common.
fn find_starts(decoding: &Decoding) -> Result<Vec<Vec<KeyFrame>>> {
    let file = File::open(&decoding.path).map_err(Error::io("open", &decoding.path))?;
    let tracks = matroska::key_frames(file, &decoding.path)?;
    if let Some(track) = tracks.iter().find(|track| track.frames != decoding.header.frames as u64) {
        return Err(decoding.damaged(
            "video stream",
            format!("a track holds {} frames, the header promises {}", track.frames, decoding.header.frames),
        ));
    }
    let Some((first, others)) = tracks.split_first() else { return Ok(Vec::new()) };
    let of_all = |key: &KeyFrame| -> Option<Vec<KeyFrame>> {
        let same =
            others.iter().map(|track| track.before(key.frame).filter(|k| k.frame == key.frame).copied());
        std::iter::once(Some(*key)).chain(same).collect()
    };
    Ok(first.keys.iter().filter_map(of_all).collect())
}

impl FrameSource for VideoFile {
    fn header(&self) -> &StackHeader {
        &self.decoding.header
    }

    fn read_frame(&mut self, index: usize, into: &mut FrameBuf) -> Result<()> {
        check_frame_index(self.header(), index)?;
        // Taken out, so that an error leaves no half-read decoder behind.
        let current = self.decoder.take();
        let mut decoder = self.decoder_for(index, current)?;
        while decoder.next <= index {
            self.decoding.read_next(&mut decoder, into)?;
            self.decoded += 1;
        }
        if decoder.next < self.decoding.header.frames {
            self.decoder = Some(decoder);
        }
        Ok(())
    }

    fn seeks(&self) -> bool {
        self.decoding.encoding.seeks()
    }

    fn disk_bytes(&self) -> Option<u64> {
        fs::metadata(&self.decoding.path).ok().map(|metadata| metadata.len())
    }
}

fn check_tracks(path: &Path, header: &StackHeader, encoding: Encoding, head: &Head) -> Result<()> {
    let shape = header.shape;
    let size = (shape.height() as u64, shape.width() as u64);
    let problem = if head.videos.is_empty() {
        "there is no video track".to_owned()
    } else if head.videos.len() != encoding.planes() {
        format!("{} video tracks, but the encoding has {}", head.videos.len(), encoding.planes())
    } else if let Some(video) = head.videos.iter().find(|video| (video.height, video.width) != size) {
        format!("frames of {} x {}, but the header says {shape}", video.height, video.width)
    } else if encoding.planes() == 2 && head.videos[0].number == head.videos[1].number {
        "both video tracks have the same number".to_owned()
    } else {
        return Ok(());
    };
    Err(Error::format(path, "Tracks", problem, "the file is damaged or was not written by us"))
}
