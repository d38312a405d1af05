//! Coverage-guided: `cargo fuzz run huffman --features libfuzzer`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    stackpress_fuzz::entropy::huffman(bytes);
});
