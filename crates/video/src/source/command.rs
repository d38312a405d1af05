//! FFmpeg's command lines for videos of others.

use std::ffi::OsString;
use std::path::Path;

use stack_core::Limits;

use crate::command::file_url;

/// The containers that are read: none that names other files, as playlists and image sequences do.
const CONTAINERS: &str = "matroska,webm,mov,mp4,m4a,3gp,3g2,mj2,avi,gif,mpegts,mpeg,mpegvideo,flv,ogg,\
                          yuv4mpegpipe,asf,nut,mxf,ivf,dv,h264,hevc,m4v,obu,rm,swf,apng,webp_pipe";

/// Up to the input: frames as they are stored, not turned; nothing but the file opened; damage reported.
fn input_arguments(path: &Path, limits: &Limits) -> Vec<OsString> {
    let most_pixels = limits.frame_bytes.min(i32::MAX.unsigned_abs().into()).to_string();
    let safe = ["-protocol_whitelist", "file,pipe", "-format_whitelist", CONTAINERS];
    let strict = ["-max_pixels", &most_pixels, "-xerror", "-err_detect", "crccheck+bitstream+buffer"];
    let only_video = ["-noautorotate", "-an", "-sn", "-dn", "-i"];
    let words = [&safe[..], &strict, &only_video].concat();
    words.iter().map(OsString::from).chain([file_url(path)]).collect()
}

/// All frames of the first video stream that is not a cover picture; none dropped, repeated or scaled.
const STREAM: [&str; 6] = ["-map", "0:V:0", "-fps_mode", "passthrough", "-autoscale", "0"];

/// Decodes everything and writes a line for each frame to the log.
pub(super) fn survey_arguments(path: &Path, limits: &Limits) -> Vec<OsString> {
    let mut arguments = input_arguments(path, limits);
    let output = ["-vf", "showinfo=checksum=0", "-f", "null", "-"];
    arguments.extend(STREAM.iter().chain(&output).map(OsString::from));
    arguments
}

/// Decodes to raw frames of this pixel format on standard output.
pub(super) fn decoder_arguments(path: &Path, limits: &Limits, raw: &str) -> Vec<OsString> {
    let mut arguments = input_arguments(path, limits);
    let exact = ["-sws_flags", "bicubic+accurate_rnd+full_chroma_int+bitexact"];
    let output = ["-f", "rawvideo", "-pix_fmt", raw, "pipe:1"];
    arguments.extend(STREAM.iter().chain(&exact).chain(&output).map(OsString::from));
    arguments
}
