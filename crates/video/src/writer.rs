//! Frames into a playable file.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ChildStdin;

use stack_core::{Error, FrameBuf, Result, StackHeader};
use tempfile::TempDir;

use crate::command;
use crate::encoding::Encoding;
use crate::ffmpeg::Ffmpeg;
use crate::matroska;
use crate::packing;
use crate::process::Process;
use crate::record::{self, EncodingRecord};
use crate::route::Route;

/// Largest attachment that FFmpeg takes (it counts in 31 bits), with room to spare.
const LARGEST_TABLE: usize = 1 << 30;

/// Writes a stack, frame after frame, through an FFmpeg child process into one Matroska file.
///
/// The stack's header and the given tables become attachments of the same file, in the same pass. A table whose
/// content is known only after the last frame is given as a place of the same length, and filled with
/// [`matroska::replace_attachment`] afterwards.
///
/// Dropping a writer that was not finished kills FFmpeg and removes the file.
pub struct VideoWriter {
    path: PathBuf,
    header: StackHeader,
    encoding: Encoding,
    route: &'static Route,
    record: EncodingRecord,
    process: Process,
    stdin: Option<ChildStdin>,
    pushed: usize,
    complete: bool,
    /// One frame in FFmpeg's order, where that is not ours.
    packed: Vec<u8>,
    /// The attachments while FFmpeg needs them.
    _tables: TempDir,
}

impl VideoWriter {
    /// Starts FFmpeg, which replaces the file at `path`.
    ///
    /// `tables` are named attachments, `[A-Za-z0-9._-]` and at most 64 characters each.
    ///
    /// # Errors
    /// [`Error::Unsupported`] if `encoding` cannot hold such a stack; [`Error::Unavailable`] if FFmpeg or its
    /// encoder is missing; [`Error::Parameter`] for an unusable table; [`Error::Io`] if the folder cannot be
    /// written.
    pub fn create(
        path: &Path,
        header: &StackHeader,
        encoding: impl Into<Encoding>,
        tables: &[(&str, Vec<u8>)],
    ) -> Result<Self> {
        let encoding = encoding.into();
        encoding.route(header)?;
        Self::create_with(&Ffmpeg::locate()?, path, header, encoding, tables)
    }

    /// [`VideoWriter::create`] with this FFmpeg.
    ///
    /// # Errors
    /// As [`VideoWriter::create`].
    pub fn create_with(
        ffmpeg: &Ffmpeg,
        path: &Path,
        header: &StackHeader,
        encoding: impl Into<Encoding>,
        tables: &[(&str, Vec<u8>)],
    ) -> Result<Self> {
        header.check()?;
        let encoding = encoding.into();
        let route = encoding.route(header)?;
        ffmpeg.require_encoder(route.encoder.unwrap_or(encoding.codec().encoder()))?;
        let options = command::encoder_options(encoding, route, header);
        let record = EncodingRecord::new(encoding, ffmpeg.version(), &options);
        let header_json = record::header_to_bytes(header)?;
        let encoding_json = record.to_bytes()?;
        let mut attachments: Vec<(&str, &[u8])> =
            vec![(record::HEADER, &header_json), (record::ENCODING, &encoding_json)];
        for (name, table) in tables {
            check_table(name, table, &attachments)?;
            attachments.push((name, table));
        }
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        let temporary = tempfile::Builder::new()
            .prefix(".stack-video-")
            .tempdir_in(folder)
            .map_err(Error::io("write to", folder))?;
        let mut files = Vec::new();
        for (index, (name, data)) in attachments.iter().enumerate() {
            let file = temporary.path().join(index.to_string());
            fs::write(&file, data).map_err(Error::io("write", &file))?;
            files.push((*name, file));
        }
        let arguments = command::encoder_arguments(path, header, encoding, route, &options, &files);
        let mut process = Process::start(ffmpeg, arguments)?;
        let stdin = process.take_stdin();
        // Nothing is expected there, and an unread pipe could fill.
        drop(process.take_stdout());
        Ok(Self {
            path: path.to_path_buf(),
            header: header.clone(),
            encoding,
            route,
            record,
            process,
            stdin,
            pushed: 0,
            complete: false,
            packed: Vec::new(),
            _tables: temporary,
        })
    }

    /// Encodes the next frame.
    ///
    /// # Errors
    /// [`Error::Parameter`] if the frame does not fit the header, or a sample needs more bits than it promises;
    /// [`Error::Unavailable`] with FFmpeg's last words if it ended.
    pub fn push(&mut self, frame: &FrameBuf) -> Result<()> {
        self.check_frame(frame)?;
        let written = match &mut self.stdin {
            Some(stdin) if self.encoding.planes() == 2 => {
                self.packed.clear();
                packing::split_bytes(frame, &mut self.packed);
                stdin.write_all(&self.packed)
            }
            Some(stdin) if self.route.planar => {
                self.packed.clear();
                packing::to_planes(frame, self.header.shape.channels(), &mut self.packed);
                stdin.write_all(&self.packed)
            }
            Some(stdin) => stdin.write_all(&frame.le_bytes()),
            None => Err(io::ErrorKind::BrokenPipe.into()),
        };
        match written {
            Ok(()) => {
                self.pushed += 1;
                Ok(())
            }
            Err(error) => {
                self.stdin = None;
                Err(self.died(&error))
            }
        }
    }

    /// Completes the file.
    ///
    /// What FFmpeg wrote is checked: the pixel format and size that it names in its log, and the number of
    /// packets in the file.
    ///
    /// # Errors
    /// [`Error::Parameter`] if frames are missing; [`Error::Unavailable`] if FFmpeg failed, or encoded something
    /// else than it was told to.
    pub fn finish(mut self) -> Result<()> {
        if self.pushed != self.header.frames {
            return Err(Error::parameter(
                "frames",
                format!("{} were given, the header promises {}", self.pushed, self.header.frames),
                "give all frames before finishing",
            ));
        }
        self.stdin = None;
        let status = self.process.wait()?;
        if !status.success() {
            return Err(self.process.failure("it ended", status));
        }
        self.check_stream()?;
        let description = self.describe()?;
        self.record.description = description;
        matroska::replace_attachment(&self.path, record::ENCODING, &self.record.to_bytes()?)?;
        self.complete = true;
        Ok(())
    }

    fn check_frame(&self, frame: &FrameBuf) -> Result<()> {
        let place = || format!("frame {}", self.pushed);
        if self.pushed == self.header.frames {
            return Err(Error::parameter(
                place(),
                format!("the header promises {} frames", self.header.frames),
                "give the exact number of frames in the header",
            ));
        }
        if frame.pixel() != self.header.format.pixel() || frame.len() != self.header.shape.samples() {
            return Err(Error::parameter(
                place(),
                format!("{} samples of {} do not fit the header", frame.len(), frame.pixel()),
                format!("give {}", self.header.describe()),
            ));
        }
        // A narrower pixel format would lose the high bits without a word.
        let bits = self.header.format.significant_bits();
        if let (FrameBuf::U16(samples), 1..=15) = (frame, bits)
            && let Some(sample) = samples.iter().find(|&&sample| sample >> bits != 0)
        {
            return Err(Error::parameter(
                place(),
                format!("the sample {sample} does not fit in the {bits} bits that the header promises"),
                "correct the number of significant bits",
            ));
        }
        Ok(())
    }

    fn check_stream(&self) -> Result<()> {
        let wrong = |problem: String| {
            Error::unavailable(
                self.encoding.codec().encoder(),
                problem,
                "use another build of FFmpeg, or another method",
            )
        };
        let Some(output) = self.process.output() else {
            return Err(wrong("FFmpeg did not say what it encoded".into()));
        };
        let shape = self.header.shape;
        if output.pixel_format != self.route.encoded {
            return Err(wrong(format!(
                "this build encodes {} instead of {}",
                output.pixel_format, self.route.encoded
            )));
        }
        if (output.height, output.width) != (shape.height(), shape.width()) {
            return Err(wrong(format!(
                "it encoded frames of {} x {} instead of {shape}",
                output.height, output.width
            )));
        }
        let tracks = matroska::stream_summary(&self.path)?.tracks;
        if tracks.len() != self.encoding.planes() {
            return Err(wrong(format!(
                "it made {} tracks instead of {}",
                tracks.len(),
                self.encoding.planes()
            )));
        }
        if let Some(track) = tracks.iter().find(|track| track.packets != self.header.frames as u64) {
            let (packets, frames) = (track.packets, self.header.frames);
            return Err(wrong(format!("it encoded {packets} frames instead of {frames}")));
        }
        Ok(())
    }

    /// `H.264 High 10, gray10le`: stream, profile where the stream tells it, pixel format.
    fn describe(&self) -> Result<String> {
        let file = fs::File::open(&self.path).map_err(Error::io("open", &self.path))?;
        let profile = matroska::read_head(file, &self.path)?.video().and_then(h264_profile);
        let profile = profile.map(|profile| format!(" {profile}")).unwrap_or_default();
        let planes =
            if self.encoding.planes() == 2 { ", one track of high and one of low bytes" } else { "" };
        Ok(format!("{}{profile}, {}{planes}", self.encoding.codec().stream(), self.route.encoded))
    }

    fn died(&mut self, error: &io::Error) -> Error {
        match self.process.wait_briefly() {
            Ok(status) => {
                let what = format!("it ended after {} of {} frames", self.pushed, self.header.frames);
                self.process.failure(&what, status)
            }
            Err(_) => Error::unavailable("ffmpeg", format!("it took no more frames: {error}"), "try again"),
        }
    }
}

impl Drop for VideoWriter {
    fn drop(&mut self) {
        if !self.complete {
            self.process.stop();
            // It may not exist yet, and nobody is left to tell.
            let _ = fs::remove_file(&self.path);
        }
    }
}

fn check_table(name: &str, table: &[u8], others: &[(&str, &[u8])]) -> Result<()> {
    let refuse =
        |problem: String, remedy: &str| Err(Error::parameter(format!("table {name:?}"), problem, remedy));
    let plain = |c: u8| c.is_ascii_alphanumeric() || b"._-".contains(&c);
    if name.is_empty() || name.len() > 64 || !name.bytes().all(plain) {
        return refuse("not a usable name".into(), "use 1 to 64 of A-Z a-z 0-9 . _ -");
    }
    if others.iter().any(|(other, _)| *other == name) {
        return refuse("the name is taken".into(), "use every name once");
    }
    if table.is_empty() || table.len() > LARGEST_TABLE {
        return refuse(format!("{} bytes cannot be attached", table.len()), "use 1 byte to 1 GiB");
    }
    Ok(())
}

/// The profile that an H.264 stream names in the second byte of its configuration record (ISO/IEC 14496-15,
/// section 5.3.3; profiles: ITU-T H.264, annex A).
fn h264_profile(video: &matroska::VideoTrack) -> Option<&'static str> {
    if video.codec_id != "V_MPEG4/ISO/AVC" {
        return None;
    }
    Some(match video.codec_private.get(1)? {
        66 => "Baseline",
        77 => "Main",
        100 => "High",
        110 => "High 10",
        122 => "High 4:2:2",
        244 => "High 4:4:4 Predictive",
        _ => return None,
    })
}
