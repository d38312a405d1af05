//! `piles`: HDF5 with similar frames in piles, each frame as its difference to the mean of its pile.
//!
//! ```text
//! grouping      frames --hashes or thumbnails--> the pile of each frame
//! first pass    frames, pile by pile --> mean of each pile --> filters --> /means
//! second pass   frames, pile by pile --> difference to the mean --> filters --> /differences
//! ```
//!
//! [`stack_predict::frame_mean`] and [`stack_predict::residual`] are the formulas: exact for every sample type, NaN
//! payloads included. With `difference=none` the samples themselves are stored, pile by pile. One mean is held at a
//! time; a source that changes between the passes is an error.

use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use stack_container::{Layout, PilesFile, PilesWriter, StackWriter, Tables};
use stack_core::{
    Error, ErrorBound, FrameBuf, FrameSource, Limits, Progress, Result, StackHeader, StoredOrder,
    for_each_frame,
};
use stack_predict::{Key, Ordered, residual};

use crate::codes::{Codes, same_type};
use crate::envelope::{ENVELOPE_TABLE, FrameHashes, HASHES_TABLE, HashingSource};
use crate::hdf5::{layout_of, spec_of};
use crate::hdf5diff::changed;
use crate::options::OptionReader;
use crate::reader::Storage;
use crate::spool::FrameSpool;
use crate::{Job, Method, MethodSpec, StackReader, seal};

mod pile_mean;
mod sorted;

use pile_mean::PileMean;
use sorted::{Sorted, pile_of_each_frame};

/// Name of the family.
pub(crate) const FAMILY: &str = "piles";
const DEFAULT_FILTERS: &str = "shuffle,gzip=9";

/// How piles are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum By {
    /// Frames with the same average hash are a pile.
    #[default]
    Hash,
    /// A chain of neighbours, cut where two of them are far apart.
    Nearest,
}

/// What is stored of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Difference {
    /// Its difference to the mean of its pile.
    #[default]
    Mean,
    /// Its samples.
    None,
}

/// Words of options, as they are read and printed.
macro_rules! words {
    ($type:ty { $($variant:ident => $word:literal),* }) => {
        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(match self { $(Self::$variant => $word),* })
            }
        }
        impl FromStr for $type {
            type Err = ();
            fn from_str(text: &str) -> Result<Self, ()> {
                match text { $($word => Ok(Self::$variant),)* _ => Err(()) }
            }
        }
    };
}

words!(By { Hash => "hash", Nearest => "nearest" });
words!(Difference { Mean => "mean", None => "none" });

/// Piles of similar frames, with a pipeline of filters.
struct Piles {
    by: By,
    difference: Difference,
    layout: Layout,
}

/// Makes the method from its specification.
pub(crate) fn build(spec: &MethodSpec) -> Result<Box<dyn Method>> {
    Ok(Box::new(Piles::from_spec(spec)?))
}

/// Whether a file of this method holds differences; `false` for other methods.
///
/// # Errors
/// [`Error::Parameter`] for options that no file has.
pub(crate) fn has_means(spec: &MethodSpec) -> Result<bool> {
    let (spec, _) = spec.without_option(crate::order::OPTION);
    Ok(spec.family() == FAMILY && Piles::from_spec(&spec)?.difference == Difference::Mean)
}

impl Piles {
    fn from_spec(spec: &MethodSpec) -> Result<Self> {
        let mut options = OptionReader::new(spec);
        let by = options.value("by", "by=hash or by=nearest")?.unwrap_or_default();
        let difference =
            options.value("difference", "difference=mean or difference=none")?.unwrap_or_default();
        Ok(Self { by, difference, layout: layout_of(&mut options, DEFAULT_FILTERS)? })
    }
}

impl Method for Piles {
    fn spec(&self) -> MethodSpec {
        let mut own = Vec::new();
        if self.by != By::default() {
            own.push(format!("by={}", self.by));
        }
        if self.difference != Difference::default() {
            own.push(format!("difference={}", self.difference));
        }
        spec_of(FAMILY, &own, &self.layout)
    }

    fn extension(&self) -> &'static str {
        ".stack.h5"
    }

    fn promise(&self, _: &StackHeader) -> Result<ErrorBound> {
        Ok(ErrorBound::Lossless)
    }

    fn encode(&self, source: &mut dyn FrameSource, dest: &Path, job: &Job<'_>) -> Result<()> {
        check_memory(source.header(), dest, job.limits)?;
        if source.seeks() {
            return self.encode_piles(source, dest, job);
        }
        job.progress.phase("decoding the source", source.header().frames as u64);
        let mut spool = FrameSpool::fill(source, job.limits, job.progress)?;
        self.encode_piles(&mut spool, dest, job)
    }

    fn open(&self, file: &Path, limits: &Limits) -> Result<StackReader> {
        crate::hdf5::open(file, limits)
    }
}

impl Piles {
    fn encode_piles(&self, source: &mut dyn FrameSource, dest: &Path, job: &Job<'_>) -> Result<()> {
        let header = source.header().clone();
        let envelope = job.envelope(self.promise(&header)?).to_bytes();
        let of_places = pile_of_each_frame(self.by, &mut StoredOrder::new(source, &job.arrangement)?, job)?;
        let sorted = Sorted::new(&job.arrangement, &of_places)?;
        tracing::info!(piles = sorted.piles.stored(), rows = sorted.rows.stored(), "grouped");
        let mut stored = StoredOrder::new(source, &sorted.rows)?;
        let memory = job.limits.memory_bytes;
        if self.difference == Difference::None {
            let mut hashing = HashingSource::new(&mut stored);
            job.progress.phase("encoding", sorted.rows.stored() as u64);
            let mut writer =
                StackWriter::create_arranged(dest, &header, &self.layout, &sorted.rows)?.with_memory(memory);
            writer.add_piles(&sorted.piles)?;
            for_each_frame(&mut hashing, job.progress, |_, frame| writer.push(frame))?;
            let hashes = hashing.into_hashes().spread(&sorted.rows);
            writer.add_table(ENVELOPE_TABLE, &envelope)?;
            writer.add_table(HASHES_TABLE, hashes.as_bytes())?;
            writer.finish()?;
            return seal::append_seal(dest);
        }
        let mut writer = PilesWriter::create(dest, &header, &self.layout, &sorted.rows, &sorted.piles)?
            .with_memory(memory);
        let hashes = write_means(&mut writer, &mut stored, &sorted, job.progress)?;
        write_differences(&mut writer, &mut stored, &sorted, &hashes, dest, job.progress)?;
        writer.add_table(ENVELOPE_TABLE, &envelope)?;
        writer.add_table(HASHES_TABLE, hashes.spread(&sorted.rows).as_bytes())?;
        writer.finish()?;
        seal::append_seal(dest)
    }
}

/// The frame that is read, the mean, the codes, and the sums of a pile.
fn check_memory(header: &StackHeader, dest: &Path, limits: &Limits) -> Result<()> {
    let sum_bytes = header.format.pixel().bytes().max(4) * 2;
    let bytes = header.frame_bytes() as u128 * 3 + header.shape.samples() as u128 * sum_bytes as u128;
    Limits::check(dest, "the size of three frames and the sums of one in bytes", bytes, limits.memory_bytes)
}

/// First pass: the mean of every pile. Gives the hash of every row.
fn write_means(
    writer: &mut PilesWriter,
    stored: &mut dyn FrameSource,
    sorted: &Sorted,
    progress: &dyn Progress,
) -> Result<FrameHashes> {
    let header = stored.header().clone();
    progress.phase("means of piles", header.frames as u64);
    let unfit = |error: stack_predict::Error| {
        Error::parameter(
            "a frame of the source",
            error.to_string(),
            "give frames of the header's shape and type",
        )
    };
    let mut sums = PileMean::for_header(&header);
    let mut mean = FrameBuf::for_header(&header);
    let mut hashing = HashingSource::new(stored);
    for_each_frame(&mut hashing, progress, |row, frame| {
        sums.push(frame).map_err(unfit)?;
        if sorted.ends_pile(row) {
            sums.write(&mut mean).map_err(unfit)?;
            writer.push_mean(&mean)?;
        }
        Ok(())
    })?;
    Ok(hashing.into_hashes())
}

/// Second pass: the difference of every row to the mean of its pile.
fn write_differences(
    writer: &mut PilesWriter,
    stored: &mut dyn FrameSource,
    sorted: &Sorted,
    hashes: &FrameHashes,
    dest: &Path,
    progress: &dyn Progress,
) -> Result<()> {
    let header = stored.header().clone();
    progress.phase("encoding", header.frames as u64);
    let (mut codes, mut mean) = (Codes::for_header(&header), FrameBuf::for_header(&header));
    let mut current = None;
    for_each_frame(stored, progress, |row, frame| {
        if !hashes.matches(row, frame) {
            return Err(changed(dest, sorted.rows.firsts()[row] as usize, "its samples are others"));
        }
        let pile = sorted.of_rows[row];
        if current != Some(pile) {
            writer.read_mean(pile as usize, &mut mean)?;
            current = Some(pile);
        }
        encode(&mut codes, frame, &mean);
        writer.push_codes(codes.bytes())
    })
}

/// The codes of a frame whose type and shape are those of the mean.
fn encode(codes: &mut Codes, frame: &FrameBuf, mean: &FrameBuf) {
    fn slices<S: Ordered>(samples: &[S], means: &[S], codes: &mut [S::Key]) {
        for ((code, &sample), mean) in codes.iter_mut().zip(samples).zip(means) {
            *code = residual::code(sample, mean.to_key());
        }
    }
    same_type!((frame, mean, mean), (samples, means, _same) => slices(samples, means, codes.keys()), {});
    codes.swap_order(frame.pixel().bytes());
}

/// The samples of codes; any codes give samples.
fn decode(codes: &mut Codes, mean: &FrameBuf, frame: &mut FrameBuf) {
    fn slices<S: Ordered<Key = K>, K: Key>(codes: &[K], means: &[S], samples: &mut [S]) {
        for ((&code, mean), sample) in codes.iter().zip(means).zip(samples) {
            *sample = residual::sample(code, mean.to_key());
        }
    }
    codes.swap_order(frame.pixel().bytes());
    same_type!((frame, mean, mean), (samples, means, _same) => slices(codes.keys(), means, samples), {});
}

/// A file of this family with means, open.
struct PilesStorage {
    file: PilesFile,
    path: PathBuf,
    codes: Codes,
    mean: FrameBuf,
}

/// Opens the samples of a file whose envelope names this family and does not say `difference=none`.
pub(crate) fn open(tables: Tables) -> Result<Box<dyn Storage>> {
    let path = tables.path().to_path_buf();
    let file = tables.into_piles()?;
    let (codes, mean) = (Codes::for_header(file.header()), FrameBuf::for_header(file.header()));
    Ok(Box::new(PilesStorage { file, path, codes, mean }))
}

impl FrameSource for PilesStorage {
    fn header(&self) -> &StackHeader {
        self.file.header()
    }

    fn read_frame(&mut self, index: usize, into: &mut FrameBuf) -> Result<()> {
        self.file.read(index, self.codes.bytes(), &mut self.mean)?;
        into.fit(self.file.header());
        decode(&mut self.codes, &self.mean, into);
        Ok(())
    }

    fn disk_bytes(&self) -> Option<u64> {
        std::fs::metadata(&self.path).ok().map(|metadata| metadata.len())
    }
}

impl Storage for PilesStorage {
    fn table(&mut self, name: &str) -> Result<Option<Vec<u8>>> {
        self.file.tables().table(name)
    }

    fn table_part(&mut self, name: &str, range: Range<u64>) -> Result<Option<Vec<u8>>> {
        self.file.tables().table_part(name, range)
    }

    fn sample_bytes(&mut self) -> Result<u64> {
        Ok(self.file.stored_bytes())
    }

    fn stored_frames(&self) -> usize {
        self.file.stored_frames()
    }
}
