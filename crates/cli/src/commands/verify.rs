//! `stackpress verify`: decode a stored stack and check every sample; with `--pictures`, show what differs.

#[cfg(feature = "hdf5")]
mod components;
mod pictures;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde::Serialize;
use stack_core::{Error, FrameSource, Result};
use stack_methods::{ComparedFrame, Verified};

use crate::arguments::{Global, VerifyWords};
use crate::progress::{Bar, or_cancelled};
use crate::shown::shown;
use crate::{exit, input, numbers, screen};

/// What is printed as JSON.
#[derive(Serialize)]
struct Found<'a> {
    #[serde(flatten)]
    verified: &'a Verified,
    /// Files that were written.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pictures: Vec<String>,
}

pub(crate) fn run(words: &VerifyWords, global: &Global) -> ExitCode {
    if words.pictures.is_some() && words.files.len() > 1 {
        return exit::report(&Error::parameter(
            "--pictures",
            format!("one folder is named for {} files", words.files.len()),
            "look at them one by one",
        ));
    }
    exit::for_each(&words.files, |file| or_cancelled(verify_one(file, words, global)))
}

fn verify_one(file: &Path, words: &VerifyWords, global: &Global) -> Result<u8> {
    let mut source =
        words.against.as_deref().map(|word| input::open(word, &words.input, &global.limits())).transpose()?;
    let mut seen = match (&words.pictures, &words.against, &source) {
        (Some(folder), Some(word), Some(source)) => {
            if input::is_same_file(word, folder) {
                return Err(Error::parameter(
                    "--pictures",
                    "the pictures would lie among those of the stack",
                    "name another folder",
                ));
            }
            Some(Seen::new(source.as_ref()))
        }
        _ => None,
    };
    let bar = Bar::new(&file.display().to_string(), global);
    let against = source.as_mut().map(|source| source.as_mut() as &mut dyn FrameSource);
    let mut look = |frame: ComparedFrame<'_>| {
        if let Some(seen) = &mut seen {
            seen.see(file, global, frame);
        }
    };
    let verified = stack_methods::verify_frames(file, against, &global.limits(), &bar, &mut look);
    bar.clear();
    let mut drawn = Vec::new();
    if let (Some(seen), Some(folder)) = (seen, &words.pictures) {
        match &verified {
            // A broken promise is what pictures are for; other errors leave nothing to draw.
            Ok(_) | Err(Error::Mismatch { .. }) if seen.complete() => drawn = seen.write(folder, global)?,
            _ => {}
        }
    }
    let pictures: Vec<String> = drawn.iter().map(|path| path.display().to_string()).collect();
    if let Err(error) = verified {
        print_pictures(&drawn, global);
        return Err(error);
    }
    let verified = verified?;
    if global.json {
        screen::print_json(&Found { verified: &verified, pictures });
    } else if !global.quiet {
        print(file, &verified);
    }
    print_pictures(&drawn, global);
    Ok(if verified.sealed { 0 } else { exit::SEAL_GONE })
}

fn print_pictures(drawn: &[PathBuf], global: &Global) {
    if !global.json && !global.quiet {
        drawn.iter().for_each(|path| screen::print(format!("  picture: {}", shown(path))));
    }
}

/// What the pictures are made of.
struct Seen {
    frames: usize,
    album: pictures::Album,
    /// Opened with the first frame, after the seal was checked.
    #[cfg(feature = "hdf5")]
    components: components::Opened,
}

impl Seen {
    fn new(source: &dyn FrameSource) -> Self {
        Self {
            frames: 0,
            album: pictures::Album::new(source.header()),
            #[cfg(feature = "hdf5")]
            components: components::Opened::NotYet,
        }
    }

    #[cfg_attr(not(feature = "hdf5"), expect(unused_variables, reason = "only HDF5 files hold components"))]
    fn see(&mut self, file: &Path, global: &Global, frame: ComparedFrame<'_>) {
        self.frames += 1;
        self.album.see(frame);
        #[cfg(feature = "hdf5")]
        self.components.see(file, &global.limits(), frame);
    }

    /// Whether all frames were seen.
    fn complete(&self) -> bool {
        self.frames == self.album.frames()
    }

    fn write(self, folder: &Path, global: &Global) -> Result<Vec<PathBuf>> {
        std::fs::create_dir_all(folder).map_err(Error::io("create", folder))?;
        let mut names = self.album.write(folder, global.force)?;
        #[cfg(feature = "hdf5")]
        names.extend(self.components.write(folder, global.force)?);
        Ok(names.iter().map(|name| folder.join(name)).collect())
    }
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
