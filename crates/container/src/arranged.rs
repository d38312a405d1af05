//! Stacks whose frames are stored in another order, equal ones once: rows, and the row of each frame.

use std::path::Path;

use hdf5::{Dataset, File};
use stack_core::{Arrangement, Error, Limits, Result, StackHeader};

use crate::element::Element;
use crate::failure;
use crate::geometry::Geometry;
use crate::library;
use crate::names;
use crate::number_list;
use crate::tables::Tables;
use crate::text;
use crate::virtual_stack;

/// What is said of the stored frames.
const ROWS_IN_WORDS: &str = "rows in the order in which they are stored: frame n of the stack has row index[n] of this dataset. \
                             All rows, in NumPy: rows[...][index[...]]";
/// What is said of the index.
const INDEX_IN_WORDS: &str = "the row of each frame: frame n of the stack is row index[n] of /";

/// An arrangement that is not for the stack is refused; one that changes nothing is nothing.
pub(crate) fn check<'a>(
    header: &StackHeader,
    arrangement: &'a Arrangement,
) -> Result<Option<&'a Arrangement>> {
    if arrangement.frames() != header.frames {
        return Err(Error::parameter(
            "the order of the frames",
            format!("it is for {} frames, the stack has {}", arrangement.frames(), header.frames),
            "make the order from this stack",
        ));
    }
    Ok(Some(arrangement).filter(|arrangement| !arrangement.is_identity()))
}

/// Writes `/index` beside the rows, which are dataset `name`.
pub(crate) fn write_index(
    path: &Path,
    file: &File,
    rows: &Dataset,
    name: &str,
    arrangement: &Arrangement,
) -> Result<()> {
    let index = number_list::write(path, file, names::INDEX, arrangement.places())?;
    text::write_attribute(&index, names::MEANING, &format!("{INDEX_IN_WORDS}{name}"))
        .and_then(|()| text::write_attribute(rows, names::ARRANGEMENT, ROWS_IN_WORDS))
        .map_err(failure::writing(path))
}

/// Writes the virtual dataset `/stack` over the rows `name`, where it is small beside the samples.
pub(crate) fn write_virtual(
    path: &Path,
    file: &File,
    header: &StackHeader,
    name: &str,
    arrangement: &Arrangement,
) -> Result<Option<Dataset>> {
    let places = arrangement.places().iter().map(|&place| place as usize);
    let mappings = virtual_stack::mappings(&format!("/{name}"), arrangement.stored(), places.enumerate());
    let worth = virtual_stack::is_worth_its_bytes(&mappings, header);
    tracing::debug!(path = %path.display(), mappings = mappings.len(), written = worth, "virtual dataset");
    if !worth {
        return Ok(None);
    }
    let geometry = Geometry::of_stack(header.frames, header.shape);
    let dims = geometry.present(geometry.lengths());
    let element = Element::of_samples(header.format.pixel());
    library::create_virtual(file, names::STACK, element, &dims, &mappings)
        .map(Some)
        .map_err(failure::writing(path))
}

/// Reads `/index`; `None` where there is none, because every frame is its own row.
pub(crate) fn read_index(tables: &Tables) -> Result<Option<Arrangement>> {
    if !tables.file().link_exists(names::INDEX) {
        return Ok(None);
    }
    let path = tables.path();
    let field = format!("/{}", names::INDEX);
    let dataset = tables.file().dataset(names::INDEX).map_err(failure::reading(path, field))?;
    read_list(path, names::INDEX, dataset, tables.limits()).map(Some)
}

/// Reads a place for each frame.
pub(crate) fn read_list(path: &Path, name: &str, dataset: Dataset, limits: &Limits) -> Result<Arrangement> {
    let field = format!("/{name}");
    let places = number_list::read(path, &field, dataset, limits)?;
    Arrangement::new(places).map_err(|error| failure::damaged(path, field, error.to_string()))
}

/// The frames of a stack of so many rows.
///
/// # Errors
/// [`Error::Format`] if the index is for another number of rows.
pub(crate) fn frames(
    path: &Path,
    rows: usize,
    rows_field: &str,
    arrangement: Option<&Arrangement>,
) -> Result<usize> {
    match arrangement {
        None => Ok(rows),
        Some(arrangement) if arrangement.stored() == rows => Ok(arrangement.frames()),
        Some(arrangement) => {
            let problem = format!("it is for {} rows, {rows_field} has {rows}", arrangement.stored());
            Err(failure::damaged(path, format!("/{}", names::INDEX), problem))
        }
    }
}

/// The row of a frame.
pub(crate) fn row(arrangement: Option<&Arrangement>, frame: usize) -> usize {
    arrangement.map_or(frame, |arrangement| arrangement.place(frame))
}
