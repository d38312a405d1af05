//! Checking a finished file: its seal, the hashes of its frames, and the source it was made from.

use std::path::Path;

use serde::Serialize;
use stack_core::measure::FrameErrors;
use stack_core::{
    Error, ErrorBound, ErrorMeter, Errors, FrameBuf, FrameSource, Limits, Progress, Result, StackHeader,
    for_each_frame,
};

use crate::envelope::wrong_hash;
use crate::{MethodSpec, SealState, StackReader, check_seal, open_stack};

/// What a verification found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Verified {
    /// The method that wrote the file.
    pub method: MethodSpec,
    /// What the file holds.
    pub header: StackHeader,
    /// What the method promised when the file was written.
    pub promise: ErrorBound,
    /// Whether the file still has its seal; without one it was changed after it was written, and only the
    /// hashes of the frames speak for it.
    pub sealed: bool,
    /// Number of frames whose decoded samples have the stored hash: all of them.
    pub frames_checked: usize,
    /// Errors against the source, where one was given.
    pub errors: Option<Errors>,
}

/// A frame of a source and its decoded copy, as [`verify_frames`] shows them.
#[derive(Debug, Clone, Copy)]
pub struct ComparedFrame<'a> {
    /// Its place in the stack, from 0.
    pub index: usize,
    /// The samples of the source.
    pub original: &'a FrameBuf,
    /// The samples that came back.
    pub decoded: &'a FrameBuf,
    /// The differences between both.
    pub errors: &'a FrameErrors,
}

/// Decodes every frame of `file` and compares it with the stored hashes and, where one is given, with its source.
///
/// # Errors
/// [`Error::Mismatch`] where bytes differ from the seal, a frame from its hash, or the samples from the source by
/// more than was promised; [`Error::Format`] where the file cannot be read.
pub fn verify(
    file: &Path,
    against: Option<&mut dyn FrameSource>,
    limits: &Limits,
    progress: &dyn Progress,
) -> Result<Verified> {
    verify_frames(file, against, limits, progress, &mut |_| {})
}

/// The same as [`verify`]; `each` sees every frame that is compared with a source, in order, as it is measured.
///
/// # Errors
/// As [`verify`]. Frames before the failure have been shown.
pub fn verify_frames(
    file: &Path,
    against: Option<&mut dyn FrameSource>,
    limits: &Limits,
    progress: &dyn Progress,
    each: &mut dyn FnMut(ComparedFrame<'_>),
) -> Result<Verified> {
    let sealed = match check_seal(file)? {
        SealState::Intact => true,
        SealState::Missing => false,
        SealState::Broken => {
            return Err(Error::mismatch(
                file,
                "the bytes are not those that were sealed: the file is damaged",
                "restore it from a copy",
            ));
        }
    };
    let mut reader = open_stack(file, limits)?;
    let header = reader.header().clone();
    let promise = reader.envelope().promise;
    let method = reader.envelope().method.clone();
    progress.phase("verifying", header.frames as u64);
    let errors = match against {
        Some(source) => Some(verify_against(source, &mut reader, promise, progress, each)?),
        None => {
            check_hashes(&mut reader, progress)?;
            None
        }
    };
    Ok(Verified { method, frames_checked: header.frames, header, promise, sealed, errors })
}

/// Compares with the source under the promise of the file.
fn verify_against(
    source: &mut dyn FrameSource,
    reader: &mut StackReader,
    promise: ErrorBound,
    progress: &dyn Progress,
    each: &mut dyn FnMut(ComparedFrame<'_>),
) -> Result<Errors> {
    let path = reader.path().to_path_buf();
    if !source.header().same_samples_as(reader.header()) {
        return Err(Error::mismatch(
            &path,
            format!("it holds {}, the source has {}", reader.header().describe(), source.header().describe()),
            "compare it with the stack it was made from",
        ));
    }
    let comparison = compare(source, reader, progress, each)?;
    if !comparison.matches_hashes() {
        return Err(Error::mismatch(&path, comparison.first_wrong_hash(), "restore the file from a copy"));
    }
    let errors = comparison.measured;
    if !errors.keeps(promise) {
        return Err(Error::mismatch(
            &path,
            format!(
                "{promise} was promised, but {} of {} samples differ from the source, by at most {}",
                errors.differing, errors.samples, errors.max_abs
            ),
            "the source is another one, or it changed since",
        ));
    }
    Ok(errors)
}

fn check_hashes(reader: &mut StackReader, progress: &dyn Progress) -> Result<()> {
    let hashes = reader.frame_hashes()?;
    let path = reader.path().to_path_buf();
    for_each_frame(reader, progress, |index, frame| hashes.check(&path, index, frame))
}

/// Original and decoded frames, compared.
pub(crate) struct Comparison {
    /// The errors between both.
    pub(crate) measured: Errors,
    wrong_hash: Option<usize>,
}

impl Comparison {
    pub(crate) fn matches_hashes(&self) -> bool {
        self.wrong_hash.is_none()
    }

    pub(crate) fn first_wrong_hash(&self) -> String {
        self.wrong_hash.map(wrong_hash).unwrap_or_default()
    }
}

/// Reads both stacks once, frame by frame, and measures every sample; `each` sees every frame.
pub(crate) fn compare(
    source: &mut dyn FrameSource,
    reader: &mut StackReader,
    progress: &dyn Progress,
    each: &mut dyn FnMut(ComparedFrame<'_>),
) -> Result<Comparison> {
    let hashes = reader.frame_hashes()?;
    let header = reader.header().clone();
    let mut meter = ErrorMeter::new(&header);
    let mut decoded = FrameBuf::for_header(&header);
    let mut wrong_hash = None;
    for_each_frame(source, progress, |index, original| {
        reader.read_frame(index, &mut decoded)?;
        let errors = FrameErrors::between(original, &decoded)?;
        meter.add(index, errors)?;
        each(ComparedFrame { index, original, decoded: &decoded, errors: &errors });
        if wrong_hash.is_none() && !hashes.matches(index, &decoded) {
            wrong_hash = Some(index);
        }
        Ok(())
    })?;
    Ok(Comparison { measured: meter.finish(), wrong_hash })
}
