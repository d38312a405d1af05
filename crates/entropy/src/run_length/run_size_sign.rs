//! Zero runs in four fields of bits, without a Huffman code: a scheme for showing the idea on a slide.
//!
//! A value that is not zero is 4 bits of zeros before it, 4 bits of size `s`, a sign (1 is negative) and `s` bits of
//! magnitude. Sixteen zeros within are run 15 of size 0 (`1111 0000`), and eight zero bits end each block. It differs
//! from [`super::zero_runs`] in the sign, which has a bit of its own, and in that the fields are final: 9 bits and the
//! magnitude for each value, however frequent.
//!
//! ```
//! use stack_entropy::bits::{BitReader, BitWriter};
//! use stack_entropy::run_length::run_size_sign::{get, put};
//!
//! let mut writer = BitWriter::new();
//! put(&[0, 0, -5, 1, 0, 0], &mut writer)?;
//! // run 2, size 3, negative, 101; run 0, size 1, positive, 1; end.
//! assert_eq!(writer.bit_len(), 12 + 10 + 8);
//! let bytes = writer.finish();
//! assert_eq!(bytes, [0b0010_0011, 0b1101_0000, 0b0001_0100, 0b0000_0000]);
//! let mut values = [7; 6];
//! get(&mut BitReader::new(&bytes), &mut values)?;
//! assert_eq!(values, [0, 0, -5, 1, 0, 0]);
//! # Ok::<(), stack_entropy::Error>(())
//! ```

use super::zero_runs::{Expander, ZeroRun, encode};
use crate::Error;
use crate::bits::{BitReader, BitWriter};
use crate::error::in_range;

/// Appends a block of values.
///
/// # Errors
///
/// [`Error::OutOfRange`] for -32768, whose 16 digits no size of four bits tells; nothing is written then.
pub fn put(values: &[i16], writer: &mut BitWriter) -> Result<(), Error> {
    for run in encode(values)?.into_iter().filter(|run| *run != ZeroRun::END) {
        writer.put(run.symbol().into(), 8);
        if run.size > 0 {
            // The upper bit of JPEG's bits tells the sign, and a negative value has all its bits inverted.
            let negative = run.bits >> (run.size - 1) == 0;
            writer.put_bit(negative);
            writer.put(if negative { !u64::from(run.bits) } else { run.bits.into() }, run.size.into());
        }
    }
    writer.put(0, 8);
    Ok(())
}

/// Reads a block of values.
///
/// # Errors
///
/// [`Error::TruncatedBits`] where the bits end, [`Error::RunPastEnd`] for more values than the block has,
/// [`Error::OutOfRange`] for a run without a value that is not 15 and for a magnitude of another size than it says.
pub fn get(reader: &mut BitReader<'_>, values: &mut [i16]) -> Result<(), Error> {
    let mut expander = Expander::new(values);
    loop {
        let mut run = ZeroRun::new(reader.get(8)? as u8, 0);
        if run.size > 0 {
            let negative = reader.get_bit()?;
            let bits = reader.get(run.size.into())?;
            in_range("a magnitude", bits, 1 << (run.size - 1), (1 << run.size) - 1)?;
            run.bits = if negative { !(bits as u16) } else { bits as u16 };
        }
        if expander.push(run)? && run == ZeroRun::END {
            return Ok(());
        }
    }
}
