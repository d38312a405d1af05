//! Reads an array of floats out of a NumPy archive.

use std::error::Error;
use std::io::Read;
use std::path::Path;

/// Shape and samples.
pub(crate) type Array = (Vec<usize>, Vec<f32>);

/// The array `stack` of an archive; `None` if it is of another type.
pub(crate) fn read(file: &Path) -> Result<Option<Array>, Box<dyn Error>> {
    let mut archive = zip::ZipArchive::new(std::fs::File::open(file)?)?;
    let mut bytes = Vec::new();
    archive.by_name("stack.npy")?.read_to_end(&mut bytes)?;
    // NPY 1.0: a magic of eight bytes, the length of the header, and a header like {'descr': '<f4', 'shape': (2, 3)}.
    let length = usize::from(u16::from_le_bytes([bytes[8], bytes[9]]));
    let (header, data) = bytes[10..].split_at(length);
    let header = std::str::from_utf8(header)?;
    if !header.contains("'<f4'") {
        return Ok(None);
    }
    let shape = header.split(['(', ')']).nth(1).ok_or("no shape")?;
    let shape: Vec<usize> = shape.split(',').filter_map(|side| side.trim().parse().ok()).collect();
    Ok(Some((shape, data.as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect())))
}
