//! The part of a Matroska file before its first cluster.

use std::fs::File;
use std::io::{Read, Seek};
use std::ops::Range;
use std::path::Path;

use stack_core::{Error, Limits, Result};

use super::element::{Element, Walker, id};

/// Most attachments that are looked at.
const MOST_ATTACHMENTS: u64 = 4096;
/// Most video tracks that are looked at.
const MOST_TRACKS: u64 = 64;
/// Track type of video (RFC 9559, section 5.1.4.1.3).
const VIDEO_TRACK: u64 = 1;

/// What lies before the first cluster of a Matroska file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The segment, which holds everything.
    pub segment: Segment,
    /// The video tracks, in file order.
    pub videos: Vec<VideoTrack>,
    /// Where `Info` lies, which says the unit of time; from its identifier on, as offsets in the file.
    pub info: Option<Range<u64>>,
    /// The attachments, in file order.
    pub attachments: Vec<Attachment>,
    /// Whether the attachments carry a checksum, so that they cannot be patched in place.
    pub attachments_have_checksum: bool,
}

/// Where the segment lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Segment {
    /// Offset of its size field in the file, in bytes.
    pub size_field: u64,
    /// Offset of its payload.
    pub payload: u64,
    /// Offset of its end.
    pub end: u64,
    /// Whether the file says its size. FFmpeg writes it last: a file without it was not finished.
    pub size_is_known: bool,
    /// Length of the file in bytes.
    pub file_length: u64,
}

/// The video track.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VideoTrack {
    /// Its number, which the blocks carry.
    pub number: u64,
    /// Its codec in Matroska's words: `V_FFV1`.
    pub codec_id: String,
    /// Width of the encoded frames in pixels.
    pub width: u64,
    /// Height of the encoded frames in pixels.
    pub height: u64,
    /// Where its description lies, from its identifier on, as offsets in the file.
    pub entry: Range<u64>,
    /// First bytes (at most 16) of the codec's own header.
    pub codec_private: Vec<u8>,
}

/// One attached file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Its file name.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// Offset of its data in the file, in bytes.
    pub offset: u64,
    /// Length of its data in bytes.
    pub length: u64,
}

impl Head {
    /// The first video track.
    pub fn video(&self) -> Option<&VideoTrack> {
        self.videos.first()
    }

    /// The attachment of this name.
    pub fn attachment(&self, name: &str) -> Option<&Attachment> {
        self.attachments.iter().find(|attachment| attachment.name == name)
    }
}

/// Walks a Matroska file up to its first cluster. `path` is for error messages only.
///
/// # Errors
/// [`Error::Format`] if the bytes are not Matroska, an element does not fit into its parent, or the segment is
/// longer than the file; [`Error::Limit`] for too many attachments; [`Error::Io`].
pub fn read_head(reader: impl Read + Seek, path: &Path) -> Result<Head> {
    let mut walker = Walker::new(reader, path)?;
    head(&mut walker)
}

pub(super) fn head<R: Read + Seek>(walker: &mut Walker<R>) -> Result<Head> {
    let segment_at = ebml_header(walker)?;
    let (segment, payload) = segment(walker, segment_at)?;
    let mut head = Head {
        segment,
        videos: Vec::new(),
        info: None,
        attachments: Vec::new(),
        attachments_have_checksum: false,
    };
    let mut offset = payload;
    while offset < segment.end {
        let child = walker.element(offset, segment.end)?;
        if child.id == id::CLUSTER {
            break;
        }
        let Some(end) = child.end else {
            return Err(walker.wrong(format!("element at byte {offset}"), "its size is unknown"));
        };
        match child.id {
            id::INFO => head.info = Some(child.start()..end),
            id::TRACKS => tracks(walker, child, end, &mut head)?,
            id::ATTACHMENTS => attachments(walker, child, end, &mut head)?,
            _ => {}
        }
        offset = end;
    }
    Ok(head)
}

/// Checks the EBML header; returns the offset behind it.
fn ebml_header<R: Read + Seek>(walker: &mut Walker<R>) -> Result<u64> {
    let length = walker.length;
    let not_matroska = "no Matroska file begins so";
    let header = walker.element(0, length)?;
    let (id::EBML, Some(end)) = (header.id, header.end) else {
        return Err(walker.wrong("EBML header", not_matroska));
    };
    let mut doc_type = String::new();
    walker.children(header.payload, end, |walker, child, end| {
        if child.id == id::DOC_TYPE {
            doc_type = walker.text(child, end)?;
        }
        Ok(())
    })?;
    if doc_type != "matroska" && doc_type != "webm" {
        return Err(walker.wrong("EBML header", not_matroska));
    }
    Ok(end)
}

fn segment<R: Read + Seek>(walker: &mut Walker<R>, offset: u64) -> Result<(Segment, u64)> {
    let length = walker.length;
    let element = walker.element_of_any_size(offset, length)?;
    if element.id != id::SEGMENT {
        return Err(walker.wrong("Segment", "another element stands in its place"));
    }
    if let Some(end) = element.end.filter(|&end| end > length) {
        let problem = format!("it ends at byte {end}, the file at byte {length}: the file was cut off");
        return Err(walker.wrong("Segment", problem));
    }
    let segment = Segment {
        size_field: element.size_field,
        payload: element.payload,
        end: element.end.unwrap_or(length),
        size_is_known: element.end.is_some(),
        file_length: length,
    };
    Ok((segment, element.payload))
}

fn tracks<R: Read + Seek>(walker: &mut Walker<R>, tracks: Element, end: u64, head: &mut Head) -> Result<()> {
    walker.children(tracks.payload, end, |walker, child, end| {
        if child.id != id::TRACK_ENTRY {
            return Ok(());
        }
        let (track, kind) = track_entry(walker, child, end)?;
        if kind == VIDEO_TRACK {
            Limits::check(
                walker.path(),
                "the number of video tracks",
                head.videos.len() as u128 + 1,
                MOST_TRACKS,
            )?;
            head.videos.push(track);
        }
        Ok(())
    })
}

fn track_entry<R: Read + Seek>(
    walker: &mut Walker<R>,
    entry: Element,
    end: u64,
) -> Result<(VideoTrack, u64)> {
    let mut kind = 0;
    let mut track = VideoTrack {
        number: 0,
        codec_id: String::new(),
        width: 0,
        height: 0,
        entry: entry.start()..end,
        codec_private: Vec::new(),
    };
    walker.children(entry.payload, end, |walker, child, end| {
        match child.id {
            id::TRACK_NUMBER => track.number = walker.unsigned(child, end)?,
            id::TRACK_TYPE => kind = walker.unsigned(child, end)?,
            id::CODEC_ID => track.codec_id = walker.text(child, end)?,
            id::CODEC_PRIVATE => {
                track.codec_private = vec![0; (end - child.payload).min(16) as usize];
                walker.read_at(child.payload, &mut track.codec_private)?;
            }
            id::VIDEO => walker.children(child.payload, end, |walker, child, end| {
                match child.id {
                    id::PIXEL_WIDTH => track.width = walker.unsigned(child, end)?,
                    id::PIXEL_HEIGHT => track.height = walker.unsigned(child, end)?,
                    _ => {}
                }
                Ok(())
            })?,
            _ => {}
        }
        Ok(())
    })?;
    Ok((track, kind))
}

fn attachments<R: Read + Seek>(
    walker: &mut Walker<R>,
    element: Element,
    end: u64,
    head: &mut Head,
) -> Result<()> {
    walker.children(element.payload, end, |walker, child, end| {
        match child.id {
            id::CRC_32 => head.attachments_have_checksum = true,
            id::ATTACHED_FILE => {
                let count = head.attachments.len() as u128 + 1;
                Limits::check(walker.path(), "the number of attachments", count, MOST_ATTACHMENTS)?;
                let mut file =
                    Attachment { name: String::new(), media_type: String::new(), offset: 0, length: 0 };
                walker.children(child.payload, end, |walker, part, end| {
                    match part.id {
                        id::FILE_NAME => file.name = walker.text(part, end)?,
                        id::FILE_MEDIA_TYPE => file.media_type = walker.text(part, end)?,
                        id::FILE_DATA => (file.offset, file.length) = (part.payload, end - part.payload),
                        id::CRC_32 => head.attachments_have_checksum = true,
                        _ => {}
                    }
                    Ok(())
                })?;
                head.attachments.push(file);
            }
            _ => {}
        }
        Ok(())
    })
}

/// The data of `attachment`, which came from [`read_head`] of the same file.
///
/// # Errors
/// [`Error::Limit`] if it is longer than [`Limits::metadata_bytes`]; [`Error::Format`] if the file is shorter
/// than it was; [`Error::Io`].
pub fn read_attachment(path: &Path, attachment: &Attachment, limits: &Limits) -> Result<Vec<u8>> {
    Limits::check(path, "the size of an attachment", u128::from(attachment.length), limits.metadata_bytes)?;
    let file = File::open(path).map_err(Error::io("open", path))?;
    let mut walker = Walker::new(file, path)?;
    let end = attachment.offset.checked_add(attachment.length);
    if end.is_none_or(|end| end > walker.length) {
        return Err(walker.wrong(format!("attachment {}", attachment.name), "it lies behind the file's end"));
    }
    let mut bytes = vec![0; attachment.length as usize];
    walker.read_at(attachment.offset, &mut bytes)?;
    Ok(bytes)
}
