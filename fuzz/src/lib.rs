//! What every parser and decoder of untrusted bytes must survive: any bytes at all.
//!
//! ```text
//! TARGETS: name, seeds, body          body(&[u8]) must return: no panic, no endless loop, bounded memory
//!    |
//!    +-- tests/mutations.rs     seeds -> mutation::cases -> body     stable Rust, the same cases everywhere
//!    '-- fuzz_targets/NAME.rs   libFuzzer -> body                    coverage-guided, `cargo fuzz run`
//! ```
//!
//! | module | subject |
//! |---|---|
//! | [`mutation`] | damaged copies of valid inputs, numbered |
//! | [`words`] | specifications and other words of the command line |
//! | [`files`] | headers of arrays, and whole input files |
//! | [`chunks`] | the inverse filters of HDF5 chunks |
//! | [`codes`] | codes in place of samples |
//! | [`video`] | Matroska files |
//! | [`tables`] | the tables inside our files, and reports |
//! | [`entropy`] | the decoders of entropy coders |
//! | [`codec`] | chunks of the codec |
//!
//! A body checks more than survival where it can: what was accepted must print and parse back to the same thing.
//!
//! Run by `cargo xtask test` (briefly) and `cargo xtask soak` (for long). With a fuzzer:
//! `cargo fuzz run method_spec --features libfuzzer`.

#![forbid(unsafe_code)]

pub mod chunks;
pub mod codec;
pub mod codes;
pub mod entropy;
pub mod files;
pub mod mutation;
pub mod tables;
pub mod video;
pub mod words;

use stack_core::Limits;

/// A parser or decoder under test.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// Its name, also that of its file in `fuzz_targets`.
    pub name: &'static str,
    /// Valid inputs, which mutations start from; each must be accepted by `body`.
    pub seeds: fn() -> Vec<Vec<u8>>,
    /// Parses or decodes the bytes and checks what comes of it.
    ///
    /// Returns whether the bytes were accepted.
    pub body: fn(&[u8]) -> bool,
}

/// Every target.
pub const TARGETS: &[Target] = &[
    Target { name: "method_spec", seeds: words::method_spec_seeds, body: words::method_spec },
    Target { name: "synthetic_spec", seeds: words::synthetic_spec_seeds, body: words::synthetic_spec },
    Target { name: "raw_format", seeds: files::raw_format_seeds, body: files::raw_format },
    Target { name: "npy_header", seeds: files::npy_header_seeds, body: files::npy_header },
    Target { name: "input_file", seeds: files::input_file_seeds, body: files::input_file },
    Target { name: "filter_chunk", seeds: chunks::filter_chunk_seeds, body: chunks::filter_chunk },
    Target { name: "filter_record", seeds: chunks::filter_record_seeds, body: chunks::filter_record },
    Target { name: "nearer_extreme", seeds: codes::nearer_extreme_seeds, body: codes::nearer_extreme },
    Target { name: "predictors", seeds: codes::predictors_seeds, body: codes::predictors },
    Target { name: "matroska", seeds: video::matroska_seeds, body: video::matroska },
    Target { name: "stack_header", seeds: tables::stack_header_seeds, body: tables::stack_header },
    Target { name: "envelope", seeds: tables::envelope_seeds, body: tables::envelope },
    Target { name: "places", seeds: tables::places_seeds, body: tables::places },
    Target { name: "report_json", seeds: tables::report_json_seeds, body: tables::report_json },
    Target { name: "huffman", seeds: entropy::huffman_seeds, body: entropy::huffman },
    Target { name: "rans", seeds: entropy::rans_seeds, body: entropy::rans },
    Target { name: "range_coder", seeds: entropy::range_coder_seeds, body: entropy::range_coder },
    Target { name: "binary_coder", seeds: entropy::binary_coder_seeds, body: entropy::binary_coder },
    Target { name: "mixing", seeds: entropy::mixing_seeds, body: entropy::mixing },
    Target { name: "golomb", seeds: entropy::golomb_seeds, body: entropy::golomb },
    Target { name: "run_length", seeds: entropy::run_length_seeds, body: entropy::run_length },
    Target { name: "remainder", seeds: codec::remainder_seeds, body: codec::remainder },
];

/// Limits for inputs of a few kilobytes: what a decoder allocates beyond them is a finding.
pub const LIMITS: Limits = Limits {
    frames: 10_000,
    frame_bytes: 1 << 20,
    chunk_bytes: 1 << 20,
    metadata_bytes: 1 << 20,
    memory_bytes: 4 << 20,
};
