//! Bad input: an error that names the file, the field and the remedy; no panic; nothing left behind.

mod support;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use support::{cut, fail, files_below, flip_bit, have, make, python, run, stackpress, succeed, text_of};

#[test]
fn an_empty_folder() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("empty")).unwrap();
    fail(folder.path(), &["compress", "empty"], 2, &["empty", "no image in this folder", "png"]);
}

#[test]
fn an_input_that_is_not_there() {
    let folder = tempfile::tempdir().unwrap();
    fail(folder.path(), &["compress", "nothing.npy"], 2, &["nothing.npy", "no such file"]);
}

#[test]
fn truncated_inputs() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    make(at, "texture:frames=3,size=40x30,type=u8", "png");
    make(at, "texture:frames=3,size=40x30,type=u16", "a.tif");
    make(at, "texture:frames=3,size=40x30,type=u16", "a.npy");
    let first = files_below(&at.join("png"))[1].clone();
    for part in [1, 5, 9] {
        let whole = fs::read(&first).unwrap();
        cut(&first, part, 10);
        let name = first.file_name().unwrap().to_str().unwrap().to_owned();
        fail(at, &["compress", "png", "-o", "x.h5"], 3, &[&name]);
        fs::write(&first, whole).unwrap();
        for file in ["a.tif", "a.npy"] {
            let whole = fs::read(at.join(file)).unwrap();
            cut(&at.join(file), part, 10);
            fail(at, &["compress", file, "-o", "x.h5"], 3, &[file]);
            fs::write(at.join(file), whole).unwrap();
        }
    }
}

#[test]
fn truncated_outputs() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    make(at, "texture:frames=30,size=40x30,type=u16", "a.npy");
    let mut files = vec!["a.stack.h5"];
    succeed(at, &["compress", "a.npy"]);
    if have("ffmpeg") {
        succeed(at, &["compress", "a.npy", "-m", "video:ffv1"]);
        files.push("a.stack.mkv");
    }
    for file in files {
        let whole = fs::read(at.join(file)).unwrap();
        for part in [1, 5, 9] {
            cut(&at.join(file), part, 10);
            fail(at, &["verify", file], 3, &[file]);
            fail(at, &["decompress", file, "-o", "back.npy"], 3, &[file]);
            fs::write(at.join(file), &whole).unwrap();
        }
        succeed(at, &["verify", file]);
    }
}

#[test]
fn wrong_magic() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    fs::write(at.join("page.npy"), "<html>not found</html>").unwrap();
    fail(at, &["compress", "page.npy"], 3, &["page.npy"]);
    fs::write(at.join("page.stack.h5"), "<html>not found</html>").unwrap();
    fail(at, &["decompress", "page.stack.h5"], 3, &["page.stack.h5", "neither an HDF5 nor a Matroska file"]);
    fail(at, &["verify", "page.stack.h5"], 3, &["page.stack.h5"]);
}

fn npy(shape: &str, bytes: usize) -> Vec<u8> {
    let header = format!("{{'descr': '<u2', 'fortran_order': False, 'shape': {shape}, }}\n");
    let mut file = b"\x93NUMPY\x01\x00".to_vec();
    file.extend(u16::try_from(header.len()).unwrap().to_le_bytes());
    file.extend(header.as_bytes());
    file.extend(std::iter::repeat_n(0, bytes));
    file
}

#[test]
fn impossible_shapes() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    for shape in [
        "(0, 4, 4)",
        "(4, 0, 4)",
        "(1000000000000, 1, 1)",
        "(4294967296, 4294967296, 4294967296)",
        "(18446744073709551615, 2, 2)",
        "(99999999999999999999999, 2, 2)",
        "(-1, 2, 2)",
    ] {
        fs::write(at.join("a.npy"), npy(shape, 64)).unwrap();
        let output = run(at, &["compress", "a.npy"]);
        let text = text_of(&output);
        assert!(matches!(output.status.code(), Some(3 | 4)), "{shape}: {text}");
        assert!(text.contains("a.npy") && !text.contains("panicked"), "{shape}: {text}");
        assert_eq!(files_below(at).len(), 1, "{shape}");
    }
}

#[test]
fn mixed_sizes_name_the_first_that_differs() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    make(at, "texture:frames=3,size=40x30,type=u8", "png");
    make(at, "texture:frames=1,size=41x30,type=u8", "other");
    let other = files_below(&at.join("other"))[0].clone();
    fs::copy(other, at.join("png/zz_other.png")).unwrap();
    fail(at, &["compress", "png"], 3, &["zz_other.png", "41 x 30", "40 x 30"]);
}

#[test]
#[cfg(feature = "hdf5")]
fn a_missing_dataset_lists_those_there_are() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    make(at, "texture:frames=3,size=40x30,type=u16", "a.npy");
    succeed(at, &["compress", "a.npy", "-o", "a.h5", "-f"]);
    succeed(at, &["compress", "a.h5:/stack", "-o", "b.h5", "-f"]);
    fail(at, &["compress", "a.h5:/images", "-o", "c.h5"], 3, &["a.h5", "/images", "/stack"]);
}

#[test]
fn a_target_folder_that_cannot_be_written() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    make(at, "texture:frames=3,size=40x30,type=u16", "a.npy");
    // Even the superuser cannot create files here.
    fail(at, &["compress", "a.npy", "-o", "/proc/a.h5"], 1, &["/proc/", "cannot create"]);
    fail(
        at,
        &["compress", "a.npy", "-o", "no/such/folder/a.h5"],
        2,
        &["no/such/folder", "there is no folder"],
    );
}

#[test]
fn a_full_disk() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    make(at, "noise-uniform:frames=40,size=100x100,type=u16", "a.npy");
    let mut specs = vec!["hdf5", "hdf5:bitshuffle,zstd"];
    if have("ffmpeg") {
        specs.push("video:ffv1");
    }
    for spec in specs {
        let before = files_below(at);
        // Writes beyond 128 kB fail, as they do on a full disk; the signal that goes with it is ignored.
        let script = format!(
            "trap '' XFSZ; ulimit -f 128; exec '{}' compress a.npy -m {spec} -o full.out",
            env!("CARGO_BIN_EXE_stackpress")
        );
        let output = Command::new("bash").args(["-c", &script]).current_dir(at).output().unwrap();
        let text = text_of(&output);
        assert!(!output.status.success(), "{spec}: {text}");
        assert!(output.status.code().is_some(), "{spec}: {} {text}", output.status);
        assert!(text.contains("stackpress: ") && !text.contains("panicked"), "{spec}: {text}");
        assert_eq!(files_below(at), before, "{spec}: {text}");
    }
}

#[test]
#[cfg(feature = "video")]
fn ffmpeg_missing_or_dying() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    make(at, "texture:frames=40,size=100x100,type=u16", "a.npy");
    let before = files_below(at);
    let words = ["compress", "a.npy", "-m", "video:ffv1"];
    let output = stackpress(at).args(words).env("STACKPRESS_FFMPEG", "/no/such/ffmpeg").output().unwrap();
    let text = text_of(&output);
    assert_eq!(output.status.code(), Some(6), "{text}");
    assert!(text.contains("apt install ffmpeg"), "{text}");
    assert_eq!(files_below(at), before);
    if !have("ffmpeg") {
        return;
    }
    let dying = tempfile::tempdir().unwrap();
    let script = dying.path().join("ffmpeg");
    fs::write(
        &script,
        "#!/bin/bash\ncase \" $* \" in *-encoders*|*-version*) exec ffmpeg \"$@\";; esac\n\
         head -c 100000 >/dev/null; echo 'out of luck' >&2; kill -9 $$\n",
    )
    .unwrap();
    make_executable(&script);
    let output = stackpress(at).args(words).env("STACKPRESS_FFMPEG", &script).output().unwrap();
    let text = text_of(&output);
    assert!(matches!(output.status.code(), Some(1 | 6)), "{text}");
    assert!(text.contains("out of luck"), "{text}");
    assert_eq!(files_below(at), before);
}

#[cfg(unix)]
fn make_executable(script: &Path) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(script, fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn interrupted_and_killed() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let mut specs = vec!["hdf5:shuffle,gzip=9"];
    if have("ffmpeg") {
        specs.push("video:x264-slow");
    }
    for spec in specs {
        let start = || {
            stackpress(at)
                .args(["compress", "synth:reference:type=u16", "-m", spec, "-o", "out.file"])
                .stderr(Stdio::piped())
                .spawn()
                .unwrap()
        };
        let signal = |name: &str, id: u32| {
            Command::new("kill").args([name, &id.to_string()]).status().unwrap();
        };
        let partial = at.join(".out.file.stackpress-partial");
        let child = start();
        wait_until(|| partial.exists());
        std::thread::sleep(Duration::from_millis(300));
        signal("-INT", child.id());
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(130), "{spec}: {}", text_of(&output));
        assert_eq!(files_below(at).len(), 0, "{spec}");

        let child = start();
        wait_until(|| partial.exists());
        signal("-KILL", child.id());
        child.wait_with_output().unwrap();
        assert!(partial.exists(), "{spec}");
        // The next run to the same target cleans up.
        succeed(at, &["compress", "synth:texture:frames=3,size=8x8,type=u8", "-o", "out.file", "-f"]);
        assert_eq!(files_below(at), [at.join("out.file")], "{spec}");
        fs::remove_file(at.join("out.file")).unwrap();
    }
}

fn wait_until(condition: impl Fn() -> bool) {
    let started = Instant::now();
    while !condition() {
        assert!(started.elapsed() < Duration::from_secs(60), "nothing happened");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn one_flipped_bit() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    make(at, "texture:frames=5,size=20x20,type=u16", "a.npy");
    succeed(at, &["compress", "a.npy", "-f"]);
    let file = at.join("a.stack.h5");
    let bits = fs::read(&file).unwrap().len() * 8;
    for bit in (0..bits).step_by(bits / 50) {
        flip_bit(&file, bit);
        let output = run(at, &["verify", "a.stack.h5"]);
        assert!(matches!(output.status.code(), Some(3 | 7 | 9)), "bit {bit}: {}", text_of(&output));
        flip_bit(&file, bit);
    }
    succeed(at, &["verify", "a.stack.h5"]);
    flip_bit(&file, bits / 2);
    fail(at, &["verify", "a.stack.h5"], 7, &["a.stack.h5", "sealed", "restore it from a copy"]);
}

#[test]
#[cfg(feature = "hdf5")]
fn a_file_that_somebody_opened_for_writing() {
    let Some(python) = python() else { return };
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    make(at, "texture:frames=5,size=20x20,type=u16", "a.npy");
    succeed(at, &["compress", "a.npy", "-m", "hdf5:shuffle,gzip=9", "-f"]);
    let edit = |code: &str| {
        let code = format!("import h5py\nwith h5py.File('a.stack.h5', 'r+') as f:\n    {code}");
        assert!(Command::new(&python).args(["-c", &code]).current_dir(at).status().unwrap().success());
    };
    edit("f['stack'].attrs['note'] = 'seen'");
    let output = run(at, &["verify", "a.stack.h5"]);
    let text = text_of(&output);
    assert_eq!(output.status.code(), Some(9), "{text}");
    assert!(text.contains("seal gone") && text.contains("5/5"), "{text}");
    edit("f['stack'][3, 4, 5] += 1");
    fail(at, &["verify", "a.stack.h5"], 7, &["frame 3", "hash"]);
    fail(at, &["decompress", "a.stack.h5", "-o", "back.npy"], 7, &["frame 3"]);
}

#[test]
fn outputs_that_exist_or_are_the_input() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    make(at, "texture:frames=3,size=40x30,type=u16", "a.npy");
    fs::write(at.join("there.h5"), "mine").unwrap();
    fail(at, &["compress", "a.npy", "-o", "there.h5"], 2, &["there.h5", "the output exists", "-f"]);
    assert_eq!(fs::read(at.join("there.h5")).unwrap(), b"mine");
    fail(at, &["compress", "a.npy", "-o", "a.npy", "-f"], 2, &["the output is the input"]);
}

#[test]
fn wrong_words() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    make(at, "texture:frames=3,size=40x30,type=u16", "a.npy");
    fail(at, &["compress", "a.npy", "-m", "hdf5:gzip,shuffle"], 2, &["shuffle"]);
    fail(at, &["compress", "a.npy", "-m", "zip"], 2, &["zip", "stackpress methods"]);
    fail(at, &["compress", "a.npy", "--max-error", "-1"], 2, &[]);
    fail(at, &["compress", "a.npy", "--max-error=nan"], 2, &["--max-error"]);
    fail(at, &["compress"], 2, &["IN"]);
    fail(at, &["synth", "unheard-of", "-o", "x.npy"], 2, &["unheard-of"]);
}
