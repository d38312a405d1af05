//! Types of elements: the standard ones, and what a type in a file says of itself.

use hdf5::globals::{self, H5GlobalConstant};
use hdf5::plist::DatasetCreate;
use hdf5::sync::sync;
use hdf5::{Attribute, Dataset, Datatype, Error, h5check};
use hdf5_sys::h5a::H5Aread;
use hdf5_sys::h5d::H5D_fill_value_t;
use hdf5_sys::h5i::hid_t;
use hdf5_sys::h5o::{H5O_INFO_BASIC, H5O_info1_t, H5Oget_info2};
use hdf5_sys::h5p::{H5P_DEFAULT, H5Pfill_value_defined, H5Pget_fill_value};
use hdf5_sys::h5t::{
    H5T_class_t, H5T_order_t, H5T_sign_t, H5Tconvert, H5Tcopy, H5Tget_class, H5Tget_fields, H5Tget_offset,
    H5Tget_order, H5Tget_precision, H5Tget_sign, H5Tget_size, H5Tget_super, H5Tis_variable_str, H5Tset_ebias,
    H5Tset_fields, H5Tset_precision, H5Tset_size,
};

use crate::element::Element;

/// Widest number that is looked at, in bytes.
const MAX_ELEMENT_BYTES: usize = 16;

/// What a type in a file is, as far as numbers go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StoredType {
    /// An integer of `precision` used bits.
    Integer { signed: bool, bytes: usize, precision: usize },
    /// A float; mantissa without its hidden bit.
    Float { bytes: usize, exponent_bits: usize, mantissa_bits: usize },
    /// Anything else.
    Other,
}

/// The standard type of elements in little-endian, which is how we write them on every machine.
pub(crate) fn little_endian(element: Element) -> hdf5::Result<Datatype> {
    predefined(match element {
        Element::U8 => &globals::H5T_STD_U8LE,
        Element::I8 => &globals::H5T_STD_I8LE,
        Element::U16 => &globals::H5T_STD_U16LE,
        Element::I16 => &globals::H5T_STD_I16LE,
        Element::U32 => &globals::H5T_STD_U32LE,
        Element::I32 => &globals::H5T_STD_I32LE,
        Element::U64 => &globals::H5T_STD_U64LE,
        Element::I64 => &globals::H5T_STD_I64LE,
        Element::F16 => return half_precision(&globals::H5T_IEEE_F32LE),
        Element::F32 => &globals::H5T_IEEE_F32LE,
        Element::F64 => &globals::H5T_IEEE_F64LE,
    })
}

/// The standard type of elements in big-endian.
pub(crate) fn big_endian(element: Element) -> hdf5::Result<Datatype> {
    predefined(match element {
        Element::U8 => &globals::H5T_STD_U8BE,
        Element::I8 => &globals::H5T_STD_I8BE,
        Element::U16 => &globals::H5T_STD_U16BE,
        Element::I16 => &globals::H5T_STD_I16BE,
        Element::U32 => &globals::H5T_STD_U32BE,
        Element::I32 => &globals::H5T_STD_I32BE,
        Element::U64 => &globals::H5T_STD_U64BE,
        Element::I64 => &globals::H5T_STD_I64BE,
        Element::F16 => return half_precision(&globals::H5T_IEEE_F32BE),
        Element::F32 => &globals::H5T_IEEE_F32BE,
        Element::F64 => &globals::H5T_IEEE_F64BE,
    })
}

/// A copy of one of the library's own types.
fn predefined(identifier: &H5GlobalConstant) -> hdf5::Result<Datatype> {
    let identifier: hid_t = **identifier;
    // SAFETY: the identifier is that of a type which the library keeps open; the copy belongs to the handle.
    sync(|| unsafe { hdf5::from_id(h5check(H5Tcopy(identifier))?) })
}

/// IEEE 754 binary16, which this library does not bring: a float of 32 bits, made narrower.
fn half_precision(single: &H5GlobalConstant) -> hdf5::Result<Datatype> {
    let datatype = predefined(single)?;
    let id = datatype.id();
    sync(|| {
        // SAFETY: the type is a copy of ours. Sign at bit 15, 5 bits of exponent at 10, 10 bits of mantissa at 0:
        // they must fit before the type gets narrower.
        unsafe {
            h5check(H5Tset_fields(id, 15, 10, 5, 0, 10))?;
            h5check(H5Tset_precision(id, 16))?;
            h5check(H5Tset_size(id, 2))?;
            h5check(H5Tset_ebias(id, 15)).map(drop)
        }
    })?;
    Ok(datatype)
}

/// What numbers of this type are like, and the type itself; for an enumeration, the integers behind its names.
///
/// Bits that would lie outside of the number make it [`StoredType::Other`]: the library trusts such a type when it
/// converts.
pub(crate) fn stored_type(datatype: Datatype) -> hdf5::Result<(StoredType, Datatype)> {
    // SAFETY: the handle is open.
    let class = sync(|| unsafe { H5Tget_class(datatype.id()) });
    let datatype = match class {
        // SAFETY: as above; the base of an enumeration belongs to the new handle.
        H5T_class_t::H5T_ENUM => sync(|| unsafe { hdf5::from_id(h5check(H5Tget_super(datatype.id()))?) })?,
        _ => datatype,
    };
    let id = datatype.id();
    let stored = sync(|| {
        // SAFETY: the handle is open; the fields go into variables that outlive the call.
        unsafe {
            let (bytes, precision, offset) = (H5Tget_size(id), H5Tget_precision(id), H5Tget_offset(id));
            let bits = bytes.saturating_mul(8);
            let inside = usize::try_from(offset).is_ok_and(|offset| offset.saturating_add(precision) <= bits);
            let ordered = matches!(H5Tget_order(id), H5T_order_t::H5T_ORDER_LE | H5T_order_t::H5T_ORDER_BE);
            if precision == 0 || bytes > MAX_ELEMENT_BYTES || !inside || !ordered {
                return StoredType::Other;
            }
            match H5Tget_class(id) {
                H5T_class_t::H5T_INTEGER => {
                    let signed = H5Tget_sign(id) == H5T_sign_t::H5T_SGN_2;
                    StoredType::Integer { signed, bytes, precision }
                }
                H5T_class_t::H5T_FLOAT => {
                    let (mut sign, mut exponent_at, mut exponent_bits) = (0, 0, 0);
                    let (mut mantissa_at, mut mantissa_bits) = (0, 0);
                    let fields = H5Tget_fields(
                        id,
                        &mut sign,
                        &mut exponent_at,
                        &mut exponent_bits,
                        &mut mantissa_at,
                        &mut mantissa_bits,
                    );
                    let inside =
                        |at: usize, length: usize| at.saturating_add(length) <= precision && length > 0;
                    let apart = mantissa_at.saturating_add(mantissa_bits) <= exponent_at
                        && exponent_at.saturating_add(exponent_bits) <= sign;
                    let fit = inside(sign, 1) && inside(exponent_at, exponent_bits);
                    if fields >= 0 && fit && inside(mantissa_at, mantissa_bits) && apart {
                        StoredType::Float { bytes, exponent_bits, mantissa_bits }
                    } else {
                        StoredType::Other
                    }
                }
                _ => StoredType::Other,
            }
        }
    });
    Ok((stored, datatype))
}

/// Converts numbers in place: `buffer` begins with `count` of the type `from`, and has room for as many of `to`, which
/// it then begins with.
///
/// `from` must be a type that [`stored_type`] takes for a number.
pub(crate) fn convert(from: &Datatype, to: Element, count: usize, buffer: &mut [u8]) -> hdf5::Result<()> {
    let target = little_endian(to)?;
    let widest = from.size().max(target.size());
    if count.checked_mul(widest).is_none_or(|bytes| bytes > buffer.len()) {
        return Err(Error::Internal("the buffer is too short for a conversion".into()));
    }
    sync(|| {
        // SAFETY: both types are numbers without pointers, and the buffer holds `count` of the wider one.
        h5check(unsafe {
            H5Tconvert(
                from.id(),
                target.id(),
                count,
                buffer.as_mut_ptr().cast(),
                std::ptr::null_mut(),
                H5P_DEFAULT,
            )
        })
        .map(drop)
    })
}

/// The value of elements that were never written, in the dataset's own type; zeros where none is defined.
pub(crate) fn fill_value(creation: &DatasetCreate, dataset: &Dataset, bytes: usize) -> Vec<u8> {
    let mut value = vec![0; bytes];
    let mut read = || {
        let datatype = dataset.dtype()?;
        if datatype.size() != bytes {
            return Err(Error::Internal("the type has another size".into()));
        }
        sync(|| {
            let mut status = H5D_fill_value_t::H5D_FILL_VALUE_UNDEFINED;
            // SAFETY: the handle is open, and the status outlives the call.
            h5check(unsafe { H5Pfill_value_defined(creation.id(), &mut status) })?;
            // The library follows a null pointer where a damaged file has a value of some length and no value.
            if status != H5D_fill_value_t::H5D_FILL_VALUE_USER_DEFINED {
                return Ok(());
            }
            // SAFETY: both handles are open, and the buffer holds one element of the dataset's type, a number.
            h5check(unsafe { H5Pget_fill_value(creation.id(), datatype.id(), value.as_mut_ptr().cast()) })
                .map(drop)
        })
    };
    if read().is_err() {
        value.fill(0);
    }
    value
}

/// The type in a word or two: `uint16`, `enumeration of int8`, `text`.
///
/// The `hdf5` crate's own description trusts the sizes in enumerations.
pub(crate) fn type_words(datatype: &Datatype) -> String {
    // SAFETY: the handle is open.
    let class = sync(|| unsafe { H5Tget_class(datatype.id()) });
    let words = match class {
        H5T_class_t::H5T_ENUM => {
            return match stored_type(datatype.clone()) {
                Ok((stored, _)) => format!("enumeration of {}", number_words(stored)),
                Err(_) => "enumeration".into(),
            };
        }
        H5T_class_t::H5T_INTEGER | H5T_class_t::H5T_FLOAT => {
            return stored_type(datatype.clone())
                .map_or_else(|_| "numbers".into(), |(stored, _)| number_words(stored));
        }
        H5T_class_t::H5T_STRING => "text",
        H5T_class_t::H5T_TIME => "times",
        H5T_class_t::H5T_BITFIELD => "bit fields",
        H5T_class_t::H5T_OPAQUE => "opaque bytes",
        H5T_class_t::H5T_COMPOUND => "compound",
        H5T_class_t::H5T_REFERENCE => "references",
        H5T_class_t::H5T_VLEN => "lists of any length",
        H5T_class_t::H5T_ARRAY => "arrays",
        _ => "another type",
    };
    words.into()
}

fn number_words(stored: StoredType) -> String {
    match stored {
        StoredType::Integer { signed, precision, .. } => {
            format!("{}int{precision}", if signed { "" } else { "u" })
        }
        StoredType::Float { bytes, .. } => format!("float{}", bytes * 8),
        StoredType::Other => "another type".into(),
    }
}

/// Whether the type is text, of a fixed length or of any.
pub(crate) fn is_text(datatype: &Datatype) -> bool {
    // SAFETY: the handle is open.
    sync(|| unsafe { H5Tget_class(datatype.id()) == H5T_class_t::H5T_STRING })
}

/// Where in the file the header of a dataset is.
pub(crate) fn address(dataset: &Dataset) -> hdf5::Result<u64> {
    let mut info = H5O_info1_t::default();
    // SAFETY: the handle is open, and the library fills the structure, which outlives the call.
    sync(|| h5check(unsafe { H5Oget_info2(dataset.id(), &mut info, H5O_INFO_BASIC) }).map(drop))?;
    Ok(info.addr)
}

/// Whether the type is text of a fixed length.
pub(crate) fn is_fixed_text(datatype: &Datatype) -> bool {
    sync(|| {
        // SAFETY: the handle is open.
        unsafe {
            H5Tget_class(datatype.id()) == H5T_class_t::H5T_STRING && H5Tis_variable_str(datatype.id()) == 0
        }
    })
}

/// Reads an attribute of one value as an element of the type `memory`, or of fixed-length text in its own type.
///
/// The caller has checked that the type has no pointers: numbers, or text of a fixed length.
pub(crate) fn read_attribute(attribute: &Attribute, memory: &Datatype) -> hdf5::Result<Vec<u8>> {
    // SAFETY: the handle is open.
    let class = sync(|| unsafe { H5Tget_class(memory.id()) });
    let number = matches!(class, H5T_class_t::H5T_INTEGER | H5T_class_t::H5T_FLOAT);
    let plain = number || is_fixed_text(memory);
    if !plain || attribute.space()?.size() != 1 {
        return Err(Error::Internal("the attribute is not one plain value".into()));
    }
    let mut bytes = vec![0; memory.size()];
    sync(|| {
        // SAFETY: the attribute has one value, the memory type has no pointers, and the buffer is as long as it.
        h5check(unsafe { H5Aread(attribute.id(), memory.id(), bytes.as_mut_ptr().cast()) }).map(drop)
    })?;
    Ok(bytes)
}
