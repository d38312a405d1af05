//! How much an untrusted file may ask for.

use std::path::Path;

use crate::{Error, Result, StackHeader};

/// Finite limits for what a file's header may claim. Every reader checks them before it allocates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Most frames in a stack.
    pub frames: u64,
    /// Most bytes of samples in one frame.
    pub frame_bytes: u64,
    /// Most bytes of one stored chunk, before and after decompression.
    pub chunk_bytes: u64,
    /// Most bytes of headers, names and tables together.
    pub metadata_bytes: u64,
    /// Most bytes that buffers of frames and chunks may take together.
    pub memory_bytes: u64,
}

impl Default for Limits {
    /// 100 million frames of at most 1 GiB, chunks of 1 GiB, 4 GiB of tables, 2 GiB of buffers.
    fn default() -> Self {
        Self {
            frames: 100_000_000,
            frame_bytes: 1 << 30,
            chunk_bytes: 1 << 30,
            metadata_bytes: 4 << 30,
            memory_bytes: 2 << 30,
        }
    }
}

impl Limits {
    /// Checks a claimed quantity before anything is allocated for it.
    ///
    /// # Errors
    /// [`Error::Limit`] that names the quantity, the claim and the limit.
    pub fn check(path: &Path, quantity: &'static str, asked: u128, limit: u64) -> Result<()> {
        if asked <= u128::from(limit) {
            return Ok(());
        }
        Err(Error::Limit {
            path: path.to_path_buf(),
            quantity,
            asked,
            limit: u128::from(limit),
            remedy: "the header is damaged, or raise the limit".into(),
        })
    }

    /// Checks number and size of the frames that a header claims.
    ///
    /// # Errors
    /// [`Error::Limit`]; [`Error::Format`] where the header contradicts itself.
    pub fn check_header(&self, path: &Path, header: &StackHeader) -> Result<()> {
        header.check().map_err(|error| {
            Error::format(path, "header", error.to_string(), "the file is damaged or was not written by us")
        })?;
        Self::check(path, "the number of frames", header.frames as u128, self.frames)?;
        Self::check(path, "the size of a frame in bytes", header.frame_bytes() as u128, self.frame_bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{FrameShape, PixelType, SampleFormat};

    #[test]
    fn a_trillion_frames_are_refused() {
        let shape = FrameShape::gray(1, 1).unwrap();
        let header = StackHeader::new(1_000_000_000_000, shape, SampleFormat::full(PixelType::U8)).unwrap();
        let error = Limits::default().check_header(Path::new("x.h5"), &header).unwrap_err();
        assert!(error.to_string().contains("number of frames is 1000000000000"), "{error}");
    }
}
