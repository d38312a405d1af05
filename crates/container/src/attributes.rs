//! Attributes of a dataset as properties: short texts and single numbers, in their own words.
//!
//! Everything else stays in the file: lists, references, and what NetCDF-4 keeps there for itself.

use std::collections::BTreeMap;
use std::path::Path;

use hdf5::{Attribute, Dataset};

use crate::element::Element;
use crate::heap_text;
use crate::library;
use crate::number::Number;

/// Most attributes that are kept.
const MAX_ATTRIBUTES: usize = 256;
/// Longest text that is kept, and longest name, in bytes.
const MAX_BYTES: usize = 4096;

/// Attributes that describe the file's own structure: dimension scales, and NetCDF-4's bookkeeping.
const STRUCTURE: [&str; 8] = [
    "CLASS",
    "NAME",
    "DIMENSION_LIST",
    "DIMENSION_LABELS",
    "REFERENCE_LIST",
    "_Netcdf4Dimid",
    "_Netcdf4Coordinates",
    "_NCProperties",
];

/// The attributes of `dataset` that are one short text or one number. What cannot be read is left out: attributes are
/// no samples, and a stack must not be refused for one.
pub(crate) fn properties(path: &Path, dataset: &Dataset) -> BTreeMap<String, String> {
    let address = library::address(dataset).ok();
    let names = dataset.attr_names().unwrap_or_default();
    let wanted = names
        .into_iter()
        .filter(|name| !STRUCTURE.contains(&name.as_str()) && (1..=MAX_BYTES).contains(&name.len()));
    wanted
        .take(MAX_ATTRIBUTES)
        .filter_map(|name| {
            let value = value(path, address, &dataset.attr(&name).ok()?)?;
            Some((name, value))
        })
        .collect()
}

/// The value in words; `address` is that of the dataset's object header.
fn value(path: &Path, address: Option<u64>, attribute: &Attribute) -> Option<String> {
    if attribute.space().ok()?.size() != 1 {
        return None;
    }
    let datatype = attribute.dtype().ok()?;
    let text = |bytes: &[u8]| {
        (bytes.len() <= MAX_BYTES).then(|| std::str::from_utf8(bytes).ok().map(str::to_owned))?
    };
    if library::is_fixed_text(&datatype) {
        if datatype.size() > MAX_BYTES {
            return None;
        }
        let bytes = library::read_attribute(attribute, &datatype).ok()?;
        let end = bytes.iter().position(|&byte| byte == 0).unwrap_or(bytes.len());
        return text(&bytes[..end]);
    }
    if library::is_text(&datatype) {
        return text(&heap_text::read(path, address?, &attribute.name())?);
    }
    let number = Number::of(datatype).ok()??;
    let memory = library::little_endian(number.element).ok()?;
    digits(number.element, &library::read_attribute(attribute, &memory).ok()?)
}

/// A number in the fewest digits that give it back.
fn digits(element: Element, bytes: &[u8]) -> Option<String> {
    macro_rules! digits {
        ($type:ty) => {
            <$type>::from_le_bytes(bytes.try_into().ok()?).to_string()
        };
    }
    Some(match element {
        Element::U8 => digits!(u8),
        Element::I8 => digits!(i8),
        Element::U16 => digits!(u16),
        Element::I16 => digits!(i16),
        Element::U32 => digits!(u32),
        Element::I32 => digits!(i32),
        Element::U64 => digits!(u64),
        Element::I64 => digits!(i64),
        Element::F16 => digits!(half::f16),
        Element::F32 => digits!(f32),
        Element::F64 => digits!(f64),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_the_digits_that_give_them_back() {
        assert_eq!(digits(Element::F32, &0.1_f32.to_le_bytes()).unwrap(), "0.1");
        assert_eq!(digits(Element::I64, &i64::MIN.to_le_bytes()).unwrap(), "-9223372036854775808");
        assert_eq!(digits(Element::F64, &f64::NAN.to_le_bytes()).unwrap(), "NaN");
        assert_eq!(digits(Element::F64, &[0; 4]), None);
    }
}
