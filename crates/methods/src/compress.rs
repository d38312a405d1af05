//! From a source to a finished file that was decoded again and compared.

use std::path::Path;

use stack_core::{Error, ErrorBound, Errors, FrameSource, Limits, Progress, Result, StackHeader};

use crate::partial::Partial;
use crate::verify::compare;
use crate::{Job, Method, MethodSpec, SealState, check_seal, spool};

/// What a compression should do beside encoding.
#[derive(Debug, Clone, Copy)]
pub struct CompressOptions {
    /// The promise that the caller asks for; a method that does not give it is refused.
    pub wanted: ErrorBound,
    /// Decode the finished file and compare every sample with the source.
    pub verify: bool,
    /// Overwrite the target.
    pub overwrite: bool,
    /// Keep the file even where it is larger than the input's files.
    pub keep_larger: bool,
    /// Limits for buffers, and for reading the finished file back.
    pub limits: Limits,
}

impl Default for CompressOptions {
    /// No promise asked for, verified, nothing overwritten, nothing larger kept.
    fn default() -> Self {
        Self {
            wanted: ErrorBound::Unbounded,
            verify: true,
            overwrite: false,
            keep_larger: false,
            limits: Limits::default(),
        }
    }
}

/// What came of a compression.
#[derive(Debug, Clone, PartialEq)]
pub struct Compressed {
    /// The stack that was stored.
    pub header: StackHeader,
    /// The method that stored it; with the order that was chosen, where it was `order=auto`.
    pub method: MethodSpec,
    /// What the method promised.
    pub promise: ErrorBound,
    /// Frames that were stored: equal ones are stored once.
    pub stored_frames: usize,
    /// Bytes that the input takes on disk, where that is known.
    pub disk_bytes_before: Option<u64>,
    /// Bytes of the finished file.
    pub stored_bytes: u64,
    /// What was measured on every sample; `None` where verification was switched off.
    pub errors: Option<Errors>,
}

/// Checks that a method gives the wanted promise for such a stack.
///
/// # Errors
/// [`Error::Unsupported`] where it does not, or cannot hold the stack at all.
pub fn check_promise(method: &dyn Method, header: &StackHeader, wanted: ErrorBound) -> Result<ErrorBound> {
    let promise = method.promise(header)?;
    if promise.covers(wanted) {
        return Ok(promise);
    }
    Err(Error::unsupported(
        method.spec().to_string(),
        format!("it promises {} for {}, and {wanted} was asked for", in_words(promise), header.describe()),
        format!("use a lossless method such as {}, or ask for less", crate::DEFAULT_METHOD),
    ))
}

fn in_words(promise: ErrorBound) -> String {
    match promise {
        ErrorBound::Unbounded => "nothing".to_owned(),
        other => other.to_string(),
    }
}

/// Stores `source` in the new file `target`: encodes beside it, decodes the finished file, compares every sample
/// under the promise, and renames.
///
/// # Errors
/// Those of the method and the source; [`Error::Mismatch`] where the decoded samples break the promise;
/// [`Error::NotKept`] where the file is larger than the input's files. On any error there is no output.
pub fn compress(
    source: &mut dyn FrameSource,
    method: &dyn Method,
    target: &Path,
    options: &CompressOptions,
    progress: &dyn Progress,
) -> Result<Compressed> {
    let header = source.header().clone();
    let promise = check_promise(method, &header, options.wanted)?;
    method.available()?;
    let mut spool = spool::for_order(source, method, &options.limits, progress)?;
    let source = spool.as_mut().map_or(source, |spool| spool as &mut dyn FrameSource);
    tracing::info!(stack = header.describe(), method = %method.spec(), %promise, "compressing");
    let partial = Partial::begin(target, options.overwrite)?;
    let file = partial.path();
    let job = Job::plan(method, source, &options.limits, progress)?;
    progress.phase("encoding", job.arrangement.stored() as u64);
    method.encode(source, &file, &job)?;
    let stored_bytes = std::fs::metadata(&file).map_err(Error::io("read", &file))?.len();
    let disk_bytes_before = source.disk_bytes();
    tracing::info!(stored_bytes, disk_bytes_before, file = ?file, "encoded");
    if let Some(before) = disk_bytes_before.filter(|before| stored_bytes > *before && !options.keep_larger) {
        return Err(Error::NotKept { path: target.to_path_buf(), before, after: stored_bytes });
    }
    let errors = if options.verify {
        progress.phase("verifying", header.frames as u64);
        Some(verify_finished(source, method, &file, target, promise, options, progress)?)
    } else {
        None
    };
    tracing::info!(verified = errors.is_some(), target = ?target, "renaming the finished file");
    progress.check()?;
    partial.commit(options.overwrite)?;
    let stored_frames = job.arrangement.stored();
    let method = job.spec;
    Ok(Compressed { header, method, promise, stored_frames, disk_bytes_before, stored_bytes, errors })
}

/// Reads the finished file as any reader would, and compares it with the source.
fn verify_finished(
    source: &mut dyn FrameSource,
    method: &dyn Method,
    file: &Path,
    target: &Path,
    promise: ErrorBound,
    options: &CompressOptions,
    progress: &dyn Progress,
) -> Result<Errors> {
    let broken = |problem: String| {
        Error::mismatch(
            target,
            problem,
            "no output was written; please report this, with the input if you can",
        )
    };
    if check_seal(file)? != SealState::Intact {
        return Err(broken("the seal does not fit the bytes that were just written".into()));
    }
    let mut reader = method.open(file, &options.limits)?;
    if reader.header() != source.header() {
        return Err(broken("the header that comes back is not the one that was stored".into()));
    }
    let errors = compare(source, &mut reader, progress, &mut |_| {})?;
    if !errors.matches_hashes() {
        return Err(broken(errors.first_wrong_hash()));
    }
    let errors = errors.measured;
    if !errors.keeps(promise) {
        return Err(broken(format!(
            "{promise} was promised, but {} of {} samples differ, by at most {}",
            errors.differing, errors.samples, errors.max_abs
        )));
    }
    Ok(errors)
}
