//! The Matroska files that hold videos: found, walked and patched without FFmpeg.

use std::io::Cursor;
use std::path::Path;

use stack_video::matroska::{key_frames, read_head, walk_blocks};

/// An EBML element: identity as in the file, size in one or eight bytes, payload.
fn element(identity: &[u8], payload: &[u8]) -> Vec<u8> {
    let mut bytes = identity.to_vec();
    match payload.len() {
        length @ 0..127 => bytes.push(0x80 | length as u8),
        length => bytes.extend((length as u64 | 1 << 56).to_be_bytes()),
    }
    bytes.extend(payload);
    bytes
}

fn elements(identity: &[u8], children: &[Vec<u8>]) -> Vec<u8> {
    element(identity, &children.concat())
}

/// Files with two attachments and two clusters, of one video track and of two.
pub fn matroska_seeds() -> Vec<Vec<u8>> {
    let header = elements(&[0x1a, 0x45, 0xdf, 0xa3], &[element(&[0x42, 0x82], b"matroska")]);
    let video = elements(&[0xe0], &[element(&[0xb0], &[1, 0x2d]), element(&[0xba], &[0xc9])]);
    let track = elements(
        &[0xae],
        &[
            element(&[0xd7], &[1]),
            element(&[0x83], &[1]),
            element(&[0x86], b"V_FFV1"),
            element(&[0x63, 0xa2], &[9; 20]),
            video,
        ],
    );
    let attached = |name: &[u8], data: &[u8]| {
        let parts = [element(&[0x46, 0x6e], name), element(&[0x46, 0x60], b"application/json")];
        elements(&[0x61, 0xa7], &[parts.concat(), element(&[0x46, 0x5c], data)])
    };
    let attachments = elements(
        &[0x19, 0x41, 0xa4, 0x69],
        &[attached(b"header.json", b"{}"), attached(b"hashes", &[7; 200])],
    );
    let block = element(&[0xa3], &[0x81, 0, 0, 0x80, 1, 2, 3, 4, 5]);
    let group = elements(&[0xa0], &[element(&[0xa1], &[0x81, 0, 1, 0, 6, 7, 8])]);
    let cluster = |children: &[Vec<u8>]| elements(&[0x1f, 0x43, 0xb6, 0x75], children);
    let segment = |parts: &[Vec<u8>]| [header.clone(), elements(&[0x18, 0x53, 0x80, 0x67], parts)].concat();
    let one_track = segment(&[
        elements(&[0x16, 0x54, 0xae, 0x6b], &[track.clone()]),
        attachments.clone(),
        cluster(&[block.clone(), block]),
        cluster(&[group]),
        element(&[0xec], &[0; 48]),
    ]);
    let other_track =
        elements(&[0xae], &[element(&[0xd7], &[2]), element(&[0x83], &[1]), element(&[0x86], b"V_FFV1")]);
    // Two planes; the second frame is stored before the third and shown after it.
    let of = |number: u8, time: u8, flags: u8| element(&[0xa3], &[0x80 | number, 0, time, flags, 1, 2]);
    let later = elements(&[0xa0], &[element(&[0xa1], &[0x81, 0, 1, 0, 6]), element(&[0xfb], &[0xff])]);
    let two_tracks = segment(&[
        element(&[0x15, 0x49, 0xa9, 0x66], &[0x2a, 0xd7, 0xb1, 0x83, 0x0f, 0x42, 0x40]),
        elements(&[0x16, 0x54, 0xae, 0x6b], &[track, other_track]),
        attachments,
        cluster(&[element(&[0xe7], &[0]), of(1, 0, 0x80), of(2, 0, 0x80), of(1, 2, 0), of(2, 2, 0)]),
        cluster(&[element(&[0xe7], &[0]), later, of(2, 1, 0), of(1, 3, 0x80), of(2, 3, 0x80)]),
    ]);
    vec![one_track, two_tracks]
}

/// A file that is accepted has attachments, packets and key frames that lie inside it.
pub fn matroska(bytes: &[u8]) -> bool {
    let path = Path::new("fuzz.mkv");
    let length = bytes.len() as u64;
    let Ok(head) = read_head(Cursor::new(bytes), path) else {
        assert!(walk_blocks(Cursor::new(bytes), path).is_err(), "packets without a head");
        return false;
    };
    assert!(head.segment.end <= length);
    for attachment in &head.attachments {
        assert!(attachment.offset.checked_add(attachment.length).is_some_and(|end| end <= length));
    }
    for video in &head.videos {
        assert!(video.entry.end <= length);
    }
    let Ok(summary) = walk_blocks(Cursor::new(bytes), path) else {
        return false;
    };
    assert!(summary.bytes() <= length);
    let Ok(tracks) = key_frames(Cursor::new(bytes), path) else {
        // Only times can be wrong that counting does not look at.
        return false;
    };
    assert_eq!(tracks.len(), summary.tracks.len());
    for (track, summary) in tracks.iter().zip(&summary.tracks) {
        assert_eq!(track.frames, summary.packets);
        assert!(track.keys.windows(2).all(|pair| pair[0].frame < pair[1].frame));
        assert!(track.keys.last().is_none_or(|key| key.frame < track.frames));
    }
    true
}
