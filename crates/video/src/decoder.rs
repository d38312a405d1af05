//! FFmpeg while it decodes the video tracks of a stack video.

use std::io::{self, Read};
use std::path::Path;
use std::process::ChildStdout;
use std::sync::Arc;
use std::thread;

use stack_core::{Error, FrameBuf, Result, StackHeader};

use crate::command;
use crate::encoding::Encoding;
use crate::ffmpeg::Ffmpeg;
use crate::matroska::{self, Head, KeyFrame};
use crate::packing;
use crate::process::Process;
use crate::route::Route;

/// What stays the same for all decoders of a file.
pub(crate) struct Decoding {
    pub(crate) path: Arc<Path>,
    pub(crate) header: StackHeader,
    pub(crate) head: Arc<Head>,
    pub(crate) encoding: Encoding,
    pub(crate) route: &'static Route,
}

/// One FFmpeg for each track, all at the same frame.
pub(crate) struct Decoder {
    tracks: Vec<TrackDecoder>,
    /// The frame that comes next.
    pub(crate) next: usize,
    /// Whether the size of the decoded frames was compared with the header.
    size_checked: bool,
    /// One frame in FFmpeg's order, where that is not ours.
    packed: Vec<u8>,
}

struct TrackDecoder {
    process: Process,
    stdout: ChildStdout,
}

impl Decoding {
    /// Starts at the first frame, or at a key frame: the same one in each track.
    pub(crate) fn start(&self, ffmpeg: &Ffmpeg, keys: Option<&[KeyFrame]>) -> Result<Decoder> {
        let key = |track: usize| keys.and_then(|keys| keys.get(track)).copied();
        let tracks = (0..self.encoding.planes()).map(|track| self.start_track(ffmpeg, track, key(track)));
        Ok(Decoder {
            tracks: tracks.collect::<Result<_>>()?,
            next: key(0).map_or(0, |key| key.frame as usize),
            size_checked: false,
            packed: Vec::new(),
        })
    }

    fn start_track(&self, ffmpeg: &Ffmpeg, track: usize, key: Option<KeyFrame>) -> Result<TrackDecoder> {
        // The stream from a key frame on has this track alone.
        let (path, number) = if key.is_none() { (Some(&*self.path), track) } else { (None, 0) };
        let arguments = command::decoder_arguments(path, self.encoding, self.route, number);
        let mut process = Process::start(ffmpeg, arguments)?;
        let (stdin, stdout) = (process.take_stdin(), process.take_stdout());
        let (Some(mut stdin), Some(stdout)) = (stdin, stdout) else {
            return Err(Error::unavailable("ffmpeg", "its pipes are not connected", "try again"));
        };
        if let Some(key) = key {
            let (path, head) = (Arc::clone(&self.path), Arc::clone(&self.head));
            // It ends with the file or with the process. What it cannot pass on, the decoder will miss.
            thread::spawn(move || matroska::write_from(&path, &head, &key, &mut stdin));
        }
        Ok(TrackDecoder { process, stdout })
    }

    /// Reads the next frame into `into`, which is resized to fit.
    pub(crate) fn read_next(&self, decoder: &mut Decoder, into: &mut FrameBuf) -> Result<()> {
        into.fit(&self.header);
        let Decoder { tracks, packed, .. } = decoder;
        let read = match tracks.as_mut_slice() {
            [track] if !self.route.planar => {
                into.fill_le_bytes(|bytes| track.stdout.read_exact(bytes).map_err(|error| (0, error)))
            }
            tracks => {
                packed.resize(self.header.frame_bytes(), 0);
                let part = packed.len() / tracks.len();
                let mut parts = tracks.iter_mut().zip(packed.chunks_exact_mut(part)).enumerate();
                parts.try_for_each(|(number, (track, part))| {
                    track.stdout.read_exact(part).map_err(|error| (number, error))
                })
            }
        };
        if let Err((track, error)) = read {
            return Err(self.ended_early(decoder, track, error));
        }
        if decoder.tracks.len() == 2 {
            let (high, low) = decoder.packed.split_at(decoder.packed.len() / 2);
            packing::join_bytes(high, low, into);
        } else if self.route.planar {
            packing::from_planes(&decoder.packed, self.header.shape.channels(), into);
        }
        if !decoder.size_checked {
            decoder.tracks.iter().try_for_each(|track| self.check_decoded_size(&track.process))?;
            decoder.size_checked = true;
        }
        decoder.next += 1;
        if decoder.next == self.header.frames { self.check_end(decoder) } else { self.check_logs(decoder) }
    }

    /// The stream itself has a frame size too; another one than the container's would shift all samples.
    fn check_decoded_size(&self, process: &Process) -> Result<()> {
        let shape = self.header.shape;
        match process.output() {
            Some(output) if (output.height, output.width) == (shape.height(), shape.width()) => Ok(()),
            Some(output) => Err(self.damaged(
                "frame size",
                format!("the stream has {} x {}, the header {shape}", output.height, output.width),
            )),
            None => Err(Error::unavailable(
                "ffmpeg",
                format!("it did not say what it decodes: {}", process.last_words()),
                "use another version of FFmpeg",
            )),
        }
    }

    fn check_logs(&self, decoder: &Decoder) -> Result<()> {
        match decoder.tracks.iter().find(|track| track.process.errors() != 0) {
            None => Ok(()),
            Some(track) => Err(self.damaged("video stream", track.process.last_words())),
        }
    }

    /// After the last frame: nothing may follow, and the decoders must be content.
    fn check_end(&self, decoder: &mut Decoder) -> Result<()> {
        let frames = self.header.frames;
        for track in &mut decoder.tracks {
            let more = track.stdout.read(&mut [0]).map_err(Error::io("read", &self.path))?;
            if more != 0 {
                return Err(self.damaged(
                    "video stream",
                    format!("it holds more than the {frames} frames that the header promises"),
                ));
            }
            let status = track.process.wait_briefly()?;
            if track.process.errors() == 0 && !status.success() {
                return Err(track.process.failure("decoding ended", status));
            }
        }
        self.check_logs(decoder)
    }

    fn ended_early(&self, decoder: &mut Decoder, track: usize, error: io::Error) -> Error {
        if error.kind() != io::ErrorKind::UnexpectedEof {
            return Error::io("read", &self.path)(error);
        }
        let progress = format!("after {} of {} frames", decoder.next, self.header.frames);
        let process = &mut decoder.tracks[track].process;
        let status = match process.wait_briefly() {
            Ok(status) => status,
            Err(error) => return error,
        };
        // Without an exit code it was a signal that ended it: not the file's fault.
        if status.code().is_none() {
            return process.failure(&format!("decoding ended {progress}"), status);
        }
        let problem = if status.success() && process.errors() == 0 {
            format!("it ends {progress}")
        } else {
            format!("it cannot be decoded {progress}: {}", process.last_words())
        };
        self.damaged("video stream", problem)
    }

    pub(crate) fn damaged(&self, field: &str, problem: String) -> Error {
        Error::format(&self.path, field, problem, "the file is damaged; restore it from a copy")
    }
}
