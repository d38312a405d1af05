//! The sample to the west, or the one above: the simplest predictors.
//!
//! ```text
//! West:  x ~ W        the first column from the sample above, the first sample of a frame from 0
//! North: x ~ N        the first row from the sample to the west
//! ```
//!
//! `West` is the form that workshops on compression begin with: one running difference through the frame, taken up
//! again at the start of each row. It is good on smooth rows, and blind for everything that the row above shows.
//! `North` is the better one where rows repeat, such as in tables, spectra and vertical stripes.
//! Source: Sub and Up in the PNG specification (W3C, 3rd edition, section 9), but with a better first column;
//! predictors 1 and 2 of lossless JPEG (ITU-T T.81, table H.1).
//!
//! ```
//! use stack_predict::previous_pixel::{North, West};
//! use stack_predict::rule::encode;
//! use stack_predict::{Earlier, Shape};
//!
//! let (shape, frame) = (Shape::new(2, 3)?, [5_u8, 6, 8, 4, 6, 9]);
//! let mut codes = [0; 6];
//! encode::<West, _>(shape, &frame, Earlier::None, &mut codes)?;
//! assert_eq!(codes, [10, 2, 4, 1, 4, 6]); // residuals 5 1 2 | -1 2 3
//! encode::<North, _>(shape, &frame, Earlier::None, &mut codes)?;
//! assert_eq!(codes, [10, 2, 4, 1, 0, 2]); // residuals 5 1 2 | -1 0 1
//! # Ok::<(), stack_predict::Error>(())
//! ```
//!
//! Cost: one operation a sample. Exercise: what does noise of variance v, independent from sample to sample, do to
//! the variance of these residuals? (Twice v; the average of two neighbours gives 1.5 v.)

use crate::rule::Rule;
use crate::{Key, Neighbours};

/// The sample to the west.
#[derive(Debug, Clone, Copy)]
pub struct West;

impl Rule for West {
    type WithoutEarlier = Self;

    #[inline]
    fn predict<K: Key>(near: &Neighbours<K>) -> K {
        near.west
    }

    fn by_definition(near: &Neighbours<i128>, _highest: i128) -> i128 {
        near.west
    }
}

/// The sample above.
#[derive(Debug, Clone, Copy)]
pub struct North;

impl Rule for North {
    type WithoutEarlier = Self;

    #[inline]
    fn predict<K: Key>(near: &Neighbours<K>) -> K {
        near.north
    }

    fn by_definition(near: &Neighbours<i128>, _highest: i128) -> i128 {
        near.north
    }
}
