//! A chain through all points: the shortest links first, none that closes a ring or gives a point three.

use stack_core::{Progress, Result};

use super::neighbours::{Nearest, nearest};
use super::{NEIGHBOURS, Points};

/// After so many rounds, what is still apart is put together as it comes. Each round halves the pieces, or nearly so.
const ROUNDS: usize = 40;

/// Points in a row.
pub(super) fn chain(points: &Points<'_>, near: &Nearest, progress: &dyn Progress) -> Result<Vec<u32>> {
    let mut pieces = Pieces::new(points.len());
    let all: Vec<u32> = (0..points.len() as u32).collect();
    pieces.join_nearest(&all, near);
    for _ in 0..ROUNDS {
        let ends = pieces.ends();
        if ends.len() <= 1 || pieces.count() <= 1 {
            break;
        }
        let frames: Vec<u32> = ends.iter().map(|&end| points.frames[end as usize]).collect();
        let among_ends = Points { thumbnails: points.thumbnails, frames: &frames };
        let near = nearest(&among_ends, NEIGHBOURS, progress)?;
        pieces.join_nearest(&ends, &near);
    }
    Ok(pieces.into_chain())
}

/// Points that hang together in rows.
struct Pieces {
    /// Up to two neighbours of each point.
    linked: Vec<[u32; 2]>,
    /// For the end of a row, its other end; a single point is its own.
    other_end: Vec<u32>,
    links: usize,
}

/// No neighbour on this side.
const FREE: u32 = u32::MAX;

impl Pieces {
    fn new(points: usize) -> Self {
        Self { linked: vec![[FREE; 2]; points], other_end: (0..points as u32).collect(), links: 0 }
    }

    fn count(&self) -> usize {
        self.linked.len() - self.links
    }

    /// Points with room for a link.
    fn ends(&self) -> Vec<u32> {
        (0..self.linked.len() as u32).filter(|&point| self.linked[point as usize].contains(&FREE)).collect()
    }

    /// Joins `points` with their neighbours, which are numbered as they stand in `points`.
    fn join_nearest(&mut self, points: &[u32], near: &Nearest) {
        let mut links: Vec<(f32, u32, u32)> = (0_u32..)
            .zip(points)
            .flat_map(|(number, &point)| {
                near.of(number).iter().map(move |near| {
                    let other = points[near.point as usize];
                    (near.distance, point.min(other), point.max(other))
                })
            })
            .collect();
        links.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then((a.1, a.2).cmp(&(b.1, b.2))));
        links.dedup();
        for (_, a, b) in links {
            self.join(a, b);
        }
    }

    /// Links two points if both are ends of different rows.
    fn join(&mut self, a: u32, b: u32) {
        let side = |point: u32| self.linked[point as usize].iter().position(|&linked| linked == FREE);
        let (Some(side_a), Some(side_b)) = (side(a), side(b)) else { return };
        let (far_a, far_b) = (self.other_end[a as usize], self.other_end[b as usize]);
        if far_a == b {
            return;
        }
        self.linked[a as usize][side_a] = b;
        self.linked[b as usize][side_b] = a;
        self.other_end[far_a as usize] = far_b;
        self.other_end[far_b as usize] = far_a;
        self.links += 1;
    }

    /// All rows, one behind the other, by their first points.
    fn into_chain(self) -> Vec<u32> {
        let mut chain = Vec::with_capacity(self.linked.len());
        for start in self.ends() {
            // Of the two ends of a row, the smaller one is where it begins.
            if self.other_end[start as usize] < start {
                continue;
            }
            let (mut before, mut point) = (FREE, start);
            while point != FREE {
                chain.push(point);
                let [one, other] = self.linked[point as usize];
                let next = if one == before { other } else { one };
                (before, point) = (point, next);
            }
        }
        chain
    }
}
