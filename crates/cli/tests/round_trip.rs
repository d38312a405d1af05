//! The main path: pictures or arrays in, one verified file out, and back.

mod support;

use std::fs;

use support::{fail, have, make, succeed};

#[test]
fn a_folder_of_pictures_goes_in_and_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    make(at, "texture:frames=12,size=31x21,type=u8", "cells");
    // Smooth pictures this small are smaller as PNG: keep the output all the same.
    let said = succeed(at, &["compress", "cells", "-f"]);
    assert!(said.contains("cells -> cells.stack.h5  disk "), "{said}");
    assert!(said.contains("lossless: 12/12 frames read back identical"), "{said}");
    let said = succeed(at, &["info", "cells.stack.h5"]);
    assert!(said.contains("31 x 21 (height x width)"), "{said}");
    assert!(said.contains("hdf5:bitshuffle,zstd"), "{said}");
    let said = succeed(at, &["verify", "cells.stack.h5", "--against", "cells"]);
    assert!(said.contains("seal intact"), "{said}");
    assert!(said.contains("identical to the source"), "{said}");
    succeed(at, &["decompress", "cells.stack.h5", "-o", "back"]);
    let mut names = 0;
    for entry in fs::read_dir(at.join("cells")).unwrap() {
        let name = entry.unwrap().file_name();
        let (before, after) = (fs::read(at.join("cells").join(&name)), fs::read(at.join("back").join(&name)));
        assert_eq!(before.unwrap(), after.unwrap(), "{name:?}");
        names += 1;
    }
    assert_eq!(names, 12);
}

#[test]
fn every_type_comes_back_as_the_same_array() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    for pixel in ["u8", "u16", "i16", "i32", "f32", "f64"] {
        let array = make(at, &format!("texture:frames=5,size=9x7,type={pixel}"), &format!("{pixel}.npy"));
        succeed(at, &["compress", &format!("{pixel}.npy"), "--lossless", "-f"]);
        succeed(at, &["decompress", &format!("{pixel}.stack.h5"), "-o", &format!("{pixel}-back.npy")]);
        assert_eq!(
            fs::read(&array).unwrap(),
            fs::read(at.join(format!("{pixel}-back.npy"))).unwrap(),
            "{pixel}"
        );
    }
}

#[test]
fn one_frame_and_a_range_of_frames() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    make(at, "texture:frames=9,size=16x16,type=u16", "a.npy");
    succeed(at, &["compress", "a.npy", "-f"]);
    succeed(at, &["frame", "a.stack.h5", "4"]);
    assert!(at.join("a.stack.h5.4.png").exists());
    succeed(at, &["decompress", "a.stack.h5", "--frames", "2:5", "-o", "part.npy"]);
    let said = succeed(at, &["info", "part.npy"]);
    assert!(said.contains("frames       3"), "{said}");
    fail(at, &["frame", "a.stack.h5", "9", "-o", "x.png"], 2, &["frame 9", "9 frames", "use 0 to 8"]);
    fail(at, &["decompress", "a.stack.h5", "--frames", "5:20", "-o", "y.npy"], 2, &["5:20", "0:9"]);
}

#[test]
fn several_pictures_are_one_stack() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    make(at, "texture:frames=3,size=16x16,type=u8", "p");
    let names: Vec<String> =
        support::files_below(&at.join("p")).iter().map(|p| p.display().to_string()).collect();
    let mut words = vec!["compress", "-o", "p.h5", "-f"];
    words.extend(names.iter().map(String::as_str));
    succeed(at, &words);
    assert!(succeed(at, &["info", "p.h5"]).contains("frames       3"));
}

#[test]
fn a_finished_file_is_an_input_too() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    make(at, "texture:frames=6,size=16x16,type=u16", "a.npy");
    succeed(at, &["compress", "a.npy", "-f"]);
    succeed(at, &["compress", "a.stack.h5", "-m", "hdf5:shuffle,gzip=9", "-o", "b.h5", "-f"]);
    let said = succeed(at, &["verify", "b.h5", "--against", "a.npy"]);
    assert!(said.contains("identical to the source"), "{said}");
}

#[test]
fn same_input_and_options_give_the_same_bytes_for_any_number_of_threads() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    make(at, "texture:frames=40,size=64x48,type=u16", "a.npy");
    for spec in ["hdf5:bitshuffle,zstd", "hdf5:shuffle,gzip=9"] {
        succeed(at, &["compress", "a.npy", "-m", spec, "-o", "one.h5", "-j", "1", "-f"]);
        succeed(at, &["compress", "a.npy", "-m", spec, "-o", "two.h5", "-j", "3", "-f"]);
        assert!(fs::read(at.join("one.h5")).unwrap() == fs::read(at.join("two.h5")).unwrap(), "{spec}");
    }
}

#[test]
fn video_presets_store_what_they_say() {
    if !have("ffmpeg") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    make(at, "reference:frames=24,type=u16", "ref.npy");
    let said = succeed(at, &["compress", "ref.npy", "-m", "video x264-fast"]);
    assert!(said.contains("lossy: PSNR"), "{said}");
    let said = succeed(at, &["info", "ref.stack.mkv"]);
    assert!(said.contains("gray10"), "{said}");
    let said = succeed(at, &["verify", "ref.stack.mkv"]);
    assert!(said.contains("24/24"), "{said}");
    succeed(at, &["compress", "ref.npy", "-m", "video:ffv1", "-o", "exact.mkv", "--lossless"]);
    succeed(at, &["decompress", "exact.mkv", "-o", "back.npy"]);
    assert_eq!(fs::read(at.join("ref.npy")).unwrap(), fs::read(at.join("back.npy")).unwrap());
    fail(
        at,
        &["compress", "ref.npy", "-m", "video:x264-slow", "--lossless", "-o", "x.mkv"],
        5,
        &["video:x264-slow cannot store this stack", "promises nothing", "lossless was asked for"],
    );
    fail(
        at,
        &["compress", "ref.npy", "-m", "video:mp4", "--max-error", "0.5", "-o", "x.mkv"],
        5,
        &["max error 0.5"],
    );
}

#[test]
fn a_larger_output_is_not_kept() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    make(at, "noise-uniform:frames=2,size=16x16,type=u8", "noise");
    let said = fail(at, &["compress", "noise"], 8, &["not kept", "bytes", "-f"]);
    assert!(said.contains("noise.stack.h5"), "{said}");
    succeed(at, &["compress", "noise", "-f"]);
}

#[test]
fn raw_samples_need_their_shape() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    fs::write(at.join("a.bin"), vec![7; 4000]).unwrap();
    succeed(at, &["compress", "a.bin", "--raw", "u16be:10x10x20", "-o", "a.h5", "-f"]);
    fail(at, &["compress", "a.bin", "--raw", "u16le:10x10x21", "-o", "b.h5"], 3, &["a.bin", "4000", "4200"]);
}

#[test]
fn a_reader_that_has_seen_enough_is_no_fault() {
    let folder = tempfile::tempdir().unwrap();
    for words in ["completions bash", "methods", "methods --json"] {
        let script = format!("'{}' {words} | head -n 1", env!("CARGO_BIN_EXE_stackpress"));
        let output = std::process::Command::new("bash")
            .args(["-o", "pipefail", "-c", &script])
            .current_dir(folder.path())
            .output()
            .unwrap();
        let text = support::text_of(&output);
        assert!(output.status.success() && !text.contains("panicked"), "{words}: {text}");
    }
}

#[test]
fn tiff_pictures_come_back_as_tiff_with_the_first_of_two_descriptions() {
    let Some(python) = support::python() else { return };
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    // tifffile writes the description that it is given, and then one of its own, under the same tag.
    let write = "import numpy, tifffile, os\nos.mkdir('cells')\n\
                 for i in range(3): tifffile.imwrite(f'cells/c{i}.tif', numpy.full((9, 7), i, 'u2'), \
                 description=f'exposure {i} ms')";
    let run = |script: &str| {
        let output =
            std::process::Command::new(&python).args(["-c", script]).current_dir(at).output().unwrap();
        assert!(output.status.success(), "{}", support::text_of(&output));
        support::text_of(&output)
    };
    run(write);
    succeed(at, &["compress", "cells", "-f"]);
    succeed(at, &["decompress", "cells.stack.h5", "-o", "back"]);
    let read = "import tifffile\n\
                for i in range(3):\n    page = tifffile.TiffFile(f'back/c{i}.tif').pages[0]\n    \
                assert (page.asarray() == i).all()\n    print(page.description)";
    assert_eq!(run(read), "exposure 0 ms\nexposure 1 ms\nexposure 2 ms\n");
}

#[test]
fn changed_words_beside_intact_frames_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    succeed(at, &["compress", "synth:texture:frames=3,size=16x16,type=u8", "-o", "a.h5"]);
    let mut bytes = fs::read(at.join("a.h5")).unwrap();
    let place = bytes.windows(8).position(|words| words == b"\"texture").unwrap();
    bytes[place + 1] ^= 1;
    fs::write(at.join("a.h5"), bytes).unwrap();
    let output = support::run(at, &["decompress", "a.h5", "-o", "back.npy"]);
    let said = support::text_of(&output);
    assert_eq!(output.status.code(), Some(9), "{said}");
    assert!(said.contains("the seal does not fit"), "{said}");
    assert!(at.join("back.npy").exists());
}

#[test]
fn what_was_left_out_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    make(at, "texture:frames=4,size=40x30,type=u8", "cells");
    support::cut(&at.join("cells/frame_000001.png"), 1, 2);
    let said = succeed(at, &["compress", "cells", "-f", "--skip-unreadable"]);
    assert!(said.contains("1 skipped") && said.contains("frame_000001.png"), "{said}");
    fail(at, &["compress", "cells", "-o", "a.h5"], 3, &["frame_000001.png"]);
    fail(at, &["compress", "synth:texture", "-o", "no/where/a.h5"], 2, &["there is no folder no/where"]);
}
