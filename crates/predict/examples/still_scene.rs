//! A still scene under noise: one frame before, two, all of them, and the nearer extreme.

use stack_predict::{Earlier, Error, Key, Predictor, RunningMean, Shape, nearer_extreme};

fn mean_bits<K: Key>(codes: &[K]) -> f64 {
    codes.iter().map(|code| f64::from(128 - code.widened().leading_zeros())).sum::<f64>() / codes.len() as f64
}

fn main() -> Result<(), Error> {
    let shape = Shape::new(40, 50)?;
    let sample = |n: u64| (90 + n % 50 + (n.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 60)) as u8;
    let frames: Vec<Vec<u8>> =
        (0..12).map(|t| (0..2000).map(|n| sample(n + 1_000_000 * t)).collect()).collect();
    let all: Vec<&[u8]> = frames.iter().map(Vec::as_slice).collect();
    let (mut lowest, mut highest) = (frames[0].clone(), frames[0].clone());
    frames.iter().for_each(|frame| nearer_extreme::widen(frame, &mut lowest, &mut highest));

    let (mut mean, mut codes) = (RunningMean::new(shape), vec![0_u8; shape.len()]);
    println!("frame  mean length of the codes: previous frame, mean of two, mean of all, nearer extreme");
    for (index, frame) in frames.iter().enumerate() {
        let mut lengths = Vec::new();
        for predictor in [Predictor::PreviousFrame, Predictor::MeanOfTwo] {
            predictor.encode(shape, frame, Earlier::of(&all, index), &mut codes)?;
            lengths.push(mean_bits(&codes));
        }
        mean.encode(frame, &mut codes)?;
        lengths.push(mean_bits(&codes));
        nearer_extreme::encode(frame, &lowest, &highest, &mut codes).expect("all frames were looked at");
        lengths.push(mean_bits(&codes));
        println!("{index:5}  {lengths:.2?}");
    }
    Ok(())
}
