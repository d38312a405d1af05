//! Bare samples in a file, frame after frame: what `.npy`, stored `.npz` members and raw files come down to.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use stack_core::{
    Error, FrameBuf, FrameShape, FrameSource, Limits, PixelType, Result, SampleFormat, StackHeader,
    check_frame_index,
};

use crate::column_major;
use crate::npy::NpyHeader;

/// Which byte of a sample comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ByteOrder {
    /// Least significant byte first.
    Little,
    /// Most significant byte first.
    Big,
}

/// Bytes that can be read from any offset: a file, or a temporary copy of what cannot be read in place.
pub(crate) trait Storage: Read + Seek + Send {}

impl<S: Read + Seek + Send> Storage for S {}

/// Where an array's samples are.
pub(crate) struct Samples {
    pub(crate) storage: Box<dyn Storage>,
    /// Offset of the first sample, in bytes.
    pub(crate) start: u64,
    pub(crate) byte_order: ByteOrder,
    /// Whether rows vary fastest inside a frame, channels slowest.
    pub(crate) column_major: bool,
}

/// A stack whose frames are bare samples at a fixed distance; any frame is one seek and one read away.
pub struct ArraySource {
    path: PathBuf,
    header: StackHeader,
    samples: Samples,
    disk_bytes: u64,
    /// A frame as it is stored, where it must be rearranged.
    stored: Vec<u8>,
}

impl ArraySource {
    /// A stack of samples that are known to be there, from `samples.start` on.
    pub(crate) fn new(path: &Path, header: StackHeader, samples: Samples, disk_bytes: u64) -> Self {
        Self { path: path.to_path_buf(), header, samples, disk_bytes, stored: Vec::new() }
    }

    /// Opens a `.npy` file of 2 (one frame), 3 or 4 axes (the last with at most four channels).
    ///
    /// Only the header is read. An array in Fortran order that has more than one frame is rearranged into a
    /// temporary file first; see [`column_major`] for what that costs.
    ///
    /// # Errors
    /// [`Error::Format`] for a damaged header, an array that is not a stack, or a file that is shorter or longer
    /// than its header says; [`Error::Limit`]; what the operating system refuses.
    pub fn open_npy(path: &Path, limits: &Limits) -> Result<Self> {
        let mut file = File::open(path).map_err(Error::io("read", path))?;
        let file_bytes = file.metadata().map_err(Error::io("read", path))?.len();
        let header = NpyHeader::read(path, &mut file)?;
        let start = file.stream_position().map_err(Error::io("read", path))?;
        let place =
            Place { path, start, available: file_bytes.saturating_sub(start), disk_bytes: file_bytes };
        Self::of_npy(Box::new(file), &header, &place, limits)
    }

    /// A stack in `storage`, whose samples `header` describes.
    pub(crate) fn of_npy(
        mut storage: Box<dyn Storage>,
        header: &NpyHeader,
        place: &Place<'_>,
        limits: &Limits,
    ) -> Result<Self> {
        let path = place.path;
        let stack = stack_header(path, &header.shape, header.pixel, limits)?;
        check_size(path, &stack, place.available)?;
        let mut start = place.start;
        if header.fortran_order && stack.frames > 1 {
            storage = column_major::gather_frames(path, storage.as_mut(), start, &stack, limits)?;
            start = 0;
        }
        let samples =
            Samples { storage, start, byte_order: header.byte_order, column_major: header.fortran_order };
        Ok(Self::new(path, stack, samples, place.disk_bytes))
    }
}

/// Where an array lies: in which file, from which offset, and how many bytes there are.
pub(crate) struct Place<'a> {
    pub(crate) path: &'a Path,
    pub(crate) start: u64,
    pub(crate) available: u64,
    pub(crate) disk_bytes: u64,
}

/// The header of a stack with these axes: (H, W), (T, H, W) or (T, H, W, C).
pub(crate) fn stack_header(
    path: &Path,
    shape: &[u64],
    pixel: PixelType,
    limits: &Limits,
) -> Result<StackHeader> {
    let refuse = |problem: &str, remedy: &str| Err(Error::format(path, field_of(shape), problem, remedy));
    let [frames, height, width, channels] = match *shape {
        [height, width] => [1, height, width, 1],
        [frames, height, width] => [frames, height, width, 1],
        [frames, height, width, channels] => [frames, height, width, channels],
        _ => {
            return refuse(
                "a stack has 2 axes (height, width), 3 (frames, height, width) or 4 (and channels)",
                "reshape the array",
            );
        }
    };
    if shape.contains(&0) {
        return refuse("an axis has length 0", "give at least one frame of at least one pixel");
    }
    if channels > FrameShape::MAX_CHANNELS as u64 {
        return refuse(
            "the last of 4 axes is channels, of which there are at most 4",
            "move the channel axis last, or reshape to (frames, height, width)",
        );
    }
    let samples = [frames, height, width, channels, pixel.bytes() as u64]
        .iter()
        .try_fold(1_u64, |product, &length| product.checked_mul(length));
    if samples.is_none() {
        return refuse("the number of bytes overflows 64 bits", "the file is damaged; write it again");
    }
    Limits::check(path, "the number of frames", frames.into(), limits.frames)?;
    let header = (|| {
        let lengths = [frames, height, width, channels].map(usize::try_from);
        let [Ok(frames), Ok(height), Ok(width), Ok(channels)] = lengths else {
            return Err(Error::parameter(
                "shape",
                "it is too large for this machine",
                "use a 64-bit machine",
            ));
        };
        StackHeader::new(frames, FrameShape::new(height, width, channels)?, SampleFormat::full(pixel))
    })()
    .map_err(|error| Error::format(path, field_of(shape), error.to_string(), "write the file again"))?;
    limits.check_header(path, &header)?;
    Ok(header)
}

fn field_of(shape: &[u64]) -> String {
    let lengths: Vec<String> = shape.iter().map(u64::to_string).collect();
    format!("shape ({})", lengths.join(", "))
}

/// Compares the bytes that the header asks for with those there are; both sizes are named.
pub(crate) fn check_size(path: &Path, header: &StackHeader, available: u64) -> Result<()> {
    let needed = header.raw_bytes();
    if needed == available {
        return Ok(());
    }
    let (relation, remedy) = if available < needed {
        ("cut off", "copy or write the file again")
    } else {
        ("too long", "check the shape and the sample type, and save each array to a file of its own")
    };
    Err(Error::format(
        path,
        "samples",
        format!("the file is {relation}: {} need {needed} bytes, there are {available}", header.describe()),
        remedy,
    ))
}

impl FrameSource for ArraySource {
    fn header(&self) -> &StackHeader {
        &self.header
    }

    fn read_frame(&mut self, index: usize, into: &mut FrameBuf) -> Result<()> {
        check_frame_index(&self.header, index)?;
        into.fit(&self.header);
        let Samples { storage, start, byte_order, column_major } = &mut self.samples;
        let offset = *start + index as u64 * self.header.frame_bytes() as u64;
        let (shape, word) = (self.header.shape, self.header.format.pixel().bytes());
        into.fill_le_bytes(|bytes| {
            storage.seek(SeekFrom::Start(offset))?;
            if *column_major {
                self.stored.resize(bytes.len(), 0);
                storage.read_exact(&mut self.stored)?;
                column_major::to_row_major(&self.stored, bytes, shape, word);
            } else {
                storage.read_exact(bytes)?;
            }
            if *byte_order == ByteOrder::Big {
                bytes.chunks_exact_mut(word).for_each(<[u8]>::reverse);
            }
            Ok(())
        })
        .map_err(|error: io::Error| match error.kind() {
            // A checksum: what was read is not what was written.
            io::ErrorKind::InvalidData => {
                let remedy = "the file is damaged; write it again";
                Error::format(&self.path, format!("frame {index}"), error.to_string(), remedy)
            }
            _ => Error::io("read", &self.path)(error),
        })
    }

    fn disk_bytes(&self) -> Option<u64> {
        Some(self.disk_bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape_error(shape: &[u64]) -> String {
        stack_header(Path::new("x.npy"), shape, PixelType::F64, &Limits::default()).unwrap_err().to_string()
    }

    #[test]
    fn axes_become_frames() {
        let header = |shape: &[u64]| {
            stack_header(Path::new("x.npy"), shape, PixelType::U8, &Limits::default()).unwrap().describe()
        };
        assert_eq!(header(&[5, 7]), "1 frame of 5 x 7, u8");
        assert_eq!(header(&[5, 7, 3]), "5 frames of 7 x 3, u8");
        assert_eq!(header(&[2, 5, 7, 3]), "2 frames of 5 x 7 x 3, u8");
    }

    #[test]
    fn impossible_axes_are_named() {
        assert!(shape_error(&[]).contains("shape (): a stack has 2 axes"));
        assert!(shape_error(&[7]).contains("shape (7)"));
        assert!(shape_error(&[1, 2, 3, 4, 5]).contains("shape (1, 2, 3, 4, 5)"));
        assert!(shape_error(&[0, 3, 4]).contains("shape (0, 3, 4): an axis has length 0"));
        assert!(shape_error(&[2, 3, 4, 5]).contains("at most 4"));
        assert!(shape_error(&[1 << 32, 1 << 20, 1 << 20]).contains("overflows"));
        assert!(shape_error(&[u64::MAX, 1, 1]).contains("overflows"));
        assert!(shape_error(&[1_000_000_000_000, 1, 1]).contains("number of frames is 1000000000000"));
        assert!(shape_error(&[1, 1 << 20, 1 << 20]).contains("size of a frame in bytes"));
    }
}
