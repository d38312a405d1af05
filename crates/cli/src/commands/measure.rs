//! `stackpress measure`: one step of a report row, in a process of its own, so that its parent can measure time and
//! memory of nothing else. What was found is printed as JSON on standard output.

use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use serde::{Deserialize, Serialize};
use stack_core::{Errors, FrameBuf, FrameSource, Limits, Result, Silent};

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
    /// The errors, what was encoded, and how many bytes are compressed samples.
    Compared { errors: Box<Errors>, encoded_as: Option<String>, sample_bytes: u64 },
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
            let mut source = input::FirstFrames::of(input::open(input, words, limits)?, *first)?;
            let started = Instant::now();
            method.encode(&mut source, file, limits, &Silent)?;
            Ok(Found::Encoded { wall_seconds: started.elapsed().as_secs_f64() })
        }
        MeasureStep::Decode { file } => {
            let started = Instant::now();
            decode_all(file, limits)?;
            Ok(Found::Decoded { wall_seconds: started.elapsed().as_secs_f64() })
        }
        MeasureStep::Compare { input, file, first, words } => {
            let mut source = input::FirstFrames::of(input::open(input, words, limits)?, *first)?;
            let verified = stack_methods::verify(file, Some(&mut source), limits, &Silent)?;
            let mut reader = stack_methods::open_stack(file, limits)?;
            Ok(Found::Compared {
                errors: Box::new(verified.errors.expect("there was a source to compare with")),
                encoded_as: reader.encoded_as(),
                sample_bytes: reader.sample_bytes()?,
            })
        }
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
