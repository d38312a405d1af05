//! Run lengths: equal values in sequence as one value and a number.
//!
//! This is not entropy coding by itself: it takes out what repeats, and a coder of the other modules then takes the
//! runs. Which form fits depends on what repeats:
//!
//! | here | codes | grows at worst by |
//! |---|---|---|
//! | [`pairs`] | bytes as (length - 1, value) | 2 (nothing repeats) |
//! | [`packbits`] | bytes, with stretches left as they are | 129/128 |
//! | [`bit_runs`] | bits as lengths of zeros and ones in turn | 8 (bits alternate) |
//! | [`zero_runs`] | coefficients as zeros before a value (JPEG) | no bytes yet: symbols for a Huffman code |
//! | [`run_size_sign`] | the same in four fields of bits | 25/16 for 16-bit values, plus the end |
//!
//! A run of a geometric source with the probability `s` of staying is `1 / (1 - s)` long on average; pairs of bytes pay
//! where that is more than 2.
//!
//! ```
//! use stack_entropy::run_length::{packbits, pairs};
//!
//! let dark = [0, 0, 0, 0, 0, 0, 9, 7];
//! assert_eq!(pairs::encode(&dark), [5, 0, 0, 9, 0, 7]);
//! assert_eq!(packbits::encode(&dark), [251, 0, 1, 9, 7]);
//! // Without runs both grow, the one to twice the size.
//! let busy: Vec<u8> = (0..=255).collect();
//! assert_eq!((pairs::encode(&busy).len(), packbits::encode(&busy).len()), (512, 258));
//! assert_eq!(packbits::decode(&packbits::encode(&busy), 256)?, busy);
//! # Ok::<(), stack_entropy::Error>(())
//! ```
//!
//! **Worst case**: linear time; sizes as in the table.
//!
//! **Exercise**: fax machines (ITU-T T.4) give black and white runs a Huffman code each. Why two?

pub mod bit_runs;
pub mod packbits;
pub mod pairs;
pub mod run_size_sign;
pub mod zero_runs;

use crate::Error;

/// Appends a run, if the bytes stay within `most`.
fn extend(bytes: &mut Vec<u8>, run: usize, value: u8, at: usize, most: usize) -> Result<(), Error> {
    let room = most - bytes.len();
    if run > room {
        return Err(Error::RunPastEnd { unit: "byte", at: at as u64, run: run as u64, room: room as u64 });
    }
    bytes.resize(bytes.len() + run, value);
    Ok(())
}
