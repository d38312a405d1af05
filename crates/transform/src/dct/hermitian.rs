//! The inverse Fourier transform of Hermitian coefficients, which is a real line.
//!
//! ```text
//! x(n) = sum over f of X(f) exp(2 pi i f n / N),   X(N - f) = conj X(f)
//! ```
//!
//! Coefficients lie as `X(0), Re X(1), Im X(1), Re X(2), ...`, at the end `X(N/2)` if N is even. With `N = p M`, each
//! step makes of one spectrum of `p M` coefficients p spectra of M, for the samples `j, j + p, j + 2p, ...`:
//!
//! ```text
//! Y_j(m) = exp(2 pi i j m / pM) * sum over q of X(m + q M) exp(2 pi i q j / p)
//! ```
//!
//! The order of steps (4, then 2 taken to the front, then odd primes) and of the sums is that of FFTPACK, so that every
//! bit is as programs have it that descend from it. Source: Swarztrauber, "Symmetric FFTs", Mathematics of Computation
//! 47 (1986).

use super::lanes::{Lanes, Pair, minus, plus, rotated, times, turned};
use super::roots::{Complex, Roots};

/// The constants of one length.
#[derive(Debug, Clone)]
pub(super) struct Hermitian {
    steps: Vec<Step>,
}

#[derive(Debug, Clone)]
struct Step {
    radix: usize,
    /// Spectra before this step.
    groups: usize,
    /// Coefficients of a spectrum after this step.
    inner: usize,
    /// `exp(2 pi i j m / (radix inner))` for j from 1 and m from 1.
    twiddles: Vec<Vec<Complex>>,
    /// `exp(2 pi i q / radix)` for odd radices.
    roots: Vec<Complex>,
}

impl Hermitian {
    pub(super) fn new(length: usize) -> Self {
        let all = Roots::new(length);
        let mut groups = 1;
        let steps = factors(length)
            .into_iter()
            .map(|radix| {
                let inner = length / groups / radix;
                let twiddles = (1..radix)
                    .map(|j| (1..=(inner - 1) / 2).map(|m| circle(&all, length, j * groups * m)).collect())
                    .collect();
                let roots = match radix {
                    2 | 4 => Vec::new(),
                    3 => vec![(1.0, 0.0), (-0.5, SINE_3), (-0.5, -SINE_3)],
                    5 => vec![
                        (1.0, 0.0),
                        (COSINE_5[0], SINE_5[0]),
                        (COSINE_5[1], SINE_5[1]),
                        (COSINE_5[1], -SINE_5[1]),
                        (COSINE_5[0], -SINE_5[0]),
                    ],
                    _ => (0..radix).map(|q| circle(&all, length, q * (length / radix))).collect(),
                };
                let step = Step { radix, groups, inner, twiddles, roots };
                groups *= radix;
                step
            })
            .collect();
        Self { steps }
    }

    /// Replaces coefficients by their line, of as many lines as there are lanes.
    pub(super) fn inverse<const L: usize>(&self, line: &mut [Lanes<L>], scratch: &mut [Lanes<L>]) {
        for step in &self.steps {
            step.apply(line, scratch);
            line.copy_from_slice(scratch);
        }
    }
}

const SINE_3: f64 = 0.866_025_403_784_438_6;
const COSINE_5: [f64; 2] = [0.309_016_994_374_947_45, -0.809_016_994_374_947_5];
const SINE_5: [f64; 2] = [0.951_056_516_295_153_5, 0.587_785_252_292_473_1];

/// Root `k` of unity, `k < n`.
fn circle(roots: &Roots, n: usize, k: usize) -> Complex {
    if 2 * k <= n {
        return roots.upper(k);
    }
    let (cosine, sine) = roots.upper(n - k);
    (cosine, -sine)
}

/// The lengths of the steps: fours, a two in front, odd primes.
fn factors(length: usize) -> Vec<usize> {
    let mut factors = Vec::new();
    let mut rest = length;
    while rest.is_multiple_of(4) {
        factors.push(4);
        rest /= 4;
    }
    if rest.is_multiple_of(2) {
        rest /= 2;
        factors.push(2);
        let last = factors.len() - 1;
        factors.swap(0, last);
    }
    let mut prime = 3;
    while prime * prime <= rest {
        while rest.is_multiple_of(prime) {
            factors.push(prime);
            rest /= prime;
        }
        prime += 2;
    }
    if rest > 1 {
        factors.push(rest);
    }
    factors
}

/// One spectrum, by frequency.
struct Spectrum<'a, const L: usize>(&'a [Lanes<L>]);

impl<const L: usize> Spectrum<'_, L> {
    fn at(&self, frequency: usize) -> Pair<L> {
        match frequency {
            0 => (self.0[0], Lanes::ZERO),
            _ if 2 * frequency == self.0.len() => (self.0[2 * frequency - 1], Lanes::ZERO),
            _ => (self.0[2 * frequency - 1], self.0[2 * frequency]),
        }
    }

    fn mirrored(&self, frequency: usize) -> Pair<L> {
        let (real, imaginary) = self.at(frequency);
        (real, imaginary * -1.0)
    }
}

impl Step {
    fn apply<const L: usize>(&self, from: &[Lanes<L>], to: &mut [Lanes<L>]) {
        let Self { radix, groups, inner, .. } = *self;
        let mut results = vec![(Lanes::ZERO, Lanes::ZERO); radix];
        for (group, spectrum) in from.chunks_exact(radix * inner).enumerate() {
            let spectrum = Spectrum(spectrum);
            let start = |j: usize| inner * (group + groups * j);
            for m in 0..=(inner - 1) / 2 {
                match radix {
                    2 => self.two(&spectrum, m, &mut results),
                    4 => self.four(&spectrum, m, &mut results),
                    _ => self.odd(&spectrum, m, &mut results),
                }
                if m == 0 {
                    results.iter().enumerate().for_each(|(j, result)| to[start(j)] = result.0);
                    continue;
                }
                for (j, &result) in results.iter().enumerate() {
                    let (real, imaginary) =
                        if j == 0 { result } else { rotated(result, self.twiddles[j - 1][m - 1]) };
                    to[start(j) + 2 * m - 1] = real;
                    to[start(j) + 2 * m] = imaginary;
                }
            }
            if inner.is_multiple_of(2) {
                self.middle(&spectrum, |j, real| to[start(j) + inner - 1] = real);
            }
        }
    }

    fn two<const L: usize>(&self, spectrum: &Spectrum<'_, L>, m: usize, results: &mut [Pair<L>]) {
        let (y0, y1) = (spectrum.at(m), spectrum.mirrored(self.inner - m));
        results[0] = plus(y0, y1);
        results[1] = minus(y0, y1);
    }

    fn four<const L: usize>(&self, spectrum: &Spectrum<'_, L>, m: usize, results: &mut [Pair<L>]) {
        let (y0, y1) = (spectrum.at(m), spectrum.at(self.inner + m));
        let (y2, y3) = (spectrum.mirrored(2 * self.inner - m), spectrum.mirrored(self.inner - m));
        let (even, other) = (plus(y0, y2), minus(y0, y2));
        let (sum, difference) = (plus(y1, y3), minus(y1, y3));
        results[0] = plus(even, sum);
        results[2] = minus(even, sum);
        (results[1], results[3]) = turned(other, difference);
    }

    /// Sums of mirrored pairs have the cosines as factors, differences the sines.
    fn odd<const L: usize>(&self, spectrum: &Spectrum<'_, L>, m: usize, results: &mut [Pair<L>]) {
        let pairs = self.radix / 2;
        let pair = |q: usize| (spectrum.at(q * self.inner + m), spectrum.mirrored(q * self.inner - m));
        let sums: Vec<Pair<L>> = (1..=pairs).map(pair).map(|(a, b)| plus(a, b)).collect();
        let differences: Vec<Pair<L>> = (1..=pairs).map(pair).map(|(a, b)| minus(a, b)).collect();
        let first = spectrum.at(m);
        results[0] = sums.iter().fold(first, |sum, &next| plus(sum, next));
        for l in 1..=pairs {
            let factor = |q: usize| self.roots[q * l % self.radix];
            let mut cosines = plus(first, times(sums[0], factor(1).0));
            let mut sines = times(differences[0], factor(1).1);
            if pairs > 1 {
                cosines = plus(cosines, times(sums[1], factor(2).0));
                sines = plus(sines, times(differences[1], factor(2).1));
            }
            // Then four, two or one at a time: the order of the sums is part of the result.
            let mut q = 3;
            while q <= pairs {
                let count = match pairs + 1 - q {
                    4.. => 4,
                    2..4 => 2,
                    _ => 1,
                };
                let sum = |terms: &[Pair<L>], factor: &dyn Fn(usize) -> f64| {
                    (q + 1..q + count).fold(times(terms[q - 1], factor(q)), |sum, q| {
                        plus(sum, times(terms[q - 1], factor(q)))
                    })
                };
                cosines = plus(cosines, sum(&sums, &|q| factor(q).0));
                sines = plus(sines, sum(&differences, &|q| factor(q).1));
                q += count;
            }
            (results[l], results[self.radix - l]) = turned(cosines, sines);
        }
    }

    /// The coefficient at half the frequencies of an even spectrum, which is real.
    fn middle<const L: usize>(&self, spectrum: &Spectrum<'_, L>, mut put: impl FnMut(usize, Lanes<L>)) {
        let half = self.inner / 2;
        let (real, imaginary) = spectrum.at(half);
        if self.radix == 2 {
            put(0, real * 2.0);
            put(1, imaginary * -2.0);
            return;
        }
        let next = spectrum.at(self.inner + half);
        let (sum, difference) = (real + next.0, real - next.0);
        let imaginary_sum = next.1 + imaginary;
        put(0, sum + sum);
        put(1, (difference - imaginary_sum) * std::f64::consts::SQRT_2);
        put(2, (next.1 - imaginary) * 2.0);
        put(3, (difference + imaginary_sum) * -std::f64::consts::SQRT_2);
    }
}
