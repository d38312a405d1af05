//! Colour planes with fewer samples: 4:4:4, 4:2:2 and 4:2:0.
//!
//! ```text
//!            colour samples for 4 x 2 pixels      samples of all three planes a pixel
//! 4:4:4      8 + 8                                3
//! 4:2:2      4 + 4, half the columns              2
//! 4:2:0      2 + 2, half the columns and rows     1.5
//! ```
//!
//! A stored sample is the mean of those it stands for, halves up, and lies in their middle, as in JPEG files. At the
//! right and lower edge of odd sizes, the mean is over those that exist. Back, samples are repeated
//! ([`Subsampling::expand`]), or mixed 3 to 1 with the nearest neighbours ([`Subsampling::expand_linear`]), which
//! avoids steps. The difference from [`crate::downsample`] is the different factor for rows and columns, and the way back.
//!
//! Source: ITU-T T.871 (2011); Kerr, *Chrominance Subsampling in Digital Images* (2012).
//!
//! ```
//! use stack_transform::{Size, Subsampling};
//!
//! let size = Size::new(2, 4)?;
//! let plane = [10_u8, 20, 30, 41, 10, 20, 30, 41];
//! let half = Subsampling::Cs420.reduce(&plane, size)?;
//! assert_eq!(half, [15, 36]);
//! assert_eq!(Subsampling::Cs420.expand(&half, size)?, [15, 15, 36, 36, 15, 15, 36, 36]);
//! assert_eq!(Subsampling::Cs420.expand_linear(&half, size)?, [15, 20, 31, 36, 15, 20, 31, 36]);
//! # Ok::<(), stack_transform::Error>(())
//! ```
//!
//! Cost: one addition a sample forward, a few multiplications a sample back.
//!
//! Exercise: a red line of one pixel's width on a blue ground: what does 4:2:0 make of it, and does it matter whether
//! the line is at an odd or even column?

use crate::error::{Result, filled};
use crate::grey::Grey;
use crate::size::Size;

/// How many colour samples are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subsampling {
    /// 4:4:4: all.
    Cs444,
    /// 4:2:2: every second column.
    Cs422,
    /// 4:2:0: every second column and row.
    Cs420,
}

impl Subsampling {
    /// Rows and columns that share a sample.
    #[must_use]
    pub fn factors(self) -> (usize, usize) {
        match self {
            Self::Cs444 => (1, 1),
            Self::Cs422 => (1, 2),
            Self::Cs420 => (2, 2),
        }
    }

    /// Samples a pixel, brightness included.
    #[must_use]
    pub fn samples_per_pixel(self) -> f64 {
        let (rows, columns) = self.factors();
        1.0 + 2.0 / (rows * columns) as f64
    }

    /// Size of the colour planes of a picture.
    #[must_use]
    pub fn size(self, picture: Size) -> Size {
        let (rows, columns) = self.factors();
        Size::from_sides(picture.height().div_ceil(rows), picture.width().div_ceil(columns))
    }

    /// The plane with fewer samples.
    ///
    /// # Errors
    /// [`crate::Error::Length`] and [`crate::Error::Memory`].
    pub fn reduce<T: Grey>(self, plane: &[T], picture: Size) -> Result<Vec<T>> {
        picture.check("the plane", plane.len())?;
        let ((rows, columns), reduced) = (self.factors(), self.size(picture));
        let mut means = filled(reduced.area(), T::default())?;
        for (i, mean) in means.iter_mut().enumerate() {
            let (top, left) = (i / reduced.width() * rows, i % reduced.width() * columns);
            let (mut sum, mut count) = (0_u32, 0);
            for y in top..(top + rows).min(picture.height()) {
                for x in left..(left + columns).min(picture.width()) {
                    sum += Into::<u32>::into(plane[y * picture.width() + x]);
                    count += 1;
                }
            }
            *mean = T::limited((sum + count / 2) / count);
        }
        Ok(means)
    }

    /// The plane of a picture's size, samples repeated.
    ///
    /// # Errors
    /// As [`Subsampling::reduce`].
    pub fn expand<T: Grey>(self, reduced: &[T], picture: Size) -> Result<Vec<T>> {
        let ((rows, columns), size) = (self.factors(), self.size(picture));
        size.check("the plane", reduced.len())?;
        let mut plane = filled(picture.area(), T::default())?;
        for (i, sample) in plane.iter_mut().enumerate() {
            let (y, x) = (i / picture.width() / rows, i % picture.width() / columns);
            *sample = reduced[y * size.width() + x];
        }
        Ok(plane)
    }

    /// The plane of a picture's size, mixed linearly: 3/4 of the sample's own, 1/4 of the neighbour it is next to, by
    /// columns and by rows, halves up. At the edge the own one counts fully.
    ///
    /// # Errors
    /// As [`Subsampling::reduce`].
    pub fn expand_linear<T: Grey>(self, reduced: &[T], picture: Size) -> Result<Vec<T>> {
        let ((rows, columns), size) = (self.factors(), self.size(picture));
        size.check("the plane", reduced.len())?;
        let mut plane = filled(picture.area(), T::default())?;
        for (i, sample) in plane.iter_mut().enumerate() {
            let (y, other_y) = neighbours(i / picture.width(), rows, size.height());
            let (x, other_x) = neighbours(i % picture.width(), columns, size.width());
            let at = |y: usize, x: usize| Into::<u32>::into(reduced[y * size.width() + x]);
            let sum = 9 * at(y, x) + 3 * at(y, other_x) + 3 * at(other_y, x) + at(other_y, other_x);
            *sample = T::limited((sum + 8) / 16);
        }
        Ok(plane)
    }
}

/// The sample that a place belongs to, and the one it is next to.
fn neighbours(place: usize, factor: usize, length: usize) -> (usize, usize) {
    let own = place / factor;
    let other = match (factor, place % 2) {
        (1, _) => own,
        (_, 0) => own.saturating_sub(1),
        _ => (own + 1).min(length - 1),
    };
    (own, other)
}
