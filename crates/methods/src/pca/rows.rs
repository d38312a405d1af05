//! The frames of a source as the rows of a matrix.

use stack_core::{Error, FrameBuf, FrameSource, Progress, Result};
use stack_transform::pca::Rows;

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

/// Frames as rows of one sample type.
pub(super) struct FrameRows<'a, T> {
    pub(super) source: &'a mut dyn FrameSource,
    pub(super) progress: &'a dyn Progress,
    pub(super) samples: Samples<T>,
    pub(super) pass: usize,
}

impl<T: Copy + Default + Into<f64> + Send + Sync> Rows for FrameRows<'_, T> {
    type Sample = T;
    type Error = Failure;

    fn rows(&self) -> usize {
        self.source.header().frames
    }

    fn columns(&self) -> usize {
        self.source.header().shape.samples()
    }

    fn pass(&mut self, visit: &mut dyn FnMut(&[T]) -> Result<(), Failure>) -> Result<(), Failure> {
        let header = self.source.header().clone();
        self.pass += 1;
        let words = format!("finding components, pass {}", self.pass);
        self.progress.phase(&words, header.frames as u64);
        let mut frame = FrameBuf::for_header(&header);
        for index in 0..header.frames {
            self.progress.check().map_err(Failure::Source)?;
            self.source.read_frame(index, &mut frame).map_err(Failure::Source)?;
            // A frame of another type has no samples, and too few rows are an error.
            visit((self.samples)(&frame).unwrap_or_default())?;
            self.progress.advance(1, header.frame_bytes() as u64);
        }
        Ok(())
    }
}
