//! Coverage-guided: `cargo fuzz run range_coder --features libfuzzer`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    stackpress_fuzz::entropy::range_coder(bytes);
});
