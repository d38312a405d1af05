//! The bytes of version 1 stay as they are.

use stack_codec::remainder;
use stack_core::{ErrorBound, FrameBuf, FrameShape};

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// FNV-1a with 64 bits.
fn fingerprint(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, &byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

#[test]
fn a_small_lossless_chunk() {
    let shape = FrameShape::gray(2, 3).unwrap();
    let original = [FrameBuf::U8(vec![10, 11, 12, 250, 251, 252]), FrameBuf::U8(vec![9, 11, 13, 255, 0, 7])];
    let base = vec![FrameBuf::U8(vec![10, 10, 10, 255, 255, 255]); 2];
    let bytes = remainder::encode(shape, &original, &base, ErrorBound::Lossless).unwrap();
    assert_eq!(
        hexadecimal(&bytes),
        "0100030102000000000000000000000000000000000000000c0000000000000049060ba504a40f81f6d1a9ed"
    );
}

#[test]
fn a_small_bounded_chunk_with_nan() {
    let shape = FrameShape::gray(2, 3).unwrap();
    let original = [FrameBuf::F32(vec![1.0, 1.1, f32::NAN, 1.3, 1.4, f32::INFINITY])];
    let base = [FrameBuf::F32(vec![1.0; 6])];
    let bytes = remainder::encode(shape, &original, &base, ErrorBound::MaxAbs(0.05)).unwrap();
    assert_eq!(
        hexadecimal(&bytes),
        "01040401010000009a9999999999a93f020000000000000008000000000000004f6a93592ba87c9a7fc000007f800000"
    );
}

/// Noise that every other sample follows, so that weights are fitted; three channels; large residuals with raw bits.
#[test]
fn a_large_chunk() {
    let shape = FrameShape::new(40, 50, 3).unwrap();
    let mut state = 7_u32;
    let mut random = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 18) as u16
    };
    let mut frame = || {
        let mut samples: Vec<u16> = (0..6000).map(|_| random()).collect();
        for place in 0..6000 {
            if place >= 300 && place % 4 < 3 {
                samples[place] = samples[place - 147] / 2 + samples[place - 6] / 4 + samples[place] / 16;
            }
        }
        FrameBuf::U16(samples)
    };
    let original = [frame(), frame(), frame()];
    let base = vec![FrameBuf::U16(vec![8000; 6000]); 3];
    let bytes = remainder::encode(shape, &original, &base, ErrorBound::Lossless).unwrap();
    assert_eq!(bytes[2], 8, "weights are fitted");
    assert_eq!((bytes.len(), fingerprint(&bytes)), (29_994, 9_753_561_763_781_979_076));
}
