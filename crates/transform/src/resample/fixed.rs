//! Resampling of 8-bit samples with weights of 22 fractional bits.

use super::filter::{Filter, weights};
use crate::error::{Result, filled};
use crate::size::Size;

/// Fractional bits of the weights: 8 bits of a sample and 2 for overshoot leave so many of 32.
const FRACTION: u32 = 22;

/// Weights are summed in blocks of so many.
const BLOCK: usize = 8;

/// Integer weights of one new sample, each split in two, `w = high * 2^shift + low`, so that processors multiply several
/// high parts at once. The low parts matter only where a sum is near to the next level.
#[derive(Debug, Clone)]
struct FixedTaps {
    first: usize,
    count: usize,
    shift: u32,
    /// Both parts of `count` weights, then zeros up to a multiple of [`BLOCK`].
    high: Vec<i16>,
    low: Vec<i16>,
    /// The least and the greatest that low parts can add.
    rest: (i32, i32),
}

/// The picture in another size, in two passes; a pass that would change nothing is left out.
///
/// Each pass rounds, so their order matters. It is that of Pillow since version 13 (its pull request 9549): columns first
/// if they become shorter by more than twice as many samples as the rows do, which leaves less to do; otherwise rows
/// first. Earlier versions took rows first always.
///
/// # Errors
/// [`crate::Error::Length`]; [`crate::Error::Memory`]; [`crate::Error::Parameter`] for sides above 2^31 - 1.
pub fn resize(samples: &[u8], from: Size, to: Size, filter: Filter) -> Result<Vec<u8>> {
    from.check("the picture", samples.len())?;
    Resizer::new(from, to, filter)?.resize(samples)
}

/// What [`resize`] needs to know of two sizes, for many pictures: the weights are computed once.
///
/// ```
/// use stack_transform::Size;
/// use stack_transform::resample::{Filter, Resizer};
///
/// let halves = Resizer::new(Size::new(1, 4)?, Size::new(1, 2)?, Filter::Box)?;
/// assert_eq!(halves.resize(&[0, 100, 100, 0])?, [50, 50]);
/// assert_eq!(halves.resize(&[9, 9, 1, 3])?, [9, 2]);
/// # Ok::<(), stack_transform::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Resizer {
    from: Size,
    to: Size,
    /// None where the width stays.
    across: Option<Vec<FixedTaps>>,
    /// None where the height stays.
    down: Option<Vec<FixedTaps>>,
}

impl Resizer {
    /// Prepares pictures of one size to become those of another.
    ///
    /// # Errors
    /// [`crate::Error::Memory`]; [`crate::Error::Parameter`] for sides above 2^31 - 1.
    pub fn new(from: Size, to: Size, filter: Filter) -> Result<Self> {
        let taps = |old, new| if old == new { Ok(None) } else { fixed_weights(old, new, filter).map(Some) };
        Ok(Self {
            from,
            to,
            across: taps(from.width(), to.width())?,
            down: taps(from.height(), to.height())?,
        })
    }

    /// The size that pictures must have.
    #[must_use]
    pub fn from(&self) -> Size {
        self.from
    }

    /// One picture in the other size.
    ///
    /// # Errors
    /// [`crate::Error::Length`]; [`crate::Error::Memory`].
    pub fn resize(&self, samples: &[u8]) -> Result<Vec<u8>> {
        let Self { from, to, .. } = *self;
        from.check("the picture", samples.len())?;
        match (&self.across, &self.down) {
            (None, None) => Ok(samples.to_vec()),
            (Some(across), None) => resize_rows(samples, from.width(), across),
            (None, Some(down)) => resize_columns(samples, from.width(), down),
            (Some(across), Some(down)) if columns_first(from, to) => {
                resize_rows(&resize_columns(samples, from.width(), down)?, from.width(), across)
            }
            (Some(across), Some(down)) => {
                resize_columns(&resize_rows(samples, from.width(), across)?, to.width(), down)
            }
        }
    }
}

/// Whether the second pass has less to do after the columns.
fn columns_first(from: Size, to: Size) -> bool {
    // Sides fit in 31 bits, or the weights are refused.
    let shorter = |old: usize, new: usize| old as i128 - new as i128;
    let height = shorter(from.height(), to.height());
    height > 0 && height > 2 * shorter(from.width(), to.width())
}

/// Each row of `old` samples in another width.
fn resize_rows(samples: &[u8], old: usize, taps: &[FixedTaps]) -> Result<Vec<u8>> {
    let mut result = filled(Size::new(samples.len() / old, taps.len())?.area(), 0)?;
    // Where weights end with zeros, there are samples to multiply by them.
    let mut wide = filled(old.saturating_add(BLOCK), 0_i16)?;
    for (old, new) in samples.chunks_exact(old).zip(result.chunks_exact_mut(taps.len())) {
        wide.iter_mut().zip(old).for_each(|(wide, &sample)| *wide = sample.into());
        for (sample, taps) in new.iter_mut().zip(taps) {
            let wide = &wide[taps.first..][..taps.high.len()];
            *sample = taps.level(weighted(wide, &taps.high), || weighted(wide, &taps.low));
        }
    }
    Ok(result)
}

/// The sum of samples times weights, whole blocks of both. Written so that compilers multiply eight at once.
fn weighted(samples: &[i16], weights: &[i16]) -> i32 {
    fn of_block<const N: usize>((samples, weights): (&[i16; N], &[i16; N])) -> i32 {
        samples.iter().zip(weights).map(|(&sample, &weight)| i32::from(sample) * i32::from(weight)).sum()
    }
    let ((long, samples), (long_weights, weights)) =
        (samples.as_chunks::<{ 4 * BLOCK }>(), weights.as_chunks::<{ 4 * BLOCK }>());
    let (short, short_weights) = (samples.as_chunks::<BLOCK>().0, weights.as_chunks::<BLOCK>().0);
    let long: i32 = long.iter().zip(long_weights).map(of_block).sum();
    long + short.iter().zip(short_weights).map(of_block).sum::<i32>()
}

/// Each column in another height; `width` of them.
fn resize_columns(samples: &[u8], width: usize, taps: &[FixedTaps]) -> Result<Vec<u8>> {
    let mut result = filled(Size::new(taps.len(), width)?.area(), 0)?;
    let mut sums = filled(width, 0)?;
    for (row, taps) in result.chunks_exact_mut(width).zip(taps) {
        sums.fill(0);
        let rows = || samples.chunks_exact(width).skip(taps.first);
        for (old, &high) in rows().zip(&taps.high[..taps.count]) {
            for (sum, &sample) in sums.iter_mut().zip(old) {
                *sum += i32::from(i16::from(sample)) * i32::from(high);
            }
        }
        for (x, (sample, &sum)) in row.iter_mut().zip(&sums).enumerate() {
            let low = || {
                rows()
                    .zip(&taps.low[..taps.count])
                    .map(|(old, &low)| i32::from(old[x]) * i32::from(low))
                    .sum()
            };
            *sample = taps.level(sum, low);
        }
    }
    Ok(result)
}

impl FixedTaps {
    /// Weights rounded to 22 bits, halves away from zero.
    fn new(first: usize, weights: &[f64]) -> Self {
        let fixed = || weights.iter().map(|weight| (weight * f64::from(1 << FRACTION)).round() as i32);
        let largest = fixed().map(i32::unsigned_abs).max().unwrap_or(0);
        let mut shift = 0;
        while (largest >> shift) >= 1 << 15 {
            shift += 1;
        }
        // The nearest multiple of 2^shift, but none that is too large for 16 bits.
        let high_of = |weight: i32| ((weight + (1 << shift >> 1)) >> shift).min(i16::MAX.into());
        let low_of = |weight: i32| weight - (high_of(weight) << shift);
        let rest = |sign: i32| fixed().map(low_of).filter(|low| low * sign > 0).sum::<i32>() * 255;
        let zeros = || std::iter::repeat_n(0, weights.len().next_multiple_of(BLOCK) - weights.len());
        Self {
            first,
            count: weights.len(),
            shift,
            high: fixed().map(|weight| high_of(weight) as i16).chain(zeros()).collect(),
            low: fixed().map(|weight| low_of(weight) as i16).chain(zeros()).collect(),
            rest: (rest(-1), rest(1)),
        }
    }

    /// The level of a sum of samples times high parts; `low` sums the low ones.
    fn level(&self, high: i32, low: impl FnOnce() -> i32) -> u8 {
        let sum = (high << self.shift) + (1 << (FRACTION - 1));
        let limited = |sum: i32| (sum >> FRACTION).clamp(0, 255) as u8;
        let (least, greatest) = (limited(sum + self.rest.0), limited(sum + self.rest.1));
        if least == greatest { least } else { limited(sum + low()) }
    }
}

fn fixed_weights(old: usize, new: usize, filter: Filter) -> Result<Vec<FixedTaps>> {
    Ok(weights(old, new, filter)?.iter().map(|taps| FixedTaps::new(taps.first, &taps.weights)).collect())
}
