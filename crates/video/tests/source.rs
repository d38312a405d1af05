//! Videos of other programs as stacks: exact where the samples are gray or RGB, told where they are converted.

mod stacks;

use std::path::Path;
use std::process::{Command, Stdio};

use stack_core::{Error, FrameBuf, FrameSource, Limits, PixelType, StackInMemory};
use stack_video::VideoSource;
use stacks::{Noise, ffmpeg};

const FRAMES: usize = 5;
const HEIGHT: usize = 18;
const WIDTH: usize = 22;

fn run(arguments: &[&str], output: &Path) {
    let status = Command::new(ffmpeg().unwrap().program())
        .args(["-v", "error", "-y"])
        .args(arguments)
        .arg(output)
        .stdin(Stdio::null())
        .status()
        .unwrap();
    assert!(status.success(), "{arguments:?}");
}

/// Makes a video of a test picture that moves.
fn film(output: &Path, options: &[&str]) {
    let input = ["-f", "lavfi", "-i", "testsrc2=size=64x48:rate=25:duration=0.4"];
    run(&[&input[..], options].concat(), output);
}

fn open(path: &Path) -> Result<VideoSource, Error> {
    VideoSource::open_with(ffmpeg().unwrap(), path, &Limits::default())
}

fn frames(path: &Path) -> StackInMemory {
    StackInMemory::collect(&mut open(path).unwrap()).unwrap()
}

#[test]
fn gray_and_rgb_samples_are_exact() {
    if ffmpeg().is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let (raw, path) = (folder.path().join("raw"), folder.path().join("film.mkv"));
    let pixels = FRAMES * HEIGHT * WIDTH;
    // Pixel format, channels, bits; planes lie as green, blue, red, alpha.
    for (name, channels, bits, planar) in [
        ("gray", 1, 8, false),
        ("gray10le", 1, 10, false),
        ("gray12le", 1, 12, false),
        ("gray16le", 1, 16, false),
        ("ya8", 2, 8, false),
        ("bgr0", 3, 8, false),
        ("bgra", 4, 8, false),
        ("gbrp10le", 3, 10, true),
        ("gbrp14le", 3, 14, true),
        ("gbrp16le", 3, 16, true),
        ("gbrap12le", 4, 12, true),
        ("gbrap16le", 4, 16, true),
    ] {
        let mut noise = Noise(bits);
        let mut samples =
            || -> Vec<u16> { (0..pixels * channels).map(|_| (noise.next() % (1 << bits)) as u16).collect() };
        let samples = samples();
        // In FFmpeg's order.
        let pixel = |index: usize| &samples[index * channels..][..channels];
        let mut stored: Vec<u16> = Vec::new();
        if planar {
            for frame in 0..FRAMES {
                for channel in [1, 2, 0, 3].into_iter().take(channels) {
                    let first = frame * HEIGHT * WIDTH;
                    stored.extend((first..first + HEIGHT * WIDTH).map(|index| pixel(index)[channel]));
                }
            }
        } else if name.starts_with("bgr") {
            for index in 0..pixels {
                let alpha = pixel(index).get(3).copied().unwrap_or(0);
                stored.extend([pixel(index)[2], pixel(index)[1], pixel(index)[0], alpha]);
            }
        } else {
            stored.clone_from(&samples);
        }
        let bytes: Vec<u8> = if bits == 8 {
            stored.iter().map(|sample| *sample as u8).collect()
        } else {
            stored.iter().flat_map(|sample| sample.to_le_bytes()).collect()
        };
        std::fs::write(&raw, bytes).unwrap();
        let size = format!("{WIDTH}x{HEIGHT}");
        let input = ["-f", "rawvideo", "-pix_fmt", name, "-s", &size, "-i", raw.to_str().unwrap()];
        run(&[&input[..], &["-c:v", "ffv1", "-pix_fmt", name]].concat(), &path);

        let stack = frames(&path);
        let header = stack.header();
        assert_eq!((header.frames, header.shape.channels()), (FRAMES, channels), "{name}");
        assert_eq!(u64::from(header.format.significant_bits()), bits, "{name}");
        assert!(!header.meta.properties.contains_key("converted"), "{name}");
        assert_eq!(header.meta.properties["codec"], "ffv1");
        assert_eq!(header.meta.properties["pixel format"], name);
        assert_eq!(header.meta.properties["frame rate"], "25 frames a second");
        let mut found: Vec<u16> = Vec::new();
        for frame in stack.frames() {
            match frame {
                FrameBuf::U8(samples) => found.extend(samples.iter().map(|sample| u16::from(*sample))),
                FrameBuf::U16(samples) => found.extend(samples),
                other => panic!("{}", other.pixel()),
            }
        }
        assert!(found == samples, "{name}");
    }
}

#[test]
fn yuv_becomes_rgb_of_as_many_bits_and_says_so() {
    if ffmpeg().is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let (path, raw) = (folder.path().join("film.mkv"), folder.path().join("raw"));
    for (stored, rgb, pixel, bits) in
        [("yuv420p", "rgb24", PixelType::U8, 8), ("yuv422p10le", "gbrp10le", PixelType::U16, 10)]
    {
        film(&path, &["-c:v", "libx264", "-pix_fmt", stored]);
        let stack = frames(&path);
        assert_eq!((stack.header().frames, stack.header().shape.channels()), (10, 3));
        assert_eq!(stack.header().format.pixel(), pixel);
        assert_eq!(stack.header().format.significant_bits(), bits);
        assert_eq!(stack.header().meta.properties["converted"], format!("{stored} to {rgb}"));
    }
    // The slow way: all frames at once, by another command line.
    film(&path, &["-c:v", "mpeg4"]);
    let flags = "bicubic+accurate_rnd+full_chroma_int+bitexact";
    let film = path.to_str().unwrap();
    run(&["-i", film, "-sws_flags", flags, "-pix_fmt", "rgb24", "-f", "rawvideo"], &raw);
    let expected = std::fs::read(&raw).unwrap();
    let found: Vec<u8> =
        frames(&path).frames().iter().flat_map(|frame| frame.le_bytes().into_owned()).collect();
    assert!(found == expected);
}

#[test]
fn going_back_starts_over() {
    if ffmpeg().is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("film.mkv");
    film(&path, &["-c:v", "ffv1"]);
    let stack = frames(&path);
    let mut source = open(&path).unwrap();
    assert!(!source.seeks());
    assert_eq!(source.disk_bytes(), Some(std::fs::metadata(&path).unwrap().len()));
    let mut frame = FrameBuf::U8(Vec::new());
    for index in [4, 9, 0, 0, 3] {
        source.read_frame(index, &mut frame).unwrap();
        assert!(frame == stack.frames()[index], "frame {index}");
    }
    assert!(matches!(source.read_frame(10, &mut frame), Err(Error::Parameter { .. })));
}

#[test]
fn names_that_look_like_options_urls_or_patterns_are_files() {
    if ffmpeg().is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let film_path = folder.path().join("film.mkv");
    film(&film_path, &["-c:v", "ffv1"]);
    for name in ["-y.mkv", "http:film.mkv", "pipe:0", "a b%03d\n.mkv", "concat:a|b", "film"] {
        let path = folder.path().join(name);
        std::fs::copy(&film_path, &path).unwrap();
        assert_eq!(open(&path).unwrap().header().frames, 10, "{name:?}");
    }
}

fn error_of(path: &Path) -> String {
    match open(path) {
        Ok(source) => panic!("opened: {}", source.header().describe()),
        Err(error @ (Error::Format { .. } | Error::Limit { .. } | Error::Io { .. })) => error.to_string(),
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn what_is_no_video_is_refused() {
    if ffmpeg().is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("film.mkv");
    std::fs::write(&path, "just text").unwrap();
    assert!(error_of(&path).contains("FFmpeg says"), "{}", error_of(&path));
    std::fs::write(&path, "").unwrap();
    assert!(error_of(&path).contains("FFmpeg says"));
    run(&["-f", "lavfi", "-i", "sine=duration=0.2"], &path);
    assert!(error_of(&path).contains("there is none"), "{}", error_of(&path));
    assert!(error_of(&folder.path().join("missing.mkv")).contains("cannot open"));
    // A list of other files, which FFmpeg would follow.
    film(&folder.path().join("real.ts"), &[]);
    std::fs::write(&path, "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nreal.ts\n#EXT-X-ENDLIST\n")
        .unwrap();
    error_of(&path);
    std::fs::write(&path, "ffconcat version 1.0\nfile real.ts\n").unwrap();
    error_of(&path);
}

#[test]
fn frames_that_change_their_size_are_refused() {
    if ffmpeg().is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let (first, second, path) =
        (folder.path().join("1.h264"), folder.path().join("2.h264"), folder.path().join("film.h264"));
    film(&first, &["-c:v", "libx264", "-pix_fmt", "yuv420p"]);
    // As many samples, turned.
    film(&second, &["-c:v", "libx264", "-pix_fmt", "yuv420p", "-s", "48x64"]);
    let both = [std::fs::read(&first).unwrap(), std::fs::read(&second).unwrap()].concat();
    std::fs::write(&path, both).unwrap();
    let error = error_of(&path);
    assert!(error.contains("48 x 64 yuv420p to 64 x 48 yuv420p"), "{error}");
}

#[test]
fn damage_in_the_middle_is_told_and_not_concealed() {
    if ffmpeg().is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("film");
    for (container, options) in [
        ("matroska", &["-c:v", "ffv1", "-level", "3", "-slicecrc", "1"][..]),
        ("avi", &["-c:v", "mpeg4", "-qscale:v", "2"]),
        ("mpegts", &["-c:v", "mpeg2video", "-qscale:v", "2"]),
        ("matroska", &["-c:v", "libx264", "-qp", "10"]),
    ] {
        film(&path, &[options, &["-f", container]].concat());
        let mut bytes = std::fs::read(&path).unwrap();
        let middle = bytes.len() / 2;
        for byte in &mut bytes[middle..middle + 400] {
            *byte ^= 0x5a;
        }
        std::fs::write(&path, &bytes).unwrap();
        let error = error_of(&path);
        assert!(error.contains("FFmpeg says"), "{container}: {error}");
    }
    for (container, codec) in [("matroska", "ffv1"), ("mp4", "mpeg4"), ("avi", "mpeg4"), ("gif", "gif")] {
        film(&path, &["-c:v", codec, "-f", container]);
        let bytes = std::fs::read(&path).unwrap();
        std::fs::write(&path, &bytes[..bytes.len() * 6 / 10]).unwrap();
        error_of(&path);
    }
}

#[test]
fn limits_are_kept() {
    let Some(ffmpeg) = ffmpeg() else { return };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("film.mkv");
    film(&path, &["-c:v", "ffv1", "-pix_fmt", "gray"]);
    let limited =
        |limits| VideoSource::open_with(ffmpeg, &path, &limits).err().map(|error| error.to_string());
    let all = Limits::default();
    assert_eq!(limited(Limits { frames: 10, frame_bytes: 64 * 48, ..all }), None);
    let error = limited(Limits { frames: 9, ..all }).unwrap();
    assert!(error.contains("the number of frames is 10, above the limit of 9"), "{error}");
    assert!(limited(Limits { frame_bytes: 64 * 48 - 1, ..all }).is_some());
}
