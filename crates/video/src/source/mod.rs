//! Any video that FFmpeg reads, as a source of frames.
//!
//! | stored samples | frames |
//! |---|---|
//! | gray of 1 to 8 bits, gray of 9 to 16 bits | `u8`, `u16` in 1 channel, as they are; 2 channels with alpha |
//! | RGB of 8 bits; of 9, 10, 12, 14 or 16 bits | `u8`, `u16` in 3 channels, as they are; 4 channels with alpha |
//! | YUV of 8 bits; of 9 to 16 bits | `u8`, `u16` in 3 channels (4 with alpha), **converted** to RGB of as many bits |
//!
//! A conversion is told in the property `converted`. It is that of FFmpeg's swscale with exact rounding, bicubic
//! where colours are stored with fewer pixels, and the colour matrix that the stream names (BT.601 if it names none).
//! Frames are as they are stored: not turned, not scaled to square pixels, none dropped or repeated for a frame rate.
//!
//! Opening decodes the video once, because no container can be trusted to know its number of frames, and to find
//! damage and changes of the frame size before anything is done with the first frame. Reading decodes it again. Whatever
//! FFmpeg reports as damaged or concealed is an error. What it cannot notice is not: an MPEG transport stream that
//! was cut between two of its packets is a shorter transport stream.

mod command;
mod pixels;
mod survey;

use std::fs;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::process::ChildStdout;

use stack_core::{Error, FrameBuf, FrameShape, FrameSource, Limits, Result, StackHeader, check_frame_index};

use self::pixels::RawSamples;
use crate::ffmpeg::Ffmpeg;
use crate::packing;
use crate::process::Process;

/// A video of any program, as a stack of its frames.
///
/// Frames come in order: going forward decodes what lies between, going back starts over.
pub struct VideoSource {
    path: PathBuf,
    limits: Limits,
    header: StackHeader,
    samples: RawSamples,
    ffmpeg: Ffmpeg,
    decoder: Option<Decoder>,
    packed: Vec<u8>,
}

struct Decoder {
    process: Process,
    stdout: ChildStdout,
    next: usize,
}

impl VideoSource {
    /// Opens the video at `path`, and decodes it once.
    ///
    /// # Errors
    /// [`Error::Format`] for a file that is no video, has no video stream or no frame in it, is damaged (with what
    /// FFmpeg said, and after which frame), changes its frame size, or has samples that are neither gray, RGB nor
    /// YUV of at most 16 bits; [`Error::Limit`]; [`Error::Unavailable`] without FFmpeg; [`Error::Io`].
    pub fn open(path: &Path, limits: &Limits) -> Result<Self> {
        Self::open_with(&Ffmpeg::locate()?, path, limits)
    }

    /// [`VideoSource::open`] with this FFmpeg.
    ///
    /// # Errors
    /// As [`VideoSource::open`].
    pub fn open_with(ffmpeg: &Ffmpeg, path: &Path, limits: &Limits) -> Result<Self> {
        check_gif_end(path)?;
        let survey = survey::survey(ffmpeg, path, limits)?;
        let Some(kind) = survey.kind else {
            return Err(Error::format(path, "video stream", "it has no frames", "give another file"));
        };
        let unusable = || {
            Error::format(
                path,
                "pixel format",
                format!("{} is not gray, RGB or YUV of at most 16 bits", kind.pixel_format),
                "convert it with ffmpeg -i IN -pix_fmt gray16le -c:v ffv1 OUT.mkv",
            )
        };
        let pixel = ffmpeg.pixel_format(&kind.pixel_format)?.ok_or_else(unusable)?;
        let samples = pixels::samples_of(&pixel)?.ok_or_else(unusable)?;
        let shape = FrameShape::new(kind.height, kind.width, samples.channels)?;
        let mut header = StackHeader::new(survey.frames as usize, shape, samples.format)?;
        let properties = [
            ("codec", survey.codec),
            ("pixel format", Some(kind.pixel_format.clone())),
            ("frame rate", survey.frame_rate.map(|rate| format!("{rate} frames a second"))),
            ("converted", samples.converted.then(|| format!("{} to {}", kind.pixel_format, samples.raw))),
        ];
        let known = properties.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
        header.meta.properties.extend(known);
        limits.check_header(path, &header)?;
        Ok(Self {
            path: path.to_path_buf(),
            limits: *limits,
            header,
            samples,
            ffmpeg: ffmpeg.clone(),
            decoder: None,
            packed: Vec::new(),
        })
    }

    fn start(&self) -> Result<Decoder> {
        let arguments = command::decoder_arguments(&self.path, &self.limits, &self.samples.raw);
        let mut process = Process::start(&self.ffmpeg, arguments)?;
        drop(process.take_stdin());
        match process.take_stdout() {
            Some(stdout) => Ok(Decoder { process, stdout, next: 0 }),
            None => Err(Error::unavailable("ffmpeg", "its output is not connected", "try again")),
        }
    }

    fn read_next(&mut self, decoder: &mut Decoder, into: &mut FrameBuf) -> Result<()> {
        into.fit(&self.header);
        let read = if self.samples.planar {
            self.packed.resize(self.header.frame_bytes(), 0);
            let read = decoder.stdout.read_exact(&mut self.packed);
            packing::from_planes(&self.packed, self.samples.channels, into);
            read
        } else {
            into.fill_le_bytes(|bytes| decoder.stdout.read_exact(bytes))
        };
        read.map_err(|error| self.ended_early(decoder, error))?;
        decoder.next += 1;
        if decoder.next < self.header.frames {
            return Ok(());
        }
        let more = decoder.stdout.read(&mut [0]).map_err(Error::io("read", &self.path))?;
        let status =
            if more == 0 { decoder.process.wait_briefly()? } else { return Err(self.changed(decoder)) };
        if status.success() && decoder.process.errors() == 0 {
            return Ok(());
        }
        Err(self.changed(decoder))
    }

    fn ended_early(&self, decoder: &mut Decoder, error: io::Error) -> Error {
        if error.kind() != io::ErrorKind::UnexpectedEof {
            return Error::io("read", &self.path)(error);
        }
        match decoder.process.wait_briefly() {
            // Without an exit code it was a signal that ended it: not the file's fault.
            Ok(status) if status.code().is_none() => decoder.process.failure("decoding ended", status),
            Ok(_) => self.changed(decoder),
            Err(error) => error,
        }
    }

    /// The video was decoded once without a fault, so another outcome means another file.
    fn changed(&self, decoder: &Decoder) -> Error {
        let problem = format!(
            "it was {} frames when it was opened, now decoding differs after {}: {}",
            self.header.frames,
            decoder.next,
            decoder.process.last_words()
        );
        Error::format(&self.path, "video stream", problem, "do not change the file while it is read")
    }
}

/// A GIF that was cut is the one damage that FFmpeg does not notice; a whole one ends with a byte of its own, which
/// some programs fill up with zeros.
fn check_gif_end(path: &Path) -> Result<()> {
    const TRAILER: u8 = 0x3b;
    let read = |file: &mut fs::File| -> io::Result<(Vec<u8>, Vec<u8>)> {
        let (mut head, mut tail) = (Vec::new(), Vec::new());
        file.take(4).read_to_end(&mut head)?;
        let length = file.seek(SeekFrom::End(0))?;
        file.seek(SeekFrom::Start(length.saturating_sub(512)))?;
        file.read_to_end(&mut tail)?;
        Ok((head, tail))
    };
    let mut file = fs::File::open(path).map_err(Error::io("open", path))?;
    let (head, tail) = read(&mut file).map_err(Error::io("read", path))?;
    if head == b"GIF8" && tail.iter().rev().find(|&&byte| byte != 0) != Some(&TRAILER) {
        return Err(Error::format(
            path,
            "end of the file",
            "a GIF ends with another byte: it was cut off",
            "restore it from a copy",
        ));
    }
    Ok(())
}

impl FrameSource for VideoSource {
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
