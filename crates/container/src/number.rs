//! Which numbers a dataset holds, and how samples come of them.
//!
//! | stored | sample | exact |
//! |---|---|---|
//! | u8, u16, i16, i32, f32, f64 | the same | always |
//! | i8 | i16 | always |
//! | f16 and narrower floats | f32 | always; of a NaN, only that it is one |
//! | u32 | f64 | always |
//! | i64, u64 | f64 | up to 2^53 and for rounder numbers above; any other is an error that names it |
//! | integers of other widths | by the next standard width above | as there |
//! | enumerations, booleans | by their integers | as there |
//!
//! Which of i32 and f64 a wide integer needs is known only after reading all of them, so it is always f64.

use hdf5::Datatype;
use stack_core::{FrameBuf, PixelType};

use crate::element::Element;
use crate::library::{self, StoredType};

/// The numbers of a dataset.
#[derive(Debug, Clone)]
pub(crate) struct Number {
    /// What is read: the file's own type, or the one that the library converts it to.
    pub(crate) element: Element,
    /// How numbers lie in the file.
    pub(crate) encoding: Encoding,
    /// The file's type in words, where samples are of another one: `i8`, `12-bit unsigned integer`.
    pub(crate) stored: Option<String>,
}

/// How numbers lie in the file.
#[derive(Debug, Clone)]
pub(crate) enum Encoding {
    /// As the standard type of the element, least significant byte first.
    Little,
    /// As the standard type of the element, most significant byte first.
    Big,
    /// As a type that only the library converts.
    Odd(Datatype),
}

/// A number that its sample type cannot hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Inexact {
    /// Its place in the frame.
    pub(crate) index: usize,
    /// The number in digits.
    pub(crate) value: String,
}

impl Number {
    /// Little-endian numbers of a standard type.
    pub(crate) const fn standard(element: Element) -> Self {
        Self { element, encoding: Encoding::Little, stored: None }
    }

    /// What a type in a file stands for; `None` if it is no number, or one that no sample type holds.
    pub(crate) fn of(datatype: Datatype) -> hdf5::Result<Option<Self>> {
        let (stored, base) = library::stored_type(datatype)?;
        for element in Element::ALL {
            let encoding = if base == library::little_endian(element)? {
                Encoding::Little
            } else if base == library::big_endian(element)? {
                Encoding::Big
            } else {
                continue;
            };
            let same = Element::of_samples(element.sample_type()) == element;
            let stored = (!same).then(|| element.name().to_owned());
            return Ok(Some(Self { element, encoding, stored }));
        }
        Ok(converted(stored).map(|(element, words)| Self {
            element,
            encoding: Encoding::Odd(base),
            stored: Some(words),
        }))
    }

    /// Bytes of a number in the file.
    pub(crate) fn file_bytes(&self) -> usize {
        match &self.encoding {
            Encoding::Little | Encoding::Big => self.element.bytes(),
            Encoding::Odd(datatype) => datatype.size(),
        }
    }

    /// The sample type.
    pub(crate) const fn pixel(&self) -> PixelType {
        self.element.sample_type()
    }

    /// Whether what is read are samples already.
    pub(crate) fn is_sample(&self) -> bool {
        Element::of_samples(self.pixel()) == self.element
    }

    /// Makes samples of a frame of little-endian numbers.
    pub(crate) fn to_samples(&self, from: &[u8], into: &mut FrameBuf) -> Result<(), Inexact> {
        match (self.element, into) {
            (Element::I8, FrameBuf::I16(samples)) => {
                each(from, samples, |[byte]| i16::from(i8::from_le_bytes([byte])));
            }
            (Element::F16, FrameBuf::F32(samples)) => {
                each(from, samples, |bytes| half::f16::from_le_bytes(bytes).to_f32());
            }
            (Element::U32, FrameBuf::F64(samples)) => {
                each(from, samples, |bytes| f64::from(u32::from_le_bytes(bytes)));
            }
            (Element::U64, FrameBuf::F64(samples)) => {
                each(from, samples, |bytes| u64::from_le_bytes(bytes) as f64);
                exact(from, u64::from_le_bytes, |value| value)?;
            }
            (Element::I64, FrameBuf::F64(samples)) => {
                each(from, samples, |bytes| i64::from_le_bytes(bytes) as f64);
                exact(from, i64::from_le_bytes, i64::unsigned_abs)?;
            }
            // What is read is of the sample type, so its bytes are the samples.
            (_, samples) => {
                let copied = samples.fill_le_bytes(|bytes| {
                    bytes.copy_from_slice(from);
                    Ok::<(), std::convert::Infallible>(())
                });
                let Ok(()) = copied;
            }
        }
        Ok(())
    }
}

/// The standard type that holds all numbers of an odd width, and that width in words.
fn converted(stored: StoredType) -> Option<(Element, String)> {
    Some(match stored {
        StoredType::Integer { signed, precision, .. } => {
            let element = match (precision, signed) {
                (0..=8, false) => Element::U8,
                (0..=8, true) => Element::I8,
                (..=16, false) => Element::U16,
                (..=16, true) => Element::I16,
                (..=32, false) => Element::U32,
                (..=32, true) => Element::I32,
                (..=64, false) => Element::U64,
                (..=64, true) => Element::I64,
                _ => return None,
            };
            let sign = if signed { "signed" } else { "unsigned" };
            (element, format!("{precision}-bit {sign} integer"))
        }
        StoredType::Float { bytes, exponent_bits, mantissa_bits } => {
            let element = match (exponent_bits, mantissa_bits) {
                (..=8, ..=23) => Element::F32,
                (..=11, ..=52) => Element::F64,
                _ => return None,
            };
            (element, format!("{}-bit float with {mantissa_bits} bits of mantissa", bytes * 8))
        }
        StoredType::Other => return None,
    })
}

fn each<const N: usize, S>(from: &[u8], into: &mut [S], number: impl Fn([u8; N]) -> S) {
    for (bytes, sample) in from.as_chunks().0.iter().zip(into) {
        *sample = number(*bytes);
    }
}

/// Refuses the first number whose magnitude has more than the 53 bits of a double.
fn exact<const N: usize, V: Copy + ToString>(
    from: &[u8],
    number: impl Fn([u8; N]) -> V,
    magnitude: impl Fn(V) -> u64,
) -> Result<(), Inexact> {
    let too_fine = |value: u64| {
        value != 0 && u64::BITS - value.leading_zeros() - value.trailing_zeros() > f64::MANTISSA_DIGITS
    };
    let numbers = from.as_chunks().0;
    match numbers.iter().position(|bytes| too_fine(magnitude(number(*bytes)))) {
        None => Ok(()),
        Some(index) => Err(Inexact { index, value: number(numbers[index]).to_string() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn convert<const N: usize>(element: Element, numbers: &[[u8; N]]) -> Result<FrameBuf, Inexact> {
        let number = Number::standard(element);
        let mut frame = FrameBuf::zeros(number.pixel(), numbers.len());
        number.to_samples(&numbers.concat(), &mut frame).map(|()| frame)
    }

    #[test]
    fn narrow_numbers_are_exact() {
        let bytes: Vec<[u8; 1]> = (0..=255).map(|byte| [byte]).collect();
        let FrameBuf::I16(samples) = convert(Element::I8, &bytes).unwrap() else { panic!("i16") };
        assert!(samples.iter().zip(0..=255_u8).all(|(&sample, byte)| sample == i16::from(byte as i8)));
        let halves = [0x3c00_u16, 0x8000, 0x7bff, 0x0001, 0xfc00].map(u16::to_le_bytes);
        let samples = vec![1.0, -0.0, 65504.0, 2.0_f32.powi(-24), f32::NEG_INFINITY];
        assert_eq!(convert(Element::F16, &halves), Ok(FrameBuf::F32(samples)));
        let wide = [u32::MAX, 0, 7].map(u32::to_le_bytes);
        assert_eq!(convert(Element::U32, &wide), Ok(FrameBuf::F64(vec![4_294_967_295.0, 0.0, 7.0])));
    }

    #[test]
    fn wide_numbers_are_exact_or_refused() {
        let limit = 1_i64 << 53;
        let fine = [limit, -limit, i64::MIN, limit + 2, 0].map(i64::to_le_bytes);
        let samples = [limit as f64, -limit as f64, i64::MIN as f64, (limit + 2) as f64, 0.0];
        assert_eq!(convert(Element::I64, &fine), Ok(FrameBuf::F64(samples.to_vec())));
        for value in [limit + 1, -limit - 1, i64::MAX] {
            let refused = Inexact { index: 1, value: value.to_string() };
            assert_eq!(convert(Element::I64, &[[0; 8], value.to_le_bytes()]), Err(refused));
        }
        assert!(convert(Element::U64, &[u64::MAX.to_le_bytes()]).is_err());
        assert!(convert(Element::U64, &[(1_u64 << 63).to_le_bytes()]).is_ok());
    }

    #[test]
    fn numbers_of_odd_widths_go_to_the_next_standard_one() {
        let integer = |signed, precision| {
            converted(StoredType::Integer { signed, bytes: 8, precision }).map(|(element, _)| element)
        };
        assert_eq!(integer(false, 12), Some(Element::U16));
        assert_eq!(integer(true, 24), Some(Element::I32));
        assert_eq!(integer(false, 5), Some(Element::U8));
        assert_eq!(integer(true, 65), None);
        let float = |exponent_bits, mantissa_bits| {
            converted(StoredType::Float { bytes: 4, exponent_bits, mantissa_bits })
                .map(|(element, _)| element)
        };
        assert_eq!(float(8, 7), Some(Element::F32));
        assert_eq!(float(11, 20), Some(Element::F64));
        assert_eq!(float(15, 63), None);
    }
}
