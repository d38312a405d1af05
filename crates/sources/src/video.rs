//! Videos, through the `stack-video` crate if this build has it.

use std::path::Path;

#[cfg(not(feature = "video"))]
use stack_core::Error;
use stack_core::{FrameSource, Limits, Result};

/// Opens a video of any program, or a file of ours.
///
/// A file of ours is read as the frames that lie in it, each found by its number.
#[cfg(feature = "video")]
pub(crate) fn open(path: &Path, limits: &Limits) -> Result<Box<dyn FrameSource>> {
    use stack_video::{VideoFile, VideoSource, is_stack_video};

    if is_stack_video(path)? {
        return Ok(Box::new(VideoFile::open(path, limits)?));
    }
    Ok(Box::new(VideoSource::open(path, limits)?))
}

#[cfg(not(feature = "video"))]
pub(crate) fn open(path: &Path, _: &Limits) -> Result<Box<dyn FrameSource>> {
    Err(Error::unavailable(
        "video",
        format!("this build cannot read {}", path.display()),
        "build with the feature video (on by default), or save its frames as images",
    ))
}
