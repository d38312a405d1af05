//! Any dataset of numbers in any HDF5 (or NetCDF-4) file, as a stack.

use std::path::Path;

use hdf5::types::{FloatSize, IntSize, TypeDescriptor};
use hdf5::{Dataset, File};
use stack_core::{
    Error, FrameBuf, FrameShape, FrameSource, Limits, PixelType, Result, SampleFormat, StackHeader,
    check_frame_index,
};

use crate::failure;
use crate::geometry::Geometry;
use crate::library;
use crate::listing::{DatasetInfo, list_datasets_of};
use crate::samples::{Origin, SampleReader, Samples};

/// Frames of one dataset: rank 2 is one frame, rank 3 is frames, rank 4 has up to 4 channels on its last axis.
///
/// Chunks with the filters of this crate are decoded in parallel; all others are left to the library, which also
/// turns big-endian numbers round.
#[derive(Debug)]
pub struct DatasetSource {
    stored_bytes: u64,
    header: StackHeader,
    reader: SampleReader,
}

impl DatasetSource {
    /// Opens dataset `dataset` (`/group/name`, the first slash may be missing) of the file `path`.
    ///
    /// # Errors
    /// [`Error::Io`] if the file cannot be read; [`Error::Format`] if it is no HDF5 file or damaged, if there is
    /// no such dataset (the error lists those there are), or if its type or rank is not that of a stack;
    /// [`Error::Limit`] if it claims more than `limits` allow; [`Error::Unavailable`] if a filter is missing.
    pub fn open(path: &Path, dataset: &str, limits: &Limits) -> Result<Self> {
        let file = open_file(path)?;
        let name = dataset.trim_matches('/');
        let field = format!("/{name}");
        let opened = if name.is_empty() { None } else { file.dataset(name).ok() };
        let Some(opened) = opened else { return Err(missing(path, &field, &file)) };
        let (geometry, header) = samples_of(path, &field, &opened, limits)?;
        let stored_bytes = opened.storage_size();
        let samples = Samples {
            path,
            field: &field,
            dataset: opened,
            geometry,
            pixel: header.format.pixel(),
            origin: Origin::Any,
        };
        let reader = samples.open(limits)?;
        Ok(Self { stored_bytes, header, reader })
    }

    /// Bytes that the samples take in the file.
    pub fn stored_bytes_of_samples(&self) -> u64 {
        self.stored_bytes
    }
}

impl FrameSource for DatasetSource {
    fn header(&self) -> &StackHeader {
        &self.header
    }

    fn read_frame(&mut self, index: usize, into: &mut FrameBuf) -> Result<()> {
        check_frame_index(&self.header, index)?;
        into.fit(&self.header);
        into.fill_le_bytes(|bytes| self.reader.read_frame(index, bytes))
    }

    fn disk_bytes(&self) -> Option<u64> {
        Some(self.stored_bytes_of_samples())
    }
}

/// Opens an HDF5 file for reading.
pub(crate) fn open_file(path: &Path) -> Result<File> {
    std::fs::File::open(path).map_err(Error::io("read", path))?;
    library::open_file(path).map_err(|error| {
        Error::format(
            path,
            "HDF5 superblock",
            failure::words(&error),
            "give a complete HDF5 or NetCDF-4 file; this one is damaged, cut short, or of another format",
        )
    })
}

/// Axes and header of a dataset that can be a stack.
pub(crate) fn samples_of(
    path: &Path,
    field: &str,
    dataset: &Dataset,
    limits: &Limits,
) -> Result<(Geometry, StackHeader)> {
    let descriptor = dataset.dtype().and_then(|dtype| dtype.to_descriptor());
    let words = match &descriptor {
        Ok(descriptor) => descriptor.to_string(),
        Err(error) => error.to_string(),
    };
    let pixel = descriptor.ok().and_then(|descriptor| pixel_type(&descriptor)).ok_or_else(|| {
        Error::format(
            path,
            field,
            format!("its elements are {words}"),
            "convert them to u8, u16, i16, i32, f32 or f64",
        )
    })?;
    let dims = dataset.get_shape().map_err(failure::reading(path, field))?;
    let wrong_shape = |problem: String| {
        Error::format(
            path,
            field,
            format!("the shape {dims:?} {problem}"),
            "use a dataset of (height, width), (frames, height, width) or (frames, height, width, 1 to 4 channels)",
        )
    };
    let geometry = Geometry::of_dims(&dims).ok_or_else(|| wrong_shape("is not that of a stack".into()))?;
    let [frames, height, width, channels] = geometry.lengths();
    let header = FrameShape::new(height, width, channels)
        .and_then(|shape| StackHeader::new(frames, shape, SampleFormat::full(pixel)))
        .map_err(|error| wrong_shape(format!("is not that of a stack: {error}")))?;
    limits.check_header(path, &header)?;
    Ok((geometry, header))
}

/// The sample type that a type in a file stands for, in any byte order.
pub(crate) fn pixel_type(descriptor: &TypeDescriptor) -> Option<PixelType> {
    match descriptor {
        TypeDescriptor::Unsigned(IntSize::U1) => Some(PixelType::U8),
        TypeDescriptor::Unsigned(IntSize::U2) => Some(PixelType::U16),
        TypeDescriptor::Integer(IntSize::U2) => Some(PixelType::I16),
        TypeDescriptor::Integer(IntSize::U4) => Some(PixelType::I32),
        TypeDescriptor::Float(FloatSize::U4) => Some(PixelType::F32),
        TypeDescriptor::Float(FloatSize::U8) => Some(PixelType::F64),
        _ => None,
    }
}

/// The error for a dataset that is not there: it lists those that are.
fn missing(path: &Path, field: &str, file: &File) -> Error {
    const SHOWN: usize = 20;
    let found = list_datasets_of(path, file).unwrap_or_default();
    let shown: Vec<String> = found.iter().take(SHOWN).map(DatasetInfo::to_string).collect();
    let remedy = match found.len() {
        0 => "the file has no datasets".to_owned(),
        n if n > SHOWN => format!("use one of {}, and {} more", shown.join(", "), n - SHOWN),
        _ => format!("use one of {}", shown.join(", ")),
    };
    Error::format(path, field, "there is no such dataset", remedy)
}
