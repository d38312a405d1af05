//! The trait that every compression method has.

use std::path::Path;

use stack_core::{ErrorBound, FrameSource, Limits, Result, StackHeader};

use crate::{Job, MethodSpec, Order, StackReader};

/// A way to store a stack in one self-contained, sealed file.
///
/// A method is a value made from a [`MethodSpec`]; [`method`](crate::method()) makes it. `encode` writes a complete
/// file, and `open` gets that file only, so that hidden side data is impossible.
pub trait Method: Send + Sync {
    /// The specification in canonical form: it makes an equal method again.
    fn spec(&self) -> MethodSpec;

    /// The last part of a default output name, with its dot: `.stack.h5`.
    fn extension(&self) -> &'static str;

    /// What the decoded samples will be like for such a stack.
    ///
    /// # Errors
    /// [`Unsupported`](stack_core::Error::Unsupported) for a stack that the method cannot hold: it never converts
    /// silently.
    fn promise(&self, header: &StackHeader) -> Result<ErrorBound>;

    /// Whether the method can run here.
    ///
    /// # Errors
    /// [`Unavailable`](stack_core::Error::Unavailable) with the line that installs what is missing.
    fn available(&self) -> Result<()> {
        Ok(())
    }

    /// In which order the method wants the frames to be stored.
    fn order(&self) -> Order {
        Order::None
    }

    /// Whether equal frames are each stored, as for a video that is to play in full.
    fn keeps_duplicates(&self) -> bool {
        false
    }

    /// Writes all frames of `source` to the new file `dest`, arranged as `job` says, with header, hashes and seal.
    /// Buffers of frames and chunks stay within [`Limits::memory_bytes`], as far as one frame or chunk allows.
    ///
    /// On an error `dest` may be left incomplete; [`compress`](crate::compress()) writes beside the target and cleans
    /// up.
    ///
    /// # Errors
    /// Those of [`Method::promise`] and [`Method::available`], of the source, and of the operating system.
    fn encode(&self, source: &mut dyn FrameSource, dest: &Path, job: &Job<'_>) -> Result<()>;

    /// Opens a file that this method wrote.
    ///
    /// # Errors
    /// [`Format`](stack_core::Error::Format) or [`Limit`](stack_core::Error::Limit) for a file that is damaged or
    /// asks for too much.
    fn open(&self, file: &Path, limits: &Limits) -> Result<StackReader>;
}
