//! Piles of similar frames: a chain of neighbours, cut where two of them are far apart.
//!
//! ```text
//! frames of the chain   a   b   c   d   e   f   g
//! distances               2   1   2   90  3   2         90 > 4 * median(2, 1, 2, 3, 2): two piles
//! ```
//!
//! The rule has one number, the `factor`: a link is cut if it is longer than `factor` times the median of the links
//! around it, [`AROUND`] on either side. The lower of two medians counts, links of length 0 do not; where no other link
//! has a length, every one that has is cut. So tight piles and loose ones may lie in one stack, and a stack whose frames
//! all differ alike is one pile.
//!
//! ```
//! use stack_core::{FrameBuf, FrameShape, Silent};
//! use stack_grouping::{Side, Thumbnails, clusters, nearest_order};
//!
//! let mut thumbnails = Thumbnails::new(FrameShape::gray(1, 1)?, Side::new(16)?);
//! for level in [10, 200, 13, 202, 11, 205] {
//!     thumbnails.push(&FrameBuf::U8(vec![level]))?;
//! }
//! let order = nearest_order(&thumbnails, &Silent)?;
//! assert_eq!(clusters(&thumbnails, &order, 4.0), [&[0, 4, 2], &[1, 3, 5]]);
//! # Ok::<(), stack_core::Error>(())
//! ```

use crate::Thumbnails;

/// Links on either side that a link is compared with.
pub const AROUND: usize = 8;

/// A factor that finds the scenes of a mixed set and leaves steady stacks whole.
pub const FACTOR: f64 = 4.0;

/// Cuts `order`, in which neighbours are alike, into runs of similar frames.
///
/// # Panics
/// If `order` names a frame that has no thumbnail.
pub fn clusters<'a>(thumbnails: &Thumbnails, order: &'a [u32], factor: f64) -> Vec<&'a [u32]> {
    let links: Vec<f32> = order.windows(2).map(|pair| thumbnails.distance(pair[0], pair[1])).collect();
    let mut piles = Vec::new();
    let mut start = 0;
    for (at, &link) in links.iter().enumerate() {
        if f64::from(link) > factor * f64::from(usual_length(&links, at)) {
            piles.push(&order[start..=at]);
            start = at + 1;
        }
    }
    if start < order.len() {
        piles.push(&order[start..]);
    }
    piles
}

/// The lower median of the links around one, without it and without those of length 0; 0 if there is none.
fn usual_length(links: &[f32], at: usize) -> f32 {
    let before = &links[at.saturating_sub(AROUND)..at];
    let behind = &links[at + 1..links.len().min(at + 1 + AROUND)];
    let mut lengths: Vec<f32> = before.iter().chain(behind).copied().filter(|length| *length > 0.0).collect();
    if lengths.is_empty() {
        return 0.0;
    }
    let middle = (lengths.len() - 1) / 2;
    *lengths.select_nth_unstable_by(middle, f32::total_cmp).1
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use stack_core::{FrameBuf, FrameShape};

    use super::*;
    use crate::Side;

    fn line(levels: &[u16]) -> (Thumbnails, Vec<u32>) {
        let mut thumbnails = Thumbnails::new(FrameShape::gray(1, 1).unwrap(), Side::new(1).unwrap());
        for &level in levels {
            thumbnails.push(&FrameBuf::U16(vec![level])).unwrap();
        }
        (thumbnails, (0..levels.len() as u32).collect())
    }

    fn lengths(levels: &[u16], factor: f64) -> Vec<usize> {
        let (thumbnails, order) = line(levels);
        clusters(&thumbnails, &order, factor).iter().map(|pile| pile.len()).collect()
    }

    #[test]
    fn scenes_are_told_apart_and_steady_stacks_are_whole() {
        assert_eq!(lengths(&[], 4.0), [0; 0]);
        assert_eq!(lengths(&[7], 4.0), [1]);
        assert_eq!(lengths(&[7, 9], 4.0), [1, 1]);
        assert_eq!(lengths(&[7, 7, 7], 4.0), [3]);
        assert_eq!(lengths(&[7, 7, 7, 9, 9], 4.0), [3, 2]);
        assert_eq!(lengths(&(0..100).map(|n| n * n).collect::<Vec<_>>(), 4.0), [100]);
        // A tight scene, a loose one, one frame that is like no other.
        let tight = (0..20).map(|n| 1000 + n);
        let loose = (0..20).map(|n| 5000 + 90 * n);
        let levels: Vec<u16> = tight.chain(loose).chain([60_000]).collect();
        assert_eq!(lengths(&levels, 4.0), [20, 20, 1]);
        // Pairs.
        let pairs: Vec<u16> = (0..40).map(|n| n / 2 * 1000 + n % 2).collect();
        assert_eq!(lengths(&pairs, 4.0), [2; 20]);
    }

    proptest! {
        #[test]
        fn piles_are_the_order_cut(levels in prop::collection::vec(0_u16..99, 0..60), factor in 0.5..9.0) {
            let (thumbnails, order) = line(&levels);
            let piles = clusters(&thumbnails, &order, factor);
            prop_assert!(piles.iter().all(|pile| !pile.is_empty()));
            prop_assert_eq!(piles.concat(), order);
        }
    }
}
