//! One FFmpeg child process: its pipes, its log, and its end.
//!
//! Both pipes with data belong to the caller; the third, standard error, is always drained by a thread, so that a
//! talkative FFmpeg never blocks on a full pipe while the caller waits for frames.

use std::collections::VecDeque;
use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;
use std::process::{ChildStdin, ChildStdout, ExitStatus};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use ffmpeg_sidecar::child::FfmpegChild;
use ffmpeg_sidecar::command::FfmpegCommand;
use ffmpeg_sidecar::log_parser::try_parse_stream;
use stack_core::{Error, Result};

use crate::ffmpeg::Ffmpeg;

/// Lines of the log that are kept for errors.
const KEPT_LINES: usize = 12;
/// Longest line of the log that is kept, in bytes; the rest is cut.
const LINE_BYTES: u64 = 2048;
/// How long the log of a finished process may stay open. It ends with the process, unless a wrapper script left
/// children behind that hold the pipe.
const LOG_PATIENCE: Duration = Duration::from_secs(2);
/// How long a process may live on after it closed the pipe that it was used through.
const END_PATIENCE: Duration = Duration::from_secs(3);
/// How long the line that describes the output may come after the first frame.
const OUTPUT_PATIENCE: Duration = Duration::from_secs(10);

/// What FFmpeg says that it writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OutputStream {
    pub(crate) pixel_format: String,
    pub(crate) width: usize,
    pub(crate) height: usize,
}

/// What was understood of the log so far.
#[derive(Debug, Default)]
struct Log {
    in_output_section: bool,
    output: Option<OutputStream>,
    problems: VecDeque<String>,
    lines: VecDeque<String>,
    errors: u64,
    closed: bool,
}

impl Log {
    fn take_line(&mut self, line: &str) {
        // "[libx264 @ 0x55d3] [error] text": the level comes after the name of the part that speaks.
        if ["[error]", "[fatal]", "[panic]"].iter().any(|level| line.contains(level)) {
            self.errors += 1;
            keep(&mut self.problems, line);
        }
        if line.contains("Output #0,") {
            self.in_output_section = true;
        } else if self.in_output_section && self.output.is_none() {
            self.output = try_parse_stream(line).and_then(|stream| {
                let video = stream.video_data()?;
                Some(OutputStream {
                    pixel_format: video.pix_fmt.clone(),
                    width: video.width as usize,
                    height: video.height as usize,
                })
            });
        }
        keep(&mut self.lines, line);
    }
}

fn keep(lines: &mut VecDeque<String>, line: &str) {
    if lines.len() == KEPT_LINES {
        lines.pop_front();
    }
    lines.push_back(line.to_owned());
}

type SharedLog = Arc<(Mutex<Log>, Condvar)>;

/// A running FFmpeg. Dropping it kills and reaps the process.
pub(crate) struct Process {
    child: FfmpegChild,
    program: PathBuf,
    log: SharedLog,
    ended: Option<ExitStatus>,
}

impl Process {
    /// Starts FFmpeg with these arguments.
    pub(crate) fn start<A: AsRef<OsStr>>(
        ffmpeg: &Ffmpeg,
        arguments: impl IntoIterator<Item = A>,
    ) -> Result<Self> {
        Self::start_watched(ffmpeg, arguments, |_| {})
    }

    /// Starts FFmpeg with these arguments; `watch` gets every line of its log, in another thread.
    pub(crate) fn start_watched<A: AsRef<OsStr>>(
        ffmpeg: &Ffmpeg,
        arguments: impl IntoIterator<Item = A>,
        mut watch: impl FnMut(&str) + Send + 'static,
    ) -> Result<Self> {
        let mut command = FfmpegCommand::new_with_path(ffmpeg.program());
        command.args(["-hide_banner", "-nostdin", "-nostats"]).args(arguments);
        tracing::debug!(program = ?ffmpeg.program(), arguments = ?command.as_inner().get_args(), "FFmpeg starts");
        let mut child = command.spawn().map_err(|source| Ffmpeg::not_started(ffmpeg.program(), &source))?;
        let log = SharedLog::default();
        if let Some(stderr) = child.take_stderr() {
            let log = Arc::clone(&log);
            thread::spawn(move || drain(stderr, &log, &mut watch));
        }
        Ok(Self { child, program: ffmpeg.program().to_path_buf(), log, ended: None })
    }

    /// FFmpeg's standard input; `None` the second time.
    pub(crate) fn take_stdin(&mut self) -> Option<ChildStdin> {
        self.child.take_stdin()
    }

    /// FFmpeg's standard output; `None` the second time.
    pub(crate) fn take_stdout(&mut self) -> Option<ChildStdout> {
        self.child.take_stdout()
    }

    /// Waits for the end of a process that was given all its input, however long its work takes, and of its log.
    pub(crate) fn wait(&mut self) -> Result<ExitStatus> {
        if let Some(status) = self.ended {
            return Ok(status);
        }
        let status = self.child.wait().map_err(|source| Ffmpeg::not_started(&self.program, &source))?;
        self.end(status);
        drop(self.wait_for(LOG_PATIENCE, |log| log.closed));
        Ok(status)
    }

    /// Waits for the end of a process that closed its pipe, and so should end; kills it if it does not.
    pub(crate) fn wait_briefly(&mut self) -> Result<ExitStatus> {
        let deadline = Instant::now() + END_PATIENCE;
        while self.ended.is_none() && matches!(self.child.as_inner_mut().try_wait(), Ok(None)) {
            if Instant::now() >= deadline {
                // Fails only when the process has just ended by itself.
                let _ = self.child.kill();
                break;
            }
            thread::sleep(Duration::from_millis(5));
        }
        self.wait()
    }

    /// Waits for the end of a process that needs nothing more, as long as `go_on` has nothing against it.
    pub(crate) fn wait_while(&mut self, go_on: impl Fn() -> Result<()>) -> Result<ExitStatus> {
        while self.ended.is_none() && matches!(self.child.as_inner_mut().try_wait(), Ok(None)) {
            go_on()?;
            thread::sleep(Duration::from_millis(5));
        }
        self.wait()
    }

    /// Kills the process, if it still runs, and waits for its end.
    pub(crate) fn stop(&mut self) {
        if self.ended.is_none() {
            // Both fail only when the process has ended already.
            let _ = self.child.kill();
            if let Ok(status) = self.child.wait() {
                self.end(status);
            }
        }
    }

    fn end(&mut self, status: ExitStatus) {
        tracing::debug!(process = self.child.as_inner().id(), %status, "FFmpeg ended");
        self.ended = Some(status);
    }

    /// The stream that FFmpeg says it writes; `None` if the log did not tell.
    pub(crate) fn output(&self) -> Option<OutputStream> {
        self.wait_for(OUTPUT_PATIENCE, |log| log.output.is_some() || log.closed).output.clone()
    }

    /// Number of lines in the log that report an error.
    pub(crate) fn errors(&self) -> u64 {
        self.lock().errors
    }

    /// Whether one of the log's last lines that matter has these words.
    pub(crate) fn said(&self, words: &str) -> bool {
        let log = self.lock();
        log.problems.iter().chain(&log.lines).any(|line| line.contains(words))
    }

    /// The log's last lines that matter, in one line: those of errors, or any if there are none.
    pub(crate) fn last_words(&self) -> String {
        let log = self.lock();
        let lines = if log.problems.is_empty() { &log.lines } else { &log.problems };
        let words: Vec<&str> = lines.iter().map(|line| line.trim()).collect();
        if words.is_empty() { "it said nothing".into() } else { words.join(" | ") }
    }

    /// The error for an FFmpeg that ended with `status`, with what it said last.
    pub(crate) fn failure(&self, what: &str, status: ExitStatus) -> Error {
        Error::unavailable(
            self.program.display().to_string(),
            format!("{what} with {status}; its last words: {}", self.last_words()),
            "read its last words; if it was killed, look for missing memory or disk space and try again",
        )
    }

    fn lock(&self) -> MutexGuard<'_, Log> {
        self.log.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait_for(&self, patience: Duration, done: impl Fn(&Log) -> bool) -> MutexGuard<'_, Log> {
        let deadline = Instant::now() + patience;
        let mut log = self.lock();
        while !done(&log) {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            log = self.log.1.wait_timeout(log, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        log
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Reads the log to its end, line by line; lines end with a line feed or a carriage return.
fn drain(stderr: impl Read, log: &SharedLog, watch: &mut impl FnMut(&str)) {
    let mut reader = BufReader::new(stderr);
    let mut line = Vec::new();
    loop {
        line.clear();
        let read = reader.by_ref().take(LINE_BYTES).read_until(b'\n', &mut line);
        let mut state = log.0.lock().unwrap_or_else(PoisonError::into_inner);
        match read {
            Ok(0) | Err(_) => {
                state.closed = true;
                log.1.notify_all();
                return;
            }
            Ok(_) => {
                let text = String::from_utf8_lossy(&line);
                for part in text.split('\r').map(str::trim_end).filter(|part| !part.is_empty()) {
                    state.take_line(part);
                    watch(part);
                }
                log.1.notify_all();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENCODING: &str = "\
[info] Input #0, rawvideo, from 'pipe:0':
[info]   Stream #0:0: Video: rawvideo (Y1[0][16] / 0x10003159), gray16le, 301x201, 968 kb/s, 1 fps, 1 tbr, 1 tbn
[libx264 @ 0x55b3] [info] 264 - core 164
[info] Output #0, matroska, to 'file:out.mkv':
[info]   Metadata:
[info]   Stream #0:0: Video: h264 (H264 / 0x34363248), gray10le(pc, progressive), 301x201, q=2-31, 1 fps, 1k tbn
";

    fn log_of(text: &[u8]) -> SharedLog {
        let log = SharedLog::default();
        drain(text, &log, &mut |_: &str| {});
        log
    }

    #[test]
    fn the_output_stream_is_found_in_the_log() {
        let log = log_of(ENCODING.as_bytes());
        let log = log.0.lock().unwrap();
        let expected = OutputStream { pixel_format: "gray10le".into(), width: 301, height: 201 };
        assert_eq!(log.output.as_ref(), Some(&expected));
        assert_eq!(log.errors, 0);
        assert!(log.closed);
    }

    #[test]
    fn errors_are_told_from_chatter_and_long_lines_are_cut() {
        let mut text = b"[ffv1 @ 0x1] [error] slice CRC mismatch 1\n".to_vec();
        text.extend(std::iter::repeat_n(b'x', 100_000));
        text.extend(b"\n\xff\xfe not UTF-8\n");
        let log = log_of(&text);
        let log = log.0.lock().unwrap();
        assert_eq!(log.errors, 1);
        assert_eq!(log.problems.len(), 1);
        assert!(log.lines.len() <= KEPT_LINES);
        assert!(log.lines.iter().all(|line| line.len() as u64 <= LINE_BYTES));
    }
}
