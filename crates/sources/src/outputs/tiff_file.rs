//! A stack as one multipage TIFF file; BigTIFF where it would pass 4 GiB.

use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use stack_core::{Error, FrameBuf, FrameSink, Result, StackHeader};
use tiff::TiffError;
use tiff::encoder::{TiffEncoder, TiffKindBig, TiffKindStandard};

use super::partial::{PartialFile, check_file_target};
use super::tiff_page::{needs_big_tiff, write_page};
use super::{Count, not_started};

/// Writes a multipage TIFF file, page by page, uncompressed; frame names become page names.
pub struct TiffSink {
    target: PathBuf,
    overwrite: bool,
    begun: Option<Begun>,
}

struct Begun {
    // Declared before the file: it lets go of its share first.
    encoder: Encoder,
    file: Shared,
    count: Count,
}

enum Encoder {
    Classic(TiffEncoder<Shared, TiffKindStandard>),
    Big(TiffEncoder<Shared, TiffKindBig>),
}

impl TiffSink {
    /// A sink for the file `target`.
    ///
    /// # Errors
    /// [`Error::Parameter`] if the file is there and `overwrite` is false, or it is a folder.
    pub fn new(target: &Path, overwrite: bool) -> Result<Self> {
        check_file_target(target, overwrite)?;
        Ok(Self { target: target.to_path_buf(), overwrite, begun: None })
    }
}

impl FrameSink for TiffSink {
    fn start(&mut self, header: &StackHeader) -> Result<()> {
        let count = Count::new(header)?;
        let file = Shared(Arc::new(Mutex::new(PartialFile::create(&self.target, self.overwrite)?)));
        let encoder = if needs_big_tiff(header) {
            TiffEncoder::new_big(file.clone()).map(Encoder::Big)
        } else {
            TiffEncoder::new(file.clone()).map(Encoder::Classic)
        };
        let encoder = encoder.map_err(|error| write_error(&self.target, error))?;
        self.begun = Some(Begun { encoder, file, count });
        Ok(())
    }

    fn push(&mut self, frame: &FrameBuf) -> Result<()> {
        let Begun { encoder, count, .. } = self.begun.as_mut().ok_or_else(not_started)?;
        let index = count.next(frame)?;
        let header = &count.header;
        let name = header.meta.frame_names.get(index).map(String::as_str);
        match encoder {
            Encoder::Classic(encoder) => write_page(encoder, header, frame, name),
            Encoder::Big(encoder) => write_page(encoder, header, frame, name),
        }
        .map_err(|error| write_error(&self.target, error))
    }

    fn finish(&mut self) -> Result<()> {
        let Begun { encoder, file, count } = self.begun.take().ok_or_else(not_started)?;
        count.complete()?;
        drop(encoder);
        let file = Arc::into_inner(file.0).ok_or_else(not_started)?;
        file.into_inner().unwrap_or_else(PoisonError::into_inner).finish()
    }
}

pub(super) fn write_error(target: &Path, error: TiffError) -> Error {
    match error {
        TiffError::IoError(error) => Error::io("write", target)(error),
        error => Error::unsupported("TIFF", error.to_string(), "write a .npy file instead"),
    }
}

/// The file, shared with the encoder, which does not give back what it writes to.
#[derive(Clone)]
struct Shared(Arc<Mutex<PartialFile>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).flush()
    }
}

impl Seek for Shared {
    fn seek(&mut self, position: SeekFrom) -> io::Result<u64> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).seek(position)
    }
}
