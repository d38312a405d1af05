//! The part of a stack that is looked at: neighbouring frames, each channel a plane of its own.

use serde::Serialize;
use stack_core::{FrameBuf, FrameSource, Progress, Result, Sample, StackHeader};
use stack_predict::Ordered;

/// Frames that are wanted at least, for the predictors that look at two earlier ones.
const FRAMES_AT_LEAST: usize = 3;
/// Rows that are wanted at least, for blocks of 8 x 8.
const ROWS_AT_LEAST: usize = 8;

/// Which part of a stack it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(super) struct Extent {
    pub(super) first_frame: usize,
    pub(super) frames: usize,
    pub(super) top: usize,
    pub(super) left: usize,
    pub(super) height: usize,
    pub(super) width: usize,
    pub(super) channels: usize,
}

impl Extent {
    /// At most `most` samples: whole frames from the middle of the stack, or from its beginning where it cannot be read
    /// from elsewhere; where three frames are too many, the middle of three.
    pub(super) fn of(header: &StackHeader, most: u64, seeks: bool) -> Self {
        let (shape, most) = (header.shape, usize::try_from(most).unwrap_or(usize::MAX));
        let frames = (most / shape.samples()).max(FRAMES_AT_LEAST).min(header.frames);
        let pixels = (most / (frames * shape.channels())).max(1);
        let height = (pixels / shape.width()).max(ROWS_AT_LEAST.min(pixels)).min(shape.height());
        let width = (pixels / height).min(shape.width());
        Self {
            first_frame: if seeks { (header.frames - frames) / 2 } else { 0 },
            frames,
            top: (shape.height() - height) / 2,
            left: (shape.width() - width) / 2,
            height,
            width,
            channels: shape.channels(),
        }
    }

    /// Samples of one channel of one frame.
    pub(super) fn plane(&self) -> usize {
        self.height * self.width
    }

    /// All samples.
    pub(super) fn samples(&self) -> u64 {
        (self.plane() * self.channels * self.frames) as u64
    }
}

/// A sample type that frames are made of and that has predictors.
pub(super) trait Stored: Sample + Ordered {
    /// The samples of a frame, if they are of this type.
    fn of(frame: &FrameBuf) -> Option<&[Self]>;
}

macro_rules! stored {
    ($($type:ty => $variant:ident),*) => {$(
        impl Stored for $type {
            fn of(frame: &FrameBuf) -> Option<&[Self]> {
                match frame {
                    FrameBuf::$variant(samples) => Some(samples),
                    _ => None,
                }
            }
        }
    )*};
}
stored!(u8 => U8, u16 => U16, i16 => I16, i32 => I32, f32 => F32, f64 => F64);

/// Samples by channel, then by frame.
pub(super) struct Excerpt<S> {
    pub(super) extent: Extent,
    /// `channels[c][t]` is a plane, row by row.
    pub(super) channels: Vec<Vec<Vec<S>>>,
}

impl<S: Stored> Excerpt<S> {
    pub(super) fn read(
        source: &mut dyn FrameSource,
        extent: Extent,
        progress: &dyn Progress,
    ) -> Result<Self> {
        let header = source.header().clone();
        let mut frame = FrameBuf::for_header(&header);
        let mut channels = vec![Vec::with_capacity(extent.frames); extent.channels];
        let row_samples = header.shape.width() * extent.channels;
        for index in extent.first_frame..extent.first_frame + extent.frames {
            progress.check()?;
            source.read_frame(index, &mut frame)?;
            let samples = S::of(&frame).expect("a source gives frames of the type that its header names");
            for (channel, planes) in channels.iter_mut().enumerate() {
                let rows = samples.chunks_exact(row_samples).skip(extent.top).take(extent.height);
                let pixels = rows
                    .flat_map(|row| row.chunks_exact(extent.channels).skip(extent.left).take(extent.width));
                planes.push(pixels.map(|pixel| pixel[channel]).collect());
            }
            progress.advance(1, header.frame_bytes() as u64);
        }
        Ok(Self { extent, channels })
    }
}

#[cfg(test)]
mod tests {
    use stack_core::{FrameShape, PixelType, SampleFormat};

    use super::*;

    fn extent(frames: usize, height: usize, width: usize, channels: usize, most: u64) -> Extent {
        let shape = FrameShape::new(height, width, channels).unwrap();
        let header = StackHeader::new(frames, shape, SampleFormat::full(PixelType::U8)).unwrap();
        let extent = Extent::of(&header, most, true);
        assert!(extent.samples() <= most, "{extent:?}");
        assert!(extent.first_frame + extent.frames <= frames);
        assert!(extent.top + extent.height <= height && extent.left + extent.width <= width);
        extent
    }

    #[test]
    fn what_fits_is_taken_whole() {
        let whole = extent(5, 10, 20, 3, 3000);
        assert_eq!((whole.frames, whole.height, whole.width), (5, 10, 20));
        let middle = extent(100, 10, 20, 1, 1000);
        assert_eq!((middle.first_frame, middle.frames, middle.height, middle.width), (47, 5, 10, 20));
    }

    #[test]
    fn large_frames_are_cut() {
        let band = extent(10, 1000, 1000, 1, 300_000);
        assert_eq!((band.frames, band.height, band.width, band.top, band.left), (3, 100, 1000, 450, 0));
        let narrow = extent(10, 1000, 1000, 1, 3_000);
        assert_eq!((narrow.frames, narrow.height, narrow.width), (3, 8, 125));
        assert_eq!(extent(1, 1, 1_000_000, 4, 100).width, 25);
        assert_eq!(extent(1, 1_000_000, 1, 4, 100).height, 25);
        assert_eq!(extent(1, 1, 1, 1, 100).samples(), 1);
        extent(3, 7, 9, 4, 100);
    }
}
