//! Coverage-guided: `cargo fuzz run filter_chunk --features libfuzzer`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    stackpress_fuzz::chunks::filter_chunk(bytes);
});
