//! The Matroska walker and patches on files written byte by byte, without FFmpeg.

use std::fs;
use std::io::Cursor;
use std::path::Path;

use stack_core::{Error, Limits};
use stack_video::matroska::{
    self, TrackSummary, append_seal_space, read_attachment, read_head, replace_attachment,
};

/// An element with a one-byte size.
fn element(id: &[u8], payload: &[u8]) -> Vec<u8> {
    assert!(payload.len() < 127);
    [id, &[0x80 | payload.len() as u8], payload].concat()
}

fn ebml_header() -> Vec<u8> {
    element(b"\x1a\x45\xdf\xa3", &element(b"\x42\x82", b"matroska"))
}

fn tracks() -> Vec<u8> {
    let video = element(b"\xe0", &[element(b"\xb0", &[7]), element(b"\xba", &[5])].concat());
    let entry = [element(b"\xd7", &[1]), element(b"\x83", &[1]), element(b"\x86", b"V_FFV1"), video].concat();
    element(b"\x16\x54\xae\x6b", &element(b"\xae", &entry))
}

fn attachments(checksum: bool) -> Vec<u8> {
    let file =
        [element(b"\x46\x6e", b"table"), element(b"\x46\x60", b"binary"), element(b"\x46\x5c", b"abcd")];
    let checksum = if checksum { element(b"\xbf", &[0; 4]) } else { Vec::new() };
    element(b"\x19\x41\xa4\x69", &[checksum, element(b"\x61\xa7", &file.concat())].concat())
}

/// Two packets of the video track, of 3 and 2 bytes, and one of another track.
fn cluster(flags: u8) -> Vec<u8> {
    let simple = element(b"\xa3", &[0x81, 0, 0, flags, 1, 2, 3]);
    let other = element(b"\xa3", &[0x82, 0, 0, 0, 9]);
    let group = element(b"\xa0", &element(b"\xa1", &[0x81, 0, 1, 0, 4, 5]));
    element(b"\x1f\x43\xb6\x75", &[element(b"\xe7", &[0]), simple, other, group].concat())
}

fn file_of(parts: &[Vec<u8>]) -> Vec<u8> {
    let payload = parts.concat();
    let size = (payload.len() as u64 | (1 << 56)).to_be_bytes();
    [&ebml_header()[..], b"\x18\x53\x80\x67", &size, &payload].concat()
}

fn good_file() -> Vec<u8> {
    file_of(&[tracks(), attachments(false), cluster(0x80)])
}

fn name() -> &'static Path {
    Path::new("by hand.mkv")
}

#[test]
fn head_and_packets_are_read() {
    let bytes = good_file();
    let head = read_head(Cursor::new(&bytes), name()).unwrap();
    let video = head.video().unwrap();
    assert_eq!((video.number, video.codec_id.as_str(), video.width, video.height), (1, "V_FFV1", 7, 5));
    let table = head.attachment("table").unwrap();
    assert_eq!(table.media_type, "binary");
    assert_eq!(&bytes[table.offset as usize..][..table.length as usize], b"abcd");
    let summary = matroska::walk_blocks(Cursor::new(&bytes), name()).unwrap();
    assert_eq!(summary.tracks, [TrackSummary { packets: 2, bytes: 5 }]);
}

#[test]
fn seal_space_is_a_void_element_inside_the_segment() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sealed.mkv");
    let before = good_file();
    fs::write(&path, &before).unwrap();
    let payload = append_seal_space(&path, 3).unwrap();
    assert_eq!(payload, before.len() as u64 + 9);
    // The old bytes with the new size, then Void: identifier, eight-byte size, three zeros.
    let mut expected = file_of(&[tracks(), attachments(false), cluster(0x80), vec![0; 12]]);
    let tail = expected.len() - 12;
    expected[tail..].copy_from_slice(&[0xEC, 1, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0]);
    assert_eq!(fs::read(&path).unwrap(), expected);
    let summary = matroska::stream_summary(&path).unwrap();
    assert_eq!(summary.tracks, [TrackSummary { packets: 2, bytes: 5 }]);
}

#[test]
fn an_attachment_is_replaced_in_place_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("patched.mkv");
    let before = good_file();
    fs::write(&path, &before).unwrap();
    replace_attachment(&path, "table", b"wxyz").unwrap();
    let after = fs::read(&path).unwrap();
    let changed: Vec<u8> = before.iter().zip(&after).filter(|(a, b)| a != b).map(|(_, b)| *b).collect();
    assert_eq!((after.len(), changed.as_slice()), (before.len(), &b"wxyz"[..]));

    let head = read_head(Cursor::new(&after), &path).unwrap();
    let table = head.attachment("table").unwrap();
    assert_eq!(read_attachment(&path, table, &Limits::default()).unwrap(), b"wxyz");
    let limits = Limits { metadata_bytes: 3, ..Limits::default() };
    assert!(matches!(read_attachment(&path, table, &limits), Err(Error::Limit { .. })));
}

#[test]
fn what_cannot_be_patched_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("refused.mkv");
    fs::write(&path, file_of(&[tracks(), attachments(true)])).unwrap();
    let error = replace_attachment(&path, "table", b"wxyz").unwrap_err();
    assert!(error.to_string().contains("a checksum covers them"), "{error}");

    // A segment of unknown size, as in a file whose writer was killed.
    let mut unfinished = good_file();
    let size = ebml_header().len() + 4;
    unfinished[size..size + 8].copy_from_slice(b"\x01\xff\xff\xff\xff\xff\xff\xff");
    fs::write(&path, &unfinished).unwrap();
    assert!(!read_head(Cursor::new(&unfinished), &path).unwrap().segment.size_is_known);
    let error = append_seal_space(&path, 3).unwrap_err();
    assert!(error.to_string().contains("not finished"), "{error}");

    // A segment whose size field is too short to grow.
    let short = [ebml_header(), element(b"\x18\x53\x80\x67", &tracks())].concat();
    fs::write(&path, &short).unwrap();
    assert!(matches!(append_seal_space(&path, 3), Err(Error::Format { .. })));
    assert_eq!(fs::read(&path).unwrap(), short);
}

#[test]
fn contradictions_are_format_errors_that_name_the_place() {
    let unknown_cluster = [&b"\x1f\x43\xb6\x75\xff"[..], &cluster(0)[5..]].concat();
    for (bytes, words) in [
        (file_of(&[tracks(), cluster(0x82)]), "several video frames share one block"),
        (file_of(&[cluster(0x80)]), "there is no video track"),
        (file_of(&[tracks(), unknown_cluster]), "its size is unknown"),
        (file_of(&[tracks(), vec![0x19, 0x41, 0xa4, 0x69, 0xfe]]), "longer than its parent"),
        (file_of(&[tracks(), vec![0xec]]), "cut off"),
        (file_of(&[tracks(), vec![0x00, 0x81]]), "not an EBML identifier"),
        (good_file()[..60].to_vec(), "the file was cut off"),
        (element(b"\x1a\x45\xdf\xa3", &element(b"\x42\x82", b"matrix")), "no Matroska file begins so"),
    ] {
        let error = matroska::walk_blocks(Cursor::new(&bytes), name()).unwrap_err();
        assert!(matches!(error, Error::Format { .. }), "{error}");
        assert!(error.to_string().contains(words), "{words}: {error}");
    }
}

/// A file of one track whose frames have these times and key-frame flags, each in a cluster of its own.
fn file_with(frames: &[(u8, bool)]) -> Vec<u8> {
    let clusters = frames.iter().map(|&(time, key)| {
        let block = element(b"\xa3", &[0x81, 0, time, if key { 0x80 } else { 0 }, 1]);
        element(b"\x1f\x43\xb6\x75", &[element(b"\xe7", &[0]), block].concat())
    });
    file_of(&std::iter::once(tracks()).chain(clusters).collect::<Vec<_>>())
}

#[test]
fn decoding_begins_only_where_nothing_earlier_is_shown_later() {
    for (frames, expected) in [
        (&[(0, true), (1, false), (2, true), (3, true)][..], &[0, 2, 3][..]),
        // Stored 0 3 1 2 5 4, as with frames that are predicted from later ones.
        (&[(0, true), (3, false), (1, false), (2, false), (5, true), (6, false)], &[0, 4]),
        // The frame of time 4 is shown before the key frame 5, but lies behind it.
        (&[(0, true), (1, false), (5, true), (4, false), (6, false)], &[0]),
        // The key frame 3 is shown before frame 5, which lies before it.
        (&[(0, true), (5, false), (3, true), (6, true)], &[0, 3]),
        (&[(2, true), (2, true)], &[]),
    ] {
        let found = matroska::key_frames(Cursor::new(file_with(frames)), name()).unwrap();
        let keys: Vec<u64> = found[0].keys.iter().map(|key| key.frame).collect();
        assert_eq!((found[0].frames, keys.as_slice()), (frames.len() as u64, expected), "{frames:?}");
    }
}

#[test]
fn a_file_from_a_key_frame_on_is_a_file_of_that_track_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("whole.mkv");
    let whole = file_with(&[(0, true), (1, false), (2, true), (3, false)]);
    fs::write(&path, &whole).unwrap();
    let head = read_head(Cursor::new(&whole), &path).unwrap();
    let keys = matroska::key_frames(Cursor::new(&whole), &path).unwrap();
    assert_eq!(keys[0].before(1).map(|key| key.frame), Some(0));
    let mut rest = Vec::new();
    matroska::write_from(&path, &head, keys[0].before(3).unwrap(), &mut rest).unwrap();
    let cluster = |time| {
        let block = element(b"\xa3", &[0x81, 0, time, if time == 2 { 0x80 } else { 0 }, 1]);
        let time = [&b"\xe7\x88"[..], &[0; 8]].concat();
        [&b"\x1f\x43\xb6\x75\x01\xff\xff\xff\xff\xff\xff\xff"[..], &time, &block].concat()
    };
    let mut tracks = tracks();
    let entry = tracks.split_off(5);
    let long_size = (entry.len() as u64 | (1 << 56)).to_be_bytes();
    let expected = [
        &ebml_header()[..],
        b"\x18\x53\x80\x67\x01\xff\xff\xff\xff\xff\xff\xff",
        &tracks[..4],
        &long_size,
        &entry,
        &cluster(2),
        &cluster(3),
    ];
    assert_eq!(rest, expected.concat());
}
