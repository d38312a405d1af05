//! Information: how many bits the values of a histogram or of a distribution need, whatever the coder.
//!
//! | quantity | formula, with logarithms to base 2 |
//! |---|---|
//! | self-information | `i(a) = -log p(a)` |
//! | entropy | `H(X) = -sum p(a) log p(a)` |
//! | joint entropy | `H(X, Y) = -sum p(a, b) log p(a, b)` |
//! | conditional entropy | `H(X given Y) = H(X, Y) - H(Y)` |
//! | mutual information | `I(X; Y) = H(X) + H(Y) - H(X, Y)` |
//! | cross entropy | `H(p, q) = -sum p(a) log q(a)` |
//! | Kullback-Leibler divergence | `D(p, q) = sum p(a) log (p(a) / q(a))` |
//!
//! Entropy is what the best code for `p` costs for each value; cross entropy what a code made for `q` costs; the
//! divergence is the difference, and never negative.
//!
//! Source: C. E. Shannon, *A Mathematical Theory of Communication*, Bell System Technical Journal 27, 1948; S. Kullback,
//! R. A. Leibler, *On Information and Sufficiency*, Annals of Mathematical Statistics 22, 1951.
//!
//! **Bits and nats.** The unit is a matter of the logarithm: base 2 gives bits, base e gives nats, and a nat is
//! `1 / ln 2 = 1.4427` bits. Some lecture notes compute with the natural logarithm and print the figure as bits; whoever
//! compares a coder with it then finds a coder that needs 44 % more than "the entropy". Two of their examples:
//!
//! ```
//! use stack_entropy::information::{entropy, entropy_nats};
//!
//! let six = [0.4, 0.3, 0.1, 0.1, 0.06, 0.04];
//! assert_eq!(format!("{:.4} bits, {:.4} nats", entropy(&six)?, entropy_nats(&six)?), "2.1435 bits, 1.4858 nats");
//! let four = [0.25, 0.47, 0.25, 0.03];
//! assert_eq!(format!("{:.4} bits, {:.4} nats", entropy(&four)?, entropy_nats(&four)?), "1.6637 bits, 1.1532 nats");
//! # Ok::<(), stack_entropy::Error>(())
//! ```
//!
//! **Worst case**: one logarithm for each kind of value. Floating point is used for measuring only: no coder of this
//! crate calls this module.
//!
//! **Exercise**: for which joint histogram is `H(X given Y)` zero though `X` and `Y` are never equal?

use crate::Error;
use crate::histogram::Histogram;

/// How far the sum of probabilities may lie from 1.
const SUM_TOLERANCE: f64 = 1e-9;

/// Bits that an event of probability `p` tells when it happens; infinite for 0.
///
/// # Errors
///
/// [`Error::Probability`] outside 0 to 1.
pub fn self_information(p: f64) -> Result<f64, Error> {
    // Adding zero turns the -0.0 of a sure event into 0.0.
    probability("a probability", p).map(|p| -p.log2() + 0.0)
}

/// Entropy in bits for each value.
///
/// # Errors
///
/// [`Error::Probability`] where a value is not from 0 to 1 or the sum is not 1 (to within 1e-9).
pub fn entropy(p: &[f64]) -> Result<f64, Error> {
    distribution(p)?;
    Ok(p.iter().map(|&p| times_log(p, 1.0 / p)).sum())
}

/// Entropy in nats for each value: [`entropy`] with the natural logarithm.
///
/// # Errors
///
/// As [`entropy`].
pub fn entropy_nats(p: &[f64]) -> Result<f64, Error> {
    Ok(entropy(p)? * std::f64::consts::LN_2)
}

/// Entropy in bits for each value, where value number `k` occurs `counts[k]` times; 0 for no values.
///
/// Times the number of values, it is what a coder without memory must spend.
pub fn entropy_of_counts(counts: impl IntoIterator<Item = u64>) -> f64 {
    // n H = n log n - sum n(a) log n(a)
    let (mut total, mut sum) = (0_u64, 0.0);
    for count in counts {
        total += count;
        sum += times_log(count as f64, count as f64);
    }
    if total == 0 { 0.0 } else { ((total as f64).log2() - sum / total as f64).max(0.0) }
}

/// Entropy of a pair, in bits for each pair.
pub fn joint_entropy<A: Ord + Copy, B: Ord + Copy>(pairs: &Histogram<(A, B)>) -> f64 {
    entropy_of_counts(pairs.counts())
}

/// Entropy of the first value of a pair when the second is known, in bits for each pair.
pub fn conditional_entropy<A: Ord + Copy, B: Ord + Copy>(pairs: &Histogram<(A, B)>) -> f64 {
    (joint_entropy(pairs) - entropy_of_counts(pairs.second().counts())).max(0.0)
}

/// The conditional entropy by the definition: the mean of the entropies under each condition.
pub fn conditional_entropy_by_definition<A: Ord + Copy, B: Ord + Copy>(pairs: &Histogram<(A, B)>) -> f64 {
    let conditions = pairs.second();
    conditions
        .iter()
        .map(|(condition, _)| {
            conditions.probability(&condition) * entropy_of_counts(pairs.given(&condition).counts())
        })
        .sum()
}

/// What each value of a pair tells of the other, in bits for each pair.
pub fn mutual_information<A: Ord + Copy, B: Ord + Copy>(pairs: &Histogram<(A, B)>) -> f64 {
    (entropy_of_counts(pairs.first().counts()) - conditional_entropy(pairs)).max(0.0)
}

/// Bits for each value of `p` with the best code for `q`; infinite where `q` is 0 and `p` is not.
///
/// # Errors
///
/// As [`entropy`], and [`Error::Lengths`] where the two differ in length.
pub fn cross_entropy(p: &[f64], q: &[f64]) -> Result<f64, Error> {
    same_length(p, q)?;
    Ok(p.iter().zip(q).map(|(&p, &q)| times_log(p, 1.0 / q)).sum())
}

/// Kullback-Leibler divergence of `q` from `p` in bits for each value; infinite where `q` is 0 and `p` is not.
///
/// # Errors
///
/// As [`cross_entropy`].
pub fn kullback_leibler(p: &[f64], q: &[f64]) -> Result<f64, Error> {
    same_length(p, q)?;
    Ok(p.iter().zip(q).map(|(&p, &q)| times_log(p, p / q)).sum())
}

/// `p log2(x)`, which is 0 for `p = 0` whatever `x` is.
pub(crate) fn times_log(p: f64, x: f64) -> f64 {
    if p == 0.0 { 0.0 } else { p * x.log2() }
}

/// Checks one probability.
pub(crate) fn probability(what: &'static str, p: f64) -> Result<f64, Error> {
    if (0.0..=1.0).contains(&p) {
        Ok(p)
    } else {
        Err(Error::Probability { what, value: p.to_string(), wanted: "it must be from 0 to 1" })
    }
}

fn distribution(p: &[f64]) -> Result<(), Error> {
    p.iter().try_for_each(|&p| probability("a probability", p).map(drop))?;
    let sum: f64 = p.iter().sum();
    if (sum - 1.0).abs() <= SUM_TOLERANCE {
        return Ok(());
    }
    Err(Error::Probability {
        what: "the sum of probabilities",
        value: sum.to_string(),
        wanted: "it must be 1",
    })
}

fn same_length(p: &[f64], q: &[f64]) -> Result<(), Error> {
    distribution(p)?;
    distribution(q)?;
    if p.len() == q.len() {
        return Ok(());
    }
    Err(Error::Lengths { what: "distributions", first: p.len(), second: q.len() })
}
