//! Eight samples to eight unscaled coefficients and back, in eight lanes at once.

use std::f32::consts::{FRAC_1_SQRT_2, SQRT_2};

use super::Block;

/// One number of each of eight columns.
#[derive(Clone, Copy)]
struct Lanes([f32; 8]);

impl std::ops::Add for Lanes {
    type Output = Self;
    #[inline(always)]
    fn add(self, other: Self) -> Self {
        Self(std::array::from_fn(|i| self.0[i] + other.0[i]))
    }
}

impl std::ops::Sub for Lanes {
    type Output = Self;
    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        Self(std::array::from_fn(|i| self.0[i] - other.0[i]))
    }
}

impl std::ops::Mul<f32> for Lanes {
    type Output = Self;
    #[inline(always)]
    fn mul(self, factor: f32) -> Self {
        Self(self.0.map(|number| number * factor))
    }
}

/// `cos(3 pi / 8)`.
const COS_3: f32 = 0.382_683_43;
/// `cos(pi / 8) - cos(3 pi / 8)`.
const COS_DIFFERENCE: f32 = 0.541_196_1;
/// `cos(pi / 8) + cos(3 pi / 8)`.
const COS_SUM: f32 = 1.306_563;

/// Unscaled coefficients of every column: row k of the result is `8 s(k) / sqrt(8)` times the orthonormal coefficient k.
#[inline(always)]
pub(super) fn forward_lanes(rows: &Block) -> Block {
    let x = rows.map(Lanes);
    let sums = [x[0] + x[7], x[1] + x[6], x[2] + x[5], x[3] + x[4]];
    let differences = [x[0] - x[7], x[1] - x[6], x[2] - x[5], x[3] - x[4]];

    let (outer, inner) = (sums[0] + sums[3], sums[1] + sums[2]);
    let (outer_turned, inner_turned) = (sums[0] - sums[3], sums[1] - sums[2]);
    let middle = (inner_turned + outer_turned) * FRAC_1_SQRT_2;

    let low = differences[3] + differences[2];
    let centre = (differences[2] + differences[1]) * FRAC_1_SQRT_2;
    let high = differences[1] + differences[0];
    let rotation = (low - high) * COS_3;
    let low = low * COS_DIFFERENCE + rotation;
    let high = high * COS_SUM + rotation;
    let (with, without) = (differences[0] + centre, differences[0] - centre);

    [
        outer + inner,
        with + high,
        outer_turned + middle,
        without - low,
        outer - inner,
        without + low,
        outer_turned - middle,
        with - high,
    ]
    .map(|lanes| lanes.0)
}

/// Samples of every column from coefficients times `s(k) / sqrt(8)`.
#[inline(always)]
pub(super) fn inverse_lanes(rows: &Block) -> Block {
    let t = rows.map(Lanes);
    let (outer, inner) = (t[0] + t[4], t[0] - t[4]);
    let sum = t[2] + t[6];
    let difference = (t[2] - t[6]) * SQRT_2 - sum;
    let even = [outer + sum, inner + difference, inner - difference, outer - sum];

    let (sum_35, difference_53) = (t[5] + t[3], t[5] - t[3]);
    let (sum_17, difference_17) = (t[1] + t[7], t[1] - t[7]);
    let odd_0 = sum_17 + sum_35;
    let turned = (sum_17 - sum_35) * SQRT_2;
    let rotation = (difference_53 + difference_17) * (2.0 * (COS_3 + COS_DIFFERENCE));
    let odd_1 = rotation - difference_53 * (2.0 * COS_SUM) - odd_0;
    let odd_2 = turned - odd_1;
    let odd_3 = rotation - difference_17 * (2.0 * COS_DIFFERENCE) - odd_2;

    [
        even[0] + odd_0,
        even[1] + odd_1,
        even[2] + odd_2,
        even[3] + odd_3,
        even[3] - odd_3,
        even[2] - odd_2,
        even[1] - odd_1,
        even[0] - odd_0,
    ]
    .map(|lanes| lanes.0)
}

/// Rows to columns.
#[inline(always)]
pub(super) fn transpose(block: &Block) -> Block {
    let mut transposed = [[0.0; 8]; 8];
    for (y, row) in block.iter().enumerate() {
        for (x, number) in row.iter().enumerate() {
            transposed[x][y] = *number;
        }
    }
    transposed
}
