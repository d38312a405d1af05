//! A smooth texture of several scales that drifts by fractions of a pixel and changes slowly: like a wind field, or
//! particle images of a flow.
//!
//! The texture is a sum of octaves. Octave o is a random lattice h in time, rows and columns, uniform in -1 to 1,
//! smoothed by the cubic B-spline B:
//!
//! ```text
//! V_o(t, y, x) = sum over lattice points of  h_o(n, i, j) B(t / life - n) B((y + dy t) / s_o - i) B((x + dx t) / s_o - j)
//! v(t, y, x)   = clamp(2 sum_o w_o V_o, -1, 1)       s_o = scale / 2^o,  w_o in proportion to 2^-o, sum 1
//! ```
//!
//! with octaves as long as `s_o` is at least 4 pixels, at least one and at most eight. Of several channels, each is
//! 0.8 times a texture that all share plus 0.2 times one of its own, as colours of a picture go together.
//!
//! The value of a sample is v for floats, the nearest to low + (high - low) (v + 1) / 2 for integers, with low and
//! high the ends of the sample type; Gaussian noise is added before rounding, and integers are clamped.
//!
//! A lattice point is a hash of its coordinates (SplitMix64), so any frame can be made alone. Only additions,
//! multiplications and divisions of doubles take part: the result is the same on every machine.
//!
//! Sources: value noise goes back to K. Perlin, "An Image Synthesizer", SIGGRAPH 1985; cubic B-splines as in
//! M. Unser, "Splines: A Perfect Fit for Signal and Image Processing", IEEE Signal Processing Magazine 16 (1999).

use super::noise::clamped;
use super::random::{Stream, fraction, mix};
use super::sample::{FromNumber, range};
use crate::{FrameBuf, FrameShape, SampleFormat, with_samples};

/// Smallest spacing of a lattice, in pixels, and the largest number of octaves.
const FINEST: f64 = 4.0;
const MOST_OCTAVES: usize = 8;

/// The parameters of a drifting texture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Texture {
    /// Size of the largest features: the lattice spacing of the first octave, in pixels.
    pub scale: f64,
    /// Rows and columns that the texture moves up and left by from one frame to the next, in pixels.
    pub drift: (f64, f64),
    /// Frames from one lattice point in time to the next; 0 is a texture that moves but never changes.
    pub life: f64,
    /// Standard deviation of the noise that is added, in units of the samples.
    pub sigma: f64,
}

/// Fills frame `index`.
pub(super) fn fill(
    texture: &Texture,
    seed: u64,
    index: usize,
    shape: FrameShape,
    format: SampleFormat,
    into: &mut FrameBuf,
) {
    let shared = Field::new(texture, seed, 0, index, shape);
    let own: Vec<Field> = match shape.channels() {
        1 => Vec::new(),
        channels => (1..=channels).map(|n| Field::new(texture, seed, n, index, shape)).collect(),
    };
    let mut stream = Stream::new(seed, index);
    with_samples!(into, samples => {
        fill_rows(&shared, &own, shape, samples, |value| {
            let noise = if texture.sigma > 0.0 { texture.sigma * stream.normal() } else { 0.0 };
            sample(value, noise, format)
        });
    });
}

/// The sample for the texture's `value`, -1 to 1, with `noise` added.
fn sample<T: FromNumber>(value: f64, noise: f64, format: SampleFormat) -> T {
    let value = (2.0 * value).clamp(-1.0, 1.0);
    let (low, high) = if T::PIXEL.is_float() { (-1.0, 1.0) } else { range(format) };
    clamped(low + (high - low) * (value + 1.0) / 2.0 + noise, format)
}

fn fill_rows<T>(
    shared: &Field,
    own: &[Field],
    shape: FrameShape,
    samples: &mut [T],
    mut sample: impl FnMut(f64) -> T,
) {
    let (width, channels) = (shape.width(), shape.channels());
    let mut common = vec![0.0; width];
    let mut single = vec![0.0; width];
    let mut mixed = vec![0.0; width * channels];
    for (y, row) in samples.chunks_exact_mut(width * channels).enumerate() {
        shared.row(y, &mut common);
        if own.is_empty() {
            mixed.copy_from_slice(&common);
        }
        for (channel, field) in own.iter().enumerate() {
            field.row(y, &mut single);
            for ((mixed, common), single) in mixed.chunks_exact_mut(channels).zip(&common).zip(&single) {
                mixed[channel] = 0.8 * common + 0.2 * single;
            }
        }
        for (place, value) in row.iter_mut().zip(&mixed) {
            *place = sample(*value);
        }
    }
}

/// The octaves of one frame of one texture.
struct Field {
    octaves: Vec<Octave>,
}

impl Field {
    fn new(texture: &Texture, seed: u64, channel: usize, index: usize, shape: FrameShape) -> Self {
        let spacings: Vec<f64> = (0..MOST_OCTAVES)
            .map(|octave| texture.scale / (1_u32 << octave) as f64)
            .enumerate()
            .take_while(|&(octave, spacing)| octave == 0 || spacing >= FINEST)
            .map(|(_, spacing)| spacing)
            .collect();
        let total: f64 = (0..spacings.len()).map(|octave| 1.0 / (1_u32 << octave) as f64).sum();
        let octaves = spacings
            .iter()
            .enumerate()
            .map(|(octave, &spacing)| {
                let seed = mix(mix(mix(seed).wrapping_add(channel as u64)).wrapping_add(octave as u64));
                let weight = 1.0 / ((1_u32 << octave) as f64 * total);
                Octave::new(texture, seed, weight, spacing, index, shape)
            })
            .collect();
        Self { octaves }
    }

    /// The values of row `y`, not yet doubled and clamped.
    fn row(&self, y: usize, into: &mut [f64]) {
        into.fill(0.0);
        for octave in &self.octaves {
            octave.add_row(y, into);
        }
    }
}

/// One octave of one frame: its lattice after smoothing in time, and where the pixels lie in it.
struct Octave {
    weight: f64,
    /// Row by row, `columns` to a row.
    lattice: Vec<f64>,
    columns: usize,
    down: Vec<Tap>,
    across: Vec<Tap>,
}

/// Four neighbouring lattice points and their weights.
#[derive(Clone, Copy)]
struct Tap {
    first: usize,
    weights: [f64; 4],
}

impl Octave {
    fn new(texture: &Texture, seed: u64, weight: f64, spacing: f64, index: usize, shape: FrameShape) -> Self {
        let (top, down) = taps(shape.height(), texture.drift.0 * index as f64, spacing);
        let (left, across) = taps(shape.width(), texture.drift.1 * index as f64, spacing);
        let (rows, columns) = (lattice_points(&down), lattice_points(&across));
        let time = if texture.life > 0.0 { index as f64 / texture.life } else { 0.0 };
        let (first_knot, knots) = knots(time);
        let mut lattice = vec![0.0; rows * columns];
        for (knot, knot_weight) in knots.into_iter().enumerate() {
            let in_time = mix(seed.wrapping_add(first_knot.wrapping_add(knot as i64) as u64));
            for (row, values) in lattice.chunks_exact_mut(columns).enumerate() {
                let in_row = mix(in_time.wrapping_add(top.wrapping_add(row as i64) as u64));
                for (column, value) in values.iter_mut().enumerate() {
                    let point = mix(in_row.wrapping_add(left.wrapping_add(column as i64) as u64));
                    *value += knot_weight * (2.0 * fraction(point) - 1.0);
                }
            }
        }
        Self { weight, lattice, columns, down, across }
    }

    fn add_row(&self, y: usize, into: &mut [f64]) {
        let Tap { first, weights } = self.down[y];
        let line = |n: usize| &self.lattice[(first + n) * self.columns..][..self.columns];
        let [a, b, c, d] = [line(0), line(1), line(2), line(3)];
        let smooth: Vec<f64> = (0..self.columns)
            .map(|n| {
                self.weight * (weights[0] * a[n] + weights[1] * b[n] + weights[2] * c[n] + weights[3] * d[n])
            })
            .collect();
        for (value, Tap { first, weights }) in into.iter_mut().zip(&self.across) {
            let near = &smooth[*first..*first + 4];
            *value +=
                weights[0] * near[0] + weights[1] * near[1] + weights[2] * near[2] + weights[3] * near[3];
        }
    }
}

/// The first lattice point that `count` pixels need, and the taps of each pixel, counted from it.
fn taps(count: usize, shift: f64, spacing: f64) -> (i64, Vec<Tap>) {
    let (origin, _) = knots(shift / spacing);
    let taps = (0..count)
        .map(|pixel| {
            let (first, weights) = knots((pixel as f64 + shift) / spacing);
            Tap { first: (first - origin) as usize, weights }
        })
        .collect();
    (origin, taps)
}

fn lattice_points(taps: &[Tap]) -> usize {
    taps.last().map_or(0, |tap| tap.first + 4)
}

/// The first of the four lattice points around `position`, and their weights by the cubic B-spline.
fn knots(position: f64) -> (i64, [f64; 4]) {
    let floor = libm::floor(position);
    let f = position - floor;
    let g = 1.0 - f;
    let weights = [
        g * g * g / 6.0,
        (3.0 * f * f * f - 6.0 * f * f + 4.0) / 6.0,
        (3.0 * g * g * g - 6.0 * g * g + 4.0) / 6.0,
        f * f * f / 6.0,
    ];
    (floor as i64 - 1, weights)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The cubic B-spline by its definition, from -2 to 2.
    fn spline(x: f64) -> f64 {
        let x = x.abs();
        if x < 1.0 {
            2.0 / 3.0 - x * x + x * x * x / 2.0
        } else if x < 2.0 {
            (2.0 - x) * (2.0 - x) * (2.0 - x) / 6.0
        } else {
            0.0
        }
    }

    /// One octave at one pixel by its definition: a sum over lattice points in three dimensions.
    fn value_by_definition(seed: u64, time: f64, y: f64, x: f64) -> f64 {
        let around = |position: f64| {
            let floor = libm::floor(position) as i64;
            (floor - 3..=floor + 3).map(move |n| (n, spline(position - n as f64)))
        };
        let mut sum = 0.0;
        for (n, in_time) in around(time) {
            for (i, down) in around(y) {
                for (j, across) in around(x) {
                    let knot = mix(seed.wrapping_add(n as u64));
                    let point = mix(mix(knot.wrapping_add(i as u64)).wrapping_add(j as u64));
                    sum += in_time * down * across * (2.0 * fraction(point) - 1.0);
                }
            }
        }
        sum
    }

    #[test]
    fn octaves_are_as_defined() {
        let texture = Texture { scale: 5.0, drift: (-0.35, 1.9), life: 7.0, sigma: 0.0 };
        let shape = FrameShape::gray(9, 13).unwrap();
        for index in [0, 3, 40] {
            let octave = Octave::new(&texture, 99, 0.5, texture.scale, index, shape);
            for y in 0..9 {
                let mut row = vec![1.0; 13];
                octave.add_row(y, &mut row);
                for (x, value) in row.into_iter().enumerate() {
                    let t = index as f64;
                    let (down, across) = (y as f64 - 0.35 * t, x as f64 + 1.9 * t);
                    let expected = value_by_definition(99, t / 7.0, down / 5.0, across / 5.0);
                    assert!((value - 1.0 - 0.5 * expected).abs() < 1e-12, "frame {index}, {y}, {x}");
                }
            }
        }
    }
}
