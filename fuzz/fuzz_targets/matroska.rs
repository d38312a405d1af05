//! Coverage-guided: `cargo fuzz run matroska --features libfuzzer`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    stackpress_fuzz::video::matroska(bytes);
});
