//! Coverage-guided: `cargo fuzz run raw_format --features libfuzzer`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    stackpress_fuzz::files::raw_format(bytes);
});
