//! Mixing: several predictions of the same decision become one that is better than each.
//!
//! [`crate::binary`] codes a decision with whatever probability it is given; here is where a good one comes from. Models
//! of different contexts predict; a [`Mixer`] weighs them in the logistic domain, where doubt is near zero and certainty
//! counts much, and learns the weights; an [`Apm`] (adaptive probability map, also called secondary symbol estimation)
//! corrects what is systematically wrong. [`ByteModel`] puts them together.
//!
//! `stretch(p) = ln(p / (1 - p))`, `squash(x) = 1 / (1 + e^-x)`, and with the weights `w` of the chosen set:
//!
//! - mix: `p = squash(sum w(i) stretch(p(i)))`;
//! - learn: `w(i) += rate (bit - p) stretch(p(i))`, a step downhill on the cost in bits.
//!
//! Everything is whole numbers: probabilities in `1/65536`, stretched values in `1/256`, weights in `1/65536`, and the
//! table of `squash` is made by integer arithmetic, so that every machine predicts the same.
//!
//! Source: M. V. Mahoney, *Adaptive Weighing of Context Models for Lossless Data Compression*, Florida Institute of
//! Technology TR CS-2005-16, 2005; the same author, *Data Compression Explained*, 2013, section 4.3.
//!
//! ```
//! use stack_entropy::binary::Probability;
//! use stack_entropy::mixing::{Mixer, squash, stretch};
//!
//! // One half, e to 1, and as far as it goes.
//! assert_eq!([0, 256, -3071].map(|x| squash(x).parts()), [32_768, 47_911, 1]);
//! assert_eq!(stretch(Probability::new(47_911)?), 256);
//!
//! // The second model is always right, the first one knows nothing: the mixer finds out.
//! let mut mixer = Mixer::new(2, 1, 14)?;
//! for n in 0..200 {
//!     let bit = n % 3 == 0;
//!     mixer.mix(&[0, if bit { 512 } else { -512 }], 0);
//!     mixer.update(bit);
//! }
//! assert_eq!(mixer.mix(&[0, 512], 0).parts(), 60_565);
//!
//! let text = b"the cat sat on the mat; the rat sat on the cat; the mat sat on the rat".repeat(3);
//! let packed = stack_entropy::mixing::compress(&text);
//! assert_eq!((text.len(), packed.len(), stack_entropy::binary::compress(&text).len()), (210, 50, 102));
//! assert_eq!(stack_entropy::mixing::decompress(&packed, 210)?, text);
//! # Ok::<(), stack_entropy::Error>(())
//! ```
//!
//! **Worst case**: with `k` models `2k` multiplications for each decision; [`ByteModel`] takes 1.1 MB. A mix is never
//! much worse than its best model, but random bytes still grow, 100,000 of them by 0.5 %.
//!
//! **Exercise**: why are probabilities stretched before they are weighed, and not averaged as they are?

mod apm;
mod bytes;
mod logistic;
mod mixer;

pub use apm::Apm;
pub use bytes::{ByteModel, compress, decompress};
pub use logistic::{MOST_STRETCHED, squash, stretch, stretch_by_definition};
pub use mixer::Mixer;
