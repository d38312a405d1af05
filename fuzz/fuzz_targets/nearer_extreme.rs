//! Coverage-guided: `cargo fuzz run nearer_extreme --features libfuzzer`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    stackpress_fuzz::codes::nearer_extreme(bytes);
});
