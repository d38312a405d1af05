//! Coverage-guided: `cargo fuzz run binary_coder --features libfuzzer`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    stackpress_fuzz::entropy::binary_coder(bytes);
});
