//! Coverage-guided: `cargo fuzz run places --features libfuzzer`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    stackpress_fuzz::tables::places(bytes);
});
