//! Which stored rows make a stack in its own order: the mappings of an HDF5 virtual dataset.
//!
//! A virtual dataset holds no samples; each of its mappings says which frames of it are which rows of another dataset.
//! Both are counted upwards, so one mapping serves rows that rise with the frames, each row once:
//!
//! ```text
//! frame       0  1  2  3  4  5
//! row         2  3  0  1  3  4
//! mapping A   2  3                 one block: frames 0 and 1
//! mapping B         0  1  3  4     two blocks: frames 2 and 3, frames 4 and 5
//! ```
//!
//! A row goes to the mapping whose last row lies nearest below it, and opens a new one where there is none (patience
//! sorting): a random order of N frames needs about 2 sqrt(N) mappings, a reversed one N.
//!
//! A virtual dataset is a convenience: one frame is read in a millisecond or two, but reading it at one go walks over the
//! rows once for each mapping. 4,000 frames of 64 KiB in random order, 119 mappings, took h5py 18 s; as
//! `rows[...][index[...]]` each chunk is decoded once.

use std::collections::BTreeSet;

use stack_core::StackHeader;

/// Most mappings that are written. A virtual dataset of so many is opened in milliseconds; reading all of 8,000
/// mappings at once was measured to take 0.2 GB of memory in other programs.
const MAX_MAPPINGS: usize = 4096;

/// A virtual dataset may take one part in so many of the bytes of the samples,
const SHARE: u64 = 1024;
/// or so many bytes, which are few beside the structure of any file.
const FREE_BYTES: u64 = 4096;

/// Frames in a row that are rows in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Block {
    pub(crate) frame: usize,
    pub(crate) row: usize,
    pub(crate) count: usize,
}

/// Blocks that rise in frames and in rows, of one dataset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mapping {
    /// Path of the dataset in the same file.
    pub(crate) dataset: String,
    /// Rows that it has.
    pub(crate) rows: usize,
    pub(crate) blocks: Vec<Block>,
}

/// The mappings for frames of which some are rows of `dataset`: pairs of frame and row, rising in frames.
pub(crate) fn mappings(
    dataset: &str,
    rows: usize,
    pairs: impl IntoIterator<Item = (usize, usize)>,
) -> Vec<Mapping> {
    let mut found: Vec<Mapping> = Vec::new();
    // The row behind the last one of each mapping, and the mapping.
    let mut ends: BTreeSet<(usize, usize)> = BTreeSet::new();
    for block in blocks(pairs) {
        let end = block.row + block.count;
        match ends.range(..=(block.row, usize::MAX)).next_back().copied() {
            Some(entry) => {
                ends.remove(&entry);
                ends.insert((end, entry.1));
                found[entry.1].blocks.push(block);
            }
            None => {
                ends.insert((end, found.len()));
                found.push(Mapping { dataset: dataset.to_owned(), rows, blocks: vec![block] });
            }
        }
    }
    found
}

/// Joins pairs that follow each other in frames and in rows.
fn blocks(pairs: impl IntoIterator<Item = (usize, usize)>) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    for (frame, row) in pairs {
        match blocks.last_mut() {
            Some(last) if last.frame + last.count == frame && last.row + last.count == row => last.count += 1,
            _ => blocks.push(Block { frame, row, count: 1 }),
        }
    }
    blocks
}

/// Whether a virtual dataset of these mappings is small and quick enough to be written for a stack.
pub(crate) fn is_worth_its_bytes(mappings: &[Mapping], header: &StackHeader) -> bool {
    let rank = if header.shape.channels() > 1 { 4 } else { 3 };
    mappings.len() <= MAX_MAPPINGS
        && stored_bytes(mappings, rank) <= FREE_BYTES.max(header.raw_bytes() / SHARE)
}

/// Bytes that the mappings take in the file: two selections each, of two corners a block, in 32-bit numbers.
fn stored_bytes(mappings: &[Mapping], rank: u64) -> u64 {
    const SELECTION: u64 = 24;
    const CORNERS: u64 = 2 * 4;
    let of_mapping = |mapping: &Mapping| {
        let names = (mapping.dataset.len() + 1 + 2) as u64;
        names + 2 * (SELECTION + CORNERS * rank * mapping.blocks.len() as u64)
    };
    mappings.iter().map(of_mapping).sum()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use stack_core::{FrameShape, PixelType, SampleFormat};

    use super::*;

    fn of(places: &[usize]) -> Vec<Mapping> {
        let rows = places.iter().max().map_or(0, |last| last + 1);
        mappings("/frames", rows, places.iter().copied().enumerate())
    }

    #[test]
    fn the_drawing_is_true() {
        let block = |frame, row, count| Block { frame, row, count };
        let found: Vec<_> = of(&[2, 3, 0, 1, 3, 4]).into_iter().map(|mapping| mapping.blocks).collect();
        assert_eq!(found, [vec![block(0, 2, 2)], vec![block(2, 0, 2), block(4, 3, 2)]]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn every_frame_has_its_row_once(places in prop::collection::vec(0usize..40, 1..80)) {
            let mut rows = vec![None; places.len()];
            for mapping in of(&places) {
                let mut before = (0, 0);
                for Block { frame, row, count } in mapping.blocks {
                    prop_assert!(frame >= before.0 && row >= before.1);
                    before = (frame + count, row + count);
                    for step in 0..count {
                        prop_assert_eq!(rows[frame + step].replace(row + step), None);
                    }
                }
            }
            let found: Vec<usize> = rows.into_iter().map(|row| row.unwrap()).collect();
            prop_assert_eq!(found, places);
        }
    }

    #[test]
    fn what_is_large_beside_the_samples_is_not_written() {
        let header = |frames, side| {
            let shape = FrameShape::gray(side, side).unwrap();
            StackHeader::new(frames, shape, SampleFormat::full(PixelType::U8)).unwrap()
        };
        let reversed: Vec<usize> = (0..100).rev().collect();
        assert!(is_worth_its_bytes(&of(&reversed), &header(100, 400)));
        assert!(!is_worth_its_bytes(&of(&reversed), &header(100, 300)));
        assert!(is_worth_its_bytes(&of(&[1, 0]), &header(2, 1)));
        let reversed: Vec<usize> = (0..5000).rev().collect();
        assert!(!is_worth_its_bytes(&of(&reversed), &header(5000, 10_000)));
    }
}
