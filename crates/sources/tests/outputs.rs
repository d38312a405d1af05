//! Outputs appear whole or not at all, and replace nothing without being asked to.

mod stacks;

use std::fs;
use std::path::Path;

use stack_core::{FrameBuf, FrameSource, PixelType, StackInMemory};
use stack_sources::{OutputOptions, open_output};
use stacks::{names_in, open, stack, write};

fn overwriting() -> OutputOptions {
    OutputOptions { overwrite: true, ..OutputOptions::default() }
}

fn problem(stack: &StackInMemory, target: &Path, overwrite: bool) -> String {
    open_output(target, stack.header(), &OutputOptions { overwrite, ..OutputOptions::default() })
        .err()
        .unwrap()
        .to_string()
}

#[test]
fn an_unfinished_output_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let original = stack(PixelType::U8, 2, [3, 3, 1]);
    for name in ["x.npy", "x.tif", "images"] {
        let target = folder.path().join(name);
        let mut sink = open_output(&target, original.header(), &OutputOptions::default()).unwrap();
        sink.start(original.header()).unwrap();
        sink.push(&original.frames()[0]).unwrap();
        assert_eq!(names_in(folder.path()).len(), 1, "the partial output lies beside its target");
        assert!(!target.exists());
        let error = sink.finish().unwrap_err().to_string();
        assert!(error.contains("fewer frames are written than the 2"), "{error}");
        assert_eq!(names_in(folder.path()), [""; 0]);

        let mut sink = open_output(&target, original.header(), &OutputOptions::default()).unwrap();
        assert!(sink.push(&original.frames()[0]).unwrap_err().to_string().contains("not started"));
        sink.start(original.header()).unwrap();
        assert!(sink.push(&FrameBuf::U8(vec![0; 8])).unwrap_err().to_string().contains("do not fit"));
        original.frames().iter().for_each(|frame| sink.push(frame).unwrap());
        assert!(sink.push(&original.frames()[0]).unwrap_err().to_string().contains("more frames"));
        drop(sink);
        assert_eq!(names_in(folder.path()), [""; 0]);
    }
}

#[test]
fn what_exists_is_kept_unless_asked() {
    let folder = tempfile::tempdir().unwrap();
    let mut original = stack(PixelType::U8, 2, [3, 3, 1]);
    for name in ["x.npy", "x.tif"] {
        let target = folder.path().join(name);
        fs::write(&target, "old").unwrap();
        assert!(problem(&original, &target, false).contains("the output exists"));
        // A file that appears between start and finish is kept as well.
        fs::remove_file(&target).unwrap();
        let mut sink = open_output(&target, original.header(), &OutputOptions::default()).unwrap();
        sink.start(original.header()).unwrap();
        original.frames().iter().for_each(|frame| sink.push(frame).unwrap());
        fs::write(&target, "old").unwrap();
        assert!(sink.finish().unwrap_err().to_string().contains("the output exists"));
        assert_eq!(fs::read(&target).unwrap(), b"old");

        let mut sink = open_output(&target, original.header(), &overwriting()).unwrap();
        stack_core::copy_frames(&mut original, sink.as_mut(), &stack_core::Silent).unwrap();
        assert_eq!(open(&target).unwrap().header().frames, 2);
    }
    assert!(problem(&original, &folder.path().join("x.h5"), false).contains("not written as an HDF5 file"));
    assert!(problem(&original, &folder.path().join("x.png"), false).contains("name a folder"));
    fs::create_dir(folder.path().join("folder.npy")).unwrap();
    assert!(problem(&original, &folder.path().join("folder.npy"), true).contains("it is a folder"));
}

#[test]
fn only_folders_of_images_are_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let mut original = stack(PixelType::U8, 2, [3, 3, 1]);
    let target = folder.path().join("images");
    fs::create_dir(&target).unwrap();
    write(&mut original, &target); // an empty folder is not in the way
    assert!(problem(&original, &target, false).contains("the output exists"));

    let mut shorter = stack(PixelType::U8, 1, [3, 3, 1]);
    let mut sink = open_output(&target, shorter.header(), &overwriting()).unwrap();
    stack_core::copy_frames(&mut shorter, sink.as_mut(), &stack_core::Silent).unwrap();
    assert_eq!(names_in(&target), ["frame_000000.png"]);

    fs::write(target.join("notes.txt"), "precious").unwrap();
    assert!(problem(&original, &target, true).contains("also holds notes.txt, which is no image"));
    fs::remove_file(target.join("notes.txt")).unwrap();
    fs::create_dir(target.join("more.png")).unwrap();
    assert!(problem(&original, &target, true).contains("more.png"));

    fs::write(folder.path().join("file"), "").unwrap();
    assert!(problem(&original, &folder.path().join("file"), true).contains("it is a file"));
    assert_eq!(names_in(folder.path()), ["file", "images"]);
}

#[cfg(unix)]
#[test]
fn outputs_have_ordinary_permissions() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    fs::write(folder.path().join("other"), "").unwrap();
    fs::create_dir(folder.path().join("others")).unwrap();
    for (name, like) in [("x.npy", "other"), ("x.tif", "other"), ("images", "others")] {
        let target = folder.path().join(name);
        write(&mut stack(PixelType::U8, 1, [1, 1, 1]), &target);
        assert_eq!(mode(&target), mode(&folder.path().join(like)), "{name}");
    }
}

#[test]
fn hostile_names_stay_in_the_folder() {
    let folder = tempfile::tempdir().unwrap();
    let original = stack(PixelType::U8, 3, [1, 1, 1]);
    let mut header = original.header().clone();
    header.meta.frame_names = ["../../up.png", "/etc/passwd", "a\n\0b.jpg"].map(String::from).to_vec();
    let target = folder.path().join("images");
    let mut sink = open_output(&target, &header, &OutputOptions::default()).unwrap();
    sink.start(&header).unwrap();
    original.frames().iter().for_each(|frame| sink.push(frame).unwrap());
    sink.finish().unwrap();
    assert_eq!(names_in(&target), ["ab.png", "passwd.png", "up.png"]);
    assert_eq!(names_in(folder.path()), ["images"]);
}
