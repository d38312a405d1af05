//! An [`Arrangement`] as bytes, for containers that have no arrays of numbers.
//!
//! ```text
//! places      0  1  2  9  10  11  3
//! expected    0  1  2  3  10  11  12        one after the place before
//! jump        0  0  0  6   0   0  -9        mostly 0 where frames were not moved far
//! ```
//!
//! Jumps are folded to whole numbers (0, -1, 1, -2, ...), and each is coded as Elias gamma with adaptive decisions: how
//! many binary digits `n + 1` has, in unary, each decision with a model of its own; the digit after the first, with a
//! model for each length; the other digits as they are. A shuffled stack of N frames takes about log2 N bits a frame,
//! one in its own order next to nothing.
//!
//! ```
//! use stack_core::Arrangement;
//! use stack_grouping::places;
//!
//! let arrangement = Arrangement::from_order(&[0, 1, 2, 6, 3, 4, 5])?;
//! let bytes = places::to_bytes(&arrangement);
//! assert_eq!(places::from_bytes(&bytes, 7).unwrap(), arrangement);
//! # Ok::<(), stack_core::Error>(())
//! ```

use stack_core::Arrangement;
use stack_entropy::binary::{AdaptiveBit, Decoder, Encoder, Probability};
use stack_entropy::universal::{fold, unfold};

/// Most binary digits of a folded jump plus one: places have 32 bits, jumps and folding one more each.
const MOST_DIGITS: usize = 34;

/// The models of both sides.
struct Models {
    /// Whether there is a further digit, by the number of digits so far.
    more: [AdaptiveBit; MOST_DIGITS],
    /// The digit after the first, by the number of digits.
    second: [AdaptiveBit; MOST_DIGITS + 1],
}

impl Models {
    const fn new() -> Self {
        Self { more: [AdaptiveBit::new(255); MOST_DIGITS], second: [AdaptiveBit::new(255); MOST_DIGITS + 1] }
    }
}

/// The bytes of an arrangement.
pub fn to_bytes(arrangement: &Arrangement) -> Vec<u8> {
    let mut encoder = Encoder::new();
    let mut models = Models::new();
    let mut expected = 0;
    for &place in arrangement.places() {
        let number = fold(i64::from(place) - expected) + 1;
        expected = i64::from(place) + 1;
        let digits = number.ilog2() as usize;
        for (index, model) in models.more.iter_mut().enumerate().take(digits + 1) {
            put(&mut encoder, index < digits, model);
        }
        for digit in (0..digits).rev() {
            let bit = number >> digit & 1 == 1;
            if digit + 1 == digits {
                put(&mut encoder, bit, &mut models.second[digits]);
            } else {
                encoder.encode(bit, Probability::HALF);
            }
        }
    }
    encoder.finish()
}

fn put(encoder: &mut Encoder, bit: bool, model: &mut AdaptiveBit) {
    encoder.encode(bit, model.probability());
    model.update(bit);
}

/// The arrangement of `frames` frames that [`to_bytes`] wrote. Memory: 8 bytes a frame.
///
/// # Errors
/// What is wrong with the bytes, in words: they end too early, go on, or give no arrangement.
pub fn from_bytes(bytes: &[u8], frames: usize) -> Result<Arrangement, String> {
    let damaged = |error: stack_entropy::Error| error.to_string();
    let mut decoder = Decoder::new(bytes).map_err(damaged)?;
    let mut models = Models::new();
    let mut places = Vec::new();
    let mut expected = 0_i64;
    for frame in 0..frames {
        let mut digits = 0;
        while get(&mut decoder, models.more.get_mut(digits).ok_or_else(|| too_long(frame))?)
            .map_err(damaged)?
        {
            digits += 1;
        }
        let mut number = 1_u64;
        for digit in (0..digits).rev() {
            let bit = if digit + 1 == digits {
                get(&mut decoder, &mut models.second[digits])
            } else {
                decoder.decode(Probability::HALF)
            };
            number = number << 1 | u64::from(bit.map_err(damaged)?);
        }
        let place = expected + unfold(number - 1);
        places.push(u32::try_from(place).map_err(|_| format!("frame {frame} is at place {place}"))?);
        expected = place + 1;
    }
    decoder.finish().map_err(damaged)?;
    Arrangement::new(places).map_err(|error| error.to_string())
}

fn get(decoder: &mut Decoder<'_>, model: &mut AdaptiveBit) -> Result<bool, stack_entropy::Error> {
    let bit = decoder.decode(model.probability())?;
    model.update(bit);
    Ok(bit)
}

fn too_long(frame: usize) -> String {
    format!("the place of frame {frame} has more than {MOST_DIGITS} digits")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_bytes_are_fixed() {
        let bytes = to_bytes(&Arrangement::new(vec![0, 3, 1, 2, 0, 4]).unwrap());
        assert_eq!(bytes, GOLDEN);
        assert_eq!(from_bytes(&bytes, 6).unwrap().places(), [0, 3, 1, 2, 0, 4]);
    }

    const GOLDEN: [u8; 8] = [68, 20, 66, 225, 222, 94, 152, 89];

    #[test]
    fn a_shuffled_stack_costs_about_the_logarithm_of_its_frames() {
        let mut order: Vec<u32> = (0..4096).collect();
        let mut state = 1_u64;
        for last in (1..order.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            order.swap(last, (state >> 33) as usize % (last + 1));
        }
        let shuffled = to_bytes(&Arrangement::from_order(&order).unwrap()).len();
        assert!((5600..7200).contains(&shuffled), "{shuffled} bytes"); // 12 bits each are 6144 bytes
        assert!(to_bytes(&Arrangement::identity(4096).unwrap()).len() < 40);
    }

    #[test]
    fn damage_is_an_error_or_another_arrangement() {
        let bytes = to_bytes(&Arrangement::from_order(&[4, 2, 0, 3, 1, 7, 6, 5]).unwrap());
        for length in 0..bytes.len() {
            assert!(from_bytes(&bytes[..length], 8).is_err());
        }
        let mut named = 0;
        for bit in 0..bytes.len() * 8 {
            let mut damaged = bytes.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            named += usize::from(from_bytes(&damaged, 8).is_err_and(|problem| problem.contains("place")));
        }
        assert!(named > 0, "a repeated, missing or huge place is named");
        assert!(from_bytes(&bytes, 9).is_err());
    }

    proptest! {
        #[test]
        fn every_arrangement_comes_back(places in proptest::collection::vec(0_u32..40, 1..60)) {
            let mut used = places.clone();
            used.sort_unstable();
            used.dedup();
            let places = places.iter().map(|place| used.binary_search(place).unwrap() as u32).collect();
            let arrangement = Arrangement::new(places).unwrap();
            let bytes = to_bytes(&arrangement);
            prop_assert_eq!(from_bytes(&bytes, arrangement.frames()).unwrap(), arrangement);
        }
    }
}
