//! `stackpress frame`: one frame of a stored stack as a picture.

use std::path::PathBuf;
use std::process::ExitCode;

use stack_core::{Error, FrameBuf, FrameSource, PixelType, Result, StackHeader};

use crate::arguments::{FrameWords, Global};
use crate::exit;
use crate::shown::shown;

pub(crate) fn run(words: &FrameWords, global: &Global) -> ExitCode {
    match write_frame(words, global) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => exit::report(&error),
    }
}

fn write_frame(words: &FrameWords, global: &Global) -> Result<()> {
    let mut reader = stack_methods::open_stack(&words.file, &global.limits())?;
    let header = reader.header().clone();
    let mut frame = FrameBuf::for_header(&header);
    reader.read_frame(words.number, &mut frame)?;
    reader.check_frame(words.number, &frame)?;
    let picture = words.output.clone().unwrap_or_else(|| default_name(words, &header));
    if picture.exists() && !global.force {
        return Err(Error::parameter(
            picture.display().to_string(),
            "the output exists",
            "name another with -o, or overwrite it with -f",
        ));
    }
    stack_sources::write_frame_image(&picture, &header.part(words.number..words.number + 1)?, &frame)?;
    if !global.quiet {
        eprintln!("frame {} of {} -> {}", words.number, shown(&words.file), shown(&picture));
    }
    Ok(())
}

/// `cells.stack.h5` and 7 give `cells.stack.h5.7.png`, or `.tif` for samples that PNG cannot hold.
fn default_name(words: &FrameWords, header: &StackHeader) -> PathBuf {
    let extension = match header.format.pixel() {
        PixelType::U8 | PixelType::U16 => "png",
        _ => "tif",
    };
    let mut name = words.file.clone().into_os_string();
    name.push(format!(".{}.{extension}", words.number));
    PathBuf::from(name)
}
