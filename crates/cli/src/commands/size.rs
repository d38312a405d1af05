//! `stackpress size`: what raw pictures take, and how long they take to send.
//!
//! ```text
//! frame  = ceil(height width channels bits / 8) bytes          frames = floor(frames a second x duration)
//! ```

use std::process::ExitCode;

use serde::Serialize;
use stack_core::{Error, Result};

use crate::arguments::{BitRate, Fraction, Global, SizeWords};
use crate::{exit, numbers, screen};

/// The answer, in the order of its JSON.
#[derive(Serialize)]
struct Size {
    height: u64,
    width: u64,
    channels: u64,
    bits_a_sample: u64,
    frames: u64,
    frame_bytes: u64,
    bytes: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    bits_a_second: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seconds_to_send: Option<f64>,
}

pub(crate) fn run(words: &SizeWords, global: &Global) -> ExitCode {
    match size(words) {
        Ok(size) if global.json => screen::print_json(&size),
        Ok(size) => print(&size),
        Err(error) => return exit::report(&error),
    }
    ExitCode::SUCCESS
}

fn size(words: &SizeWords) -> Result<Size> {
    let picture = words.picture;
    let frame_bits = product(&[picture.height, picture.width, picture.channels, words.bits]);
    let frame_bytes = frame_bits.map(|bits| bits.div_ceil(8));
    let frames = frames(words)?;
    let bytes = frame_bytes.and_then(|bytes| bytes.checked_mul(frames.into()));
    let (Some(Ok(frame_bytes)), Some(Ok(bytes))) = (frame_bytes.map(u64::try_from), bytes.map(u64::try_from))
    else {
        return Err(Error::parameter(
            "the size",
            "it is above 2^64 bytes, or 18 million terabytes",
            "give fewer or smaller pictures",
        ));
    };
    let bits_a_second = words.rate.map(BitRate::bits_a_second);
    Ok(Size {
        height: picture.height,
        width: picture.width,
        channels: picture.channels,
        bits_a_sample: words.bits,
        frames,
        frame_bytes,
        bytes,
        bits_a_second,
        seconds_to_send: bits_a_second.map(|rate| bytes as f64 * 8.0 / rate),
    })
}

fn product(factors: &[u64]) -> Option<u128> {
    factors.iter().try_fold(1_u128, |product, factor| product.checked_mul(u128::from(*factor)))
}

/// The number of frames: given, or frames a second for a time.
fn frames(words: &SizeWords) -> Result<u64> {
    let Some(fps) = words.fps else { return Ok(words.frames.unwrap_or(1)) };
    let parts = [(words.hours, 3600), (words.minutes, 60), (words.seconds, 1)];
    if parts.iter().all(|(part, _)| part.is_none()) {
        return Err(Error::parameter("--fps", "there is no duration", "add --hours, --minutes or --seconds"));
    }
    let zero = Fraction { numerator: 0, denominator: 1 };
    let seconds = parts.into_iter().try_fold(zero, |sum, (part, seconds)| {
        plus(sum, times(part.unwrap_or(zero), Fraction { numerator: seconds, denominator: 1 })?)
    });
    let frames = seconds.and_then(|seconds| times(seconds, fps)).map(|all| all.numerator / all.denominator);
    match frames.map(u64::try_from) {
        Some(Ok(0)) => {
            Err(Error::parameter("--fps", "not one frame fits the duration", "give a longer duration"))
        }
        Some(Ok(frames)) => Ok(frames),
        _ => Err(Error::parameter(
            "--fps",
            "the number of frames is beyond counting",
            "give a shorter duration, or fewer decimals",
        )),
    }
}

fn times(a: Fraction, b: Fraction) -> Option<Fraction> {
    Some(Fraction {
        numerator: a.numerator.checked_mul(b.numerator)?,
        denominator: a.denominator.checked_mul(b.denominator)?,
    })
}

fn plus(a: Fraction, b: Fraction) -> Option<Fraction> {
    let (left, right) = (a.numerator.checked_mul(b.denominator)?, b.numerator.checked_mul(a.denominator)?);
    Some(Fraction {
        numerator: left.checked_add(right)?,
        denominator: a.denominator.checked_mul(b.denominator)?,
    })
}

fn print(size: &Size) {
    let in_bytes = |bytes: u64| format!("{} bytes", numbers::count(bytes));
    let frames = match size.frames {
        1 => "1 frame".to_owned(),
        frames => format!("{} frames", numbers::count(frames)),
    };
    screen::print(format!(
        "{} ({}): {frames} of {}",
        numbers::bytes(size.bytes),
        in_bytes(size.bytes),
        in_bytes(size.frame_bytes)
    ));
    screen::print(format!("{} in units of 1,024", in_binary_units(size.bytes)));
    if let (Some(rate), Some(seconds)) = (size.bits_a_second, size.seconds_to_send) {
        screen::print(format!("{} to send at {}", duration(seconds), shown_rate(rate)));
    }
}

/// Bytes in the binary unit that fits: `603 GiB`.
fn in_binary_units(bytes: u64) -> String {
    const UNITS: [(u64, &str); 5] =
        [(1 << 50, "PiB"), (1 << 40, "TiB"), (1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")];
    match UNITS.into_iter().find(|(size, _)| bytes >= *size) {
        None => format!("{bytes} bytes"),
        Some((size, unit)) => format!("{} {unit}", numbers::three_digits(bytes as f64 / size as f64)),
    }
}

fn shown_rate(rate: f64) -> String {
    const UNITS: [(f64, &str); 4] = [(1e12, "Tbit/s"), (1e9, "Gbit/s"), (1e6, "Mbit/s"), (1e3, "kbit/s")];
    match UNITS.into_iter().find(|(size, _)| rate >= *size) {
        None => format!("{} bit/s", numbers::three_digits(rate)),
        Some((size, unit)) => format!("{} {unit}", numbers::three_digits(rate / size)),
    }
}

/// Seconds in the two units that fit: `2 d 3 h`, `14 h 24 min`.
fn duration(seconds: f64) -> String {
    let minutes = (seconds / 60.0).round() as u64;
    match minutes {
        0..60 => numbers::seconds(seconds),
        60..1440 => format!("{} h {} min", minutes / 60, minutes % 60),
        _ => format!("{} d {} h", numbers::count(minutes / 1440), minutes % 1440 / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_fit() {
        assert_eq!(in_binary_units(1023), "1023 bytes");
        assert_eq!(in_binary_units(648_000_000_000), "603 GiB");
        assert_eq!(in_binary_units(u64::MAX), "16384 PiB");
        assert_eq!(shown_rate(100e6), "100 Mbit/s");
        assert_eq!(duration(0.24), "0.24 s");
        assert_eq!(duration(51_840.0), "14 h 24 min");
        assert_eq!(duration(90_000.0), "1 d 1 h");
        assert_eq!(duration(3_599.0), "1 h 0 min");
    }
}
