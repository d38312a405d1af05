//! The frames of a source as the rows of a matrix.

use std::borrow::Cow;

use stack_core::{Error, FrameBuf, FrameSource, Progress, Result};
use stack_transform::pca::{Missing, Rows, Visit};

/// Magnitude above which 32-bit samples count as infinite: the length of a frame of them must be a 32-bit number.
const LARGEST_F32: f32 = 1e30;

/// What can happen while components are looked for.
pub(super) enum Failure {
    /// The source, or the user who stops.
    Source(Error),
    /// The mathematics.
    Analysis(stack_transform::Error),
}

impl From<stack_transform::Error> for Failure {
    fn from(error: stack_transform::Error) -> Self {
        Self::Analysis(error)
    }
}

/// Finds the samples of a frame, if they are of the type.
pub(super) type Samples<T> = fn(&FrameBuf) -> Option<&[T]>;

/// Samples, of which some may be too large.
pub(super) trait RowSample: Copy + Default + Into<f64> + Send + Sync {
    /// The row with NaN in place of samples whose sums leave the range of the stored numbers.
    fn usable(row: &[Self]) -> Cow<'_, [Self]> {
        Cow::Borrowed(row)
    }
}

impl RowSample for u8 {}
impl RowSample for u16 {}
impl RowSample for i16 {}
impl RowSample for i32 {}
impl RowSample for f64 {}
impl RowSample for f32 {
    fn usable(row: &[Self]) -> Cow<'_, [Self]> {
        if row.iter().all(|sample| sample.abs() <= LARGEST_F32) {
            return Cow::Borrowed(row);
        }
        row.iter().map(|&sample| if sample.abs() <= LARGEST_F32 { sample } else { Self::NAN }).collect()
    }
}

/// Frames as rows of one sample type.
pub(super) struct FrameRows<'a, T> {
    pub(super) source: &'a mut dyn FrameSource,
    pub(super) progress: &'a dyn Progress,
    pub(super) samples: Samples<T>,
    pub(super) missing: Missing,
    pub(super) pass: usize,
}

impl<T: RowSample> Rows for FrameRows<'_, T> {
    type Sample = T;
    type Error = Failure;

    fn rows(&self) -> usize {
        self.source.header().frames
    }

    fn columns(&self) -> usize {
        self.source.header().shape.samples()
    }

    fn pass(&mut self, visit: Visit<'_, T, Failure>) -> Result<(), Failure> {
        let header = self.source.header().clone();
        self.pass += 1;
        let words = format!("finding components, pass {}", self.pass);
        self.progress.phase(&words, header.frames as u64);
        let mut frame = FrameBuf::for_header(&header);
        for index in 0..header.frames {
            self.progress.check().map_err(Failure::Source)?;
            self.source.read_frame(index, &mut frame).map_err(Failure::Source)?;
            // A frame of another type has no samples, and too few rows are an error.
            let row = (self.samples)(&frame).unwrap_or_default();
            match self.missing {
                Missing::Refused => visit(row)?,
                Missing::AsMean => visit(&T::usable(row))?,
            }
            self.progress.advance(1, header.frame_bytes() as u64);
        }
        Ok(())
    }
}
