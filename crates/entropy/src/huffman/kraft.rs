//! Which lengths, and which code words, make a code: the Kraft sum, the prefix condition, and codes that break it.
//!
//! A code is *uniquely decodable* when no two messages become the same bits, and a *prefix code* when no code word begins
//! another, so that each symbol is known at its last bit. Lengths alone decide whether a prefix code exists:
//!
//! `K = sum over symbols of 2^-l(a) <= 1` (L. G. Kraft, 1949; no other uniquely decodable code does better, 1956).
//!
//! `K < 1` wastes bit patterns, `K > 1` is ambiguous for sure, and `K <= 1` may still be ambiguous, if the words are ill
//! chosen:
//!
//! ```
//! use stack_entropy::huffman::kraft::{first_prefix, kraft_sum, parses};
//!
//! // a, b and c; the word of b begins with the word of a.
//! let code = ["1", "10", "011"];
//! assert_eq!(kraft_sum(&[1, 2, 3])?, (7, 3)); // 7/8
//! assert_eq!(first_prefix(&code), Some((0, 1)));
//!
//! // 1011 is "ac" and "baa": nobody can tell.
//! assert_eq!(parses(&code, "1011", 10), [vec![0, 2], vec![1, 0, 0]]);
//! assert_eq!(parses(&["0", "10", "11"], "1011", 10), [vec![1, 2]]);
//! # Ok::<(), stack_entropy::Error>(())
//! ```
//!
//! **Worst case**: [`parses`] may find exponentially many, and stops at the number asked for.
//!
//! **Exercise**: find a code that is uniquely decodable and no prefix code. How long must a decoder wait?

use super::MAX_CODE_LENGTH;
use crate::Error;
use crate::error::in_range;

/// The Kraft sum of code lengths as a fraction `(numerator, d)` with the denominator `2^d`, `d` being the longest length;
/// lengths of 0 stand for symbols without a code word.
///
/// # Errors
///
/// [`Error::OutOfRange`] for a length above [`MAX_CODE_LENGTH`] and for more than 65,536 symbols.
pub fn kraft_sum(lengths: &[u8]) -> Result<(u64, u32), Error> {
    in_range("the number of symbols", lengths.len() as u64, 0, 1 << 16)?;
    let longest = u32::from(lengths.iter().copied().max().unwrap_or(0));
    in_range("a code length", u64::from(longest), 0, u64::from(MAX_CODE_LENGTH))?;
    let sum = lengths
        .iter()
        .filter(|&&length| length > 0)
        .map(|&length| 1_u64 << (longest - u32::from(length)))
        .sum();
    Ok((sum, longest))
}

/// Checks that lengths make a code that wastes nothing: a Kraft sum of 1, or no symbol, or one symbol of one bit.
///
/// # Errors
///
/// [`Error::OverSubscribed`], [`Error::Incomplete`], and those of [`kraft_sum`].
pub fn check_complete(lengths: &[u8]) -> Result<(), Error> {
    let (kraft, longest) = kraft_sum(lengths)?;
    let one = 1_u64 << longest;
    if kraft > one {
        return Err(Error::OverSubscribed { kraft, longest });
    }
    let alone = longest == 1 && kraft == 1;
    if kraft == one || longest == 0 || alone { Ok(()) } else { Err(Error::Incomplete { kraft, longest }) }
}

/// The first pair of words, in order of their places, of which one begins the other: `(the beginning, the longer)`.
///
/// Words are strings of `0` and `1`; equal words begin each other.
pub fn first_prefix(words: &[&str]) -> Option<(usize, usize)> {
    for (second, longer) in words.iter().enumerate() {
        for (first, word) in words[..second].iter().enumerate() {
            if longer.starts_with(word) {
                return Some((first, second));
            }
            if word.starts_with(longer) {
                return Some((second, first));
            }
        }
    }
    None
}

/// All messages, at most `most`, whose code words make up the bits: each a list of places in `words`.
///
/// Bits are a string of `0` and `1`. A prefix code gives one message or none.
pub fn parses(words: &[&str], bits: &str, most: usize) -> Vec<Vec<usize>> {
    let mut found = Vec::new();
    let mut open = vec![(Vec::new(), bits)];
    while let Some((message, rest)) = open.pop() {
        if found.len() == most {
            break;
        }
        if rest.is_empty() {
            found.push(message);
            continue;
        }
        for (place, word) in words.iter().enumerate().rev() {
            if let Some(rest) = rest.strip_prefix(word).filter(|_| !word.is_empty()) {
                let mut longer: Vec<usize> = message.clone();
                longer.push(place);
                open.push((longer, rest));
            }
        }
    }
    found
}
