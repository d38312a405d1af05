//! Coverage-guided: `cargo fuzz run filter_record --features libfuzzer`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    stackpress_fuzz::chunks::filter_record(bytes);
});
