//! Chunks of the codec.

use stack_codec::remainder;
use stack_core::{ErrorBound, FrameBuf, FrameShape, PixelType};

/// What stands before a chunk in an input: sample type, height, width, channels, frames.
const HEAD: usize = 5;

/// Frames of the base; any samples will do.
fn base(pixel: PixelType, shape: FrameShape, frames: usize) -> Vec<FrameBuf> {
    let frame = |n: usize| {
        let mut frame = FrameBuf::zeros(pixel, shape.samples());
        frame
            .fill_le_bytes(|bytes| {
                bytes.iter_mut().enumerate().for_each(|(place, byte)| *byte = (place * 37 + n * 5) as u8);
                Ok::<(), std::convert::Infallible>(())
            })
            .unwrap_or_else(|never| match never {});
        frame
    };
    (0..frames).map(frame).collect()
}

/// Chunks of every sample type, lossless and within a bound, after what they hold.
pub fn remainder_seeds() -> Vec<Vec<u8>> {
    let mut seeds = Vec::new();
    for (index, &pixel) in PixelType::ALL.iter().enumerate() {
        for (bound, sizes) in [(ErrorBound::Lossless, [5, 6, 1, 3]), (ErrorBound::MaxAbs(2.0), [3, 4, 3, 2])]
        {
            let [height, width, channels, frames] = sizes;
            let shape = FrameShape::new(height, width, channels).expect("a small shape");
            let base = base(pixel, shape, frames);
            // The frames the other way round: far from the base, near to each other.
            let original: Vec<FrameBuf> = base.iter().rev().cloned().collect();
            let chunk = remainder::encode(shape, &original, &base, bound).expect("the frames fit together");
            let head = [index, height, width, channels, frames].map(|size| size as u8);
            seeds.push([head.as_slice(), &chunk].concat());
        }
    }
    seeds
}

/// Frames that a chunk decodes to come back from a chunk of our own.
pub fn remainder(bytes: &[u8]) -> bool {
    let Some((head, chunk)) = bytes.split_first_chunk::<HEAD>() else { return false };
    let [kind, height, width, channels, frames] = head.map(usize::from);
    let pixel = PixelType::ALL[kind % PixelType::ALL.len()];
    let Ok(shape) = FrameShape::new(height % 32, width % 32, channels) else { return false };
    let base = base(pixel, shape, frames % 5);
    let mut decoded = base.clone();
    if remainder::decode(chunk, shape, &mut decoded).is_err() {
        return false;
    }
    let again = remainder::encode(shape, &decoded, &base, ErrorBound::Lossless).expect("frames of one shape");
    let mut back = base;
    remainder::decode(&again, shape, &mut back).expect("our own chunk");
    for (decoded, back) in decoded.iter().zip(&back) {
        assert_eq!(decoded.le_bytes(), back.le_bytes());
    }
    true
}
