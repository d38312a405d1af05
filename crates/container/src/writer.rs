//! Writes a stack: its frames, what is known of them, and tables.

use std::io;
use std::path::{Path, PathBuf};

use hdf5::{Dataset, File, Group};
use stack_core::{Arrangement, Error, FrameBuf, Limits, Result, StackHeader};

use crate::arranged;
use crate::coded::{self, Coding};
use crate::element::Element;
use crate::failure;
use crate::frame_writer::{FramePlan, FrameWriter};
use crate::layout::Layout;
use crate::library;
use crate::metadata;
use crate::names;
use crate::piles;
use crate::tables;
use crate::text;

/// Writes one stack into a new HDF5 file.
///
/// The same frames and the same layout give the same bytes on every run and with any number of threads. A writer
/// that is dropped before [`StackWriter::finish`] removes its file.
#[derive(Debug)]
pub struct StackWriter {
    path: PathBuf,
    header: StackHeader,
    /// Frames that are stored.
    rows: usize,
    plan: FramePlan,
    memory_bytes: u64,
    /// The file is closed before it is removed.
    open: Option<Open>,
    finished: bool,
}

/// The open file. Its objects close before it does: the library may crash over an object that is closed after its
/// file when the disk is full.
#[derive(Debug)]
struct Open {
    frames: FrameWriter,
    tables: Group,
    file: File,
}

impl StackWriter {
    /// Creates `path`, replacing a file of that name, for the stack that `header` describes.
    ///
    /// # Errors
    /// [`Error::Parameter`] or [`Error::Unsupported`] for a header or layout that cannot be stored, before the
    /// file is touched; [`Error::Io`] if the file cannot be created or is a device or folder.
    pub fn create(path: &Path, header: &StackHeader, layout: &Layout) -> Result<Self> {
        Self::create_samples(path, header, layout, None)
    }

    /// Creates `path` for a stack whose frames are pushed in stored order: [`StackWriter::push`] takes those that
    /// `arrangement` stores, in its order. Readers get the frames of the stack.
    ///
    /// # Errors
    /// As [`StackWriter::create`]; [`Error::Parameter`] too for an arrangement of another number of frames.
    pub fn create_arranged(
        path: &Path,
        header: &StackHeader,
        layout: &Layout,
        arrangement: &Arrangement,
    ) -> Result<Self> {
        Self::create_samples(path, header, layout, arranged::check(header, arrangement)?)
    }

    fn create_samples(
        path: &Path,
        header: &StackHeader,
        layout: &Layout,
        arrangement: Option<&Arrangement>,
    ) -> Result<Self> {
        let element = Element::of_samples(header.format.pixel());
        let mut writer = Self::new(path, header, layout, element, arrangement)?;
        let name = if arrangement.is_some() { names::FRAMES } else { names::STACK };
        writer.begin(name)?;
        writer.write_metadata()?;
        if let (Some(arrangement), Some(open)) = (arrangement, &writer.open) {
            arranged::write_index(path, &open.file, open.frames.dataset(), name, arrangement)?;
            if let Some(stack) = arranged::write_virtual(path, &open.file, header, name, arrangement)? {
                writer.describe(&stack)?;
            }
        }
        Ok(writer)
    }

    /// Creates `path` for codes in place of samples: [`StackWriter::push_codes`] takes them. `planes` are the frames
    /// that decoding needs, one for each plane of `coding`.
    ///
    /// # Errors
    /// As [`StackWriter::create`]; [`Error::Parameter`] too for planes that do not fit.
    pub fn create_coded(
        path: &Path,
        header: &StackHeader,
        layout: &Layout,
        coding: &Coding,
        planes: &[FrameBuf],
        arrangement: &Arrangement,
    ) -> Result<Self> {
        let arrangement = arranged::check(header, arrangement)?;
        let element = Element::of_codes(header.format.pixel());
        let mut writer = Self::new(path, header, layout, element, arrangement)?;
        if planes.len() != coding.planes.len() || !planes.iter().all(|plane| writer.fits(plane)) {
            return Err(Error::parameter(
                "planes",
                "they do not fit the stack",
                format!("give {} frames of {}", coding.planes.len(), header.describe()),
            ));
        }
        writer.begin(coding.codes)?;
        let failed = || failure::writing(path);
        if let Some(open) = &writer.open {
            for (name, words) in [(names::MEANING, coding.meaning), (names::FORMULA, coding.formula)] {
                text::write_attribute(open.frames.dataset(), name, words).map_err(failed())?;
            }
            for (&plane, frame) in coding.planes.iter().zip(planes) {
                coded::write_plane(&open.file, plane, header.shape, frame).map_err(failed())?;
            }
        }
        writer.write_metadata()?;
        if let (Some(arrangement), Some(open)) = (arrangement, &writer.open) {
            arranged::write_index(path, &open.file, open.frames.dataset(), coding.codes, arrangement)?;
        }
        Ok(writer)
    }

    /// Creates `path` for the codes of a stack in piles, with its index, whatever the order of its rows.
    pub(crate) fn create_piles(
        path: &Path,
        header: &StackHeader,
        layout: &Layout,
        rows: &Arrangement,
    ) -> Result<Self> {
        let element = Element::of_codes(header.format.pixel());
        let mut writer = Self::new(path, header, layout, element, Some(rows))?;
        writer.begin(names::DIFFERENCES)?;
        writer.write_metadata()?;
        if let Some((file, differences)) = writer.main() {
            arranged::write_index(path, file, differences, names::DIFFERENCES, rows)?;
        }
        Ok(writer)
    }

    /// Says in which pile each frame of the stack is: the dataset `/piles`, for those who look into the file.
    ///
    /// # Errors
    /// [`Error::Parameter`] for piles of another number of frames; [`Error::Io`] if the disk is full.
    pub fn add_piles(&mut self, piles: &Arrangement) -> Result<()> {
        arranged::check(&self.header, piles)?;
        let Some(open) = &mut self.open else { return Ok(()) };
        open.frames.write_pending()?;
        piles::write_piles(&self.path, &open.file, piles)
    }

    /// The open file and its main dataset.
    pub(crate) fn main(&self) -> Option<(&File, &Dataset)> {
        self.open.as_ref().map(|open| (&open.file, open.frames.dataset()))
    }

    /// A writer whose file does not exist yet.
    fn new(
        path: &Path,
        header: &StackHeader,
        layout: &Layout,
        element: Element,
        arrangement: Option<&Arrangement>,
    ) -> Result<Self> {
        header.check()?;
        let rows = arrangement.map_or(header.frames, Arrangement::stored);
        Ok(Self {
            path: path.to_path_buf(),
            header: header.clone(),
            rows,
            plan: FramePlan::new(header, rows, layout, element)?,
            memory_bytes: Limits::default().memory_bytes,
            open: None,
            finished: false,
        })
    }

    /// Creates the file and its main dataset.
    fn begin(&mut self, name: &str) -> Result<()> {
        let path = self.path.clone();
        let failed = || failure::writing(&path);
        create_empty(&path)?;
        // From here on there is a file to be removed if the rest fails.
        let file = library::create_file(&path).map_err(failed())?;
        let frames = FrameWriter::create(&path, &file, name, &self.plan)?;
        let tables = create_tables(&file).map_err(failed())?;
        self.open = Some(Open { frames, tables, file });
        Ok(())
    }

    /// Holds at most about so many bytes of chunks that are on their way, at least one chunk.
    #[must_use]
    pub fn with_memory(mut self, bytes: u64) -> Self {
        self.memory_bytes = bytes;
        if let Some(open) = &mut self.open {
            open.frames.set_memory(bytes);
        }
        self
    }

    /// What every dataset of samples or codes says in words.
    pub(crate) fn describe(&self, dataset: &Dataset) -> Result<()> {
        let failed = || failure::writing(&self.path);
        let format = self.header.format;
        let axes = if self.header.shape.channels() > 1 {
            "frame, row, column, channel"
        } else {
            "frame, row, column"
        };
        let written_by = concat!("stackpress ", env!("CARGO_PKG_VERSION"));
        for (name, words) in [
            (names::AXES, axes),
            (names::SAMPLE_TYPE, names::sample_words(format.pixel())),
            (names::WRITTEN_BY, written_by),
        ] {
            text::write_attribute(dataset, name, words).map_err(failed())?;
        }
        dataset
            .new_attr::<u8>()
            .create(names::SIGNIFICANT_BITS)
            .and_then(|attribute| attribute.write_scalar(&format.significant_bits()))
            .map_err(failed())
    }

    fn write_metadata(&self) -> Result<()> {
        let Some(open) = &self.open else { return Ok(()) };
        self.describe(open.frames.dataset())?;
        metadata::write(&self.path, &open.file, &self.header.meta)
    }

    /// Takes the next frame.
    ///
    /// # Errors
    /// [`Error::Parameter`] if the frame does not fit the header, there are more frames than it says, or the file is
    /// for codes; [`Error::Io`] if the disk is full.
    pub fn push(&mut self, frame: &FrameBuf) -> Result<()> {
        if !self.fits(frame) || self.plan.element != Element::of_samples(frame.pixel()) {
            let problem = format!("{} samples of {} do not fit the stack", frame.len(), frame.pixel());
            return Err(self.refused(problem));
        }
        self.push_bytes(&frame.le_bytes())
    }

    /// Takes the codes of the next frame, little-endian, as many bytes as a frame of samples has.
    ///
    /// # Errors
    /// [`Error::Parameter`] if they are not so many, or there are more frames than the header says; [`Error::Io`] if
    /// the disk is full.
    pub fn push_codes(&mut self, codes: &[u8]) -> Result<()> {
        if codes.len() != self.header.frame_bytes() {
            return Err(self.refused(format!("{} bytes of codes do not fit the stack", codes.len())));
        }
        self.push_bytes(codes)
    }

    pub(crate) fn fits(&self, frame: &FrameBuf) -> bool {
        frame.pixel() == self.header.format.pixel() && frame.len() == self.header.shape.samples()
    }

    fn refused(&self, problem: String) -> Error {
        Error::parameter(
            format!("frame {}", self.pushed()),
            problem,
            format!("give {}", self.header.describe()),
        )
    }

    fn push_bytes(&mut self, bytes: &[u8]) -> Result<()> {
        if self.pushed() == self.rows {
            return Err(self.refused("the stack is complete".to_owned()));
        }
        let Some(open) = &mut self.open else { return Ok(()) };
        open.frames.push(bytes)
    }

    fn pushed(&self) -> usize {
        self.open.as_ref().map_or(0, |open| open.frames.pushed())
    }

    /// Stores `bytes` under `/stackpress/<name>`; they come back from [`StackFile::table`](crate::StackFile).
    ///
    /// # Errors
    /// [`Error::Parameter`] for a name that is empty, has a slash, a dot alone or a zero byte, or is taken;
    /// [`Error::Io`] if the disk is full.
    pub fn add_table(&mut self, name: &str, bytes: &[u8]) -> Result<()> {
        names::check_table(name)?;
        let Some(open) = &mut self.open else { return Ok(()) };
        open.frames.write_pending()?;
        tables::write(&self.path, &open.tables, name, bytes)
    }

    /// Writes what is left and closes the file; only then is it complete.
    ///
    /// # Errors
    /// [`Error::Parameter`] if frames are missing; [`Error::Io`] if the disk is full. The file is removed then.
    pub fn finish(mut self) -> Result<()> {
        if self.pushed() != self.rows {
            let who = if self.rows == self.header.frames { "header says" } else { "arrangement stores" };
            return Err(Error::parameter(
                "frames",
                format!("{} were given, the {who} {}", self.pushed(), self.rows),
                format!("give as many frames as the {who}"),
            ));
        }
        if let Some(open) = &mut self.open {
            open.frames.finish()?;
        }
        let close = |open: Open| {
            open.file.flush()?;
            drop((open.frames, open.tables));
            open.file.close()
        };
        if let Some(open) = self.open.take() {
            close(open).map_err(failure::writing(&self.path))?;
        }
        self.finished = true;
        Ok(())
    }
}

impl Drop for StackWriter {
    fn drop(&mut self) {
        if !self.finished {
            self.open = None;
            // The error that led here is the one to report; a file that cannot be removed is plain to see.
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

/// Creates or empties the file: the operating system words its refusals better than the library does.
pub(crate) fn create_empty(path: &Path) -> Result<()> {
    // A device must be neither written to nor removed.
    if std::fs::metadata(path).is_ok_and(|metadata| !metadata.is_file()) {
        let problem =
            io::Error::new(io::ErrorKind::InvalidInput, "this is no regular file; name another output");
        return Err(Error::io("create", path)(problem));
    }
    std::fs::File::create(path).map(drop).map_err(Error::io("create", path))
}

pub(crate) fn create_tables(file: &File) -> hdf5::Result<Group> {
    let group = file.create_group_builder().obj_track_times(false).create(names::GROUP)?;
    group.new_attr::<u32>().create(names::FORMAT_VERSION)?.write_scalar(&names::CURRENT_VERSION)?;
    Ok(group)
}
