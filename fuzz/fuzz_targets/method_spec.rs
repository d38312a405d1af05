//! Coverage-guided: `cargo fuzz run method_spec --features libfuzzer`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    stackpress_fuzz::words::method_spec(bytes);
});
