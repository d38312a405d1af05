//! The order of samples in FFmpeg's raw frames, where it is not ours: planes of one channel, planes of one byte.

use stack_core::FrameBuf;

/// Which channel of ours lies in which of FFmpeg's planes: green, blue, red, alpha.
const PLANES: [usize; 4] = [1, 2, 0, 3];

/// Appends the high bytes of a `u16` frame and then its low bytes; nothing for a frame of another type.
pub(crate) fn split_bytes(frame: &FrameBuf, into: &mut Vec<u8>) {
    if let FrameBuf::U16(samples) = frame {
        into.extend(samples.iter().map(|sample| (sample >> 8) as u8));
        into.extend(samples.iter().map(|sample| *sample as u8));
    }
}

/// Puts a `u16` frame together from as many high and low bytes as it has samples.
pub(crate) fn join_bytes(high: &[u8], low: &[u8], frame: &mut FrameBuf) {
    if let FrameBuf::U16(samples) = frame {
        for ((sample, high), low) in samples.iter_mut().zip(high).zip(low) {
            *sample = u16::from_be_bytes([*high, *low]);
        }
    }
}

/// Appends the samples of a `u16` frame of `channels` (3 or 4), one plane after the other, as little-endian bytes.
pub(crate) fn to_planes(frame: &FrameBuf, channels: usize, into: &mut Vec<u8>) {
    if let FrameBuf::U16(samples) = frame {
        for channel in &PLANES[..channels] {
            let plane = samples.iter().skip(*channel).step_by(channels);
            into.extend(plane.flat_map(|sample| sample.to_le_bytes()));
        }
    }
}

/// The inverse of [`to_planes`].
pub(crate) fn from_planes(bytes: &[u8], channels: usize, frame: &mut FrameBuf) {
    if let FrameBuf::U16(samples) = frame {
        let mut words = bytes.chunks_exact(2);
        for channel in &PLANES[..channels] {
            let plane = samples.iter_mut().skip(*channel).step_by(channels);
            for (sample, word) in plane.zip(&mut words) {
                *sample = u16::from_le_bytes([word[0], word[1]]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_split_and_joined() {
        let frame = FrameBuf::U16(vec![0x0102, 0xff00, 0x00fe]);
        let mut bytes = Vec::new();
        split_bytes(&frame, &mut bytes);
        assert_eq!(bytes, [1, 0xff, 0, 2, 0, 0xfe]);
        let mut back = FrameBuf::U16(vec![0; 3]);
        join_bytes(&bytes[..3], &bytes[3..], &mut back);
        assert_eq!(back, frame);
    }

    #[test]
    fn planes_are_green_blue_red_alpha() {
        let frame = FrameBuf::U16(vec![1, 2, 3, 4, 5, 6, 7, 0x0108]);
        let mut bytes = Vec::new();
        to_planes(&frame, 4, &mut bytes);
        assert_eq!(bytes, [2, 0, 6, 0, 3, 0, 7, 0, 1, 0, 5, 0, 4, 0, 8, 1]);
        let mut back = FrameBuf::U16(vec![0; 8]);
        from_planes(&bytes, 4, &mut back);
        assert_eq!(back, frame);
        let (rgb, mut back) = (FrameBuf::U16(vec![1, 2, 3, 4, 5, 6]), FrameBuf::U16(vec![0; 6]));
        bytes.clear();
        to_planes(&rgb, 3, &mut bytes);
        from_planes(&bytes, 3, &mut back);
        assert_eq!(back, rgb);
    }
}
