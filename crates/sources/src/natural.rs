//! Natural order of file names: `img2` before `img10`.
//!
//! A run of digits counts as one number, whatever its length and its leading zeros; everything else is compared
//! byte by byte. Names that differ in leading zeros only (`img02`, `img2`) are ordered by their bytes, so the
//! order is total and the same on every machine.

use std::cmp::Ordering;
use std::path::Path;

/// Compares two paths in natural order.
///
/// ```
/// use std::path::Path;
/// use stack_sources::natural::compare;
/// let mut names = ["img10.png", "img9.png", "img010.png", "img1.png"].map(Path::new);
/// names.sort_by(|a, b| compare(a, b));
/// assert_eq!(names, ["img1.png", "img9.png", "img010.png", "img10.png"].map(Path::new));
/// ```
pub fn compare(a: &Path, b: &Path) -> Ordering {
    let (a, b) = (a.as_os_str().as_encoded_bytes(), b.as_os_str().as_encoded_bytes());
    compare_tokens(a, b).then_with(|| a.cmp(b))
}

fn compare_tokens(mut a: &[u8], mut b: &[u8]) -> Ordering {
    loop {
        match (a.first(), b.first()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => return Ordering::Less,
            (Some(_), None) => return Ordering::Greater,
            (Some(x), Some(y)) if x.is_ascii_digit() && y.is_ascii_digit() => {
                let (number_a, rest_a) = split_number(a);
                let (number_b, rest_b) = split_number(b);
                // Without leading zeros the longer number is the larger one.
                let order = number_a.len().cmp(&number_b.len()).then_with(|| number_a.cmp(number_b));
                if order != Ordering::Equal {
                    return order;
                }
                (a, b) = (rest_a, rest_b);
            }
            (Some(x), Some(y)) => {
                if x != y {
                    return x.cmp(y);
                }
                (a, b) = (&a[1..], &b[1..]);
            }
        }
    }
}

/// The digits that `name` begins with, without leading zeros, and what follows them.
fn split_number(name: &[u8]) -> (&[u8], &[u8]) {
    let end = name.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(name.len());
    let (digits, rest) = name.split_at(end);
    let zeros = digits.iter().position(|&digit| digit != b'0').unwrap_or(digits.len());
    (&digits[zeros..], rest)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sorted(names: &[&str]) -> Vec<String> {
        let mut paths: Vec<&Path> = names.iter().map(Path::new).collect();
        paths.sort_by(|a, b| compare(a, b));
        paths.iter().map(|path| path.display().to_string()).collect()
    }

    #[test]
    fn numbers_count_as_numbers() {
        assert_eq!(sorted(&["img10", "img2", "img1"]), ["img1", "img2", "img10"]);
        assert_eq!(sorted(&["t2z10", "t10z1", "t2z9"]), ["t2z9", "t2z10", "t10z1"]);
        assert_eq!(sorted(&["9999.png", "10000.png", "0001.png"]), ["0001.png", "9999.png", "10000.png"]);
        assert_eq!(sorted(&["a", "1", "_"]), ["1", "_", "a"]);
    }

    #[test]
    fn leading_zeros_do_not_make_a_number_small() {
        assert_eq!(sorted(&["010", "9", "10"]), ["9", "010", "10"]);
    }

    proptest! {
        #[test]
        fn order_is_total(names in prop::collection::vec("[a0-2._ ]{0,6}", 3)) {
            let [a, b, c] = [0, 1, 2].map(|index: usize| Path::new(&names[index]));
            prop_assert_eq!(compare(a, b), compare(b, a).reverse());
            prop_assert_eq!(compare(a, b) == Ordering::Equal, a == b);
            if compare(a, b) != Ordering::Greater && compare(b, c) != Ordering::Greater {
                prop_assert_ne!(compare(a, c), Ordering::Greater);
            }
        }
    }
}
