//! `stackpress verify`: decode a stored stack and check every sample.

use std::path::Path;
use std::process::ExitCode;

use stack_core::{FrameSource, Result};
use stack_methods::Verified;

use crate::arguments::{Global, VerifyWords};
use crate::progress::{Bar, or_cancelled};
use crate::shown::shown;
use crate::{exit, input, numbers, screen};

pub(crate) fn run(words: &VerifyWords, global: &Global) -> ExitCode {
    exit::for_each(&words.files, |file| or_cancelled(verify_one(file, words, global)))
}

fn verify_one(file: &Path, words: &VerifyWords, global: &Global) -> Result<u8> {
    let mut source =
        words.against.as_deref().map(|word| input::open(word, &words.input, &global.limits())).transpose()?;
    let bar = Bar::new(&file.display().to_string(), global);
    let against = source.as_mut().map(|source| source.as_mut() as &mut dyn FrameSource);
    let verified = stack_methods::verify(file, against, &global.limits(), &bar);
    bar.clear();
    let verified = verified?;
    if global.json {
        screen::print_json(&verified);
    } else if !global.quiet {
        print(file, &verified);
    }
    Ok(if verified.sealed { 0 } else { exit::SEAL_GONE })
}

fn print(file: &Path, verified: &Verified) {
    let frames = numbers::count(verified.frames_checked as u64);
    screen::print(format!("{}: {}", shown(file), verified.header.describe()));
    if verified.sealed {
        screen::print("  seal intact: every byte is as it was written");
    } else {
        screen::print("  seal gone: another program opened the file for writing after stackpress wrote it");
    }
    screen::print(format!(
        "  frames intact: {frames}/{frames} decode to the samples whose hashes are stored"
    ));
    if let Some(errors) = &verified.errors {
        if errors.bit_exact() {
            screen::print(format!(
                "  identical to the source: {} samples, bit for bit",
                numbers::count(errors.samples)
            ));
        } else {
            let psnr = errors.psnr.map_or_else(String::new, |psnr| format!(", PSNR {psnr:.2} dB"));
            screen::print(format!(
                "  promised: {}; against the source: {} of {} samples differ, max {}, RMSE {:.6}{psnr} (peak {})",
                verified.promise,
                numbers::count(errors.differing),
                numbers::count(errors.samples),
                errors.max_abs,
                errors.rmse,
                errors.psnr_peak_name
            ));
        }
    }
}
