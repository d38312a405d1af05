//! What the samples of a stack are like, pixel by pixel over all frames, in one pass.
//!
//! For the finite samples x1..xn at one place, with the running mean m and the running sum of squares s (Welford,
//! Technometrics 4(3), 1962, 419-420):
//!
//! ```text
//! d = xk - m     m += d / k     s += d (xk - m)     standard deviation = sqrt(s / n)
//! ```
//!
//! which keeps its digits where the textbook formula (mean of squares minus square of the mean) loses them.

use crate::{Error, FrameBuf, Limits, Result, Sample, StackHeader, with_samples};

/// Bytes that are held for each sample of a frame: a count, and four numbers.
const BYTES_PER_SAMPLE: u128 = 40;

/// Mean, standard deviation, minimum and maximum over the frames, for each sample of a frame.
///
/// NaN and infinities are counted and left out. Memory: 40 bytes for each sample of one frame, for any number of
/// frames.
///
/// ```
/// use stack_core::{FrameBuf, FrameShape, Limits, PixelType, SampleFormat, StackHeader, StackStatistics};
/// let header = StackHeader::new(2, FrameShape::gray(1, 2)?, SampleFormat::full(PixelType::F32))?;
/// let mut statistics = StackStatistics::new(&header, &Limits::default())?;
/// statistics.add(&FrameBuf::F32(vec![1.0, 5.0]))?;
/// statistics.add(&FrameBuf::F32(vec![3.0, f32::NAN]))?;
/// assert_eq!(statistics.mean(), [2.0, 5.0]);
/// assert_eq!(statistics.standard_deviation(), [1.0, 0.0]);
/// assert_eq!(statistics.range(), Some((1.0, 5.0)));
/// assert_eq!(statistics.not_finite(), 1);
/// # Ok::<(), stack_core::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct StackStatistics {
    count: Vec<u64>,
    mean: Vec<f64>,
    squares: Vec<f64>,
    minimum: Vec<f64>,
    maximum: Vec<f64>,
    not_finite: u64,
}

impl StackStatistics {
    /// No frames yet, of the shape that `header` gives.
    ///
    /// # Errors
    /// [`Error::Parameter`] where the sums of one frame do not fit into [`Limits::memory_bytes`].
    pub fn new(header: &StackHeader, limits: &Limits) -> Result<Self> {
        let samples = header.shape.samples();
        let bytes = samples as u128 * BYTES_PER_SAMPLE;
        if bytes > u128::from(limits.memory_bytes) {
            return Err(Error::parameter(
                "memory",
                format!("the statistics of frames of {} need {bytes} bytes", header.shape),
                "allow more with --max-memory",
            ));
        }
        Ok(Self {
            count: vec![0; samples],
            mean: vec![0.0; samples],
            squares: vec![0.0; samples],
            minimum: vec![f64::INFINITY; samples],
            maximum: vec![f64::NEG_INFINITY; samples],
            not_finite: 0,
        })
    }

    /// Takes one more frame.
    ///
    /// # Errors
    /// [`Error::Parameter`] for a frame of another length.
    pub fn add(&mut self, frame: &FrameBuf) -> Result<()> {
        if frame.len() != self.count.len() {
            return Err(Error::parameter(
                "frame",
                format!("{} samples, the others have {}", frame.len(), self.count.len()),
                "give frames of one shape",
            ));
        }
        with_samples!(frame, samples => {
            for (place, sample) in samples.iter().enumerate() {
                self.add_sample(place, sample.to_f64());
            }
        });
        Ok(())
    }

    fn add_sample(&mut self, place: usize, value: f64) {
        if !value.is_finite() {
            self.not_finite += 1;
            return;
        }
        self.count[place] += 1;
        let before = value - self.mean[place];
        self.mean[place] += before / self.count[place] as f64;
        self.squares[place] += before * (value - self.mean[place]);
        self.minimum[place] = self.minimum[place].min(value);
        self.maximum[place] = self.maximum[place].max(value);
    }

    /// The mean at each place; NaN where no sample was finite.
    pub fn mean(&self) -> Vec<f64> {
        self.where_counted(&self.mean)
    }

    /// The standard deviation at each place (of the samples themselves: divided by n); NaN where none was finite.
    pub fn standard_deviation(&self) -> Vec<f64> {
        let of = |(squares, count): (&f64, &u64)| (squares / *count as f64).sqrt();
        self.squares.iter().zip(&self.count).map(of).collect()
    }

    /// The smallest finite sample at each place; NaN where none was finite.
    pub fn minimum(&self) -> Vec<f64> {
        self.where_counted(&self.minimum)
    }

    /// The largest finite sample at each place; NaN where none was finite.
    pub fn maximum(&self) -> Vec<f64> {
        self.where_counted(&self.maximum)
    }

    /// The smallest and the largest finite sample of all; `None` where there is none.
    pub fn range(&self) -> Option<(f64, f64)> {
        let lowest = self.minimum.iter().copied().fold(f64::INFINITY, f64::min);
        let highest = self.maximum.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        (lowest <= highest).then_some((lowest, highest))
    }

    /// Samples that were NaN or infinite.
    pub fn not_finite(&self) -> u64 {
        self.not_finite
    }

    fn where_counted(&self, values: &[f64]) -> Vec<f64> {
        values
            .iter()
            .zip(&self.count)
            .map(|(value, count)| if *count == 0 { f64::NAN } else { *value })
            .collect()
    }
}

/// How many samples fall into each of equally wide bins of a range.
///
/// ```
/// use stack_core::{FrameBuf, SampleHistogram};
/// let mut histogram = SampleHistogram::new((0.0, 10.0), 5);
/// histogram.add(&FrameBuf::F32(vec![0.0, 1.9, 2.0, 10.0, f32::NAN]));
/// assert_eq!(histogram.counts(), [2, 1, 0, 0, 1]);
/// ```
#[derive(Debug, Clone)]
pub struct SampleHistogram {
    range: (f64, f64),
    counts: Vec<u64>,
}

impl SampleHistogram {
    /// Empty bins, at least one; `range` is the smallest and the largest sample that will come.
    pub fn new(range: (f64, f64), bins: usize) -> Self {
        Self { range, counts: vec![0; bins.max(1)] }
    }

    /// The bins for all whole numbers of `range`, one each, where they are at most `most`; otherwise `most` bins.
    pub fn of_integers(range: (f64, f64), most: usize) -> Self {
        let values = range.1 - range.0 + 1.0;
        if values <= most as f64 {
            Self::new((range.0, range.1 + 1.0), values as usize)
        } else {
            Self::new(range, most)
        }
    }

    /// Counts the finite samples of a frame; those outside the range go into the first or last bin.
    pub fn add(&mut self, frame: &FrameBuf) {
        let (lowest, highest) = self.range;
        let bins = self.counts.len();
        let scale = if highest > lowest { bins as f64 / (highest - lowest) } else { 0.0 };
        with_samples!(frame, samples => {
            for sample in samples {
                let value = sample.to_f64();
                if value.is_finite() {
                    // A cast from a float saturates: negative numbers become 0.
                    let bin = ((value - lowest) * scale) as usize;
                    self.counts[bin.min(bins - 1)] += 1;
                }
            }
        });
    }

    /// The range of all bins together.
    pub fn range(&self) -> (f64, f64) {
        self.range
    }

    /// Samples in each bin.
    pub fn counts(&self) -> &[u64] {
        &self.counts
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{FrameShape, PixelType, SampleFormat};

    fn of(frames: &[Vec<f64>]) -> StackStatistics {
        let shape = FrameShape::gray(1, frames[0].len()).unwrap();
        let header = StackHeader::new(frames.len(), shape, SampleFormat::full(PixelType::F64)).unwrap();
        let mut statistics = StackStatistics::new(&header, &Limits::default()).unwrap();
        for frame in frames {
            statistics.add(&FrameBuf::F64(frame.clone())).unwrap();
        }
        statistics
    }

    #[test]
    fn a_place_without_a_finite_sample_has_no_mean() {
        let statistics = of(&[vec![f64::NAN, 1.0], vec![f64::INFINITY, 1.0]]);
        assert!(statistics.mean()[0].is_nan() && statistics.minimum()[0].is_nan());
        assert!(statistics.standard_deviation()[0].is_nan());
        assert_eq!(statistics.range(), Some((1.0, 1.0)));
        assert_eq!(statistics.not_finite(), 2);
        assert_eq!(of(&[vec![f64::NAN]]).range(), None);
    }

    #[test]
    fn large_means_do_not_swallow_small_deviations() {
        let statistics = of(&[vec![1e9 - 1.0], vec![1e9 + 1.0]]);
        assert_eq!(statistics.standard_deviation(), [1.0]);
    }

    #[test]
    fn frames_that_need_too_much_memory_are_refused() {
        let shape = FrameShape::gray(1 << 10, 1 << 10).unwrap();
        let header = StackHeader::new(1, shape, SampleFormat::full(PixelType::U8)).unwrap();
        let limits = Limits { memory_bytes: 1 << 20, ..Limits::default() };
        let error = StackStatistics::new(&header, &limits).unwrap_err().to_string();
        assert!(error.contains("--max-memory"), "{error}");
    }

    #[test]
    fn integers_have_a_bin_each() {
        let mut histogram = SampleHistogram::of_integers((3.0, 5.0), 256);
        histogram.add(&FrameBuf::U8(vec![3, 5, 5]));
        assert_eq!(histogram.counts(), [1, 0, 2]);
        assert_eq!(SampleHistogram::of_integers((0.0, 65_535.0), 256).counts().len(), 256);
    }

    proptest! {
        #[test]
        fn the_definition_gives_the_same(samples in prop::collection::vec(-1e3_f64..1e3, 1..40)) {
            let frames: Vec<Vec<f64>> = samples.iter().map(|sample| vec![*sample]).collect();
            let statistics = of(&frames);
            let n = samples.len() as f64;
            let mean = samples.iter().sum::<f64>() / n;
            let variance = samples.iter().map(|sample| (sample - mean).powi(2)).sum::<f64>() / n;
            prop_assert!((statistics.mean()[0] - mean).abs() < 1e-9);
            prop_assert!((statistics.standard_deviation()[0] - variance.sqrt()).abs() < 1e-6);
        }
    }
}
