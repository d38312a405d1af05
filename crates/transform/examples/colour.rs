//! Where the variance of a colour picture goes: RGB, YCbCr, YCoCg-R and the KLT of its colours.
//!
//! `cargo run -p stack-transform --example colour`

use stack_transform::klt::covariance;
use stack_transform::{ColourMatrix, Klt, Result, ycocg};

fn main() -> Result<()> {
    // Shades of brown and green under changing light.
    let pixels: Vec<[u8; 3]> = (0..10_000_u32)
        .map(|i| {
            let (light, hue) = (60 + i * 7919 % 190, i / 100 % 100);
            [light * (160 - hue) / 170, light * (110 + hue / 3) / 170, light * (60 + hue / 4) / 170]
        })
        .map(|pixel| pixel.map(|sample| sample.min(255) as u8))
        .collect();
    let show = |name: &str, colours: Vec<[f64; 3]>| -> Result<()> {
        let (_, covariance) = covariance(3, &colours.concat())?;
        let variances = [covariance[0], covariance[4], covariance[8]];
        let total: f64 = variances.iter().sum();
        let shares = variances.map(|variance| format!("{:6.2} %", 100.0 * variance / total));
        println!("{name:8} {}", shares.join("  "));
        Ok(())
    };
    let map = |f: &dyn Fn([u8; 3]) -> [f64; 3]| pixels.iter().map(|pixel| f(*pixel)).collect();
    show("RGB", map(&|pixel| pixel.map(f64::from)))?;
    show("BT.601", map(&|pixel| ColourMatrix::Bt601.to_ycbcr_real(pixel.map(f64::from))))?;
    show("BT.709", map(&|pixel| ColourMatrix::Bt709.to_ycbcr_real(pixel.map(f64::from))))?;
    show("YCoCg-R", map(&|pixel| ycocg::forward(pixel.map(i32::from)).map(f64::from)))?;
    let klt = Klt::of_pixels(3, &pixels.concat())?;
    let total: f64 = klt.variances().iter().sum();
    let shares: Vec<String> =
        klt.variances().iter().map(|v| format!("{:6.2} %", 100.0 * v / total)).collect();
    println!("KLT      {}", shares.join("  "));
    Ok(())
}
