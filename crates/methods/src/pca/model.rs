//! The stored numbers, and the base frames that they make.

use stack_core::{Arrangement, FrameBuf, PixelType, StackHeader};
use stack_transform::pca::rebuild;

/// Mean, components and scores of a stack, as a file holds them.
#[derive(Debug)]
pub struct Components {
    pub(super) header: StackHeader,
    /// The row of scores of each frame.
    pub(super) arrangement: Arrangement,
    /// 32-bit floats, or 64-bit ones for stacks that need them; so are the components and the scores.
    pub(super) mean: FrameBuf,
    /// All components, one after the other.
    pub(super) vectors: FrameBuf,
    /// All scores, row after row.
    pub(super) scores: FrameBuf,
    pub(super) singular_values: Vec<f64>,
    /// Sum of the squares of all distances from the mean.
    pub(super) total_squares: f64,
}

/// The type of the stored numbers: 64 bits where 32 do not hold every sample.
pub(super) const fn number_type(samples: PixelType) -> PixelType {
    match samples {
        PixelType::F64 | PixelType::I32 => PixelType::F64,
        PixelType::U8 | PixelType::U16 | PixelType::I16 | PixelType::F32 => PixelType::F32,
    }
}

impl Components {
    /// The stack.
    pub fn header(&self) -> &StackHeader {
        &self.header
    }

    /// Number of components.
    pub fn count(&self) -> usize {
        self.singular_values.len()
    }

    /// The mean frame, as 32- or 64-bit floats.
    pub fn mean(&self) -> &FrameBuf {
        &self.mean
    }

    /// Component `index` as a frame of floats, of length one; `None` past the last.
    pub fn component(&self, index: usize) -> Option<FrameBuf> {
        let samples = self.header.shape.samples();
        let range = index
            .checked_mul(samples)
            .filter(|_| index < self.count())
            .map(|start| start..start + samples)?;
        Some(match &self.vectors {
            FrameBuf::F64(vectors) => FrameBuf::F64(vectors.get(range)?.to_vec()),
            FrameBuf::F32(vectors) => FrameBuf::F32(vectors.get(range)?.to_vec()),
            _ => return None,
        })
    }

    /// The scores of frame `index`, one for each component; `None` past the last.
    pub fn scores(&self, index: usize) -> Option<Vec<f64>> {
        let row = *self.arrangement.places().get(index)? as usize;
        let range = row * self.count()..(row + 1) * self.count();
        match &self.scores {
            FrameBuf::F64(scores) => scores.get(range).map(<[f64]>::to_vec),
            FrameBuf::F32(scores) => {
                scores.get(range).map(|row| row.iter().map(|score| (*score).into()).collect())
            }
            _ => None,
        }
    }

    /// The singular values of the centred stack, falling.
    pub fn singular_values(&self) -> &[f64] {
        &self.singular_values
    }

    /// The variance along each component: the square of its singular value, divided by the number of frames less one.
    pub fn explained_variance(&self) -> Vec<f64> {
        let degrees = (self.header.frames.max(2) - 1) as f64;
        self.singular_values.iter().map(|value| value * value / degrees).collect()
    }

    /// The share of the stack's variance that each component explains; zeros for a stack without variance.
    pub fn explained_shares(&self) -> Vec<f64> {
        let share =
            |value: &f64| if self.total_squares > 0.0 { value * value / self.total_squares } else { 0.0 };
        self.singular_values.iter().map(share).collect()
    }

    /// Mean square errors of the stack with no component, one, two, and so on, before samples are rounded.
    pub fn errors_by_count(&self) -> Vec<f64> {
        let samples = self.header.frames as f64 * self.header.shape.samples() as f64;
        let mut left = self.total_squares;
        let mut errors = vec![left / samples];
        for value in &self.singular_values {
            left = (left - value * value).max(0.0);
            errors.push(left / samples);
        }
        errors
    }

    /// In words: how much the components explain.
    pub(super) fn describe(&self) -> String {
        let components = match self.count() {
            0 => return "the mean alone: the frames do not differ".to_owned(),
            1 => "1 component explains".to_owned(),
            count => format!("{count} components explain"),
        };
        let share: f64 = self.explained_shares().iter().sum();
        format!("{components} {} % of the variance", percent(share))
    }

    /// The base of the frame at `place`: what the components make of it, rounded to its type. `sums` is room for a frame.
    ///
    /// The same bits on every machine. The caller checks that there is such a place.
    pub(super) fn base(&self, place: usize, sums: &mut Vec<f64>, into: &mut FrameBuf) {
        sums.resize(self.header.shape.samples(), 0.0);
        let scores = place * self.count()..(place + 1) * self.count();
        let built = match (&self.mean, &self.vectors, &self.scores) {
            (FrameBuf::F32(mean), FrameBuf::F32(vectors), FrameBuf::F32(all)) => {
                rebuild(mean, vectors, &all[scores], sums)
            }
            (FrameBuf::F64(mean), FrameBuf::F64(vectors), FrameBuf::F64(all)) => {
                rebuild(mean, vectors, &all[scores], sums)
            }
            _ => Ok(()),
        };
        built.expect("lengths were checked when the file was opened or the components were found");
        into.fit(&self.header);
        let bits = self.header.format.significant_bits();
        match into {
            FrameBuf::U8(samples) => round(sums, samples, |sum| sum.min(largest(bits)) as u8),
            FrameBuf::U16(samples) => round(sums, samples, |sum| sum.min(largest(bits)) as u16),
            FrameBuf::I16(samples) => round(sums, samples, |sum| sum as i16),
            FrameBuf::I32(samples) => round(sums, samples, |sum| sum as i32),
            FrameBuf::F32(samples) => {
                samples.iter_mut().zip(sums).for_each(|(sample, sum)| *sample = *sum as f32);
            }
            FrameBuf::F64(samples) => samples.copy_from_slice(sums),
        }
    }
}

/// The largest unsigned sample of so many bits.
fn largest(bits: u8) -> f64 {
    f64::from(u32::MAX >> (32 - u32::from(bits).clamp(1, 32)))
}

/// Half to even; casts saturate.
fn round<T>(sums: &[f64], samples: &mut [T], cast: impl Fn(f64) -> T) {
    samples.iter_mut().zip(sums).for_each(|(sample, sum)| *sample = cast(sum.round_ties_even()));
}

/// A share in percent, rounded down with as many digits as tell it from one.
fn percent(share: f64) -> String {
    let percent = share.clamp(0.0, 1.0) * 100.0;
    let digits = [2, 3, 4, 5, 6].into_iter().find(|digits| percent + 0.5 * 10_f64.powi(-digits) < 100.0);
    match digits {
        Some(digits) => format!("{percent:.*}", digits as usize),
        None if percent < 100.0 => "more than 99.999999".to_owned(),
        None => "100".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::percent;

    #[test]
    fn nearly_all_is_not_all() {
        assert_eq!(percent(0.5), "50.00");
        assert_eq!(percent(0.99986), "99.99");
        assert_eq!(percent(0.999_999), "99.9999");
        assert_eq!(percent(1.0 - 1e-12), "more than 99.999999");
        assert_eq!(percent(1.0), "100");
        assert_eq!(percent(0.0), "0.00");
    }
}
