//! Which datasets a file holds.

use std::collections::HashSet;
use std::fmt;
use std::path::Path;

use hdf5::{File, Group, LinkType, LocationType};
use stack_core::{FrameShape, PixelType, Result};

use crate::dataset::open_file;
use crate::failure;
use crate::library;
use crate::number::Number;

/// Most objects that are looked at: a damaged file may claim any number.
const MAX_OBJECTS: usize = 100_000;
/// Deepest nesting of groups that is followed.
const MAX_DEPTH: usize = 64;

/// One dataset of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatasetInfo {
    /// Path inside the file, from the root: `/group/name`.
    pub path: String,
    /// Length of each axis; empty for a single value.
    pub dims: Vec<usize>,
    /// Type of the elements in words: `uint16`, `text`.
    pub element: String,
    /// The type of the samples that come of such elements, where some can.
    pub pixel: Option<PixelType>,
}

impl DatasetInfo {
    /// Whether [`DatasetSource`](crate::DatasetSource) can read it, by its type and shape.
    pub fn is_stack(&self) -> bool {
        let shape = match *self.dims {
            [height, width] | [_, height, width] => FrameShape::gray(height, width),
            [_, height, width, channels] => FrameShape::new(height, width, channels),
            _ => return false,
        };
        self.pixel.is_some() && shape.is_ok() && !self.dims.contains(&0)
    }
}

impl fmt::Display for DatasetInfo {
    /// `/group/name (10 x 201 x 301, uint16)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let dims: Vec<String> = self.dims.iter().map(ToString::to_string).collect();
        let separator = if dims.is_empty() { "" } else { ", " };
        write!(f, "{} ({}{separator}{})", self.path, dims.join(" x "), self.element)
    }
}

/// All datasets of an HDF5 or NetCDF-4 file, sorted by path. Links into other files are not followed.
///
/// # Errors
/// [`stack_core::Error::Io`] or [`stack_core::Error::Format`] if the file cannot be read.
pub fn list_datasets(path: &Path) -> Result<Vec<DatasetInfo>> {
    list_datasets_of(path, &open_file(path)?)
}

pub(crate) fn list_datasets_of(path: &Path, file: &File) -> Result<Vec<DatasetInfo>> {
    let mut walk = Walk { seen: HashSet::new(), found: Vec::new() };
    let root = file.group("/").map_err(failure::reading(path, "/"))?;
    walk.visit(&root, "", 0).map_err(failure::reading(path, "/"))?;
    walk.found.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(walk.found)
}

struct Walk {
    /// Objects that were seen, by file and place: hard links may form a ring.
    seen: HashSet<(u64, String)>,
    found: Vec<DatasetInfo>,
}

impl Walk {
    fn visit(&mut self, group: &Group, prefix: &str, depth: usize) -> hdf5::Result<()> {
        let mut members = Vec::new();
        group.iter_visit_default(|name, link| {
            if link.link_type == LinkType::Hard && members.len() < MAX_OBJECTS {
                members.push(name.to_owned());
            }
            Ok(())
        })?;
        for name in members {
            // One damaged object must not hide the others.
            let Ok(info) = group.loc_info_by_name(&name) else { continue };
            let place = (info.fileno, format!("{:?}", info.token));
            if self.seen.len() >= MAX_OBJECTS || !self.seen.insert(place) {
                continue;
            }
            let path = format!("{prefix}/{name}");
            match info.loc_type {
                LocationType::Group if depth < MAX_DEPTH => {
                    if let Ok(child) = group.group(&name) {
                        self.visit(&child, &path, depth + 1)?;
                    }
                }
                LocationType::Dataset => {
                    if let Ok(dataset) = group.dataset(&name) {
                        let datatype = dataset.dtype();
                        let element =
                            datatype.as_ref().map_or_else(|_| "another type".into(), library::type_words);
                        let number = datatype.and_then(Number::of).ok().flatten();
                        let pixel = number.map(|number| number.pixel());
                        self.found.push(DatasetInfo { path, dims: dataset.shape(), element, pixel });
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }
}
