//! Reads frames that are parts of a chunked dataset of any rank: only the chunks that a frame touches.
//!
//! ```text
//! axis      |--chunk 0--|--chunk 1--|--chunk 2--|
//! steps         x   x   x   x   x   x                start, step, count
//! cuts          [ 0..2 ][   2..5   ][ 5 ]            one for each chunk that is touched
//! ```
//!
//! A frame is put together from one cut of each axis at a time. Chunks are read by this thread and decoded in the pool,
//! as many at once as memory allows; they stay at hand for the next frame where they all fit.

use std::collections::HashMap;
use std::path::PathBuf;

use rayon::prelude::*;
use stack_core::Result;

use crate::failure;
use crate::filters::FilterError;
use crate::library::{FilteredDataset, Hyperslab, Steps, StoredChunk};
use crate::pipeline::Decoder;
use crate::tasks::in_flight;
use crate::view::View;

/// A dataset all of whose chunks can be decoded here.
#[derive(Debug)]
pub(crate) struct RegionSource {
    /// The file, for errors.
    pub(crate) path: PathBuf,
    /// The dataset's path in it, for errors.
    pub(crate) field: String,
    pub(crate) dataset: FilteredDataset,
    pub(crate) decoder: Decoder,
    /// The bytes of an element that the file does not hold; `None` where every chunk must be there.
    pub(crate) fill: Option<Vec<u8>>,
    /// Bytes of an element.
    pub(crate) word: usize,
    /// Lengths of a chunk.
    pub(crate) chunk: Vec<usize>,
}

/// What of one axis lies in one chunk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Cut {
    /// Number of the chunk along this axis.
    chunk: usize,
    /// The elements, counted from the chunk's first.
    within: Steps,
    /// Where the first of them goes.
    to: usize,
}

/// Reads the frames of a [`View`].
#[derive(Debug)]
pub(crate) struct RegionReader {
    source: RegionSource,
    view: View,
    memory_bytes: u64,
    /// Chunks of the last frame by their place in the grid, decoded.
    kept: HashMap<Vec<usize>, Option<Vec<u8>>>,
}

impl RegionReader {
    pub(crate) fn new(source: RegionSource, view: View, memory_bytes: u64) -> Self {
        Self { source, view, memory_bytes, kept: HashMap::new() }
    }

    /// Chunks that one frame touches.
    pub(crate) fn chunks_per_frame(&self) -> usize {
        let Hyperslab { axes } = self.view.frame(0);
        let counts = axes.iter().zip(&self.source.chunk).map(|(steps, &length)| cuts(*steps, length).len());
        counts.fold(1, usize::saturating_mul)
    }

    /// Copies frame `frame`, which exists, into `into`, which has the size of a frame.
    pub(crate) fn read_frame(&mut self, frame: usize, into: &mut [u8]) -> Result<()> {
        let Hyperslab { axes } = self.view.frame(frame);
        let counts: Vec<usize> = axes.iter().map(|steps| steps.count).collect();
        let cuts: Vec<Vec<Cut>> =
            axes.iter().zip(&self.source.chunk).map(|(steps, &length)| cuts(*steps, length)).collect();
        let pieces = combinations(&cuts);
        let chunk_bytes = self.source.chunk.iter().product::<usize>() * self.source.word;
        let keep = chunk_bytes as u128 * pieces.len() as u128 * 3 <= u128::from(self.memory_bytes);
        let mut before = std::mem::take(&mut self.kept);
        for batch in pieces.chunks(in_flight(chunk_bytes, self.memory_bytes)) {
            let missing: Vec<Vec<usize>> =
                batch.iter().map(|piece| place(piece)).filter(|place| !before.contains_key(place)).collect();
            let decoded = self.decode(frame, missing.clone(), chunk_bytes)?;
            before.extend(missing.into_iter().zip(decoded));
            for piece in batch {
                let Some((place, chunk)) = before.remove_entry(&place(piece)) else { continue };
                self.copy(frame, piece, chunk.as_deref(), &counts, into)?;
                if keep {
                    self.kept.insert(place, chunk);
                }
            }
        }
        Ok(())
    }

    /// Reads and decodes the chunks at these places of the grid; `None` where the file has none.
    fn decode(
        &self,
        frame: usize,
        places: Vec<Vec<usize>>,
        raw_bytes: usize,
    ) -> Result<Vec<Option<Vec<u8>>>> {
        let RegionSource { path, field, dataset, decoder, chunk, .. } = &self.source;
        let limit = Decoder::max_stored_bytes(raw_bytes);
        let stored = places
            .into_iter()
            .map(|place| {
                let offset: Vec<u64> =
                    place.iter().zip(chunk).map(|(n, length)| (n * length) as u64).collect();
                dataset
                    .read_chunk(&offset, limit)
                    .map_err(failure::reading(path, format!("{field}, chunk at {offset:?}")))
            })
            .collect::<Result<Vec<Option<StoredChunk>>>>()?;
        let decode = |chunk: Option<StoredChunk>| {
            chunk.map(|chunk| decoder.decode(chunk.bytes, chunk.filter_mask, raw_bytes)).transpose()
        };
        let decoded: Result<_, FilterError> = stored.into_par_iter().map(decode).collect();
        decoded.map_err(|error| failure::damaged(path, format!("{field}, frame {frame}"), error.to_string()))
    }

    /// Copies what `piece`, a cut of each axis, has of a chunk.
    fn copy(
        &self,
        frame: usize,
        piece: &[Cut],
        chunk: Option<&[u8]>,
        counts: &[usize],
        into: &mut [u8],
    ) -> Result<()> {
        let RegionSource { path, field, fill, word, chunk: lengths, .. } = &self.source;
        match (chunk, fill) {
            (Some(chunk), _) => for_each_run(piece, lengths, counts, |from, step, to, count| {
                if step == 1 {
                    into[to * word..][..count * word].copy_from_slice(&chunk[from * word..][..count * word]);
                    return;
                }
                for n in 0..count {
                    let element = &chunk[(from + n * step) * word..][..*word];
                    into[(to + n) * word..][..*word].copy_from_slice(element);
                }
            }),
            (None, Some(fill)) => for_each_run(piece, lengths, counts, |_, _, to, count| {
                into[to * word..][..count * word]
                    .chunks_exact_mut(*word)
                    .for_each(|element| element.copy_from_slice(fill));
            }),
            (None, None) => {
                let field = format!("{field}, frame {frame}");
                return Err(failure::damaged(path, field, "a chunk of it is not in the file"));
            }
        }
        Ok(())
    }
}

/// The steps along an axis, cut where one chunk ends and the next one begins.
fn cuts(steps: Steps, length: usize) -> Vec<Cut> {
    let Steps { start, step, count } = steps;
    let mut cuts = Vec::new();
    let mut done = 0;
    while done < count {
        let first = start + done * step;
        let chunk = first / length;
        let fitting = ((chunk + 1) * length - 1 - first) / step + 1;
        let here = fitting.min(count - done);
        let within = Steps { start: first % length, step, count: here };
        cuts.push(Cut { chunk, within, to: done });
        done += here;
    }
    cuts
}

/// One cut of each axis, in every combination, the last axis fastest.
fn combinations(cuts: &[Vec<Cut>]) -> Vec<Vec<Cut>> {
    cuts.iter().fold(vec![Vec::new()], |pieces, axis| {
        pieces
            .iter()
            .flat_map(|piece| {
                axis.iter().map(move |&cut| {
                    let mut longer = piece.clone();
                    longer.push(cut);
                    longer
                })
            })
            .collect()
    })
}

/// The place of a piece's chunk in the grid.
fn place(piece: &[Cut]) -> Vec<usize> {
    piece.iter().map(|cut| cut.chunk).collect()
}

/// Calls `run` with place in the chunk, step there, place in the result and count, in elements, for each row of the
/// last axis.
fn for_each_run(
    piece: &[Cut],
    lengths: &[usize],
    counts: &[usize],
    mut run: impl FnMut(usize, usize, usize, usize),
) {
    let Some((last, outer)) = piece.split_last() else { return };
    let rows: usize = outer.iter().map(|cut| cut.within.count).product();
    let mut at = vec![0; outer.len()];
    for _ in 0..rows {
        let (mut from, mut to) = (0, 0);
        for (axis, cut) in outer.iter().enumerate() {
            from = from * lengths[axis] + cut.within.start + at[axis] * cut.within.step;
            to = to * counts[axis] + cut.to + at[axis];
        }
        let axis = outer.len();
        from = from * lengths[axis] + last.within.start;
        to = to * counts[axis] + last.to;
        run(from, last.within.step, to, last.within.count);
        for axis in (0..outer.len()).rev() {
            at[axis] += 1;
            if at[axis] < outer[axis].within.count {
                break;
            }
            at[axis] = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// By the definition: element `i` of the result is element `start + i * step`, found in its chunk.
        #[test]
        fn cuts_take_every_step_once(start in 0usize..20, step in 1usize..9, count in 1usize..20, length in 1usize..9) {
            let mut found = Vec::new();
            for cut in cuts(Steps { start, step, count }, length) {
                prop_assert_eq!(cut.to, found.len());
                for n in 0..cut.within.count {
                    let within = cut.within.start + n * cut.within.step;
                    prop_assert!(within < length);
                    found.push(cut.chunk * length + within);
                }
            }
            prop_assert_eq!(found, (0..count).map(|n| start + n * step).collect::<Vec<_>>());
        }

        #[test]
        fn pieces_cover_the_result_once(axes in prop::collection::vec((0usize..4, 1usize..4, 1usize..5, 1usize..5), 1..5)) {
            let lengths: Vec<usize> = axes.iter().map(|axis| axis.3).collect();
            let counts: Vec<usize> = axes.iter().map(|axis| axis.2).collect();
            let all: Vec<Vec<Cut>> =
                axes.iter().map(|&(start, step, count, length)| cuts(Steps { start, step, count }, length)).collect();
            let mut seen = vec![0; counts.iter().product()];
            let room: usize = lengths.iter().product();
            for piece in combinations(&all) {
                for_each_run(&piece, &lengths, &counts, |from, step, to, count| {
                    for n in 0..count {
                        assert!(from + n * step < room);
                        seen[to + n] += 1;
                    }
                });
            }
            prop_assert!(seen.iter().all(|&times| times == 1));
        }
    }
}
