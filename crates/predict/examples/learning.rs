//! Predictors that adapt, on a picture whose stripes turn halfway down: mean residuals of eight bands of rows.

use stack_predict::{Blocks, Earlier, Error, Nlms, Predictor, Shape, blend, least_squares, zigzag};

fn print(name: &str, codes: &[u8]) {
    let band = |codes: &[u8]| {
        let size = |&code: &u8| f64::from((zigzag::from_zigzag(code) as i8).unsigned_abs());
        format!("{:5.2}", codes.iter().map(size).sum::<f64>() / codes.len() as f64)
    };
    let bands: Vec<String> = codes.chunks(codes.len() / 8).map(band).collect();
    println!("{name:<14}{}", bands.join(" "));
}

fn main() -> Result<(), Error> {
    let shape = Shape::new(64, 64)?;
    let stripes = |n: usize| {
        let (y, x) = (n / 64, n % 64);
        ((if y < 32 { 7 * (x + y) } else { 5 * (2 * x + 64 - y) }) % 60 + ((n * 2_654_435) >> 7) % 4) as u8
    };
    let frame: Vec<u8> = (0..shape.len()).map(stripes).collect();
    let mut codes = vec![0; shape.len()];
    Predictor::Med.encode(shape, &frame, Earlier::None, &mut codes)?;
    print("med", &codes);
    Nlms::new().encode(shape, &frame, Earlier::None, &mut codes)?;
    print("nlms", &codes);
    blend::encode(shape, &frame, Earlier::None, &mut codes)?;
    print("blend", &codes);
    let blocks = Blocks::new(shape, 16)?;
    let weights = least_squares::fit(blocks, &frame, Earlier::None)?;
    least_squares::encode(blocks, &weights, &frame, Earlier::None, &mut codes)?;
    print("least squares", &codes);
    println!("weights of the first block, in 1/4096: {:?}", &weights[0][..5]);
    Ok(())
}
