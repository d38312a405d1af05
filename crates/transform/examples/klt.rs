//! What is left of a picture when few of 64 coefficients are kept: the KLT of the picture beside the DCT.
//!
//! `cargo run -p stack-transform --example klt`

use stack_transform::{Compaction, Kernel, Klt, Result, Size, blocks, zigzag};

fn main() -> Result<()> {
    let (picture, size) = (Size::square(256)?, Size::square(8)?);
    let samples: Vec<f64> = (0..picture.area())
        .map(|i| {
            let (y, x) = ((i / 256) as i64 - 128, (i % 256) as i64 - 90);
            let rings = (x * x + y * y) / 200 % 60;
            (rings.abs_diff(30) * 4 + ((i as u64 * 2_654_435_761) >> 20) % 9) as f64
        })
        .collect();
    let cut = blocks::cut(&samples, picture, size)?;
    let klt = Klt::of_blocks(size, &cut)?;
    let by_klt = Compaction::new(klt.kernel(), klt.mean(), &cut)?;
    let by_dct = Compaction::new(&Kernel::dct2(size)?, klt.mean(), &cut)?;
    let (best, energy, scan) = (by_klt.by_energy(), by_dct.by_energy(), zigzag::order(size)?);
    println!("kept   RMSE: KLT   DCT by energy   DCT in zigzag order   energy in the KLT's");
    for count in [1, 3, 10, 20, 40, 64] {
        let kept = by_klt.kept(&best, count);
        let (dct, zigzag) = (by_dct.kept(&energy, count), by_dct.kept(&scan, count));
        println!(
            "{count:4}   {:9.2}   {:13.2}   {:19.2}   {:16.2} %",
            kept.rmse,
            dct.rmse,
            zigzag.rmse,
            100.0 * kept.energy
        );
    }
    Ok(())
}
