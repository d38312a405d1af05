//! Convolution with small masks: smoothing, edges, lines.
//!
//! ```text
//! g(x, y) = sum over a, b of f(x - a, y - b) m(a, b)          a, b counted from the middle of the mask
//! ```
//!
//! The minus signs turn the mask by half a turn; without them it is a correlation, the same for symmetric masks. Where the
//! mask reaches over the edge, the [`Edge`] says what is there. A mask that is a column times a row needs two passes of
//! lines only ([`convolve_separable`]). The line masks answer strongest to lines of one sample's width in their
//! direction, and not at all to flat areas: their entries sum to zero.
//!
//! Source: Gonzalez, Woods, *Digital Image Processing*, sections 3.4 and 10.2; the names of the directions are those in
//! which the line runs.
//!
//! ```
//! use stack_transform::{Size, convolve::{self, Edge, Mask}};
//!
//! // A vertical line.
//! let size = Size::new(3, 4)?;
//! let picture = [0.0, 9.0, 0.0, 0.0, 0.0, 9.0, 0.0, 0.0, 0.0, 9.0, 0.0, 0.0];
//! let answer = convolve::convolve(&picture, size, &Mask::vertical_line(), Edge::Nearest)?;
//! assert_eq!(answer[..4], [-27.0, 54.0, -27.0, 0.0]);
//! let other = convolve::convolve(&picture, size, &Mask::horizontal_line(), Edge::Nearest)?;
//! assert_eq!(other, [0.0; 12]);
//! # Ok::<(), stack_transform::Error>(())
//! ```
//!
//! Cost for a picture of n samples and a mask of H x W: n H W multiplications; separable: n (H + W).
//!
//! Exercise: which two lines, one a column and one a row, make the mask `1 2 1 / 2 4 2 / 1 2 1`? Why can none make the
//! line masks of 45 degrees?

use crate::error::{Error, Result, check_finite, check_overflow, filled};
use crate::size::Size;

/// What lies outside of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edge {
    /// The nearest sample of the picture.
    Nearest,
    /// Zeros.
    Zero,
    /// The picture mirrored, its last sample repeated: `b a | a b c | c b`.
    Mirror,
}

impl Edge {
    /// Where a place outside is read from; `None` for zero.
    fn place(self, place: isize, length: usize) -> Option<usize> {
        let last = length as isize - 1;
        match self {
            Self::Nearest => Some(place.clamp(0, last) as usize),
            Self::Zero => (0..=last).contains(&place).then_some(place as usize),
            Self::Mirror => {
                let round = place.rem_euclid(2 * length as isize);
                Some(round.min(2 * length as isize - 1 - round) as usize)
            }
        }
    }
}

/// Weights of a neighbourhood; the middle is at row `(height - 1) / 2` and column `(width - 1) / 2`.
#[derive(Debug, Clone, PartialEq)]
pub struct Mask {
    size: Size,
    weights: Vec<f64>,
}

impl Mask {
    /// Most rows or columns.
    pub const MAX_SIDE: usize = 255;

    /// A mask of odd sides, row by row.
    ///
    /// # Errors
    /// [`Error::Size`] if a side is even or above 255; [`Error::Length`]; [`Error::NotFinite`].
    pub fn new(size: Size, weights: &[f64]) -> Result<Self> {
        let (height, width) = (size.height(), size.width());
        if height % 2 == 0 || width % 2 == 0 || height.max(width) > Self::MAX_SIDE {
            let reason = "the sides of a mask must be odd, and 255 at most";
            return Err(Error::Size { height, width, reason });
        }
        size.check("the mask", weights.len())?;
        check_finite(weights)?;
        Ok(Self { size, weights: weights.to_vec() })
    }

    fn three_by_three(weights: [f64; 9]) -> Self {
        Self { size: Size::from_sides(3, 3), weights: weights.to_vec() }
    }

    /// Answers to horizontal lines.
    #[must_use]
    pub fn horizontal_line() -> Self {
        Self::three_by_three([-1.0, -1.0, -1.0, 2.0, 2.0, 2.0, -1.0, -1.0, -1.0])
    }

    /// Answers to vertical lines.
    #[must_use]
    pub fn vertical_line() -> Self {
        Self::three_by_three([-1.0, 2.0, -1.0, -1.0, 2.0, -1.0, -1.0, 2.0, -1.0])
    }

    /// Answers to lines that rise to the right.
    #[must_use]
    pub fn rising_line() -> Self {
        Self::three_by_three([-1.0, -1.0, 2.0, -1.0, 2.0, -1.0, 2.0, -1.0, -1.0])
    }

    /// Answers to lines that fall to the right.
    #[must_use]
    pub fn falling_line() -> Self {
        Self::three_by_three([2.0, -1.0, -1.0, -1.0, 2.0, -1.0, -1.0, -1.0, 2.0])
    }

    /// The mean of 3 x 3 samples.
    #[must_use]
    pub fn mean() -> Self {
        Self::three_by_three([1.0 / 9.0; 9])
    }

    /// The second derivative in both directions: edges and points.
    #[must_use]
    pub fn laplacian() -> Self {
        Self::three_by_three([0.0, 1.0, 0.0, 1.0, -4.0, 1.0, 0.0, 1.0, 0.0])
    }

    /// Rows and columns.
    #[must_use]
    pub fn size(&self) -> Size {
        self.size
    }

    /// The weights, row by row.
    #[must_use]
    pub fn weights(&self) -> &[f64] {
        &self.weights
    }
}

/// The convolution by its definition.
///
/// # Errors
/// [`Error::Length`]; [`Error::NotFinite`]; [`Error::Overflow`]; [`Error::Memory`].
pub fn convolve(samples: &[f64], size: Size, mask: &Mask, edge: Edge) -> Result<Vec<f64>> {
    size.check("the picture", samples.len())?;
    check_finite(samples)?;
    let (rows, columns) = (mask.size.height(), mask.size.width());
    let mut result = filled(size.area(), 0.0)?;
    for (i, sum) in result.iter_mut().enumerate() {
        let (y, x) = ((i / size.width()) as isize, (i % size.width()) as isize);
        for (j, weight) in mask.weights.iter().enumerate() {
            let b = (j / columns) as isize - (rows / 2) as isize;
            let a = (j % columns) as isize - (columns / 2) as isize;
            let place = (edge.place(y - b, size.height()), edge.place(x - a, size.width()));
            if let (Some(row), Some(column)) = place {
                *sum += samples[row * size.width() + column] * weight;
            }
        }
    }
    check_overflow(&result)?;
    Ok(result)
}

/// The convolution with the mask `column[b] * row[a]`, in two passes.
///
/// # Errors
/// As [`convolve`] and [`Mask::new`].
pub fn convolve_separable(
    samples: &[f64],
    size: Size,
    column: &[f64],
    row: &[f64],
    edge: Edge,
) -> Result<Vec<f64>> {
    let across = Mask::new(Size::new(1, row.len())?, row)?;
    let down = Mask::new(Size::new(column.len(), 1)?, column)?;
    convolve(&convolve(samples, size, &across, edge)?, size, &down, edge)
}
