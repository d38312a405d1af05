//! Lines found by four masks: for each place of a drawing, the direction that answers most.
//!
//! `cargo run -p stack-transform --example lines`

use stack_transform::convolve::{Edge, Mask, convolve};
use stack_transform::{Result, Size};

const DRAWING: [&str; 9] = [
    "..#..............#..",
    "..#....#........#...",
    "..#.....#......#....",
    "..#......#....#.....",
    "..#.......#..#......",
    "....................",
    ".....#########......",
    "....................",
    "....................",
];

fn main() -> Result<()> {
    let size = Size::new(DRAWING.len(), DRAWING[0].len())?;
    let picture: Vec<f64> = DRAWING.concat().chars().map(|mark| f64::from(u8::from(mark == '#'))).collect();
    let masks = [
        ('-', Mask::horizontal_line()),
        ('|', Mask::vertical_line()),
        ('/', Mask::rising_line()),
        ('\\', Mask::falling_line()),
    ];
    let mut best = vec![(' ', 3.0); size.area()];
    for (sign, mask) in &masks {
        for (place, answer) in best.iter_mut().zip(convolve(&picture, size, mask, Edge::Nearest)?) {
            *place = if answer > place.1 { (*sign, answer) } else { *place };
        }
    }
    for row in best.chunks(size.width()) {
        println!("{}", row.iter().map(|(sign, _)| sign).collect::<String>());
    }
    Ok(())
}
