//! The loops over the samples of one block: written so that the compiler can make vector instructions of them.

use super::frame::FrameErrors;
use super::sum::CompensatedSum;
use crate::Sample;

/// Samples that are compared at once: small enough that two blocks of doubles stay in the first-level cache.
const BLOCK: usize = 1024;

/// Accumulators side by side in the loops over floats, where the compiler may not reorder additions.
const LANES: usize = 8;

/// What is found in one block.
pub(super) struct Block {
    pub(super) differing: u64,
    pub(super) nonfinite_mismatches: u64,
    pub(super) finite_pairs: u64,
    pub(super) max_abs: f64,
    pub(super) sum_abs: f64,
    pub(super) sum_squares: f64,
    pub(super) minimum: f64,
    pub(super) maximum: f64,
}

impl Block {
    const EMPTY: Self = Self {
        differing: 0,
        nonfinite_mismatches: 0,
        finite_pairs: 0,
        max_abs: 0.0,
        sum_abs: 0.0,
        sum_squares: 0.0,
        minimum: f64::INFINITY,
        maximum: f64::NEG_INFINITY,
    };
}

/// A sample type that can be compared block by block; at most [`BLOCK`] samples, slices of equal length.
pub(super) trait Compared: Sample {
    /// A block of equal bits: only the range and the number of finite samples are of interest.
    fn equal(samples: &[Self]) -> Block;

    /// Any two blocks.
    fn compared(original: &[Self], decoded: &[Self]) -> Block;
}

/// Compares two frames of equal length.
pub(super) fn compare<T: Compared>(original: &[T], decoded: &[T]) -> FrameErrors {
    let mut total = FrameErrors { samples: original.len() as u64, ..FrameErrors::default() };
    let (mut sum_abs, mut sum_squares) = (CompensatedSum::default(), CompensatedSum::default());
    for (original, decoded) in original.chunks(BLOCK).zip(decoded.chunks(BLOCK)) {
        let (left, right): (&[u8], &[u8]) = (bytemuck::cast_slice(original), bytemuck::cast_slice(decoded));
        let block = if left == right { T::equal(original) } else { T::compared(original, decoded) };
        total.differing += block.differing;
        total.nonfinite_mismatches += block.nonfinite_mismatches;
        total.finite_pairs += block.finite_pairs;
        total.max_abs = total.max_abs.max(block.max_abs);
        total.minimum = total.minimum.min(block.minimum);
        total.maximum = total.maximum.max(block.maximum);
        sum_abs.add(block.sum_abs);
        sum_squares.add(block.sum_squares);
    }
    total.sum_abs = sum_abs.value();
    total.sum_squares = sum_squares.value();
    if total.nonfinite_mismatches > 0 {
        total.max_abs = f64::INFINITY;
    }
    // Which of -0.0 and 0.0 is met first must not show.
    total.minimum += 0.0;
    total.maximum += 0.0;
    total
}

macro_rules! compared_integers {
    ($($type:ty => $square:ty;)*) => {$(
        impl Compared for $type {
            fn equal(samples: &[Self]) -> Block {
                let (mut minimum, mut maximum) = (Self::MAX, Self::MIN);
                for &sample in samples {
                    minimum = minimum.min(sample);
                    maximum = maximum.max(sample);
                }
                Block {
                    finite_pairs: samples.len() as u64,
                    minimum: f64::from(minimum),
                    maximum: f64::from(maximum),
                    ..Block::EMPTY
                }
            }

            fn compared(original: &[Self], decoded: &[Self]) -> Block {
                // The sums are exact: a square takes all bits of its type, so its halves are summed apart.
                const HALF: u32 = <$square>::BITS / 2;
                let (mut differing, mut max) = (0_u32, 0_u32);
                let (mut sum, mut low, mut high): ($square, $square, $square) = (0, 0, 0);
                for (&x, &y) in original.iter().zip(decoded) {
                    let difference = x.abs_diff(y);
                    let square = <$square>::from(difference) * <$square>::from(difference);
                    differing += u32::from(difference != 0);
                    max = max.max(u32::from(difference));
                    sum += <$square>::from(difference);
                    low += square & (<$square>::MAX >> HALF);
                    high += square >> HALF;
                }
                Block {
                    differing: u64::from(differing),
                    max_abs: f64::from(max),
                    sum_abs: sum as f64,
                    sum_squares: ((u128::from(high) << HALF) + u128::from(low)) as f64,
                    ..Self::equal(original)
                }
            }
        }
    )*};
}

compared_integers! {
    u8 => u32;
    u16 => u32;
    i16 => u32;
    i32 => u64;
}

macro_rules! compared_floats {
    ($($type:ty),*) => {$(
        impl Compared for $type {
            fn equal(samples: &[Self]) -> Block {
                let mut minimum = [Self::INFINITY; LANES];
                let mut maximum = [Self::NEG_INFINITY; LANES];
                let mut finite = [0_u32; LANES];
                let mut take = |lane: usize, x: Self| {
                    let is_finite = x.is_finite();
                    finite[lane] += u32::from(is_finite);
                    minimum[lane] = if is_finite & (x < minimum[lane]) { x } else { minimum[lane] };
                    maximum[lane] = if is_finite & (x > maximum[lane]) { x } else { maximum[lane] };
                };
                let (whole, rest) = samples.as_chunks::<LANES>();
                for chunk in whole {
                    for lane in 0..LANES {
                        take(lane, chunk[lane]);
                    }
                }
                for (lane, &sample) in rest.iter().enumerate() {
                    take(lane, sample);
                }
                Block {
                    finite_pairs: finite.iter().map(|&count| u64::from(count)).sum(),
                    minimum: f64::from(minimum.into_iter().fold(Self::INFINITY, Self::min)),
                    maximum: f64::from(maximum.into_iter().fold(Self::NEG_INFINITY, Self::max)),
                    ..Block::EMPTY
                }
            }

            fn compared(original: &[Self], decoded: &[Self]) -> Block {
                let (mut max, mut sum, mut squares) = ([0.0_f64; LANES], [0.0_f64; LANES], [0.0_f64; LANES]);
                let (mut differing, mut mismatches, mut pairs) =
                    ([0_u32; LANES], [0_u32; LANES], [0_u32; LANES]);
                let mut take = |lane: usize, original: Self, decoded: Self| {
                    let (x, y) = (f64::from(original), f64::from(decoded));
                    let pair = x.is_finite() & y.is_finite();
                    let difference = if pair { (x - y).abs() } else { 0.0 };
                    sum[lane] += difference;
                    squares[lane] += difference * difference;
                    max[lane] = if difference > max[lane] { difference } else { max[lane] };
                    // Not finite: x == y holds for the same infinity.
                    let same = pair | (x == y) | (x.is_nan() & y.is_nan());
                    pairs[lane] += u32::from(pair);
                    mismatches[lane] += u32::from(!same);
                    differing[lane] += u32::from(original.to_bits() != decoded.to_bits());
                };
                let ((left, left_rest), (right, right_rest)) =
                    (original.as_chunks::<LANES>(), decoded.as_chunks::<LANES>());
                for (left, right) in left.iter().zip(right) {
                    for lane in 0..LANES {
                        take(lane, left[lane], right[lane]);
                    }
                }
                for (lane, (&left, &right)) in left_rest.iter().zip(right_rest).enumerate() {
                    take(lane, left, right);
                }
                let total = |counts: [u32; LANES]| counts.iter().map(|&count| u64::from(count)).sum();
                Block {
                    differing: total(differing),
                    nonfinite_mismatches: total(mismatches),
                    finite_pairs: total(pairs),
                    max_abs: max.into_iter().fold(0.0, f64::max),
                    sum_abs: tree_sum(sum),
                    sum_squares: tree_sum(squares),
                    ..Self::equal(original)
                }
            }
        }
    )*};
}

compared_floats!(f32, f64);

/// The sum of the lanes, neighbours first: the same order on every machine.
fn tree_sum(lanes: [f64; LANES]) -> f64 {
    ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3])) + ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7]))
}
