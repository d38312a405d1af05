//! Bytes, counts and seconds as people read them.

/// `1728` as `1,728`.
pub(crate) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Bytes in the decimal unit that fits: `612 MB`, `1.21 GB`, `980 bytes`.
pub(crate) fn bytes(number: u64) -> String {
    let (value, unit) = in_unit_of(number, number);
    format!("{value} {unit}")
}

/// Two sizes in the unit of the larger: `612 -> 402 MB`.
pub(crate) fn bytes_change(before: u64, after: u64) -> String {
    let larger = before.max(after);
    let (old, unit) = in_unit_of(before, larger);
    let (new, _) = in_unit_of(after, larger);
    format!("{old} -> {new} {unit}")
}

fn in_unit_of(number: u64, scale: u64) -> (String, &'static str) {
    const UNITS: [(u64, &str); 4] =
        [(1_000_000_000_000, "TB"), (1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")];
    match UNITS.into_iter().find(|(size, _)| scale >= *size) {
        None => (number.to_string(), "bytes"),
        Some((size, unit)) => (three_digits(number as f64 / size as f64), unit),
    }
}

/// A number with three digits that mean something: `1.21`, `40.2`, `612`.
pub(crate) fn three_digits(value: f64) -> String {
    let decimals = match value.abs() {
        size if size < 9.995 => 2,
        size if size < 99.95 => 1,
        _ => 0,
    };
    format!("{value:.decimals$}")
}

/// The change from `before` to `after` in per cent: `-34 %`.
pub(crate) fn percent_change(before: u64, after: u64) -> String {
    if before == 0 {
        return "was empty".to_owned();
    }
    let change = (after as f64 / before as f64 - 1.0) * 100.0;
    let decimals = usize::from(change.abs() < 9.95);
    format!("{change:+.decimals$} %")
}

/// Seconds: `0.42 s`, `41 s`, `3 min 20 s`.
pub(crate) fn seconds(value: f64) -> String {
    let whole = value.round() as u64;
    if whole >= 60 {
        format!("{} min {} s", whole / 60, whole % 60)
    } else {
        format!("{} s", three_digits(value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well() {
        assert_eq!(count(1_234_567), "1,234,567");
        assert_eq!(count(999), "999");
        assert_eq!(bytes(980), "980 bytes");
        assert_eq!(bytes(1_210_000_000), "1.21 GB");
        assert_eq!(bytes_change(612_000_000, 40_200_000), "612 -> 40.2 MB");
        assert_eq!(percent_change(612, 402), "-34 %");
        assert_eq!(percent_change(100, 101), "+1.0 %");
        assert_eq!(seconds(41.2), "41.2 s");
        assert_eq!(seconds(200.0), "3 min 20 s");
    }
}
