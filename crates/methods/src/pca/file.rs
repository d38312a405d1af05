//! The file of the family: what is in it, and reading it.

use std::ops::Range;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use stack_codec::remainder;
use stack_container::{ArraysFile, RecordsFile, Tables};
use stack_core::{
    Arrangement, Error, FrameBuf, FrameSource, Limits, PixelType, Result, StackHeader, check_frame_index,
};

use super::FAMILY;
use super::model::{Components, number_type};
use crate::envelope::{ENVELOPE_TABLE, Envelope};
use crate::reader::Storage;

pub(super) const MEAN: &str = "mean";
pub(super) const COMPONENTS: &str = "components";
pub(super) const SCORES: &str = "scores";
pub(super) const SINGULAR_VALUES: &str = "singular_values";
pub(super) const RESIDUAL: &str = "residual";
pub(super) const RESIDUAL_ENDS: &str = "residual_ends";
pub(super) const DESCRIPTION: &str = "pca.json";
pub(super) const VERSION: u32 = 1;

const RESTORE: &str = "the file is damaged: restore it from a copy";

/// The table that says what the arrays are.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Description {
    pub(super) version: u32,
    /// Frames, shape and type of the stack; names and properties are where all files have them.
    pub(super) header: StackHeader,
    /// Frames of a record of the residual; 0 where there is none.
    pub(super) chunk_frames: usize,
    pub(super) total_squares: f64,
    /// Whether the singular values are as exact as was asked for.
    pub(super) converged: bool,
}

/// The lengths of the axes of a frame.
pub(super) fn frame_dims(header: &StackHeader) -> Vec<usize> {
    let shape = header.shape;
    let mut dims = vec![shape.height(), shape.width()];
    if shape.channels() > 1 {
        dims.push(shape.channels());
    }
    dims
}

/// A file of this family, open.
struct PcaFile {
    path: PathBuf,
    file: ArraysFile,
    model: Components,
    residual: Option<Residual>,
    sums: Vec<f64>,
}

/// What the base leaves over, in chunks of frames.
struct Residual {
    records: RecordsFile,
    chunk_frames: usize,
    /// The chunk that was decoded last, and its frames.
    decoded: Option<(usize, Vec<FrameBuf>)>,
}

/// Opens the stack of a file whose envelope names this family.
pub(crate) fn open(tables: Tables, limits: &Limits) -> Result<Box<dyn Storage>> {
    let path = tables.path().to_path_buf();
    let file = ArraysFile::new(tables);
    let (model, description) = read_model(&path, &file, limits)?;
    let residual = match description.chunk_frames {
        0 => None,
        chunk_frames => {
            let records = file.records(RESIDUAL, RESIDUAL_ENDS)?;
            if records.len() != model.arrangement.stored().div_ceil(chunk_frames) {
                let problem = format!("{} records do not hold {} frames", records.len(), model.header.frames);
                return Err(damaged(&path, RESIDUAL, problem));
            }
            let bytes =
                chunk_frames.min(model.arrangement.stored()) as u128 * model.header.frame_bytes() as u128;
            Limits::check(&path, "the size of a chunk of frames in bytes", bytes, limits.chunk_bytes)?;
            // The samples of the chunk and their codes, each as wide.
            Limits::check(
                &path,
                "the memory for a chunk of frames in bytes",
                3 * bytes,
                limits.memory_bytes,
            )?;
            Some(Residual { records, chunk_frames, decoded: None })
        }
    };
    Ok(Box::new(PcaFile { path, file, model, residual, sums: Vec::new() }))
}

/// Mean, components and scores of a file that the method `pca` wrote.
///
/// # Errors
/// [`Error::Format`] for other files, and damaged ones; [`Error::Limit`].
pub fn open_components(path: &Path, limits: &Limits) -> Result<Components> {
    let tables = Tables::open(path, limits)?;
    let envelope =
        tables.table(ENVELOPE_TABLE)?.map(|bytes| Envelope::from_bytes(path, &bytes)).transpose()?;
    if envelope.is_none_or(|envelope| envelope.method.family() != FAMILY) {
        let remedy = "compress the stack with -m pca";
        return Err(Error::format(path, ENVELOPE_TABLE, "the file has no components", remedy));
    }
    Ok(read_model(path, &ArraysFile::new(tables), limits)?.0)
}

fn read_model(path: &Path, file: &ArraysFile, limits: &Limits) -> Result<(Components, Description)> {
    let table = file.tables().table(DESCRIPTION)?;
    let table = table.ok_or_else(|| damaged(path, DESCRIPTION, "the table is missing"))?;
    let description: Description =
        serde_json::from_slice(&table).map_err(|error| damaged(path, DESCRIPTION, error.to_string()))?;
    if description.version != VERSION {
        let problem = format!("version {} is unknown, this program reads {VERSION}", description.version);
        return Err(Error::format(path, DESCRIPTION, problem, "use a newer stackpress"));
    }
    if !(description.total_squares.is_finite() && description.total_squares >= 0.0) {
        return Err(damaged(path, DESCRIPTION, "the sum of squares is not one"));
    }
    let mut header = description.header.clone();
    limits.check_header(path, &header)?;
    let number = number_type(header.format.pixel());
    let (dims, _) = file.shape(SINGULAR_VALUES)?;
    let &[count] = &*dims else {
        return Err(damaged(path, SINGULAR_VALUES, format!("{dims:?} is not the shape of a list")));
    };
    let arrangement = match file.arrangement()? {
        Some(arrangement) => arrangement,
        None => Arrangement::identity(header.frames)?,
    };
    if arrangement.frames() != header.frames {
        let problem = format!("it is for {} frames, the stack has {}", arrangement.frames(), header.frames);
        return Err(damaged(path, "index", problem));
    }
    let frame = frame_dims(&header);
    let with = |first: usize| [&[first], &frame[..]].concat();
    let (wide, scores) = ([MEAN, COMPONENTS, SINGULAR_VALUES], [arrangement.stored(), count]);
    for (name, wanted) in
        wide.into_iter().zip([frame.clone(), with(count), vec![count]]).chain([(SCORES, scores.to_vec())])
    {
        let (dims, pixel) = file.shape(name)?;
        if dims != wanted || pixel != number {
            let problem =
                format!("{pixel} numbers of the shape {dims:?} where {number} of {wanted:?} are needed");
            return Err(damaged(path, name, problem));
        }
    }
    if count > header.frames.min(header.shape.samples()) {
        return Err(damaged(path, COMPONENTS, format!("{count} are more than a stack can have")));
    }
    let samples = header.shape.samples() as u128;
    let numbers = (count as u128 + 1) * samples + (header.frames as u128 + 1) * count as u128;
    let bytes = numbers * number.bytes() as u128 + 8 * samples;
    Limits::check(path, "the memory for components and scores in bytes", bytes, limits.memory_bytes)?;
    header.meta = file.metadata(header.frames)?;
    limits.check_header(path, &header)?;
    let singular_values = match file.read(SINGULAR_VALUES)? {
        FrameBuf::F32(values) => values.into_iter().map(f64::from).collect(),
        FrameBuf::F64(values) => values,
        _ => Vec::new(),
    };
    let model = Components {
        mean: file.read(MEAN)?,
        vectors: file.read(COMPONENTS)?,
        scores: file.read(SCORES)?,
        singular_values,
        total_squares: description.total_squares,
        arrangement,
        header,
    };
    Ok((model, description))
}

fn damaged(path: &Path, field: &str, problem: impl Into<String>) -> Error {
    Error::format(path, field, problem, RESTORE)
}

impl FrameSource for PcaFile {
    fn header(&self) -> &StackHeader {
        &self.model.header
    }

    fn read_frame(&mut self, index: usize, into: &mut FrameBuf) -> Result<()> {
        check_frame_index(&self.model.header, index)?;
        let place = self.model.arrangement.place(index);
        let Some(residual) = &mut self.residual else {
            self.model.base(place, &mut self.sums, into);
            return Ok(());
        };
        let chunk = place / residual.chunk_frames;
        let frames = match &residual.decoded {
            Some((number, frames)) if *number == chunk => frames,
            _ => {
                residual.decoded = None;
                let frames = self.model.chunk(chunk_range(chunk, residual.chunk_frames, &self.model));
                let decoded = residual.decode(&self.path, chunk, frames, &self.model.header)?;
                &residual.decoded.insert((chunk, decoded)).1
            }
        };
        into.clone_from(&frames[place % residual.chunk_frames]);
        Ok(())
    }

    fn disk_bytes(&self) -> Option<u64> {
        std::fs::metadata(&self.path).ok().map(|metadata| metadata.len())
    }
}

/// The places of the frames of a chunk.
pub(super) fn chunk_range(chunk: usize, chunk_frames: usize, model: &Components) -> Range<usize> {
    let start = chunk * chunk_frames;
    start..model.arrangement.stored().min(start.saturating_add(chunk_frames))
}

impl Components {
    /// The bases of the frames at some places.
    pub(super) fn chunk(&self, places: Range<usize>) -> Vec<FrameBuf> {
        let mut sums = Vec::new();
        places
            .map(|place| {
                let mut frame = FrameBuf::for_header(&self.header);
                self.base(place, &mut sums, &mut frame);
                frame
            })
            .collect()
    }
}

impl Residual {
    fn decode(
        &self,
        path: &Path,
        chunk: usize,
        mut frames: Vec<FrameBuf>,
        header: &StackHeader,
    ) -> Result<Vec<FrameBuf>> {
        let record = self.records.read(chunk)?;
        remainder::decode(&record, header.shape, &mut frames)
            .map_err(|error| damaged(path, &format!("/{RESIDUAL}, record {chunk}"), error.to_string()))?;
        Ok(frames)
    }
}

impl Storage for PcaFile {
    fn table(&mut self, name: &str) -> Result<Option<Vec<u8>>> {
        self.file.tables().table(name)
    }

    fn table_part(&mut self, name: &str, range: Range<u64>) -> Result<Option<Vec<u8>>> {
        self.file.tables().table_part(name, range)
    }

    fn stored_frames(&self) -> usize {
        self.model.arrangement.stored()
    }

    fn sample_bytes(&mut self) -> Result<u64> {
        let model = &self.model;
        let numbers = model.mean.len() + model.vectors.len() + model.scores.len() + model.count();
        let word = match model.mean.pixel() {
            PixelType::F64 => 8,
            _ => 4,
        };
        Ok(numbers as u64 * word + self.residual.as_ref().map_or(0, |residual| residual.records.bytes()))
    }

    fn encoded_as(&self) -> Option<String> {
        Some(self.model.describe())
    }
}
