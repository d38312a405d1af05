//! A stack as a folder of image files: PNG; TIFF for frames that came from TIFF, or that PNG cannot hold.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use stack_core::{Error, FrameBuf, FrameSink, Result, StackHeader};

use super::image_file::{ImageFormat, Single, write_image};
use super::names::frame_file_names;
use super::partial::{PartialFolder, check_folder_target};
use super::{Count, OutputOptions, not_started};
use crate::blocks::BlockCursor;

/// Writes one image file a frame into a new folder.
pub struct FolderSink {
    target: PathBuf,
    options: OutputOptions,
    begun: Option<Begun>,
}

struct Begun {
    folder: PartialFolder,
    count: Count,
    format: ImageFormat,
    names: Vec<String>,
    blocks: BlockCursor,
    /// The header of each image file: one frame, no names.
    single: StackHeader,
}

impl FolderSink {
    /// A sink for the folder `target`.
    ///
    /// # Errors
    /// As [`check_folder_target`].
    pub fn new(target: &Path, options: &OutputOptions) -> Result<Self> {
        check_folder_target(target, options.overwrite)?;
        Ok(Self { target: target.to_path_buf(), options: *options, begun: None })
    }
}

impl FrameSink for FolderSink {
    fn start(&mut self, header: &StackHeader) -> Result<()> {
        let count = Count::new(header)?;
        let format = ImageFormat::for_stack(header);
        let names = frame_file_names(header, format.extension());
        let single = StackHeader::new(1, header.shape, header.format)?;
        let blocks = BlockCursor::new(&header.meta);
        let folder = PartialFolder::create(&self.target, self.options.overwrite)?;
        self.begun = Some(Begun { folder, count, format, names, blocks, single });
        Ok(())
    }

    fn push(&mut self, frame: &FrameBuf) -> Result<()> {
        let Begun { folder, count, format, names, blocks, single } =
            self.begun.as_mut().ok_or_else(not_started)?;
        let index = count.next(frame)?;
        let name = &names[index];
        let blocks = blocks.of_frame(&count.header.meta, index);
        // Errors name the file as it will be called, not its hidden place.
        let shown = self.target.join(name);
        let file = File::create_new(folder.path().join(name)).map_err(Error::io("create", &shown))?;
        let mut file = BufWriter::new(file);
        let compression = self.options.tiff_compression;
        let image = Single { header: single, frame, blocks: &blocks, compression };
        write_image(&shown, &mut file, *format, &image)?;
        file.flush().map_err(Error::io("write", &shown))
    }

    fn finish(&mut self) -> Result<()> {
        let Begun { folder, count, .. } = self.begun.take().ok_or_else(not_started)?;
        count.complete()?;
        folder.finish()
    }
}
