//! The words of `size` and `stages`: what raw pictures take, and what the stages of compressors make of them.

use std::ffi::OsString;
use std::num::NonZeroU64;
use std::str::FromStr;

use clap::Args;

use super::InputWords;

/// Shown below the options of `size`.
const SIZE_EXAMPLES: &str = "\
Examples:
  stackpress size 1000x1000x3 --fps 30 --hours 2           a film: 648 GB
  stackpress size 2048x2048 --bits 12 --frames 5000        a camera of 12 bits
  stackpress size 1080x1920x3 --fps 30000/1001 --minutes 90 --rate 100M
                                                           and how long it takes to send";

#[derive(Debug, Args)]
#[command(after_help = SIZE_EXAMPLES)]
pub(crate) struct SizeWords {
    /// Rows, columns and, where there is more than one, channels of a picture
    #[arg(value_name = "HEIGHTxWIDTH[xCHANNELS]")]
    pub(crate) picture: Sides,
    /// Bits of a sample; they lie without gaps, and each frame begins with a byte of its own
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u64).range(1..=128))]
    pub(crate) bits: u64,
    /// Number of frames [default: 1]
    #[arg(long, value_name = "N", conflicts_with = "fps", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) frames: Option<u64>,
    /// Frames a second, as 30, 29.97 or 30000/1001; together with a duration
    #[arg(long, value_name = "F")]
    pub(crate) fps: Option<Fraction>,
    /// Hours of the film, such as 2 or 1.5; minutes and seconds are added
    #[arg(long, value_name = "N", requires = "fps")]
    pub(crate) hours: Option<Fraction>,
    /// Minutes of the film
    #[arg(long, value_name = "N", requires = "fps")]
    pub(crate) minutes: Option<Fraction>,
    /// Seconds of the film
    #[arg(long, value_name = "N", requires = "fps")]
    pub(crate) seconds: Option<Fraction>,
    /// Bits a second of a line, such as 64k, 100M or 2.5G: how long it takes to send
    #[arg(long, value_name = "RATE")]
    pub(crate) rate: Option<BitRate>,
}

/// Rows, columns and channels, none of them zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sides {
    pub(crate) height: u64,
    pub(crate) width: u64,
    pub(crate) channels: u64,
}

impl FromStr for Sides {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let side = |word: &str| {
            let number: NonZeroU64 = word.parse().map_err(|_| {
                format!("{word:?} is not a whole number above 0; write HEIGHTxWIDTH or HEIGHTxWIDTHxCHANNELS")
            })?;
            Ok::<u64, String>(number.get())
        };
        let sides: Vec<&str> = text.split('x').collect();
        let (height, width, channels) = match sides[..] {
            [height, width] => (side(height)?, side(width)?, 1),
            [height, width, channels] => (side(height)?, side(width)?, side(channels)?),
            _ => return Err("write HEIGHTxWIDTH or HEIGHTxWIDTHxCHANNELS, such as 1000x1000x3".into()),
        };
        Ok(Self { height, width, channels })
    }
}

/// A number of 0 or more, exactly: `30`, `29.97` or `30000/1001`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fraction {
    pub(crate) numerator: u128,
    /// Never zero.
    pub(crate) denominator: u128,
}

impl FromStr for Fraction {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let refuse = || format!("{text:?} is not a number such as 30, 29.97 or 30000/1001");
        let whole = |digits: &str| match digits.bytes().all(|digit| digit.is_ascii_digit()) {
            true => digits.parse::<u64>().map(u128::from).map_err(|_| refuse()),
            false => Err(refuse()),
        };
        if let Some((numerator, denominator)) = text.split_once('/') {
            let denominator = whole(denominator)?;
            if denominator == 0 {
                return Err(refuse());
            }
            return Ok(Self { numerator: whole(numerator)?, denominator });
        }
        let (before, after) = text.split_once('.').unwrap_or((text, ""));
        if after.len() > 9 || (text.contains('.') && after.is_empty()) {
            return Err(refuse());
        }
        let denominator = 10_u128.pow(after.len() as u32);
        let digits = if after.is_empty() { 0 } else { whole(after)? };
        Ok(Self { numerator: whole(before)? * denominator + digits, denominator })
    }
}

/// Bits a second, at least one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct BitRate(f64);

impl BitRate {
    pub(crate) const fn bits_a_second(self) -> f64 {
        self.0
    }
}

impl FromStr for BitRate {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let refuse = || format!("{text:?} is not a rate; write bits a second, or 64k, 100M, 2.5G");
        let (number, unit) = match text.char_indices().next_back() {
            Some((at, 'k' | 'K')) => (&text[..at], 1e3),
            Some((at, 'M')) => (&text[..at], 1e6),
            Some((at, 'G')) => (&text[..at], 1e9),
            Some((at, 'T')) => (&text[..at], 1e12),
            _ => (text, 1.0),
        };
        let rate = number.parse::<f64>().map_err(|_| refuse())? * unit;
        if (1.0..=1e18).contains(&rate) { Ok(Self(rate)) } else { Err(refuse()) }
    }
}

/// Shown below the options of `stages`.
const STAGES_EXAMPLES: &str = "\
Examples:
  stackpress stages picture.png                            each channel is a plane
  stackpress stages run.npz:stack                          frames from the middle
  stackpress stages cells/ --samples 500k --json           fewer samples, sooner";

#[derive(Debug, Args)]
#[command(after_help = STAGES_EXAMPLES)]
pub(crate) struct StagesWords {
    /// Images, stacks, or files that stackpress wrote
    #[arg(required = true, value_name = "IN")]
    pub(crate) inputs: Vec<OsString>,
    /// Samples to look at, at most: neighbouring frames from the middle of the stack, and of frames that are too
    /// large for that, their middle
    #[arg(long, value_name = "N", default_value = "4M")]
    pub(crate) samples: SampleCount,
    #[command(flatten)]
    pub(crate) input: InputWords,
}

/// A number of samples: `64`, `500k`, `4M`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SampleCount(u64);

impl SampleCount {
    pub(crate) const fn get(self) -> u64 {
        self.0
    }
}

impl FromStr for SampleCount {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (digits, unit) = match text.char_indices().next_back() {
            Some((at, 'k')) => (&text[..at], 1_000),
            Some((at, 'M')) => (&text[..at], 1_000_000),
            _ => (text, 1),
        };
        let number = digits.parse::<u64>().ok().and_then(|number| number.checked_mul(unit));
        // Fewer than a hundred tell nothing, and more take the time of a compression.
        number
            .filter(|number| (100..=1_000_000_000).contains(number))
            .map(Self)
            .ok_or_else(|| format!("{text:?} is not a number from 100 to 1000M, such as 500k or 4M"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_pictures_and_rates() {
        let sides = |text: &str| text.parse::<Sides>();
        assert_eq!(sides("2x3").unwrap(), Sides { height: 2, width: 3, channels: 1 });
        assert_eq!(sides("2x3x4").unwrap().channels, 4);
        for text in ["", "2", "0x3", "2x-3", "2x3x4x5", "2.5x3", "2xx3", "99999999999999999999x1"] {
            assert!(sides(text).is_err(), "{text}");
        }
        let fraction = |text: &str| text.parse::<Fraction>().map(|f| (f.numerator, f.denominator));
        assert_eq!(fraction("30"), Ok((30, 1)));
        assert_eq!(fraction("29.97"), Ok((2997, 100)));
        assert_eq!(fraction("30000/1001"), Ok((30000, 1001)));
        for text in ["", ".", "1.", ".5", "-1", "1/0", "1e3", "nan", "+1", "1.0123456789", "1/"] {
            assert!(fraction(text).is_err(), "{text}");
        }
        assert_eq!("2.5G".parse::<BitRate>().unwrap().bits_a_second(), 2.5e9);
        for text in ["", "M", "0", "-1M", "nan", "inf", "1e30G", "5\u{e9}"] {
            assert!(text.parse::<BitRate>().is_err(), "{text}");
        }
        assert_eq!("500k".parse::<SampleCount>().unwrap().get(), 500_000);
        for text in ["", "M", "0", "99", "-1M", "1001M", "18446744073709551615M"] {
            assert!(text.parse::<SampleCount>().is_err(), "{text}");
        }
    }
}
