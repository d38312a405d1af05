//! Where stacks go to: folders of images, multipage TIFF, `.npy`; and single frames.
//!
//! ```text
//! frames --> sink --> a partial file or folder beside the target --finish--> renamed to the target
//!                              \--dropped without finish--> removed
//! ```
//!
//! | module | subject |
//! |---|---|
//! | [`partial`] | outputs that appear whole or not at all |
//! | [`names`] | file names for the frames of a folder |
//! | [`image_file`] | one frame as PNG, TIFF or `.npy` |
//! | [`folder`], [`tiff_file`], [`npy_file`] | the sinks |
//! | [`compression`] | how TIFF pages are compressed |
//! | `description`, `png` | descriptions that stay true; PNG and its chunks |
//!
//! The same frames give the same bytes on every machine: PNG is compressed by `fdeflate`, TIFF and `.npy` are
//! little-endian. What came with the frames (profiles, Exif data, tags; see [`blocks`](crate::blocks)) is written
//! back as far as the format can hold it.

pub mod compression;
mod description;
pub mod folder;
pub mod image_file;
pub mod names;
pub mod npy_file;
pub mod partial;
mod png;
pub mod tiff_file;
mod tiff_page;

use std::path::Path;

use stack_core::{Error, FrameBuf, FrameSink, Result, StackHeader};

use crate::kind::FileKind;

pub use compression::TiffCompression;
pub use folder::FolderSink;
pub use image_file::write_frame_image;
pub use npy_file::NpySink;
pub use tiff_file::TiffSink;

/// How an output is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OutputOptions {
    /// Whether what is there is replaced.
    pub overwrite: bool,
    /// How TIFF pages are compressed: those of one file, and those of a folder.
    pub tiff_compression: TiffCompression,
}

/// Makes the sink that a target's name asks for: `.npy`, `.tif` or `.tiff` (multipage), otherwise a folder of
/// PNG images, or of TIFF images where the frames came from TIFF or PNG cannot hold the samples (i16, i32, f32, f64).
///
/// Nothing is written before [`FrameSink::start`]; the target appears at [`FrameSink::finish`].
///
/// # Errors
/// [`Error::Parameter`] if the target exists and is not to be overwritten, if it cannot be overwritten (a folder that
/// holds anything but images), or if its name is that of another kind of file.
pub fn open_output(path: &Path, header: &StackHeader, options: &OutputOptions) -> Result<Box<dyn FrameSink>> {
    header.check()?;
    match FileKind::of_name(path) {
        [FileKind::Npy] => Ok(Box::new(NpySink::new(path, options.overwrite)?)),
        [FileKind::Tiff] => Ok(Box::new(TiffSink::new(path, options)?)),
        [] => Ok(Box::new(FolderSink::new(path, options)?)),
        [kind, ..] => Err(Error::parameter(
            path.display().to_string(),
            format!("frames are not written as {}", kind.describe()),
            "name a folder, a .tif or a .npy file",
        )),
    }
}

/// How far a sink is: refuses frames that do not fit the header, and a wrong number of them.
struct Count {
    header: StackHeader,
    pushed: usize,
}

impl Count {
    fn new(header: &StackHeader) -> Result<Self> {
        header.check()?;
        Ok(Self { header: header.clone(), pushed: 0 })
    }

    /// Checks the next frame; gives its number.
    fn next(&mut self, frame: &FrameBuf) -> Result<usize> {
        check_frame(&self.header, frame)?;
        if self.pushed == self.header.frames {
            return Err(self.wrong("more"));
        }
        self.pushed += 1;
        Ok(self.pushed - 1)
    }

    fn complete(&self) -> Result<()> {
        if self.pushed == self.header.frames { Ok(()) } else { Err(self.wrong("fewer")) }
    }

    fn wrong(&self, relation: &str) -> Error {
        Error::parameter(
            "frames",
            format!("{relation} frames are written than the {} that were announced", self.header.frames),
            "announce the exact number of frames",
        )
    }
}

/// Checks that a frame is one of `header`'s stack.
fn check_frame(header: &StackHeader, frame: &FrameBuf) -> Result<()> {
    if frame.pixel() == header.format.pixel() && frame.len() == header.shape.samples() {
        return Ok(());
    }
    Err(Error::parameter(
        "frame",
        format!("{} samples of {} do not fit {}", frame.len(), frame.pixel(), header.describe()),
        "write frames of the announced shape and type",
    ))
}

fn not_started() -> Error {
    Error::parameter("frames", "the output was not started", "call start before push and finish")
}
