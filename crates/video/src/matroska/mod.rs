//! The little of Matroska that we read and patch ourselves.
//!
//! ```text
//! EBML header | Segment ( SeekHead  Info  Tracks  Attachments  Tags  Cluster ( SimpleBlock.. )..  Cues  Void )
//!                                           |         |                            |                     |
//!                                      VideoTrack  Attachment        stream_summary, key_frames   append_seal_space
//! ```
//!
//! FFmpeg writes the files; this module finds out *where* in them things are. No crate of the field gives the
//! byte offsets that patching in place needs, and reading a header or a table must not need FFmpeg.
//!
//! | item | what it does |
//! |---|---|
//! | [`read_head`] | walks to the first cluster: segment, video track, attachments |
//! | [`read_attachment`] | one attachment's bytes |
//! | [`replace_attachment`] | overwrites one in place with as many bytes |
//! | [`append_seal_space`] | adds a `Void` element at the end, inside the segment |
//! | [`stream_summary`], [`stream_bytes`] | packets of the video tracks and their bytes |
//! | [`key_frames`], [`write_from`] | where decoding can begin, and the rest of a file from there on |
//!
//! The format: RFC 8794 (EBML) and RFC 9559 (Matroska). Sizes in a file are never trusted: an element must end
//! inside its parent, and the segment inside the file.

mod blocks;
mod element;
mod head;
mod keys;
mod patch;

pub use blocks::{StreamSummary, TrackSummary, stream_bytes, stream_summary, walk_blocks};
pub use head::{Attachment, Head, Segment, VideoTrack, read_attachment, read_head};
pub use keys::{KeyFrame, KeyFrames, key_frames, write_from};
pub use patch::{append_seal_space, replace_attachment};
