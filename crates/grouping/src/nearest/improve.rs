//! Local improvement of a chain: other links between a few points wherever that makes it shorter.
//!
//! ```text
//! 2-opt    a-b ... c-d            ->  a-c ... b-d           what lies between is turned round
//! Or-opt   p-[a..e]-q ... c-r     ->  p-q ... c-[a..e]-r    one to three points move elsewhere, turned round or not
//! ```
//!
//! A point is looked at while its don't-look bit is off; new links are sought to its nearest neighbours only. The chain
//! is a ring with one more point, at distance 0 from all, where it is open.

use std::collections::VecDeque;

use stack_core::{Progress, Result};

use super::Points;
use super::neighbours::Nearest;

/// Most points that one move may turn round: in a chain of millions, longer turns cost more than they gain.
const LONGEST_TURN: usize = 50_000;
/// Points between two looks at whether to stop.
const BATCH: usize = 1024;

/// The same points in a chain that is not longer.
pub(super) fn improved(
    points: &Points<'_>,
    near: &Nearest,
    chain: Vec<u32>,
    progress: &dyn Progress,
) -> Result<Vec<u32>> {
    if chain.len() < 3 {
        return Ok(chain);
    }
    let mut ring = Ring::new(points, near, chain);
    progress.phase("ordering", points.len() as u64);
    let mut waiting: VecDeque<u32> = ring.order.iter().copied().collect();
    let mut looking = vec![true; ring.order.len()];
    let mut looked = 0_usize;
    while let Some(point) = waiting.pop_front() {
        looked += 1;
        if looked.is_multiple_of(BATCH) {
            progress.check()?;
        }
        if looked <= points.len() {
            progress.advance(1, 0);
        }
        looking[point as usize] = false;
        while let Some(touched) = ring.improve_at(point) {
            for touched in touched.into_iter().flatten() {
                if !std::mem::replace(&mut looking[touched as usize], true) {
                    waiting.push_back(touched);
                }
            }
        }
    }
    Ok(ring.into_chain())
}

/// The ends of the links that a move changed.
type Touched = [Option<u32>; 6];

struct Ring<'a> {
    points: &'a Points<'a>,
    near: &'a Nearest,
    /// Points in their order; the last number of all is where the ring is open.
    order: Vec<u32>,
    place: Vec<u32>,
    open: u32,
}

#[derive(Clone, Copy)]
enum Way {
    Forward,
    Back,
}

impl Way {
    fn turned(self) -> Self {
        match self {
            Self::Forward => Self::Back,
            Self::Back => Self::Forward,
        }
    }
}

impl<'a> Ring<'a> {
    fn new(points: &'a Points<'a>, near: &'a Nearest, mut chain: Vec<u32>) -> Self {
        let open = points.len() as u32;
        chain.push(open);
        let mut place = vec![0; chain.len()];
        for (at, &point) in (0..).zip(&chain) {
            place[point as usize] = at;
        }
        Self { points, near, order: chain, place, open }
    }

    fn into_chain(mut self) -> Vec<u32> {
        self.order.rotate_left(self.place[self.open as usize] as usize);
        self.order.split_off(1)
    }

    fn next(&self, point: u32, way: Way) -> u32 {
        let (at, last) = (self.place[point as usize] as usize, self.order.len() - 1);
        match way {
            Way::Forward => self.order[if at == last { 0 } else { at + 1 }],
            Way::Back => self.order[if at == 0 { last } else { at - 1 }],
        }
    }

    fn distance(&self, a: u32, b: u32) -> f64 {
        if a == self.open || b == self.open { 0.0 } else { f64::from(self.points.distance(a, b)) }
    }

    /// Makes the first move found that begins at `point` and shortens the ring.
    fn improve_at(&mut self, point: u32) -> Option<Touched> {
        if point == self.open {
            return None;
        }
        [Way::Forward, Way::Back]
            .into_iter()
            .find_map(|way| self.two_opt(point, way).or_else(|| self.or_opt(point, way)))
    }

    /// Takes out the link from `a` on, for one to a neighbour.
    fn two_opt(&mut self, a: u32, way: Way) -> Option<Touched> {
        let b = self.next(a, way);
        let old = self.distance(a, b);
        for &near in self.near.of(a) {
            let (c, new) = (near.point, f64::from(near.distance));
            if new >= old {
                break;
            }
            let d = self.next(c, way);
            let before = old + self.distance(c, d);
            if is_shorter(new + self.distance(b, d), before) && self.is_short([a, b], [c, d]) {
                self.exchange([a, b], [c, d]);
                return Some([Some(a), Some(b), Some(c), Some(d), None, None]);
            }
        }
        None
    }

    /// Moves one to three points, `a` the first of them, beside a neighbour of `a`.
    fn or_opt(&mut self, a: u32, way: Way) -> Option<Touched> {
        let p = self.next(a, way.turned());
        let mut moved = [a; 3];
        for length in 1..=3 {
            if length > 1 {
                moved[length - 1] = self.next(moved[length - 2], way);
            }
            let moved = &moved[..length];
            let e = moved[length - 1];
            let q = self.next(e, way);
            if e == self.open || q == p || e == p {
                break;
            }
            let gain = self.distance(p, a) + self.distance(e, q) - self.distance(p, q);
            for &near in self.near.of(a) {
                let (c, new) = (near.point, f64::from(near.distance));
                if new >= gain {
                    break;
                }
                if moved.contains(&c) {
                    continue;
                }
                for side in [Way::Forward, Way::Back] {
                    let r = self.next(c, side);
                    if moved.contains(&r) {
                        continue;
                    }
                    let longer = new + self.distance(e, r) - self.distance(c, r);
                    if is_shorter(longer, gain) && self.relocate([p, a, e, q], [c, r], way) {
                        return Some([p, a, e, q, c, r].map(Some));
                    }
                }
            }
        }
        None
    }

    /// Moves the points from `a` to `e`, which lie between `p` and `q`, between `c` and `r`, `a` beside `c`.
    fn relocate(&mut self, [p, a, e, q]: [u32; 4], [c, r]: [u32; 2], way: Way) -> bool {
        let c_is_first = self.next(c, way) == r;
        let [x, y] = if c_is_first { [c, r] } else { [r, c] };
        if !self.is_short([p, a], [x, y]) {
            return false;
        }
        // p a..e q..x y  ->  p x..q e..a y  ->  p q..x e..a y
        self.exchange([p, a], [x, y]);
        self.exchange([p, x], [q, e]);
        if c_is_first {
            self.exchange([x, e], [a, y]);
        }
        true
    }

    /// Replaces the links a-b and c-d by a-c and b-d, where d follows c in the direction in which b follows a.
    fn exchange(&mut self, ab: [u32; 2], cd: [u32; 2]) {
        let (mut first, mut last, turned) = self.shorter_turn(ab, cd);
        let end = self.order.len() - 1;
        for _ in 0..turned / 2 {
            let (one, other) = (self.order[first], self.order[last]);
            (self.order[first], self.order[last]) = (other, one);
            (self.place[other as usize], self.place[one as usize]) = (first as u32, last as u32);
            first = if first == end { 0 } else { first + 1 };
            last = if last == 0 { end } else { last - 1 };
        }
    }

    fn is_short(&self, ab: [u32; 2], cd: [u32; 2]) -> bool {
        self.shorter_turn(ab, cd).2 <= LONGEST_TURN
    }

    /// What has to be turned round for an exchange: the first place, the last place, and how many there are. Either
    /// what lies between b and c, or between d and a.
    fn shorter_turn(&self, [a, b]: [u32; 2], [c, d]: [u32; 2]) -> (usize, usize, usize) {
        let (first, last) = if self.next(a, Way::Forward) == b { (b, c) } else { (a, d) };
        let (first, last) = (self.place[first as usize] as usize, self.place[last as usize] as usize);
        let count = self.order.len();
        let turned = (last + count - first) % count + 1;
        if turned * 2 <= count {
            (first, last, turned)
        } else {
            ((last + 1) % count, (first + count - 1) % count, count - turned)
        }
    }
}

/// Shorter by more than rounding: otherwise two moves could undo each other for ever.
fn is_shorter(new: f64, old: f64) -> bool {
    new < old - 1e-9 * old.abs()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use stack_core::Silent;

    use super::super::neighbours::nearest;
    use super::super::tests::{permuted, thumbnails};
    use super::*;

    fn length(points: &Points<'_>, chain: &[u32]) -> f64 {
        chain.windows(2).map(|pair| f64::from(points.distance(pair[0], pair[1]))).sum()
    }

    proptest! {
        #[test]
        fn every_move_shortens_the_chain(
            levels in prop::collection::vec(any::<[u8; 3]>(), 3..40), seed in any::<u64>(), count in 1_usize..9,
        ) {
            let thumbnails = thumbnails(&levels);
            let frames: Vec<u32> = (0..levels.len() as u32).collect();
            let points = Points { thumbnails: &thumbnails, frames: &frames };
            let near = nearest(&points, count, &Silent).unwrap();
            let mut chain = permuted(levels.len(), seed);
            let mut ring = Ring::new(&points, &near, chain.clone());
            let mut point = 0;
            while point < levels.len() as u32 {
                let moved = ring.improve_at(point).is_some();
                let shorter = Ring { order: ring.order.clone(), place: ring.place.clone(), ..ring }.into_chain();
                prop_assert!(ring.place.iter().zip(0..).all(|(&at, point)| ring.order[at as usize] == point));
                let (before, after) = (length(&points, &chain), length(&points, &shorter));
                prop_assert_eq!(after < before, moved, "{} {}", before, after);
                chain = shorter;
                point = if moved { 0 } else { point + 1 };
            }
            chain.sort_unstable();
            prop_assert_eq!(chain, frames);
        }
    }
}
