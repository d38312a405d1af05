//! What to do about a filter that the library does not have.

use std::path::Path;

use hdf5::filters::Filter;
use stack_core::{Error, Result};

/// Filters by their numbers, from The HDF Group's list of registered filters, and what brings each.
const KNOWN: [(i32, &str, Plugin); 21] = [
    (4, "szip", Plugin::Library),
    (5, "n-bit", Plugin::Library),
    (6, "scale-offset", Plugin::Library),
    (305, "LZO", Plugin::Other("PyTables")),
    (307, "bzip2", Plugin::Hdf5plugin),
    (32000, "LZF", Plugin::Other("h5py")),
    (32001, "Blosc", Plugin::Hdf5plugin),
    (32004, "LZ4", Plugin::Hdf5plugin),
    (32008, "bitshuffle", Plugin::Hdf5plugin),
    (32013, "ZFP", Plugin::Hdf5plugin),
    (32014, "fpzip", Plugin::Other("fpzip")),
    (32015, "Zstandard", Plugin::Hdf5plugin),
    (32017, "SZ", Plugin::Hdf5plugin),
    (32018, "FCIDECOMP", Plugin::Hdf5plugin),
    (32019, "JPEG", Plugin::Other("H5Z-JPEG")),
    (32022, "BitGroom", Plugin::Other("the Community Codec Repository")),
    (32023, "Granular BitRound", Plugin::Other("the Community Codec Repository")),
    (32024, "SZ3", Plugin::Hdf5plugin),
    (32026, "Blosc2", Plugin::Hdf5plugin),
    (32028, "SPERR", Plugin::Hdf5plugin),
    (32033, "High-throughput JPEG 2000", Plugin::Hdf5plugin),
];

/// Who brings a filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Plugin {
    /// A part of HDF5 that a build may leave out.
    Library,
    /// The Python package hdf5plugin.
    Hdf5plugin,
    /// A project of its own.
    Other(&'static str),
}

/// Refuses a filter that the library neither has nor finds as a plugin.
pub(crate) fn check(path: &Path, field: &str, filter: &Filter) -> Result<()> {
    if filter.is_available() {
        return Ok(());
    }
    let id = filter.id();
    let known = KNOWN.iter().find(|(known, ..)| *known == id);
    let name = known
        .map_or_else(|| format!("HDF5 filter {id}"), |(_, name, _)| format!("HDF5 filter {id} ({name})"));
    let get = match known {
        Some((_, _, Plugin::Library)) => "install a build of HDF5 that has it".to_owned(),
        Some((_, _, Plugin::Hdf5plugin)) => {
            "install its plugin, `pip install hdf5plugin`, and set HDF5_PLUGIN_PATH to what \
             `python -c \"import hdf5plugin; print(hdf5plugin.PLUGIN_PATH)\"` prints"
                .to_owned()
        }
        Some((_, _, Plugin::Other(project))) => {
            format!("install its plugin from {project}, and set HDF5_PLUGIN_PATH to the plugin's folder")
        }
        None => "set HDF5_PLUGIN_PATH to the folder of its plugin".to_owned(),
    };
    Err(Error::unavailable(
        name,
        format!(
            "{}: {field} was written with it, and the HDF5 library here does not have it",
            path.display()
        ),
        format!("{get}; or, where the filter is, copy the dataset without it: h5repack -f NONE IN OUT"),
    ))
}
