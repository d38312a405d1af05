//! Fewer grey levels, and a palette: what they save and what they cost.
//!
//! `cargo run -p stack-transform --example levels`

use stack_transform::{Levels, Palette, Result};

fn main() -> Result<()> {
    let samples: Vec<u8> = (0..=255).cycle().take(100 * 256).collect();
    println!("levels   maximum   bits   smaller by   largest error");
    for count in [128, 64, 32, 16, 10, 4, 2] {
        let levels = Levels::new(8, count)?;
        let restored = levels.centre(&levels.reduce(&samples)?)?;
        let worst = samples.iter().zip(&restored).map(|(a, b)| a.abs_diff(*b)).max().unwrap_or(0);
        let (bits, saved) = (levels.bits(), 100.0 * levels.saved());
        println!("{count:6}   {:7}   {bits:4}   {saved:8.1} %   {worst:13}", levels.maximum());
    }
    println!("\ncolours   bits an index   bytes with palette   without");
    for colours in [2, 3, 16, 17, 200] {
        let picture: Vec<u8> = (0..64 * 64_u32).map(|i| (i * 7919 % colours) as u8).collect();
        let palette = Palette::of(&picture, 1, 256)?;
        let cost = palette.cost(picture.len());
        let (bits, total) = (cost.index_bits, cost.total_bytes());
        println!("{:7}   {bits:13}   {total:18}   {:7}", palette.len(), cost.raw_bytes);
    }
    Ok(())
}
