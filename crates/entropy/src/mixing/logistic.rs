use crate::binary::Probability;

/// The greatest stretched probability, in units of `1/256`: just below 12.
pub const MOST_STRETCHED: i32 = 3071;

const SIZE: usize = MOST_STRETCHED as usize + 1;

/// Probabilities below this are stretched one by one, others in steps of 16.
const FINE: usize = 2048;

/// `65536 / (1 + e^(-x/256))` for `x` of 0 and more, rounded.
const SQUASHED: [u16; SIZE] = {
    // e^(-1/256) by its series, with 63 binary places.
    let mut factor = 0_i128;
    let mut term = 1_i128 << 100;
    let mut n = 1;
    while term != 0 {
        factor += term;
        term /= -256 * n;
        n += 1;
    }
    let factor = (factor >> 37) as u128;
    let one = 1_u128 << 63;
    let mut squashed = [0; SIZE];
    let mut power = one;
    let mut x = 0;
    while x < SIZE {
        let p = ((one << 17) / (one + power) + 1) >> 1;
        squashed[x] = if p > 65_535 { 65_535 } else { p as u16 };
        power = (power * factor) >> 63;
        x += 1;
    }
    squashed
};

const fn squash_parts(x: i32) -> i32 {
    if x >= 0 { SQUASHED[x as usize] as i32 } else { 65_536 - SQUASHED[-x as usize] as i32 }
}

/// The greatest `x` with `squash(x) <= p`, for `p` from 0 to one half in steps of `step`.
const fn stretched<const N: usize>(step: usize) -> [i16; N] {
    let mut table = [0; N];
    let mut x = -MOST_STRETCHED;
    let mut place = 0;
    while place < N {
        while x < MOST_STRETCHED && squash_parts(x + 1) <= (place * step) as i32 {
            x += 1;
        }
        table[place] = x as i16;
        place += 1;
    }
    table
}

static STRETCHED_FINE: [i16; FINE] = stretched(1);
static STRETCHED_COARSE: [i16; FINE + 1] = stretched(16);

/// The probability `1 / (1 + e^-x)` of a stretched value in units of `1/256`, which is cut to the table's ends.
#[inline]
pub fn squash(x: i32) -> Probability {
    Probability::clamped(squash_parts(x.clamp(-MOST_STRETCHED, MOST_STRETCHED)))
}

/// `ln(p / (1 - p))` in units of `1/256`, to within 2 units; `stretch(1 - p) = -stretch(p)`.
#[inline]
pub fn stretch(p: Probability) -> i32 {
    let parts = usize::from(p.parts());
    let lower = parts.min(65_536 - parts);
    let x = i32::from(if lower < FINE { STRETCHED_FINE[lower] } else { STRETCHED_COARSE[(lower + 8) / 16] });
    if parts == lower { x } else { -x }
}

/// The same by the definition: the greatest value whose [`squash`] is not above, by search.
pub fn stretch_by_definition(p: Probability) -> i32 {
    let lower = p.parts().min(p.parts().wrapping_neg());
    let all = -MOST_STRETCHED..=MOST_STRETCHED;
    let x = all.rev().find(|&x| squash(x).parts() <= lower).unwrap_or(-MOST_STRETCHED);
    if p.parts() == lower { x } else { -x }
}
