//! Coverage-guided: `cargo fuzz run input_file --features libfuzzer`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    stackpress_fuzz::files::input_file(bytes);
});
