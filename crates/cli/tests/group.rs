//! `group` through the program: equal pictures, near duplicates, and their sheets.

mod support;

use std::fs;
use std::path::Path;

use serde_json::Value;
use support::{fail, make, stackpress, succeed};

/// Grey levels of a picture that is like no other: `seed` chooses 4 x 5 patches.
fn patches(seed: u32, height: usize, width: usize) -> Vec<u8> {
    let level = |patch: usize| (seed + patch as u32 * 7).wrapping_mul(2_654_435_761) >> 25;
    (0..height * width).map(|at| level(at / width * 4 / height * 5 + at % width * 5 / width) as u8).collect()
}

fn write_pgm(path: &Path, width: usize, levels: &[u8]) {
    let head = format!("P5 {width} {} 255\n", levels.len() / width);
    fs::write(path, [head.as_bytes(), levels].concat()).unwrap();
}

/// A picture, an equal one, a mirrored one, a larger and brighter one, a different one, a flat one.
fn photographs(at: &Path) {
    fs::create_dir(at).unwrap();
    let picture = patches(1, 40, 60);
    write_pgm(&at.join("a.pgm"), 60, &picture);
    write_pgm(&at.join("b copy.pgm"), 60, &picture);
    let mirrored: Vec<u8> = picture.chunks(60).flat_map(|row| row.iter().rev()).copied().collect();
    write_pgm(&at.join("c.pgm"), 60, &mirrored);
    let larger: Vec<u8> = patches(1, 80, 70).iter().map(|level| level + 100).collect();
    write_pgm(&at.join("d\nlarge.pgm"), 70, &larger);
    write_pgm(&at.join("e.pgm"), 60, &patches(900, 40, 60));
    write_pgm(&at.join("f.pgm"), 60, &[9; 2400]);
}

#[test]
fn equal_and_near_pictures_are_listed() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    photographs(&at.join("photos"));
    let text = succeed(at, &["group", "photos"]);
    for expected in [
        "6 pictures, 5 distinct\n",
        "equal: 1 group of 2 pictures\n    1  photos/a.pgm         40 x 60 u8\n",
        "       photos/b copy.pgm",
        "near duplicates: 1 group of 3 pictures, linked by distances up to 0.05",
        "photos/d\\nlarge.pgm  80 x 70 u8            0.0000  same\n",
    ] {
        assert!(text.contains(expected), "{expected:?} is missing in\n{text}");
    }
    let found: Value = serde_json::from_str(&succeed(at, &["group", "photos/*.pgm", "--json"])).unwrap();
    let names = |list: &Value| -> Vec<String> {
        list.as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names(&found["equal"][0]), ["photos/a.pgm", "photos/b copy.pgm"]);
    assert_eq!(names(&found["near"][0]), ["photos/a.pgm", "photos/c.pgm", "photos/d\nlarge.pgm"]);
    assert_eq!(found["near"][0][1]["relation"], "mirrored");
    assert_eq!(found["pairs"].as_array().unwrap().len(), 3);

    // A file that several words name is one picture.
    let again = succeed(at, &["group", "photos", "photos", "./photos/*.pgm"]);
    assert!(again.contains("6 pictures, 5 distinct\n"), "{again}");

    let none = succeed(at, &["group", "photos/e.pgm", "photos/f.pgm"]);
    assert_eq!(
        none,
        "2 pictures, 2 distinct\nequal: none\nnear duplicates: none, linked by distances up to 0.05\n"
    );
    fail(at, &["group", "photos", "--distance", "2"], 2, &["is not a number from 0 to 1"]);
    fail(at, &["group", "empty*"], 2, &["no file matches this pattern"]);
}

#[test]
fn sheets_are_drawn_and_never_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    photographs(&at.join("photos"));
    let text = succeed(at, &["group", "photos", "--sheet", "groups.png"]);
    assert!(text.ends_with("drawn: groups.png\n"), "{text}");
    let is_png = |name: &str| fs::read(at.join(name)).unwrap().starts_with(b"\x89PNG");
    assert!(is_png("groups.png"));
    fail(
        at,
        &["group", "photos", "--sheet", "groups.png"],
        2,
        &["groups.png: the picture exists", "--sheet", "-f"],
    );
    succeed(at, &["group", "photos", "--sheet", "groups.png", "-f"]);
    succeed(at, &["group", "photos", "--sheet", "look"]);
    assert!(is_png("look/equal-001.png") && is_png("look/near-001.png"));
    fail(at, &["group", "photos", "--sheet", "./photos"], 2, &["--sheet", "among the pictures"]);
    succeed(at, &["group", "photos/e.pgm", "--sheet", "nothing"]);
    assert!(!at.join("nothing").exists());
}

#[test]
fn unreadable_pictures_are_named_and_left_out_when_asked() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    photographs(&at.join("photos"));
    fs::write(at.join("photos/bad.jpg"), b"no picture").unwrap();
    write_pgm(&at.join("photos/cut.pgm"), 60, &[0; 60]);
    fs::write(at.join("photos/cut.pgm"), b"P5 60 40 255\n too short").unwrap();
    fail(at, &["group", "photos"], 3, &["photos/bad.jpg"]);
    let text = succeed(at, &["group", "photos", "--skip-unreadable"]);
    assert!(text.starts_with("6 pictures"), "{text}");
    assert!(text.contains("skipped: photos/bad.jpg:") && text.contains("skipped: photos/cut.pgm:"), "{text}");
    fail(at, &["group", "photos/bad.jpg", "--skip-unreadable"], 3, &["photos/bad.jpg"]);
    fail(at, &["group", "nowhere"], 2, &["nowhere: there is no such file or folder"]);
}

#[test]
fn frames_of_a_stack_are_pictures() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let frames = [patches(1, 8, 10), patches(5000, 8, 10), patches(1, 8, 10)].concat();
    fs::write(at.join("film.bin"), frames).unwrap();
    let words = ["group", "film.bin", "--raw", "u8:3x8x10"];
    let text = succeed(at, &words);
    assert!(text.contains("film.bin frame 0") && text.contains("film.bin frame 2"), "{text}");
    assert!(text.starts_with("3 pictures, 2 distinct\n"), "{text}");
    // A single row, and floats that are nowhere finite.
    make(at, "texture:frames=2,size=1x1,type=f32", "dot.npy");
    assert!(succeed(at, &["group", "dot.npy"]).contains("near duplicates: none"));
    let threads = |number| succeed(at, &[&words[..], &["-j", number]].concat());
    assert_eq!(threads("1"), threads("4"));
    let piped = stackpress(at).args(words).arg("--quiet").output().unwrap();
    assert!(piped.stderr.is_empty());
}
