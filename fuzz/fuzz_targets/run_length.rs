//! Coverage-guided: `cargo fuzz run run_length --features libfuzzer`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    stackpress_fuzz::entropy::run_length(bytes);
});
