//! The DCT of 8 x 8 blocks with quantisation, fast and the same on every machine.
//!
//! ```text
//! samples - offset --> DCT of columns --> DCT of rows --> times 1 / (8 s(u) s(v) Q(u, v)) --> round --> indices
//!                      s(0) = 1, else s(k) = sqrt(2) cos(k pi / 16)
//! ```
//!
//! The algorithm of Arai, Agui and Nakajima does 8 samples with 5 multiplications and 29 additions, but for a factor
//! s(k) that is put into the quantisation. All 8 columns are done side by side, which compilers turn into vector
//! instructions. Arithmetic is in 32-bit floats in a fixed order, without fused multiplication: IEEE 754 then leaves
//! no choice, and every machine has the same indices. Compared with [`crate::dct`], numbers are exact to about 1e-6 of
//! the largest; an index differs from [`Table::quantise`] only where a quotient lies that close to a half (where
//! halves are rounded to the even neighbour, not away from zero). Samples of up to 12 bits stay far from these errors.
//!
//! Sources: Arai, Agui, Nakajima, "A fast DCT-SQ scheme for images", Trans. IEICE E71 (1988); Pennebaker, Mitchell,
//! *JPEG: Still Image Data Compression Standard* (1993), chapter 4.
//!
//! ```
//! use stack_transform::{Size, dct8::Coder, tables::LUMINANCE};
//!
//! // A ramp of 12 x 10 samples: its blocks are continued by the last row and column.
//! let size = Size::new(10, 12)?;
//! let ramp: Vec<u8> = (0..120).map(|i| (i % 12 * 20) as u8).collect();
//! let coder = Coder::new(&LUMINANCE.with_quality(90)?);
//! let mut indices = vec![0; Coder::indices(size)?];
//! coder.forward_plane(&ramp, size, 128.0, &mut indices)?;
//! assert_eq!(indices.len(), 4 * 64);
//! assert_eq!(indices[..8], [-155, -182, 0, -13, 0, -1, 0, 0]);
//!
//! let mut back = vec![0_u8; 120];
//! coder.inverse_plane(&indices, size, 128.0, &mut back)?;
//! assert_eq!(back[..12], [0, 19, 41, 60, 80, 99, 121, 140, 159, 181, 199, 221]);
//! # Ok::<(), stack_transform::Error>(())
//! ```
//!
//! Cost: 80 multiplications and 464 additions a block, and 64 multiplications for the quantisation.
//!
//! Exercise: find the factor s(2) by following a cosine of that frequency through the steps of one column.

mod butterfly;
mod plane;

use crate::error::{Error, Result};
use crate::tables::Table;
use butterfly::{forward_lanes, inverse_lanes, transpose};

pub use plane::PlaneSample;

/// A block of samples or coefficients: row y (or v) is `block[y]`.
pub type Block = [[f32; 8]; 8];

/// Adding this moves the integer part of a float into its lowest bits, rounded to the nearest even.
const ROUNDER: f32 = 12_582_912.0;

/// Largest magnitude of samples and restored coefficients of the float functions.
pub const LIMIT: f32 = 65_536.0;

/// The factors `s(k)` that the fast steps leave out.
const SCALES: [f64; 8] = [
    1.0,
    1.387_039_845_322_147_5,
    1.306_562_964_876_376_6,
    1.175_875_602_419_359,
    1.0,
    0.785_694_958_387_102_2,
    0.541_196_100_146_197,
    0.275_899_379_282_943,
];

/// The orthonormal DCT-II of a block.
///
/// # Errors
/// [`Error::NotFinite`] for NaN, infinities, and magnitudes above [`LIMIT`].
pub fn forward(block: &Block) -> Result<Block> {
    check(block)?;
    let mut coefficients = transpose(&transformed(block));
    for (row, scale_v) in coefficients.iter_mut().zip(SCALES) {
        for (coefficient, scale_u) in row.iter_mut().zip(SCALES) {
            *coefficient *= (1.0 / (8.0 * scale_v * scale_u)) as f32;
        }
    }
    Ok(coefficients)
}

/// The orthonormal DCT-III: the block of coefficients.
///
/// # Errors
/// As [`forward`].
pub fn inverse(coefficients: &Block) -> Result<Block> {
    check(coefficients)?;
    let mut weighted = *coefficients;
    for (row, scale_v) in weighted.iter_mut().zip(SCALES) {
        for (coefficient, scale_u) in row.iter_mut().zip(SCALES) {
            *coefficient *= (scale_v * scale_u / 8.0) as f32;
        }
    }
    Ok(restored(&weighted))
}

/// The unscaled coefficients, transposed: entry `[u][v]`.
#[inline(always)]
fn transformed(block: &Block) -> Block {
    forward_lanes(&transpose(&forward_lanes(block)))
}

/// The block of scaled coefficients `[v][u]`.
#[inline(always)]
fn restored(weighted: &Block) -> Block {
    transpose(&inverse_lanes(&transpose(&inverse_lanes(weighted))))
}

fn check(block: &Block) -> Result<()> {
    match block.as_flattened().iter().position(|sample| sample.is_nan() || sample.abs() > LIMIT) {
        None => Ok(()),
        Some(index) => Err(Error::NotFinite { index, value: f64::from(block.as_flattened()[index]) }),
    }
}

/// DCT and quantisation by one table, in both directions.
#[derive(Debug, Clone)]
pub struct Coder {
    /// `1 / (8 s(u) s(v) Q(u, v))` at `[u][v]`.
    divisors: Block,
    /// `s(u) s(v) Q(u, v) / 8` at `[v][u]`.
    factors: Block,
}

impl Coder {
    /// Folds a table and the scales of the fast steps into one factor a coefficient.
    #[must_use]
    pub fn new(table: &Table) -> Self {
        let scaled = |v: usize, u: usize| SCALES[v] * SCALES[u] * f64::from(table.steps()[v * 8 + u]);
        Self {
            divisors: std::array::from_fn(|u| std::array::from_fn(|v| (1.0 / (8.0 * scaled(v, u))) as f32)),
            factors: std::array::from_fn(|v| std::array::from_fn(|u| (scaled(v, u) / 8.0) as f32)),
        }
    }

    /// The quantised coefficients of a block, row by row; beyond 16 bits, the nearest that fits.
    ///
    /// # Errors
    /// As [`forward`].
    pub fn forward(&self, block: &Block) -> Result<[i16; 64]> {
        check(block)?;
        let mut indices = [0; 64];
        self.analyse(block, &mut indices);
        Ok(indices)
    }

    /// The block of quantised coefficients, not rounded.
    #[must_use]
    pub fn inverse(&self, indices: &[i16; 64]) -> Block {
        let mut weighted = self.factors;
        for (factor, index) in weighted.as_flattened_mut().iter_mut().zip(indices) {
            *factor *= f32::from(*index);
        }
        restored(&weighted)
    }

    #[inline(always)]
    fn analyse(&self, block: &Block, indices: &mut [i16; 64]) {
        let mut coefficients = transformed(block);
        for (coefficient, divisor) in
            coefficients.as_flattened_mut().iter_mut().zip(self.divisors.as_flattened())
        {
            *coefficient *= divisor;
        }
        let coefficients = transpose(&coefficients);
        for (index, coefficient) in indices.iter_mut().zip(coefficients.as_flattened()) {
            *index = round(*coefficient).clamp(i32::from(i16::MIN), i32::from(i16::MAX)) as i16;
        }
    }
}

/// The nearest integer, halves to even, of a number below 2^22 in magnitude; vectorises where `f32::round` does not.
#[inline(always)]
fn round(number: f32) -> i32 {
    (number + ROUNDER).to_bits() as i32 - ROUNDER.to_bits() as i32
}
