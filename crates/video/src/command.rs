//! FFmpeg's command lines: argument vectors, never text for a shell.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use stack_core::StackHeader;

use crate::codec::Codec;
use crate::route::Route;

/// Encoders make other bytes with other numbers of threads, so the number is fixed: what FFmpeg chose on the
/// two-core machine where the presets were compared.
const THREADS: &str = "3";

/// The command line that encodes raw frames from standard input to `path`, with these options (from
/// [`encoder_options`]) and attachments: name, and the file with its content.
pub(crate) fn encoder_arguments(
    path: &Path,
    header: &StackHeader,
    route: &Route,
    options: &[String],
    attachments: &[(&str, PathBuf)],
) -> Vec<OsString> {
    let mut arguments = raw_input(route, header);
    for (index, (name, file)) in attachments.iter().enumerate() {
        arguments.extend(attach(index, name, file));
    }
    arguments.extend(["-map", "0:v:0", "-an"].map(OsString::from));
    arguments.extend(options.iter().map(OsString::from));
    // Attachments are patched in place, which a checksum over them would contradict.
    arguments.extend(["-write_crc32", "0", "-f", "matroska", "-y"].map(OsString::from));
    arguments.push(file_url(path));
    arguments
}

/// The options for reading raw frames from standard input, as the presets' source gave them: one frame a second,
/// which the rate control depends on.
fn raw_input(route: &Route, header: &StackHeader) -> Vec<OsString> {
    let size = format!("{}x{}", header.shape.width(), header.shape.height());
    let words = ["-protocol_whitelist", "file,pipe", "-f", "rawvideo", "-vcodec", "rawvideo", "-s", &size];
    let more = ["-pix_fmt", route.raw, "-r", "1", "-an", "-i", "pipe:0"];
    words.iter().chain(&more).map(OsString::from).collect()
}

/// The options between input and output: the codec's own, then what makes the bytes the same everywhere.
pub(crate) fn encoder_options(codec: Codec, route: &Route, header: &StackHeader) -> Vec<String> {
    let mut options = codec.options(header);
    options.extend(["-pix_fmt", route.encoded].map(String::from));
    options.extend(route.encode_options.iter().map(ToString::to_string));
    let everywhere =
        ["-threads", THREADS, "-fflags", "+bitexact", "-sws_flags", "bicubic+accurate_rnd+bitexact"];
    options.extend(everywhere.map(String::from));
    options
}

/// The options that attach `file` as attachment number `index`.
///
/// FFmpeg knows attachments only of a few media types and warns about all others; `binary` is its own word.
fn attach(index: usize, name: &str, file: &Path) -> [OsString; 6] {
    let metadata = OsString::from(format!("-metadata:s:t:{index}"));
    [
        "-attach".into(),
        file_url(file),
        metadata.clone(),
        format!("filename={name}").into(),
        metadata,
        "mimetype=binary".into(),
    ]
}

/// A path in the form that FFmpeg takes for nothing else, whatever characters it has.
fn file_url(path: &Path) -> OsString {
    let mut url = OsString::from("file:");
    url.push(path);
    url
}

/// The options for decoding `path` to raw frames on standard output: nothing scaled, nothing dropped or repeated,
/// damage reported instead of concealed.
pub(crate) fn decoder_arguments(path: &Path, route: &Route) -> Vec<OsString> {
    let input = ["-xerror", "-err_detect", "crccheck+bitstream+buffer", "-protocol_whitelist", "file,pipe"];
    let mut arguments: Vec<OsString> = input.iter().map(OsString::from).collect();
    arguments.extend(["-f", "matroska", "-i"].map(OsString::from));
    arguments.push(file_url(path));
    arguments.extend(["-map", "0:v:0", "-fps_mode", "passthrough"].map(OsString::from));
    if let Some(filter) = route.decode_filter {
        arguments.extend(["-vf", filter].map(OsString::from));
    }
    let output = ["-sws_flags", "bicubic+accurate_rnd+bitexact", "-f", "rawvideo", "-pix_fmt", route.raw];
    arguments.extend(output.iter().map(OsString::from));
    arguments.push("pipe:1".into());
    arguments
}
