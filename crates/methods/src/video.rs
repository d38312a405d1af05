//! Methods that store a stack as one Matroska file: `video:ffv1`, `video:x264-lossless,planes=2,gop=30`.
//!
//! The presets `mp4`, `x264-fast`, `x264-slow` and `x264-interm` encode as the script they come from did, promise
//! nothing, and say what was really encoded. `ffv1`, `x264-lossless`, `x265-lossless` and `jpegxl-lossless` are
//! lossless.
//!
//! | option | meaning |
//! |---|---|
//! | `planes=2` | `u16` gray samples as two 8-bit tracks, high bytes and low bytes; lossless codecs only |
//! | `gop=N` | a key frame every `N` frames, so that frame `n` is read without decoding more than `N` |

use std::path::Path;

use stack_core::{
    ErrorBound, FrameSource, Limits, Progress, Result, StackHeader, StoredOrder, for_each_frame,
};
use stack_video::{Codec, Encoding, Ffmpeg, VideoFile, VideoWriter, matroska};

use crate::envelope::{ENVELOPE_TABLE, FrameHashes, HASHES_TABLE, HashingSource};
use crate::options::OptionReader;
use crate::reader::Storage;
use crate::{Job, Method, MethodSpec, StackReader, arranged, seal};

/// Name of the family.
pub(crate) const FAMILY: &str = "video";

/// Matroska video with one encoding.
struct Video {
    encoding: Encoding,
}

/// Makes the method from its specification.
pub(crate) fn build(spec: &MethodSpec) -> Result<Box<dyn Method>> {
    let mut options = OptionReader::new(spec);
    let planes = options.value("planes", "planes=2")?;
    let gop = options.value("gop", "gop=N")?;
    let codec: Codec = options.rest().parse()?;
    Ok(Box::new(Video { encoding: Encoding::new(codec, gop, planes.unwrap_or(1))? }))
}

impl Method for Video {
    fn spec(&self) -> MethodSpec {
        format!("{FAMILY}:{}", self.encoding)
            .parse()
            .expect("an encoding prints as options of a specification")
    }

    fn extension(&self) -> &'static str {
        ".stack.mkv"
    }

    fn promise(&self, header: &StackHeader) -> Result<ErrorBound> {
        self.encoding.promise(header)
    }

    fn available(&self) -> Result<()> {
        Ffmpeg::locate()?.require_encoder(self.encoding.codec().encoder())
    }

    fn encode(&self, source: &mut dyn FrameSource, dest: &Path, job: &Job<'_>) -> Result<()> {
        let header = source.header().clone();
        let promise = self.promise(&header)?;
        let mut tables = vec![
            (ENVELOPE_TABLE, job.envelope(promise).to_bytes()),
            // Attachments lie before the first frame, but the hashes are known after the last: reserve a place.
            (HASHES_TABLE, FrameHashes::placeholder(header.frames)),
        ];
        tables.extend(arranged::tables(&header, &job.arrangement)?);
        let mut stored = StoredOrder::new(source, &job.arrangement)?;
        let mut stored = HashingSource::new(&mut stored);
        // Names belong to the frames of the stack; they are in a table of their own where these are arranged.
        let held = if job.arrangement.is_identity() { &header } else { stored.header() };
        let mut writer = VideoWriter::create(dest, held, self.encoding, &tables)?;
        for_each_frame(&mut stored, job.progress, |_, frame| writer.push(frame))?;
        writer.finish()?;
        let hashes = if promise == ErrorBound::Lossless {
            stored.into_hashes()
        } else {
            hashes_of_decoded(dest, job.limits, job.progress)?
        };
        matroska::replace_attachment(dest, HASHES_TABLE, hashes.spread(&job.arrangement).as_bytes())?;
        matroska::append_seal_space(dest, seal::SEAL_BYTES)?;
        seal::fill_seal(dest)
    }

    fn open(&self, file: &Path, limits: &Limits) -> Result<StackReader> {
        open(file, limits)
    }
}

/// Decodes a lossy file once, so that its hashes cover what readers will get.
fn hashes_of_decoded(file: &Path, limits: &Limits, progress: &dyn Progress) -> Result<FrameHashes> {
    let mut decoded = VideoFile::open(file, limits)?;
    let frames = decoded.header().frames;
    progress.phase("hashing", frames as u64);
    let mut hashes = FrameHashes::with_capacity(frames);
    for_each_frame(&mut decoded, progress, |_, frame| {
        hashes.push(frame);
        Ok(())
    })?;
    Ok(hashes)
}

/// Opens a file of this family, whatever its codec.
pub(crate) fn open(file: &Path, limits: &Limits) -> Result<StackReader> {
    let stored = Box::new(VideoFile::open(file, limits)?);
    StackReader::new(file, arranged::open(file, stored, limits)?)
}

impl Storage for VideoFile {
    fn table(&mut self, name: &str) -> Result<Option<Vec<u8>>> {
        Self::table(self, name)
    }

    fn sample_bytes(&mut self) -> Result<u64> {
        self.stream_bytes()
    }

    fn encoded_as(&self) -> Option<String> {
        Some(self.encoded_description().to_owned())
    }
}

#[cfg(test)]
mod tests {
    use crate::method;

    #[test]
    fn options_print_in_one_order_and_defaults_not_at_all() {
        for (words, canonical) in [
            ("video:gop=30,x264-lossless,planes=2", "video:x264-lossless,planes=2,gop=30"),
            ("video:ffv1,planes=1", "video:ffv1"),
            ("video mp4,gop=5", "video:mp4,gop=5"),
            ("video:jpegxl-lossless,planes=2", "video:jpegxl-lossless,planes=2"),
        ] {
            assert_eq!(method(words).unwrap().spec().to_string(), canonical);
        }
        for words in [
            "video:gop=30",
            "video:ffv1,mp4",
            "video:ffv1,gop=x",
            "video:ffv1,gop",
            "video:ffv1,gop=0",
            "video:mp4,planes=2",
            "video:ffv1,planes=3",
            "video:x265-lossless,gop=2",
            "video:ffv1,crf=2",
        ] {
            assert!(method(words).is_err(), "{words}");
        }
    }
}
