//! A first look through a stack: which frames are equal, and from where to where its samples go.

use stack_core::measure::FrameErrors;
use stack_core::{Arrangement, FrameSource, Limits, Progress, Result, StoredOrder, for_each_frame};
use stack_grouping::duplicates::arranged;
use stack_grouping::{DistinctFrames, GreyScale, HashKeys, Side, Thumbnails, nearest_order};

use crate::envelope::FrameHashes;

/// What one pass over a stack tells.
pub(crate) struct Survey {
    /// Each distinct frame once, in the order of the stack.
    pub(crate) distinct: Arrangement,
    /// How samples become grey levels; `None` where nobody asked.
    pub(crate) scale: Option<GreyScale>,
}

impl Survey {
    /// The distinct frames, sorted by their hashes.
    pub(crate) fn by_hash(
        &self,
        source: &mut dyn FrameSource,
        progress: &dyn Progress,
    ) -> Result<Arrangement> {
        let mut stored = StoredOrder::new(source, &self.distinct)?;
        let scale = self.scale.unwrap_or_else(|| GreyScale::new(stored.header().format, None));
        arranged(&self.distinct, &HashKeys::of(&mut stored, &scale, progress)?.order())
    }

    /// The distinct frames in a chain of neighbours.
    pub(crate) fn by_neighbours(
        &self,
        source: &mut dyn FrameSource,
        limits: &Limits,
        progress: &dyn Progress,
    ) -> Result<Arrangement> {
        let mut stored = StoredOrder::new(source, &self.distinct)?;
        let side = Side::within(self.distinct.stored(), limits.memory_bytes / 4);
        let thumbnails = Thumbnails::of(&mut stored, side, progress)?;
        arranged(&self.distinct, &nearest_order(&thumbnails, progress)?)
    }

    /// Reads every frame once; `grey` says whether grey levels are wanted later, `all` that equal frames are each stored.
    pub(crate) fn of(
        source: &mut dyn FrameSource,
        grey: bool,
        all: bool,
        progress: &dyn Progress,
    ) -> Result<Self> {
        let header = source.header();
        let (frames, format) = (header.frames, header.format);
        let ranged = grey && GreyScale::needs_range(format);
        if (frames == 1 || all) && !ranged {
            let scale = grey.then(|| GreyScale::new(format, None));
            return Ok(Self { distinct: Arrangement::identity(frames)?, scale });
        }
        progress.phase("looking for equal frames", frames as u64);
        let mut distinct = DistinctFrames::default();
        let mut range: Option<(f64, f64)> = None;
        for_each_frame(source, progress, |_, frame| {
            let (_, new) = distinct.push(FrameHashes::hash(frame));
            if ranged && new {
                let found = FrameErrors::between(frame, frame)?;
                if found.minimum <= found.maximum {
                    let (low, high) = range.unwrap_or((found.minimum, found.maximum));
                    range = Some((low.min(found.minimum), high.max(found.maximum)));
                }
            }
            Ok(())
        })?;
        let scale = grey.then(|| GreyScale::new(format, range));
        let distinct = if all { Arrangement::identity(frames)? } else { distinct.into_arrangement()? };
        Ok(Self { distinct, scale })
    }
}
