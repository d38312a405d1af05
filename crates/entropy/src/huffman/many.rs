use super::Decoder;
use super::decoder::FIRST_LEVEL;
use crate::Error;
use crate::bits::BitReader;

/// Up to three whole bytes by the next twelve bits, so that one look serves several short code words.
#[derive(Debug, Clone)]
pub(super) struct ManyTable {
    /// `bits << 28 | count << 24 | third << 16 | second << 8 | first`; 0 where not one code word is whole.
    entries: Box<[u32; 1 << FIRST_LEVEL]>,
}

impl ManyTable {
    pub(super) fn new(decoder: &Decoder) -> Self {
        let mut entries = Box::new([0; 1 << FIRST_LEVEL]);
        for (index, entry) in entries.iter_mut().enumerate() {
            let window = (index as u64) << (64 - FIRST_LEVEL);
            let (mut bits, mut count, mut bytes) = (0, 0, 0);
            while count < 3 {
                let found = decoder.look(window << bits).filter(|&(_, length)| bits + length <= FIRST_LEVEL);
                let Some((symbol, length)) = found else { break };
                bytes |= u32::from(symbol) << (8 * count);
                count += 1;
                bits += length;
            }
            *entry = bits << 28 | count << 24 | bytes;
        }
        Self { entries }
    }

    /// Decodes while there are eight bytes of room and of data; how many bytes it decoded.
    pub(super) fn decode(
        &self,
        decoder: &Decoder,
        reader: &mut BitReader<'_>,
        bytes: &mut [u8],
    ) -> Result<usize, Error> {
        let mut done = 0;
        while reader.remaining() >= 64 {
            let Some(room) = bytes.get_mut(done..done + 16) else { break };
            let room: &mut [u8; 16] = room.try_into().expect("sixteen bytes");
            let window = reader.window();
            let (first, count, bits) = self.two_looks(window);
            let (second, more, more_bits) = self.two_looks(window << bits);
            room[..8].copy_from_slice(&first.to_le_bytes());
            // At most six bytes came before.
            room[count..count + 8].copy_from_slice(&second.to_le_bytes());
            done += count + more;
            reader.skip(u64::from(bits + more_bits))?;
            if count + more < 4 {
                // A look found nothing, and so did all after it: a code word longer than the table.
                bytes[done] = decoder.decode(reader)? as u8;
                done += 1;
            }
        }
        Ok(done)
    }

    /// The bytes that two looks find, lowest first, their number and their bits.
    #[inline]
    fn two_looks(&self, window: u64) -> (u64, usize, u32) {
        let entry = self.entries[(window >> (64 - FIRST_LEVEL)) as usize];
        let (bits, count) = (entry >> 28, entry >> 24 & 3);
        let next = self.entries[(window << bits >> (64 - FIRST_LEVEL)) as usize];
        let bytes = u64::from(entry & 0xff_ffff) | u64::from(next & 0xff_ffff) << (8 * count);
        (bytes, (count + (next >> 24 & 3)) as usize, bits + (next >> 28))
    }
}
