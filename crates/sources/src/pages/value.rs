//! Values of TIFF tags in a form that does not depend on a byte order.
//!
//! ```text
//! block = type (2 bytes), values          both little-endian, as a little-endian TIFF file holds them
//! ```
//!
//! The number of values follows from the length of the block and the type (TIFF 6.0, page 15).

/// Unsigned bytes.
pub const BYTE: u16 = 1;
/// Text; the NUL at its end is one of its values.
pub const ASCII: u16 = 2;
/// Unsigned numbers of 2 bytes.
pub const SHORT: u16 = 3;
/// Unsigned numbers of 4 bytes.
pub const LONG: u16 = 4;
/// Bytes that may mean anything.
pub const UNDEFINED: u16 = 7;
/// Offset of a directory, in 4 bytes.
pub const IFD: u16 = 13;
/// Unsigned numbers of 8 bytes (BigTIFF).
pub const LONG8: u16 = 16;
/// Offset of a directory, in 8 bytes (BigTIFF).
pub const IFD8: u16 = 18;

/// The values of one tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    /// Their type, as the standard numbers it.
    pub kind: u16,
    /// The values, little-endian.
    pub bytes: Vec<u8>,
}

impl Value {
    /// Text, to which the NUL is added.
    pub fn text(text: &[u8]) -> Self {
        Self { kind: ASCII, bytes: [text, b"\0"].concat() }
    }

    /// Numbers of 2 bytes.
    pub fn shorts(numbers: &[u16]) -> Self {
        Self { kind: SHORT, bytes: numbers.iter().flat_map(|number| number.to_le_bytes()).collect() }
    }

    /// One number of 4 bytes.
    pub fn long(number: u32) -> Self {
        Self { kind: LONG, bytes: number.to_le_bytes().to_vec() }
    }

    /// How many values there are.
    pub fn count(&self) -> u64 {
        (self.bytes.len() / type_bytes(self.kind).unwrap_or(1)) as u64
    }

    /// The values as unsigned numbers; `None` for other types.
    pub fn numbers(&self) -> Option<Vec<u64>> {
        let number = |bytes: &[u8]| bytes.iter().rev().fold(0, |value, byte| value << 8 | u64::from(*byte));
        matches!(self.kind, BYTE | SHORT | LONG | LONG8)
            .then(|| self.bytes.chunks_exact(type_bytes(self.kind).unwrap_or(1)).map(number).collect())
    }

    /// The bytes that a stack keeps.
    ///
    /// ```
    /// use stack_sources::pages::value::Value;
    /// let value = Value::shorts(&[1, 513]);
    /// assert_eq!(value.to_block(), [3, 0, 1, 0, 1, 2]);
    /// assert_eq!(Value::from_block(&value.to_block()), Some(value));
    /// ```
    pub fn to_block(&self) -> Vec<u8> {
        [&self.kind.to_le_bytes(), self.bytes.as_slice()].concat()
    }

    /// From the bytes that a stack keeps; `None` if they are no values of a known type.
    pub fn from_block(block: &[u8]) -> Option<Self> {
        let (kind, bytes) = block.split_first_chunk()?;
        let kind = u16::from_le_bytes(*kind);
        let whole = bytes.len().is_multiple_of(type_bytes(kind)?);
        whole.then(|| Self { kind, bytes: bytes.to_vec() })
    }
}

/// Bytes of one value of a type (TIFF 6.0, page 15; BigTIFF adds 16 to 18); `None` for a type that is not known.
pub const fn type_bytes(kind: u16) -> Option<usize> {
    match kind {
        1 | 2 | 6 | 7 => Some(1),
        3 | 8 => Some(2),
        4 | 9 | 11 | 13 => Some(4),
        5 | 10 | 12 | 16 | 17 | 18 => Some(8),
        _ => None,
    }
}

/// Turns big-endian values into little-endian ones. Fractions (types 5 and 10) are two numbers of 4 bytes.
pub(crate) fn little_endian(kind: u16, bytes: &mut [u8]) {
    let word = match kind {
        5 | 10 => 4,
        kind => type_bytes(kind).unwrap_or(1),
    };
    bytes.chunks_exact_mut(word).for_each(<[u8]>::reverse);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fractions_are_turned_number_by_number() {
        let mut bytes = [0, 0, 0, 72, 0, 0, 0, 1];
        little_endian(5, &mut bytes);
        assert_eq!(bytes, [72, 0, 0, 0, 1, 0, 0, 0]);
        let mut bytes = [1, 2, 3, 4, 5, 6, 7, 8];
        little_endian(12, &mut bytes);
        assert_eq!(bytes, [8, 7, 6, 5, 4, 3, 2, 1]);
    }

    #[test]
    fn blocks_that_are_no_values_are_refused() {
        assert_eq!(Value::from_block(&[]), None);
        assert_eq!(Value::from_block(&[3]), None);
        assert_eq!(Value::from_block(&[3, 0, 1]), None);
        assert_eq!(Value::from_block(&[99, 0, 1]), None);
        assert_eq!(Value::from_block(&[2, 0]), Some(Value { kind: ASCII, bytes: Vec::new() }));
        assert_eq!(Value::text(b"hi").count(), 3);
    }
}
