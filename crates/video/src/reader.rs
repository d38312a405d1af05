//! A stack video as a source of frames.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::ChildStdout;

use stack_core::{Error, FrameBuf, FrameSource, Limits, Result, StackHeader, check_frame_index};

use crate::codec::Codec;
use crate::command;
use crate::ffmpeg::Ffmpeg;
use crate::matroska::{self, Head};
use crate::process::Process;
use crate::record::{self, EncodingRecord};
use crate::route::Route;

/// A finished stack video.
///
/// Header, tables and what was encoded are read without FFmpeg; the first frame starts it. Frames come in order:
/// going forward decodes what lies between, going back starts over. Reading the last frame also checks that no
/// more follow and that the decoder reported no damage.
pub struct VideoFile {
    path: PathBuf,
    header: StackHeader,
    codec: Codec,
    route: &'static Route,
    record: EncodingRecord,
    head: Head,
    limits: Limits,
    ffmpeg: Option<Ffmpeg>,
    decoder: Option<Decoder>,
}

/// FFmpeg while it decodes.
struct Decoder {
    process: Process,
    stdout: ChildStdout,
    /// The frame that comes next.
    next: usize,
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
        let codec = record.codec(path)?;
        let route = codec.route(&header).map_err(|error| {
            Error::format(
                path,
                record::HEADER,
                error.to_string(),
                "the file is damaged or was not written by us",
            )
        })?;
        check_frame_size(path, &header, &head)?;
        Ok(Self {
            path: path.to_path_buf(),
            header,
            codec,
            route,
            record,
            head,
            limits: *limits,
            ffmpeg: None,
            decoder: None,
        })
    }

    /// Decodes with this FFmpeg instead of the one that [`Ffmpeg::locate`] finds.
    #[must_use]
    pub fn with_ffmpeg(mut self, ffmpeg: Ffmpeg) -> Self {
        self.ffmpeg = Some(ffmpeg);
        self
    }

    /// The codec that made the file.
    pub fn codec(&self) -> Codec {
        self.codec
    }

    /// What was really encoded: `H.264 High 10, gray10le`.
    pub fn encoded_description(&self) -> &str {
        &self.record.description
    }

    /// The table of this name; `None` if there is none.
    ///
    /// # Errors
    /// [`Error::Limit`] if it is longer than [`Limits::metadata_bytes`]; [`Error::Io`].
    pub fn table(&self, name: &str) -> Result<Option<Vec<u8>>> {
        let attachment = self.head.attachment(name);
        attachment.map(|table| matroska::read_attachment(&self.path, table, &self.limits)).transpose()
    }

    /// Bytes of the video packets, without container, tables and index.
    ///
    /// # Errors
    /// [`Error::Format`] if the file is damaged; [`Error::Io`].
    pub fn stream_bytes(&self) -> Result<u64> {
        matroska::stream_bytes(&self.path)
    }

    fn start(&mut self) -> Result<Decoder> {
        let ffmpeg = match &self.ffmpeg {
            Some(ffmpeg) => ffmpeg,
            None => self.ffmpeg.insert(Ffmpeg::locate()?),
        };
        let mut process = Process::start(ffmpeg, command::decoder_arguments(&self.path, self.route))?;
        drop(process.take_stdin());
        let Some(stdout) = process.take_stdout() else {
            return Err(Error::unavailable("ffmpeg", "its output is not connected", "try again"));
        };
        Ok(Decoder { process, stdout, next: 0 })
    }

    fn read_next(&self, decoder: &mut Decoder, into: &mut FrameBuf) -> Result<()> {
        into.fit(&self.header);
        let read = into.fill_le_bytes(|bytes| decoder.stdout.read_exact(bytes));
        if let Err(error) = read {
            return Err(self.ended_early(decoder, error));
        }
        if decoder.next == 0 {
            self.check_decoded_size(decoder)?;
        }
        decoder.next += 1;
        if decoder.next == self.header.frames { self.check_end(decoder) } else { self.check_log(decoder) }
    }

    /// The stream itself has a frame size too; another one than the container's would shift all samples.
    fn check_decoded_size(&self, decoder: &Decoder) -> Result<()> {
        let shape = self.header.shape;
        match decoder.process.output() {
            Some(output) if (output.height, output.width) == (shape.height(), shape.width()) => Ok(()),
            Some(output) => Err(self.damaged(
                "frame size",
                format!("the stream has {} x {}, the header {shape}", output.height, output.width),
            )),
            None => Err(Error::unavailable(
                "ffmpeg",
                format!("it did not say what it decodes: {}", decoder.process.last_words()),
                "use another version of FFmpeg",
            )),
        }
    }

    fn check_log(&self, decoder: &Decoder) -> Result<()> {
        if decoder.process.errors() == 0 {
            return Ok(());
        }
        Err(self.damaged("video stream", decoder.process.last_words()))
    }

    /// After the last frame: nothing may follow, and the decoder must be content.
    fn check_end(&self, decoder: &mut Decoder) -> Result<()> {
        let frames = self.header.frames;
        let more = decoder.stdout.read(&mut [0]).map_err(Error::io("read", &self.path))?;
        if more != 0 {
            return Err(self.damaged(
                "video stream",
                format!("it holds more than the {frames} frames that the header promises"),
            ));
        }
        let status = decoder.process.wait_briefly()?;
        self.check_log(decoder)?;
        if !status.success() {
            return Err(decoder.process.failure("decoding ended", status));
        }
        Ok(())
    }

    fn ended_early(&self, decoder: &mut Decoder, error: io::Error) -> Error {
        if error.kind() != io::ErrorKind::UnexpectedEof {
            return Error::io("read", &self.path)(error);
        }
        let status = match decoder.process.wait_briefly() {
            Ok(status) => status,
            Err(error) => return error,
        };
        let progress = format!("after {} of {} frames", decoder.next, self.header.frames);
        // Without an exit code it was a signal that ended it: not the file's fault.
        if status.code().is_none() {
            return decoder.process.failure(&format!("decoding ended {progress}"), status);
        }
        let problem = if status.success() && decoder.process.errors() == 0 {
            format!("it ends {progress}")
        } else {
            format!("it cannot be decoded {progress}: {}", decoder.process.last_words())
        };
        self.damaged("video stream", problem)
    }

    fn damaged(&self, field: &str, problem: String) -> Error {
        Error::format(&self.path, field, problem, "the file is damaged; restore it from a copy")
    }
}

impl FrameSource for VideoFile {
    fn header(&self) -> &StackHeader {
        &self.header
    }

    fn read_frame(&mut self, index: usize, into: &mut FrameBuf) -> Result<()> {
        check_frame_index(&self.header, index)?;
        // Taken out, so that an error leaves no half-read decoder behind.
        let mut decoder = match self.decoder.take() {
            Some(decoder) if decoder.next <= index => decoder,
            earlier => {
                drop(earlier);
                self.start()?
            }
        };
        while decoder.next <= index {
            self.read_next(&mut decoder, into)?;
        }
        if decoder.next < self.header.frames {
            self.decoder = Some(decoder);
        }
        Ok(())
    }

    fn seeks(&self) -> bool {
        false
    }

    fn disk_bytes(&self) -> Option<u64> {
        fs::metadata(&self.path).ok().map(|metadata| metadata.len())
    }
}

fn check_frame_size(path: &Path, header: &StackHeader, head: &Head) -> Result<()> {
    let shape = header.shape;
    let problem = match &head.video {
        None => "there is no video track".to_owned(),
        Some(video) if (video.height, video.width) != (shape.height() as u64, shape.width() as u64) => {
            format!("frames of {} x {}, but the header says {shape}", video.height, video.width)
        }
        Some(_) => return Ok(()),
    };
    Err(Error::format(path, "Tracks", problem, "the file is damaged or was not written by us"))
}
