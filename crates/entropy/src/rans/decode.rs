use super::{FREQUENCY_BITS, LEAST, STATES, pop};
use crate::Error;
use crate::bits::BitReader;
use crate::error::in_range;
use crate::frequencies::Frequencies;
use crate::universal::get_gamma;

const SLOTS: usize = 1 << FREQUENCY_BITS;

/// Fills a slice with the bytes that [`super::encode`] coded; all of the code must be used.
///
/// # Errors
///
/// [`Error::TruncatedBytes`] where the code ends early, [`Error::Trailing`] where it goes on, [`Error::OutOfRange`] for
/// frequencies of another sum or of symbols above 255 and for a state below `2^16`, [`Error::WrongEnd`] where a state
/// does not come back to its beginning, as it does not in most codes that were changed.
pub fn decode(code: &[u8], frequencies: &Frequencies, bytes: &mut [u8]) -> Result<(), Error> {
    let Some((mut states, words)) = split(code, frequencies, bytes.len())? else { return Ok(()) };
    let table = slot_table(frequencies);
    let mut next = 0;
    let (eights, rest) = bytes.as_chunks_mut::<STATES>();
    let mut eights = eights.iter_mut();
    while let Some(window) = words.get(next..next + STATES) {
        let window: &[[u8; 2]; STATES] = window.try_into().expect("eight words");
        let Some(eight) = eights.next() else { break };
        let mut used = 0;
        for (byte, state) in eight.iter_mut().zip(&mut states) {
            let x;
            (*byte, x) = pop_byte(*state, &table);
            let word = u32::from(u16::from_le_bytes(window[used % STATES]));
            // Whether a word is due is hard to predict; so there is no branch.
            let due = u32::from(x < LEAST);
            *state = x << (16 * due) | (word & due.wrapping_neg());
            used += due as usize;
        }
        next += used;
    }
    // The last words: each is asked for.
    for (place, byte) in eights.flatten().chain(rest).enumerate() {
        let state = &mut states[place % STATES];
        let x;
        (*byte, x) = pop_byte(*state, &table);
        *state = refilled(x, words, &mut next)?;
    }
    finish(&states, words, next)
}

/// The same by the definition: [`pop`], and a word from the stream while the number is too small.
///
/// # Errors
///
/// As [`decode`].
pub fn decode_by_definition(code: &[u8], frequencies: &Frequencies, bytes: &mut [u8]) -> Result<(), Error> {
    let Some((mut states, words)) = split(code, frequencies, bytes.len())? else { return Ok(()) };
    let mut next = 0;
    for (place, byte) in bytes.iter_mut().enumerate() {
        let state = &mut states[place % STATES];
        let (symbol, number) = pop((*state).into(), frequencies);
        *byte = symbol as u8;
        *state = refilled(number as u32, words, &mut next)?;
    }
    finish(&states, words, next)
}

/// By slot: `symbol << 24 | (slot - start) << 12 | frequency - 1`.
fn slot_table(frequencies: &Frequencies) -> Box<[u32; SLOTS]> {
    let mut table = Box::new([0; SLOTS]);
    for symbol in 0..frequencies.symbols() as u16 {
        let (start, frequency) = (frequencies.start(symbol), frequencies.of(symbol));
        for place in 0..frequency {
            table[(start + place) as usize] = u32::from(symbol) << 24 | place << 12 | (frequency - 1);
        }
    }
    table
}

#[inline]
fn pop_byte(state: u32, table: &[u32; SLOTS]) -> (u8, u32) {
    let entry = table[state as usize % SLOTS];
    let x = ((entry & 0xfff) + 1) * (state >> FREQUENCY_BITS) + (entry >> 12 & 0xfff);
    ((entry >> 24) as u8, x)
}

/// The state after a word was added, if it is below the least.
fn refilled(state: u32, words: &[[u8; 2]], next: &mut usize) -> Result<u32, Error> {
    if state >= LEAST {
        return Ok(state);
    }
    let byte = 4 * STATES + 2 * *next;
    let word = words.get(*next).ok_or(Error::TruncatedBytes { byte, needed: 2, left: 0 })?;
    *next += 1;
    Ok(state << 16 | u32::from(u16::from_le_bytes(*word)))
}

/// States and the words after them.
type Parts<'a> = ([u32; STATES], &'a [[u8; 2]]);

/// The parts of a code; nothing where there are no symbols.
fn split<'a>(code: &'a [u8], frequencies: &Frequencies, symbols: usize) -> Result<Option<Parts<'a>>, Error> {
    let wanted = u64::from(FREQUENCY_BITS);
    in_range("the bits of a sum of frequencies", frequencies.bits().into(), wanted, wanted)?;
    in_range("the number of symbols", frequencies.symbols() as u64, 1, 256)?;
    if symbols == 0 {
        return if code.is_empty() { Ok(None) } else { Err(Error::Trailing { byte: 0, left: code.len() }) };
    }
    let Some((head, words)) = code.split_at_checked(4 * STATES) else {
        return Err(Error::TruncatedBytes { byte: 0, needed: 4 * STATES, left: code.len() });
    };
    let mut states = [0; STATES];
    for (state, bytes) in states.iter_mut().zip(head.as_chunks::<4>().0) {
        *state = u32::from_le_bytes(*bytes);
        in_range("a stored state", u64::from(*state), LEAST.into(), u32::MAX.into())?;
    }
    let (words, half) = words.as_chunks::<2>();
    if !half.is_empty() {
        return Err(Error::TruncatedBytes { byte: code.len() - 1, needed: 2, left: 1 });
    }
    Ok(Some((states, words)))
}

fn finish(states: &[u32; STATES], words: &[[u8; 2]], next: usize) -> Result<(), Error> {
    let byte = 4 * STATES + 2 * next;
    if next < words.len() {
        return Err(Error::Trailing { byte, left: 2 * (words.len() - next) });
    }
    if states.iter().any(|&state| state != LEAST) {
        return Err(Error::WrongEnd { byte });
    }
    Ok(())
}

/// The bytes of a block that [`super::compress`] wrote, at most `most`.
///
/// A block of a few bytes may hold any number of equal bytes: `most` is what bounds the memory.
///
/// # Errors
///
/// Those of [`decode`] and [`Frequencies::read`], [`Error::OutOfRange`] for more bytes than `most`.
pub fn decompress(block: &[u8], most: usize) -> Result<Vec<u8>, Error> {
    let mut reader = BitReader::new(block);
    let length = in_range("the number of bytes", get_gamma(&mut reader)? - 1, 0, most as u64)? as usize;
    if length == 0 {
        return reader.finish().map(|()| Vec::new());
    }
    let frequencies = Frequencies::read(&mut reader, 256)?;
    let code = reader.align()?;
    let mut bytes = vec![0; length];
    decode(code, &frequencies, &mut bytes)?;
    Ok(bytes)
}
