//! The answer for people: one table a stage, within 100 columns.

use stack_core::PixelType;

use super::Stages;
use super::transform::{Compacted, Outcome, Quantised};
use crate::shown::escaped;
use crate::{numbers, screen};

/// Pairs of neighbours for each kind of pair, below which conditional entropy says more of the number of samples.
const FEW_PAIRS: f64 = 10.0;

pub(super) fn print(stages: &Stages) {
    screen::print(escaped(&stages.name));
    head(stages);
    information(stages);
    predictors(stages);
    run_lengths(stages);
    match &stages.dct {
        Outcome::Measured(dct) => quantised(dct),
        Outcome::NotMeasured { not_measured } => {
            title("DCT of 8 x 8 blocks", "");
            note(&format!("not measured: {not_measured}"));
        }
    }
    match &stages.compaction {
        Outcome::Measured(compacted) => compaction(compacted),
        Outcome::NotMeasured { not_measured } => {
            title("KLT and DCT of 8 x 8 blocks", "");
            note(&format!("not measured: {not_measured}"));
        }
    }
}

fn head(stages: &Stages) {
    let extent = &stages.excerpt;
    let channels = match extent.channels {
        1 => String::new(),
        channels => format!(" x {channels} channels, each a plane of its own"),
    };
    let bits = match stages.sample_type.bits() {
        bits if bits == stages.significant_bits => String::new(),
        _ => format!(" ({} bits used)", stages.significant_bits),
    };
    let frames = numbers::count(stages.stack_frames as u64);
    note(&format!(
        "{frames} x {} x {} {}{bits}{channels}",
        stages.stack_height, stages.stack_width, stages.sample_type
    ));
    let last = extent.first_frame + extent.frames - 1;
    let frames = match extent.frames {
        all if all == stages.stack_frames => "all frames".to_owned(),
        _ => format!("frames {} to {last}", extent.first_frame),
    };
    let part = if extent.height < stages.stack_height || extent.width < stages.stack_width {
        format!(
            ", of each {} x {} from row {}, column {}",
            extent.height, extent.width, extent.top, extent.left
        )
    } else {
        String::new()
    };
    note(&format!(
        "looked at: {frames}{part}: {} samples, {} raw",
        numbers::count(stages.samples),
        numbers::bytes(stages.raw_bytes)
    ));
}

fn information(stages: &Stages) {
    let entropy = &stages.entropy;
    title("Entropy of the samples", &format!("{:>11}  {:>8}", "bits/sample", "ratio"));
    let line = |name: &str, bits: f64| {
        row(name, &format!("{bits:>11.3}  {:>8}", ratio(f64::from(stages.sample_type.bits()), bits)));
    };
    let mut lines = vec![("order 0", entropy.bits)];
    lines.extend(entropy.bits_given_west.map(|bits| ("given the west neighbour", bits)));
    lines.sort_by(|a, b| a.1.total_cmp(&b.1));
    lines.into_iter().for_each(|(name, bits)| line(name, bits));
    note(&format!("{} different values", numbers::count(entropy.distinct_values as u64)));
    match entropy.pairs_a_kind {
        None => note("no sample has a west neighbour"),
        Some(pairs) if pairs < FEW_PAIRS => note(&format!(
            "a pair of neighbours occurs {pairs:.1} times: too seldom, \"given the west neighbour\" is too low"
        )),
        Some(_) => {}
    }
}

fn predictors(stages: &Stages) {
    let head = format!("{:>11}  {:>8}  {:>13}  {:>8}", "bits/sample", "ratio", "Huffman bytes", "ratio");
    title("Predictors: what is left", &head);
    for predicted in &stages.predictors {
        let huffman = match predicted.huffman_bytes {
            None => format!("{:>13}  {:>8}", "-", "-"),
            Some(bytes) => {
                format!("{:>13}  {:>8}", numbers::count(bytes), ratio(stages.raw_bytes as f64, bytes as f64))
            }
        };
        let bits = predicted.bits;
        let raw = f64::from(stages.sample_type.bits());
        row(&predicted.name, &format!("{bits:>11.3}  {:>8}  {huffman}", ratio(raw, bits)));
    }
    if !matches!(stages.sample_type, PixelType::U8 | PixelType::U16 | PixelType::I16) {
        note("bits: entropy of the length of the code, and its lower bits whole");
        note("Huffman: on the bytes of the codes, one table for each place of a byte");
    }
    note("Huffman bytes include the tables; \"-\": weights or vectors would be stored beside");
    if stages.excerpt.frames == 1 {
        note("one frame: those that need earlier frames do as med");
    }
}

fn run_lengths(stages: &Stages) {
    title("Run lengths of the bytes", &format!("{:>24}  {:>8}", "bytes", "ratio"));
    for found in &stages.run_lengths {
        let ratio = ratio(stages.raw_bytes as f64, found.bytes as f64);
        row(found.name, &format!("{:>24}  {ratio:>8}", numbers::count(found.bytes)));
    }
}

fn quantised(dct: &Quantised) {
    let head = format!("{:>11}  {:>8}  {:>13}  {:>8}", "zeros", "RMSE", "Huffman bytes", "ratio");
    title("DCT of 8 x 8 blocks, lossy", &head);
    let mut qualities: Vec<_> = dct.qualities.iter().collect();
    qualities.sort_by_key(|quality| quality.bytes);
    for quality in qualities {
        row(
            &format!("quality {}", quality.quality),
            &format!(
                "{:>9.2} %  {:>8}  {:>13}  {:>8}",
                quality.zeros * 100.0,
                numbers::three_digits(quality.rmse),
                numbers::count(quality.bytes),
                ratio(dct.raw_bytes as f64, quality.bytes as f64)
            ),
        );
    }
    note(&format!("luminance table of JPEG, 8-bit samples: {}", dct.scaling));
    note("first coefficients less their west neighbour, zero runs of the others, Huffman codes for both");
    left_out(dct.frames_left_out);
}

fn compaction(compacted: &Compacted) {
    let name = format!("{} of {} coefficients kept", compacted.kept, compacted.of);
    title(&name, &format!("{:>11}  {:>8}", "RMSE", "energy"));
    let mut lines = [("KLT", &compacted.klt), ("DCT", &compacted.dct)];
    lines.sort_by(|a, b| a.1.rmse.total_cmp(&b.1.rmse));
    for (name, left) in lines {
        row(name, &format!("{:>11}  {:>6.2} %", significant(left.rmse), left.energy * 100.0));
    }
    note("8 x 8 blocks less their mean; those of the largest variance; RMSE in the unit of the samples");
    left_out(compacted.frames_left_out);
}

fn left_out(frames: usize) {
    match frames {
        0 => {}
        1 => note("without 1 frame that has NaN or infinite samples"),
        _ => note(&format!(
            "without {} frames that have NaN or infinite samples",
            numbers::count(frames as u64)
        )),
    }
}

/// How many times smaller; "-" where nothing is left.
fn ratio(before: f64, after: f64) -> String {
    if after > 0.0 { numbers::three_digits(before / after) } else { "-".to_owned() }
}

/// Four digits that mean something, of very small and large numbers too.
fn significant(value: f64) -> String {
    if value == 0.0 || (1e-2..1e6).contains(&value) { format!("{value:.3}") } else { format!("{value:.3e}") }
}

fn title(name: &str, columns: &str) {
    screen::print(format!("\n{name:<30}{columns}").trim_end());
}

fn row(name: &str, columns: &str) {
    screen::print(format!("  {name:<28}{columns}"));
}

fn note(text: &str) {
    screen::print(format!("  {text}"));
}
