//! What a video holds, found out by decoding it once: how many frames, of which size and pixel format.
//!
//! Containers tell numbers of frames too, but as estimates, or wrongly: edit lists, damaged indexes, streams that
//! were cut. The filter `showinfo` writes one line for every decoded frame to FFmpeg's log.

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use stack_core::{Error, Limits, Result};

use super::command::survey_arguments;
use crate::ffmpeg::Ffmpeg;
use crate::process::Process;

/// Size and pixel format of one decoded frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FrameKind {
    pub(super) pixel_format: String,
    pub(super) height: usize,
    pub(super) width: usize,
}

/// What was understood of the log.
#[derive(Debug, Default)]
pub(super) struct Survey {
    /// FFmpeg's name of the codec: `h264`.
    pub(super) codec: Option<String>,
    /// Frames a second, in the container's words.
    pub(super) frame_rate: Option<String>,
    pub(super) frames: u64,
    pub(super) kind: Option<FrameKind>,
    /// The first frame of another kind.
    change: Option<(u64, FrameKind)>,
    /// The first line that tells of damage, and how many frames came before it.
    damage: Option<(u64, String)>,
    in_input_section: bool,
}

impl Survey {
    /// Takes one line of the log.
    pub(super) fn take_line(&mut self, line: &str) {
        if line.contains("Parsed_showinfo_") {
            if let Some(kind) = frame_kind(line) {
                match &self.kind {
                    None => self.kind = Some(kind),
                    Some(first) if *first != kind && self.change.is_none() => {
                        self.change = Some((self.frames, kind));
                    }
                    Some(_) => {}
                }
                self.frames += 1;
            }
            return;
        }
        if line.contains("Input #0,") {
            self.in_input_section = true;
        } else if line.contains("Stream mapping:") {
            self.in_input_section = false;
        } else if self.in_input_section && self.codec.is_none() && !line.contains("(attached pic)") {
            self.take_stream(line);
        }
        let level = |level: &str| line.contains(level);
        let told = level("[error]") || level("[fatal]") || level("[panic]");
        // Damage that decoders make up for is reported as a warning only.
        let concealed = line.contains("orrupt") || line.contains("concealing");
        if (told || concealed) && self.damage.is_none() {
            self.damage = Some((self.frames, line.trim().to_owned()));
        }
    }

    /// `Stream #0:0(und): Video: h264 (High) (avc1 / 0x31637661), yuv420p, 64x48, 32 kb/s, 25 fps, ..`
    fn take_stream(&mut self, line: &str) {
        let Some((_, description)) = line.split_once(": Video: ") else { return };
        self.codec = description.split([' ', ',']).next().map(str::to_owned);
        let rate = description.split(", ").find_map(|part| part.trim().strip_suffix(" fps"));
        self.frame_rate = rate.map(str::to_owned);
    }
}

/// `n:   0 pts:      0 pts_time:0 pos: 48 fmt:yuv420p sar:1/1 s:64x48 i:P iskey:1 type:I`
fn frame_kind(line: &str) -> Option<FrameKind> {
    if !line.contains(" n:") {
        return None;
    }
    let value = |name: &str| line.split_whitespace().find_map(|word| word.strip_prefix(name));
    let (width, height) = value("s:")?.split_once('x')?;
    Some(FrameKind {
        pixel_format: value("fmt:")?.to_owned(),
        height: height.parse().ok()?,
        width: width.parse().ok()?,
    })
}

/// Decodes the whole video once.
pub(super) fn survey(ffmpeg: &Ffmpeg, path: &Path, limits: &Limits) -> Result<Survey> {
    let shared = Arc::new(Mutex::new(Survey::default()));
    let lock = |shared: &Mutex<Survey>| -> Result<()> {
        let survey = guard(shared);
        Limits::check(path, "the number of frames", survey.frames.into(), limits.frames)?;
        if let Some(kind) = &survey.kind {
            // A sample takes a byte or more.
            let pixels = kind.height as u128 * kind.width as u128;
            Limits::check(path, "the size of a frame in bytes", pixels, limits.frame_bytes)?;
        }
        Ok(())
    };
    let watched = Arc::clone(&shared);
    let watch = move |line: &str| guard(&watched).take_line(line);
    let mut process = Process::start_watched(ffmpeg, survey_arguments(path, limits), watch)?;
    drop(process.take_stdin());
    drop(process.take_stdout());
    let status = process.wait_while(|| lock(&shared))?;
    lock(&shared)?;
    let survey = std::mem::take(&mut *guard(&shared));
    let damaged = |field: String, problem: String| {
        Err(Error::format(path, field, problem, "repair the file with the program that made it, or cut it"))
    };
    if status.code().is_none() {
        return Err(process.failure("decoding ended", status));
    }
    if process.said("matches no streams") {
        return damaged("video stream".into(), "there is none".into());
    }
    if let Some((frame, words)) = &survey.damage {
        return damaged(format!("after {frame} frames"), format!("FFmpeg says: {words}"));
    }
    if !status.success() {
        return damaged("video stream".into(), format!("FFmpeg says: {}", process.last_words()));
    }
    if let (Some((frame, to)), Some(from)) = (&survey.change, &survey.kind) {
        let problem = format!(
            "the frames change from {} x {} {} to {} x {} {}",
            from.height, from.width, from.pixel_format, to.height, to.width, to.pixel_format
        );
        return damaged(format!("frame {frame}"), problem);
    }
    Ok(survey)
}

fn guard(survey: &Mutex<Survey>) -> MutexGuard<'_, Survey> {
    survey.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: &str = "\
[info] Input #0, mov,mp4, from 'file:cover, n: 5 s:1x1.mp4':
[info]   Stream #0:1: Video: mjpeg, yuvj420p, 10x10, 90k tbr (attached pic)
[info]   Stream #0:0[0x1](und): Video: h264 (High) (avc1 / 0x31), yuv420p(progressive), 64x48, 32 kb/s, 29.97 fps, 30 tbr
[info] Stream mapping:
[Parsed_showinfo_0 @ 0x1] [info] config in time_base: 1/25, frame_rate: 25/1
[Parsed_showinfo_0 @ 0x1] [info] n:   0 pts:      0 pts_time:0 pos: 48 fmt:yuv420p sar:1/1 s:64x48 i:P iskey:1 type:I
[Parsed_showinfo_0 @ 0x1] [info]   side data - User Data Unregistered:
[Parsed_showinfo_0 @ 0x1] [info] n:   1 pts:    512 pts_time:0.04 pos: 99 fmt:yuv420p sar:1/1 s:64x48 i:P iskey:0
";

    fn survey_of(log: &str) -> Survey {
        let mut survey = Survey::default();
        log.lines().for_each(|line| survey.take_line(line));
        survey
    }

    #[test]
    fn frames_are_counted_and_described() {
        let survey = survey_of(LOG);
        let kind = FrameKind { pixel_format: "yuv420p".into(), height: 48, width: 64 };
        assert_eq!((survey.frames, survey.kind), (2, Some(kind)));
        assert_eq!((survey.codec.as_deref(), survey.frame_rate.as_deref()), (Some("h264"), Some("29.97")));
        assert!(survey.change.is_none() && survey.damage.is_none());
    }

    #[test]
    fn changes_and_concealed_damage_are_seen_with_their_frame() {
        let turned =
            LOG.replace("pos: 99 fmt:yuv420p sar:1/1 s:64x48", "pos: 99 fmt:yuv420p sar:1/1 s:48x64");
        assert_eq!(survey_of(&turned).change.unwrap().0, 1);
        let damaged = format!("{LOG}[h264 @ 0x1] [info] concealing 12 DC, 12 AC, 12 MV errors in P frame\n");
        assert_eq!(survey_of(&damaged).damage.unwrap().0, 2);
    }
}
