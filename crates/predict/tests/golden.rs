//! Codes that must never change, because files hold them: one frame after another, for every fixed predictor.

use stack_predict::{Earlier, Nlms, Predictor, RunningMean, Shape, blend};

const SHAPE: (usize, usize) = (3, 4);
const FRAMES: [[i16; 12]; 3] = [
    [100, 102, 90, -5, 98, 103, 95, 0, 97, 110, 100, 4],
    [101, 103, 92, -4, 99, 103, 94, 2, 99, 108, 101, 9],
    [103, 104, 90, 12, 97, 104, 99, -1, 100, 111, 98, 7],
];

/// The codes of the third frame, which has two before it, on one line for each predictor.
const GOLDEN: &str = "\
west: 206 2 27 155 11 14 9 199 6 22 25 181
north: 206 2 27 155 11 0 18 25 6 14 1 16
average: 206 2 27 155 11 8 4 111 6 18 13 81
paeth: 206 2 27 155 11 14 18 25 6 14 11 16
med: 206 2 27 155 11 12 18 43 6 14 15 16
gradient: 206 2 27 155 11 12 18 43 6 8 15 18
plane: 206 2 27 155 11 26 82 121 0 20 78 81
lorenzo2: 206 2 27 155 11 12 18 43 6 8 15 18
lorenzo3: 4 1 5 36 7 8 14 51 6 1 19 18
frame: 4 2 3 32 3 2 10 5 2 6 5 3
frame-med: 4 1 5 36 7 6 14 37 6 4 15 2
mean2: 6 4 1 34 1 2 10 3 4 4 3 2
running-mean: 4 2 1 32 3 2 8 3 4 4 5 0
nlms: 94 2 13 45 7 4 4 39 4 10 15 21
blend: 138 0 21 22 5 2 12 21 4 8 5 0
";

fn lines() -> String {
    let shape = Shape::new(SHAPE.0, SHAPE.1).unwrap();
    let earlier = Earlier::Two(&FRAMES[1][..], &FRAMES[0][..]);
    let mut text = String::new();
    let mut line = |name: &str, codes: &[u16]| {
        let codes: Vec<String> = codes.iter().map(u16::to_string).collect();
        text += &format!("{name}: {}\n", codes.join(" "));
    };
    let mut codes = [0; 12];
    for &predictor in Predictor::ALL {
        predictor.encode(shape, &FRAMES[2], earlier, &mut codes).unwrap();
        line(predictor.name(), &codes);
    }
    let (mut mean, mut nlms) = (RunningMean::new(shape), Nlms::new());
    for frame in &FRAMES {
        mean.encode(frame, &mut codes).unwrap();
    }
    line("running-mean", &codes);
    let frames: Vec<&[i16]> = FRAMES.iter().map(|frame| &frame[..]).collect();
    for (index, frame) in frames.iter().enumerate() {
        nlms.encode(shape, frame, Earlier::of(&frames, index), &mut codes).unwrap();
    }
    line("nlms", &codes);
    blend::encode(shape, &FRAMES[2], earlier, &mut codes).unwrap();
    line("blend", &codes);
    text
}

#[test]
fn codes_are_fixed() {
    assert_eq!(lines(), GOLDEN);
}
