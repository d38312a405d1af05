//! What perceptual hashes see: a picture, the same brighter, noisy and mirrored, and the bits that differ.
//!
//! ```text
//! cargo run -p stack-grouping --example hashes
//! ```

use stack_core::Result;
use stack_grouping::{GreyPicture, HashKind};

const SIDE: usize = 96;

/// A picture by a formula for each place.
fn picture(level: impl Fn(f64, f64) -> f64) -> GreyPicture {
    let place = |i: usize| i as f64 / (SIDE - 1) as f64;
    let levels = (0..SIDE * SIDE).map(|i| level(place(i % SIDE), place(i / SIDE)) as u8).collect();
    GreyPicture { height: SIDE, width: SIDE, levels }
}

/// A hill on a slope.
fn scene(x: f64, y: f64) -> f64 {
    60.0 + 60.0 * y + 90.0 * (-30.0 * ((x - 0.3).powi(2) + (y - 0.4).powi(2))).exp()
}

fn main() -> Result<()> {
    let original = picture(scene);
    let noise = |x: f64, y: f64| ((x * 7919.0 + y * 104_729.0).sin() * 43_758.5).fract() * 20.0;
    let others = [
        ("brighter", picture(|x, y| scene(x, y) * 1.1 + 15.0)),
        ("noisy", picture(|x, y| scene(x, y) + noise(x, y))),
        ("mirrored", picture(|x, y| scene(1.0 - x, y))),
    ];
    println!("The average hash of 8 x 8 bits, set where a level is above the mean:");
    let hash = HashKind::Average.hash(&original, 8)?;
    for row in 0..8 {
        let bits: String = (0..8).map(|column| if hash.bit(row, column) { " #" } else { " ." }).collect();
        println!("   {bits}");
    }
    println!("\nBits of 64 that differ from those of the original:\n");
    println!("{:15} {:17} {:>9} {:>9} {:>9}", "hash", "of the original", "brighter", "noisy", "mirrored");
    for kind in HashKind::ALL {
        let hash = kind.hash(&original, 8)?;
        print!("{kind:15} {hash:17}");
        for (_, other) in &others {
            print!(" {:>9}", hash.distance(&kind.hash(other, 8)?)?);
        }
        println!();
    }
    Ok(())
}
