//! Coverage-guided: `cargo fuzz run rans --features libfuzzer`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    stackpress_fuzz::entropy::rans(bytes);
});
