//! Sizes as people write them: `512M`, `2GiB`.

use std::str::FromStr;

/// A number of bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ByteSize(u64);

impl ByteSize {
    pub(crate) const fn bytes(self) -> u64 {
        self.0
    }
}

/// The units, largest first within a family; letters of either case.
const UNITS: [(&str, u64); 13] = [
    ("kib", 1 << 10),
    ("mib", 1 << 20),
    ("gib", 1 << 30),
    ("tib", 1 << 40),
    ("kb", 1_000),
    ("mb", 1_000_000),
    ("gb", 1_000_000_000),
    ("tb", 1_000_000_000_000),
    ("k", 1_000),
    ("m", 1_000_000),
    ("g", 1_000_000_000),
    ("t", 1_000_000_000_000),
    ("", 1),
];

impl FromStr for ByteSize {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let refuse = || format!("{text:?} is not a size; write a number of bytes, or 64k, 512M, 2GiB");
        let lower = text.trim().to_ascii_lowercase();
        let (number, unit) = UNITS
            .iter()
            .find_map(|(name, bytes)| Some((lower.strip_suffix(name)?, *bytes)))
            .ok_or_else(refuse)?;
        let number: f64 = number.trim().parse().map_err(|_| refuse())?;
        let bytes = (number * unit as f64).round();
        // Above 2^53 a float no longer counts bytes, and no machine has that much.
        if (1.0..=9_007_199_254_740_992.0).contains(&bytes) { Ok(Self(bytes as u64)) } else { Err(refuse()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_units() {
        for (text, bytes) in
            [("1", 1), ("64k", 64_000), ("64KiB", 65_536), ("2G", 2_000_000_000), ("1.5 MiB", 1_572_864)]
        {
            assert_eq!(text.parse::<ByteSize>().unwrap().bytes(), bytes, "{text}");
        }
        for text in ["", "G", "-1", "0", "1 parsec", "1e30G", "nan"] {
            assert!(text.parse::<ByteSize>().is_err(), "{text}");
        }
    }
}
