//! Run lengths of a row of a drawing, of a photograph and of noise: when they pay, and when they do not.
//!
//! `cargo run --example run_length`

use stack_entropy::bits::BitWriter;
use stack_entropy::run_length::zero_runs::{ZeroRun, encode};
use stack_entropy::run_length::{bit_runs, packbits, pairs, run_size_sign};

fn main() -> Result<(), stack_entropy::Error> {
    let drawing: Vec<u8> = (0..400).map(|x| if x / 50 % 2 == 0 { 255 } else { 0 }).collect();
    let photograph: Vec<u8> = (0..400_u32).map(|x| (x * x / 900) as u8).collect();
    let noise: Vec<u8> = (0..400_u32).map(|x| (x.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    println!("400 bytes as    pairs  PackBits  bit runs");
    for (name, row) in [("drawing", drawing), ("photograph", photograph), ("noise", noise)] {
        let bits = bit_runs::encode(&row, 8 * row.len())?.len();
        println!("{name:12} {:8} {:9} {bits:9}", pairs::encode(&row).len(), packbits::encode(&row).len());
    }
    let coefficients = [12, -3, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, 0, 0, 0, 0];
    let symbols: Vec<u8> = encode(&coefficients)?.iter().map(ZeroRun::symbol).collect();
    println!("{coefficients:?}\nas JPEG (run, size): {symbols:02x?}");
    let mut writer = BitWriter::new();
    run_size_sign::put(&coefficients, &mut writer)?;
    println!("as run, size, sign and magnitude: {} bits", writer.bit_len());
    Ok(())
}
