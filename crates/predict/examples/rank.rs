//! Ranks all predictors on a file of raw samples: `rank FILE TYPE FRAMES HEIGHT WIDTH`, little-endian.
//! With a picture of its own, if it is called without words.

use std::error::Error;

use stack_predict::ranking::rank;
use stack_predict::{Ordered, Shape};

fn print<S: Ordered>(shape: Shape, samples: &[S]) -> Result<(), Box<dyn Error>> {
    let frames: Vec<&[S]> = samples.chunks_exact(shape.len()).collect();
    for ranked in rank(shape, &frames)? {
        println!("{:<24} {:7.4} bits a sample", ranked.candidate, ranked.bits);
    }
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [file, kind, frames, height, width] = words.as_slice() else {
        let rings = |n: i32| ((n % 64 - 30).pow(2) + (n / 64 % 64 - 25).pow(2) + 9 * (n / 4096)) as u8;
        return print(Shape::new(64, 64)?, &(0..3 * 4096).map(rings).collect::<Vec<u8>>());
    };
    let shape = Shape::new(height.parse()?, width.parse()?)?;
    let bytes = std::fs::read(file)?;
    let samples = shape.len() * frames.parse::<usize>()?;
    match (kind.as_str(), bytes.len() / samples) {
        ("u8", 1) => print(shape, &bytes[..samples]),
        ("u16", 2) => print(shape, &read(&bytes, u16::from_le_bytes)),
        ("f32", 4) => print(shape, &read(&bytes, f32::from_le_bytes)),
        _ => Err("the type is u8, u16 or f32, and the file holds all frames".into()),
    }
}

fn read<const N: usize, S>(bytes: &[u8], of: fn([u8; N]) -> S) -> Vec<S> {
    bytes.as_chunks::<N>().0.iter().map(|&sample| of(sample)).collect()
}
