//! A stack as a folder of image files: PNG, or TIFF for samples that PNG cannot hold.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use stack_core::{Error, FrameBuf, FrameSink, Result, StackHeader};

use super::image_file::{ImageFormat, write_image};
use super::names::frame_file_names;
use super::partial::{PartialFolder, check_folder_target};
use super::{Count, not_started};

/// Writes one image file a frame into a new folder.
pub struct FolderSink {
    target: PathBuf,
    overwrite: bool,
    begun: Option<Begun>,
}

struct Begun {
    folder: PartialFolder,
    count: Count,
    format: ImageFormat,
    names: Vec<String>,
    /// The header of each image file: one frame, no names.
    single: StackHeader,
}

impl FolderSink {
    /// A sink for the folder `target`.
    ///
    /// # Errors
    /// As [`check_folder_target`].
    pub fn new(target: &Path, overwrite: bool) -> Result<Self> {
        check_folder_target(target, overwrite)?;
        Ok(Self { target: target.to_path_buf(), overwrite, begun: None })
    }
}

impl FrameSink for FolderSink {
    fn start(&mut self, header: &StackHeader) -> Result<()> {
        let count = Count::new(header)?;
        let format = ImageFormat::for_samples(header.format.pixel());
        let names = frame_file_names(header, format.extension());
        let single = StackHeader::new(1, header.shape, header.format)?;
        let folder = PartialFolder::create(&self.target, self.overwrite)?;
        self.begun = Some(Begun { folder, count, format, names, single });
        Ok(())
    }

    fn push(&mut self, frame: &FrameBuf) -> Result<()> {
        let Begun { folder, count, format, names, single } = self.begun.as_mut().ok_or_else(not_started)?;
        let name = &names[count.next(frame)?];
        // Errors name the file as it will be called, not its hidden place.
        let shown = self.target.join(name);
        let file = File::create_new(folder.path().join(name)).map_err(Error::io("create", &shown))?;
        let mut file = BufWriter::new(file);
        write_image(&shown, &mut file, *format, single, frame)?;
        file.flush().map_err(Error::io("write", &shown))
    }

    fn finish(&mut self) -> Result<()> {
        let Begun { folder, count, .. } = self.begun.take().ok_or_else(not_started)?;
        count.complete()?;
        folder.finish()
    }
}
