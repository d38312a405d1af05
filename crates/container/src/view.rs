//! Which elements of a dataset make the frames of a stack.
//!
//! What an index leaves of the axes are, from the first: rows and columns (of one frame); frames, rows and columns;
//! or frames, rows, columns and channels.

use stack_core::{FrameShape, PixelType, Result, SampleFormat, StackHeader};

use crate::geometry::Geometry;
use crate::index::AxisPart;
use crate::library::{Hyperslab, Steps};

/// The part of each axis of a dataset, and which axis counts the frames.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct View {
    parts: Vec<AxisPart>,
    frame_axis: Option<usize>,
    /// Frames, rows, columns, channels.
    lengths: [usize; 4],
}

impl View {
    /// The view of these parts; `None` where they leave fewer than two axes, more than four, or too many channels.
    pub(crate) fn new(parts: Vec<AxisPart>) -> Option<Self> {
        let kept: Vec<usize> = (0..parts.len()).filter(|&axis| parts[axis].kept).collect();
        let count = |axis: usize| parts[axis].steps.count;
        let (frame_axis, lengths) = match *kept {
            [row, column] => (None, [1, count(row), count(column), 1]),
            [frame, row, column] => (Some(frame), [count(frame), count(row), count(column), 1]),
            [frame, row, column, channel] if count(channel) <= FrameShape::MAX_CHANNELS => {
                (Some(frame), [count(frame), count(row), count(column), count(channel)])
            }
            _ => return None,
        };
        Some(Self { parts, frame_axis, lengths })
    }

    /// All of a dataset with these axes.
    pub(crate) fn whole(geometry: &Geometry) -> Self {
        let dims = geometry.present(geometry.lengths());
        let parts = dims.iter().map(|&length| AxisPart { steps: Steps::all(length), kept: true }).collect();
        let frame_axis = geometry.present([true, false, false, false]).iter().position(|&frames| frames);
        Self { parts, frame_axis, lengths: geometry.lengths() }
    }

    /// The header of the frames.
    pub(crate) fn header(&self, pixel: PixelType) -> Result<StackHeader> {
        let [frames, height, width, channels] = self.lengths;
        let shape = FrameShape::new(height, width, channels)?;
        StackHeader::new(frames, shape, SampleFormat::full(pixel))
    }

    /// Frame `frame` as a box of the dataset.
    pub(crate) fn frame(&self, frame: usize) -> Hyperslab {
        let mut axes: Vec<Steps> = self.parts.iter().map(|part| part.steps).collect();
        if let Some(axis) = self.frame_axis {
            axes[axis] = Steps::one(self.position(frame));
        }
        Hyperslab { axes }
    }

    /// Where frame `frame` is on the axis of frames.
    pub(crate) fn position(&self, frame: usize) -> usize {
        match self.frame_axis {
            Some(axis) => {
                let Steps { start, step, .. } = self.parts[axis].steps;
                start + frame * step
            }
            None => frame,
        }
    }

    /// The axes of the dataset as they lie there, if the view has whole frames of it.
    pub(crate) fn geometry(&self, dims: &[usize]) -> Option<Geometry> {
        let whole = self.parts.iter().zip(dims).enumerate().all(|(axis, (part, &length))| {
            part.kept && (Some(axis) == self.frame_axis || part.steps == Steps::all(length))
        });
        if whole { Geometry::of_dims(dims) } else { None }
    }
}
