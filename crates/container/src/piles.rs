//! Stacks in piles: similar frames in a row, each as its difference to the mean of its pile.
//!
//! ```text
//! /means         one frame of samples for each pile
//! /differences   codes as wide as samples, in rows; the rows of a pile lie together
//! /index         the row of each frame       frame n of the stack comes of differences[index[n]]
//! /piles         the pile of each frame      and means[piles[n]]
//! ```
//!
//! All piles lie in one dataset, one after the other, not in one dataset each. A dataset was measured to cost 313 bytes
//! and 0.1 ms beside its samples: 31 MB and 10 s for 100,000 piles, and one that ends in the middle of a chunk costs
//! a second one. In one dataset a pile costs nothing, and `/index` serves piles as it serves every other order.
//!
//! There is no virtual dataset `/stack` here: HDF5 has no filter that adds a mean.

use std::path::{Path, PathBuf};

use hdf5::{Dataset, File};
use stack_core::{
    Arrangement, Error, FrameBuf, Limits, Result, SampleFormat, StackHeader, check_frame_index,
};

use crate::arranged;
use crate::dataset::{Part, samples_of};
use crate::element::Element;
use crate::failure;
use crate::frame_writer::{FramePlan, FrameWriter};
use crate::geometry::Geometry;
use crate::layout::Layout;
use crate::library;
use crate::names;
use crate::number::Number;
use crate::number_list;
use crate::samples::{Origin, SampleReader, Samples};
use crate::tables::Tables;
use crate::text;
use crate::view::View;
use crate::writer::StackWriter;

/// What is said of the datasets of a file in piles, in attributes of at most 256 bytes.
const DIFFERENCES_IN_WORDS: &str = "not samples: for frame n of the stack, row index[n] is the difference d to means[piles[n]], \
                                    as 2d where d >= 0 and -2d - 1 elsewhere; d is counted on the bits as integers in the order of the \
                                    numbers";
const FORMULA: &str = "d = (code >> 1) ^ -(code & 1); integers: sample = mean + d; floats: key(sample) = key(mean) + d, key(x) = bits \
                       ^ sign bit where that is 0, ~bits elsewhere; all modulo 2^bits";
const MEANS_IN_WORDS: &str =
    "mean of a pile's rows, rounded to the nearest, halves upwards; of floats, the mean of their keys";
const PILES_IN_WORDS: &str = "the pile of each frame: frame n of the stack is in pile piles[n]";

/// Writes a stack in piles: first every mean, then the codes of every row.
#[derive(Debug)]
pub struct PilesWriter {
    path: PathBuf,
    limits: Limits,
    // Before `stack`: objects close before their file does.
    means: Means,
    stack: StackWriter,
}

#[derive(Debug)]
enum Means {
    Written(FrameWriter),
    Closed,
    Read(MeanReader),
}

impl PilesWriter {
    /// Creates `path` for the stack that `header` describes. `rows` says where each frame is stored, `piles` in which
    /// pile it is.
    ///
    /// # Errors
    /// As [`StackWriter::create_arranged`].
    pub fn create(
        path: &Path,
        header: &StackHeader,
        layout: &Layout,
        rows: &Arrangement,
        piles: &Arrangement,
    ) -> Result<Self> {
        arranged::check(header, rows)?;
        arranged::check(header, piles)?;
        let element = Element::of_samples(header.format.pixel());
        let plan = FramePlan::new(header, piles.stored(), layout, element)?;
        let failed = || failure::writing(path);
        let stack = StackWriter::create_piles(path, header, layout, rows)?;
        let Some((file, differences)) = stack.main() else {
            return Err(Error::parameter("piles", "the file is closed", "create it anew"));
        };
        for (name, words) in [(names::MEANING, DIFFERENCES_IN_WORDS), (names::FORMULA, FORMULA)] {
            text::write_attribute(differences, name, words).map_err(failed())?;
        }
        write_piles(path, file, piles)?;
        let means = FrameWriter::create(path, file, names::MEANS, &plan)?;
        stack.describe(means.dataset())?;
        text::write_attribute(means.dataset(), names::MEANING, MEANS_IN_WORDS).map_err(failed())?;
        Ok(Self { path: path.to_path_buf(), limits: Limits::default(), means: Means::Written(means), stack })
    }

    /// Holds at most about so many bytes of chunks that are on their way, at least one chunk.
    #[must_use]
    pub fn with_memory(mut self, bytes: u64) -> Self {
        if let Means::Written(means) = &mut self.means {
            means.set_memory(bytes);
        }
        self.limits.memory_bytes = bytes;
        self.stack = self.stack.with_memory(bytes);
        self
    }

    /// Takes the mean of the next pile.
    ///
    /// # Errors
    /// [`Error::Parameter`] for a frame that does not fit, or one too many; [`Error::Io`] if the disk is full.
    pub fn push_mean(&mut self, mean: &FrameBuf) -> Result<()> {
        if !self.stack.fits(mean) {
            return Err(refused("a mean that does not fit the stack was given", "give a frame of samples"));
        }
        match &mut self.means {
            Means::Written(means) if !means.is_full() => means.push(&mean.le_bytes()),
            _ => Err(refused("there are more means than piles", "give one for each pile")),
        }
    }

    /// Reads the mean of pile `pile` from the file, once all of them were given.
    ///
    /// # Errors
    /// [`Error::Parameter`] while means are missing; what the file refuses.
    pub fn read_mean(&mut self, pile: usize, into: &mut FrameBuf) -> Result<()> {
        if let Means::Written(means) = &mut self.means {
            if !means.is_full() {
                return Err(refused("a mean is asked for before all were given", "give one for each pile"));
            }
            means.finish()?;
            // The library tells wrong filters of a chunk that was written directly while its dataset stays open.
            self.means = Means::Closed;
        }
        if let (Means::Closed, Some((file, _))) = (&self.means, self.stack.main()) {
            let failed = failure::reading(&self.path, format!("/{}", names::MEANS));
            let dataset = file.dataset(names::MEANS).map_err(failed)?;
            self.means = Means::Read(MeanReader::open(&self.path, dataset, &self.limits)?);
        }
        match &mut self.means {
            Means::Read(means) => means.read(pile, into),
            _ => Ok(()),
        }
    }

    /// Takes the codes of the next row, little-endian, as many bytes as a frame of samples has.
    ///
    /// # Errors
    /// As [`StackWriter::push_codes`]; [`Error::Parameter`] while means are missing.
    pub fn push_codes(&mut self, codes: &[u8]) -> Result<()> {
        if let Means::Written(means) = &mut self.means {
            if !means.is_full() {
                return Err(refused("a row was given before all means were", "give one mean for each pile"));
            }
            // Before the first row in every run.
            means.finish()?;
        }
        self.stack.push_codes(codes)
    }

    /// Stores a table of bytes.
    ///
    /// # Errors
    /// As [`StackWriter::add_table`].
    pub fn add_table(&mut self, name: &str, bytes: &[u8]) -> Result<()> {
        self.stack.add_table(name, bytes)
    }

    /// Writes what is left and closes the file; only then is it complete.
    ///
    /// # Errors
    /// As [`StackWriter::finish`].
    pub fn finish(self) -> Result<()> {
        drop(self.means);
        self.stack.finish()
    }
}

/// Writes `/piles`, the pile of each frame.
pub(crate) fn write_piles(path: &Path, file: &File, piles: &Arrangement) -> Result<()> {
    let dataset = number_list::write(path, file, names::PILES, piles.places())?;
    text::write_attribute(&dataset, names::MEANING, PILES_IN_WORDS).map_err(failure::writing(path))
}

fn refused(problem: &str, remedy: &str) -> Error {
    Error::parameter("piles", problem, remedy)
}

/// Reads means from their dataset, and keeps them where all of them are few bytes.
#[derive(Debug)]
struct MeanReader {
    header: StackHeader,
    dataset: Dataset,
    reader: SampleReader,
    /// Means that were read; empty where none is kept.
    kept: Vec<Option<FrameBuf>>,
}

impl MeanReader {
    fn open(path: &Path, dataset: Dataset, limits: &Limits) -> Result<Self> {
        let field = format!("/{}", names::MEANS);
        let Part { view, number, geometry, header } = samples_of(path, &field, &dataset, None, limits)?;
        let shared = dataset.clone();
        let keeps = u128::from(header.raw_bytes()) <= u128::from(limits.memory_bytes / 4);
        let kept = vec![None; if keeps { header.frames } else { 0 }];
        let samples =
            Samples { path, field: &field, dataset: shared, view, geometry, number, origin: Origin::Ours };
        let reader = samples.open(limits)?;
        Ok(Self { header, dataset, reader, kept })
    }

    fn read(&mut self, pile: usize, into: &mut FrameBuf) -> Result<()> {
        check_frame_index(&self.header, pile)?;
        if let Some(Some(mean)) = self.kept.get(pile) {
            into.clone_from(mean);
            return Ok(());
        }
        into.fit(&self.header);
        into.fill_le_bytes(|bytes| self.reader.read_frame(pile, bytes))?;
        if let Some(place) = self.kept.get_mut(pile) {
            *place = Some(into.clone());
        }
        Ok(())
    }
}

/// A stack in piles, open: its means and codes, as they were written.
#[derive(Debug)]
pub struct PilesFile {
    tables: Tables,
    header: StackHeader,
    rows: Arrangement,
    piles: Arrangement,
    means: MeanReader,
    differences: Dataset,
    reader: SampleReader,
}

impl PilesFile {
    /// Opens the datasets of an open file.
    pub(crate) fn new(tables: Tables) -> Result<Self> {
        let (path, limits) = (tables.path().to_path_buf(), *tables.limits());
        let dataset =
            |name: &str| tables.file().dataset(name).map_err(failure::reading(&path, format!("/{name}")));
        let index = arranged::read_index(&tables)?;
        let rows = index.ok_or_else(|| failure::damaged(&path, "/index", "it is missing"))?;
        let piles = arranged::read_list(&path, names::PILES, dataset(names::PILES)?, &limits)?;
        let means = MeanReader::open(&path, dataset(names::MEANS)?, &limits)?;
        let wrong = |field: &str, problem: String| failure::damaged(&path, format!("/{field}"), problem);
        if piles.frames() != rows.frames() {
            let problem = format!("it is for {} frames, /index for {}", piles.frames(), rows.frames());
            return Err(wrong(names::PILES, problem));
        }
        if piles.stored() != means.header.frames {
            let problem = format!("{} piles have {} means", piles.stored(), means.header.frames);
            return Err(wrong(names::MEANS, problem));
        }
        let (shape, pixel) = (means.header.shape, means.header.format.pixel());
        let differences = dataset(names::DIFFERENCES)?;
        let field = format!("/{}", names::DIFFERENCES);
        let failed = || failure::reading(&path, field.as_str());
        let geometry = Geometry::of_stack(rows.stored(), shape);
        let dims = differences.get_shape().map_err(failed())?;
        if dims != geometry.present(geometry.lengths()) {
            let problem = format!("the shape {dims:?} is not that of {} rows like /means", rows.stored());
            return Err(wrong(names::DIFFERENCES, problem));
        }
        let element = Element::of_codes(pixel);
        let standard = library::little_endian(element).map_err(failed())?;
        if differences.dtype().map_err(failed())? != standard {
            return Err(wrong(names::DIFFERENCES, format!("its elements are not {element}")));
        }
        let bits = tables.significant_bits(&differences, &field)?;
        let format =
            SampleFormat::new(pixel, bits).map_err(|error| wrong(names::DIFFERENCES, error.to_string()))?;
        let meta = tables.metadata(rows.frames())?;
        let header = StackHeader { frames: rows.frames(), shape, format, meta };
        limits.check_header(&path, &header)?;
        let samples = Samples {
            path: &path,
            field: &field,
            dataset: differences.clone(),
            view: View::whole(&geometry),
            geometry: Some(geometry),
            number: Number::standard(element),
            origin: Origin::Ours,
        };
        let reader = samples.open(&limits)?;
        Ok(Self { tables, header, rows, piles, means, differences, reader })
    }

    /// The stack that the samples make.
    pub fn header(&self) -> &StackHeader {
        &self.header
    }

    /// Rows that are stored for the frames of the stack: equal frames have one.
    pub fn stored_frames(&self) -> usize {
        self.rows.stored()
    }

    /// The pile of each frame.
    pub fn piles(&self) -> &Arrangement {
        &self.piles
    }

    /// Reads the codes of frame `index` as little-endian bytes into `codes`, which has as many as a frame of samples,
    /// and the mean of its pile.
    ///
    /// # Errors
    /// [`Error::Parameter`] for a frame past the end or a buffer of another size; [`Error::Format`] for a damaged
    /// chunk.
    pub fn read(&mut self, index: usize, codes: &mut [u8], mean: &mut FrameBuf) -> Result<()> {
        check_frame_index(&self.header, index)?;
        if codes.len() != self.header.frame_bytes() {
            return Err(Error::parameter(
                "buffer",
                format!("it has {} bytes, a frame has {}", codes.len(), self.header.frame_bytes()),
                "give a buffer of the size of a frame",
            ));
        }
        self.means.read(self.piles.place(index), mean)?;
        self.reader.read_frame(self.rows.place(index), codes)
    }

    /// The tables of the file.
    pub fn tables(&self) -> &Tables {
        &self.tables
    }

    /// Bytes that means and codes take in the file. Walks through the index of all chunks.
    pub fn stored_bytes(&self) -> u64 {
        self.means.dataset.storage_size() + self.differences.storage_size()
    }
}
