//! Adaptive bits alone, and mixed from contexts: what a better model is worth on a file.
//!
//! `cargo run --release --example mixing [FILE]`

use stack_entropy::binary::{self, AdaptiveBit};
use stack_entropy::histogram::byte_counts;
use stack_entropy::information::entropy_of_counts;
use stack_entropy::mixing;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut estimate = AdaptiveBit::new(30);
    print!("an estimate that sees ones:");
    for _ in 0..8 {
        print!(" {:.3}", f64::from(estimate.probability().parts()) / 65_536.0);
        estimate.update(true);
    }
    let bytes = match std::env::args().nth(1) {
        Some(path) => std::fs::read(path)?,
        None => include_bytes!("mixing.rs").to_vec(),
    };
    println!("\nbytes                {:8}", bytes.len());
    println!(
        "entropy of the bytes {:10.1}",
        entropy_of_counts(byte_counts(&bytes)) * bytes.len() as f64 / 8.0
    );
    println!("binary, no context   {:8}", binary::compress(&bytes).len());
    let mixed = mixing::compress(&bytes);
    println!("mixed contexts       {:8}", mixed.len());
    println!("came back: {}", mixing::decompress(&mixed, bytes.len())? == bytes);
    Ok(())
}
