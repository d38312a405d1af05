//! Which prediction a chunk gets: the one that is cheapest on a few of its frames, by an estimate.
//!
//! ```text
//! cost of 16 residuals with the sum S of their zigzag codes: 16 log2(1 + e S / 16) bits, log2 in whole numbers
//! ```

use stack_predict::least_squares::frames;
use stack_predict::{Earlier, Key, Ordered, Shape};

use crate::error::Result;
use crate::prediction::{ChannelWeights, FITTED, Prediction, earlier_of};

/// Residuals whose cost is estimated together.
const BLOCK: usize = 16;

/// Frames that the choice looks at, at most.
const LOOKED_AT: usize = 4;

/// Samples that weights are fitted on, about.
const FITTED_ON: usize = 1 << 16;

/// The prediction that costs least on a few frames, of planes that lie frame by frame, channels innermost.
pub(crate) fn cheapest<Q: Ordered>(shape: Shape, planes: &[Vec<Q>], channels: usize) -> Result<Prediction> {
    let frames = planes.len() / channels;
    let looked_at: Vec<usize> = if frames <= LOOKED_AT {
        (0..frames).collect()
    } else {
        (0..LOOKED_AT).map(|n| (n + 1) * (frames - 1) / LOOKED_AT).collect()
    };
    let fitted = Prediction::Fitted(
        (0..channels)
            .map(|channel| fit(shape, planes, channels, channel, &looked_at))
            .collect::<Result<_>>()?,
    );
    let mut residuals = vec![Q::Key::ZERO; shape.len()];
    let mut best = None;
    for prediction in (0..FITTED).map(Prediction::Fixed).chain([fitted]) {
        let mut total = 0;
        for place in looked_at.iter().flat_map(|frame| frame * channels..(frame + 1) * channels) {
            let earlier = earlier_of(planes, channels, place);
            prediction.encode(shape, place % channels, &planes[place], earlier, &mut residuals)?;
            total += cost(&residuals);
        }
        // The costs of all frames, and of what is stored.
        let total = u128::from(total) * frames as u128 / looked_at.len() as u128
            + prediction.stored_bytes(channels) as u128 * 8 * 256;
        if best.as_ref().is_none_or(|(least, _)| total < *least) {
            best = Some((total, prediction));
        }
    }
    Ok(best.expect("there are predictions").1)
}

/// The weights of a channel.
fn fit<Q: Ordered>(
    shape: Shape,
    planes: &[Vec<Q>],
    channels: usize,
    channel: usize,
    looked_at: &[usize],
) -> Result<ChannelWeights> {
    let of = |frames: &[usize]| {
        let places = frames.iter().map(|frame| frame * channels + channel);
        let with_earlier: Vec<(&[Q], Earlier<'_, Q>)> =
            places.map(|place| (planes[place].as_slice(), earlier_of(planes, channels, place))).collect();
        let step = (shape.len() * frames.len()).div_ceil(FITTED_ON);
        frames::fit(shape, &with_earlier, step)
    };
    let later: Vec<usize> = looked_at.iter().copied().filter(|frame| *frame > 0).collect();
    Ok([of(&[0])?, of(&later)?])
}

/// About what residuals cost, in 1/256 of a bit.
fn cost<K: Key>(residuals: &[K]) -> u64 {
    let of = |block: &[K]| {
        let sum: u128 = block.iter().map(|residual| residual.widened()).sum();
        // (16 + e S) in units of 1/256, so that 16 is 4096.
        let scaled = 4096 + 696 * sum;
        block.len() as u64 * (log2(scaled) - log2(4096))
    };
    residuals.chunks(BLOCK).map(of).sum()
}

/// The logarithm of 1 and more in units of 1/256, linear between powers of two.
fn log2(number: u128) -> u64 {
    let whole = number.ilog2();
    let fraction = (number << 8 >> whole) as u64 & 255;
    u64::from(whole) * 256 + fraction
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cheapest_is_chosen() {
        let shape = Shape::new(32, 32).unwrap();
        let plane = |of: &dyn Fn(usize, usize) -> usize| -> Vec<i16> {
            (0..1024).map(|place| of(place / 32, place % 32) as i16).collect()
        };
        let chosen = |planes: &[Vec<i16>]| cheapest(shape, planes, 1).unwrap();
        assert_eq!(chosen(&[vec![0; 1024], vec![0; 1024]]), Prediction::Fixed(0));
        let ramp = plane(&|y, x| 1000 * (y / 5) + 33 * x);
        assert_ne!(chosen(&[ramp]), Prediction::Fixed(0));
        // Each row is the one above, moved by three: only NE and its like know something.
        let mut noise = 1_u32;
        let numbers: Vec<usize> = (0..4096)
            .map(|_| {
                noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (noise >> 22) as usize
            })
            .collect();
        let moved = plane(&|y, x| numbers[x + y]);
        assert!(matches!(chosen(&[moved]), Prediction::Fitted(_)));
    }

    #[test]
    fn costs_grow_with_residuals() {
        assert_eq!(cost(&[0_u8; 33]), 0);
        assert!(cost(&[1_u8; 16]) < cost(&[2_u8; 16]));
        let large = cost(&[u64::MAX; 16]) / 256 / 16;
        assert!((60..70).contains(&large), "{large}");
    }
}
