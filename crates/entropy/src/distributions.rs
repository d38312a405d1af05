//! Distributions with a formula: [`Bernoulli`], one decision, and [`Geometric`], the number of failures before the first
//! success.
//!
//! They differ from the measured distributions of [`crate::information`] in that a single parameter says everything: the
//! binary coder codes the first, Golomb's code is made for the second.
//!
//! | distribution | probability | entropy in bits | divergence of `q` from `p` in bits |
//! |---|---|---|---|
//! | Bernoulli | `P(1) = p` | `h(p) = -p log p - (1-p) log (1-p)` | `d(p, q) = p log (p/q) + (1-p) log ((1-p)/(1-q))` |
//! | geometric | `P(k) = (1-p)^k p` | `h(p) / p` | `d(p, q) / p` |
//!
//! The geometric lines follow from the Bernoulli ones: a geometric value is a run of decisions, `1/p` of them on average.
//!
//! Source: T. M. Cover, J. A. Thomas, *Elements of Information Theory*, 2nd edition, 2006, chapters 2 and 5.
//!
//! ```
//! use stack_entropy::distributions::{Bernoulli, Geometric};
//!
//! assert_eq!(format!("{:.4}", Bernoulli::new(0.1)?.entropy()), "0.4690");
//! let (rare, fair) = (Geometric::new(0.1)?, Geometric::new(0.5)?);
//! assert_eq!((format!("{:.4}", rare.entropy()), fair.entropy()), ("4.6900".into(), 2.0));
//! assert_eq!(format!("{:.4}", rare.kullback_leibler(&fair)), "5.3100");
//! # Ok::<(), stack_entropy::Error>(())
//! ```
//!
//! **Worst case**: a few logarithms.
//!
//! **Exercise**: unary code spends `k + 1` bits on `k`. For which `p` is the geometric entropy just that, on average?

use crate::Error;
use crate::information::{probability, times_log};

/// One decision, 1 with probability `p`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bernoulli {
    p: f64,
}

impl Bernoulli {
    /// The distribution with `P(1) = p`.
    ///
    /// # Errors
    ///
    /// [`Error::Probability`] outside 0 to 1.
    pub fn new(p: f64) -> Result<Self, Error> {
        Ok(Self { p: probability("the probability of a one", p)? })
    }

    /// The probability of a one.
    pub fn p(&self) -> f64 {
        self.p
    }

    /// Entropy in bits: 0 for `p` of 0 and 1, at most 1, for one half.
    pub fn entropy(&self) -> f64 {
        let (p, rest) = (self.p, 1.0 - self.p);
        times_log(p, 1.0 / p) + times_log(rest, 1.0 / rest)
    }

    /// Kullback-Leibler divergence of `other` from this, in bits: what coding with the wrong probability wastes.
    pub fn kullback_leibler(&self, other: &Self) -> f64 {
        let (p, rest) = (self.p, 1.0 - self.p);
        times_log(p, p / other.p) + times_log(rest, rest / (1.0 - other.p))
    }
}

/// The number of failures before the first success, each trial with probability `p` of success.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Geometric {
    trial: Bernoulli,
}

impl Geometric {
    /// The distribution `P(k) = (1-p)^k p`.
    ///
    /// # Errors
    ///
    /// [`Error::Probability`] outside 0 to 1, and for 0, with which success never comes.
    pub fn new(p: f64) -> Result<Self, Error> {
        if p == 0.0 {
            let wanted = "it must be above 0 and at most 1";
            return Err(Error::Probability {
                what: "the probability of success",
                value: p.to_string(),
                wanted,
            });
        }
        Ok(Self { trial: Bernoulli { p: probability("the probability of success", p)? } })
    }

    /// The distribution whose mean, `(1-p)/p`, is that of a sample.
    ///
    /// # Errors
    ///
    /// [`Error::Probability`] where the mean is negative or no number.
    pub fn with_mean(mean: f64) -> Result<Self, Error> {
        if mean.is_nan() || mean < 0.0 {
            let wanted = "it must be 0 or more";
            return Err(Error::Probability { what: "the mean", value: mean.to_string(), wanted });
        }
        Self::new(1.0 / (1.0 + mean))
    }

    /// The probability of success in one trial.
    pub fn p(&self) -> f64 {
        self.trial.p
    }

    /// The probability of `k` failures before the first success.
    pub fn probability(&self, k: u32) -> f64 {
        (1.0 - self.p()).powf(f64::from(k)) * self.p()
    }

    /// The mean, `(1-p)/p`.
    pub fn mean(&self) -> f64 {
        (1.0 - self.p()) / self.p()
    }

    /// Entropy in bits for each value.
    pub fn entropy(&self) -> f64 {
        self.trial.entropy() / self.p()
    }

    /// Kullback-Leibler divergence of `other` from this, in bits for each value.
    pub fn kullback_leibler(&self, other: &Self) -> f64 {
        self.trial.kullback_leibler(&other.trial) / self.p()
    }
}
