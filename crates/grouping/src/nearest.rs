//! An order of frames in which neighbours are alike: a short path through all thumbnails.
//!
//! ```text
//! thumbnails --> nearest neighbours of each --> shortest links first --> chain --> local improvement --> order
//!                trees of random cuts,          no frame more than       2-opt and Or-opt with
//!                neighbours of neighbours       twice, no ring           neighbour lists
//! ```
//!
//! The shortest path itself (a travelling salesman without a way back) is out of reach for many frames; what counts is
//! that almost every frame lies beside one of its nearest neighbours.
//!
//! | step | source | cost for `n` frames |
//! |---|---|---|
//! | up to [`BRUTE_FORCE`] operations: all distances; else trees that cut space by random planes | Dasgupta, Freund, *Random projection trees*, STOC 2008 | `n^2`; `n log n` |
//! | neighbours of neighbours | Dong, Charikar, Li, *Efficient k-nearest neighbor graph construction*, WWW 2011 | `n` |
//! | links, shortest first | Bentley, *Fast algorithms for geometric traveling salesman problems*, ORSA J. Comput. 4(4), 1992 | `n log n` |
//! | 2-opt, Or-opt, neighbour lists, don't-look bits | as before; Or, 1976 | about `n`, by measuring |
//!
//! Equal thumbnails are one point until the chain is done. Nothing depends on the number of threads; random numbers
//! come from fixed seeds. The chain begins with the end that lies nearer to frame 0.
//!
//! ```
//! use stack_core::{FrameBuf, FrameShape, Silent};
//! use stack_grouping::{Side, Thumbnails, nearest_order};
//!
//! let mut thumbnails = Thumbnails::new(FrameShape::gray(1, 1)?, Side::new(16)?);
//! for level in [40, 10, 30, 20] {
//!     thumbnails.push(&FrameBuf::U8(vec![level]))?;
//! }
//! assert_eq!(nearest_order(&thumbnails, &Silent)?, [0, 2, 3, 1]);
//! # Ok::<(), stack_core::Error>(())
//! ```
//!
//! Exercise: print [`chain_length`] of the order of the stack, of this one, and of a shuffled one.

mod improve;
mod links;
mod neighbours;

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use stack_core::{Progress, Result};

use crate::Thumbnails;
pub use neighbours::BRUTE_FORCE;

/// Neighbours that are looked for, for each frame.
const NEIGHBOURS: usize = 8;

/// The frames in an order in which neighbours are alike: the frame at place 0, at place 1, and so on.
///
/// # Errors
/// [`Error::Cancelled`](stack_core::Error::Cancelled).
///
/// # Panics
/// For more frames than 32 bits count.
pub fn nearest_order(thumbnails: &Thumbnails, progress: &dyn Progress) -> Result<Vec<u32>> {
    let equal = EqualThumbnails::of(thumbnails);
    let points = Points { thumbnails, frames: &equal.firsts };
    let near = neighbours::nearest(&points, NEIGHBOURS, progress)?;
    let chain = links::chain(&points, &near, progress)?;
    let chain = improve::improved(&points, &near, chain, progress)?;
    let mut order: Vec<u32> = chain.iter().flat_map(|&point| equal.frames(point)).collect();
    begin_near_frame_0(&mut order);
    Ok(order)
}

/// Frames and their nearest neighbours, as pairs; of equal thumbnails, each with the next one.
pub(crate) fn neighbour_pairs(thumbnails: &Thumbnails, progress: &dyn Progress) -> Result<Vec<(u32, u32)>> {
    let equal = EqualThumbnails::of(thumbnails);
    let points = Points { thumbnails, frames: &equal.firsts };
    let near = neighbours::nearest(&points, NEIGHBOURS, progress)?;
    let next =
        (0..).zip(&equal.next).map(|(frame, &next)| (frame, next)).filter(|(frame, next)| frame != next);
    let neighbours = (0..points.len() as u32).flat_map(|point| {
        let firsts = &equal.firsts;
        near.of(point).iter().map(move |near| (firsts[point as usize], firsts[near.point as usize]))
    });
    Ok(next.chain(neighbours).collect())
}

/// The sum of the distances of neighbours in an order.
pub fn chain_length(thumbnails: &Thumbnails, order: &[u32]) -> f64 {
    order.windows(2).map(|pair| f64::from(thumbnails.distance(pair[0], pair[1]))).sum()
}

/// Turns the order round if its other end is nearer to frame 0; in the middle, if it has the smaller number.
fn begin_near_frame_0(order: &mut [u32]) {
    let Some(place) = order.iter().position(|&frame| frame == 0) else { return };
    let behind = order.len() - 1 - place;
    if behind < place || (behind == place && order.last() < order.first()) {
        order.reverse();
    }
}

/// Some of the thumbnails, numbered from 0.
struct Points<'a> {
    thumbnails: &'a Thumbnails,
    frames: &'a [u32],
}

impl Points<'_> {
    fn len(&self) -> usize {
        self.frames.len()
    }

    fn values(&self, point: u32) -> &[f32] {
        self.thumbnails.thumbnail(self.frames[point as usize])
    }

    fn distance(&self, a: u32, b: u32) -> f32 {
        self.thumbnails.distance(self.frames[a as usize], self.frames[b as usize])
    }
}

/// Frames with equal thumbnails.
struct EqualThumbnails {
    /// The first of each kind.
    firsts: Vec<u32>,
    /// For each frame the next one with an equal thumbnail, or itself.
    next: Vec<u32>,
}

impl EqualThumbnails {
    fn of(thumbnails: &Thumbnails) -> Self {
        let count = u32::try_from(thumbnails.frames()).expect("frames are counted in 32 bits");
        let mut last = HashMap::with_capacity(thumbnails.frames());
        let (mut firsts, mut next) = (Vec::new(), Vec::new());
        for frame in 0..count {
            next.push(frame);
            match last.entry(Bits(thumbnails.thumbnail(frame))) {
                Entry::Occupied(mut entry) => {
                    let before = entry.insert(frame);
                    next[before as usize] = frame;
                }
                Entry::Vacant(entry) => {
                    entry.insert(frame);
                    firsts.push(frame);
                }
            }
        }
        Self { firsts, next }
    }

    fn frames(&self, point: u32) -> impl Iterator<Item = u32> {
        let first = self.firsts[point as usize];
        std::iter::successors(Some(first), |&frame| {
            let next = self.next[frame as usize];
            (next != frame).then_some(next)
        })
    }
}

/// Values that are equal where their bits are; zeros of both signs are one.
struct Bits<'a>(&'a [f32]);

impl Bits<'_> {
    fn words(&self) -> impl Iterator<Item = u32> {
        self.0.iter().map(|value| (value + 0.0).to_bits())
    }
}

impl PartialEq for Bits<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.words().eq(other.words())
    }
}

impl Eq for Bits<'_> {}

impl std::hash::Hash for Bits<'_> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.words().for_each(|word| state.write_u32(word));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rand_xoshiro::Xoshiro256PlusPlus;
    use rand_xoshiro::rand_core::{Rng, SeedableRng};
    use stack_core::{Error, FrameBuf, FrameShape, Silent};

    use super::*;
    use crate::Side;

    pub(super) fn thumbnails<const CELLS: usize>(levels: &[[u8; CELLS]]) -> Thumbnails {
        let mut thumbnails = Thumbnails::new(FrameShape::gray(1, CELLS).unwrap(), Side::new(CELLS).unwrap());
        for frame in levels {
            thumbnails.push(&FrameBuf::U8(frame.to_vec())).unwrap();
        }
        thumbnails
    }

    pub(super) fn random_thumbnails(frames: usize, cells: usize) -> Thumbnails {
        let mut random = Xoshiro256PlusPlus::seed_from_u64(1);
        let mut thumbnails = Thumbnails::new(FrameShape::gray(1, cells).unwrap(), Side::new(cells).unwrap());
        for _ in 0..frames {
            let samples = (0..cells).map(|_| random.next_u32() as i32 >> 8).collect();
            thumbnails.push(&FrameBuf::I32(samples)).unwrap();
        }
        thumbnails
    }

    /// Numbers from 0 on in an order that a seed gives.
    pub(super) fn permuted(count: usize, seed: u64) -> Vec<u32> {
        let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
        let mut keys: Vec<(u64, u32)> = (0..count as u32).map(|number| (random.next_u64(), number)).collect();
        keys.sort_unstable();
        keys.into_iter().map(|(_, number)| number).collect()
    }

    fn is_permutation(order: &[u32]) -> bool {
        let mut sorted = order.to_vec();
        sorted.sort_unstable();
        sorted.iter().copied().eq(0..order.len() as u32)
    }

    #[test]
    fn few_and_equal_frames() {
        let order = |levels: &[[u8; 1]]| nearest_order(&thumbnails(levels), &Silent).unwrap();
        assert_eq!(order(&[]), [0; 0]);
        assert_eq!(order(&[[7]]), [0]);
        assert_eq!(order(&[[7], [3]]), [0, 1]);
        assert_eq!(order(&[[7], [3], [5]]), [0, 2, 1]);
        assert_eq!(order(&[[7]; 300]), (0..300).collect::<Vec<u32>>());
        assert_eq!(order(&[[1], [9], [1], [9], [1]]), [0, 2, 4, 1, 3]);
    }

    #[test]
    fn frames_at_equal_distances_are_all_found() {
        let mut levels = [[0_u8; 200]; 200];
        for (place, frame) in levels.iter_mut().enumerate() {
            frame[place] = 9;
        }
        let order = nearest_order(&thumbnails(&levels), &Silent).unwrap();
        assert!(is_permutation(&order));
    }

    #[test]
    fn a_shuffled_line_is_put_in_order() {
        let shuffled = permuted(5000, 3);
        let levels: Vec<[u8; 2]> =
            shuffled.iter().map(|&level| [(level / 256) as u8, (level % 256) as u8]).collect();
        let mut line = Thumbnails::new(FrameShape::gray(1, 1).unwrap(), Side::new(1).unwrap());
        for level in &levels {
            let level = u16::from_be_bytes(*level);
            line.push(&FrameBuf::U16(vec![level])).unwrap();
        }
        let order = nearest_order(&line, &Silent).unwrap();
        assert_eq!(chain_length(&line, &order), 4999.0);
        let place = order.iter().position(|&frame| frame == 0).unwrap();
        assert!(place < 2500);
    }

    #[test]
    fn threads_change_nothing() {
        let thumbnails = random_thumbnails(1500, 5);
        let order = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| nearest_order(&thumbnails, &Silent).unwrap())
        };
        let one = order(1);
        assert!(is_permutation(&one));
        assert_eq!(one, order(4));
        assert!(chain_length(&thumbnails, &one) < 0.4 * chain_length(&thumbnails, &permuted(1500, 1)));
    }

    #[test]
    fn it_stops_when_asked() {
        struct Stopped;
        impl Progress for Stopped {
            fn phase(&self, _: &str, _: u64) {}
            fn advance(&self, _: u64, _: u64) {}
            fn stopped(&self) -> bool {
                true
            }
        }
        assert!(matches!(nearest_order(&random_thumbnails(100, 2), &Stopped), Err(Error::Cancelled)));
    }

    /// The shortest of all chains.
    fn shortest(thumbnails: &Thumbnails, chain: &mut Vec<u32>, length: f64) -> f64 {
        let count = thumbnails.frames();
        if chain.len() == count {
            return length;
        }
        let mut best = f64::INFINITY;
        for frame in 0..count as u32 {
            if !chain.contains(&frame) {
                let step = chain.last().map_or(0.0, |&last| f64::from(thumbnails.distance(last, frame)));
                chain.push(frame);
                best = best.min(shortest(thumbnails, chain, length + step));
                chain.pop();
            }
        }
        best
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

        #[test]
        fn chains_are_hardly_longer_than_the_shortest(levels in prop::collection::vec(any::<[u8; 2]>(), 0..8)) {
            let thumbnails = thumbnails(&levels);
            let order = nearest_order(&thumbnails, &Silent).unwrap();
            prop_assert!(is_permutation(&order));
            let length = chain_length(&thumbnails, &order);
            let best = shortest(&thumbnails, &mut Vec::new(), 0.0);
            prop_assert!(length <= 1.5 * best, "{} {}", length, best);
        }

        #[test]
        fn orders_are_permutations(levels in prop::collection::vec([0_u8..3, 0..3, 0..9], 0..300)) {
            let order = nearest_order(&thumbnails(&levels), &Silent).unwrap();
            prop_assert_eq!(order.len(), levels.len());
            prop_assert!(is_permutation(&order));
            prop_assert!(order.is_empty() || order.iter().position(|&frame| frame == 0) < Some(order.len().div_ceil(2)));
        }
    }
}
