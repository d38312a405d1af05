//! The header of a NumPy `.npy` file: read strictly, written canonically.
//!
//! Format: [numpy.lib.format](https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html), versions
//! 1.0, 2.0 and 3.0:
//!
//! ```text
//! offset  bytes  field
//! 0       6      magic: 0x93 "NUMPY"
//! 6       1      major version: 1, 2 or 3
//! 7       1      minor version: 0
//! 8       2 | 4  length of the dictionary, little-endian: 2 bytes in version 1, else 4
//! 10 | 12        dictionary: {'descr': '<u2', 'fortran_order': False, 'shape': (3, 4), }, spaces, newline
//! ...            samples
//! ```
//!
//! `ndarray-npy` is the usual crate for these files. It gives whole arrays or a memory map, and its header type
//! is private; a stack is read frame by frame from files, archives and spools alike, so the header is read here.

use std::fmt::Write as _;
use std::io::Read;
use std::path::Path;

use stack_core::{Error, PixelType, Result};

use crate::array::ByteOrder;
use crate::npy_literal::{Literal, parse_dictionary};

/// The first bytes of every `.npy` file.
pub const MAGIC: [u8; 6] = *b"\x93NUMPY";

/// Longest dictionary that is read: far more than an array of numbers ever needs.
pub const MAX_DICTIONARY_BYTES: usize = 1 << 16;

/// What an `.npy` header says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NpyHeader {
    /// Type of the samples; `bool` arrays are read as `u8` of 0 and 1.
    pub pixel: PixelType,
    /// Byte order of the samples.
    pub byte_order: ByteOrder,
    /// Whether the first axis varies fastest.
    pub fortran_order: bool,
    /// Length of each axis.
    pub shape: Vec<u64>,
}

impl NpyHeader {
    /// Reads the header at the front of `bytes`; gives it and the number of bytes that it takes.
    ///
    /// `path` is named in errors only.
    ///
    /// # Errors
    /// [`Error::Format`] that names the field.
    ///
    /// ```
    /// # use std::path::Path;
    /// use stack_sources::npy::NpyHeader;
    /// let bytes = b"\x93NUMPY\x01\x00\x37\x00{'descr': '<u2', 'fortran_order': False, 'shape': (3,)}";
    /// let (header, length) = NpyHeader::parse(Path::new("x.npy"), bytes)?;
    /// assert_eq!((header.shape, length), (vec![3], 65));
    /// # Ok::<(), stack_core::Error>(())
    /// ```
    pub fn parse(path: &Path, bytes: &[u8]) -> Result<(Self, usize)> {
        let mut rest = bytes;
        let header = Self::read(path, &mut rest)?;
        Ok((header, bytes.len() - rest.len()))
    }

    /// Reads the header from a stream and leaves the stream at the first sample.
    ///
    /// # Errors
    /// As [`NpyHeader::parse`], and what the operating system refuses.
    pub fn read(path: &Path, stream: &mut impl Read) -> Result<Self> {
        let mut preamble = [0_u8; 8];
        read_exact(path, stream, &mut preamble)?;
        if preamble[..6] != MAGIC {
            return Err(damaged(path, "magic", "the file does not begin with \\x93NUMPY"));
        }
        let length = match preamble[6..] {
            [1, 0] => {
                let mut field = [0; 2];
                read_exact(path, stream, &mut field)?;
                usize::from(u16::from_le_bytes(field))
            }
            [2 | 3, 0] => {
                let mut field = [0; 4];
                read_exact(path, stream, &mut field)?;
                u32::from_le_bytes(field) as usize
            }
            _ => {
                let version = format!("version {}.{} is not known", preamble[6], preamble[7]);
                return Err(Error::format(path, "version", version, "save it with numpy.save again"));
            }
        };
        if length > MAX_DICTIONARY_BYTES {
            let problem = format!("{length} bytes of header are too many for an array of numbers");
            return Err(damaged(path, "header length", &problem));
        }
        let mut dictionary = vec![0; length];
        read_exact(path, stream, &mut dictionary)?;
        Self::from_dictionary(path, &dictionary)
    }

    fn from_dictionary(path: &Path, dictionary: &[u8]) -> Result<Self> {
        let entries = parse_dictionary(dictionary).map_err(|problem| damaged(path, "header", &problem))?;
        let (mut descr, mut fortran_order, mut shape) = (None, None, None);
        for (key, value) in entries {
            let twice = match (key.as_str(), value) {
                ("descr", Literal::Text(text)) => descr.replace(text).is_some(),
                ("descr", Literal::Other) => {
                    return Err(Error::format(
                        path,
                        "descr",
                        "the array has fields (a structured type)",
                        "save one field: numpy.save('field.npy', array['field'])",
                    ));
                }
                ("fortran_order", Literal::Bool(value)) => fortran_order.replace(value).is_some(),
                ("shape", Literal::Tuple(lengths)) => shape.replace(lengths).is_some(),
                (key, _) => {
                    let problem = format!("the entry {key:?} is not known or of the wrong type");
                    return Err(damaged(path, "header", &problem));
                }
            };
            if twice {
                return Err(damaged(path, "header", &format!("the entry {key:?} is there twice")));
            }
        }
        let missing = |key: &str| damaged(path, "header", &format!("the entry {key:?} is missing"));
        let (pixel, byte_order) = parse_descr(path, &descr.ok_or_else(|| missing("descr"))?)?;
        Ok(Self {
            pixel,
            byte_order,
            fortran_order: fortran_order.ok_or_else(|| missing("fortran_order"))?,
            shape: shape.ok_or_else(|| missing("shape"))?,
        })
    }

    /// The header as bytes: version 1.0, padded with spaces to a multiple of 64 bytes, as NumPy writes it.
    ///
    /// # Errors
    /// [`Error::Parameter`] for more axes than a version 1.0 header can hold.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        let mut shape = String::new();
        for length in &self.shape {
            // Writing to a String cannot fail.
            let _ = write!(shape, "{length}, ");
        }
        let tuple = match self.shape.len() {
            0 => String::new(),
            1 => shape.trim_end().to_owned(),
            _ => shape.trim_end_matches(", ").to_owned(),
        };
        let mut text = format!(
            "{{'descr': '{}', 'fortran_order': {}, 'shape': ({tuple}), }}",
            self.descr(),
            if self.fortran_order { "True" } else { "False" },
        );
        let unpadded = MAGIC.len() + 4 + text.len() + 1;
        text.extend(std::iter::repeat_n(' ', unpadded.next_multiple_of(64) - unpadded));
        text.push('\n');
        let length = u16::try_from(text.len()).map_err(|_| {
            Error::parameter("shape", "it has too many axes for an .npy header", "use at most 4 axes")
        })?;
        let mut bytes = MAGIC.to_vec();
        bytes.extend([1, 0]);
        bytes.extend(length.to_le_bytes());
        bytes.extend(text.as_bytes());
        Ok(bytes)
    }

    fn descr(&self) -> String {
        let kind = match self.pixel {
            PixelType::U8 | PixelType::U16 => 'u',
            PixelType::I16 | PixelType::I32 => 'i',
            PixelType::F32 | PixelType::F64 => 'f',
        };
        let order = match (self.pixel.bytes(), self.byte_order) {
            (1, _) => '|',
            (_, ByteOrder::Little) => '<',
            (_, ByteOrder::Big) => '>',
        };
        format!("{order}{kind}{}", self.pixel.bytes())
    }
}

fn parse_descr(path: &Path, descr: &str) -> Result<(PixelType, ByteOrder)> {
    let (order, name) = descr.split_at_checked(1).unwrap_or(("", ""));
    let pixel = match name {
        "u1" | "b1" => Some(PixelType::U8),
        "u2" => Some(PixelType::U16),
        "i2" => Some(PixelType::I16),
        "i4" => Some(PixelType::I32),
        "f4" => Some(PixelType::F32),
        "f8" => Some(PixelType::F64),
        _ => None,
    };
    let byte_order = match order {
        "<" => Some(ByteOrder::Little),
        ">" => Some(ByteOrder::Big),
        "|" if name.ends_with('1') => Some(ByteOrder::Little),
        _ => None,
    };
    pixel.zip(byte_order).ok_or_else(|| {
        Error::format(
            path,
            "descr",
            format!("samples of type {descr:?} are not supported"),
            "save u8, u16, i16, i32, f32, f64 or bool: numpy.save(name, array.astype('<f4'))",
        )
    })
}

fn damaged(path: &Path, field: &str, problem: &str) -> Error {
    Error::format(path, field, problem, "the file is damaged; save it with numpy.save again")
}

fn read_exact(path: &Path, stream: &mut impl Read, into: &mut [u8]) -> Result<()> {
    stream.read_exact(into).map_err(|error| match error.kind() {
        std::io::ErrorKind::UnexpectedEof => damaged(path, "header", "the file ends inside its header"),
        _ => Error::io("read", path)(error),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn bytes_of(dictionary: &str) -> Vec<u8> {
        let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
        bytes.extend((dictionary.len() as u16).to_le_bytes());
        bytes.extend(dictionary.as_bytes());
        bytes
    }

    fn parse(dictionary: &str) -> Result<NpyHeader> {
        NpyHeader::parse(Path::new("x.npy"), &bytes_of(dictionary)).map(|(header, _)| header)
    }

    #[test]
    fn written_as_numpy_writes_it() {
        let header = NpyHeader {
            pixel: PixelType::U16,
            byte_order: ByteOrder::Little,
            fortran_order: false,
            shape: vec![2, 3, 4],
        };
        let mut golden =
            b"\x93NUMPY\x01\x00\x76\x00{'descr': '<u2', 'fortran_order': False, 'shape': (2, 3, 4), }"
                .to_vec();
        golden.resize(127, b' ');
        golden.push(b'\n');
        assert_eq!(header.to_bytes().unwrap(), golden);
    }

    #[test]
    fn every_spelling_of_numpy_is_read() {
        let header = parse("{'descr': '>f8', 'fortran_order': True, 'shape': (10L, 20L), }  \n").unwrap();
        assert_eq!((header.pixel, header.byte_order), (PixelType::F64, ByteOrder::Big));
        assert_eq!((header.fortran_order, header.shape), (true, vec![10, 20]));
        let header = parse("{\"shape\":(7,),\"descr\":\"|b1\",\"fortran_order\":False}").unwrap();
        assert_eq!((header.pixel, header.shape), (PixelType::U8, vec![7]));
        assert_eq!(
            parse("{'descr':'<u2','fortran_order':False,'shape':()}").unwrap().shape,
            Vec::<u64>::new()
        );
    }

    #[test]
    fn wrong_headers_are_refused() {
        for (dictionary, part) in [
            ("{'descr': '<c16', 'fortran_order': False, 'shape': (3,)}", "\"<c16\" are not supported"),
            ("{'descr': '|u2', 'fortran_order': False, 'shape': (3,)}", "not supported"),
            ("{'descr': '', 'fortran_order': False, 'shape': (3,)}", "not supported"),
            ("{'descr': 'é2', 'fortran_order': False, 'shape': (3,)}", "not supported"),
            ("{'descr': [('a', '<u2')], 'fortran_order': False, 'shape': (3,)}", "has fields"),
            ("{'fortran_order': False, 'shape': (3,)}", "\"descr\" is missing"),
            ("{'descr': '<u2', 'descr': '<u2', 'fortran_order': False, 'shape': (3,)}", "twice"),
            ("{'descr': '<u2', 'fortran_order': 0, 'shape': (3,)}", "at character 34"),
            ("{'descr': '<u2', 'fortran_order': 'no', 'shape': (3,)}", "wrong type"),
            ("{'descr': '<u2', 'fortran_order': False, 'shape': (-3,)}", "header"),
            ("{'descr': '<u2', 'fortran_order': False, 'shape': (99999999999999999999,)}", "header"),
            ("{'descr': '<u2', 'fortran_order': False, 'shape': (3,)} x", "header"),
            ("{'descr': '<u2', 'fortran_order': False, 'shape': (3,), 'more': 'x'}", "not known"),
            ("", "header"),
        ] {
            let error = parse(dictionary).unwrap_err().to_string();
            assert!(error.contains(part), "{dictionary}: {error}");
        }
    }

    #[test]
    fn every_cut_is_an_error() {
        let whole = bytes_of("{'descr': '<u2', 'fortran_order': False, 'shape': (3, 4)}");
        for length in 0..whole.len() {
            assert!(NpyHeader::parse(Path::new("x.npy"), &whole[..length]).is_err(), "{length}");
        }
        let mut other_version = whole.clone();
        other_version[6] = 4;
        assert!(NpyHeader::parse(Path::new("x.npy"), &other_version).is_err());
    }

    fn any_header() -> impl Strategy<Value = NpyHeader> {
        let pixel = prop::sample::select(PixelType::ALL.to_vec());
        (pixel, any::<bool>(), any::<bool>(), prop::collection::vec(any::<u64>(), 0..5)).prop_map(
            |(pixel, big, fortran_order, shape)| NpyHeader {
                pixel,
                byte_order: if big && pixel.bytes() > 1 { ByteOrder::Big } else { ByteOrder::Little },
                fortran_order,
                shape,
            },
        )
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(header in any_header()) {
            let mut bytes = header.to_bytes().unwrap();
            prop_assert_eq!(bytes.len() % 64, 0);
            let length = bytes.len();
            bytes.extend([1, 2, 3]);
            prop_assert_eq!(NpyHeader::parse(Path::new("x.npy"), &bytes).unwrap(), (header, length));
        }

        #[test]
        fn any_bytes_are_no_panic(tail in prop::collection::vec(any::<u8>(), 0..80)) {
            let _ = NpyHeader::parse(Path::new("x.npy"), &tail);
            let mut bytes = b"\x93NUMPY\x01\x00\x40\x00".to_vec();
            bytes.extend(tail);
            let _ = NpyHeader::parse(Path::new("x.npy"), &bytes);
        }

        #[test]
        fn any_text_is_no_panic(text in "[{}()\\[\\]',: a-fA-F0-9L\\\\\"<>|]{0,60}") {
            let _ = parse(&text);
        }

        #[test]
        fn a_flipped_bit_is_no_panic(header in any_header(), bit in 0_usize..1024) {
            let mut bytes = header.to_bytes().unwrap();
            let bit = bit % (bytes.len() * 8);
            bytes[bit / 8] ^= 1 << (bit % 8);
            let _ = NpyHeader::parse(Path::new("x.npy"), &bytes);
        }
    }
}
