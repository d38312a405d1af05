//! Which frames make a pile, and a stack sorted by piles.

use stack_core::{Arrangement, FrameSource, Result};
use stack_grouping::clusters::FACTOR;
use stack_grouping::{GreyScale, HashKeys, Side, Thumbnails, clusters, nearest_order};

use super::By;
use crate::Job;
use crate::survey::Survey;

/// The pile of each frame of `source`, numbered as they first appear.
pub(super) fn pile_of_each_frame(by: By, source: &mut dyn FrameSource, job: &Job<'_>) -> Result<Vec<u32>> {
    let header = source.header();
    let (frames, format) = (header.frames, header.format);
    match by {
        By::Hash => {
            let scale = if GreyScale::needs_range(format) {
                Survey::of(source, true, true, job.progress)?.scale
            } else {
                None
            };
            let scale = scale.unwrap_or_else(|| GreyScale::new(format, None));
            let piles = HashKeys::of(source, &scale, job.progress)?.piles();
            Ok(numbered(frames, piles.iter().map(Vec::as_slice)))
        }
        By::Nearest => {
            let side = Side::within(frames, job.limits.memory_bytes / 4);
            let thumbnails = Thumbnails::of(source, side, job.progress)?;
            let order = nearest_order(&thumbnails, job.progress)?;
            Ok(numbered(frames, clusters(&thumbnails, &order, FACTOR).into_iter()))
        }
    }
}

/// The number of the pile of each of `frames` frames, from the frames of each pile; numbers in order of appearance.
fn numbered<'a>(frames: usize, piles: impl Iterator<Item = &'a [u32]>) -> Vec<u32> {
    let mut found = vec![0; frames];
    let mut firsts: Vec<u32> = Vec::new();
    for (pile, members) in (0..).zip(piles) {
        members.iter().for_each(|&frame| found[frame as usize] = pile);
        firsts.push(members.iter().copied().min().unwrap_or(u32::MAX));
    }
    let mut by_appearance: Vec<usize> = (0..firsts.len()).collect();
    by_appearance.sort_by_key(|&pile| firsts[pile]);
    let mut numbers = vec![0; firsts.len()];
    for (number, pile) in (0..).zip(by_appearance) {
        numbers[pile] = number;
    }
    found.into_iter().map(|pile| numbers[pile as usize]).collect()
}

/// A stack sorted by piles.
pub(super) struct Sorted {
    /// The row of each frame: piles one after the other, and in each the frames in the order of the job.
    pub(super) rows: Arrangement,
    /// The pile of each frame.
    pub(super) piles: Arrangement,
    /// The pile of each row.
    pub(super) of_rows: Vec<u32>,
}

impl Sorted {
    /// Sorts the places of `arrangement`, whose piles are `of_places`.
    pub(super) fn new(arrangement: &Arrangement, of_places: &[u32]) -> Result<Self> {
        let mut order: Vec<u32> = (0..).take(of_places.len()).collect();
        order.sort_by_key(|&place| of_places[place as usize]);
        let mut row_of_place = vec![0; order.len()];
        for (row, &place) in (0..).zip(&order) {
            row_of_place[place as usize] = row;
        }
        Ok(Self {
            rows: Arrangement::new(arrangement.spread(&row_of_place).copied().collect())?,
            piles: Arrangement::new(arrangement.spread(of_places).copied().collect())?,
            of_rows: order.into_iter().map(|place| of_places[place as usize]).collect(),
        })
    }

    /// Whether `row` is the last one of its pile.
    pub(super) fn ends_pile(&self, row: usize) -> bool {
        self.of_rows.get(row + 1) != self.of_rows.get(row)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn piles_are_numbered_as_they_appear() {
        let piles: [&[u32]; 3] = [&[4, 2], &[3, 0], &[1]];
        assert_eq!(numbered(5, piles.into_iter()), [0, 1, 2, 0, 2]);
    }

    #[test]
    fn piles_lie_together_and_equal_frames_are_one_row() {
        // Frames 1 and 4 are equal; places 0 and 3 are a pile, and so are 1 and 2.
        let sorted = Sorted::new(&Arrangement::new(vec![0, 1, 2, 3, 1]).unwrap(), &[0, 1, 1, 0]).unwrap();
        assert_eq!(sorted.rows.places(), [0, 2, 3, 1, 2]);
        assert_eq!(sorted.piles.places(), [0, 1, 1, 0, 1]);
        assert_eq!(sorted.of_rows, [0, 0, 1, 1]);
        assert_eq!((0..4).map(|row| sorted.ends_pile(row)).collect::<Vec<_>>(), [false, true, false, true]);
    }
}
