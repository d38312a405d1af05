//! The Huffman tree of a text, its table, and what the canonical code for use makes of it.
//!
//! `cargo run --example huffman [TEXT]`

use stack_entropy::histogram::byte_counts;
use stack_entropy::huffman::tree::Tree;
use stack_entropy::huffman::{BYTE_CODE_LENGTH, Code, compress};
use stack_entropy::information::entropy_of_counts;

fn main() -> Result<(), stack_entropy::Error> {
    let text = std::env::args().nth(1).unwrap_or_else(|| "abracadabra".to_owned());
    let counts = byte_counts(text.as_bytes());
    let tree = Tree::from_counts(&counts)?;
    println!("{}\n{}", tree.drawing(), tree.table());
    let code = Code::from_counts(&counts, BYTE_CODE_LENGTH)?;
    println!("canonical words:");
    for symbol in 0..256 {
        if let Some((word, length)) = code.word(symbol) {
            println!(
                "{:6}  {word:0width$b}",
                (symbol as u8).escape_ascii().to_string(),
                width = length as usize
            );
        }
    }
    println!("entropy      {:7.1} bits", entropy_of_counts(counts) * text.len() as f64);
    println!("message      {:5} bits", code.message_bits(&counts));
    println!("stored table {:5} bits", code.table_bits());
    println!("whole block  {:5} bytes", compress(text.as_bytes()).len());
    Ok(())
}
