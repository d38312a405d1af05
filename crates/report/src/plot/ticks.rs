//! Round numbers along an axis: 1-2-5 steps, powers of ten.

use crate::numbers::grouped;

/// Multiples of 1, 2 or 5 times a power of ten from `low` to `high`: at most `most` of them, and as many as that
/// allows. None if the range is empty or not finite.
///
/// ```
/// assert_eq!(stack_report::plot::ticks::linear(0.0, 1.0, 6), [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]);
/// ```
pub fn linear(low: f64, high: f64, most: usize) -> Vec<f64> {
    linear_with_decimals(low, high, most).0
}

/// The ticks, and how many decimals tell them apart.
fn linear_with_decimals(low: f64, high: f64, most: usize) -> (Vec<f64>, i32) {
    let width = high - low;
    if !width.is_finite() || width <= 0.0 || most == 0 {
        return (Vec::new(), 0);
    }
    let mut exponent = exponent_of(width / most as f64) - 1;
    loop {
        for factor in [1_i64, 2, 5] {
            let step = decimal(factor, exponent);
            if step <= 0.0 || !step.is_finite() {
                continue;
            }
            // A hair, so that an end that is a tick but for rounding has its mark.
            let first = (low / step - 1e-9).ceil();
            let last = (high / step + 1e-9).floor();
            if last - first < most as f64 {
                // Beyond 2^53 neighbouring multiples are one number: there is nothing to mark.
                if first.abs().max(last.abs()) > 9e15 {
                    return (Vec::new(), 0);
                }
                let ticks = (first as i64..=last as i64).map(|multiple| decimal(multiple * factor, exponent));
                return (ticks.collect(), -exponent);
            }
        }
        exponent += 1;
    }
}

/// [`linear`] ticks with their texts: as many decimals as tell them apart.
pub fn linear_with_texts(low: f64, high: f64, most: usize) -> Vec<(f64, String)> {
    let (ticks, decimals) = linear_with_decimals(low, high, most);
    let largest = ticks.iter().fold(0.0_f64, |largest, tick| largest.max(tick.abs()));
    let scientific = !(1e-3..1e7).contains(&largest);
    let text = |tick: f64| {
        if scientific {
            return plain(tick);
        }
        let text = format!("{:.*}", usize::try_from(decimals).unwrap_or(0), tick.abs());
        let (whole, fraction) = text.split_once('.').map_or((text.as_str(), ""), |parts| parts);
        let whole = whole.parse().map_or_else(|_| whole.to_owned(), grouped_from_ten_thousand);
        let sign = if tick < 0.0 { "−" } else { "" };
        if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
    };
    ticks.into_iter().map(|tick| (tick, text(tick))).collect()
}

/// Round numbers from `low` to `high`, both above 0, for a logarithmic axis: powers of ten, or every second, third
/// and so on if they are more than `most`; where there are fewer than three, also their multiples by 2 and 5, or
/// [`linear`] ticks.
///
/// ```
/// use stack_report::plot::ticks::logarithmic;
/// assert_eq!(logarithmic(0.5, 2000.0, 6), [1.0, 10.0, 100.0, 1000.0]);
/// assert_eq!(logarithmic(0.9, 60.0, 8), [1.0, 2.0, 5.0, 10.0, 20.0, 50.0]);
/// ```
pub fn logarithmic(low: f64, high: f64, most: usize) -> Vec<f64> {
    if !(low > 0.0 && high > low && high.is_finite()) || most == 0 {
        return Vec::new();
    }
    let within = |factors: &[i64]| -> Vec<f64> {
        let decades = exponent_of(low)..=exponent_of(high);
        decades
            .flat_map(|exponent| factors.iter().map(move |factor| decimal(*factor, exponent)))
            .filter(|tick| (low * (1.0 - 1e-9)..=high * (1.0 + 1e-9)).contains(tick))
            .collect()
    };
    let powers = within(&[1]);
    if powers.len() > most {
        let every = powers.len().div_ceil(most);
        // Multiples of the step, so that 10^0 is among them wherever it is in sight.
        let step = every as i32;
        return powers.into_iter().filter(|tick| exponent_of(*tick).rem_euclid(step) == 0).collect();
    }
    for factors in [&[1, 2, 5][..], &[1]] {
        let ticks = within(factors);
        if (3..=most).contains(&ticks.len()) {
            return ticks;
        }
    }
    let even = linear(low, high, most);
    if even.len() > powers.len() && high / low < 10.0 { even } else { powers }
}

/// Multiples by 2 to 9 of powers of ten, for thin lines between the marks; none over more than four decades.
pub fn between_powers(low: f64, high: f64) -> Vec<f64> {
    if !(low > 0.0 && high > low && high / low <= 1e4) {
        return Vec::new();
    }
    (exponent_of(low)..=exponent_of(high))
        .flat_map(|exponent| (2..=9).map(move |factor| decimal(factor, exponent)))
        .filter(|tick| (low..=high).contains(tick))
        .collect()
}

/// A number as an axis shows it: `0.002`, `1,728` (from 10,000 with a comma), `3×10⁻⁶`; four digits at most where
/// it is not whole.
///
/// ```
/// use stack_report::plot::ticks::plain;
/// assert_eq!([0.0, -0.5, 65_535.0, 1e-6, 2.5e9].map(plain), ["0", "−0.5", "65,535", "10⁻⁶", "2.5×10⁹"]);
/// ```
pub fn plain(value: f64) -> String {
    let sign = if value < 0.0 { "−" } else { "" };
    let size = value.abs();
    if size.is_finite() && size < 1e7 && size == size.trunc() {
        return format!("{sign}{}", grouped_from_ten_thousand(size as u64));
    }
    let text = crate::numbers::significant(size);
    match text.split_once('e') {
        Some(("1", exponent)) => format!("{sign}10{}", superscript(exponent)),
        Some((digits, exponent)) => format!("{sign}{digits}×10{}", superscript(exponent)),
        None => format!("{sign}{text}"),
    }
}

fn grouped_from_ten_thousand(value: u64) -> String {
    if value < 10_000 { value.to_string() } else { grouped(value) }
}

fn superscript(exponent: &str) -> String {
    const DIGITS: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    let raised = |character: char| match character.to_digit(10) {
        Some(digit) => DIGITS[digit as usize],
        None => '⁻',
    };
    exponent.chars().map(raised).collect()
}

/// The exponent of the power of ten that is at most `value`, which is above 0.
fn exponent_of(value: f64) -> i32 {
    let text = format!("{value:e}");
    text.rsplit_once('e').and_then(|(_, exponent)| exponent.parse().ok()).unwrap_or(0)
}

/// `factor` x 10^`exponent`, rounded once: the same number on every machine.
fn decimal(factor: i64, exponent: i32) -> f64 {
    format!("{factor}e{exponent}").parse().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use proptest::{prop_assert, prop_assume, proptest};

    use super::*;

    #[test]
    fn texts_have_the_decimals_that_they_need() {
        let texts = |low, high| -> Vec<String> {
            linear_with_texts(low, high, 5).into_iter().map(|(_, text)| text).collect()
        };
        assert_eq!(texts(0.0, 1.0), ["0.0", "0.5", "1.0"]);
        assert_eq!(texts(-20.0, 20.0), ["−20", "−10", "0", "10", "20"]);
        assert_eq!(texts(0.0, 60_000.0), ["0", "20,000", "40,000", "60,000"]);
        assert_eq!(texts(0.0, 4e-6), ["0", "10⁻⁶", "2×10⁻⁶", "3×10⁻⁶", "4×10⁻⁶"]);
        assert_eq!(texts(1.0, 1.0), [""; 0]);
    }

    #[test]
    fn logarithmic_ticks_of_any_width() {
        assert_eq!(logarithmic(1e-20, 1.0, 6), [1e-20, 1e-16, 1e-12, 1e-8, 1e-4, 1.0]);
        assert_eq!(logarithmic(1.1, 3.2, 6), [1.5, 2.0, 2.5, 3.0]);
        assert_eq!(logarithmic(0.0, 1.0, 5), [0.0; 0]);
        assert_eq!(between_powers(1.0, 3.5), [2.0, 3.0]);
        assert_eq!(between_powers(1e-9, 1.0), [0.0; 0]);
    }

    proptest! {
        #[test]
        fn linear_ticks_are_round_even_and_inside(low in -1e12..1e12_f64, width in 1e-3..1e12_f64, most in 1..15_usize) {
            let high = low + width;
            let ticks = linear(low, high, most);
            prop_assert!(ticks.len() <= most);
            let step = ticks.get(1).map_or(0.0, |second| second - ticks[0]);
            for pair in ticks.windows(2) {
                prop_assert!((pair[1] - pair[0] - step).abs() <= step * 1e-3);
            }
            if ticks.len() > 1 {
                let digits = format!("{:.2e}", step);
                prop_assert!(["1.00", "2.00", "5.00"].contains(&digits.split('e').next().unwrap()), "{}", digits);
            }
            for tick in ticks {
                prop_assert!(tick >= low - width * 1e-6 && tick <= high + width * 1e-6);
            }
        }

        #[test]
        fn enough_linear_ticks(low in -1e6..1e6_f64, width in 1e-3..1e6_f64, most in 4..15_usize) {
            // The worst step is 2.5 times finer than needed, and the ends cost one.
            prop_assert!(linear(low, low + width, most).len() + 1 >= most * 2 / 5);
        }

        #[test]
        fn logarithmic_ticks_rise_and_are_inside(exponent in -300..300_i32, decades in 0.1..40.0_f64, most in 3..12_usize) {
            let low = 1.7 * decimal(1, exponent);
            let high = low * 10_f64.powf(decades);
            prop_assume!(high.is_finite());
            let ticks = logarithmic(low, high, most);
            prop_assert!(ticks.len() <= most && !ticks.is_empty() || decades < 1.0, "{:?}", ticks);
            for pair in ticks.windows(2) {
                prop_assert!(pair[0] < pair[1]);
            }
            for tick in ticks {
                prop_assert!(tick >= low * 0.999 && tick <= high * 1.001);
            }
        }

        #[test]
        fn any_two_numbers_are_survived(low: f64, high: f64, most in 0..20_usize) {
            prop_assert!(linear(low, high, most).len() <= most);
            prop_assert!(logarithmic(low, high, most).len() <= most.max(1));
            for (_, text) in linear_with_texts(low, high, most) {
                prop_assert!(!text.is_empty());
            }
        }
    }
}
