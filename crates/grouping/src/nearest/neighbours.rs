//! The nearest neighbours of every point: exactly where there are few, almost always right where there are many.

use rayon::prelude::*;
use stack_core::{Progress, Result};

use super::Points;
use crate::thumbnail::{absolute_differences, product};

/// Up to so many differences of cells, all distances are computed: about two seconds on one core.
pub const BRUTE_FORCE: u128 = 1 << 33;

/// Points of a leaf, of which all distances are computed.
const LEAF: usize = 48;
/// Trees with other planes. One alone cuts many neighbours apart.
const TREES: u64 = 6;
/// How often neighbours of neighbours are looked at.
const ROUNDS: usize = 2;
/// Points between two looks at whether to stop.
const BATCH: usize = 4096;

/// A neighbour and its distance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Neighbour {
    pub(super) distance: f32,
    pub(super) point: u32,
}

/// For every point its nearest neighbours, the nearest first.
pub(super) struct Nearest {
    per_point: usize,
    all: Vec<Neighbour>,
}

impl Nearest {
    pub(super) fn of(&self, point: u32) -> &[Neighbour] {
        let list = &self.all[point as usize * self.per_point..][..self.per_point];
        let known = list.iter().position(|neighbour| *neighbour == NONE).unwrap_or(list.len());
        &list[..known]
    }
}

/// No neighbour yet; further than all.
const NONE: Neighbour = Neighbour { distance: f32::INFINITY, point: u32::MAX };

/// Finds up to `count` nearest neighbours of each point. Of points at one distance, those that follow it come first.
pub(super) fn nearest(points: &Points<'_>, count: usize, progress: &dyn Progress) -> Result<Nearest> {
    let (height, width) = points.thumbnails.cells();
    let operations = (points.len() as u128).pow(2) * (height * width) as u128;
    searched(points, count, operations <= BRUTE_FORCE || points.len() <= LEAF, progress)
}

fn searched(points: &Points<'_>, count: usize, exactly: bool, progress: &dyn Progress) -> Result<Nearest> {
    let per_point = count.min(points.len().saturating_sub(1));
    let mut found = Nearest { per_point, all: vec![NONE; per_point * points.len()] };
    if per_point == 0 {
        return Ok(found);
    }
    if exactly {
        progress.phase("comparing small pictures", points.len() as u64);
        let everyone: Vec<u32> = (0..points.len() as u32).collect();
        update(&mut found, points, progress, |_, consider| {
            everyone.iter().for_each(|&other| consider(other));
        })?;
        return Ok(found);
    }
    progress.phase("comparing small pictures", (TREES + ROUNDS as u64) * points.len() as u64);
    for tree in 0..TREES {
        let leaves = Leaves::grown(points, tree);
        update(&mut found, points, progress, |point, consider| {
            leaves.beside(point).iter().for_each(|&other| consider(other));
        })?;
    }
    for _ in 0..ROUNDS {
        let links = both_ways(&found, points.len());
        update(&mut found, points, progress, |point, consider| {
            for &other in &links[point as usize] {
                links[other as usize].iter().for_each(|&third| consider(third));
            }
        })?;
    }
    Ok(found)
}

/// Lets `candidates` name points that may be nearer, for every point in parallel; each point's list depends on no other.
fn update(
    found: &mut Nearest,
    points: &Points<'_>,
    progress: &dyn Progress,
    candidates: impl Fn(u32, &mut dyn FnMut(u32)) + Sync,
) -> Result<()> {
    let per_point = found.per_point;
    for (batch, lists) in found.all.chunks_mut(per_point * BATCH).enumerate() {
        progress.check()?;
        let known = lists.len() / per_point;
        lists.par_chunks_mut(per_point).enumerate().for_each(|(at, list)| {
            let point = (batch * BATCH + at) as u32;
            let mut seen = Vec::new();
            candidates(point, &mut |other| seen.push(other));
            seen.sort_unstable();
            seen.dedup();
            let values = points.values(point);
            for other in seen {
                if other != point && !list.iter().any(|neighbour| neighbour.point == other) {
                    let distance = absolute_differences(values, points.values(other));
                    insert(list, point, Neighbour { distance, point: other });
                }
            }
        });
        progress.advance(known as u64, 0);
    }
    Ok(())
}

/// Puts a neighbour of `point` where it belongs in a sorted list of fixed length, if it does.
fn insert(list: &mut [Neighbour], point: u32, new: Neighbour) {
    // Counted from the point itself, so that among many equal distances not all choose the same neighbours.
    let key = |neighbour: &Neighbour| (neighbour.distance, neighbour.point.wrapping_sub(point));
    let place = list.partition_point(|known| key(known) <= key(&new));
    if place < list.len() {
        list[place..].rotate_right(1);
        list[place] = new;
    }
}

/// For every point its neighbours, and some of those whose neighbour it is.
fn both_ways(found: &Nearest, points: usize) -> Vec<Vec<u32>> {
    let mut links: Vec<Vec<u32>> =
        (0..points as u32).map(|point| found.of(point).iter().map(|near| near.point).collect()).collect();
    let most = 2 * found.per_point;
    for point in 0..points as u32 {
        for near in found.of(point) {
            let back = &mut links[near.point as usize];
            if back.len() < most && !back.contains(&point) {
                back.push(point);
            }
        }
    }
    links
}

/// All points, those that lie together in one leaf of a tree side by side.
struct Leaves {
    points: Vec<u32>,
    /// For each point the range of its leaf.
    leaf: Vec<(u32, u32)>,
}

impl Leaves {
    /// Halves the points again and again at planes between two of them, taken at random.
    fn grown(points: &Points<'_>, tree: u64) -> Self {
        let mut sorted: Vec<u32> = (0..points.len() as u32).collect();
        let mut ends = vec![0_u32; points.len()];
        cut(points, &mut sorted, &mut ends, mixed(tree));
        let mut leaf = vec![(0, 0); points.len()];
        let mut start = 0;
        for &length in &ends {
            if length > 0 {
                for &point in &sorted[start..start + length as usize] {
                    leaf[point as usize] = (start as u32, length);
                }
                start += length as usize;
            }
        }
        Self { points: sorted, leaf }
    }

    fn beside(&self, point: u32) -> &[u32] {
        let (start, length) = self.leaf[point as usize];
        &self.points[start as usize..][..length as usize]
    }
}

/// Sorts points into leaves; where a leaf begins, `lengths` gets the number of its points.
fn cut(points: &Points<'_>, sorted: &mut [u32], lengths: &mut [u32], seed: u64) {
    let count = sorted.len();
    if count <= LEAF {
        lengths[0] = count as u32;
        return;
    }
    let one = sorted[(mixed(seed) % count as u64) as usize];
    let other = sorted[(mixed(seed ^ 1) % count as u64) as usize];
    let (one, other) = (points.values(one), points.values(other));
    let direction: Vec<f32> = one.iter().zip(other).map(|(a, b)| b - a).collect();
    let mut along: Vec<(f32, u32)> =
        sorted.par_iter().map(|&point| (product(&direction, points.values(point)), point)).collect();
    let half = count / 2;
    along.select_nth_unstable_by(half, |a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    for (place, (_, point)) in sorted.iter_mut().zip(along) {
        *place = point;
    }
    let (low, high) = sorted.split_at_mut(half);
    // Which points lie on which side is fixed, but not in which order the selection leaves them.
    low.sort_unstable();
    high.sort_unstable();
    let (low_lengths, high_lengths) = lengths.split_at_mut(half);
    rayon::join(
        || cut(points, low, low_lengths, mixed(seed ^ 2)),
        || cut(points, high, high_lengths, mixed(seed ^ 3)),
    );
}

/// A number that looks random (the finaliser of SplitMix64: Steele, Lea, Flood, OOPSLA 2014).
fn mixed(seed: u64) -> u64 {
    let mut z = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use stack_core::Silent;

    use super::super::tests::{random_thumbnails, thumbnails};
    use super::*;

    #[test]
    fn almost_all_neighbours_are_found_by_trees() {
        let thumbnails = random_thumbnails(3000, 4);
        let frames: Vec<u32> = (0..3000).collect();
        let points = Points { thumbnails: &thumbnails, frames: &frames };
        let exact = searched(&points, 8, true, &Silent).unwrap();
        let found = searched(&points, 8, false, &Silent).unwrap();
        let distances =
            |nearest: &Nearest, point| nearest.of(point).iter().map(|near| near.distance).collect::<Vec<_>>();
        let equal = |point: &u32| {
            distances(&exact, *point).iter().zip(distances(&found, *point)).filter(|(a, b)| **a == *b).count()
        };
        let recall = frames.iter().map(equal).sum::<usize>() as f64 / (8.0 * 3000.0);
        assert!(recall > 0.97, "{recall}");
        for &point in &frames {
            for near in found.of(point) {
                assert_eq!(near.distance, points.distance(point, near.point));
            }
            assert!(found.of(point).is_sorted_by_key(|near| near.distance));
        }
    }

    #[test]
    fn threads_change_nothing() {
        let thumbnails = random_thumbnails(2000, 3);
        let frames: Vec<u32> = (0..2000).collect();
        let points = Points { thumbnails: &thumbnails, frames: &frames };
        let found = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| searched(&points, 8, false, &Silent).unwrap().all)
        };
        assert_eq!(found(1), found(4));
    }

    #[test]
    fn few_points_have_few_neighbours() {
        let thumbnails = thumbnails(&[[0; 3], [1; 3], [9; 3]]);
        for count in 0..=3_u32 {
            let frames: Vec<u32> = (0..count).collect();
            let nearest = nearest(&Points { thumbnails: &thumbnails, frames: &frames }, 8, &Silent).unwrap();
            for &point in &frames {
                assert_eq!(nearest.of(point).len(), count as usize - 1);
            }
        }
    }
}
