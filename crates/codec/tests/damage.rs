//! Cut and changed chunks: errors or other samples, never a panic.

use stack_codec::{Error, remainder};
use stack_core::{ErrorBound, FrameBuf, FrameShape};

/// Chunks of each kind: shape, bytes, base.
fn chunks() -> Vec<(FrameShape, Vec<u8>, Vec<FrameBuf>)> {
    let mut state = 1_u32;
    let mut random = move || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state >> 28
    };
    let mut chunk = |shape: FrameShape, frame: &dyn Fn(usize, u32) -> f64, zero: FrameBuf, bound| {
        let frames: Vec<FrameBuf> = (0..3)
            .map(|n| {
                let values = (0..shape.samples()).map(|place| frame(n * 1000 + place, random()));
                match zero {
                    FrameBuf::U8(_) => FrameBuf::U8(values.map(|x| x as u8).collect()),
                    FrameBuf::F32(_) => FrameBuf::F32(values.map(|x| x as f32).collect()),
                    _ => FrameBuf::F64(values.collect()),
                }
            })
            .collect();
        let base = vec![zero; 3];
        let bytes = remainder::encode(shape, &frames, &base, bound).unwrap();
        (shape, bytes, base)
    };
    let rgb = FrameShape::new(5, 6, 3).unwrap();
    let gray = FrameShape::gray(6, 7).unwrap();
    let ramp = |place: usize, noise: u32| (place % 200) as f64 + f64::from(noise);
    let holes = |place: usize, noise: u32| if place % 7 < 2 { f64::NAN } else { f64::from(noise) * 0.37 };
    vec![
        chunk(rgb, &ramp, FrameBuf::U8(vec![90; 90]), ErrorBound::Lossless),
        chunk(rgb, &ramp, FrameBuf::U8(vec![90; 90]), ErrorBound::MaxAbs(2.0)),
        chunk(gray, &holes, FrameBuf::F32(vec![1.5; 42]), ErrorBound::Lossless),
        chunk(gray, &holes, FrameBuf::F32(vec![1.5; 42]), ErrorBound::MaxAbs(0.01)),
        chunk(gray, &ramp, FrameBuf::F64(vec![-2.5; 42]), ErrorBound::Lossless),
        chunk(gray, &holes, FrameBuf::F64(vec![-2.5; 42]), ErrorBound::MaxAbs(1e-3)),
    ]
}

#[test]
fn every_cut_is_noticed() {
    for (shape, bytes, base) in chunks() {
        remainder::decode(&bytes, shape, &mut base.clone()).unwrap();
        for length in 0..bytes.len() {
            let cut = remainder::decode(&bytes[..length], shape, &mut base.clone());
            assert!(cut.is_err(), "{length} of {} bytes", bytes.len());
        }
        let longer = [bytes, vec![0]].concat();
        assert!(matches!(remainder::decode(&longer, shape, &mut base.clone()), Err(Error::Code(_))));
    }
}

#[test]
fn no_changed_bit_is_a_panic() {
    for (shape, bytes, base) in chunks() {
        let mut original = base.clone();
        remainder::decode(&bytes, shape, &mut original).unwrap();
        for bit in 0..bytes.len() * 8 {
            let mut changed = bytes.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            let mut frames = base.clone();
            let outcome = remainder::decode(&changed, shape, &mut frames);
            // Another predictor, bound or weight gives other samples; all other fields can have one value only.
            let other_samples = matches!(bit / 8, 2 | 8..16 | 32..);
            assert!(outcome.is_err() || other_samples, "bit {bit}");
        }
    }
}

#[test]
fn another_stack_is_refused() {
    for (shape, bytes, base) in chunks() {
        let fewer = remainder::decode(&bytes, shape, &mut base[1..].to_vec());
        assert!(matches!(fewer, Err(Error::Field { field: "frames", .. })), "{fewer:?}");
        let mut other = vec![FrameBuf::I16(vec![0; shape.samples()]); 3];
        let other = remainder::decode(&bytes, shape, &mut other);
        assert!(matches!(other, Err(Error::Field { field: "sample type", .. })), "{other:?}");
        let gray = FrameShape::new(shape.samples() / 2, 1, 2).unwrap();
        let channels = remainder::decode(&bytes, gray, &mut base.clone());
        assert!(matches!(channels, Err(Error::Field { field: "channels", .. })), "{channels:?}");
        assert!(remainder::decode(&bytes, shape, &mut []).is_err());
    }
}
