//! Coverage-guided: `cargo fuzz run report_json --features libfuzzer`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    stackpress_fuzz::tables::report_json(bytes);
});
