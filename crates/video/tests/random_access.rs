//! Any frame by its number: what comes is the frame that reading in order gives, and little else was decoded.

mod stacks;

use stack_core::{FrameBuf, FrameSource, PixelType};
use stack_video::{Codec, Encoding};
use stacks::{Noise, decode, drifting_blob, encode, ffmpeg, full, gray, open};

const FRAMES: usize = 40;
const GOP: usize = 8;

/// The numbers 0 to 39 in an order that jumps.
fn shuffled() -> Vec<usize> {
    let mut noise = Noise(5);
    let mut order: Vec<usize> = (0..FRAMES).collect();
    order.sort_by_cached_key(|_| noise.next());
    order
}

/// Reads frames in a random order and compares; returns how many frames were decoded for each.
fn read_shuffled(encoding: Encoding, pixel: PixelType, frames: usize) -> f64 {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("stack.mkv");
    encode(&path, &drifting_blob(full(pixel), gray(24, 40), FRAMES), encoding, &[]).unwrap();
    let in_order = decode(&path).unwrap();
    let mut video = open(&path).unwrap();
    assert!(video.seeks(), "{encoding}");
    let mut frame = FrameBuf::U8(Vec::new());
    for index in shuffled().into_iter().take(frames) {
        video.read_frame(index, &mut frame).unwrap();
        assert!(frame == in_order.frames()[index], "{encoding}: frame {index}");
    }
    video.frames_decoded() as f64 / frames as f64
}

#[test]
fn frames_in_random_order_are_those_in_order_and_few_others_are_decoded() {
    let Some(ffmpeg) = ffmpeg() else { return };
    for codec in Codec::ALL {
        if ffmpeg.require_encoder(codec.encoder()).is_err() {
            println!("skipped: no {codec}");
            continue;
        }
        let gop = (codec.default_gop() > 1).then_some(GOP);
        // Every start of ffmpeg takes a while, and most codecs differ only in their encoders.
        let frames = if matches!(codec, Codec::Mp4 | Codec::Ffv1) { FRAMES } else { 6 };
        let decoded = read_shuffled(Encoding::new(codec, gop, 1).unwrap(), PixelType::U8, frames);
        // From the start each time it would be 20 frames a frame; from a key frame it is 4.5, and up to 15 where
        // going on is cheaper than starting anew.
        let most = if gop.is_some() { 7.0 } else { 5.0 };
        println!("{codec}: {decoded} frames decoded for each");
        assert!(decoded <= most, "{codec}: {decoded} frames decoded for each");
    }
}

#[test]
fn frames_that_are_stored_out_of_order_and_frames_in_two_tracks_are_found_too() {
    if ffmpeg().is_none() {
        return;
    }
    // Ten bits at this preset make frames that are predicted from later ones.
    let decoded =
        read_shuffled(Encoding::new(Codec::X264Slow, Some(GOP), 1).unwrap(), PixelType::U16, FRAMES);
    assert!(decoded <= 7.0, "{decoded} frames decoded for each");
    for codec in [Codec::Ffv1, Codec::X264Lossless] {
        let decoded = read_shuffled(Encoding::new(codec, Some(GOP), 2).unwrap(), PixelType::U16, 10);
        assert!(decoded <= 7.0, "{codec}: {decoded} frames decoded for each");
    }
}

#[test]
fn key_frames_come_at_the_distance_that_was_asked_for() {
    if ffmpeg().is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("stack.mkv");
    // Cuts, at which x264 would set key frames of its own.
    let stack = stacks::difficult(full(PixelType::U8), gray(24, 40));
    for codec in [Codec::Mp4, Codec::X264Fast, Codec::X264Lossless, Codec::Ffv1] {
        encode(&path, &stack, Encoding::new(codec, Some(4), 1).unwrap(), &[]).unwrap();
        let file = std::fs::File::open(&path).unwrap();
        let tracks = stack_video::matroska::key_frames(file, &path).unwrap();
        let keys: Vec<u64> = tracks[0].keys.iter().map(|key| key.frame).collect();
        assert_eq!((tracks.len(), tracks[0].frames, keys), (1, 6, vec![0, 4]), "{codec}");
    }
}
