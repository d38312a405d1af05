//! Entropy coders on slices, to use and to learn from: the last stage of every compressor, alone.
//!
//! ```text
//!  values ──> transform, prediction ──> symbols ──> model: how likely is each? ──> coder: -log2 p bits for each ──> bytes
//!             (not here)                  │         histogram, frequencies,        huffman   golomb   universal
//!                                         │         binary, mixing                 rans      range    binary
//!                                    run_length                                           bits
//! ```
//!
//! A *model* says how likely each symbol is, a *coder* turns that into bits. No coder beats the entropy of the model that
//! it is given ([`information`]); a better model beats every coder.
//!
//! | module | what | formula |
//! |---|---|---|
//! | [`bits`] | writer and reader, the most significant bit first | `sum b(p + i) 2^(n - 1 - i)` |
//! | [`histogram`] | how often: alone, joint, conditional | `n(a) = #{ i : x(i) = a }` |
//! | [`information`] | what any coder must spend | `H = -sum p log2 p` |
//! | [`distributions`] | Bernoulli and geometric | `h(p)`, `h(p) / p` |
//! | [`run_length`] | equal values in sequence: bytes, bits, zeros of JPEG | `(length, value)` |
//! | [`universal`] | whole numbers without a parameter | `2 floor(log2 n) + 1` bits |
//! | [`golomb`] | whole numbers with one parameter | `n = q m + r` |
//! | [`huffman`] | a word of whole bits for each symbol | `sum 2^-l <= 1` |
//! | [`frequencies`] | distributions in whole numbers | `sum f(a) = 2^bits` |
//! | [`rans`] | fractions of bits, fixed frequencies, fastest | `x' = floor(x / f) M + F + x mod f` |
//! | [`range`] | fractions of bits, frequencies that adapt | `width = product of f / M` |
//! | [`binary`] | decisions with a probability each | `floor(range / 65536) p` |
//! | [`mixing`] | one good probability out of several | `squash(sum w stretch(p))` |
//!
//! Each page says how the module differs from its neighbours, where it is from, what it costs at worst, and ends with an
//! exercise. Where there is a fast form, the slow one by the definition is public beside it (`..._by_definition`), and a
//! test holds them equal. `examples/` has a short program for each stage.
//!
//! # Which one?
//!
//! The same 40,000 residuals of a gentle image row, 3.70 bits each by their histogram. The blocks hold all that decoding needs, tables included:
//!
//! ```
//! use stack_entropy::histogram::byte_counts;
//! use stack_entropy::information::entropy_of_counts;
//! use stack_entropy::universal::fold;
//! use stack_entropy::{binary, golomb, huffman, mixing, range, rans};
//!
//! // A generator of four lines; the difference of two of its numbers, each of 0 to 7, falls off on both sides of zero.
//! let mut state = 1_u32;
//! let mut random = move || {
//!     state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
//!     (state >> 29) as i8
//! };
//! let residuals: Vec<u8> = (0..40_000).map(|_| (random() - random()) as u8).collect();
//! let folded: Vec<u32> = residuals.iter().map(|&byte| fold((byte as i8).into()) as u32).collect();
//!
//! let entropy = entropy_of_counts(byte_counts(&residuals));
//! assert_eq!(format!("{:.4} bits, {:.0} bytes", entropy, entropy * 40_000.0 / 8.0), "3.7028 bits, 18514 bytes");
//! assert_eq!(golomb::compress(&folded).len(), 19_373);
//! assert_eq!(huffman::compress(&residuals).len(), 18_678);
//! assert_eq!(rans::compress(&residuals).len(), 18_576);
//! assert_eq!(range::compress(&residuals).len(), 18_588);
//! assert_eq!(binary::compress(&residuals).len(), 18_564);
//! assert_eq!(mixing::compress(&residuals).len(), 18_608);
//! assert_eq!(rans::decompress(&rans::compress(&residuals), 40_000)?, residuals);
//! # Ok::<(), stack_entropy::Error>(())
//! ```
//!
//! Numbers that depend on nothing before them leave a mixer nothing to find; it pays for having looked.
//!
//! # Untrusted bytes
//!
//! Every decoder takes any bytes: it returns an [`Error`] that says what is wrong and at which bit or byte, never panics,
//! and takes no memory for a claim before it was checked against the bytes that are there and against the most that the
//! caller allows. The coders of the arithmetic family end in a known state, so that most changes are noticed; none of
//! them replaces a checksum.

#![forbid(unsafe_code)]

pub mod binary;
pub mod bits;
mod carry;
pub mod distributions;
mod error;
pub mod frequencies;
pub mod golomb;
pub mod histogram;
pub mod huffman;
pub mod information;
pub mod mixing;
pub mod range;
pub mod rans;
pub mod run_length;
pub mod universal;

pub use error::Error;
