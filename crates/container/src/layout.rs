//! How the samples of a stack are laid out in a file: filters, and frames in a chunk.

use stack_core::{Error, Result, StackHeader};

use crate::filter::{Filter, FilterPipeline};
use crate::filters::lz4;

/// Bytes that a chunk of whole frames aims at by default.
const TARGET_CHUNK_BYTES: usize = 1 << 20;

/// HDF5 stores the size of a chunk in 32 bits.
const MAX_CHUNK_BYTES: usize = u32::MAX as usize;

/// Filters and chunks of `/stack`.
///
/// ```
/// use stack_container::Layout;
/// use stack_core::{FrameShape, PixelType, SampleFormat, StackHeader};
/// let header = StackHeader::new(1728, FrameShape::gray(201, 301)?, SampleFormat::full(PixelType::U16))?;
/// let layout = Layout { filters: "shuffle,gzip=9".parse()?, chunk_frames: None };
/// assert_eq!(layout.frames_per_chunk(&header)?, 8); // 8 x 121,002 bytes are just below 1 MiB
/// # Ok::<(), stack_core::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Layout {
    /// What each chunk goes through. Without filters and `chunk_frames`, the dataset is contiguous.
    pub filters: FilterPipeline,
    /// Frames in one chunk; `None`: as many as fit into 1 MiB, at least one.
    pub chunk_frames: Option<usize>,
}

impl Layout {
    /// Frames in one chunk of a stack; never more than the stack has.
    ///
    /// # Errors
    /// [`Error::Parameter`] for chunks of no frames; [`Error::Unsupported`] for chunks that HDF5 or the
    /// compressor cannot hold.
    pub fn frames_per_chunk(&self, header: &StackHeader) -> Result<usize> {
        let wanted = match self.chunk_frames {
            Some(0) => {
                return Err(Error::parameter("chunk frames", "a chunk has no frames", "use at least 1"));
            }
            Some(frames) => frames,
            None => (TARGET_CHUNK_BYTES / header.frame_bytes()).max(1),
        };
        let frames = wanted.min(header.frames);
        // A checksum and the headers of compressors must fit as well.
        let room = if self.filters.filters().contains(&Filter::Lz4) {
            lz4::MAX_BYTES
        } else {
            MAX_CHUNK_BYTES - 4096
        };
        match frames.checked_mul(header.frame_bytes()) {
            Some(bytes) if bytes <= room || self.is_contiguous() => Ok(frames),
            _ => Err(Error::unsupported(
                "hdf5",
                format!("a chunk of {frames} frames of {} bytes is above {room} bytes", header.frame_bytes()),
                "use fewer frames in a chunk, or smaller frames",
            )),
        }
    }

    /// Whether the samples lie in one piece, without chunks.
    pub fn is_contiguous(&self) -> bool {
        self.filters.is_empty() && self.chunk_frames.is_none()
    }
}

#[cfg(test)]
mod tests {
    use stack_core::{FrameShape, PixelType, SampleFormat};

    use super::*;

    fn header(frames: usize, height: usize, width: usize) -> StackHeader {
        let shape = FrameShape::gray(height, width).unwrap();
        StackHeader::new(frames, shape, SampleFormat::full(PixelType::U16)).unwrap()
    }

    fn layout(words: &str, chunk_frames: Option<usize>) -> Layout {
        Layout { filters: words.parse().unwrap(), chunk_frames }
    }

    #[test]
    fn chunks_have_at_least_one_frame_and_at_most_the_stack() {
        assert_eq!(layout("lz4", None).frames_per_chunk(&header(10, 2000, 2000)).unwrap(), 1);
        assert_eq!(layout("lz4", None).frames_per_chunk(&header(3, 4, 4)).unwrap(), 3);
        assert_eq!(layout("lz4", Some(99)).frames_per_chunk(&header(3, 4, 4)).unwrap(), 3);
        assert!(layout("lz4", Some(0)).frames_per_chunk(&header(3, 4, 4)).is_err());
    }

    #[test]
    fn chunks_that_hdf5_cannot_hold_are_refused() {
        let huge = header(9, 1 << 16, 1 << 16);
        assert!(
            layout("gzip", None).frames_per_chunk(&huge).unwrap_err().to_string().contains("fewer frames")
        );
        assert_eq!(layout("", None).frames_per_chunk(&huge).unwrap(), 1);
        assert!(layout("", Some(1)).frames_per_chunk(&huge).is_err());
    }
}
