//! The transform of blocks, with its kernel as a value.
//!
//! ```text
//! forward:  T(u, v) = sum over x, y of f(x, y) r(x, y, u, v)
//! inverse:  f(x, y) = sum over u, v of T(u, v) r(x, y, u, v)
//! ```
//!
//! `x` is the column and `y` the row of a sample; `u` counts the changes along a row, `v` those down a column. For
//! fixed `u, v` the kernel `r` is a picture, of which `T(u, v)` tells how much is in the block: see
//! [`Kernel::basis_picture`]. Two forms, one interface:
//!
//! - **separable**, `r(x, y, u, v) = a(u, x) b(v, y)`: first every row by one [`Basis`], then every column by another.
//!   DCT, Walsh-Hadamard and identity are so. Cost of a block of H x W: H W (H + W) at most.
//! - **non-separable**: any (H W) x (H W) orthonormal matrix, such as the KLT of [`crate::klt`]. Cost: (H W)^2.
//!
//! [`crate::definition`] has the sum as it stands. Source: Gonzalez, Woods, *Digital Image Processing*, section
//! "Transform coding"; Jain, *Fundamentals of Digital Image Processing* (1989), chapter 5.
//!
//! ```
//! use stack_transform::{Kernel, Size, definition};
//!
//! let size = Size::new(2, 4)?;
//! let block = [10.0, 12.0, 14.0, 16.0, 10.0, 12.0, 14.0, 16.0];
//! let walsh = Kernel::walsh_hadamard(size)?;
//! let coefficients = walsh.forward(&block)?;
//! let rounded: Vec<f64> = coefficients.iter().map(|t| (t * 1e4).round() / 1e4).collect();
//! assert_eq!(rounded, [36.7696, -5.6569, 0.0, -2.8284, 0.0, 0.0, 0.0, 0.0]);
//! let slow = definition::forward(&walsh, &block)?;
//! assert!(slow.iter().zip(&coefficients).all(|(a, b)| (a - b).abs() < 1e-12));
//! # Ok::<(), stack_transform::Error>(())
//! ```
//!
//! Exercise: show that the sum of squares of a block and of its coefficients are equal (Parseval). What follows for
//! the error that is made by leaving coefficients out?

use crate::basis::{Basis, check_orthonormal, inner_product};
use crate::error::{Error, Result, check_finite, check_length, check_overflow, filled};
use crate::size::Size;

/// A linear, orthonormal transform of blocks of one size.
#[derive(Debug, Clone)]
pub struct Kernel {
    size: Size,
    form: Form,
}

#[derive(Debug, Clone)]
enum Form {
    Separable { along_rows: Basis, down_columns: Basis },
    General { pictures: Vec<f64> },
}

impl Kernel {
    /// Most samples of a block of a non-separable kernel: its matrix takes 128 MiB.
    pub const MAX_GENERAL_AREA: usize = 4096;

    /// A separable kernel: `along_rows` transforms lines of `width`, `down_columns` lines of `height` samples.
    ///
    /// # Errors
    /// None for bases that could be made; the size is checked all the same.
    pub fn separable(down_columns: Basis, along_rows: Basis) -> Result<Self> {
        let size = Size::new(down_columns.order(), along_rows.order())?;
        Ok(Self { size, form: Form::Separable { along_rows, down_columns } })
    }

    /// A kernel of any basis pictures: the picture of `u, v` is number `v * width + u`, each with `area` numbers.
    ///
    /// # Errors
    /// [`Error::Size`] above [`Kernel::MAX_GENERAL_AREA`]; [`Error::Length`], [`Error::NotFinite`] and
    /// [`Error::NotOrthonormal`] if the pictures are not an orthonormal basis.
    pub fn general(size: Size, pictures: Vec<f64>) -> Result<Self> {
        let area = size.area();
        if area > Self::MAX_GENERAL_AREA {
            let reason = "a non-separable kernel may have 4096 samples at most";
            return Err(Error::Size { height: size.height(), width: size.width(), reason });
        }
        check_length("the basis pictures", area * area, pictures.len())?;
        check_finite(&pictures)?;
        check_orthonormal(area, &pictures)?;
        Ok(Self { size, form: Form::General { pictures } })
    }

    /// The two-dimensional DCT-II of [`crate::dct`].
    ///
    /// # Errors
    /// [`Error::Parameter`] if a side is above [`Basis::MAX_ORDER`]; so for all of these.
    pub fn dct2(size: Size) -> Result<Self> {
        Self::separable(Basis::dct2(size.height())?, Basis::dct2(size.width())?)
    }

    /// The two-dimensional DCT-III: forward here is the inverse of [`Kernel::dct2`].
    ///
    /// # Errors
    /// As [`Kernel::dct2`].
    pub fn dct3(size: Size) -> Result<Self> {
        Self::separable(Basis::dct3(size.height())?, Basis::dct3(size.width())?)
    }

    /// The two-dimensional Walsh-Hadamard transform of [`crate::walsh`], by sign changes.
    ///
    /// # Errors
    /// As [`Kernel::dct2`], and if a side is not a power of two.
    pub fn walsh_hadamard(size: Size) -> Result<Self> {
        Self::separable(Basis::walsh_hadamard(size.height())?, Basis::walsh_hadamard(size.width())?)
    }

    /// No transform: each coefficient is a sample.
    ///
    /// # Errors
    /// As [`Kernel::dct2`].
    pub fn identity(size: Size) -> Result<Self> {
        Self::separable(Basis::identity(size.height())?, Basis::identity(size.width())?)
    }

    /// Size of the blocks.
    #[must_use]
    pub fn size(&self) -> Size {
        self.size
    }

    /// Whether rows and columns are transformed one after the other.
    #[must_use]
    pub fn is_separable(&self) -> bool {
        matches!(self.form, Form::Separable { .. })
    }

    /// The kernel `r(x, y, u, v)`.
    ///
    /// # Panics
    /// If `x` or `u` is not below the width, or `y` or `v` not below the height.
    #[must_use]
    pub fn value(&self, x: usize, y: usize, u: usize, v: usize) -> f64 {
        let (height, width) = (self.size.height(), self.size.width());
        assert!(x < width && u < width && y < height && v < height, "outside of the block");
        match &self.form {
            Form::Separable { along_rows, down_columns } => {
                along_rows.vector(u)[x] * down_columns.vector(v)[y]
            }
            Form::General { pictures } => pictures[(v * width + u) * self.size.area() + y * width + x],
        }
    }

    /// The picture that coefficient `u, v` stands for: `r` for all `x, y`, row by row.
    ///
    /// # Panics
    /// If `u` is not below the width or `v` not below the height.
    #[must_use]
    pub fn basis_picture(&self, u: usize, v: usize) -> Vec<f64> {
        let width = self.size.width();
        (0..self.size.area()).map(|place| self.value(place % width, place / width, u, v)).collect()
    }

    /// The coefficients `T(u, v)` of a block, at `v * width + u`.
    ///
    /// # Errors
    /// [`Error::Length`]; [`Error::NotFinite`]; [`Error::Overflow`] if a sum is beyond the range of floats.
    pub fn forward(&self, block: &[f64]) -> Result<Vec<f64>> {
        self.check(block)?;
        let coefficients = match &self.form {
            Form::Separable { along_rows, down_columns } => two_passes(
                self.size,
                block,
                |line, scratch| along_rows.analyse(line, scratch),
                |line, scratch| {
                    down_columns.analyse(line, scratch);
                },
            )?,
            Form::General { pictures } => {
                pictures.chunks_exact(self.size.area()).map(|picture| inner_product(picture, block)).collect()
            }
        };
        check_overflow(&coefficients)?;
        Ok(coefficients)
    }

    /// The block of given coefficients.
    ///
    /// # Errors
    /// As [`Kernel::forward`].
    pub fn inverse(&self, coefficients: &[f64]) -> Result<Vec<f64>> {
        self.check(coefficients)?;
        let block = match &self.form {
            Form::Separable { along_rows, down_columns } => two_passes(
                self.size,
                coefficients,
                |line, scratch| along_rows.synthesise(line, scratch),
                |line, scratch| down_columns.synthesise(line, scratch),
            )?,
            Form::General { pictures } => {
                let mut block = filled(self.size.area(), 0.0)?;
                for (weight, picture) in coefficients.iter().zip(pictures.chunks_exact(self.size.area())) {
                    for (sum, entry) in block.iter_mut().zip(picture) {
                        *sum += weight * entry;
                    }
                }
                block
            }
        };
        check_overflow(&block)?;
        Ok(block)
    }

    fn check(&self, block: &[f64]) -> Result<()> {
        self.size.check("the block", block.len())?;
        check_finite(block)
    }
}

/// Every row, then every column.
fn two_passes(
    size: Size,
    block: &[f64],
    row_work: impl Fn(&mut [f64], &mut [f64]),
    column_work: impl Fn(&mut [f64], &mut [f64]),
) -> Result<Vec<f64>> {
    let (height, width) = (size.height(), size.width());
    let mut result = filled(size.area(), 0.0)?;
    result.copy_from_slice(block);
    let mut scratch = filled(height.max(width), 0.0)?;
    for row in result.chunks_exact_mut(width) {
        row_work(row, &mut scratch[..width]);
    }
    let mut column = filled(height, 0.0)?;
    for x in 0..width {
        for (y, sample) in column.iter_mut().enumerate() {
            *sample = result[y * width + x];
        }
        column_work(&mut column, &mut scratch[..height]);
        for (y, sample) in column.iter().enumerate() {
            result[y * width + x] = *sample;
        }
    }
    Ok(result)
}
