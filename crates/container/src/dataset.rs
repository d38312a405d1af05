//! Any dataset of numbers in any HDF5 (or NetCDF-4) file, as a stack.

use std::path::{Path, PathBuf};

use hdf5::{Dataset, File};
use stack_core::{Error, FrameBuf, FrameSource, Limits, Result, StackHeader, check_frame_index};

use crate::attributes;
use crate::failure;
use crate::geometry::Geometry;
use crate::index::{AxisPart, Index};
use crate::library::{self, Steps};
use crate::listing::{DatasetInfo, list_datasets_of};
use crate::number::Number;
use crate::samples::{Origin, SampleReader, Samples};
use crate::view::View;

/// Name of the property that says which numbers a dataset holds, where samples are of another type.
pub const STORED_TYPE: &str = "stored_type";

/// Frames of one dataset: rank 2 is one frame, rank 3 is frames, rank 4 has up to 4 channels on its last axis; any
/// rank, with an index that leaves so many axes.
///
/// Numbers of every integer and float type and byte order become samples, exactly or not at all:
///
/// | stored | sample |
/// |---|---|
/// | u8, u16, i16, i32, f32, f64 | the same |
/// | i8 | i16 |
/// | f16 | f32 |
/// | u32 | f64 |
/// | i64, u64 | f64; a number that it cannot hold (beyond 2^53) is an error of the frame it is in |
/// | other widths; booleans and enumerations, by their integers | the next one above |
///
/// The property `stored_type` names the type in the file where it is not that of the samples. Short texts and single
/// numbers among the attributes become properties under their own names; `scale_factor` and `add_offset` are kept and
/// not applied.
///
/// Chunks with the filters of this crate are decoded in parallel; other filters are left to the library and its
/// plugins.
#[derive(Debug)]
pub struct DatasetSource {
    /// Whether an index chose a part.
    is_part: bool,
    path: PathBuf,
    field: String,
    dataset: Dataset,
    header: StackHeader,
    number: Number,
    reader: SampleReader,
    /// A frame as it is stored, where that is not as samples.
    stored: Vec<u8>,
}

impl DatasetSource {
    /// Opens dataset `dataset` (`/group/name`, the first slash may be missing) of the file `path`, or a part of it:
    /// `/group/name[:,0]`, see [`Index`]. A dataset whose own name has the bracket comes first.
    ///
    /// # Errors
    /// [`Error::Io`] if the file cannot be read; [`Error::Format`] if it is no HDF5 file or damaged, if there is
    /// no such dataset (the error lists those there are), or if its type or rank is not that of a stack;
    /// [`Error::Parameter`] for an index that does not fit the dataset; [`Error::Limit`] if it claims more than
    /// `limits` allow; [`Error::Unavailable`] if a filter is missing.
    pub fn open(path: &Path, dataset: &str, limits: &Limits) -> Result<Self> {
        let file = open_file(path)?;
        let find = |word: &str| {
            let name = word.trim_matches('/');
            let found = if name.is_empty() { None } else { file.dataset(name).ok() };
            found.map(|found| (format!("/{name}"), found))
        };
        let (field, opened, index) = match (find(dataset), Index::split(dataset)) {
            (Some((field, opened)), _) => (field, opened, None),
            (None, Some((name, index))) => match find(name) {
                Some((field, opened)) => (field, opened, Some(index.parse::<Index>()?)),
                None => return Err(missing(path, name, &file)),
            },
            (None, None) => return Err(missing(path, dataset, &file)),
        };
        let Part { view, number, geometry, mut header } =
            samples_of(path, &field, &opened, index.as_ref(), limits)?;
        header.meta.properties = attributes::properties(path, &opened);
        if let Some(stored) = &number.stored {
            header.meta.properties.insert(STORED_TYPE.to_owned(), stored.clone());
        }
        let samples = Samples {
            path,
            field: &field,
            dataset: opened,
            view,
            geometry,
            number: number.clone(),
            origin: Origin::Any,
        };
        let (dataset, reader) = samples.open_shared(limits)?;
        let is_part = index.is_some();
        Ok(Self {
            is_part,
            path: path.to_path_buf(),
            field,
            dataset,
            header,
            number,
            reader,
            stored: Vec::new(),
        })
    }

    /// Bytes that the whole dataset takes in the file. Walks through the index of all chunks.
    pub fn stored_bytes_of_samples(&self) -> u64 {
        self.dataset.storage_size()
    }
}

impl FrameSource for DatasetSource {
    fn header(&self) -> &StackHeader {
        &self.header
    }

    fn read_frame(&mut self, index: usize, into: &mut FrameBuf) -> Result<()> {
        check_frame_index(&self.header, index)?;
        into.fit(&self.header);
        if self.number.is_sample() {
            return into.fill_le_bytes(|bytes| self.reader.read_frame(index, bytes));
        }
        self.stored.resize(into.len() * self.number.element.bytes(), 0);
        self.reader.read_frame(index, &mut self.stored)?;
        self.number.to_samples(&self.stored, into).map_err(|inexact| {
            Error::format(
                &self.path,
                format!("{}, frame {index}", self.field),
                format!(
                    "sample {} is {}, which no f64 holds exactly, and no other sample type is wider",
                    inexact.index, inexact.value
                ),
                "store the differences to a round number, or the high and the low half as two datasets",
            )
        })
    }

    fn disk_bytes(&self) -> Option<u64> {
        // A part of a dataset takes no bytes of its own: it shares chunks with the rest.
        (!self.is_part).then(|| self.stored_bytes_of_samples())
    }
}

/// Opens an HDF5 file for reading.
pub(crate) fn open_file(path: &Path) -> Result<File> {
    std::fs::File::open(path).map_err(Error::io("read", path))?;
    tracing::debug!(path = %path.display(), "opening an HDF5 file");
    library::open_file(path).map_err(|error| {
        Error::format(
            path,
            "HDF5 superblock",
            failure::words(&error),
            "give a complete HDF5 or NetCDF-4 file; this one is damaged, cut short, or of another format",
        )
    })
}

/// The part of a dataset that is a stack.
pub(crate) struct Part {
    pub(crate) view: View,
    pub(crate) number: Number,
    /// The dataset's own axes, where frames are whole.
    pub(crate) geometry: Option<Geometry>,
    pub(crate) header: StackHeader,
}

/// Numbers, axes and header of a dataset, or a part of it, that can be a stack.
pub(crate) fn samples_of(
    path: &Path,
    field: &str,
    dataset: &Dataset,
    index: Option<&Index>,
    limits: &Limits,
) -> Result<Part> {
    let datatype = dataset.dtype().map_err(failure::reading(path, field))?;
    let words = library::type_words(&datatype);
    let number = Number::of(datatype).map_err(failure::reading(path, field))?.ok_or_else(|| {
        Error::format(
            path,
            field,
            format!("its elements are {words}"),
            "copy what you need of them to a dataset of integers, or of floats of at most 64 bits",
        )
    })?;
    let dims = dataset.get_shape().map_err(failure::reading(path, field))?;
    let parts = match index {
        Some(index) => index.of_axes(&dims)?,
        None => dims.iter().map(|&length| AxisPart { steps: Steps::all(length), kept: true }).collect(),
    };
    let wrong_shape = |problem: String| {
        let shape = dims.iter().map(ToString::to_string).collect::<Vec<_>>().join(" x ");
        Error::format(path, field, format!("the shape ({shape}) {problem}"), remedy_for_shape(field, &dims))
    };
    let view = View::new(parts).ok_or_else(|| {
        wrong_shape(match index {
            None => "is not that of a stack".into(),
            Some(_) => "with this index leaves no stack".into(),
        })
    })?;
    let header = view
        .header(number.pixel())
        .map_err(|error| wrong_shape(format!("is not that of a stack: {error}")))?;
    limits.check_header(path, &header)?;
    let geometry = view.geometry(&dims);
    Ok(Part { view, number, geometry, header })
}

/// What to write for a dataset that is no stack as a whole.
fn remedy_for_shape(field: &str, dims: &[usize]) -> String {
    let stack = "(height, width), (frames, height, width) or (frames, height, width, 1 to 4 channels)";
    if dims.len() < 4 || dims.contains(&0) {
        return format!("use a dataset of {stack}");
    }
    let index = [vec![":"], vec!["0"; dims.len() - 3]].concat().join(",");
    format!(
        "take a part of it that is {stack}, as in {field}[{index}] for element 0 of every axis but the first and the \
         last two; quote it for the shell"
    )
}

/// The error for a dataset that is not there: it lists those that are.
fn missing(path: &Path, word: &str, file: &File) -> Error {
    const SHOWN: usize = 20;
    let found = list_datasets_of(path, file).unwrap_or_default();
    let shown: Vec<String> = found.iter().take(SHOWN).map(DatasetInfo::to_string).collect();
    let remedy = match found.len() {
        0 => "the file has no datasets".to_owned(),
        n if n > SHOWN => format!("use one of {}, and {} more", shown.join(", "), n - SHOWN),
        _ => format!("use one of {}", shown.join(", ")),
    };
    Error::format(path, format!("/{}", word.trim_matches('/')), "there is no such dataset", remedy)
}
