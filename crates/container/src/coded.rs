//! Stacks whose file holds code words instead of samples, and the frames that decoding needs.
//!
//! The codes lie in a dataset of their own name, one unsigned integer as wide as a sample for each sample, so that
//! nobody takes them for `/stack`; attributes say in plain words how samples come of them. Each plane is one frame of
//! samples beside it.

use std::path::{Path, PathBuf};

use hdf5::Dataset;
use stack_core::{
    Arrangement, Error, FrameBuf, FrameShape, Limits, Metadata, PixelType, Result, SampleFormat, StackHeader,
    check_frame_index,
};

use crate::arranged;
use crate::element::Element;
use crate::failure;
use crate::geometry::Geometry;
use crate::library::{self, Hyperslab};
use crate::names;
use crate::number::Number;
use crate::samples::{Origin, SampleReader, Samples};
use crate::tables::Tables;
use crate::text;
use crate::view::View;

/// The datasets of a coded stack, in place of `/stack`.
#[derive(Debug, Clone, Copy)]
pub struct Coding {
    /// Name of the dataset of codes.
    pub codes: &'static str,
    /// What a code is, and how a sample comes of it: two attributes of at most 256 bytes.
    pub meaning: &'static str,
    /// The same as a formula.
    pub formula: &'static str,
    /// Name and meaning of each frame that decoding needs.
    pub planes: &'static [(&'static str, &'static str)],
}

/// A coded stack in an HDF5 file of ours: its codes and planes, as they were written.
///
/// Whoever knows the coding makes samples of them.
#[derive(Debug)]
pub struct CodedFile {
    tables: Tables,
    codes: Dataset,
    header: StackHeader,
    planes: Vec<FrameBuf>,
    /// The row of each frame, where that is not its own number.
    arrangement: Option<Arrangement>,
    reader: SampleReader,
}

impl CodedFile {
    /// Opens the codes and planes of an open file.
    pub(crate) fn new(tables: Tables, coding: &Coding) -> Result<Self> {
        let (path, limits) = (tables.path().to_path_buf(), *tables.limits());
        let field = format!("/{}", coding.codes);
        let damaged = |problem: String| failure::damaged(&path, field.as_str(), problem);
        let codes = tables.file().dataset(coding.codes).map_err(failure::reading(&path, field.as_str()))?;
        let dims = codes.get_shape().map_err(failure::reading(&path, field.as_str()))?;
        let (rows, height, width, channels) = match *dims {
            [rows, height, width] => (rows, height, width, 1),
            [rows, height, width, channels] if channels > 1 => (rows, height, width, channels),
            _ => return Err(damaged(format!("the shape {dims:?} is not that of a stack"))),
        };
        let arrangement = arranged::read_index(&tables)?;
        let frames = arranged::frames(&path, rows, &field, arrangement.as_ref())?;
        let shape = FrameShape::new(height, width, channels).map_err(|error| damaged(error.to_string()))?;
        let mut planes = Vec::new();
        let mut pixel = None;
        for (name, _) in coding.planes {
            let plane = Plane { path: &path, name, dims: &dims[1..] }.open(&tables)?;
            let found = *pixel.get_or_insert(plane.pixel);
            if found != plane.pixel {
                return Err(damaged(format!("/{name} is of {}, another plane of {found}", plane.pixel)));
            }
            planes.push(plane);
        }
        let pixel = pixel.unwrap_or(PixelType::U8);
        let bits = tables.significant_bits(&codes, &field)?;
        let format = SampleFormat::new(pixel, bits).map_err(|error| damaged(error.to_string()))?;
        let mut header = StackHeader { frames, shape, format, meta: Metadata::default() };
        limits.check_header(&path, &header)?;
        Limits::check(
            &path,
            "the size of the frames that decoding needs in bytes",
            header.frame_bytes() as u128 * (coding.planes.len() as u128 + 1),
            limits.memory_bytes,
        )?;
        header.meta = tables.metadata(frames)?;
        limits.check_header(&path, &header)?;
        let planes = planes.into_iter().map(|plane| plane.read(&header)).collect::<Result<_>>()?;
        let geometry = Geometry::of_stack(rows, shape);
        let samples = Samples {
            path: &path,
            field: &field,
            dataset: codes.clone(),
            view: View::whole(&geometry),
            geometry: Some(geometry),
            number: Number::standard(Element::of_codes(pixel)),
            origin: Origin::Ours,
        };
        let reader = samples.open(&limits)?;
        Ok(Self { tables, codes, header, planes, arrangement, reader })
    }

    /// The stack that the samples make.
    pub fn header(&self) -> &StackHeader {
        &self.header
    }

    /// The planes, in the order of the coding.
    pub fn planes(&self) -> &[FrameBuf] {
        &self.planes
    }

    /// Reads the codes of frame `index` as little-endian bytes into `into`, which has as many as a frame of samples.
    ///
    /// # Errors
    /// [`Error::Parameter`] for a frame past the end or a buffer of another size; [`Error::Format`] for a damaged
    /// chunk.
    pub fn read_codes(&mut self, index: usize, into: &mut [u8]) -> Result<()> {
        check_frame_index(&self.header, index)?;
        if into.len() != self.header.frame_bytes() {
            return Err(Error::parameter(
                "buffer",
                format!("it has {} bytes, a frame has {}", into.len(), self.header.frame_bytes()),
                "give a buffer of the size of a frame",
            ));
        }
        self.reader.read_frame(arranged::row(self.arrangement.as_ref(), index), into)
    }

    /// Rows that are stored for the frames of the stack: equal frames have one.
    pub fn stored_frames(&self) -> usize {
        self.arrangement.as_ref().map_or(self.header.frames, Arrangement::stored)
    }

    /// The tables of the file.
    pub fn tables(&self) -> &Tables {
        &self.tables
    }

    /// Bytes that the codes take in the file. Walks through the index of all chunks.
    pub fn stored_bytes_of_codes(&self) -> u64 {
        self.codes.storage_size()
    }
}

/// A plane that is to be read.
struct Plane<'a> {
    path: &'a Path,
    name: &'a str,
    dims: &'a [usize],
}

/// A plane whose type and shape are known to fit.
struct OpenPlane {
    path: PathBuf,
    name: String,
    dataset: Dataset,
    pixel: PixelType,
}

impl Plane<'_> {
    fn open(&self, tables: &Tables) -> Result<OpenPlane> {
        let field = format!("/{}", self.name);
        let failed = || failure::reading(self.path, field.as_str());
        let damaged = |problem: String| failure::damaged(self.path, field.as_str(), problem);
        let dataset = tables.file().dataset(self.name).map_err(failed())?;
        let dims = dataset.get_shape().map_err(failed())?;
        if dims != self.dims || dataset.is_chunked() {
            return Err(damaged(format!("the shape {dims:?} is not that of a frame, {:?}", self.dims)));
        }
        let datatype = dataset.dtype().map_err(failed())?;
        let pixel = PixelType::ALL.into_iter().find(|&pixel| {
            library::little_endian(Element::of_samples(pixel)).is_ok_and(|standard| standard == datatype)
        });
        let pixel = pixel.ok_or_else(|| damaged("its elements are not those that we write".into()))?;
        let raw_bytes = dims.iter().map(|&length| length as u128).product::<u128>() * pixel.bytes() as u128;
        let stored = dataset.storage_size();
        if u128::from(stored) != raw_bytes {
            return Err(damaged(format!("{stored} bytes of {raw_bytes} are in the file")));
        }
        Ok(OpenPlane { path: self.path.to_path_buf(), name: self.name.to_owned(), dataset, pixel })
    }
}

impl OpenPlane {
    fn read(self, header: &StackHeader) -> Result<FrameBuf> {
        let mut frame = FrameBuf::for_header(header);
        let dims = self.dataset.shape();
        let slab = Hyperslab::whole(&dims);
        let element = Element::of_samples(self.pixel);
        frame
            .fill_le_bytes(|bytes| library::read_elements(&self.dataset, &slab, element, bytes))
            .map_err(failure::reading(&self.path, format!("/{}", self.name)))?;
        Ok(frame)
    }
}

/// Writes one plane as a dataset of samples.
pub(crate) fn write_plane(
    file: &hdf5::File,
    (name, meaning): (&str, &str),
    shape: FrameShape,
    frame: &FrameBuf,
) -> hdf5::Result<()> {
    let mut dims = vec![shape.height(), shape.width()];
    let mut axes = "row, column".to_owned();
    if shape.channels() > 1 {
        dims.push(shape.channels());
        axes.push_str(", channel");
    }
    let element = Element::of_samples(frame.pixel());
    let dataset = file
        .new_dataset_builder()
        .obj_track_times(false)
        .empty_as(library::little_endian(element)?)
        .shape(dims.as_slice())
        .create(name)?;
    for (attribute, words) in [
        (names::AXES, axes.as_str()),
        (names::MEANING, meaning),
        (names::SAMPLE_TYPE, names::sample_words(frame.pixel())),
    ] {
        text::write_attribute(&dataset, attribute, words)?;
    }
    library::write_elements(&dataset, &Hyperslab::whole(&dims), element, &frame.le_bytes())
}
