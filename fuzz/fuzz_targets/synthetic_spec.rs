//! Coverage-guided: `cargo fuzz run synthetic_spec --features libfuzzer`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    stackpress_fuzz::words::synthetic_spec(bytes);
});
