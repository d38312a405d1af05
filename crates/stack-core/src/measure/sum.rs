//! Sums whose error does not grow with the number of terms.

/// Neumaier's compensated sum: what an addition rounds away is kept in a second double and added at the end.
///
/// For n terms of one sign the relative error is at most about 2^-53 + n^2 2^-106: up to ten million terms are as
/// good as ten. The order of the terms still decides the last bit: add in a fixed order.
///
/// Sources: A. Neumaier, "Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen", ZAMM 54 (1974);
/// for the bound T. Ogita, S. M. Rump and S. Oishi, "Accurate Sum and Dot Product", SIAM J. Sci. Comput. 26 (2005).
///
/// ```
/// use stack_core::measure::sum::CompensatedSum;
/// let mut sum = CompensatedSum::default();
/// for term in [1e16, 1.0, 1.0, -1e16] {
///     sum.add(term);
/// }
/// assert_eq!(sum.value(), 2.0);
/// assert_eq!(1e16 + 1.0 + 1.0 - 1e16, 0.0); // what plain additions leave
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct CompensatedSum {
    sum: f64,
    lost: f64,
}

impl CompensatedSum {
    /// Adds one term.
    pub fn add(&mut self, term: f64) {
        let sum = self.sum + term;
        // An infinite sum has no lost part: the difference of two infinities would be NaN.
        if sum.is_finite() {
            self.lost +=
                if self.sum.abs() >= term.abs() { (self.sum - sum) + term } else { (term - sum) + self.sum };
        }
        self.sum = sum;
    }

    /// The sum of all terms so far.
    pub fn value(self) -> f64 {
        if self.sum.is_finite() { self.sum + self.lost } else { self.sum }
    }
}
