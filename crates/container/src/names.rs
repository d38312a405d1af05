//! Names of the objects in our files, and what a table may be called.
//!
//! ```text
//! /stack             samples (frames, rows, columns[, channels])
//! /frame_names       text (frames)                                     where the source has names
//! /properties        one text, a JSON object                           where the source has properties
//! /blocks            one text, a JSON list                             where frames carry blocks of bytes
//! /<codes>, /<planes> in place of /stack: codes, and frames that decoding needs
//! /frames, /index    where frames are stored in another order or once for several: rows, and the row of each
//!                    frame; /stack is then a virtual dataset of /frames, or missing where that would be large
//! /differences, /means, /piles   in place of /stack: rows, a frame for each pile, and the pile of each frame
//! /stackpress        attribute format_version
//! /stackpress/<name> tables, bytes
//! ```

use stack_core::{Error, PixelType, Result};

/// The dataset of samples.
pub(crate) const STACK: &str = "stack";
/// Attributes of [`STACK`] and of codes: what the axes are, the type of the samples, what wrote them.
pub(crate) const AXES: &str = "axes";
pub(crate) const SAMPLE_TYPE: &str = "sample_type";
pub(crate) const WRITTEN_BY: &str = "written_by";
/// Attributes of codes and planes: what they are, in words and as a formula.
pub(crate) const MEANING: &str = "meaning";
pub(crate) const FORMULA: &str = "formula";
/// The rows of an arranged stack, and the row of each frame.
pub(crate) const FRAMES: &str = "frames";
pub(crate) const INDEX: &str = "index";
/// Attribute of rows: how to find a frame.
pub(crate) const ARRANGEMENT: &str = "arrangement";
/// Of a stack in piles: the pile of each frame, a mean for each pile, and rows of differences to them.
pub(crate) const PILES: &str = "piles";
pub(crate) const MEANS: &str = "means";
pub(crate) const DIFFERENCES: &str = "differences";
/// The dataset of frame names.
pub(crate) const FRAME_NAMES: &str = "frame_names";
/// The dataset of properties.
pub(crate) const PROPERTIES: &str = "properties";
/// The dataset of blocks of bytes.
pub(crate) const BLOCKS: &str = "blocks";
/// The group of tables; a file with it is ours.
pub(crate) const GROUP: &str = "stackpress";
/// Attribute of [`GROUP`]: version of this layout.
pub(crate) const FORMAT_VERSION: &str = "format_version";
/// Attribute of [`STACK`]: how many low bits of a sample can be different from zero.
pub(crate) const SIGNIFICANT_BITS: &str = "significant_bits";
/// The version that this crate writes, and the highest that it reads.
pub(crate) const CURRENT_VERSION: u32 = 1;

/// A sample type in plain words.
pub(crate) const fn sample_words(pixel: PixelType) -> &'static str {
    match pixel {
        PixelType::U8 => "unsigned 8-bit integer",
        PixelType::U16 => "unsigned 16-bit integer, little-endian",
        PixelType::I16 => "signed 16-bit integer, little-endian",
        PixelType::I32 => "signed 32-bit integer, little-endian",
        PixelType::F32 => "32-bit float (IEEE 754), little-endian",
        PixelType::F64 => "64-bit float (IEEE 754), little-endian",
    }
}

/// Checks the name of a table.
///
/// # Errors
/// [`Error::Parameter`] for names that HDF5 would read as a path, or cannot hold.
pub(crate) fn check_table(name: &str) -> Result<()> {
    if name.is_empty() || name == "." || name.contains(['/', '\0']) {
        return Err(Error::parameter(
            format!("table {name:?}"),
            "this is no name for a table",
            "use letters, digits and underscores",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_paths_are_refused() {
        assert!(check_table("frame_hashes").is_ok());
        for name in ["", ".", "a/b", "/", "a\0"] {
            assert!(check_table(name).is_err(), "{name:?}");
        }
    }
}
