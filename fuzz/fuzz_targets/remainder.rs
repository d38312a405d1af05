//! Coverage-guided: `cargo fuzz run remainder --features libfuzzer`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    stackpress_fuzz::codec::remainder(bytes);
});
