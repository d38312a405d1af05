//! Coverage-guided: `cargo fuzz run mixing --features libfuzzer`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    stackpress_fuzz::entropy::mixing(bytes);
});
