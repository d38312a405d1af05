//! The table of the first source: what its script stores, what it says of it, and what is measured here.
//!
//! The script (`gen.py` of github.com/JohannesBuchner/imagestack) makes the reference stack, stores it as 32-bit floats in HDF5
//! and as 16-bit video, and prints five sizes. Its words are those of its `README`; the rest of a row is measured.

use stack_methods::Measurement;

use crate::escape;
use crate::markdown::{Left, Right, header, measured, record, why_not};
use crate::numbers::{fixed, grouped};

/// The stack of the script, without its sample type.
const STACK: &str = "1728 frames of 201 x 301";

/// A row of the script's table.
struct SourceRow {
    /// The words of its command line.
    words: &'static str,
    /// The type of the samples that it stores.
    sample: &'static str,
    /// The method that stands for it here.
    method: &'static str,
    /// Size in KB, where the script's documentation names one.
    claim: Option<u64>,
    /// What it says of the row beside the size.
    said: &'static str,
}

const fn row(
    words: &'static str,
    sample: &'static str,
    method: &'static str,
    claim: Option<u64>,
    said: &'static str,
) -> SourceRow {
    SourceRow { words, sample, method, claim, said }
}

/// All rows, in the order of the script.
const ROWS: &[SourceRow] = &[
    row("hdf5", "f32", "hdf5", None, ""),
    row("hdf5gz", "f32", "hdf5:gzip=9", None, ""),
    row("hdf5gzshuffle", "f32", "hdf5:shuffle,gzip=9", Some(278_728), ""),
    row("hdf5diff", "f32", "hdf5diff:shuffle,gzip=9", None, ""),
    row("group", "f32", "piles:shuffle,gzip=9", None, ""),
    row("video mp4", "u16", "video:mp4", None, "lossy"),
    row("video x264-fast", "u16", "video:x264-fast", Some(13_168), "loss-less"),
    row("video x264-slow", "u16", "video:x264-slow", Some(8_308), "loss-less"),
    row("video x264-interm", "u16", "video:x264-interm", None, "loss-less"),
    row("groupvideo mp4", "u16", "video:mp4,order=hash", None, "lossy"),
    row("groupvideo x264-fast", "u16", "video:x264-fast,order=hash", Some(12_832), "loss-less"),
    row("groupvideo x264-slow", "u16", "video:x264-slow,order=hash", Some(6_676), "loss-less"),
    row("groupvideo x264-interm", "u16", "video:x264-interm,order=hash", None, "loss-less"),
    row("pcaself, 20 components", "f32", "pca:components=20", None, ""),
];

/// How many of the smallest lossless methods stand below the script's rows, for each sample type.
const BESIDE: usize = 3;

/// The table as Markdown; `None` where the reference stack is not among the measurements.
///
/// ```
/// assert_eq!(stack_report::first_source(&[]), None);
/// ```
pub fn first_source(measurements: &[Measurement]) -> Option<String> {
    let of = |sample: &str| {
        let stack = format!("{STACK}, {sample}");
        measurements.iter().filter(move |row| row.stack == stack)
    };
    if of("f32").next().is_none() && of("u16").next().is_none() {
        return None;
    }
    let mut table = header(&[
        ("the script's words", Left),
        ("it says", Left),
        ("its size, KB", Right),
        ("measured here, KB", Right),
        ("of samples", Left),
        ("decoded samples", Left),
        ("method", Left),
    ]);
    let mut notes = Vec::new();
    for source in ROWS {
        let row = of(source.sample).find(|row| row.method == source.method);
        let said = [source.said.to_owned(), source.claim.map_or_else(String::new, grouped)];
        table += &line(source.words, said, source.sample, row, source.method, &mut notes);
    }
    for sample in ["f32", "u16"] {
        let lossless = |row: &&Measurement| row.figures().is_some_and(|figures| figures.errors.bit_exact());
        let known = |row: &&Measurement| ROWS.iter().any(|source| source.method == row.method);
        let mut rows: Vec<_> = of(sample).filter(lossless).filter(|row| !known(row)).collect();
        rows.sort_by_key(|row| row.figures().map_or(u64::MAX, |figures| figures.stored_bytes));
        for row in rows.into_iter().take(BESIDE) {
            let said = [String::new(), String::new()];
            table += &line("(truly lossless)", said, sample, Some(row), &row.method, &mut notes);
        }
    }
    table += "\n\
        The script's documentation speaks of 2,000 images of 300 x 200; the script makes 1,728 of 301 x 201, which is\n\
        what is measured here. KB are 1,000 bytes, headers, hashes and seal included. HDF5 and PCA store 32-bit floats\n\
        in the script, video 16-bit integers: a video row loses that much before it begins.\n";
    for (index, note) in notes.iter().enumerate() {
        table += &format!("\n<sup>{}</sup> really encoded: {}\n", index + 1, escape::markdown(note));
    }
    Some(table)
}

fn line(
    words: &str,
    [said, claim]: [String; 2],
    sample: &str,
    row: Option<&Measurement>,
    method: &str,
    notes: &mut Vec<String>,
) -> String {
    let code = escape::code(method);
    let Some(figures) = row.and_then(Measurement::figures) else {
        let reason = row.and_then(why_not).unwrap_or_else(|| "not measured".to_owned());
        return record(&[words.to_owned(), said, claim, String::new(), sample.to_owned(), reason, code]);
    };
    let mark = figures.encoded_as.as_ref().map_or_else(String::new, |note| {
        let known = notes.iter().position(|other| other == note).unwrap_or_else(|| {
            notes.push(note.clone());
            notes.len() - 1
        });
        format!(" <sup>{}</sup>", known + 1)
    });
    record(&[
        words.to_owned(),
        said,
        claim,
        fixed(figures.stored_bytes as f64 / 1e3, 0).parse().map_or_else(|_| String::new(), grouped),
        sample.to_owned(),
        measured(figures),
        code + &mark,
    ])
}
