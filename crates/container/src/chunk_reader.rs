//! Reads the frames of a chunked dataset: stored chunks on this thread, decoding in the pool.
//!
//! ```text
//! this thread   read 0  read 1  read 2  read 3   wait 0, give frames of 0   read 4   wait 1 ..
//! pool                  decode 0    decode 1    decode 2 ..
//! ```
//!
//! Reading on from one chunk to the next starts the following ones early; a jump decodes one chunk, which stays
//! at hand for its other frames.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use hdf5::Dataset;
use rayon::prelude::*;
use stack_core::Result;

use crate::failure;
use crate::filters::FilterError;
use crate::geometry::ChunkGrid;
use crate::library::{StoredChunk, read_chunk};
use crate::pipeline::Decoder;
use crate::tasks::{Pending, in_flight};

/// The decoded chunks that hold the same frames, tile by tile; `None` where the file has no chunk.
type Slab = Vec<Option<Vec<u8>>>;

/// A chunked dataset whose filters this crate knows.
#[derive(Debug)]
pub(crate) struct ChunkReader {
    path: PathBuf,
    field: String,
    dataset: Dataset,
    grid: ChunkGrid,
    decoder: Arc<Decoder>,
    /// The bytes of an element that the file does not hold.
    fill: Vec<u8>,
    frames: usize,
    /// The slab (by its number) that the last frame came from.
    current: Option<(usize, Slab)>,
    /// The slabs after the current one that are being decoded, in order.
    ahead: VecDeque<(usize, Pending<Result<Slab, FilterError>>)>,
}

impl ChunkReader {
    /// A reader of the `frames` frames of `dataset`, which errors call `field`.
    pub(crate) fn new(
        path: &Path,
        field: &str,
        dataset: Dataset,
        frames: usize,
        grid: ChunkGrid,
        decoder: Decoder,
        fill: Vec<u8>,
    ) -> Self {
        Self {
            path: path.to_path_buf(),
            field: field.to_owned(),
            dataset,
            grid,
            decoder: Arc::new(decoder),
            fill,
            frames,
            current: None,
            ahead: VecDeque::new(),
        }
    }

    /// Copies frame `frame`, which exists, into `into`, which has the size of a frame.
    pub(crate) fn read_frame(&mut self, frame: usize, into: &mut [u8]) -> Result<()> {
        let number = frame / self.grid.frames();
        if self.current.as_ref().is_none_or(|(current, _)| *current != number) {
            let slab = self.advance_to(number)?;
            self.current = Some((number, slab));
        }
        let Some((_, slab)) = &self.current else { return Ok(()) };
        for (tile, chunk) in slab.iter().enumerate() {
            match chunk {
                Some(chunk) => self.grid.copy_frame(chunk, frame, tile, into),
                None => self.grid.fill_frame(&self.fill, frame, tile, into),
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
            None => self.start(number)?,
        };
        if moves_on {
            self.look_ahead(number)?;
        }
        let field = || {
            let first = number * self.grid.frames();
            let last = (first + self.grid.frames()).min(self.frames) - 1;
            format!("{}, frames {first} to {last}", self.field)
        };
        match pending.wait() {
            Some(Ok(slab)) => Ok(slab),
            Some(Err(error)) => Err(failure::damaged(&self.path, field(), error.to_string())),
            None => Err(failure::damaged(&self.path, field(), "decoding was given up")),
        }
    }

    /// Starts the slabs behind `number` until enough are on their way.
    fn look_ahead(&mut self, number: usize) -> Result<()> {
        let slabs = self.frames.div_ceil(self.grid.frames());
        let enough = in_flight(self.grid.chunk_bytes().saturating_mul(self.grid.tiles()));
        let mut next = self.ahead.back().map_or(number, |(last, _)| *last) + 1;
        while self.ahead.len() < enough && next < slabs {
            let pending = self.start(next)?;
            self.ahead.push_back((next, pending));
            next += 1;
        }
        Ok(())
    }

    /// Reads the stored chunks of slab `number` and gives them to the pool.
    fn start(&self, number: usize) -> Result<Pending<Result<Slab, FilterError>>> {
        let raw_bytes = self.grid.chunk_bytes();
        let limit = Decoder::max_stored_bytes(raw_bytes);
        let stored = (0..self.grid.tiles())
            .map(|tile| {
                let offset = self.grid.offset(number, tile);
                read_chunk(&self.dataset, &offset, limit)
                    .map_err(failure::reading(&self.path, format!("{}, chunk at {offset:?}", self.field)))
            })
            .collect::<Result<Vec<Option<StoredChunk>>>>()?;
        let decoder = Arc::clone(&self.decoder);
        let decode = move |chunk: Option<StoredChunk>| {
            chunk.map(|chunk| decoder.decode(chunk.bytes, chunk.filter_mask, raw_bytes)).transpose()
        };
        Ok(Pending::spawn(move || stored.into_par_iter().map(decode).collect()))
    }
}
