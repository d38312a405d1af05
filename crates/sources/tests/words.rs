//! INPUT words: paths, members, patterns, and what is said of words that name nothing.

mod stacks;

use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::Path;

use stack_core::{FrameSource, Limits, PixelType, Result};
use stack_sources::{InputOptions, open_input};
use stacks::{assert_same, open_error, stack, write};
use zip::CompressionMethod;
use zip::write::SimpleFileOptions;

fn open_word(word: impl AsRef<OsStr>) -> Result<Box<dyn FrameSource>> {
    open_input(word.as_ref(), &InputOptions::default(), &Limits::default())
}

fn problem(word: impl AsRef<OsStr>) -> String {
    open_word(word).err().expect("an error").to_string()
}

/// An archive of these files, each with its own compression.
pub fn archive(path: &Path, members: &[(&str, &Path, CompressionMethod)]) {
    let mut writer = zip::ZipWriter::new(fs::File::create(path).unwrap());
    for (name, file, compression) in members {
        writer.start_file(*name, SimpleFileOptions::default().compression_method(*compression)).unwrap();
        std::io::Write::write_all(&mut writer, &fs::read(file).unwrap()).unwrap();
    }
    writer.finish().unwrap();
}

fn joined(path: &Path, rest: &str) -> OsString {
    let mut word = path.as_os_str().to_owned();
    word.push(rest);
    word
}

#[test]
fn archives_are_opened_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let mut a = stack(PixelType::U16, 3, [4, 5, 1]);
    let mut b = stack(PixelType::F64, 2, [3, 3, 3]);
    write(&mut a, &at("a.npy"));
    write(&mut b, &at("b.npy"));
    let npz = at("both.npz");
    archive(
        &npz,
        &[
            ("cells.npy", &at("a.npy"), CompressionMethod::Stored),
            ("wind:1.npy", &at("b.npy"), CompressionMethod::Deflated),
        ],
    );
    assert_same(&mut a, open_word(joined(&npz, ":cells")).unwrap().as_mut());
    assert_same(&mut a, open_word(joined(&npz, ":cells.npy")).unwrap().as_mut());
    assert_same(&mut b, open_word(joined(&npz, ":wind:1")).unwrap().as_mut());
    assert!(
        problem(&npz)
            .contains("does not hold exactly one array; it holds cells, wind:1; name one after a colon")
    );
    assert!(
        problem(joined(&npz, ":rain"))
            .contains("there is no such array in the archive; it holds cells, wind:1")
    );
    assert!(problem(joined(&at("a.npy"), ":cells")).contains("a NumPy array (.npy) has no arrays"));

    let single = at("one.npz");
    archive(&single, &[("x.npy", &at("a.npy"), CompressionMethod::Deflated)]);
    let mut source = open_word(&single).unwrap();
    assert!(source.disk_bytes().unwrap() > 0);
    assert_same(&mut a, source.as_mut());
    archive(&single, &[]);
    assert!(problem(&single).contains("it holds no arrays"));
}

#[test]
fn an_existing_path_is_no_pattern_and_no_member() {
    let folder = tempfile::tempdir().unwrap();
    let mut a = stack(PixelType::U8, 2, [2, 2, 1]);
    for name in ["a[1]*.npy", "b.npz:name", "-c.npy", "d\ne.npy"] {
        let path = folder.path().join(name);
        write(&mut a, &folder.path().join("any.npy"));
        fs::rename(folder.path().join("any.npy"), &path).unwrap();
        assert_same(&mut a, open_word(&path).unwrap().as_mut());
    }
}

#[cfg(unix)]
#[test]
fn names_need_not_be_unicode() {
    use std::os::unix::ffi::OsStrExt;
    let folder = tempfile::tempdir().unwrap();
    let mut a = stack(PixelType::U8, 1, [2, 2, 1]);
    write(&mut a, &folder.path().join("images"));
    let images = folder.path().join(OsStr::from_bytes(b"im\xffages"));
    if fs::rename(folder.path().join("images"), &images).is_err() {
        println!("skipped: this file system wants Unicode names");
        return;
    }
    fs::rename(images.join("frame_000000.png"), images.join(OsStr::from_bytes(b"\xfe\n.png"))).unwrap();
    let mut source = open_word(&images).unwrap();
    assert_eq!(source.header().meta.frame_names, ["\u{fffd}\n.png"]);
    assert_same(&mut a, source.as_mut());
    let npy = images.join("x.npy");
    write(&mut a, &npy);
    let npz = folder.path().join(OsStr::from_bytes(b"\xff.npz"));
    archive(&npz, &[("x.npy", &npy, CompressionMethod::Stored)]);
    assert_same(&mut a, open_word(joined(&npz, ":x")).unwrap().as_mut());
    let mut word = joined(&npz, ":");
    word.push(OsStr::from_bytes(b"\xff"));
    assert!(problem(word).contains("no Unicode text"));
    assert!(problem(folder.path().join(OsStr::from_bytes(b"\xff*"))).contains("a pattern must be Unicode"));
}

#[test]
fn patterns_name_images_in_natural_order() {
    let folder = tempfile::tempdir().unwrap();
    let mut a = stack(PixelType::U8, 12, [2, 2, 1]);
    write(&mut a, &folder.path().join("images"));
    fs::write(folder.path().join("images/notes.txt"), "x").unwrap();
    fs::write(folder.path().join("images/.hidden.png"), "x").unwrap();
    assert_same(&mut a, open_word(folder.path().join("images/*")).unwrap().as_mut());
    assert_eq!(open_word(folder.path().join("*/frame_00000[2-4].png")).unwrap().header().frames, 3);
    assert_eq!(open_word(folder.path().join("**/*_000007.png")).unwrap().header().frames, 1);
    assert!(problem(folder.path().join("*.tif")).contains("no file matches this pattern"));
    assert!(problem(folder.path().join("[")).contains("the pattern is not valid"));
    write(&mut a, &folder.path().join("x.npy"));
    assert_same(&mut a, open_word(folder.path().join("*.npy")).unwrap().as_mut());
    write(&mut a, &folder.path().join("y.npy"));
    assert!(problem(folder.path().join("*.npy")).contains("2 files match, and they are not images"));
}

#[test]
fn words_that_name_nothing_say_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    assert!(problem("").contains("the name is empty"));
    assert!(
        open_error(&folder.path().join("missing.npy")).contains("there is no such file or folder; check")
    );
    assert!(problem(folder.path().join("missing.npz:name")).contains("there is no such file or folder"));
    assert!(problem("x".repeat(5000)).contains("there is no such file or folder"));
    let file = folder.path().join("file");
    fs::write(&file, "no format").unwrap();
    assert!(open_error(&file).contains("no known format"));
    assert!(problem(file.join("below.npy")).contains("there is no such file or folder"));
    if cfg!(unix) {
        assert!(open_error(Path::new("/dev/null")).contains("it is neither a file nor a folder"));
    }
    let video = folder.path().join("x.mkv");
    fs::write(&video, b"\x1a\x45\xdf\xa3....").unwrap();
    // FFmpeg's words, or that there is no FFmpeg, or no video in this build.
    let error = open_error(&video);
    assert!(error.contains("FFmpeg says") || error.contains("is not available"), "{error}");
    let old = folder.path().join("x.nc");
    fs::write(&old, b"CDF\x01........").unwrap();
    assert!(open_error(&old).contains("nccopy -k nc4"));
    let wrong = folder.path().join("x.npy");
    fs::write(&wrong, b"\x89PNG\r\n\x1a\n....").unwrap();
    assert!(open_error(&wrong).contains("the name says a NumPy array (.npy), the bytes say a PNG image"));
}

#[test]
fn raw_is_for_one_file() {
    let folder = tempfile::tempdir().unwrap();
    // The first bytes look like a PNG; the caller knows better.
    let path = folder.path().join("x.png");
    fs::write(&path, b"\x89PNG\r\n\x1a\n").unwrap();
    let options = InputOptions { raw: Some("u8:2x2x2".parse().unwrap()), ..InputOptions::default() };
    let open_raw = |word: &OsStr| open_input(word, &options, &Limits::default());
    assert_eq!(open_raw(path.as_os_str()).unwrap().header().frames, 2);
    assert_eq!(open_raw(folder.path().join("*.png").as_os_str()).unwrap().header().frames, 2);
    let problem = |word: &OsStr| open_raw(word).err().unwrap().to_string();
    assert!(problem(folder.path().as_os_str()).contains("it is a folder; give one file of bare samples"));
    assert!(problem(&joined(&path, ":x")).contains("no arrays to choose from"));
}
