//! Near duplicates: pictures that show the same, whatever their sizes, types, brightness and contrast.
//!
//! ```text
//! look of a picture  =  16 x 16 means of areas, less their mean, divided by their standard deviation
//! distance           =  1 - mean of the products of two looks' cells        0 alike, 1 unrelated, 2 inverse
//! ```
//!
//! One minus the correlation (Pearson). A look is compared with the other one as it is, mirrored, and turned by quarters,
//! [`Relation`] names which fits best. Not found are parts of pictures (more than a narrow border cut off), and turns by
//! other angles. Flat pictures have no look, and are near duplicates of none: their cells deviate by less than a quarter
//! of a step of integer samples, or than a millionth of the largest float.
//!
//! Measured on ten photographs of the collection ukbench and five copies, which make 105 pairs (a 16th file is damaged):
//!
//! | pairs | number | distances |
//! |---|---:|---:|
//! | 00120, its copy in grey, its copy of 300 x 300 for 640 x 480, and mirrored; 09380 as JPEG and as WebP | 7 | up to 0.0002 |
//! | 00120 turned by 25 degrees with black corners, and the other four | 4 | 0.56 |
//! | different photographs | 94 | 0.35 and more |
//!
//! So with [`DISTANCE`] the precision is 7 of 7; the recall is 7 of 7 of the relations that are looked for, and 7 of 11
//! with the turn by 25 degrees.
//!
//! ```
//! use stack_core::{FrameBuf, FrameShape, Silent};
//! use stack_grouping::near_duplicates::{DISTANCE, Looks, Relation, near_duplicates};
//!
//! let wedge = |size: u8, bright: u8| (0..size).flat_map(|y| (0..size).map(move |x| bright + x * y)).collect();
//! let mut looks = Looks::default();
//! looks.push(&FrameBuf::U8(wedge(12, 0)), FrameShape::gray(12, 12)?)?;
//! let mut upside_down: Vec<u8> = wedge(12, 90);
//! upside_down.reverse();
//! looks.push(&FrameBuf::U8(upside_down), FrameShape::gray(12, 12)?)?;
//! looks.push(&FrameBuf::U8(vec![7; 9]), FrameShape::gray(3, 3)?)?;
//!
//! let found = near_duplicates(&looks, DISTANCE, &Silent)?;
//! assert_eq!(found.groups, [[0, 1]]);
//! assert_eq!(found.pairs[0].relation, Relation::Turned180);
//! # Ok::<(), stack_core::Error>(())
//! ```
//!
//! Cost: eight products of 256 cells for each pair. Of more than [`ALL_PAIRS`] pictures only those pairs are looked at
//! that are among the nearest neighbours of each other in one of the eight positions, by smaller thumbnails, as
//! [`crate::nearest`] finds them. Memory: 1 KiB a picture, of so many 5 KiB.

use std::fmt;

use rayon::prelude::*;
use stack_core::{FrameBuf, FrameShape, PixelType, Progress, Result};

use crate::nearest::neighbour_pairs;
use crate::thumbnail::{AreaMeans, Side, Thumbnails, product};

/// A distance below which pictures are near duplicates.
pub const DISTANCE: f32 = 0.05;

/// Up to so many pictures, every pair is looked at.
pub const ALL_PAIRS: usize = 8192;

/// Rows and columns of a look.
const SIDE: usize = 16;
const CELLS: usize = SIDE * SIDE;

/// How one picture has to be turned or mirrored to look like another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Relation {
    /// Not at all.
    Same,
    /// Left and right are exchanged.
    Mirrored,
    /// Turned by 180 degrees.
    Turned180,
    /// Top and bottom are exchanged.
    Flipped,
    /// Turned by 90 degrees to the right.
    Turned90,
    /// Turned by 90 degrees to the left.
    Turned270,
    /// Rows have become columns.
    Transposed,
    /// Rows have become columns, and all is turned by 180 degrees.
    Transversed,
}

impl Relation {
    /// All eight.
    pub const ALL: [Self; 8] = [
        Self::Same,
        Self::Mirrored,
        Self::Turned180,
        Self::Flipped,
        Self::Turned90,
        Self::Turned270,
        Self::Transposed,
        Self::Transversed,
    ];

    /// Where the cell at row `y` and column `x` of the turned look comes from.
    fn source(self, y: usize, x: usize) -> (usize, usize) {
        let last = SIDE - 1;
        match self {
            Self::Same => (y, x),
            Self::Mirrored => (y, last - x),
            Self::Turned180 => (last - y, last - x),
            Self::Flipped => (last - y, x),
            Self::Turned90 => (last - x, y),
            Self::Turned270 => (x, last - y),
            Self::Transposed => (x, y),
            Self::Transversed => (last - x, last - y),
        }
    }

    fn applied(self, look: &[f32]) -> Vec<f32> {
        let source = |cell: usize| self.source(cell / SIDE, cell % SIDE);
        (0..CELLS).map(source).map(|(y, x)| look[y * SIDE + x]).collect()
    }
}

impl fmt::Display for Relation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Same => "same",
            Self::Mirrored => "mirrored",
            Self::Turned180 => "turned 180",
            Self::Flipped => "flipped",
            Self::Turned90 => "turned 90",
            Self::Turned270 => "turned 270",
            Self::Transposed => "transposed",
            Self::Transversed => "transversed",
        })
    }
}

/// The looks of pictures of any sizes and types.
#[derive(Debug, Clone, Default)]
pub struct Looks {
    /// Those of flat pictures are zeros.
    cells: Vec<f32>,
}

impl Looks {
    /// The next picture.
    ///
    /// # Errors
    /// [`Error::Parameter`](stack_core::Error::Parameter) if it has not the samples of `shape`.
    pub fn push(&mut self, picture: &FrameBuf, shape: FrameShape) -> Result<()> {
        let means = AreaMeans::stretched(shape, Side::new(SIDE)?).of(picture)?;
        let finite = || means.iter().copied().filter(|mean| mean.is_finite());
        let count = finite().count().max(1) as f64;
        let mean: f64 = finite().map(|value| value / count).sum();
        // What is not finite is taken to be the mean. Large numbers are scaled, so that their squares are finite.
        let largest = finite().fold(0.0, |largest: f64, value| largest.max(value.abs()));
        let scale = if largest > 1e100 { largest } else { 1.0 };
        let centred = || means.iter().map(|v| if v.is_finite() { v / scale - mean / scale } else { 0.0 });
        let deviation = centred().map(|value| value * value / CELLS as f64).sum::<f64>().sqrt();
        let least = match picture.pixel() {
            PixelType::F32 | PixelType::F64 => 1e-6 * largest / scale,
            _ => 0.25,
        };
        let factor = if deviation > least { 1.0 / deviation } else { 0.0 };
        self.cells.extend(centred().map(|value| (value * factor) as f32));
        Ok(())
    }

    /// Adds the looks of more pictures behind these.
    pub fn append(&mut self, mut others: Self) {
        self.cells.append(&mut others.cells);
    }

    /// The looks of some of the pictures.
    ///
    /// # Panics
    /// If there is no such picture.
    #[must_use]
    pub fn chosen(&self, pictures: &[u32]) -> Self {
        Self { cells: pictures.iter().flat_map(|&picture| self.look(picture)).copied().collect() }
    }

    /// Number of pictures.
    pub fn pictures(&self) -> usize {
        self.cells.len() / CELLS
    }

    /// Whether a picture is flat, so that nothing looks like it.
    ///
    /// # Panics
    /// If there is no such picture.
    pub fn is_flat(&self, picture: u32) -> bool {
        self.look(picture).iter().all(|cell| *cell == 0.0)
    }

    fn look(&self, picture: u32) -> &[f32] {
        &self.cells[picture as usize * CELLS..][..CELLS]
    }

    /// A picture in all its positions.
    fn positions(&self, picture: u32) -> [Vec<f32>; 8] {
        Relation::ALL.map(|relation| relation.applied(self.look(picture)))
    }

    /// Two pictures as a pair, however far apart they are.
    ///
    /// # Panics
    /// If there is no such picture.
    pub fn compared(&self, first: u32, second: u32) -> Pair {
        self.pair((first, &self.positions(first)), second)
    }

    /// The pair of two pictures; `positions` are those of the first.
    fn pair(&self, (first, positions): (u32, &[Vec<f32>; 8]), second: u32) -> Pair {
        let look = self.look(second);
        let (mut distance, mut relation) = (f32::INFINITY, Relation::Same);
        for (candidate, position) in Relation::ALL.into_iter().zip(positions) {
            let found = 1.0 - product(position, look) / CELLS as f32;
            if found < distance {
                (distance, relation) = (found, candidate);
            }
        }
        Pair { first, second, distance: distance.max(0.0), relation }
    }
}

/// Two pictures that show the same.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pair {
    /// The first; of pairs that were searched for, the one with the smaller number.
    pub first: u32,
    /// The other one.
    pub second: u32,
    /// One minus the correlation of their looks.
    pub distance: f32,
    /// What is to be done with the first to look like the second.
    pub relation: Relation,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct NearDuplicates {
    /// Pairs, by their numbers; each picture with at most [`PARTNERS`] of those that follow it, the nearest.
    pub pairs: Vec<Pair>,
    /// Pictures that hang together by pairs, the missing ones too: at least two each.
    pub groups: Vec<Vec<u32>>,
}

/// Pairs of each picture that are kept: a stack of a thousand similar frames has half a million.
pub const PARTNERS: usize = 8;

/// All pairs whose distance is at most `most`.
///
/// # Errors
/// [`Error::Cancelled`](stack_core::Error::Cancelled).
///
/// # Panics
/// For more pictures than 32 bits count.
pub fn near_duplicates(looks: &Looks, most: f32, progress: &dyn Progress) -> Result<NearDuplicates> {
    let count = u32::try_from(looks.pictures()).expect("pictures are counted in 32 bits");
    if looks.pictures() <= ALL_PAIRS {
        return confirmed(looks, |first| first + 1..count, most, progress);
    }
    let candidates = candidates(looks, progress)?;
    let of = |first| {
        let start = candidates.partition_point(|pair| pair.0 < first);
        candidates[start..].iter().take_while(move |pair| pair.0 == first).map(|pair| pair.1)
    };
    confirmed(looks, of, most, progress)
}

/// Looks at candidates: for every picture those that follow it and may look like it.
///
/// # Errors
/// [`Error::Cancelled`](stack_core::Error::Cancelled).
///
/// # Panics
/// If a candidate is no picture.
pub fn confirmed<I: Iterator<Item = u32>>(
    looks: &Looks,
    candidates: impl Fn(u32) -> I + Sync,
    most: f32,
    progress: &dyn Progress,
) -> Result<NearDuplicates> {
    const BATCH: usize = 256;
    let pictures: Vec<u32> = (0..looks.pictures() as u32).collect();
    progress.phase("comparing looks", pictures.len() as u64);
    let mut pairs = Vec::new();
    let mut groups = Groups::new(pictures.len());
    for batch in pictures.chunks(BATCH) {
        progress.check()?;
        let found: Vec<Vec<Pair>> = batch
            .par_iter()
            .map(|&first| {
                if looks.is_flat(first) {
                    return Vec::new();
                }
                let positions = looks.positions(first);
                candidates(first)
                    .map(|second| looks.pair((first, &positions), second))
                    .filter(|pair| pair.distance <= most)
                    .collect()
            })
            .collect();
        for mut of_one in found {
            of_one.iter().for_each(|pair| groups.join(pair.first, pair.second));
            of_one.sort_by(|a, b| a.distance.total_cmp(&b.distance).then(a.second.cmp(&b.second)));
            of_one.truncate(PARTNERS);
            of_one.sort_by_key(|pair| pair.second);
            pairs.extend(of_one);
        }
        progress.advance(batch.len() as u64, 0);
    }
    Ok(NearDuplicates { pairs, groups: groups.into_groups() })
}

/// Pairs of pictures that are neighbours in one of their positions: the smaller number first, sorted.
fn candidates(looks: &Looks, progress: &dyn Progress) -> Result<Vec<(u32, u32)>> {
    let mut positions = Thumbnails::new(FrameShape::gray(SIDE, SIDE)?, Side::new(SIDE / 2)?);
    for picture in 0..looks.pictures() as u32 {
        for position in looks.positions(picture) {
            positions.push(&FrameBuf::F32(position))?;
        }
    }
    let of_picture = |position: u32| position / Relation::ALL.len() as u32;
    let mut pairs: Vec<(u32, u32)> = neighbour_pairs(&positions, progress)?
        .into_iter()
        .map(|(a, b)| (of_picture(a), of_picture(b)))
        .filter(|(a, b)| a != b)
        .map(|(a, b)| (a.min(b), a.max(b)))
        .collect();
    pairs.sort_unstable();
    pairs.dedup();
    Ok(pairs)
}

/// What hangs together: each number points to a smaller one of its group, or to itself.
struct Groups(Vec<u32>);

impl Groups {
    fn new(count: usize) -> Self {
        Self((0..count as u32).collect())
    }

    fn first_of(&mut self, mut number: u32) -> u32 {
        while self.0[number as usize] != number {
            let above = self.0[number as usize];
            self.0[number as usize] = self.0[above as usize];
            number = above;
        }
        number
    }

    fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.first_of(a), self.first_of(b));
        self.0[a.max(b) as usize] = a.min(b);
    }

    fn into_groups(mut self) -> Vec<Vec<u32>> {
        let mut members: Vec<Vec<u32>> = vec![Vec::new(); self.0.len()];
        for number in 0..self.0.len() as u32 {
            let first = self.first_of(number);
            members[first as usize].push(number);
        }
        members.retain(|group| group.len() > 1);
        members
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_xoshiro::Xoshiro256PlusPlus;
    use rand_xoshiro::rand_core::{Rng, SeedableRng};
    use stack_core::Silent;

    /// A picture of 4 x 4 random patches, so that no two are alike, and what became of it.
    fn patches(seed: u64, height: usize, width: usize) -> Vec<f64> {
        let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
        let levels: Vec<f64> = (0..16).map(|_| f64::from(random.next_u32() % 200)).collect();
        (0..height * width).map(|at| levels[at / width * 4 / height * 4 + at % width * 4 / width]).collect()
    }

    fn bytes(levels: &[f64]) -> FrameBuf {
        FrameBuf::U8(levels.iter().map(|level| *level as u8).collect())
    }

    #[test]
    fn sizes_types_and_positions_are_seen_through() {
        let mut looks = Looks::default();
        let mut push = |frame: FrameBuf, height, width| {
            looks.push(&frame, FrameShape::gray(height, width).unwrap()).unwrap();
        };
        let picture = patches(1, 32, 48);
        push(bytes(&picture), 32, 48);
        push(bytes(&patches(1, 20, 8)), 20, 8);
        push(FrameBuf::F32(picture.iter().map(|level| (level * 1e-3 - 7.0) as f32).collect()), 32, 48);
        let mirrored: Vec<f64> = picture.chunks(48).flat_map(|row| row.iter().rev()).copied().collect();
        push(bytes(&mirrored), 32, 48);
        let turned: Vec<f64> =
            (0..48).flat_map(|y| (0..32).map(move |x| (31 - x) * 48 + y)).map(|at| picture[at]).collect();
        push(FrameBuf::F64(turned.iter().map(|level| level * 1e300).collect()), 48, 32);
        push(bytes(&patches(2, 32, 48)), 32, 48);
        push(bytes(&[9.0; 6]), 2, 3);
        push(bytes(&[9.0; 6]), 3, 2);
        push(FrameBuf::F32(vec![f32::NAN; 6]), 3, 2);
        let found = near_duplicates(&looks, DISTANCE, &Silent).unwrap();
        assert_eq!(found.groups, [[0, 1, 2, 3, 4]]);
        assert_eq!(found.pairs.len(), 10);
        let with_first: Vec<Relation> = found.pairs[..4].iter().map(|pair| pair.relation).collect();
        assert_eq!(with_first, [Relation::Same, Relation::Same, Relation::Mirrored, Relation::Turned90]);
        assert!(found.pairs.iter().all(|pair| pair.distance < 1e-5), "{:?}", found.pairs);
        assert!([6, 7, 8].iter().all(|&flat| looks.is_flat(flat)));
    }

    #[test]
    fn every_position_is_another_one() {
        let mut looks = Looks::default();
        looks.push(&bytes(&patches(3, 16, 16)), FrameShape::gray(16, 16).unwrap()).unwrap();
        let positions = looks.positions(0);
        for (place, position) in positions.iter().enumerate() {
            assert!(positions[place + 1..].iter().all(|other| other != position));
        }
        // Turning to the right four times, or mirroring twice, changes nothing.
        let turned = |look: &[f32]| Relation::Turned90.applied(look);
        assert_eq!(turned(&positions[0]), positions[4]);
        assert_eq!(turned(&turned(&positions[0])), Relation::Turned180.applied(&positions[0]));
        assert_eq!(turned(&Relation::Turned270.applied(&positions[0])), positions[0]);
    }

    #[test]
    fn neighbours_find_what_all_pairs_find() {
        let mut looks = Looks::default();
        for picture in 0..120_u64 {
            let mut levels = patches(picture / 2, 24, 24);
            if picture % 2 == 1 {
                levels.reverse();
                levels[picture as usize] += 1.0;
            }
            looks.push(&bytes(&levels), FrameShape::gray(24, 24).unwrap()).unwrap();
        }
        let all = near_duplicates(&looks, DISTANCE, &Silent).unwrap();
        assert_eq!(all.pairs.len(), 60);
        assert!(
            all.pairs
                .iter()
                .all(|pair| pair.relation == Relation::Turned180 && pair.second == pair.first + 1)
        );
        let candidates = candidates(&looks, &Silent).unwrap();
        assert!(candidates.len() < 120 * 119 / 4);
        let of = |first| candidates.iter().filter(move |pair| pair.0 == first).map(|pair| pair.1);
        assert_eq!(confirmed(&looks, of, DISTANCE, &Silent).unwrap(), all);
    }

    #[test]
    fn large_groups_keep_few_pairs() {
        let mut looks = Looks::default();
        for step in 0..40 {
            let mut levels = patches(1, 16, 16);
            levels[step] += 2.0;
            looks.push(&bytes(&levels), FrameShape::gray(16, 16).unwrap()).unwrap();
        }
        let found = near_duplicates(&looks, DISTANCE, &Silent).unwrap();
        assert_eq!(found.groups, [(0..40).collect::<Vec<u32>>()]);
        assert_eq!(found.pairs.len(), 32 * PARTNERS + 7 * 8 / 2);
    }
}
