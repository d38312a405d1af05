//! `verify --pictures`: what came back, drawn beside what it was made from.

mod support;

use std::fs;
use std::path::Path;

use support::{fail, files_below, flip_bit, have, make, run, succeed, text_of};

/// The names of the pictures below a folder; each is what its ending says.
fn pictures(folder: &Path) -> Vec<String> {
    let named = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
    let files = files_below(folder);
    for file in &files {
        let bytes = fs::read(file).unwrap();
        let start: &[u8] = if named(file).ends_with(".png") { b"\x89PNG" } else { b"<svg" };
        assert!(bytes.starts_with(start), "{}", file.display());
    }
    files.iter().map(|file| named(file)).collect()
}

/// Pictures of any file whose samples changed.
const LOSSY: [&str; 6] = [
    "differences.png",
    "differences.svg",
    "errors-over-frames.png",
    "errors-over-frames.svg",
    "frames.png",
    "worst-frame.png",
];

/// Pictures of components.
const COMPONENTS: [&str; 6] = [
    "eigenimages.png",
    "error-by-components.png",
    "error-by-components.svg",
    "explained-variance.png",
    "explained-variance.svg",
    "reconstructions.png",
];

fn sorted(names: &[&[&str]]) -> Vec<String> {
    let mut all: Vec<String> = names.concat().iter().map(ToString::to_string).collect();
    all.sort();
    all
}

#[test]
fn an_exact_stack_is_said_to_be_so() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    for spec in ["synth:texture:frames=6,size=30x40,type=u16", "synth:texture:frames=1,size=9x7x3,type=u8"] {
        succeed(at, &["compress", spec, "-o", "cube.stack.h5", "-f"]);
        let words = ["verify", "cube.stack.h5", "--against", spec, "--pictures", "look"];
        let said = succeed(at, &words);
        assert!(
            said.contains("identical to the source") && said.contains("picture: look/frames.png"),
            "{said}"
        );
        assert_eq!(pictures(&at.join("look")), ["frames.png"]);
        fail(at, &words, 2, &["the picture exists", "-f"]);
        succeed(at, &[&words[..], &["-f"]].concat());
        fs::remove_dir_all(at.join("look")).unwrap();
    }
}

#[test]
fn components_have_pictures_of_their_own() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    make(at, "texture:frames=9,size=20x32,type=f32", "cube.npy");
    for (method, expected) in [
        ("pca:components=3", sorted(&[&LOSSY, &COMPONENTS])),
        ("pca:components=3,residual=lossless", sorted(&[&["frames.png"], &COMPONENTS])),
    ] {
        succeed(at, &["compress", "cube.npy", "-m", method, "-o", "cube.stack.h5", "-f"]);
        let said = succeed(at, &["checkpca", "cube.stack.h5", "--against", "cube.npy", "--pictures", "look"]);
        for name in &expected {
            assert!(
                said.contains(&format!("picture: look/{name}")),
                "{method}: {name} is missing in\n{said}"
            );
        }
        assert_eq!(pictures(&at.join("look")), expected, "{method}");
        let chart = fs::read_to_string(at.join("look/error-by-components.svg")).unwrap();
        assert!(chart.contains("Measured with 0 to 3 components"), "{chart}");
        fs::remove_dir_all(at.join("look")).unwrap();
    }
}

#[test]
fn a_lossy_video_has_a_worst_frame() {
    if !have("ffmpeg") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    make(at, "texture:frames=5,size=64x96,type=u8", "film.npy");
    succeed(at, &["compress", "film.npy", "-m", "video:x264-interm", "-o", "film.stack.mkv", "-f"]);
    let words = ["checkvideo", "film.stack.mkv", "--against", "film.npy", "--pictures", "look", "--json"];
    let found: serde_json::Value = serde_json::from_str(&succeed(at, &words)).unwrap();
    assert_eq!(found["pictures"].as_array().unwrap().len(), LOSSY.len());
    assert!(found["errors"]["max_abs"].as_f64().unwrap() > 0.0);
    assert_eq!(pictures(&at.join("look")), sorted(&[&LOSSY]));
}

#[test]
fn a_wrong_source_is_drawn_and_refused() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    make(at, "texture:frames=4,size=12x10,type=u8", "cube.npy");
    make(at, "noise-uniform:frames=4,size=12x10,type=u8", "other.npy");
    succeed(at, &["compress", "cube.npy", "-o", "cube.stack.h5", "-f"]);
    let output = run(at, &["verify", "cube.stack.h5", "--against", "other.npy", "--pictures", "look"]);
    let text = text_of(&output);
    assert!(!output.status.success() && text.contains("lossless was promised"), "{text}");
    assert_eq!(pictures(&at.join("look")), sorted(&[&LOSSY]));

    fail(at, &["verify", "cube.stack.h5", "--pictures", "look"], 2, &["--against"]);
    let two = ["verify", "cube.stack.h5", "cube.stack.h5", "--against", "cube.npy", "--pictures", "look"];
    fail(at, &two, 2, &["2 files"]);
    flip_bit(&at.join("cube.stack.h5"), 4000);
    let damaged = ["verify", "cube.stack.h5", "--against", "cube.npy", "--pictures", "never"];
    let code = run(at, &damaged).status.code().unwrap();
    fail(at, &damaged, code, &["the file is damaged"]);
}
