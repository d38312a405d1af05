//! Coverage-guided: `cargo fuzz run envelope --features libfuzzer`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    stackpress_fuzz::tables::envelope(bytes);
});
