//! YCoCg-R: a colour transform of integers that loses nothing.
//!
//! ```text
//! Co = R - B                      t = Y - floor(Cg / 2)
//! t  = B + floor(Co / 2)          G = Cg + t
//! Cg = G - t                      B = t - floor(Co / 2)
//! Y  = t + floor(Cg / 2)          R = B + Co
//! ```
//!
//! Each line changes one number by a function of the others ("lifting"), so that it can be undone whatever the
//! rounding. Compared with [`crate::colour`]: exact, additions and shifts only, but Co and Cg need one bit more than
//! the samples, and Y is not the brightness of television. Source: Malvar, Sullivan, "YCoCg-R: A color space with RGB
//! reversibility and low dynamic range", JVT-I014r3 (2003).
//!
//! ```
//! use stack_transform::ycocg;
//!
//! assert_eq!(ycocg::forward([255, 128, 0]), [127, 255, 1]);
//! assert_eq!(ycocg::inverse([127, 255, 1]), [255, 128, 0]);
//! assert_eq!(ycocg::forward([90, 90, 90]), [90, 0, 0]);
//! ```
//!
//! Cost: four additions and two shifts a pixel. For samples of 0 to 2^n - 1, Y is within the same range, and Co and Cg
//! are within plus and minus 2^n - 1. Any other integers come back too: sums wrap around at 32 bits both ways.
//!
//! Exercise: write the average of two integers and their difference as two lifting steps, and undo them.

/// `Y, Co, Cg` of a colour.
#[must_use]
#[inline]
pub fn forward([red, green, blue]: [i32; 3]) -> [i32; 3] {
    let co = red.wrapping_sub(blue);
    let t = blue.wrapping_add(co >> 1);
    let cg = green.wrapping_sub(t);
    [t.wrapping_add(cg >> 1), co, cg]
}

/// The colour of `Y, Co, Cg`.
#[must_use]
#[inline]
pub fn inverse([y, co, cg]: [i32; 3]) -> [i32; 3] {
    let t = y.wrapping_sub(cg >> 1);
    let green = cg.wrapping_add(t);
    let blue = t.wrapping_sub(co >> 1);
    [blue.wrapping_add(co), green, blue]
}
