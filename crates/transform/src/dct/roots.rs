//! Roots of unity, `exp(2 pi i k / n)`, from sines and cosines that are the nearest doubles.
//!
//! System libraries round them so for all but one argument of several hundred, other portable ones for all but one of
//! thirty: transforms that shall have the bits of another program need the nearest. They are sums of Taylor's series of
//! numbers in two doubles; there are few of them.

use std::f64::consts::PI;

/// What the double nearest to pi leaves out of it.
const PI_REST: f64 = 1.224_646_799_147_353_2e-16;

/// A complex number: real and imaginary part.
pub(super) type Complex = (f64, f64);

/// The product of two complex numbers.
fn product(a: Complex, b: Complex) -> Complex {
    (a.0 * b.0 - a.1 * b.1, a.0 * b.1 + a.1 * b.0)
}

/// All roots for one `n` as products of two of few, so that cosines are asked for about `2 sqrt(n)` times.
#[derive(Debug, Clone)]
pub(super) struct Roots {
    shift: u32,
    /// Roots 0, 1, 2, ... below 2^shift.
    fine: Vec<Complex>,
    /// Roots 0, 2^shift, 2 * 2^shift, ... to n / 2.
    coarse: Vec<Complex>,
}

impl Roots {
    pub(super) fn new(n: usize) -> Self {
        let count = (n + 2) / 2;
        let mut shift = 1;
        while 1 << (2 * shift) < count {
            shift += 1;
        }
        let fine = (0..1 << shift).map(|k| root(k, n)).collect();
        let coarse = (0..count.div_ceil(1 << shift)).map(|k| root(k << shift, n)).collect();
        Self { shift, fine, coarse }
    }

    /// Root `k` of those in the upper half of the circle, `k <= n / 2`.
    pub(super) fn upper(&self, k: usize) -> Complex {
        product(self.fine[k & (self.fine.len() - 1)], self.coarse[k >> self.shift])
    }
}

/// One root, folded into the first eighth of the circle, where sine and cosine are most exact.
fn root(k: usize, n: usize) -> Complex {
    let step = quarter_of_pi_over(n);
    let mut x = 8 * k % (8 * n);
    let lower = x >= 4 * n;
    if lower {
        x = 8 * n - x;
    }
    let left = x >= 2 * n;
    if left {
        x -= 2 * n;
    }
    let (cosine, sine) = if x < n {
        cosine_and_sine(x as f64 * step)
    } else {
        let (cosine, sine) = cosine_and_sine((2 * n - x) as f64 * step);
        (sine, cosine)
    };
    let (cosine, sine) = if left { (-sine, cosine) } else { (cosine, sine) };
    (cosine, if lower { -sine } else { sine })
}

/// `pi / 4n`, with more digits of pi than a double has.
fn quarter_of_pi_over(n: usize) -> f64 {
    let divisor = 4.0 * n as f64;
    let quotient = PI / divisor;
    let rest = libm::fma(-quotient, divisor, PI) + PI_REST;
    quotient + rest / divisor
}

/// Cosine and sine of an angle from 0 to pi/4.
fn cosine_and_sine(angle: f64) -> Complex {
    let squared = wide_product((angle, 0.0), (angle, 0.0));
    // Terms fall below 2^-110 before the 13th.
    let series = |first: Wide, mut n: f64| {
        let (mut term, mut sum) = (first, first);
        for _ in 0..13 {
            term = wide_quotient(wide_product(term, squared), -(n + 1.0) * (n + 2.0));
            sum = wide_sum(sum, term);
            n += 2.0;
        }
        sum.0
    };
    (series((1.0, 0.0), 0.0), series((angle, 0.0), 1.0))
}

/// A number as the nearest double, and what that leaves out.
type Wide = (f64, f64);

fn wide(large: f64, small: f64) -> Wide {
    let sum = large + small;
    (sum, small - (sum - large))
}

fn wide_sum(a: Wide, b: Wide) -> Wide {
    // The first is the larger.
    let (sum, rest) = wide(a.0, b.0);
    wide(sum, rest + a.1 + b.1)
}

fn wide_product(a: Wide, b: Wide) -> Wide {
    let product = a.0 * b.0;
    wide(product, libm::fma(a.0, b.0, -product) + (a.0 * b.1 + a.1 * b.0))
}

fn wide_quotient(a: Wide, divisor: f64) -> Wide {
    let quotient = a.0 / divisor;
    wide(quotient, (libm::fma(-quotient, divisor, a.0) + a.1) / divisor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sines_are_the_nearest_doubles() {
        for (angle, cosine, sine) in [
            (0.7, 0.764_842_187_284_488_5, 0.644_217_687_237_691),
            (0.1, 0.995_004_165_278_025_8, 0.099_833_416_646_828_15),
            (0.0, 1.0, 0.0),
        ] {
            assert_eq!(cosine_and_sine(angle), (cosine, sine));
        }
        for (n, k) in [(8, 1), (12, 5), (48, 17), (1000, 999)] {
            let (cosine, sine) = root(k, n);
            let angle = 2.0 * PI * k as f64 / n as f64;
            assert!((cosine - libm::cos(angle)).abs() < 1e-15 && (sine - libm::sin(angle)).abs() < 1e-15);
        }
    }
}
