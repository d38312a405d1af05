//! Reads the frames of a chunked dataset: stored chunks on this thread, decoding in the pool.
//!
//! ```text
//! this thread   read 0  read 1  read 2  read 3   wait 0, give frames of 0   read 4   wait 1 ..
//! pool                  decode 0    decode 1    decode 2 ..
//! ```
//!
//! Reading on from one chunk to the next starts the following ones early; a jump decodes one chunk, which stays
//! at hand for its other frames. The chunks that hold the same frames, one or many tiles, are a slab here. Where a
//! slab is too large to be held, each frame is put together tile by tile, and nothing is kept.

use std::collections::VecDeque;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use rayon::prelude::*;
use stack_core::Result;

use crate::failure;
use crate::filters::FilterError;
use crate::geometry::ChunkGrid;
use crate::library::{FilteredDataset, StoredChunk};
use crate::pipeline::Decoder;
use crate::tasks::{Pending, in_flight};

/// The decoded chunks that hold the same frames, tile by tile; `None` where the file has no chunk.
type Slab = Vec<Option<Vec<u8>>>;

/// A chunked dataset whose filters this crate knows.
#[derive(Debug)]
pub(crate) struct ChunkedDataset {
    /// The file, for errors.
    pub(crate) path: PathBuf,
    /// The dataset's path in it, for errors.
    pub(crate) field: String,
    pub(crate) dataset: FilteredDataset,
    pub(crate) grid: ChunkGrid,
    pub(crate) decoder: Decoder,
    /// The bytes of an element that the file does not hold; `None` where every chunk must be there.
    pub(crate) fill: Option<Vec<u8>>,
}

/// Reads the frames of a [`ChunkedDataset`].
#[derive(Debug)]
pub(crate) struct ChunkReader {
    source: ChunkedDataset,
    decoder: Arc<Decoder>,
    memory_bytes: u64,
    /// Whether a slab may be held.
    whole_slabs: bool,
    /// The slab (by its number) that the last frame came from.
    current: Option<(usize, Slab)>,
    /// The slabs after the current one that are being decoded, in order.
    ahead: VecDeque<(usize, Pending<Result<Slab, FilterError>>)>,
}

impl ChunkReader {
    /// A reader that holds whole slabs if several of them stay within `memory_bytes`.
    pub(crate) fn new(source: ChunkedDataset, memory_bytes: u64) -> Self {
        // The current slab, two on their way with stored bytes and a buffer for a filter each.
        let held = source.grid.slab_bytes() as u128 * 6;
        Self {
            decoder: Arc::new(source.decoder.clone()),
            memory_bytes,
            whole_slabs: held <= u128::from(memory_bytes),
            source,
            current: None,
            ahead: VecDeque::new(),
        }
    }

    /// Copies frame `frame`, which exists, into `into`, which has the size of a frame.
    pub(crate) fn read_frame(&mut self, frame: usize, into: &mut [u8]) -> Result<()> {
        let number = frame / self.source.grid.frames();
        if !self.whole_slabs {
            return self.read_by_tiles(number, frame, into);
        }
        if self.current.as_ref().is_none_or(|(current, _)| *current != number) {
            let slab = self.advance_to(number)?;
            self.current = Some((number, slab));
        }
        let Some((_, slab)) = &self.current else { return Ok(()) };
        slab.iter().enumerate().try_for_each(|(tile, chunk)| self.place(chunk.as_deref(), frame, tile, into))
    }

    /// Puts what a chunk, or its absence, says of `frame` into `into`.
    fn place(&self, chunk: Option<&[u8]>, frame: usize, tile: usize, into: &mut [u8]) -> Result<()> {
        let ChunkedDataset { path, field, grid, fill, .. } = &self.source;
        match (chunk, fill) {
            (Some(chunk), _) => grid.copy_frame(chunk, frame, tile, into),
            (None, Some(fill)) => grid.fill_frame(fill, frame, tile, into),
            (None, None) => {
                let field = format!("{field}, frame {frame}");
                return Err(failure::damaged(path, field, "its chunk is not in the file"));
            }
        }
        Ok(())
    }

    /// Slab `number`, decoded; starts the ones behind it if the reader moves on chunk by chunk.
    fn advance_to(&mut self, number: usize) -> Result<Slab> {
        let moves_on = self.current.take().is_some_and(|(current, _)| current + 1 == number);
        if self.ahead.front().is_some_and(|(front, _)| *front != number) {
            self.ahead.clear();
        }
        let pending = match self.ahead.pop_front() {
            Some((_, pending)) => pending,
            None => self.start(number, 0..self.source.grid.tiles())?,
        };
        if moves_on {
            self.look_ahead(number)?;
        }
        self.finished(number, pending)
    }

    /// Starts the slabs behind `number` until enough are on their way.
    fn look_ahead(&mut self, number: usize) -> Result<()> {
        let grid = &self.source.grid;
        let (tiles, slabs) = (grid.tiles(), grid.slabs());
        // Decoding holds a third buffer, the stored bytes; and slab `number` itself is on its way as well.
        let enough = (in_flight(grid.slab_bytes() / 2 * 3, self.memory_bytes) - 1).max(1);
        let mut next = self.ahead.back().map_or(number, |(last, _)| *last) + 1;
        while self.ahead.len() < enough && next < slabs {
            let pending = self.start(next, 0..tiles)?;
            self.ahead.push_back((next, pending));
            next += 1;
        }
        Ok(())
    }

    /// Reads one frame with a few tiles in memory at a time.
    fn read_by_tiles(&self, number: usize, frame: usize, into: &mut [u8]) -> Result<()> {
        let tiles = self.source.grid.tiles();
        let batch = in_flight(self.source.grid.chunk_bytes(), self.memory_bytes);
        for first in (0..tiles).step_by(batch) {
            let range = first..tiles.min(first + batch);
            let chunks = self.finished(number, self.start(number, range.clone())?)?;
            for (tile, chunk) in range.zip(chunks) {
                self.place(chunk.as_deref(), frame, tile, into)?;
            }
        }
        Ok(())
    }

    /// Reads the stored chunks of these tiles of slab `number` and gives them to the pool.
    fn start(&self, number: usize, tiles: Range<usize>) -> Result<Pending<Result<Slab, FilterError>>> {
        let ChunkedDataset { path, field, dataset, grid, .. } = &self.source;
        let raw_bytes = grid.chunk_bytes();
        let limit = Decoder::max_stored_bytes(raw_bytes);
        let stored = tiles
            .map(|tile| {
                let offset = grid.offset(number, tile);
                dataset
                    .read_chunk(&offset, limit)
                    .map_err(failure::reading(path, format!("{field}, chunk at {offset:?}")))
            })
            .collect::<Result<Vec<Option<StoredChunk>>>>()?;
        let decoder = Arc::clone(&self.decoder);
        let decode = move |chunk: Option<StoredChunk>| {
            chunk.map(|chunk| decoder.decode(chunk.bytes, chunk.filter_mask, raw_bytes)).transpose()
        };
        Ok(Pending::spawn(move || stored.into_par_iter().map(decode).collect()))
    }

    /// Waits for what [`ChunkReader::start`] began.
    fn finished(&self, number: usize, pending: Pending<Result<Slab, FilterError>>) -> Result<Slab> {
        let problem = match pending.wait() {
            Some(Ok(slab)) => return Ok(slab),
            Some(Err(error)) => error.to_string(),
            None => "decoding was given up".to_owned(),
        };
        let (first, last) = self.source.grid.frame_range(number);
        let field = format!("{}, frames {first} to {last}", self.source.field);
        Err(failure::damaged(&self.source.path, field, problem))
    }
}
