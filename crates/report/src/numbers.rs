//! How numbers are written for readers.

/// An integer with commas between thousands: `1,234,567`.
///
/// ```
/// assert_eq!(stack_report::numbers::grouped(1_234_567), "1,234,567");
/// ```
pub fn grouped(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number with a fixed number of decimals; words where it is not finite.
///
/// ```
/// assert_eq!(stack_report::numbers::fixed(12.345, 2), "12.35");
/// assert_eq!(stack_report::numbers::fixed(f64::INFINITY, 2), "infinite");
/// ```
pub fn fixed(value: f64, decimals: usize) -> String {
    not_finite(value).map_or_else(|| format!("{value:.decimals$}"), str::to_owned)
}

/// A number of unknown magnitude with four significant digits: plain from 0.0001 to below 10,000,000 (integers in
/// that range keep all digits), with an exponent elsewhere.
///
/// ```
/// use stack_report::numbers::significant;
/// assert_eq!([3.0, 0.012346, 65_535.0, 1.5e-9].map(significant), ["3", "0.01235", "65535", "1.5e-9"]);
/// ```
pub fn significant(value: f64) -> String {
    if let Some(word) = not_finite(value) {
        return word.to_owned();
    }
    let size = value.abs();
    if size < 1e7 && value == value.trunc() {
        return format!("{value:.0}");
    }
    // Rounding first: 9.9999 has the exponent of 10.00.
    let rounded = format!("{value:.3e}");
    let (digits, exponent) = rounded.split_once('e').expect("the e format has an exponent");
    let exponent: i32 = exponent.parse().expect("the exponent is an integer");
    if (-4..7).contains(&exponent) {
        let decimals = usize::try_from(3 - exponent).unwrap_or(0);
        return without_trailing_zeros(&format!("{value:.decimals$}")).to_owned();
    }
    format!("{}e{exponent}", without_trailing_zeros(digits))
}

/// Every digit that is needed to read the same number back, for tables that programs read.
///
/// ```
/// assert_eq!(stack_report::numbers::exact(0.1), "0.1");
/// assert_eq!(stack_report::numbers::exact(1e-30), "1e-30");
/// ```
pub fn exact(value: f64) -> String {
    if value.is_finite() { format!("{value:?}") } else { value.to_string() }
}

fn not_finite(value: f64) -> Option<&'static str> {
    match value {
        f64::INFINITY => Some("infinite"),
        f64::NEG_INFINITY => Some("-infinite"),
        _ if value.is_nan() => Some("not a number"),
        _ => None,
    }
}

fn without_trailing_zeros(digits: &str) -> &str {
    if digits.contains('.') { digits.trim_end_matches('0').trim_end_matches('.') } else { digits }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_separated() {
        let texts = [0, 7, 999, 1_000, 12_345, 999_999, u64::MAX].map(grouped);
        let wanted = ["0", "7", "999", "1,000", "12,345", "999,999", "18,446,744,073,709,551,615"];
        assert_eq!(texts, wanted);
    }

    #[test]
    fn four_digits_at_every_magnitude() {
        for (value, text) in [
            (0.0, "0"),
            (-2.0, "-2"),
            (0.5, "0.5"),
            (9.9999, "10"),
            (123.456, "123.5"),
            (123_456.7, "123457"),
            (1.0e7, "1e7"),
            (12_345_678.0, "1.235e7"),
            (0.000_123_46, "0.0001235"),
            (0.000_099_999, "0.0001"),
            (0.000_012_3, "1.23e-5"),
            (f64::MIN_POSITIVE, "2.225e-308"),
            (f64::NAN, "not a number"),
            (f64::NEG_INFINITY, "-infinite"),
        ] {
            assert_eq!(significant(value), text, "{value:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn exact_numbers_read_back(bits: u64) {
            let value = f64::from_bits(bits);
            let back: f64 = exact(value).parse().unwrap();
            proptest::prop_assert!(back == value || back.is_nan() && value.is_nan());
        }

        #[test]
        fn significant_numbers_are_close(value in proptest::num::f64::NORMAL) {
            let back: f64 = significant(value).parse().unwrap();
            proptest::prop_assert!((back - value).abs() <= value.abs() * 0.000_51, "{} {}", value, back);
        }

        #[test]
        fn grouping_only_adds_commas(value: u64) {
            let text = grouped(value);
            proptest::prop_assert_eq!(text.replace(',', ""), value.to_string());
            proptest::prop_assert!(text.rsplit(',').skip(1).count() == text.matches(',').count());
            proptest::prop_assert!(text.split(',').skip(1).all(|part| part.len() == 3));
        }
    }
}
