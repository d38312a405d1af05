//! How many bits do the bytes of a file need, alone and knowing the byte before?
//!
//! `cargo run --example information [FILE]`

use stack_entropy::histogram::Histogram;
use stack_entropy::information::{
    conditional_entropy, entropy_of_counts, mutual_information, self_information,
};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let bytes = match std::env::args().nth(1) {
        Some(path) => std::fs::read(path)?,
        None => b"she sells sea shells by the sea shore".to_vec(),
    };
    let histogram = Histogram::of(&bytes);
    println!("{} bytes of {} kinds", histogram.total(), histogram.kinds());
    let mut by_count: Vec<(u8, u64)> = histogram.iter().collect();
    by_count.sort_by_key(|&(byte, count)| (std::cmp::Reverse(count), byte));
    for &(byte, count) in by_count.iter().take(10) {
        let p = histogram.probability(&byte);
        println!(
            "{:6} {count:8} times, tells {:.3} bits",
            byte.escape_ascii().to_string(),
            self_information(p)?
        );
    }
    println!("entropy              {:.4} bits", entropy_of_counts(histogram.counts()));
    let after = bytes.get(1..).unwrap_or_default();
    let pairs = Histogram::joint(after, &bytes[..after.len()])?;
    println!("given the one before {:.4} bits", conditional_entropy(&pairs));
    println!("what it tells        {:.4} bits", mutual_information(&pairs));
    Ok(())
}
