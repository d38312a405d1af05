//! Samples that are no measurements: NaN, infinities and fill values, taken out and put back bit for bit.
//!
//! ```text
//! samples -> runs (start, length, kind) + kinds (bit patterns)       what is special, and where
//!         -> smooth: a special sample becomes its left neighbour     so that predictors and video see no edges
//!            in its row, at a row's start the one above, before the first ordinary sample that one, else zero
//! put back: sample[start .. start + length] = kinds[kind]
//! ```
//!
//! Land in ocean data, pixels without a retrieval, the corners of a detector: NaN (of which there are 2^24 - 2 in f32, and a
//! file may tell two things by two of them), an infinity, or a number that was agreed upon, such as 1e20. A run is
//! samples of one bit pattern side by side; masks are mostly long runs. Minus zero is listed on demand only: it is a
//! number like others, but one that integers cannot give back. Compared with [`crate::palette`] only few samples are
//! named, and the others are left as they are.
//!
//! Source: NetCDF Users Guide, attributes `_FillValue` and `missing_value`; the runs are those of run-length coding.
//!
//! ```
//! use stack_transform::Specials;
//!
//! let frame = [f32::NAN, 2.0, 1e20, 1e20, f32::NAN, 5.0, 6.0, 7.0];
//! let specials = Specials::find(&frame, Some(1e20));
//! assert_eq!((specials.count(), specials.runs().len(), specials.kinds().len()), (4, 3, 2));
//!
//! let mut smooth = frame;
//! specials.smooth(&mut smooth, 4)?;
//! assert_eq!(smooth, [2.0, 2.0, 2.0, 2.0, 2.0, 5.0, 6.0, 7.0]);
//! specials.put_back(&mut smooth)?;
//! assert_eq!(smooth.map(f32::to_bits), frame.map(f32::to_bits));
//! # Ok::<(), stack_transform::Error>(())
//! ```
//!
//! Cost: one comparison a sample; memory for each run, at worst 24 bytes a sample.
//!
//! Exercise: the mask of sea and land is the same in each frame. What is cheaper to store than the runs of each?

use crate::error::{Error, Result, check_length, filled};
use crate::float::Float;

/// Special samples of one bit pattern side by side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    /// Position of the first.
    pub start: usize,
    /// How many; not zero.
    pub length: usize,
    /// Which of the kinds.
    pub kind: usize,
}

/// The special samples of a frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Specials {
    samples: usize,
    sample_bits: u32,
    kinds: Vec<u64>,
    runs: Vec<Run>,
}

impl Specials {
    /// NaN, infinities, and samples with the bits of the fill value.
    #[must_use]
    pub fn find<T: Float>(samples: &[T], fill: Option<T>) -> Self {
        let fill = fill.map(T::bits);
        Self::find_where(samples, |sample| !sample.finite() || Some(sample.bits()) == fill)
    }

    /// The same and minus zero: everything that [`crate::lattice`] leaves out.
    #[must_use]
    pub fn find_exact<T: Float>(samples: &[T], fill: Option<T>) -> Self {
        let fill = fill.map(T::bits);
        Self::find_where(samples, |sample| sample.is_special() || Some(sample.bits()) == fill)
    }

    /// Samples of which `special` is true.
    #[must_use]
    pub fn find_where<T: Float>(samples: &[T], special: impl Fn(T) -> bool) -> Self {
        let (mut runs, mut kinds) = (Vec::<Run>::new(), Vec::<u64>::new());
        let mut places = std::collections::HashMap::new();
        // The last run, as long as the samples go on with its bits.
        let mut last = None;
        for (index, sample) in samples.iter().enumerate() {
            if !special(*sample) {
                last = None;
                continue;
            }
            let bits = sample.bits();
            match runs.last_mut() {
                Some(run) if last == Some(bits) => run.length += 1,
                _ => {
                    let kind = *places.entry(bits).or_insert_with(|| {
                        kinds.push(bits);
                        kinds.len() - 1
                    });
                    runs.push(Run { start: index, length: 1, kind });
                }
            }
            last = Some(bits);
        }
        Self { samples: samples.len(), sample_bits: T::BITS, kinds, runs }
    }

    /// What was written to a file: runs in ascending order and the bit patterns that they speak of.
    ///
    /// # Errors
    /// [`Error::Parameter`] if runs are empty, overlap, are not in order, go beyond the samples, or are of a kind that
    /// is not there, or if a bit pattern is wider than a sample.
    pub fn from_parts<T: Float>(samples: usize, kinds: Vec<u64>, runs: Vec<Run>) -> Result<Self> {
        if let Some(bits) = kinds.iter().find(|bits| **bits > T::SIGN | (T::SIGN - 1)) {
            return Err(Error::parameter(
                "a bit pattern",
                *bits as f64,
                "it must not be wider than a sample",
            ));
        }
        let mut end = 0;
        for run in &runs {
            if run.start < end || run.length == 0 {
                let rule = "runs must have a length, must not overlap, and must be in order";
                return Err(Error::parameter("the start of a run", run.start as f64, rule));
            }
            end = run.start.checked_add(run.length).filter(|end| *end <= samples).ok_or_else(|| {
                Error::parameter("the length of a run", run.length as f64, "it must end within the samples")
            })?;
            if run.kind >= kinds.len() {
                return Err(Error::parameter("the kind of a run", run.kind as f64, "there is no such kind"));
            }
        }
        Ok(Self { samples, sample_bits: T::BITS, kinds, runs })
    }

    /// The runs, in ascending order.
    #[must_use]
    pub fn runs(&self) -> &[Run] {
        &self.runs
    }

    /// The bit patterns, in the order of their first appearance.
    #[must_use]
    pub fn kinds(&self) -> &[u64] {
        &self.kinds
    }

    /// How many samples are special.
    #[must_use]
    pub fn count(&self) -> usize {
        self.runs.iter().map(|run| run.length).sum()
    }

    /// Whether no sample is special.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    /// For each sample, whether it is special.
    ///
    /// # Errors
    /// [`Error::Memory`].
    pub fn mask(&self) -> Result<Vec<bool>> {
        let mut mask = filled(self.samples, false)?;
        for run in &self.runs {
            mask[run.start..run.start + run.length].fill(true);
        }
        Ok(mask)
    }

    /// Makes all special samples `value`.
    ///
    /// # Errors
    /// [`Error::Length`] if there are not as many samples as were looked at.
    pub fn fill_with<T: Float>(&self, samples: &mut [T], value: T) -> Result<()> {
        self.check::<T>(samples)?;
        for run in &self.runs {
            samples[run.start..run.start + run.length].fill(value);
        }
        Ok(())
    }

    /// Makes special samples what their neighbours are, in rows of `width` samples: the left one, at the start of a row
    /// the one above; before the first ordinary sample, that one; and zero where all samples are special.
    ///
    /// # Errors
    /// As [`Specials::fill_with`]; [`Error::Parameter`] if the width is zero.
    pub fn smooth<T: Float>(&self, samples: &mut [T], width: usize) -> Result<()> {
        self.check::<T>(samples)?;
        if width == 0 {
            return Err(Error::parameter("the width", 0.0, "it must not be zero"));
        }
        let leading = self.leading();
        let first = samples.get(leading).copied().unwrap_or_default();
        samples[..leading].fill(first);
        for run in &self.runs {
            for index in run.start.max(leading)..run.start + run.length {
                let from = if index % width != 0 { index - 1 } else { index - width };
                samples[index] = samples[from];
            }
        }
        Ok(())
    }

    /// Puts the special samples back, with their bits.
    ///
    /// # Errors
    /// As [`Specials::fill_with`].
    pub fn put_back<T: Float>(&self, samples: &mut [T]) -> Result<()> {
        self.check::<T>(samples)?;
        for run in &self.runs {
            samples[run.start..run.start + run.length].fill(T::of_bits(self.kinds[run.kind]));
        }
        Ok(())
    }

    /// How many samples before the first ordinary one.
    fn leading(&self) -> usize {
        let mut end = 0;
        for run in &self.runs {
            if run.start != end {
                break;
            }
            end += run.length;
        }
        end
    }

    fn check<T: Float>(&self, samples: &[T]) -> Result<()> {
        check_length("the list of samples", self.samples, samples.len())?;
        check_length("a sample, in bits,", self.sample_bits as usize, T::BITS as usize)
    }
}
