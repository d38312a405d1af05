//! `stackpress measure`: one step of a report row, in a process of its own, so that its parent can measure time and
//! memory of nothing else. What was found is printed as JSON on standard output.

use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use serde::{Deserialize, Serialize};
use stack_core::{Errors, FrameBuf, FrameShape, FrameSource, Limits, Part, Result, Silent};
use stack_methods::{ComparedFrame, ErrorSpread, Job, SpreadMeter};
use stack_report::FramePictures;

use crate::arguments::{Global, MeasureStep, MeasureWords};
use crate::progress::or_cancelled;
use crate::{exit, input, screen};

/// What a step prints.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub(crate) enum Found {
    /// Encoding took so long; the source was open before.
    Encoded { wall_seconds: f64 },
    /// Decoding took so long.
    Decoded { wall_seconds: f64 },
    /// The errors, how they are spread, pictures of the worst frame, what was encoded, and how many bytes are compressed samples.
    Compared(Box<Compared>),
}

/// What comparing finds.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Compared {
    pub(crate) errors: Errors,
    pub(crate) spread: Option<ErrorSpread>,
    pub(crate) pictures: Option<FramePictures>,
    pub(crate) encoded_as: Option<String>,
    pub(crate) sample_bytes: u64,
}

pub(crate) fn run(words: &MeasureWords, global: &Global) -> ExitCode {
    match or_cancelled(step(&words.step, &global.limits())) {
        Ok(found) => {
            screen::print_json(&found);
            ExitCode::SUCCESS
        }
        Err(error) => exit::report(&error),
    }
}

fn step(step: &MeasureStep, limits: &Limits) -> Result<Found> {
    match step {
        MeasureStep::Encode { input, method, file, first, words } => {
            let method = stack_methods::method(method)?;
            let mut source = Part::first(input::open(input, words, limits)?, *first)?;
            let started = Instant::now();
            let job = Job::plan(method.as_ref(), &mut source, limits, &Silent)?;
            method.encode(&mut source, file, &job)?;
            Ok(Found::Encoded { wall_seconds: started.elapsed().as_secs_f64() })
        }
        MeasureStep::Decode { file } => {
            let started = Instant::now();
            decode_all(file, limits)?;
            Ok(Found::Decoded { wall_seconds: started.elapsed().as_secs_f64() })
        }
        MeasureStep::Compare { input, file, first, words } => {
            let source = Part::first(input::open(input, words, limits)?, *first)?;
            compare(source, file, limits)
        }
    }
}

/// Compares every frame once: errors, their spread, and the worst frame, which is kept for its pictures.
fn compare(mut source: Part<Box<dyn FrameSource>>, file: &Path, limits: &Limits) -> Result<Found> {
    let header = source.header().clone();
    let mut meter = SpreadMeter::new(header.frames);
    let mut worst = WorstFrame::default();
    let verified = stack_methods::verify_frames(file, Some(&mut source), limits, &Silent, &mut |frame| {
        meter.add(&frame);
        worst.see(&frame);
    })?;
    let errors = verified.errors.expect("there was a source to compare with");
    let mut reader = stack_methods::open_stack(file, limits)?;
    Ok(Found::Compared(Box::new(Compared {
        spread: (!errors.bit_exact()).then(|| meter.finish()),
        pictures: worst.pictures(header.shape),
        errors,
        encoded_as: reader.encoded_as(),
        sample_bytes: reader.sample_bytes()?,
    })))
}

/// The first of the frames with the largest error, and its copy: two frames are held.
#[derive(Default)]
struct WorstFrame {
    kept: Option<(u64, FrameBuf, FrameBuf)>,
    max_abs: f64,
}

impl WorstFrame {
    fn see(&mut self, frame: &ComparedFrame<'_>) {
        if self.kept.is_none() || frame.errors.max_abs > self.max_abs {
            self.max_abs = frame.errors.max_abs;
            self.kept = Some((frame.index as u64, frame.original.clone(), frame.decoded.clone()));
        }
    }

    fn pictures(&self, shape: FrameShape) -> Option<FramePictures> {
        let (frame, original, decoded) = self.kept.as_ref()?;
        FramePictures::of(*frame, shape, original, decoded)
    }
}

fn decode_all(file: &Path, limits: &Limits) -> Result<()> {
    let mut reader = stack_methods::open_stack(file, limits)?;
    let header = reader.header().clone();
    let mut frame = FrameBuf::for_header(&header);
    for index in 0..header.frames {
        reader.read_frame(index, &mut frame)?;
    }
    Ok(())
}
