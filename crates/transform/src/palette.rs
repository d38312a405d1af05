//! Palettes: a list of the colours of a picture, and an index for each pixel.
//!
//! ```text
//! bits = ceil(log2 colours)
//! cost = colours * bytes of a colour + ceil(pixels * bits / 8)        against  pixels * bytes of a colour
//! ```
//!
//! Nothing is lost. It pays where a picture has few colours: drawings, labels, instrument data with holes in its
//! histogram. With 16-bit samples of 1712 different values an index has 11 bits. Compared with [`crate::levels`], the
//! colours need not be evenly spread. Neighbouring indices need not be similar colours, so a predictor after a palette
//! works less well; colours are sorted here, which for grey keeps them in order.
//!
//! Source: Salomon, *Data Compression: The Complete Reference*, section on GIF and PNG.
//!
//! ```
//! use stack_transform::Palette;
//!
//! // A flag of 4 x 3 pixels, red, white, red.
//! let (red, white) = ([200_u8, 16, 46], [255, 255, 255]);
//! let flag: Vec<u8> = [[red, white, white, red]; 3].concat().concat();
//! let palette = Palette::of(&flag, 3, 256)?;
//! assert_eq!(palette.colours(), [200, 16, 46, 255, 255, 255]);
//! let indices = palette.indices(&flag)?;
//! assert_eq!(indices[..4], [0, 1, 1, 0]);
//! assert_eq!(palette.restore(&indices)?, flag);
//!
//! let cost = palette.cost(12);
//! assert_eq!((cost.palette_bytes, cost.index_bits, cost.index_bytes, cost.raw_bytes), (6, 1, 2, 36));
//! assert!(cost.pays());
//! # Ok::<(), stack_transform::Error>(())
//! ```
//!
//! Cost for n pixels and k colours: n log k comparisons.
//!
//! Exercise: from how many colours on does a palette never pay for a grey picture of 256 levels and 100 x 100 pixels?

use std::collections::BTreeSet;

use crate::error::{Error, Result};

/// The different colours of a picture, sorted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Palette<T> {
    channels: usize,
    colours: Vec<T>,
}

/// What a palette costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PaletteCost {
    /// Bytes of the list of colours.
    pub palette_bytes: usize,
    /// Bits of an index; none if there is one colour only.
    pub index_bits: u32,
    /// Bytes of all indices, packed.
    pub index_bytes: usize,
    /// Bytes of the picture without a palette.
    pub raw_bytes: usize,
}

impl PaletteCost {
    /// Bytes of colours and indices.
    #[must_use]
    pub fn total_bytes(&self) -> usize {
        self.palette_bytes.saturating_add(self.index_bytes)
    }

    /// Whether that is less than the picture has without a palette.
    #[must_use]
    pub fn pays(&self) -> bool {
        self.total_bytes() < self.raw_bytes
    }
}

impl<T: Copy + Ord> Palette<T> {
    /// The colours of pixels of `channels` samples each.
    ///
    /// # Errors
    /// [`Error::TooManyColours`] if there are more than `limit`; [`Error::Length`] if the last pixel is not whole, or
    /// `channels` is zero.
    pub fn of(samples: &[T], channels: usize, limit: usize) -> Result<Self> {
        let mut colours = BTreeSet::new();
        let mut last = None;
        for pixel in pixels(samples, channels)? {
            // Runs of one colour are common.
            if last != Some(pixel) && colours.insert(pixel) && colours.len() > limit {
                return Err(Error::TooManyColours { limit });
            }
            last = Some(pixel);
        }
        Ok(Self { channels, colours: colours.into_iter().flatten().copied().collect() })
    }

    /// The colours, one after the other.
    #[must_use]
    pub fn colours(&self) -> &[T] {
        &self.colours
    }

    /// How many colours there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.colours.len() / self.channels
    }

    /// Whether there is none: the palette of no pixels.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.colours.is_empty()
    }

    /// The index of every pixel's colour.
    ///
    /// # Errors
    /// [`Error::Length`]; [`Error::Parameter`] if a pixel's colour is not in the palette.
    pub fn indices(&self, samples: &[T]) -> Result<Vec<usize>> {
        let colours: Vec<&[T]> = self.colours.chunks_exact(self.channels).collect();
        let find = |(number, pixel): (usize, &[T])| {
            colours.binary_search(&pixel).map_err(|_| {
                Error::parameter("the number of a pixel", number as f64, "its colour is not in the palette")
            })
        };
        pixels(samples, self.channels)?.enumerate().map(find).collect()
    }

    /// The pixels of indices.
    ///
    /// # Errors
    /// [`Error::Parameter`] if an index is beyond the palette.
    pub fn restore(&self, indices: &[usize]) -> Result<Vec<T>> {
        let mut samples = Vec::new();
        for index in indices {
            let colour = self.colours.chunks_exact(self.channels).nth(*index).ok_or_else(|| {
                Error::parameter("an index", *index as f64, "it must be below the number of colours")
            })?;
            samples.extend_from_slice(colour);
        }
        Ok(samples)
    }

    /// What this palette and the indices of so many pixels cost.
    #[must_use]
    pub fn cost(&self, pixels: usize) -> PaletteCost {
        let index_bits = self.len().saturating_sub(1).checked_ilog2().map_or(0, |log| log + 1);
        let bits = pixels as u128 * u128::from(index_bits);
        PaletteCost {
            palette_bytes: size_of_val(self.colours.as_slice()),
            index_bits,
            index_bytes: usize::try_from(bits.div_ceil(8)).unwrap_or(usize::MAX),
            raw_bytes: pixels.saturating_mul(self.channels * size_of::<T>()),
        }
    }
}

/// The pixels of samples side by side.
fn pixels<T>(samples: &[T], channels: usize) -> Result<impl Iterator<Item = &[T]>> {
    match samples.len().checked_rem(channels) {
        Some(0) => Ok(samples.chunks_exact(channels)),
        _ => {
            let expected = samples.len().div_ceil(channels.max(1)) * channels;
            Err(Error::Length { what: "the list of pixels", expected, found: samples.len() })
        }
    }
}
