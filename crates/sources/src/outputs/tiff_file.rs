//! A stack as one multipage TIFF file; BigTIFF where it would pass 4 GiB.

use std::path::{Path, PathBuf};

use stack_core::{Error, FrameBuf, FrameSink, Result, StackHeader};

use super::compression::TiffCompression;
use super::partial::{PartialFile, check_file_target};
use super::tiff_page::{Page, needs_big_tiff, write_page};
use super::{Count, OutputOptions, not_started};
use crate::blocks::BlockCursor;
use crate::pages::writer::TiffWriter;

/// Writes a multipage TIFF file, page by page, little-endian. Tags that came with a frame are its page's tags
/// again; where a frame came without a page name, its name is the page's.
pub struct TiffSink {
    target: PathBuf,
    overwrite: bool,
    compression: TiffCompression,
    begun: Option<Begun>,
}

struct Begun {
    writer: TiffWriter<PartialFile>,
    count: Count,
    blocks: BlockCursor,
}

impl TiffSink {
    /// A sink for the file `target`.
    ///
    /// # Errors
    /// [`Error::Parameter`] if the file is there and is not to be overwritten, or it is a folder.
    pub fn new(target: &Path, options: &OutputOptions) -> Result<Self> {
        check_file_target(target, options.overwrite)?;
        let (overwrite, compression) = (options.overwrite, options.tiff_compression);
        Ok(Self { target: target.to_path_buf(), overwrite, compression, begun: None })
    }
}

impl FrameSink for TiffSink {
    fn start(&mut self, header: &StackHeader) -> Result<()> {
        let count = Count::new(header)?;
        let blocks = BlockCursor::new(&header.meta);
        let file = PartialFile::create(&self.target, self.overwrite)?;
        let writer = TiffWriter::new(file, needs_big_tiff(header, self.compression))
            .map_err(Error::io("write", &self.target))?;
        self.begun = Some(Begun { writer, count, blocks });
        Ok(())
    }

    fn push(&mut self, frame: &FrameBuf) -> Result<()> {
        let Begun { writer, count, blocks } = self.begun.as_mut().ok_or_else(not_started)?;
        let index = count.next(frame)?;
        let header = &count.header;
        let name = header.meta.frame_names.get(index).map(String::as_str);
        let blocks = blocks.of_frame(&header.meta, index);
        let page = Page { header, frame, index, name, blocks: &blocks };
        write_page(writer, &page, self.compression).map_err(Error::io("write", &self.target))
    }

    fn finish(&mut self) -> Result<()> {
        let Begun { writer, count, .. } = self.begun.take().ok_or_else(not_started)?;
        count.complete()?;
        writer.into_inner().finish()
    }
}
