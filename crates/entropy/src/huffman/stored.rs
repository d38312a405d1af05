use super::{Code, Decoder, MAX_CODE_LENGTH};
use crate::Error;
use crate::bits::{BitReader, BitWriter};
use crate::error::in_range;
use crate::histogram::byte_counts;
use crate::universal::{fold, get_gamma, put_gamma, unfold};

/// The longest code word that [`compress`] uses, in bits.
pub const BYTE_CODE_LENGTH: u32 = 14;

/// The length that the first one is compared with.
const EXPECTED_LENGTH: i64 = 8;

impl Code {
    /// Appends the table from which [`Code::read`] makes the same code.
    ///
    /// The number of symbols plus one, as gamma; then for each symbol a one and how far its length is from the one
    /// before it, folded, in unary; or a zero and in gamma how many symbols in sequence have no code word.
    pub fn write(&self, writer: &mut BitWriter) {
        let used = self.lengths().iter().rposition(|&length| length > 0).map_or(0, |last| last + 1);
        put_gamma(writer, used as u64 + 1);
        let mut before = EXPECTED_LENGTH;
        let mut rest = &self.lengths()[..used];
        while let [length, after @ ..] = rest {
            if *length > 0 {
                writer.put_bit(true);
                writer.put_run(true, fold(i64::from(*length) - before));
                writer.put_bit(false);
                before = i64::from(*length);
                rest = after;
            } else {
                let absent = rest.iter().take_while(|&&length| length == 0).count();
                writer.put_bit(false);
                put_gamma(writer, absent as u64);
                rest = &rest[absent..];
            }
        }
    }

    /// Reads a table that [`Code::write`] wrote, of at most `most` symbols.
    ///
    /// # Errors
    ///
    /// [`Error::TruncatedBits`] where the bits end, [`Error::OutOfRange`] for too many symbols and for lengths outside 1
    /// to [`MAX_CODE_LENGTH`], [`Error::RunPastEnd`] for a run past the last symbol, [`Error::OverSubscribed`] and
    /// [`Error::Incomplete`] where the lengths make no code.
    pub fn read(reader: &mut BitReader<'_>, most: usize) -> Result<Self, Error> {
        let most = most.min(1 << 16) as u64;
        let used =
            in_range("the number of symbols in the stored table", get_gamma(reader)? - 1, 0, most)? as usize;
        let mut lengths = Vec::with_capacity(used);
        let mut before = EXPECTED_LENGTH;
        while lengths.len() < used {
            let at = reader.position();
            if reader.get_bit()? {
                before += unfold(reader.get_run(true, 2 * u64::from(MAX_CODE_LENGTH))?);
                in_range("a stored code length", before.max(0) as u64, 1, u64::from(MAX_CODE_LENGTH))?;
                lengths.push(before as u8);
            } else {
                let (run, room) = (get_gamma(reader)?, (used - lengths.len()) as u64);
                if run > room {
                    return Err(Error::RunPastEnd { unit: "bit", at, run, room });
                }
                lengths.resize(lengths.len() + run as usize, 0);
            }
        }
        Self::from_lengths(&lengths)
    }

    /// Bits of the stored table.
    pub fn table_bits(&self) -> u64 {
        let mut writer = BitWriter::new();
        self.write(&mut writer);
        writer.bit_len()
    }
}

/// Bytes as one block: their number plus one as gamma, the table, the code words.
pub fn compress(bytes: &[u8]) -> Vec<u8> {
    let counts = byte_counts(bytes);
    let code = Code::from_counts(&counts, BYTE_CODE_LENGTH).expect("256 counts of a slice make a code");
    let mut writer = BitWriter::with_capacity(code.message_bits(&counts) + 8 * 512);
    put_gamma(&mut writer, bytes.len() as u64 + 1);
    code.write(&mut writer);
    code.encode_bytes(bytes, &mut writer).expect("every byte was counted");
    writer.finish()
}

/// The bytes of a block that [`compress`] wrote, at most `most`.
///
/// # Errors
///
/// Those of [`Code::read`] and [`Decoder::decode`], [`Error::OutOfRange`] for more bytes than `most` or than there are
/// bits, [`Error::Trailing`] where the block is longer than its message.
pub fn decompress(block: &[u8], most: usize) -> Result<Vec<u8>, Error> {
    let mut reader = BitReader::new(block);
    let length = in_range("the number of bytes", get_gamma(&mut reader)? - 1, 0, most as u64)?;
    let decoder = Decoder::new(&Code::read(&mut reader, 256)?);
    // Each byte takes a bit at least.
    if length > reader.remaining() {
        return Err(Error::TruncatedBits {
            bit: reader.position(),
            needed: length,
            left: reader.remaining(),
        });
    }
    let mut bytes = vec![0; length as usize];
    decoder.decode_bytes(&mut reader, &mut bytes)?;
    reader.finish()?;
    Ok(bytes)
}
