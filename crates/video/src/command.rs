//! FFmpeg's command lines: argument vectors, never text for a shell.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use stack_core::StackHeader;

use crate::encoding::Encoding;
use crate::route::Route;

/// Encoders make other bytes with other numbers of threads, so the number is fixed: what FFmpeg chose on the
/// two-core machine where the presets were compared.
const THREADS: &str = "3";
/// What FFmpeg may open: the files that we name, and its own standard streams.
const PROTOCOLS: [&str; 2] = ["-protocol_whitelist", "file,pipe"];

/// The command line that encodes raw frames from standard input to `path`, with these options (from
/// [`encoder_options`]) and attachments: name, and the file with its content.
pub(crate) fn encoder_arguments(
    path: &Path,
    header: &StackHeader,
    encoding: Encoding,
    route: &Route,
    options: &[String],
    attachments: &[(&str, PathBuf)],
) -> Vec<OsString> {
    let mut arguments = raw_input(encoding, route, header);
    for (index, (name, file)) in attachments.iter().enumerate() {
        arguments.extend(attach(index, name, file));
    }
    if encoding.planes() == 1 {
        arguments.extend(["-map", "0:v:0", "-an"].map(OsString::from));
    } else {
        arguments.extend(two_tracks(header).map(OsString::from));
    }
    arguments.extend(options.iter().map(OsString::from));
    // Attachments are patched in place, which a checksum over them would contradict.
    arguments.extend(["-write_crc32", "0", "-f", "matroska", "-y"].map(OsString::from));
    arguments.push(file_url(path));
    arguments
}

/// The options for reading raw frames from standard input, as the presets' source gave them: one frame a second,
/// which the rate control depends on.
fn raw_input(encoding: Encoding, route: &Route, header: &StackHeader) -> Vec<OsString> {
    let size = format!("{}x{}", header.shape.width(), header.shape.height() * encoding.planes());
    let words = ["-f", "rawvideo", "-vcodec", "rawvideo", "-s", &size];
    let more = ["-pix_fmt", route.raw, "-r", "1", "-an", "-i", "pipe:0"];
    PROTOCOLS.iter().chain(&words).chain(&more).map(OsString::from).collect()
}

/// The options that cut each raw frame into its upper and its lower half, for two tracks. Packets of both tracks
/// alternate however long an encoder holds them back: there is no time after which FFmpeg gives up waiting.
fn two_tracks(header: &StackHeader) -> [String; 12] {
    let (height, width) = (header.shape.height(), header.shape.width());
    let upper = format!("crop={width}:{height}:0:0:exact=1");
    let lower = format!("crop={width}:{height}:0:{height}:exact=1");
    let filter = format!("[0:v:0]split[a][b];[a]{upper}[high];[b]{lower}[low]");
    let words =
        ["-filter_complex", &filter, "-map", "[high]", "-map", "[low]", "-disposition:v:0", "default"];
    let more = ["-disposition:v:1", "0", "-max_interleave_delta", "0"];
    let all = [&words[..], &more[..]].concat();
    std::array::from_fn(|index| all[index].to_owned())
}

/// The options between input and output: the codec's own, then what makes the bytes the same everywhere.
pub(crate) fn encoder_options(encoding: Encoding, route: &Route, header: &StackHeader) -> Vec<String> {
    let mut options = encoding.options(header, route);
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
pub(crate) fn file_url(path: &Path) -> OsString {
    let mut url = OsString::from("file:");
    url.push(path);
    url
}

/// The options for decoding video track number `track` of the Matroska file at `path`, or on standard input, to
/// raw frames on standard output: nothing scaled, nothing dropped or repeated, damage reported instead of concealed.
pub(crate) fn decoder_arguments(
    path: Option<&Path>,
    encoding: Encoding,
    route: &Route,
    track: usize,
) -> Vec<OsString> {
    let strict = ["-xerror", "-err_detect", "crccheck+bitstream+buffer"];
    let mut arguments: Vec<OsString> = strict.iter().chain(&PROTOCOLS).map(OsString::from).collect();
    if let Some(decoder) = encoding.codec().decoder() {
        arguments.extend(["-c:v", decoder].map(OsString::from));
    }
    arguments.extend(["-f", "matroska", "-i"].map(OsString::from));
    arguments.push(path.map_or_else(|| "pipe:0".into(), file_url));
    arguments.extend(["-map", &format!("0:v:{track}"), "-fps_mode", "passthrough"].map(OsString::from));
    if let Some(filter) = route.decode_filter {
        arguments.extend(["-vf", filter].map(OsString::from));
    }
    let output = ["-sws_flags", "bicubic+accurate_rnd+bitexact", "-f", "rawvideo", "-pix_fmt", route.raw];
    arguments.extend(output.iter().map(OsString::from));
    arguments.push("pipe:1".into());
    arguments
}
