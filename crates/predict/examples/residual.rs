//! Residuals of integers and floats: wrapping, with codes that are small near zero, and the way back.

use stack_predict::{Ordered, residual, zigzag};

fn show<S: Ordered + PartialEq>(sample: S, prediction: S) {
    let code = residual::code(sample, prediction.to_key());
    let back: S = residual::sample(code, prediction.to_key());
    println!("{sample:?} predicted as {prediction:?}: code {code:?}, back {back:?}");
    assert_eq!(back.to_key(), sample.to_key());
}

fn main() {
    for residual in [0_i8, -1, 1, -2, 2, 127, -128] {
        println!("residual {residual:4} -> code {}", zigzag::to_zigzag(residual as u8));
    }
    show(10_u8, 12);
    show(250_u8, 3); // 247 up, or 9 down modulo 256
    show(-5_i16, 4);
    show(i32::MIN, i32::MAX); // one step, modulo 2^32
    show(1.0_f32, 1.000_001); // eight floats below
    show(-0.0_f32, 0.0);
    show(f64::NAN, f64::INFINITY);
}
