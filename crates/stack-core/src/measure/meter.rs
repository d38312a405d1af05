//! Frames in, measures of the whole stack out.

use std::collections::BTreeMap;

use super::errors::Errors;
use super::frame::FrameErrors;
use super::sum::CompensatedSum;
use crate::{Error, FrameBuf, Result, SampleFormat, StackHeader};

/// Measures the errors of a decoded stack in one pass.
///
/// Memory: 8 bytes a frame for [`Errors::frame_max`], and the sums of the frames that came before their turn.
///
/// Frames may come in order ([`ErrorMeter::compare`]), in any order ([`ErrorMeter::compare_frames`]), or measured
/// on other threads ([`FrameErrors::between`], then [`ErrorMeter::add`]): sums are added in frame order in all
/// cases, so the result has the same bits.
///
/// ```
/// use stack_core::{ErrorMeter, FrameBuf, FrameShape, PixelType, SampleFormat, StackHeader};
/// let header = StackHeader::new(2, FrameShape::gray(1, 2)?, SampleFormat::full(PixelType::F32))?;
/// let mut meter = ErrorMeter::new(&header);
/// let frame = FrameBuf::F32(vec![0.5, f32::NAN]);
/// meter.compare_frames(1, &frame, &FrameBuf::F32(vec![0.25, f32::NAN]))?;
/// meter.compare_frames(0, &frame, &frame)?;
/// let errors = meter.finish();
/// assert_eq!((errors.max_abs, errors.worst_frame), (0.25, Some(1)));
/// assert_eq!(errors.frame_max, [0.0, 0.25]);
/// # Ok::<(), stack_core::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct ErrorMeter {
    header: StackHeader,
    /// Frames before this one are in the sums.
    next: usize,
    /// Frames that came before their turn.
    waiting: BTreeMap<usize, FrameErrors>,
    frames: u64,
    total: FrameErrors,
    sum_abs: CompensatedSum,
    sum_squares: CompensatedSum,
    frame_max: Vec<f64>,
}

impl ErrorMeter {
    /// A meter for the frames of `header`, which is the header of the original.
    pub fn new(header: &StackHeader) -> Self {
        Self {
            header: header.clone(),
            next: 0,
            waiting: BTreeMap::new(),
            frames: 0,
            total: FrameErrors::default(),
            sum_abs: CompensatedSum::default(),
            sum_squares: CompensatedSum::default(),
            frame_max: Vec::new(),
        }
    }

    /// Compares the next frame: the one after the last that was compared without a gap.
    ///
    /// # Errors
    /// As [`ErrorMeter::compare_frames`].
    pub fn compare(&mut self, original: &FrameBuf, decoded: &FrameBuf) -> Result<()> {
        self.compare_frames(self.next, original, decoded)
    }

    /// Compares frame `index`, in any order.
    ///
    /// # Errors
    /// [`Error::Parameter`] if a frame does not fit the header, is past its end, or was compared before.
    pub fn compare_frames(&mut self, index: usize, original: &FrameBuf, decoded: &FrameBuf) -> Result<()> {
        if original.pixel() != self.header.format.pixel() {
            return Err(Error::parameter(
                format!("frame {index}"),
                format!("samples of {}, but the stack has {}", original.pixel(), self.header.format.pixel()),
                "compare frames of the stack that the meter was made for",
            ));
        }
        self.add(index, FrameErrors::between(original, decoded)?)
    }

    /// Takes the sums of frame `index`, in any order.
    ///
    /// # Errors
    /// [`Error::Parameter`] if the number of samples does not fit the header, the frame is past its end, or it was
    /// added before.
    pub fn add(&mut self, index: usize, frame: FrameErrors) -> Result<()> {
        crate::check_frame_index(&self.header, index)?;
        if frame.samples != self.header.shape.samples() as u64 {
            return Err(Error::parameter(
                format!("frame {index}"),
                format!("{} samples, but a frame has {}", frame.samples, self.header.shape.samples()),
                "compare frames of the stack that the meter was made for",
            ));
        }
        if index < self.next || self.waiting.contains_key(&index) {
            return Err(Error::parameter(
                format!("frame {index}"),
                "it was compared before",
                "compare each frame once",
            ));
        }
        self.waiting.insert(index, frame);
        while let Some(frame) = self.waiting.remove(&self.next) {
            self.add_in_order(&frame);
            self.next += 1;
        }
        Ok(())
    }

    fn add_in_order(&mut self, frame: &FrameErrors) {
        let total = &mut self.total;
        total.samples += frame.samples;
        total.differing += frame.differing;
        total.nonfinite_mismatches += frame.nonfinite_mismatches;
        total.finite_pairs += frame.finite_pairs;
        total.max_abs = total.max_abs.max(frame.max_abs);
        total.minimum = total.minimum.min(frame.minimum);
        total.maximum = total.maximum.max(frame.maximum);
        self.sum_abs.add(frame.sum_abs);
        self.sum_squares.add(frame.sum_squares);
        self.frame_max.push(frame.max_abs);
        self.frames += 1;
    }

    /// The measures of all frames that were compared; frames of the header that were not count as
    /// [missing](Errors::missing_frames).
    pub fn finish(mut self) -> Errors {
        for (index, frame) in std::mem::take(&mut self.waiting) {
            self.frame_max.resize(index, f64::INFINITY);
            self.add_in_order(&frame);
        }
        self.frame_max.resize(self.header.frames, f64::INFINITY);
        let missing_frames = self.header.frames as u64 - self.frames;
        let Self { header, frames, total, sum_abs, sum_squares, frame_max, .. } = self;
        let max_abs = if missing_frames > 0 { f64::INFINITY } else { total.max_abs };
        let mean = |sum: f64| if total.finite_pairs > 0 { sum / total.finite_pairs as f64 } else { 0.0 };
        let (sum_abs, mse) = (sum_abs.value(), mean(sum_squares.value()));
        let rmse = mse.sqrt();
        let (psnr_peak, psnr_peak_name) = peak(header.format, (total.maximum - total.minimum).max(0.0));
        Errors {
            frames,
            missing_frames,
            samples: total.samples,
            differing: total.differing,
            nonfinite_mismatches: total.nonfinite_mismatches,
            finite_pairs: total.finite_pairs,
            max_abs,
            mean_abs: mean(sum_abs),
            mse,
            rmse,
            psnr: (sum_abs > 0.0).then(|| psnr(psnr_peak, rmse)),
            psnr_peak,
            psnr_peak_name,
            relative_max: relative(max_abs, total.minimum, total.maximum),
            minimum: total.minimum,
            maximum: total.maximum,
            worst_frame: worst(&frame_max),
            frame_max,
        }
    }
}

/// The peak of the PSNR, by value and by name.
fn peak(format: SampleFormat, range: f64) -> (f64, String) {
    let (pixel, bits) = (format.pixel(), format.significant_bits());
    match pixel.integer_span() {
        None => (range, "range of the originals".into()),
        Some(span) if bits == pixel.bits() => (span, format!("span of {pixel}")),
        Some(_) => (((1_u64 << bits) - 1) as f64, format!("2^{bits} - 1")),
    }
}

/// 20 log10(peak / rmse); minus infinity without a peak, and where the squares left the range of a double.
fn psnr(peak: f64, rmse: f64) -> f64 {
    if peak == 0.0 || rmse.is_infinite() { f64::NEG_INFINITY } else { 20.0 * libm::log10(peak / rmse) }
}

/// `max_abs` in units of the range, where no error is none whatever the range.
fn relative(max_abs: f64, minimum: f64, maximum: f64) -> f64 {
    let range = maximum - minimum;
    if max_abs == 0.0 {
        0.0
    } else if max_abs.is_infinite() || range <= 0.0 {
        f64::INFINITY
    } else if range.is_finite() {
        max_abs / range
    } else {
        // The ends of the doubles are too far apart for a double.
        (max_abs / 2.0) / (maximum / 2.0 - minimum / 2.0)
    }
}

/// The first frame with the largest error above zero.
fn worst(frame_max: &[f64]) -> Option<u64> {
    let mut worst = None;
    let mut largest = 0.0;
    for (index, &max) in frame_max.iter().enumerate() {
        if max > largest {
            (worst, largest) = (Some(index as u64), max);
        }
    }
    worst
}
