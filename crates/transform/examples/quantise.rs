//! What JPEG's tables cost and save: coefficients that are not zero, and the error, by quality.
//!
//! `cargo run -p stack-transform --example quantise`

use stack_transform::dct8::Coder;
use stack_transform::tables::LUMINANCE;
use stack_transform::{Result, Size};

fn main() -> Result<()> {
    let size = Size::new(240, 320)?;
    let samples: Vec<u8> = (0..size.area())
        .map(|i| {
            let (y, x) = (i / 320, i % 320);
            (if (x / 40 + y / 40) % 2 == 0 { x / 2 + 40 } else { y / 2 + 90 } + i * i % 7) as u8
        })
        .collect();
    println!("quality   not zero   RMSE");
    for quality in [10, 25, 50, 75, 90, 95, 100] {
        let coder = Coder::new(&LUMINANCE.with_quality(quality)?);
        let mut indices = vec![0; Coder::indices(size)?];
        coder.forward_plane(&samples, size, 128.0, &mut indices)?;
        let mut decoded = vec![0_u8; size.area()];
        coder.inverse_plane(&indices, size, 128.0, &mut decoded)?;
        let kept = indices.iter().filter(|index| **index != 0).count();
        let squares = samples.iter().zip(&decoded).map(|(a, b)| f64::from(a.abs_diff(*b)).powi(2));
        let rmse = (squares.sum::<f64>() / size.area() as f64).sqrt();
        println!("{quality:7}   {:6.2} %   {rmse:4.2}", 100.0 * kept as f64 / indices.len() as f64);
    }
    Ok(())
}
