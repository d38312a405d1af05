//! One number for a whole message, step by step; then the same idea at speed.
//!
//! `cargo run --example rans`

use stack_entropy::frequencies::Frequencies;
use stack_entropy::rans::{compress, decompress, pop, push};

fn main() -> Result<(), stack_entropy::Error> {
    let frequencies = Frequencies::new(&[5, 2, 1], 3)?;
    let message = [0, 1, 0, 0, 2, 0, 1, 0];
    println!("frequencies 5, 2, 1 of 8; the message {message:?}");
    let mut number = 1;
    for &symbol in message.iter().rev() {
        number = push(number, symbol, &frequencies);
        println!("push {symbol}: {number:8}, {:.2} bits", (number as f64).log2());
    }
    for _ in message {
        let symbol;
        (symbol, number) = pop(number, &frequencies);
        println!("pop  {symbol}: {number:8}");
    }
    let bytes: Vec<u8> =
        (0..100_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 16).trailing_zeros() as u8).collect();
    let block = compress(&bytes);
    println!("{} bytes in a block of {}", bytes.len(), block.len());
    println!("came back: {}", decompress(&block, bytes.len())? == bytes);
    Ok(())
}
