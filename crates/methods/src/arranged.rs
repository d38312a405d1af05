//! Files whose container knows only the stored frames: the stack's own header and arrangement are tables beside them.
//!
//! | table | content |
//! |---|---|
//! | `stack.json` | the header of the stack as JSON: its frames, names, properties and blocks |
//! | `places` | where each frame is stored, as [`stack_grouping::places`] writes it |
//!
//! Both are there only where frames are stored in another order than the stack's, or once for several.

use std::ops::Range;
use std::path::Path;

use stack_core::{
    Arrangement, Error, FrameBuf, FrameSource, Limits, Result, Silent, StackHeader, check_frame_index,
};
use stack_grouping::places;

use crate::reader::Storage;
use crate::spool::FrameSpool;

/// Name of the table that holds the header of the stack.
pub(crate) const HEADER_TABLE: &str = "stack.json";
/// Name of the table that holds the places of the frames.
pub(crate) const PLACES_TABLE: &str = "places";

/// The tables of an arranged stack; none where every frame is at its own place.
pub(crate) fn tables(
    header: &StackHeader,
    arrangement: &Arrangement,
) -> Result<Vec<(&'static str, Vec<u8>)>> {
    if arrangement.is_identity() {
        return Ok(Vec::new());
    }
    let header = serde_json::to_vec(header)
        .map_err(|error| Error::parameter("header", error.to_string(), "use text for names and values"))?;
    Ok(vec![(HEADER_TABLE, header), (PLACES_TABLE, places::to_bytes(arrangement))])
}

/// The stack of an open file: the storage itself, or its frames arranged as the tables say.
pub(crate) fn open(path: &Path, mut storage: Box<dyn Storage>, limits: &Limits) -> Result<Box<dyn Storage>> {
    let Some(bytes) = storage.table(PLACES_TABLE)? else { return Ok(storage) };
    let damaged = |table: &str, problem: String| {
        Error::format(path, table, problem, "the file is damaged: restore it from a copy")
    };
    let header = storage
        .table(HEADER_TABLE)?
        .ok_or_else(|| damaged(HEADER_TABLE, format!("it is missing beside {PLACES_TABLE}")))?;
    let header: StackHeader =
        serde_json::from_slice(&header).map_err(|error| damaged(HEADER_TABLE, error.to_string()))?;
    limits.check_header(path, &header)?;
    Limits::check(
        path,
        "the size of the places of all frames in bytes",
        header.frames as u128 * 8,
        limits.metadata_bytes,
    )?;
    let arrangement =
        places::from_bytes(&bytes, header.frames).map_err(|problem| damaged(PLACES_TABLE, problem))?;
    let stored = storage.header();
    let fits = StackHeader { frames: arrangement.stored(), ..header.clone() }.same_samples_as(stored);
    if !fits {
        let problem = format!(
            "it arranges {} as {} stored frames, and there are {}",
            header.describe(),
            arrangement.stored(),
            stored.describe()
        );
        return Err(damaged(PLACES_TABLE, problem));
    }
    let forward = arrangement.places().is_sorted();
    let held = FrameBuf::for_header(&header);
    Ok(Box::new(Arranged {
        storage,
        header,
        arrangement,
        forward,
        limits: *limits,
        spool: None,
        last: None,
        held,
    }))
}

/// An arranged stack, open.
struct Arranged {
    storage: Box<dyn Storage>,
    header: StackHeader,
    arrangement: Arrangement,
    /// Whether reading the stack in order never goes back in the file.
    forward: bool,
    limits: Limits,
    /// The decoded stored frames, once somebody reads the stack in order and that goes back in the file.
    spool: Option<FrameSpool>,
    /// The frame that was read last.
    last: Option<usize>,
    /// Its samples: the next frame may be at the same place.
    held: FrameBuf,
}

impl FrameSource for Arranged {
    fn header(&self) -> &StackHeader {
        &self.header
    }

    /// A frame alone is decoded alone. Whoever reads on gets frames from a temporary file: a decoder that goes back and
    /// forth would decode each of them many times.
    fn read_frame(&mut self, index: usize, into: &mut FrameBuf) -> Result<()> {
        check_frame_index(&self.header, index)?;
        let place = self.arrangement.place(index);
        let reads_on = self.last.is_some_and(|last| last + 1 == index);
        if reads_on && self.spool.is_none() && !self.forward {
            self.spool = Some(FrameSpool::fill(self.storage.as_mut(), &self.limits, &Silent)?);
        }
        match (&mut self.spool, self.last) {
            (Some(spool), _) => spool.read_frame(place, into)?,
            (None, Some(last)) if self.arrangement.place(last) == place => into.clone_from(&self.held),
            (None, _) => {
                self.last = None;
                self.storage.read_frame(place, &mut self.held)?;
                into.clone_from(&self.held);
            }
        }
        self.last = Some(index);
        Ok(())
    }

    fn disk_bytes(&self) -> Option<u64> {
        self.storage.disk_bytes()
    }
}

impl Storage for Arranged {
    fn table(&mut self, name: &str) -> Result<Option<Vec<u8>>> {
        self.storage.table(name)
    }

    fn table_part(&mut self, name: &str, range: Range<u64>) -> Result<Option<Vec<u8>>> {
        self.storage.table_part(name, range)
    }

    fn sample_bytes(&mut self) -> Result<u64> {
        self.storage.sample_bytes()
    }

    fn stored_frames(&self) -> usize {
        self.arrangement.stored()
    }

    fn encoded_as(&self) -> Option<String> {
        self.storage.encoded_as()
    }
}
