//! Every fixed predictor on one picture: its residuals as a text picture, with their mean size.

use stack_predict::{Earlier, Error, Predictor, Shape, zigzag};

fn main() -> Result<(), Error> {
    let shape = Shape::new(8, 32)?;
    // A slope, a disc on it, and the disc two columns further in the next frame.
    let picture = |moved: i32| -> Vec<u8> {
        let sample = |n: i32| {
            let (y, x) = (n / 32, n % 32);
            (2 * x + 5 * y + if (x - 12 - moved).pow(2) + 4 * (y - 4).pow(2) < 40 { 90 } else { 0 }) as u8
        };
        (0..256).map(sample).collect()
    };
    let (previous, frame) = (picture(0), picture(2));
    for &predictor in Predictor::ALL {
        let mut codes = vec![0; shape.len()];
        predictor.encode(shape, &frame, Earlier::One(&previous), &mut codes)?;
        let sizes: Vec<u8> =
            codes.iter().map(|&code| (zigzag::from_zigzag(code) as i8).unsigned_abs()).collect();
        let mean = sizes.iter().map(|&size| f64::from(size)).sum::<f64>() / 256.0;
        println!("{predictor}: {}, mean size {mean:.2}", predictor.formula());
        for row in sizes.chunks(32) {
            let shade =
                |&size: &u8| [' ', '.', ':', '+', '#'][(8 - size.leading_zeros() as usize).div_ceil(2)];
            println!("    {}", row.iter().map(shade).collect::<String>());
        }
    }
    Ok(())
}
