//! `stackpress stages`: what single stages of compressors make of a stack, one table a stage.
//!
//! | module | stage | of |
//! |---|---|---|
//! | [`excerpt`] | the neighbouring frames that are looked at, channel by channel | |
//! | [`samples`] | entropy of the samples, run lengths of their bytes | `stack-entropy` |
//! | [`prediction`] | residuals of all predictors, under a Huffman code | `stack-predict`, `stack-entropy` |
//! | [`transform`] | zeros and size after the DCT; KLT against DCT | `stack-transform`, and both |
//! | [`tables`] | the answer for people | |
//!
//! Nothing is computed here that one of the three crates computes. Figures are those of an excerpt, so that those of
//! different stages can be compared; entropies are what an ideal coder needs that knows the shares of all symbols.

mod excerpt;
mod prediction;
mod samples;
mod tables;
mod transform;

use std::path::Path;
use std::process::ExitCode;

use serde::Serialize;
use stack_core::{Error, FrameSource, Limits, PixelType, Progress, Result, StackHeader};

use crate::arguments::{Global, StagesWords};
use crate::progress::{Bar, or_cancelled};
use crate::{exit, input, screen};
use excerpt::{Excerpt, Extent, Stored};
use prediction::Predicted;
use samples::{Information, RunLength};
use transform::{Compacted, Outcome, Quantised};

/// Memory that each sample takes where it takes most: as pairs of doubles in order, beside itself.
const BYTES_A_SAMPLE: usize = 64;
/// Memory that each sample of a plane takes in a thread: codes, and sums and means over the frames.
const BYTES_A_SAMPLE_AND_THREAD: usize = 48;

/// Everything that was measured.
#[derive(Serialize)]
struct Stages {
    name: String,
    sample_type: PixelType,
    significant_bits: u8,
    stack_frames: usize,
    stack_height: usize,
    stack_width: usize,
    excerpt: Extent,
    samples: u64,
    raw_bytes: u64,
    entropy: Information,
    predictors: Vec<Predicted>,
    run_lengths: Vec<RunLength>,
    dct: Outcome<Quantised>,
    compaction: Outcome<Compacted>,
}

pub(crate) fn run(words: &StagesWords, global: &Global) -> ExitCode {
    exit::for_each(input::stacks(&words.inputs), |input| {
        let limits = global.limits();
        let mut source = input.open(&words.input, &limits)?;
        let name = input.word();
        let bar = Bar::new(&name.to_string_lossy(), global);
        let stages = look(source.as_mut(), Path::new(&name), words.samples.get(), &limits, &bar);
        bar.clear();
        let stages = or_cancelled(stages)?;
        if global.json {
            screen::print_json(&stages);
        } else {
            tables::print(&stages);
        }
        Ok(0)
    })
}

fn look(source: &mut dyn FrameSource, name: &Path, most: u64, limits: &Limits, bar: &Bar) -> Result<Stages> {
    let header = source.header().clone();
    limits.check_header(name, &header)?;
    let extent = Extent::of(&header, most, source.seeks());
    let of_threads = BYTES_A_SAMPLE_AND_THREAD * rayon::current_num_threads();
    let asked = u128::from(extent.samples()) * BYTES_A_SAMPLE as u128
        + extent.plane() as u128 * of_threads as u128
        + header.frame_bytes() as u128;
    if asked > u128::from(limits.memory_bytes) {
        return Err(Error::Limit {
            path: name.to_path_buf(),
            quantity: "the memory for the excerpt in bytes",
            asked,
            limit: limits.memory_bytes.into(),
            remedy: "look at fewer --samples, or allow more with --max-memory".into(),
        });
    }
    match header.format.pixel() {
        PixelType::U8 => measure::<u8>(source, name, &header, extent, bar),
        PixelType::U16 => measure::<u16>(source, name, &header, extent, bar),
        PixelType::I16 => measure::<i16>(source, name, &header, extent, bar),
        PixelType::I32 => measure::<i32>(source, name, &header, extent, bar),
        PixelType::F32 => measure::<f32>(source, name, &header, extent, bar),
        PixelType::F64 => measure::<f64>(source, name, &header, extent, bar),
    }
}

fn measure<S: Stored>(
    source: &mut dyn FrameSource,
    name: &Path,
    header: &StackHeader,
    extent: Extent,
    bar: &Bar,
) -> Result<Stages> {
    bar.phase("reading", extent.frames as u64);
    let excerpt = Excerpt::<S>::read(source, extent, bar)?;
    bar.phase("counting", extent.frames as u64);
    let entropy = samples::entropy(&excerpt);
    let run_lengths = samples::run_lengths(&excerpt, bar)?;
    let predictors = prediction::all(&excerpt, bar)?;
    let (dct, compaction) = transform::measure(&excerpt, bar)?;
    Ok(Stages {
        name: name.to_string_lossy().into_owned(),
        sample_type: header.format.pixel(),
        significant_bits: header.format.significant_bits(),
        stack_frames: header.frames,
        stack_height: header.shape.height(),
        stack_width: header.shape.width(),
        excerpt: extent,
        samples: extent.samples(),
        raw_bytes: extent.samples() * S::PIXEL.bytes() as u64,
        entropy,
        predictors,
        run_lengths,
        dct,
        compaction,
    })
}

/// An error of a stage. Sizes are checked before, so samples are what it can complain of.
fn failed<E: std::error::Error>(stage: &'static str) -> impl FnOnce(E) -> Error {
    move |error| Error::parameter(stage, error.to_string(), "look at other frames, or at fewer --samples")
}
