//! Perceptual hashes: a few bits of a picture that mostly stay when it is scaled, brightened or compressed.
//!
//! | hash | the picture becomes | a bit is set where | source |
//! |---|---|---|---|
//! | `ahash` | `n x n` levels | level > mean of all | N. Krawetz, "Looks Like It" (2011) |
//! | `dhash` | `n` rows of `n + 1` levels | level > the one to the left | N. Krawetz, "Kind of Like That" (2013) |
//! | `dhash_vertical` | `n + 1` rows of `n` levels | level > the one above | the same |
//! | `phash` | `4n x 4n` levels, their DCT, the `n x n` lowest frequencies | coefficient > median of all | C. Zauner, "Implementation and Benchmarking of Perceptual Image Hash Functions" (2010) |
//! | `whash` | `s x s` levels, without their mean, sums of Haar wavelets down to `n x n` | sum > median of all | D. Petrov, "Wavelet image hash in Python" (2016) |
//!
//! `n` is the side of the hash, 2 to 64; `s` the largest power of two that is not above a side of the picture, at least
//! `n`, which must be a power of two for `whash`. The picture is resized by Lanczos's filter, to larger ones where needed.
//! The number of bits in which two hashes of a kind differ says how unlike the pictures are: of 64, Krawetz takes up to
//! five for much the same picture, and ten or more for another one.
//!
//! `ahash` follows where a picture is bright and `dhash` where it becomes brighter; `phash` takes its bits from slow
//! changes over the whole picture; `whash` is like `ahash`, with means of areas and a threshold that half of them are above.
//!
//! All hashes are those of the Python package `ImageHash` 4.3.2 with Pillow 13, SciPy 1.17 and `PyWavelets` 1.9 on x86-64
//! Linux, bit by bit. A coefficient that is zero but for rounding may be on either side of a median that is zero too, so
//! the transforms round as those packages do; see [`stack_transform::dct::FourierDct`] for the four sides (39, 49, 61 and
//! 64) where that is not so for `phash`.
//!
//! ```
//! use stack_grouping::{GreyPicture, HashKind};
//!
//! // A white disc at the upper left of a dark field, and the same, brighter and half as large.
//! let disc = |side: usize, dark: u8| GreyPicture {
//!     height: side,
//!     width: side,
//!     levels: (0..side * side)
//!         .map(|i| (i / side * 40 / side, i % side * 40 / side))
//!         .map(|(y, x)| if y * y + x * x < 400 { 230 } else { dark })
//!         .collect(),
//! };
//! let one = HashKind::Average.hash(&disc(80, 10), 8)?;
//! assert_eq!(one.hex(), "f0f0f0e000000000");
//! assert_eq!(one.distance(&HashKind::Average.hash(&disc(40, 60), 8)?)?, 0);
//! # Ok::<(), stack_core::Error>(())
//! ```
//!
//! Cost for `H x W` samples: about `6 H W` multiplications for resizing; `phash` adds `(4n + n) 4n log2 4n`, `whash`
//! about `12 s^2` and memory for `2 s^2` doubles. A [`Hasher`] keeps the weights of resizing for many pictures.

mod hasher;
mod image_hash;

use std::fmt;
use std::str::FromStr;

use stack_core::{Error, Result};

use crate::GreyPicture;

pub use hasher::Hasher;
pub use image_hash::ImageHash;

/// Which perceptual hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HashKind {
    /// Levels against their mean.
    Average,
    /// Levels against those to the left.
    Difference,
    /// Levels against those above.
    DifferenceVertical,
    /// Low frequencies against their median.
    Perceptual,
    /// Sums of wavelets against their median.
    Wavelet,
}

impl HashKind {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Average, Self::Difference, Self::DifferenceVertical, Self::Perceptual, Self::Wavelet];

    /// The hash of `side x side` bits of one picture; for many pictures of one size, see [`Hasher`].
    ///
    /// # Errors
    /// As [`Hasher::new`] and [`Hasher::hash`].
    pub fn hash(self, picture: &GreyPicture, side: usize) -> Result<ImageHash> {
        Hasher::new(self, side, picture.height, picture.width)?.hash(picture)
    }
}

impl fmt::Display for HashKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Average => "ahash",
            Self::Difference => "dhash",
            Self::DifferenceVertical => "dhash_vertical",
            Self::Perceptual => "phash",
            Self::Wavelet => "whash",
        })
    }
}

impl FromStr for HashKind {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        Self::ALL.into_iter().find(|kind| kind.to_string() == text).ok_or_else(|| {
            let names = Self::ALL.map(|kind| kind.to_string()).join(", ");
            Error::parameter("perceptual hash", format!("{text:?} is none"), format!("there are {names}"))
        })
    }
}
