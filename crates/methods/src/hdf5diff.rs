//! `hdf5diff`: HDF5 with each sample as its distance to the nearer of its pixel's lowest and highest value.
//!
//! ```text
//! first pass    frames --> /lowest, /highest       the only two frames that are held
//! second pass   frames --> distance * 2 + from_high --> filters --> /distances
//! ```
//!
//! [`stack_predict::nearer_extreme`] is the formula. Lossless for every sample type; a source that changes between the
//! passes is an error.

use std::ops::Range;
use std::path::{Path, PathBuf};

use stack_container::{CodedFile, Coding, Layout, StackWriter, Tables};
use stack_core::{
    Error, ErrorBound, FrameBuf, FrameSource, Limits, Progress, Result, StackHeader, StoredOrder,
    for_each_frame,
};
use stack_predict::nearer_extreme::{self, InvalidCode, OutOfRange};

use crate::codes::{Codes, same_type};
use crate::envelope::{ENVELOPE_TABLE, HASHES_TABLE, HashingSource};
use crate::hdf5::{layout_from, spec_of};
use crate::reader::Storage;
use crate::{Job, Method, MethodSpec, StackReader, seal};

/// Name of the family.
pub(crate) const FAMILY: &str = "hdf5diff";
const DEFAULT_FILTERS: &str = "shuffle,gzip=9";

/// The datasets of the file, and what is said of them there.
pub(crate) const CODING: Coding = Coding {
    codes: "distances",
    meaning: "not samples: distance of each sample to the nearer of /lowest and /highest, times 2, plus 1 if that is \
              /highest. Distances are counted on the bits as integers in the order of the numbers",
    formula: "key(sample) = key(lowest) + code // 2 if code % 2 == 0 else key(highest) - code // 2; key(x) = bits of \
              unsigned; bits ^ sign bit of signed and of floats >= +0; ~bits of other floats",
    planes: &[
        ("lowest", "lowest sample of each pixel over all frames; floats in the total order of IEEE 754"),
        ("highest", "highest sample of each pixel over all frames; floats in the total order of IEEE 754"),
    ],
};

/// Distances to the nearer extreme, with a pipeline of filters.
struct Hdf5Diff {
    layout: Layout,
}

/// Makes the method from its specification.
pub(crate) fn build(spec: &MethodSpec) -> Result<Box<dyn Method>> {
    Ok(Box::new(Hdf5Diff { layout: layout_from(spec, DEFAULT_FILTERS)? }))
}

impl Method for Hdf5Diff {
    fn spec(&self) -> MethodSpec {
        spec_of(FAMILY, &[], &self.layout)
    }

    fn extension(&self) -> &'static str {
        ".stack.h5"
    }

    fn promise(&self, _: &StackHeader) -> Result<ErrorBound> {
        Ok(ErrorBound::Lossless)
    }

    fn encode(&self, source: &mut dyn FrameSource, dest: &Path, job: &Job<'_>) -> Result<()> {
        let header = source.header().clone();
        let envelope = job.envelope(self.promise(&header)?);
        // The two extremes, and the frame that is being read.
        Limits::check(
            dest,
            "the size of three frames in bytes",
            header.frame_bytes() as u128 * 3,
            job.limits.memory_bytes,
        )?;
        let mut stored = StoredOrder::new(source, &job.arrangement)?;
        let mut hashing = HashingSource::new(&mut stored);
        let extremes = find_extremes(&mut hashing, job.progress)?;
        let hashes = hashing.into_hashes();
        let mut writer =
            StackWriter::create_coded(dest, &header, &self.layout, &CODING, &extremes, &job.arrangement)?
                .with_memory(job.limits.memory_bytes);
        job.progress.phase("encoding", job.arrangement.stored() as u64);
        let mut codes = Codes::for_header(&header);
        for_each_frame(&mut stored, job.progress, |index, frame| {
            if !hashes.matches(index, frame) {
                return Err(changed(dest, index, "its samples are others"));
            }
            encode(&mut codes, frame, &extremes).map_err(|error| changed(dest, index, &error.to_string()))?;
            writer.push_codes(codes.bytes())
        })?;
        writer.add_table(ENVELOPE_TABLE, &envelope.to_bytes())?;
        writer.add_table(HASHES_TABLE, hashes.spread(&job.arrangement).as_bytes())?;
        writer.finish()?;
        seal::append_seal(dest)
    }

    fn open(&self, file: &Path, limits: &Limits) -> Result<StackReader> {
        crate::hdf5::open(file, limits)
    }
}

/// Lowest and highest sample of each pixel.
fn find_extremes(source: &mut dyn FrameSource, progress: &dyn Progress) -> Result<[FrameBuf; 2]> {
    progress.phase("finding extremes", source.header().frames as u64);
    let mut extremes = None;
    for_each_frame(source, progress, |_, frame| {
        let [lowest, highest] = extremes.get_or_insert_with(|| [frame.clone(), frame.clone()]);
        widen(frame, lowest, highest);
        Ok(())
    })?;
    extremes.ok_or_else(|| Error::parameter("frames", "the stack has none", "give at least one frame"))
}

fn widen(frame: &FrameBuf, lowest: &mut FrameBuf, highest: &mut FrameBuf) {
    same_type!((frame, lowest, highest), (samples, low, high) => nearer_extreme::widen(samples, low, high), {});
}

fn encode(codes: &mut Codes, frame: &FrameBuf, [lowest, highest]: &[FrameBuf; 2]) -> Result<(), OutOfRange> {
    same_type!(
        (frame, lowest, highest),
        (samples, low, high) => nearer_extreme::encode(samples, low, high, codes.keys())?,
        return Err(OutOfRange { index: 0 })
    );
    codes.swap_order(frame.pixel().bytes());
    Ok(())
}

fn decode(
    codes: &mut Codes,
    lowest: &FrameBuf,
    highest: &FrameBuf,
    frame: &mut FrameBuf,
) -> Result<(), InvalidCode> {
    codes.swap_order(frame.pixel().bytes());
    same_type!(
        (frame, lowest, highest),
        (samples, low, high) => nearer_extreme::decode(codes.keys(), low, high, samples),
        Err(InvalidCode { index: 0 })
    )
}

/// What is said of a source that is not the same in both passes.
pub(crate) fn changed(dest: &Path, frame: usize, how: &str) -> Error {
    Error::mismatch(
        dest,
        format!("frame {frame} of the source changed between the two passes over it: {how}"),
        "compress the source when no other program writes to it",
    )
}

/// A file of this family, open.
struct Hdf5DiffFile {
    file: CodedFile,
    path: PathBuf,
    codes: Codes,
}

/// Opens the samples of a file whose envelope names this family.
pub(crate) fn open(tables: Tables) -> Result<Box<dyn Storage>> {
    let path = tables.path().to_path_buf();
    let file = tables.into_coded(&CODING)?;
    let codes = Codes::for_header(file.header());
    Ok(Box::new(Hdf5DiffFile { file, path, codes }))
}

impl FrameSource for Hdf5DiffFile {
    fn header(&self) -> &StackHeader {
        self.file.header()
    }

    fn read_frame(&mut self, index: usize, into: &mut FrameBuf) -> Result<()> {
        self.file.read_codes(index, self.codes.bytes())?;
        into.fit(self.file.header());
        let [lowest, highest] = self.file.planes() else {
            return Err(damaged(&self.path, index, "there are not two extremes"));
        };
        decode(&mut self.codes, lowest, highest, into)
            .map_err(|error| damaged(&self.path, index, &error.to_string()))
    }

    fn disk_bytes(&self) -> Option<u64> {
        std::fs::metadata(&self.path).ok().map(|metadata| metadata.len())
    }
}

fn damaged(path: &Path, frame: usize, problem: &str) -> Error {
    Error::format(
        path,
        format!("/{}, frame {frame}", CODING.codes),
        problem,
        "the file is damaged: restore it from a copy",
    )
}

impl Storage for Hdf5DiffFile {
    fn table(&mut self, name: &str) -> Result<Option<Vec<u8>>> {
        self.file.tables().table(name)
    }

    fn table_part(&mut self, name: &str, range: Range<u64>) -> Result<Option<Vec<u8>>> {
        self.file.tables().table_part(name, range)
    }

    fn stored_frames(&self) -> usize {
        self.file.stored_frames()
    }

    fn sample_bytes(&mut self) -> Result<u64> {
        let extremes = self.file.planes().len() as u64 * self.header().frame_bytes() as u64;
        Ok(self.file.stored_bytes_of_codes() + extremes)
    }
}
