//! The fast loops and the definitions side by side: equal codes, and how long each takes here and now.

use std::time::Instant;

use stack_predict::{Earlier, Error, Predictor, Shape};

fn main() -> Result<(), Error> {
    let shape = Shape::new(512, 512)?;
    let noise = |n: u64| (n.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 58) as u16 + (n % 512) as u16;
    let frame: Vec<u16> = (0..shape.len() as u64).map(noise).collect();
    let previous: Vec<u16> = (7..shape.len() as u64 + 7).map(noise).collect();
    let earlier = Earlier::One(&previous[..]);
    let (mut fast, mut slow) = (vec![0; shape.len()], vec![0; shape.len()]);
    for &predictor in Predictor::ALL {
        let start = Instant::now();
        predictor.encode(shape, &frame, earlier, &mut fast)?;
        let between = Instant::now();
        predictor.encode_by_definition(shape, &frame, earlier, &mut slow)?;
        let speed = |seconds: f64| shape.len() as f64 / seconds / 1e6;
        println!(
            "{predictor:<10} equal: {}  fast {:7.1}, by definition {:5.1} million samples a second",
            fast == slow,
            speed((between - start).as_secs_f64()),
            speed(between.elapsed().as_secs_f64())
        );
    }
    Ok(())
}
