//! Arrays in Fortran order: the first axis varies fastest, so the samples of one frame lie far apart.
//!
//! ```text
//! (T, H, W) in C order:        frame 0 | frame 1 | ...      each frame row by row
//! (T, H, W) in Fortran order:  sample (h, w) = (0, 0) of all T frames | (1, 0) of all frames | ...
//! ```
//!
//! Reading frame by frame would touch the whole file for every frame. So the file is rearranged once, block by
//! block, into a temporary file in which each frame is contiguous; the order inside a frame stays column-major and is
//! turned while a frame is read.
//!
//! Cost of the first step: the samples are read once and written once, the temporary folder (`TMPDIR`) must have
//! room for them, and memory stays below 128 MiB or an eighth of [`Limits::memory_bytes`], whichever is less.
//! Stacks of at most an eighth of that are not written to disk at all. An array of one frame needs no first step.

use std::io::SeekFrom;
use std::path::Path;

use stack_core::{Error, FrameShape, Limits, Result, StackHeader};

use crate::array::Storage;
use crate::spool::Spool;

/// Fewest samples of one frame that are written at once, as long as memory allows it.
const SHORTEST_RUN: usize = 64;

/// Frames that are gathered at once from a block, so that the caches are used.
const TURNED_AT_ONCE: usize = 32;

/// Memory of the rearrangement: a quarter for a block, at most a quarter for the part of it that is turned, and an
/// eighth for a temporary file that stays in memory, which may take twice its size while it grows.
const MEMORY: u64 = 128 << 20;

/// Copies a column-major stack from `storage` into a temporary file whose frames are contiguous.
pub(crate) fn gather_frames(
    path: &Path,
    storage: &mut dyn Storage,
    start: u64,
    header: &StackHeader,
    limits: &Limits,
) -> Result<Box<dyn Storage>> {
    let memory = MEMORY.min(limits.memory_bytes / 8);
    let mut spool = Spool::new(header.raw_bytes(), memory / 8);
    let blocks = Blocks::plan(header, usize::try_from(memory / 4).unwrap_or(usize::MAX));
    let word = header.format.pixel().bytes();
    let (positions, frames) = (header.shape.samples(), header.frames);
    let mut block = vec![0; blocks.positions * blocks.frames * word];
    let mut runs = vec![0; blocks.positions * word * TURNED_AT_ONCE.min(blocks.frames)];
    for first_position in (0..positions).step_by(blocks.positions) {
        let rows = blocks.positions.min(positions - first_position);
        for first_frame in (0..frames).step_by(blocks.frames) {
            let columns = blocks.frames.min(frames - first_frame);
            let block = &mut block[..rows * columns * word];
            for (row, line) in block.chunks_exact_mut(columns * word).enumerate() {
                let sample = (first_position + row) as u64 * frames as u64 + first_frame as u64;
                read_at(storage, start + sample * word as u64, line, row == 0 || columns < frames)
                    .map_err(Error::io("read", path))?;
            }
            for first_column in (0..columns).step_by(TURNED_AT_ONCE) {
                let turned = TURNED_AT_ONCE.min(columns - first_column);
                for (row, line) in block.chunks_exact(columns * word).enumerate() {
                    let line = &line[first_column * word..][..turned * word];
                    for (column, sample) in line.chunks_exact(word).enumerate() {
                        let to = (column * rows + row) * word;
                        runs[to..to + word].copy_from_slice(sample);
                    }
                }
                for (column, run) in runs.chunks_exact(rows * word).take(turned).enumerate() {
                    let frame = first_frame + first_column + column;
                    let sample = frame as u64 * positions as u64 + first_position as u64;
                    spool.write_at(sample * word as u64, run)?;
                }
            }
        }
    }
    Ok(Box::new(spool))
}

fn read_at(storage: &mut dyn Storage, offset: u64, into: &mut [u8], seek: bool) -> std::io::Result<()> {
    if seek {
        storage.seek(SeekFrom::Start(offset))?;
    }
    storage.read_exact(into)
}

/// Size of the blocks: `positions` places of a frame, `frames` frames of each.
struct Blocks {
    positions: usize,
    frames: usize,
}

impl Blocks {
    /// As many positions as fit with all their frames; fewer frames only where that leaves very short runs.
    fn plan(header: &StackHeader, memory: usize) -> Self {
        let samples = (memory / header.format.pixel().bytes()).max(1);
        let shortest = SHORTEST_RUN.min(header.shape.samples());
        let positions = (samples / header.frames).clamp(1, header.shape.samples());
        if positions >= shortest {
            return Self { positions, frames: header.frames };
        }
        let positions = shortest.min(samples);
        Self { positions, frames: (samples / positions).clamp(1, header.frames) }
    }
}

/// Turns one frame from column-major (rows fastest, channels slowest) to row-major (channels fastest).
///
/// Both slices hold the samples of `shape`, each of `word` bytes.
pub(crate) fn to_row_major(from: &[u8], to: &mut [u8], shape: FrameShape, word: usize) {
    /// Side of the squares that are turned at once, so that both sides stay in the cache.
    const SQUARE: usize = 32;
    let (height, width, channels) = (shape.height(), shape.width(), shape.channels());
    for channel in 0..channels {
        for top in (0..height).step_by(SQUARE) {
            for left in (0..width).step_by(SQUARE) {
                for row in top..height.min(top + SQUARE) {
                    for column in left..width.min(left + SQUARE) {
                        let source = (row + height * (column + width * channel)) * word;
                        let target = ((row * width + column) * channels + channel) * word;
                        to[target..target + word].copy_from_slice(&from[source..source + word]);
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use proptest::prelude::*;
    use stack_core::{PixelType, SampleFormat};

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn equal_to_the_definition(
            frames in 1_usize..40, height in 1_usize..40, width in 1_usize..5, channels in 1_usize..4,
            memory in 1_u64..4096,
        ) {
            let shape = FrameShape::new(height, width, channels).unwrap();
            let header = StackHeader::new(frames, shape, SampleFormat::full(PixelType::U16)).unwrap();
            let value = |t: usize, h: usize, w: usize, c: usize| {
                (((t * height + h) * width + w) * channels + c) as u16
            };
            let mut stored = vec![0xee; 3];
            for c in 0..channels { for w in 0..width { for h in 0..height { for t in 0..frames {
                stored.extend(value(t, h, w, c).to_le_bytes());
            }}}}
            let limits = Limits { memory_bytes: memory * 16, ..Limits::default() };
            let mut storage = Cursor::new(stored);
            let mut gathered =
                gather_frames(Path::new("x.npy"), &mut storage, 3, &header, &limits).unwrap();
            gathered.seek(SeekFrom::Start(0)).unwrap();
            let (mut frame, mut turned) = (vec![0; header.frame_bytes()], vec![0; header.frame_bytes()]);
            for t in 0..frames {
                gathered.read_exact(&mut frame).unwrap();
                to_row_major(&frame, &mut turned, shape, 2);
                let mut expected = Vec::new();
                for h in 0..height { for w in 0..width { for c in 0..channels {
                    expected.extend(value(t, h, w, c).to_le_bytes());
                }}}
                prop_assert_eq!(&turned, &expected);
            }
        }
    }
}
