use super::{FREQUENCY_BITS, LEAST, STATES, push};
use crate::Error;
use crate::bits::BitWriter;
use crate::frequencies::Frequencies;
use crate::histogram::byte_counts;
use crate::universal::put_gamma;

/// Bytes coded with frequencies that sum to `2^12`: eight states of four bytes, then words of two, the lower byte first.
///
/// No bytes give no bytes.
///
/// # Errors
///
/// [`Error::OutOfRange`] where the frequencies have another sum, [`Error::UnknownSymbol`] for a byte of frequency 0.
pub fn encode(bytes: &[u8], frequencies: &Frequencies) -> Result<Vec<u8>, Error> {
    check(bytes, frequencies)?;
    let table: [(u32, u32); 256] = std::array::from_fn(|byte| match frequencies.of(byte as u16) {
        // Symbols that do not occur; a divisor of 1 keeps the loop free of checks.
        0 => (1, 0),
        frequency => (frequency, frequencies.start(byte as u16)),
    });
    let mut states = [LEAST; STATES];
    // Filled from the end: a decoder meets the last word first.
    let mut words = vec![0_u16; bytes.len()];
    let mut first = words.len();
    let mut push_byte = |state: &mut u32, byte: u8| {
        let (frequency, start) = table[usize::from(byte)];
        let full = u64::from(*state) >= u64::from(frequency) << (32 - FREQUENCY_BITS);
        // Whether a word is full is hard to predict: it is stored in either case, and kept by moving on.
        words[first - 1] = *state as u16;
        first -= usize::from(full);
        let x = *state >> (16 * u32::from(full));
        *state = ((x / frequency) << FREQUENCY_BITS) + start + x % frequency;
    };
    let (eights, rest) = bytes.as_chunks::<STATES>();
    for (state, &byte) in states.iter_mut().zip(rest).rev() {
        push_byte(state, byte);
    }
    for eight in eights.iter().rev() {
        for (state, &byte) in states.iter_mut().zip(eight).rev() {
            push_byte(state, byte);
        }
    }
    Ok(join(&states, words[first..].iter(), bytes.is_empty()))
}

/// The same bytes by the definition: [`push`], and a word moved to the stream while the number is too large.
///
/// # Errors
///
/// As [`encode`].
pub fn encode_by_definition(bytes: &[u8], frequencies: &Frequencies) -> Result<Vec<u8>, Error> {
    check(bytes, frequencies)?;
    let mut states = [LEAST; STATES];
    let mut words = Vec::new();
    for (place, &byte) in bytes.iter().enumerate().rev() {
        let state = &mut states[place % STATES];
        let mut number = u128::from(*state);
        while push(number, byte.into(), frequencies) >> 32 != 0 {
            words.push(number as u16);
            number >>= 16;
        }
        *state = push(number, byte.into(), frequencies) as u32;
    }
    Ok(join(&states, words.iter().rev(), bytes.is_empty()))
}

fn join<'a>(states: &[u32; STATES], words: impl Iterator<Item = &'a u16>, empty: bool) -> Vec<u8> {
    if empty {
        return Vec::new();
    }
    let states = states.iter().flat_map(|state| state.to_le_bytes());
    states.chain(words.flat_map(|word| word.to_le_bytes())).collect()
}

fn check(bytes: &[u8], frequencies: &Frequencies) -> Result<(), Error> {
    let wanted = u64::from(FREQUENCY_BITS);
    crate::error::in_range("the bits of a sum of frequencies", frequencies.bits().into(), wanted, wanted)?;
    let known: [bool; 256] = std::array::from_fn(|byte| frequencies.of(byte as u16) > 0);
    match bytes.iter().position(|&byte| !known[usize::from(byte)]) {
        Some(position) => Err(Error::UnknownSymbol { symbol: bytes[position].into(), position }),
        None => Ok(()),
    }
}

/// Bytes as one block: their number plus one in gamma, the table of frequencies, zero bits to a whole byte, the code.
pub fn compress(bytes: &[u8]) -> Vec<u8> {
    let mut writer = BitWriter::new();
    put_gamma(&mut writer, bytes.len() as u64 + 1);
    if bytes.is_empty() {
        return writer.finish();
    }
    let frequencies =
        Frequencies::from_counts(&byte_counts(bytes), FREQUENCY_BITS).expect("counts of a slice");
    frequencies.write(&mut writer);
    let mut block = writer.finish();
    block.extend(encode(bytes, &frequencies).expect("every byte was counted"));
    block
}
