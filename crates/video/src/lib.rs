//! Image stacks as video: an FFmpeg child process, exact pixel formats, and tables inside one Matroska file.
//!
//! ```text
//!  StackHeader, tables --temporary files--+
//!                                         v attachments
//!  FrameBuf --raw bytes, named format--> ffmpeg (encoder) --> out.mkv: header.json, encoding.json, tables, video
//!                        stderr drained by a thread                        |
//!  FrameBuf <--raw bytes, named format-- ffmpeg (decoder) <-- from the key frame before frame n
//!  header, tables <------------- own Matroska walker, no FFmpeg -----------+
//!
//!  film.mp4 --> ffmpeg, once: how many frames, which pixel format, any damage? --> VideoSource --> FrameBuf
//! ```
//!
//! | module | subject |
//! |---|---|
//! | [`codec`] | the codecs by name, with their options, limits and pixel formats: one table |
//! | [`encoding`] | a codec with its choices: distance of key frames, byte planes |
//! | [`ffmpeg`] | finding FFmpeg, its version, its encoders |
//! | [`writer`] | frames into a file |
//! | [`reader`] | a file as a source of frames, each found by its number |
//! | [`source`] | any video that FFmpeg reads as a source of frames |
//! | [`matroska`] | attachments, packets, key frames, patching in place |
//!
//! # What a codec really stores
//!
//! | codec | gray `u8` | gray `u16` | RGB `u8` / `u16` | promise |
//! |---|---|---|---|---|
//! | `mp4` | 8-bit 4:2:0 | 8-bit 4:2:0 | 8-bit 4:2:0 | none |
//! | `x264-fast`, `x264-slow`, `x264-interm` | 8-bit gray | **10-bit** gray | 8 / 10-bit 4:4:4, limited range | none |
//! | `x264-lossless` | 8-bit gray | up to 10 bits | 8-bit RGB / no | lossless |
//! | `x265-lossless` | 8-bit gray | up to 12 bits | 8-bit RGB / up to 12 bits | lossless |
//! | `ffv1` | 8-bit gray | 10, 12 or 16-bit gray, by the header's significant bits | 8 / 16-bit RGB | lossless |
//! | `jpegxl-lossless` | 8-bit gray | 16-bit gray | 8 / 16-bit RGB | lossless |
//!
//! `ffv1` also takes `u8` and `u16` RGBA and `u8` gray with alpha, `jpegxl-lossless` everything of 8 and 16 bits in 1 to
//! 4 channels. Other sample types, and frame sizes that an encoder does not hold exactly, are refused, never converted.
//! [`Encoding::promise`] tells beforehand.
//!
//! The presets are those of a program that its users know, and encode as it did: `-crf 0` is not lossless on `u16`,
//! because only ten bits of each sample reach the encoder (FFmpeg dithers them down, and on the way back repeats the
//! high bits below the low ones, so that 1,023 becomes 65,535). [`VideoFile::encoded_description`] tells what was
//! encoded.
//!
//! Two byte planes (`planes=2`) make two 8-bit video tracks of gray `u16`: the high bytes, which players show as a
//! coarse picture of 256 levels, and the low bytes, which look like noise and which players offer as a second track. So
//! the codecs of 8, 10 or 12 bits hold all 16. `x265-lossless` and `jpegxl-lossless` have key frames only; players know
//! no JPEG XL in Matroska, so that file is a container for this crate (and for `ffmpeg -c:v libjxl -i FILE`).
//!
//! # Quick start
//!
//! ```
//! use stack_core::{FrameBuf, FrameShape, FrameSource, Limits, PixelType, SampleFormat, StackHeader};
//! use stack_video::{Codec, Ffmpeg, VideoFile, VideoWriter};
//!
//! # if Ffmpeg::locate().is_err() { println!("skipped: no ffmpeg"); return Ok(()); }
//! let folder = tempfile::tempdir().expect("a temporary folder");
//! let path = folder.path().join("stack.mkv");
//! let header = StackHeader::new(2, FrameShape::gray(2, 3)?, SampleFormat::full(PixelType::U16))?;
//! let mut writer = VideoWriter::create(&path, &header, Codec::Ffv1, &[("notes", b"two frames".to_vec())])?;
//! writer.push(&FrameBuf::U16(vec![0, 1, 2, 3, 4, 65_535]))?;
//! writer.push(&FrameBuf::U16(vec![0, 1, 2, 3, 5, 65_535]))?;
//! writer.finish()?;
//!
//! let mut video = VideoFile::open(&path, &Limits::default())?;
//! assert_eq!(video.encoded_description(), "FFV1, gray16le");
//! assert_eq!(video.table("notes")?.as_deref(), Some(&b"two frames"[..]));
//! let mut frame = FrameBuf::for_header(video.header());
//! video.read_frame(1, &mut frame)?;
//! assert_eq!(frame, FrameBuf::U16(vec![0, 1, 2, 3, 5, 65_535]));
//! # Ok::<(), stack_core::Error>(())
//! ```

#![forbid(unsafe_code)]

pub mod codec;
mod command;
mod decoder;
pub mod encoding;
pub mod ffmpeg;
pub mod matroska;
mod packing;
mod process;
pub mod reader;
mod record;
mod route;
pub mod source;
pub mod writer;

pub use codec::Codec;
pub use encoding::Encoding;
pub use ffmpeg::Ffmpeg;
pub use matroska::stream_bytes;
pub use reader::{VideoFile, is_stack_video};
pub use source::VideoSource;
pub use writer::VideoWriter;
