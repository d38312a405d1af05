//! Damaged copies of valid inputs. Every case has a number, and the same number is the same case everywhere.
//!
//! First come the systematic cases of each seed: cut at every byte, then every bit flipped alone. After them come
//! random cases: one to four edits of a random seed, such as a run of bytes deleted, doubled, taken from another
//! seed, or a number replaced by one that overflows.
//!
//! ```
//! use stackpress_fuzz::mutation::case;
//! let seeds = [b"abc".to_vec()];
//! assert_eq!(case(&seeds, 0), b"");
//! assert_eq!(case(&seeds, 2), b"ab");
//! assert_eq!(case(&seeds, 3), b"`bc"); // the lowest bit of the first byte
//! assert_eq!(case(&seeds, 1000), case(&seeds, 1000));
//! ```

/// Seeds that are longer get no systematic cases of their own: every 2^k-th of them is taken, so that they stay few.
const SYSTEMATIC_CASES: u64 = 4096;

/// Longest input that edits may grow a seed to.
const LONGEST: usize = 1 << 20;

/// Numbers at the edges of what types and sizes hold.
const EDGES: [u64; 12] = [
    0,
    1,
    0x7f,
    0x80,
    0xff,
    0x7fff,
    0xffff,
    0x7fff_ffff,
    0xffff_ffff,
    0x7fff_ffff_ffff_ffff,
    0x8000_0000_0000_0000,
    u64::MAX,
];

/// Texts that numbers in texts are replaced by.
const EDGE_TEXTS: [&str; 10] = [
    "0",
    "-1",
    "1e999",
    "65536",
    "4294967296",
    "18446744073709551615",
    "99999999999999999999999",
    "nan",
    ".",
    "",
];

/// Case `number` of these seeds.
///
/// # Panics
/// If there are no seeds.
pub fn case(seeds: &[Vec<u8>], mut number: u64) -> Vec<u8> {
    for seed in seeds {
        let cuts = Stepped::over(seed.len() as u64);
        if number < cuts.count {
            return seed[..cuts.at(number)].to_vec();
        }
        number -= cuts.count;
        let flips = Stepped::over(seed.len() as u64 * 8);
        if number < flips.count {
            let bit = flips.at(number);
            let mut bytes = seed.clone();
            bytes[bit / 8] ^= 1 << (bit % 8);
            return bytes;
        }
        number -= flips.count;
    }
    random_case(seeds, Random(number))
}

/// How many systematic cases these seeds have; the cases after them are random.
pub fn systematic_cases(seeds: &[Vec<u8>]) -> u64 {
    let of = |length: u64| Stepped::over(length).count;
    seeds.iter().map(|seed| of(seed.len() as u64) + of(seed.len() as u64 * 8)).sum()
}

/// Positions with a constant odd or unit step, so that all bits of a byte are met.
struct Stepped {
    count: u64,
    step: u64,
}

impl Stepped {
    fn over(positions: u64) -> Self {
        // An even step would meet only some bits of each byte.
        let step = if positions <= SYSTEMATIC_CASES { 1 } else { positions.div_ceil(SYSTEMATIC_CASES) | 1 };
        Self { count: positions.div_ceil(step), step }
    }

    fn at(&self, index: u64) -> usize {
        usize::try_from(index * self.step).expect("a position in a seed")
    }
}

fn random_case(seeds: &[Vec<u8>], mut random: Random) -> Vec<u8> {
    let mut bytes = seeds[random.below(seeds.len())].clone();
    for _ in 0..=random.below(4) {
        edit(&mut bytes, seeds, &mut random);
    }
    bytes.truncate(LONGEST);
    bytes
}

/// One random edit.
fn edit(bytes: &mut Vec<u8>, seeds: &[Vec<u8>], random: &mut Random) {
    let length = bytes.len();
    match random.below(10) {
        0 => bytes.truncate(random.below(length + 1)),
        1 if length > 0 => bytes[random.below(length)] ^= 1 << random.below(8),
        2 if length > 0 => bytes[random.below(length)] = random.byte(),
        3 => overwrite_with_edge(bytes, random),
        4 => drop(bytes.drain(random.range(length))),
        5 => {
            let copied = bytes[random.range(length)].to_vec();
            insert(bytes, random.below(length + 1), &copied);
        }
        6 => {
            let count = random.below(9);
            let fresh: Vec<u8> = (0..count).map(|_| random.byte()).collect();
            insert(bytes, random.below(length + 1), &fresh);
        }
        7 => {
            let other = &seeds[random.below(seeds.len())];
            let part = other[random.range(other.len())].to_vec();
            let place = random.range(length);
            bytes.splice(place, part);
        }
        8 => replace_number(bytes, random),
        _ => {
            let value = random.byte();
            let place = random.range(length);
            bytes[place].fill(value);
        }
    }
}

fn insert(bytes: &mut Vec<u8>, at: usize, what: &[u8]) {
    bytes.splice(at..at, what.iter().copied());
}

/// Writes a number from the edges over one, two, four or eight bytes, in either byte order.
fn overwrite_with_edge(bytes: &mut [u8], random: &mut Random) {
    let size = 1 << random.below(4);
    if bytes.len() < size {
        return;
    }
    let at = random.below(bytes.len() - size + 1);
    let value = EDGES[random.below(EDGES.len())].wrapping_sub(random.below(2) as u64);
    if random.below(2) == 0 {
        bytes[at..at + size].copy_from_slice(&value.to_le_bytes()[..size]);
    } else {
        bytes[at..at + size].copy_from_slice(&value.to_be_bytes()[8 - size..]);
    }
}

/// Replaces a run of decimal digits by another text.
fn replace_number(bytes: &mut Vec<u8>, random: &mut Random) {
    let starts: Vec<usize> = (0..bytes.len())
        .filter(|&at| bytes[at].is_ascii_digit() && (at == 0 || !bytes[at - 1].is_ascii_digit()))
        .collect();
    if starts.is_empty() {
        return;
    }
    let start = starts[random.below(starts.len())];
    let digits = bytes[start..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    bytes.splice(start..start + digits, EDGE_TEXTS[random.below(EDGE_TEXTS.len())].bytes());
}

/// The `SplitMix64` generator of Steele, Lea and Flood (2014): small, and any number is a good start.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `end`, which is above 0.
    fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    fn byte(&mut self) -> u8 {
        self.next() as u8
    }

    /// A run inside `length` places, more often short than long.
    fn range(&mut self, length: usize) -> std::ops::Range<usize> {
        let start = self.below(length + 1);
        let longest = (length - start) >> self.below(8);
        start..start + self.below(longest + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn systematic_cases_are_all_cuts_and_all_flips() {
        let seeds = [vec![0; 3], vec![255; 2]];
        assert_eq!(systematic_cases(&seeds), 3 + 24 + 2 + 16);
        let cases: Vec<Vec<u8>> = (0..systematic_cases(&seeds)).map(|number| case(&seeds, number)).collect();
        assert_eq!(cases[..3], [vec![], vec![0], vec![0, 0]]);
        assert_eq!(cases[3 + 9], [0, 2, 0]);
        assert_eq!(cases[27..29], [vec![], vec![255]]);
        assert_eq!(cases[29 + 15], [255, 127]);
    }

    #[test]
    fn long_seeds_get_few_systematic_cases_of_every_bit() {
        let seeds = [vec![0; 100_000]];
        assert!(systematic_cases(&seeds) <= 2 * SYSTEMATIC_CASES);
        let flips = Stepped::over(800_000);
        let bits: std::collections::BTreeSet<usize> = (0..8).map(|index| flips.at(index) % 8).collect();
        assert_eq!(bits.len(), 8);
        assert!(flips.at(flips.count - 1) < 800_000);
    }

    #[test]
    fn random_cases_differ_from_each_other_and_repeat() {
        let seeds = [b"steps=12,size=201x301".to_vec(), vec![7; 40]];
        let first = systematic_cases(&seeds);
        let cases: std::collections::BTreeSet<Vec<u8>> =
            (first..first + 2000).map(|number| case(&seeds, number)).collect();
        assert!(cases.len() > 1500, "{}", cases.len());
        assert!(cases.iter().any(|bytes| bytes.windows(7).any(|part| part == b"4294967")));
        assert_eq!(case(&seeds, first + 77), case(&seeds, first + 77));
    }
}
