//! The Matroska files that hold videos: found, walked and patched without FFmpeg.

use std::io::Cursor;
use std::path::Path;

use stack_video::matroska::{read_head, walk_blocks};

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

/// A file with a video track, two attachments and two clusters.
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
    let segment = elements(
        &[0x18, 0x53, 0x80, 0x67],
        &[
            elements(&[0x16, 0x54, 0xae, 0x6b], &[track]),
            attachments,
            cluster(&[block.clone(), block]),
            cluster(&[group]),
            element(&[0xec], &[0; 48]),
        ],
    );
    vec![[header, segment].concat()]
}

/// A file that is accepted has attachments and packets that lie inside it.
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
    match walk_blocks(Cursor::new(bytes), path) {
        Ok(summary) => {
            assert!(summary.bytes <= length && summary.packets <= length);
            true
        }
        Err(_) => false,
    }
}
