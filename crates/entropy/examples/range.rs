//! The interval of a message as it narrows, and frequencies that follow a change.
//!
//! `cargo run --example range`

use stack_entropy::frequencies::Frequencies;
use stack_entropy::range::{compress, interval_by_definition};
use stack_entropy::rans;

fn main() -> Result<(), stack_entropy::Error> {
    let frequencies = Frequencies::new(&[5, 2, 1], 3)?;
    let message = [0, 1, 0, 0, 2, 0];
    for length in 0..=message.len() {
        let (low, width) = interval_by_definition(&message[..length], &frequencies);
        let unit = 8_f64.powi(length as i32);
        let bits = (unit / width as f64).log2();
        println!(
            "{:?}: {:.6} and {:.6} wide, {bits:.2} bits",
            &message[..length],
            low as f64 / unit,
            width as f64 / unit
        );
    }
    // Half of the bytes are 0 to 3, the other half 100 to 103.
    let changing: Vec<u8> = (0..100_000_u32)
        .map(|n| (n.wrapping_mul(2_654_435_761) >> 30) as u8 + if n < 50_000 { 0 } else { 100 })
        .collect();
    println!("adaptive frequencies: {} bytes", compress(&changing).len());
    println!("one table for all:    {} bytes", rans::compress(&changing).len());
    Ok(())
}
