//! Words of the command line: several inputs, dry runs, odd names, manual pages, what is said with `-v`.

mod support;

use std::ffi::OsStr;
use std::fs;
use std::process::Command;

use support::{fail, files_below, have, make, run, stackpress, succeed, text_of};

#[test]
fn several_inputs_go_into_one_folder() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    for name in ["a.npy", "b.npy"] {
        make(at, "texture:frames=3,size=16x16,type=u16", name);
    }
    succeed(at, &["compress", "a.npy", "b.npy", "-o", "archive/", "-f"]);
    assert!(at.join("archive/a.stack.h5").exists() && at.join("archive/b.stack.h5").exists());
    succeed(at, &["decompress", "archive/a.stack.h5", "archive/b.stack.h5", "-o", "back"]);
    assert_eq!(files_below(&at.join("back")).len(), 2 + 2 * 3);
    fail(at, &["compress", "a.npy", "b.npy", "-o", "one.h5"], 2, &["one.h5", "2 stacks", "slash"]);
    fs::create_dir(at.join("other")).unwrap();
    fs::copy(at.join("a.npy"), at.join("other/a.npy")).unwrap();
    fail(
        at,
        &["compress", "a.npy", "other/a.npy", "-o", "new/"],
        2,
        &["two inputs would become new/a.stack.h5"],
    );
}

#[test]
fn a_dry_run_tells_the_size_and_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    make(at, "texture:frames=40,size=64x48,type=u16", "a.npy");
    let before = files_below(at);
    let words = ["compress", "a.npy", "-m", "hdf5:shuffle,gzip=6", "--dry-run", "--json"];
    let said = succeed(at, &words);
    assert_eq!(files_below(at), before);
    let found: serde_json::Value = serde_json::from_str(&said).unwrap();
    succeed(at, &["compress", "a.npy", "-m", "hdf5:shuffle,gzip=6", "-f"]);
    let written = fs::metadata(at.join("a.stack.h5")).unwrap().len();
    assert_eq!(found["stored_bytes"], written, "a small stack is encoded whole: {said}");
    fail(at, &["compress", "a.npy", "--dry-run"], 2, &["a.stack.h5", "the output exists", "-f"]);
    let said = succeed(at, &["compress", "a.npy", "--dry-run", "-o", "new/"]);
    assert!(said.contains("new/a.stack.h5") && said.contains("the size is exact"), "{said}");
    assert!(!at.join("new").exists());
}

#[test]
fn an_estimate_from_a_sample_is_close() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let stack = "synth:texture:frames=60,size=1024x512,type=u16,seed=3";
    let words = ["compress", stack, "-m", "hdf5:shuffle,gzip=1", "-o", "a.h5", "--json"];
    let said = succeed(at, &[&words[..], &["--dry-run"]].concat());
    let found: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert_eq!(found["sampled_frames"], 24, "{said}");
    succeed(at, &words);
    let written = fs::metadata(at.join("a.h5")).unwrap().len() as f64;
    let estimate = found["stored_bytes"].as_f64().unwrap();
    assert!((estimate / written - 1.0).abs() < 0.05, "{estimate} against {written}");
}

#[test]
fn an_output_that_is_the_input_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    make(at, "texture:frames=3,size=16x16,type=u16", "a.npy");
    succeed(at, &["compress", "a.npy", "-f"]);
    fs::hard_link(at.join("a.stack.h5"), at.join("linked.h5")).unwrap();
    for (input, output) in [("a.npy", "a.npy"), ("a.npy", "./a.npy"), ("a.stack.h5", "a.stack.h5")] {
        fail(at, &["compress", input, "-o", output, "-f"], 2, &["the output is the input", "-o"]);
    }
}

/// Names that a shell, FFmpeg, a pattern or a terminal would take for something else.
const ODD_NAMES: [&str; 6] = ["-i", "two\nlines", "100%d done", "pipe:1", "http:x", "\u{1b}[31mred\u{1f52c}"];

#[test]
fn odd_names_work() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    make(at, "texture:frames=3,size=32x16,type=u8", "plain.npy");
    let methods = if have("ffmpeg") { vec!["hdf5:gzip=9", "video:ffv1"] } else { vec!["hdf5:gzip=9"] };
    for name in ODD_NAMES {
        let input = format!("{name}.npy");
        fs::rename(at.join("plain.npy"), at.join(&input)).unwrap();
        for spec in &methods {
            let output = format!("{name}.out");
            let said = succeed(at, &["compress", "-f", "-m", spec, &format!("-o{output}"), "--", &input]);
            // One line, and no control character reaches the terminal.
            assert!(said.trim_end().chars().all(|letter| !letter.is_control()), "{said:?}");
            succeed(at, &["verify", "--", &output]);
            succeed(at, &["decompress", "-o", "back.npy", "--", &output]);
            assert!(fs::read(at.join("back.npy")).unwrap() == fs::read(at.join(&input)).unwrap());
            succeed(at, &["compress", "-f", "-o", "again.h5", "--", &output]);
            fs::remove_file(at.join(&output)).unwrap();
            fs::remove_file(at.join("back.npy")).unwrap();
        }
        fs::rename(at.join(&input), at.join("plain.npy")).unwrap();
    }
}

#[test]
#[cfg(unix)]
fn names_that_are_no_unicode_work_or_are_refused_by_name() {
    use std::os::unix::ffi::OsStrExt;
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    make(at, "texture:frames=3,size=32x16,type=u8", "plain.npy");
    let name = OsStr::from_bytes(b"caf\xe9.npy");
    fs::rename(at.join("plain.npy"), at.join(name)).unwrap();
    let output = stackpress(at).arg("compress").arg(name).args(["-o", "a.h5", "-f"]).output().unwrap();
    let text = text_of(&output);
    assert!(output.status.success(), "{text}");
    succeed(at, &["verify", "a.h5"]);
}

#[test]
fn verbose_tells_the_steps_and_quiet_tells_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    make(at, "texture:frames=3,size=16x16,type=u16", "a.npy");
    let said = succeed(at, &["compress", "a.npy", "-f", "-v"]);
    assert!(said.contains("compressing") && said.contains("renaming the finished file"), "{said}");
    let output = run(at, &["compress", "a.npy", "-f", "-q"]);
    assert!(output.status.success() && output.stdout.is_empty() && output.stderr.is_empty());
    fail(at, &["compress", "a.npy", "-f", "-q", "-v"], 2, &["cannot be used with"]);
}

#[test]
fn sizes_of_memory_are_checked() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    make(at, "texture:frames=3,size=16x16,type=u16", "a.npy");
    succeed(at, &["compress", "a.npy", "-f", "--max-memory", "64MiB"]);
    fail(at, &["compress", "a.npy", "--max-memory", "much"], 2, &["much", "512M"]);
}

#[test]
fn every_command_has_a_manual_page_and_examples() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    succeed(at, &["man", "-o", "pages"]);
    let help = succeed(at, &["help"]);
    for command in ["compress", "decompress", "frame", "info", "verify", "methods", "synth", "report"] {
        assert!(help.contains(command), "{command} is missing in the help");
        let page = at.join(format!("pages/stackpress-{command}.1"));
        let text = fs::read_to_string(&page).unwrap();
        assert!(text.contains(".SH NAME") && text.contains(".SH OPTIONS"), "{command}");
        let said = succeed(at, &["help", command]);
        assert!(command == "methods" || said.contains("Example"), "{command}: {said}");
        if let Ok(checked) = Command::new("groff").args(["-man", "-Tutf8", "-ww", "-z"]).arg(&page).output() {
            assert!(
                checked.status.success() && checked.stderr.is_empty(),
                "{command}: {}",
                text_of(&checked)
            );
        }
    }
    assert!(!at.join("pages/stackpress-measure.1").exists(), "hidden commands have no page");
}

#[test]
fn results_are_json_on_request() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    make(at, "texture:frames=3,size=16x16,type=u16", "a.npy");
    for words in [
        &["compress", "a.npy", "-f", "--json"][..],
        &["info", "a.stack.h5", "--json"],
        &["verify", "a.stack.h5", "--json"],
        &["methods", "--json"],
    ] {
        let output = run(at, words);
        assert!(output.status.success(), "{}", text_of(&output));
        serde_json::from_slice::<serde_json::Value>(&output.stdout).unwrap();
    }
}

#[test]
fn pictures_of_a_stack_are_written_once() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    for spec in [
        "texture:frames=30,size=40x60,type=u16",
        "texture:frames=2,size=9x7x3,type=u8",
        "gradient:frames=1,size=300x2,type=f64",
    ] {
        let input = format!("synth:{spec}");
        let said = succeed(at, &["info", &input, "--pictures", "look"]);
        assert!(said.contains("range        "), "{said}");
        let files = files_below(&at.join("look"));
        assert_eq!(files.len(), 7, "{files:?}");
        for file in files.iter().filter(|file| file.extension().is_some_and(|ending| ending == "png")) {
            let picture = fs::read(file).unwrap();
            assert_eq!(&picture[1..4], b"PNG", "{}", file.display());
        }
        fail(at, &["info", &input, "--pictures", "look"], 2, &["the picture exists", "-f"]);
        fs::remove_dir_all(at.join("look")).unwrap();
    }
    fail(at, &["info", "synth:texture", "synth:gradient", "--pictures", "look"], 2, &["2 stacks"]);
}
