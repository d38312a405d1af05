//! Blocks of a moving picture, found again in the frame before.

use stack_predict::motion::{compensate, search};
use stack_predict::{Blocks, Error, Shape, residual};

fn main() -> Result<(), Error> {
    // Waves that stay, and a disc that moves by 3 columns to the right and 1 row up.
    let picture = |right: i32, up: i32| -> Vec<u8> {
        let sample = |n: i32| {
            let (y, x) = (n / 64, n % 64);
            let disc = (x - 30 - right).pow(2) + (y - 20 + up).pow(2);
            if disc < 120 { (200 - disc) as u8 } else { ((x * x + y * y * 3) / 64 % 40) as u8 }
        };
        (0..48 * 64).map(sample).collect()
    };
    let (previous, frame) = (picture(0, 0), picture(3, 1));
    let blocks = Blocks::new(Shape::new(48, 64)?, 8)?;
    let vectors = search(blocks, &frame, &previous, 4)?;
    for row in vectors.chunks(blocks.across()) {
        let words: Vec<String> =
            row.iter().map(|vector| format!("{:2},{:2}", vector.down, vector.right)).collect();
        println!("{}", words.join("  "));
    }
    let (mut prediction, mut codes) = (vec![0; frame.len()], vec![0; frame.len()]);
    residual::encode(&frame, &previous, &mut codes)?;
    println!(
        "samples that differ from the previous frame: {}",
        codes.iter().filter(|&&code| code != 0).count()
    );
    compensate(blocks, &previous, &vectors, &mut prediction)?;
    residual::encode(&frame, &prediction, &mut codes)?;
    println!(
        "samples that differ from the moved blocks:   {}",
        codes.iter().filter(|&&code| code != 0).count()
    );
    Ok(())
}
