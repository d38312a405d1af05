//! Coverage-guided: `cargo fuzz run predictors --features libfuzzer`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    stackpress_fuzz::codes::predictors(bytes);
});
