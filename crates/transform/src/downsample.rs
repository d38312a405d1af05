//! Smaller pictures: one sample for each block of k x k.
//!
//! ```text
//! factor 2: 1/4 of the samples      4: 1/16 = 6.25 %      8: 1/64 = 1.56 %
//! ```
//!
//! | method | sample | good for |
//! |---|---|---|
//! | [`Mean`](Reduction::Mean) | sum / k^2, halves up | pictures: noise falls by the factor k |
//! | [`Median`](Reduction::Median) | the middle one, the lower of two | single wrong samples vanish |
//! | [`Minimum`](Reduction::Minimum), [`Maximum`](Reduction::Maximum) | the least, the greatest | thin dark or bright things stay |
//! | [`Point`](Reduction::Point) | the top left one | labels; pictures get false patterns (aliasing) |
//!
//! Blocks cut by the edge have those samples that exist. Compared with [`crate::resample`]: whole factors only, no
//! overlap of the blocks, and order statistics. Back to the old size: [`crate::resample::nearest`] and
//! [`crate::resample::resize`]. Source: Gonzalez, Woods, *Digital Image Processing*, sections 2.4 and 3.5.
//!
//! ```
//! use stack_transform::{Size, downsample::{Reduction, reduce}};
//!
//! let size = Size::new(2, 5)?;
//! let picture = [10_u8, 20, 30, 200, 7, 30, 40, 30, 31, 9];
//! let by = |method| reduce(&picture, size, 2, method);
//! assert_eq!(by(Reduction::Mean)?, [25, 73, 8]);
//! assert_eq!(by(Reduction::Median)?, [20, 30, 7]);
//! assert_eq!(by(Reduction::Minimum)?, [10, 30, 7]);
//! assert_eq!(by(Reduction::Maximum)?, [40, 200, 9]);
//! assert_eq!(by(Reduction::Point)?, [10, 30, 7]);
//! # Ok::<(), stack_transform::Error>(())
//! ```
//!
//! Cost: one look at each sample; the median k^2 on average a block, k^4 at worst.
//!
//! Exercise: reduce a picture of lines, two pixels black and two white, by 2, 4 and 8 with each method. Move the lines
//! by one pixel and do it again.

use crate::error::{Error, Result, filled};
use crate::grey::Grey;
use crate::size::Size;

/// What stands for a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reduction {
    /// The mean, halves up.
    Mean,
    /// The median; of an even number, the lower of the two in the middle.
    Median,
    /// The least sample.
    Minimum,
    /// The greatest sample.
    Maximum,
    /// The sample at the top left.
    Point,
}

/// The picture of `size.divided_by(factor)` samples.
///
/// # Errors
/// [`Error::Parameter`] if the factor is not 1 to 4096; [`Error::Length`]; [`Error::Memory`].
pub fn reduce<T: Grey>(samples: &[T], size: Size, factor: usize, method: Reduction) -> Result<Vec<T>> {
    size.check("the picture", samples.len())?;
    if !(1..=4096).contains(&factor) {
        return Err(Error::parameter("the factor", factor as f64, "it may be 1 to 4096"));
    }
    let (height, width, small) = (size.height(), size.width(), size.divided_by(factor));
    let mut reduced = filled(small.area(), T::default())?;
    let mut block = Vec::new();
    for (i, result) in reduced.iter_mut().enumerate() {
        let (top, left) = (i / small.width() * factor, i % small.width() * factor);
        block.clear();
        for y in top..(top + factor).min(height) {
            block.extend_from_slice(&samples[y * width..][left..(left + factor).min(width)]);
        }
        *result = one(&mut block, method);
    }
    Ok(reduced)
}

/// One sample of a block that has at least one.
fn one<T: Grey>(block: &mut [T], method: Reduction) -> T {
    match method {
        Reduction::Mean => {
            let (count, sum) = block.iter().fold((0_u64, 0_u64), |(count, sum), sample| {
                (count + 1, sum + u64::from(Into::<u32>::into(*sample)))
            });
            T::limited(((sum + count / 2) / count) as u32)
        }
        Reduction::Median => {
            let middle = (block.len() - 1) / 2;
            *block.select_nth_unstable(middle).1
        }
        Reduction::Minimum => block.iter().copied().min().unwrap_or_default(),
        Reduction::Maximum => block.iter().copied().max().unwrap_or_default(),
        Reduction::Point => block[0],
    }
}
