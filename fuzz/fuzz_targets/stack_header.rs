//! Coverage-guided: `cargo fuzz run stack_header --features libfuzzer`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    stackpress_fuzz::tables::stack_header(bytes);
});
