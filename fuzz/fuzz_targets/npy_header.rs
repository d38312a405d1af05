//! Coverage-guided: `cargo fuzz run npy_header --features libfuzzer`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    stackpress_fuzz::files::npy_header(bytes);
});
