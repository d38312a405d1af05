//! What a decoder has near each sample of a small frame, borders included.

use stack_predict::{Earlier, Error, Neighbours, Shape};

fn main() -> Result<(), Error> {
    let shape = Shape::new(3, 4)?;
    let frame: [u8; 12] = [11, 12, 13, 14, 21, 22, 23, 24, 31, 32, 33, 34];
    let previous = frame.map(|sample| sample + 100);
    println!("sample   W   N  NW  NE  WW  NN |   T  TW  TN");
    for y in 0..shape.height() {
        for x in 0..shape.width() {
            let near = Neighbours::at(shape, &frame, Earlier::One(&previous), y, x);
            println!(
                "{:6} {:3} {:3} {:3} {:3} {:3} {:3} | {:3} {:3} {:3}",
                frame[y * 4 + x],
                near.west,
                near.north,
                near.north_west,
                near.north_east,
                near.west_west,
                near.north_north,
                near.previous.here,
                near.previous.west,
                near.previous.north,
            );
        }
    }
    Ok(())
}
