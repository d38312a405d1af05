//! How large an output would be, from a sample of the frames.
//!
//! ```text
//! stack   [....run....]            [....run....]            [....run....]
//! encode       |                        |                        |
//! bytes a frame b1                      b2                       b3
//! estimate = overhead + frames * (b1 + b2 + b3) / 3, between the smallest and the largest b
//! ```
//!
//! Runs of neighbouring frames are taken, because many methods live on what neighbours have in common.

use std::ops::Range;
use std::path::Path;

use serde::Serialize;
use stack_core::{Error, ErrorBound, FrameSource, Limits, Part, Progress, Result, StackHeader, StoredOrder};
use stack_grouping::places;

use crate::envelope::FrameHashes;
use crate::{Job, Method, MethodSpec, Order, check_promise, spool};

/// Bytes of samples that a run of neighbouring frames should have.
const RUN_BYTES: usize = 8 << 20;
/// Number of runs.
const RUNS: usize = 3;

/// What a method would write.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Estimate {
    /// The method.
    pub method: MethodSpec,
    /// What it promises for the stack.
    pub promise: ErrorBound,
    /// Frames of the stack.
    pub frames: usize,
    /// Frames that were encoded.
    pub sampled_frames: usize,
    /// The likely size of the file in bytes; the true one where all frames were encoded.
    pub stored_bytes: u64,
    /// The size if all frames were like those of the run that became smallest.
    pub lowest_bytes: u64,
    /// The size if all frames were like those of the run that became largest.
    pub highest_bytes: u64,
    /// Bytes of the samples.
    pub raw_bytes: u64,
    /// Bytes that the input takes on disk, where that is known.
    pub disk_bytes_before: Option<u64>,
}

impl Estimate {
    /// Whether all frames were encoded, so that the size is no estimate.
    pub fn is_exact(&self) -> bool {
        self.sampled_frames == self.frames
    }
}

/// Encodes a sample of `source` into the folder `scratch`, and says how large the whole file would be.
///
/// Up to three runs of neighbouring frames of about 8 MiB each are encoded: from the beginning, the middle and the
/// end, or from the beginning only where the source cannot seek. A stack that is not larger than the sample is
/// encoded whole, and its size is exact.
///
/// # Errors
/// As [`compress`](crate::compress()), but for what concerns the output's name.
pub fn estimate(
    source: &mut dyn FrameSource,
    method: &dyn Method,
    wanted: ErrorBound,
    scratch: &Path,
    limits: &Limits,
    progress: &dyn Progress,
) -> Result<Estimate> {
    let header = source.header().clone();
    let promise = check_promise(method, &header, wanted)?;
    method.available()?;
    let mut spool = spool::for_order(source, method, limits, progress)?;
    let source = spool.as_mut().map_or(source, |spool| spool as &mut dyn FrameSource);
    let disk_bytes_before = source.disk_bytes();
    let mut spec = method.spec();
    let mut more = 0;
    let (sampled, stored) = if is_sampled_whole(&header) || method.order() == Order::None {
        (sample(source, method, Arranged::Yes, scratch, limits, progress)?, header.frames)
    } else {
        // Which frames are neighbours is known of the whole stack only.
        let job = Job::plan(method, source, limits, progress)?;
        spec = job.spec;
        let stored = job.arrangement.stored();
        more = places::to_bytes(&job.arrangement).len() as u64;
        more += ((header.frames - stored) * FrameHashes::HASH_BYTES) as u64;
        let mut arranged = StoredOrder::new(source, &job.arrangement)?;
        (sample(&mut arranged, method, Arranged::Already, scratch, limits, progress)?, stored)
    };
    spec = sampled.spec.clone().unwrap_or(spec);
    let total = |bytes_per_frame: f64| {
        sampled.overhead(stored) + more + (bytes_per_frame * stored as f64).round() as u64
    };
    Ok(Estimate {
        method: spec,
        promise,
        frames: header.frames,
        sampled_frames: sampled.frames(),
        stored_bytes: total(sampled.bytes_per_frame()),
        lowest_bytes: total(sampled.rates().fold(f64::INFINITY, f64::min)),
        highest_bytes: total(sampled.rates().fold(0.0, f64::max)),
        raw_bytes: header.raw_bytes(),
        disk_bytes_before,
    })
}

/// Whether the frames of a sample lie in the method's order.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Arranged {
    /// The caller arranged them.
    Already,
    /// A stack that is encoded whole is arranged by the method.
    Yes,
}

/// Encodes a stack that is small whole, and runs of frames of a larger one.
pub(crate) fn sample(
    source: &mut dyn FrameSource,
    method: &dyn Method,
    arranged: Arranged,
    scratch: &Path,
    limits: &Limits,
    progress: &dyn Progress,
) -> Result<Sampled> {
    let runs = runs(source.header(), source.seeks());
    progress.phase("sampling", runs.iter().map(ExactSizeIterator::len).sum::<usize>() as u64);
    let file = scratch.join(format!("sample{}", method.extension()));
    let whole = runs.len() == 1 && runs[0].len() == source.header().frames;
    let plan = if whole && arranged == Arranged::Yes { Job::plan } else { Job::in_order };
    let (mut measured, mut spec) = (Vec::new(), None);
    for run in runs {
        let frames = run.len();
        let mut part = Part::new(&mut *source, run)?;
        let job = plan(method, &mut part, limits, progress)?;
        measured.push(encode_run(&mut part, method, frames, &file, &job)?);
        spec = Some(job.spec).filter(|_| whole && arranged == Arranged::Yes);
    }
    Ok(Sampled { runs: measured, spec })
}

/// What became of the runs.
pub(crate) struct Sampled {
    runs: Vec<EncodedRun>,
    /// The method with the order that was chosen, where the stack was encoded whole.
    spec: Option<MethodSpec>,
}

impl Sampled {
    fn frames(&self) -> usize {
        self.runs.iter().map(|run| run.frames).sum()
    }

    fn overhead(&self, frames: usize) -> u64 {
        self.runs.iter().map(|run| run.overhead(frames)).max().unwrap_or(0)
    }

    fn rates(&self) -> impl Iterator<Item = f64> {
        self.runs.iter().map(|run| run.sample_bytes as f64 / run.frames as f64)
    }

    /// Bytes of compressed samples for each frame.
    pub(crate) fn bytes_per_frame(&self) -> f64 {
        self.runs.iter().map(|run| run.sample_bytes).sum::<u64>() as f64 / self.frames() as f64
    }
}

/// Whether a stack is so small that its sample is all of it.
pub(crate) fn is_sampled_whole(header: &StackHeader) -> bool {
    runs(header, true).len() == 1
}

/// The runs of a stack.
fn runs(header: &StackHeader, seeks: bool) -> Vec<Range<usize>> {
    sample_runs(header.frames, header.frame_bytes(), seeks)
}

/// The frames to encode: all, or runs spread over the stack.
fn sample_runs(frames: usize, frame_bytes: usize, seeks: bool) -> Vec<Range<usize>> {
    let run = (RUN_BYTES / frame_bytes.max(1)).max(1);
    if run.saturating_mul(RUNS) >= frames {
        // One run, so that the size is that of the finished file.
        return std::iter::once(0..frames).collect();
    }
    if !seeks {
        return std::iter::once(0..run).collect();
    }
    [0, (frames - run) / 2, frames - run].map(|start| start..start + run).to_vec()
}

/// What became of a run.
struct EncodedRun {
    frames: usize,
    sample_bytes: u64,
    stored_bytes: u64,
}

impl EncodedRun {
    /// Bytes of a file of `frames` that are no samples: those of this run, and a hash for each further frame.
    fn overhead(&self, frames: usize) -> u64 {
        let more = frames.saturating_sub(self.frames) * FrameHashes::HASH_BYTES;
        self.stored_bytes.saturating_sub(self.sample_bytes) + more as u64
    }
}

fn encode_run(
    source: &mut dyn FrameSource,
    method: &dyn Method,
    frames: usize,
    file: &Path,
    job: &Job<'_>,
) -> Result<EncodedRun> {
    method.encode(source, file, job)?;
    let stored_bytes = std::fs::metadata(file).map_err(Error::io("read", file))?.len();
    let sample_bytes = method.open(file, job.limits)?.sample_bytes()?;
    std::fs::remove_file(file).map_err(Error::io("remove", file))?;
    Ok(EncodedRun { frames, sample_bytes, stored_bytes })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_stacks_are_taken_whole_and_large_ones_in_three_places() {
        let first = |frames| vec![Range { start: 0, end: frames }];
        assert_eq!(sample_runs(10, 1000, true), first(10));
        let frame = RUN_BYTES / 4;
        assert_eq!(sample_runs(12, frame, true), first(12));
        assert_eq!(sample_runs(100, frame, true), [0..4, 48..52, 96..100]);
        assert_eq!(sample_runs(100, frame, false), first(4));
        assert_eq!(sample_runs(100, RUN_BYTES * 9, true), [0..1, 49..50, 99..100]);
    }

    #[test]
    #[cfg(feature = "hdf5")]
    fn a_stack_that_is_encoded_whole_has_its_exact_size() {
        use stack_core::Silent;
        use stack_core::synthetic::Synthetic;

        let folder = tempfile::tempdir().unwrap();
        let mut source = "texture:frames=20,size=32x32".parse::<Synthetic>().unwrap().source().unwrap();
        let method = crate::method("hdf5:shuffle,gzip=6").unwrap();
        let limits = Limits::default();
        let wanted = ErrorBound::Lossless;
        let found = estimate(&mut source, method.as_ref(), wanted, folder.path(), &limits, &Silent).unwrap();
        let target = folder.path().join("whole.h5");
        let job = Job::plan(method.as_ref(), &mut source, &limits, &Silent).unwrap();
        method.encode(&mut source, &target, &job).unwrap();
        assert!(found.is_exact());
        assert_eq!(found.stored_bytes, std::fs::metadata(&target).unwrap().len());
        assert_eq!((found.lowest_bytes, found.highest_bytes), (found.stored_bytes, found.stored_bytes));
    }
}
